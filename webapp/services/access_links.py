"""Links that work once: for the first administrator, for invited instructors, for a new password.

Only the hash of a link's secret is kept: whoever reads the table cannot use it.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from webapp.models.account import AccessLink, Account
from webapp.repositories import accounts, courses
from webapp.services import audit, clock
from webapp.services.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SECRET_BYTES = 24
FIRST_ADMINISTRATOR = "first_administrator"
INVITATION = "invitation"
RESET = "reset"
LASTS = {FIRST_ADMINISTRATOR: timedelta(days=30), INVITATION: timedelta(days=14), RESET: timedelta(days=3)}


def first_administrator_link(session: Session, base_url: str) -> str | None:
    """The address that makes the first administrator; None as soon as there is one.

    Each call makes a new one and ends those before it: only their hashes are kept, so none can be told again.
    """
    if accounts.count_active_administrators(session):
        return None
    accounts.delete_unused_links(session, FIRST_ADMINISTRATOR)
    link = AccessLink(purpose=FIRST_ADMINISTRATOR, role_name="administrator")
    return _address(base_url, _add(session, link))


def invite_instructor(session: Session, base_url: str, *, by: int | None, note: str = "") -> str:
    """The address that makes whoever opens it an instructor of public modules. Shown once."""
    link = AccessLink(
        purpose=INVITATION,
        role_name="instructor",
        course_id=courses.get_open_course(session).id,
        created_by_id=by,
        note=note.replace("\0", "").strip(),
    )
    secret = _add(session, link)
    audit.record("account.invite", f"access_link:{link.id}", {"role": "instructor"})
    return _address(base_url, secret)


def withdraw_invitation(session: Session, link_id: int) -> None:
    """End an invitation that nobody has used. Raises NotFound where there is none."""
    if not accounts.delete_unused_links(session, INVITATION, link_id=link_id):
        raise NotFound
    audit.record("account.uninvite", f"access_link:{link_id}")


def reset_password_link(session: Session, base_url: str, account: Account, *, by: int | None = None) -> str:
    """The address under which this account's password is set anew; earlier ones end. Shown once."""
    accounts.delete_unused_links(session, RESET, account_id=account.id)
    link = AccessLink(purpose=RESET, account_id=account.id, created_by_id=by)
    secret = _add(session, link)
    audit.record("account.reset_link", f"account:{account.id}")
    return _address(base_url, secret)


def end_resets(session: Session, account_id: int) -> None:
    """End links for a new password of this account: its owner has set one."""
    accounts.delete_unused_links(session, RESET, account_id=account_id)


def find_link(session: Session, secret: str) -> AccessLink:
    """The link, if it can still be used. Raises NotFound for unknown, used and old ones alike."""
    link = accounts.get_link(session, _hash(secret))
    if link is None or link.used_at is not None or link.expires_at <= clock.now():
        raise NotFound
    if link.purpose == FIRST_ADMINISTRATOR and accounts.count_active_administrators(session):
        raise NotFound  # somebody was made administrator by other means
    if link.purpose == RESET and not _is_active(session, link):
        raise NotFound
    return link


def use_link(session: Session, link: AccessLink) -> None:
    """Take note that a link has done what it was for."""
    link.used_at = clock.now()
    session.flush()
    audit.record(f"link.{link.purpose}", f"access_link:{link.id}")


def _is_active(session: Session, link: AccessLink) -> bool:
    account = accounts.get_account(session, link.account_id or 0)
    return account is not None and account.active


def _add(session: Session, link: AccessLink) -> str:
    secret = secrets.token_urlsafe(SECRET_BYTES)
    now = clock.now()
    link.secret_hash, link.created_at, link.expires_at = _hash(secret), now, now + LASTS[link.purpose]
    link.note = link.note or ""
    accounts.add_link(session, link)
    return secret


def _hash(secret: str) -> str:
    # The secret is 24 random bytes: there is nothing to guess, so a fast hash will do.
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def _address(base_url: str, secret: str) -> str:
    return f"{base_url.rstrip('/')}/link/{secret}"
