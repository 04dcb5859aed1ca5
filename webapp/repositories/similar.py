"""Similar questions: which items could be asked, and adding one to an attempt once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from webapp.repositories.attempts import item_versions, items, sections, slots
from webapp.repositories.conflicts import ConflictInsert


class SimilarRow(NamedTuple):
    """An accepted item in the wording it has now, with what makes it similar to another."""

    item_id: int
    item_version_id: int
    section_id: int
    section_version_id: int
    recipe: str | None
    level: str | None
    content: dict[str, Any]


_CANDIDATES = (
    select(
        items.c.id,
        item_versions.c.id,
        items.c.section_id,
        item_versions.c.section_version_id,
        items.c.recipe,
        items.c.level,
        item_versions.c.content,
    )
    .join(item_versions, item_versions.c.id == items.c.current_version_id)
    .join(sections, sections.c.id == items.c.section_id)
    .where(
        items.c.state == "accepted",
        items.c.section_id.in_(bindparam("section_ids", expanding=True)),
        sections.c.removed_at.is_(None),
    )
    .order_by(items.c.id)
)
_ADD = ConflictInsert(slots, lambda statement: statement.on_conflict_do_nothing())


def list_candidates(session: Session, section_ids: Collection[int]) -> Sequence[SimilarRow]:
    """The accepted items of these sections, in one query."""
    rows: Iterable[Any] = session.execute(_CANDIDATES, {"section_ids": sorted(section_ids)})
    return [SimilarRow._make(row) for row in rows]


def add_slot(session: Session, values: Mapping[str, Any]) -> None:
    """Add a similar question to an attempt; the database keeps it to one for each question missed."""
    session.execute(_ADD.on(session), dict(values))
