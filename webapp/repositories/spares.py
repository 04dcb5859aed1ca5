"""Generated items that are kept in hand: added, listed for one kind, thrown away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, delete, or_, select
from sqlalchemy.orm import Session

from webapp.models.item import SpareItem
from webapp.models.module import Section
from webapp.repositories.conflicts import ConflictInsert

spares = cast("Table", SpareItem.__table__)
_ADD = ConflictInsert(spares, lambda statement: statement.on_conflict_do_nothing())
_STANDING = (Section.removed_at.is_(None), Section.current_version_id == SpareItem.section_version_id)


def add_spares(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keep items, in this order; those that are there already stay where they are."""
    statement = _ADD.on(session)
    for row in rows:
        session.execute(statement, dict(row))


def delete_spares(session: Session, section_id: int, version_id: int, used: Collection[str]) -> None:
    """Throw away what a section no longer needs: made of another wording, or in the bank by now."""
    session.execute(
        delete(SpareItem).where(
            SpareItem.section_id == section_id,
            or_(SpareItem.section_version_id != version_id, SpareItem.generated_id.in_(used)),
        )
    )


def delete_spare(session: Session, spare: SpareItem) -> None:
    """Throw one away."""
    session.delete(spare)


def list_spares(session: Session, module_id: int, recipe: str) -> Sequence[tuple[SpareItem, Section]]:
    """A module's spares of one recipe that stand on what their section says now; and that section."""
    query = (
        select(SpareItem, Section)
        .join(Section, Section.id == SpareItem.section_id)
        .where(Section.module_id == module_id, SpareItem.recipe == recipe, *_STANDING)
        .order_by(Section.position, SpareItem.id)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def list_spare_recipes(session: Session, module_id: int) -> set[str]:
    """The recipes of which the module has spares that stand."""
    query = (
        select(SpareItem.recipe)
        .join(Section, Section.id == SpareItem.section_id)
        .where(Section.module_id == module_id, *_STANDING)
        .distinct()
    )
    return set(session.scalars(query))
