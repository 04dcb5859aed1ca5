"""Accounts: who is signed in on a browser, guests, signing up. Passwords arrive here as hashes."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from webapp.models.account import Account, LoginSession
from webapp.repositories import accounts
from webapp.services import clock
from webapp.services.access import Person

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TOKEN_BYTES = 32
SIGN_IN_LASTS = timedelta(days=30)
"""After this a person signs in again; a guest's browser keeps its progress as long as its cookie."""
MAX_USER_AGENT_CHARACTERS = 200


def find_signed_in(session: Session, token: str) -> Person | None:
    """Who is signed in by that token; None where the sign-in ended or the account is disabled."""
    rows = accounts.list_signed_in_rows(session, token, clock.now() - SIGN_IN_LASTS)
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


def new_uniquifier() -> str:
    """An account's own random name, by which Flask-Security knows it."""
    return secrets.token_hex(TOKEN_BYTES)


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
    account = accounts.add_account(
        session,
        Account(is_guest=True, fs_uniquifier=new_uniquifier(), preferences={}, created_at=clock.now()),
    )
    login = start_login(session, account, user_agent)
    return Person(id=account.id, is_guest=True, login_id=login.id), login.token
