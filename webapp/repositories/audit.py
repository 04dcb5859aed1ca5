"""The audit trail: rows are only ever added, and read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models.account import Account
from webapp.models.operation import AuditEntry


def add_entries(session: Session, entries: Iterable[AuditEntry]) -> None:
    """Add entries to the trail."""
    session.add_all(entries)
    session.flush()


def list_existing_accounts(session: Session, account_ids: Collection[int]) -> set[int]:
    """Those of these accounts that there are."""
    return set(session.scalars(select(Account.id).where(Account.id.in_(account_ids))))


def list_entries(session: Session, account_id: int) -> Sequence[AuditEntry]:
    """What one account did, oldest first."""
    query = select(AuditEntry).where(AuditEntry.account_id == account_id).order_by(AuditEntry.id)
    return session.scalars(query).all()
