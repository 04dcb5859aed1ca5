"""Accounts: who is signed in on a browser, signing up, changing and disabling. Passwords arrive as hashes."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from webapp.models.account import ROLE_NAMES, Account, LoginSession
from webapp.models.course import Enrolment
from webapp.repositories import accounts, courses
from webapp.services import audit, clock
from webapp.services.access import Person
from webapp.services.errors import Conflict, NotFound, Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

TOKEN_BYTES = 32
SIGN_IN_LASTS = timedelta(days=30)
"""After this a person signs in again; a guest's browser keeps its progress as long as its cookie."""
MAX_USER_AGENT_CHARACTERS = 200
MIN_USERNAME_CHARACTERS = 2
MAX_USERNAME_CHARACTERS = 64
USERNAME_PUNCTUATION = " .-_'"
MAX_NAME_CHARACTERS = 120


# ---------------------------------------------------------------- who is signed in


def find_signed_in(connection: Connection, token: str) -> Person | None:
    """Who is signed in by that token; None where the sign-in ended or the account is disabled."""
    rows = accounts.list_signed_in_rows(connection, token, clock.now() - SIGN_IN_LASTS)
    if not rows:
        return None
    first = rows[0]
    return Person(
        id=first.id,
        username=first.username,
        email=first.email,
        display_name=first.display_name,
        is_guest=first.is_guest,
        role_names=frozenset(row.role_name for row in rows if row.role_name),
        teaches=first.teaches,
        preferences=first.preferences or {},
        login_id=first.login_id,
    )


def start_login(session: Session, account: Account, user_agent: str = "") -> LoginSession:
    """A new sign-in of the account; its `token` goes into the signed cookie."""
    now = clock.now()
    account.last_seen_at = now
    return accounts.add_login(
        session,
        LoginSession(
            token=secrets.token_urlsafe(TOKEN_BYTES),
            account_id=account.id,
            created_at=now,
            user_agent=user_agent[:MAX_USER_AGENT_CHARACTERS],
        ),
    )


def start_guest(session: Session, user_agent: str = "") -> tuple[Person, str]:
    """An account for a browser that begins to answer, and the token that signs it in there."""
    account = accounts.add_account(session, _new_account(is_guest=True))
    login = start_login(session, account, user_agent)
    return Person(id=account.id, is_guest=True, login_id=login.id), login.token


def end_login(session: Session, login_id: int) -> None:
    """Sign out of one browser."""
    accounts.end_logins(session, clock.now(), login_id=login_id)


def end_logins(session: Session, account_id: int, *, but: int | None = None) -> None:
    """Sign out of every browser, except the one of the sign-in `but`."""
    accounts.end_logins(session, clock.now(), account_id=account_id, but=but)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signing in compares with. Only for identity.py, which owns passwords."""

    account_id: int
    password_hash: str | None
    uniquifier: str


def find_credentials(session: Session, name: str) -> Credentials | None:
    """The credentials of the account that may sign in under this name or e-mail address."""
    found = find_account(session, name)
    if found is None or not found.active or found.is_guest:
        return None
    return Credentials(found.id, found.password, found.fs_uniquifier)


def confirm_credentials(session: Session, credentials: Credentials, stronger_hash: str | None) -> Account:
    """The account to sign in, if its password is still the one that was verified. Raises Refused."""
    account = accounts.get_account(session, credentials.account_id)
    if account is None or not account.active or account.password != credentials.password_hash:
        raise Refused("password", "The password was changed just now. Sign in with the new one.")
    if stronger_hash is not None:
        account.password = stronger_hash
    return account


def find_password_hash(session: Session, account_id: int) -> str | None:
    """The hash of an account's password; None where it has none."""
    return get_account(session, account_id).password


# ---------------------------------------------------------------- names


def normal_name(text: str) -> str:
    """A username or e-mail address in the form that is stored and compared."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def find_account(session: Session, name: str) -> Account | None:
    """The account under this name or e-mail address, in whatever spelling."""
    plain = normal_name(name)
    if not plain or not plain.isprintable():  # nobody has such a name, and PostgreSQL refuses to look for NUL
        return None
    if "@" in plain:
        return accounts.get_account_by_name(session, email=plain)
    return accounts.get_account_by_name(session, username=plain)


def check_username(text: str) -> str:
    """The username as it will be stored. Raises Refused where it will not do."""
    name = normal_name(text)
    if not MIN_USERNAME_CHARACTERS <= len(name) <= MAX_USERNAME_CHARACTERS:
        raise Refused(
            "username", f"Choose a name of {MIN_USERNAME_CHARACTERS} to {MAX_USERNAME_CHARACTERS} characters."
        )
    if not all(unicodedata.category(letter)[0] in "LMN" or letter in USERNAME_PUNCTUATION for letter in name):
        raise Refused("username", "A name is made of letters, digits, spaces and . - _ '")
    return name


# ---------------------------------------------------------------- signing up


def sign_up(
    session: Session,
    *,
    username: str | None = None,
    email: str | None = None,
    display_name: str = "",
    password_hash: str | None = None,
    role: str = "learner",
    guest_id: int | None = None,
) -> Account:
    """A new account; a guest's own row becomes it, so that all progress stays. Raises Refused."""
    account = accounts.get_account(session, guest_id) if guest_id is not None else None
    if account is None or not account.is_guest:
        account = _new_account(is_guest=False)
    _set_names(session, account, username=username or "", email=email or "", display_name=display_name)
    account.is_guest = False
    account.password = password_hash
    account.roles = accounts.list_roles(session, [role])
    _keep(session, account)
    if role == "instructor":
        teach_open_course(session, account)
    audit.record("account.create", f"account:{account.id}", {"role": role}, account_id=account.id)
    return account


def teach_open_course(session: Session, account: Account) -> None:
    """Make the account an instructor of the course of public modules."""
    teach_course(session, account, courses.get_open_course(session).id)


def teach_course(session: Session, account: Account, course_id: int) -> None:
    """Make the account an instructor of the course, whether or not it was in it before."""
    enrolment = courses.get_enrolment(session, account.id, course_id)
    if enrolment is None:
        courses.add_enrolment(
            session,
            Enrolment(account_id=account.id, course_id=course_id, role="instructor", created_at=clock.now()),
        )
    else:
        enrolment.role = "instructor"


# ---------------------------------------------------------------- changing


def change_names(
    session: Session, account_id: int, *, display_name: str, username: str, email: str
) -> Account:
    """Change how a person is called and what they sign in with. Raises Refused."""
    account = get_account(session, account_id)
    _set_names(session, account, username=username, email=email, display_name=display_name)
    _keep(session, account)
    audit.record("account.rename", f"account:{account_id}")
    return account


def change_preferences(session: Session, account_id: int, preferences: dict[str, str]) -> None:
    """Keep how a person likes to read."""
    get_account(session, account_id).preferences = preferences


def change_password(session: Session, account_id: int, password_hash: str) -> Account:
    """Set a new password; every sign-in of the account ends."""
    account = get_account(session, account_id)
    account.password = password_hash
    end_logins(session, account_id)
    audit.record("account.password", f"account:{account_id}")
    return account


def set_role(session: Session, account_id: int, role: str) -> None:
    """Give an account this site role and no other. Raises Conflict where no administrator would be left."""
    if role not in ROLE_NAMES:
        raise Refused("role", "Choose one of the roles.")
    account = get_account(session, account_id)
    before = sorted(held.name for held in account.roles)
    if role != "administrator":
        keep_an_administrator(session, account)
    account.roles = accounts.list_roles(session, [role])
    if role == "instructor":
        teach_open_course(session, account)
    if role == "learner":
        courses.stop_teaching(session, account_id)
    audit.record("account.role", f"account:{account_id}", {"from": before, "to": role})


def raise_role(session: Session, account: Account, role: str, course_id: int | None) -> None:
    """Add to what an account may do, as a link promised; nothing it may do already is taken away."""
    held = {held.name for held in account.roles}
    if "administrator" not in held and role not in held:
        account.roles = accounts.list_roles(session, [role])
    if course_id is not None:
        teach_course(session, account, course_id)
    session.flush()
    audit.record(
        "account.role", f"account:{account.id}", {"from": sorted(held), "to": role}, account_id=account.id
    )


def disable(session: Session, account_id: int) -> None:
    """Keep an account from signing in, at once and everywhere. Its work stays."""
    account = get_account(session, account_id)
    keep_an_administrator(session, account)
    account.active = False
    end_logins(session, account_id)
    audit.record("account.disable", f"account:{account_id}")


def enable(session: Session, account_id: int) -> None:
    """Let a disabled account sign in again."""
    account = get_account(session, account_id)
    if account.erased_at is not None:
        raise Conflict("The data of this account were deleted; there is nobody to let in.")
    account.active = True
    audit.record("account.enable", f"account:{account_id}")


def keep_an_administrator(session: Session, account: Account) -> None:
    """Raises Conflict where this account is the only one that can administer the site."""
    is_one = account.active and any(role.name == "administrator" for role in account.roles)
    if is_one and accounts.count_active_administrators(session) == 1:
        raise Conflict("This is the only administrator. Make somebody else administrator first.")


def get_account(session: Session, account_id: int) -> Account:
    """That account. Raises NotFound."""
    account = accounts.get_account(session, account_id)
    if account is None:
        raise NotFound
    return account


def _set_names(session: Session, account: Account, *, username: str, email: str, display_name: str) -> None:
    if not username.strip() and not email.strip():
        raise Refused("username", "Give a name or an e-mail address to sign in with.")
    if email.strip() and "@" not in email:
        raise Refused("email", "An e-mail address has an @ in it.")  # without it, it is looked up as a name
    names = {
        "username": check_username(username) if username.strip() else None,
        "email": normal_name(email) or None,
    }
    taken = accounts.find_taken_name(session, names, account.id)
    if taken:
        raise _taken(taken)
    account.username, account.email = names["username"], names["email"]
    account.display_name = _clean(display_name)


def _keep(session: Session, account: Account) -> None:
    """Write an account; somebody may have taken its name since we looked. Raises Refused."""
    taken = accounts.try_add_account(session, account)
    if taken:
        raise _taken(taken)


def _taken(field: str) -> Refused:
    if field == "username":
        return Refused("username", "This name is taken. Choose another one.")
    return Refused("email", "This address cannot be used. Give another one, or none.")


def _new_account(*, is_guest: bool) -> Account:
    return Account(
        is_guest=is_guest,
        active=True,
        display_name="",
        fs_uniquifier=secrets.token_hex(TOKEN_BYTES),
        preferences={},
        created_at=clock.now(),
    )


def _clean(name: str) -> str:
    visible = "".join(letter for letter in name if unicodedata.category(letter) != "Cc" or letter.isspace())
    return " ".join(visible.split())[:MAX_NAME_CHARACTERS]
