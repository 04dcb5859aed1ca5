"""Who waits for whom while scores are fixed: other regrades, and learners who are just starting."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.repositories.attempts import item_versions, modules


def take_turn(session: Session, module_id: int) -> None:
    """Let no other regrade or edit of a text run in the module until the end (SQLite has one writer anyway).

    Two that meet the same learners or questions in another order would otherwise wait for each other.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(select(modules.c.id).where(modules.c.id == module_id).with_for_update(key_share=True))


def hold_versions(session: Session, item_id: int, up_to_version: int) -> None:
    """Wait for attempts that are just being started with these wordings; no other starts until the end.

    To be called last: who starts an attempt has the row of their progress first.
    """
    if session.get_bind().dialect.name != "sqlite":
        session.execute(
            select(item_versions.c.id)
            .where(item_versions.c.item_id == item_id, item_versions.c.number <= up_to_version)
            .order_by(item_versions.c.id)
            .with_for_update()
        )
