"""Texts that are being imported."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models.module import ImportDraft


def get_draft(session: Session, account_id: int, draft_id: int) -> ImportDraft | None:
    """A draft of this person."""
    return session.scalar(
        select(ImportDraft).where(ImportDraft.id == draft_id, ImportDraft.account_id == account_id)
    )


def list_drafts(session: Session, account_id: int) -> Sequence[ImportDraft]:
    """A person's drafts, the latest first."""
    return session.scalars(
        select(ImportDraft)
        .where(ImportDraft.account_id == account_id)
        .order_by(ImportDraft.updated_at.desc(), ImportDraft.id.desc())
    ).all()


def add_draft(session: Session, draft: ImportDraft) -> ImportDraft:
    """Keep a draft; it has an id afterwards."""
    session.add(draft)
    session.flush()
    return draft


def delete_draft(session: Session, draft: ImportDraft) -> None:
    """Forget a draft: it became a module, or was thrown away."""
    session.delete(draft)
    session.flush()
