"""Accounts, their roles, sign-ins and one-time links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.models.account import AccessLink, Account, LoginSession, Role, account_role
from webapp.models.course import Enrolment

# Built once: every request of somebody who is signed in runs it, on the connection, without mapped objects.
# An account has at most a few roles, each a row of its own here.
_SIGNED_IN = (
    select(
        Account.id,
        Account.username,
        Account.email,
        Account.display_name,
        Account.is_guest,
        Account.preferences,
        LoginSession.id.label("login_id"),
        exists().where(Enrolment.account_id == Account.id, Enrolment.role == "instructor").label("teaches"),
        Role.name.label("role_name"),
    )
    .select_from(LoginSession)
    .join(Account, Account.id == LoginSession.account_id)
    .outerjoin(account_role, account_role.c.account_id == Account.id)
    .outerjoin(Role, Role.id == account_role.c.role_id)
    .where(
        LoginSession.token == bindparam("token"),
        LoginSession.ended_at.is_(None),
        Account.active,
        or_(
            Account.is_guest,
            LoginSession.created_at > bindparam("oldest"),
        ),
    )
)


def list_signed_in_rows(connection: Connection, token: str, oldest: datetime) -> Sequence[Any]:
    """The account behind a live sign-in, one row per role; empty where the token opens nothing (any more).

    On a bare connection: every request asks this, and a session around it costs half as much again.
    """
    return connection.execute(_SIGNED_IN, {"token": token, "oldest": oldest}).all()


def get_account(session: Session, account_id: int) -> Account | None:
    """The account of that id, guests and erased ones included."""
    return session.get(Account, account_id)


def get_account_by_name(
    session: Session, *, username: str | None = None, email: str | None = None
) -> Account | None:
    """The account with that username or that e-mail address, both already in the form that is stored."""
    condition = Account.username == username if username is not None else Account.email == email
    return session.scalar(select(Account).where(condition))


def add_account(session: Session, account: Account) -> Account:
    """Keep a new account; it has its id afterwards."""
    session.add(account)
    session.flush()
    return account


def find_taken_name(session: Session, names: Mapping[str, str | None], account_id: int | None) -> str | None:
    """Which of these names (`username`, `email`) another account has; None: they are free."""
    for column, value in names.items():
        query = select(Account.id).where(
            getattr(Account, column) == value, Account.id.is_distinct_from(account_id)
        )
        if value is not None and session.scalar(query) is not None:
            return column
    return None


def try_add_account(session: Session, account: Account) -> str | None:
    """Keep an account; None when that worked, else which of its names is taken, all rolled back."""
    names = {"username": account.username, "email": account.email}
    own_id = account.id
    try:
        add_account(session, account)
    except IntegrityError:
        session.rollback()
        taken = find_taken_name(session, names, own_id)
        if taken is None:
            raise
        return taken
    return None


def add_login(session: Session, login: LoginSession) -> LoginSession:
    """Keep a new sign-in."""
    session.add(login)
    session.flush()
    return login


def end_logins(
    session: Session,
    at: datetime,
    *,
    account_id: int | None = None,
    login_id: int | None = None,
    but: int | None = None,
) -> None:
    """End one sign-in, or all of an account (except the one `but`)."""
    statement = update(LoginSession).where(LoginSession.ended_at.is_(None)).values(ended_at=at)
    if login_id is not None:
        statement = statement.where(LoginSession.id == login_id)
    if account_id is not None:
        statement = statement.where(LoginSession.account_id == account_id)
    if but is not None:
        statement = statement.where(LoginSession.id != but)
    session.execute(statement)


def list_roles(session: Session, names: Iterable[str]) -> list[Role]:
    """The roles of these names."""
    return list(session.scalars(select(Role).where(Role.name.in_(list(names)))))


def count_active_administrators(session: Session) -> int:
    """How many accounts could administer the site now. Locks them against a second such question."""
    locked = session.scalars(select(Role.id).where(Role.name == "administrator").with_for_update()).all()
    return (
        session.scalar(
            select(func.count())
            .select_from(Account)
            .join(account_role, account_role.c.account_id == Account.id)
            .where(account_role.c.role_id.in_(locked), Account.active)
        )
        or 0
    )


def _matching(search: str) -> ColumnElement[bool]:
    text = f"%{search.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"
    names = (Account.username, Account.email, Account.display_name)
    return and_(Account.is_guest.is_(False), or_(*(name.ilike(text, escape="!") for name in names)))


def count_accounts(session: Session, search: str = "") -> int:
    """How many people's accounts have this text in one of their names."""
    return session.scalar(select(func.count()).select_from(Account).where(_matching(search))) or 0


def list_accounts(session: Session, search: str, limit: int, offset: int) -> list[Account]:
    """People's accounts that have this text in one of their names, by name."""
    query = (
        select(Account)
        .where(_matching(search))
        .order_by(func.coalesce(Account.username, Account.email), Account.id)
        .limit(limit)
        .offset(offset)
    )
    return list(session.scalars(query))


def list_unused_links(session: Session, purpose: str) -> list[AccessLink]:
    """Links of this purpose that nobody has used, newest first."""
    query = select(AccessLink).where(AccessLink.purpose == purpose, AccessLink.used_at.is_(None))
    return list(session.scalars(query.order_by(AccessLink.id.desc())))


def add_link(session: Session, link: AccessLink) -> AccessLink:
    """Keep a new one-time link."""
    session.add(link)
    session.flush()
    return link


def delete_unused_links(
    session: Session, purpose: str, *, account_id: int | None = None, link_id: int | None = None
) -> int:
    """End links of this purpose that nobody has used, for one account or only one; how many there were."""
    statement = delete(AccessLink).where(AccessLink.purpose == purpose, AccessLink.used_at.is_(None))
    if account_id is not None:
        statement = statement.where(AccessLink.account_id == account_id)
    if link_id is not None:
        statement = statement.where(AccessLink.id == link_id)
    return len(session.scalars(statement.returning(AccessLink.id)).all())


def get_link(session: Session, secret_hash: str) -> AccessLink | None:
    """The link with that hash, used or not."""
    return session.scalar(select(AccessLink).where(AccessLink.secret_hash == secret_hash).with_for_update())
