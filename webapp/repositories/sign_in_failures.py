"""Failed sign-ins of the last while, kept so that limits hold over all workers."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from webapp.models.account import SignInFailure


class Failures(NamedTuple):
    """How many sign-ins failed, and when the last of them did."""

    number: int
    last_at: datetime | None


def count_failures(
    session: Session, since: datetime, *, identity: str | None = None, address: str | None = None
) -> Failures:
    """The failures since then under that name, from that address, or both."""
    query = select(func.count(), func.max(SignInFailure.failed_at, type_=SignInFailure.failed_at.type)).where(
        SignInFailure.failed_at > since
    )
    if identity is not None:
        query = query.where(SignInFailure.identity == identity)
    if address is not None:
        query = query.where(SignInFailure.address == address)
    return Failures(*session.execute(query).one())


def add_failure(session: Session, failure: SignInFailure) -> None:
    """Keep a failed sign-in."""
    session.add(failure)
    session.flush()


def forget_failures(session: Session, identity: str, address: str) -> None:
    """Forget the failures under that name from that address: its owner has signed in there."""
    session.execute(
        delete(SignInFailure).where(SignInFailure.identity == identity, SignInFailure.address == address)
    )


def forget_failures_before(session: Session, moment: datetime) -> None:
    """Forget failures that no limit counts any more."""
    session.execute(delete(SignInFailure).where(SignInFailure.failed_at < moment))
