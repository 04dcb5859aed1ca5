"""The item bank: items and their frozen versions, added, found, listed, counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from webapp.models.item import Item, ItemVersion


def add_item(session: Session, item: Item, version: ItemVersion) -> Item:
    """Add an item with its first wording."""
    session.add(item)
    session.flush()
    add_item_version(session, item, version)
    return item


def add_item_version(session: Session, item: Item, version: ItemVersion) -> ItemVersion:
    """Add a wording of the item and make it the current one."""
    newest = session.scalar(select(func.max(ItemVersion.number)).where(ItemVersion.item_id == item.id))
    version.item_id = item.id
    version.number = (newest or 0) + 1
    session.add(version)
    session.flush()
    item.current_version_id = version.id
    item.current_version = version
    session.flush()
    return version


def get_item(session: Session, item_id: int) -> Item | None:
    """The item of that id with its current version."""
    return session.scalar(select(Item).where(Item.id == item_id).options(joinedload(Item.current_version)))


def get_item_to_change(session: Session, item_id: int) -> Item | None:
    """The item of that id as it is now; nobody else changes it until the transaction ends."""
    _lock(session, Item.id == item_id)
    query = select(Item).where(Item.id == item_id).options(joinedload(Item.current_version))
    return session.scalar(query.execution_options(populate_existing=True))


def list_items_to_change(session: Session, module_id: int) -> Sequence[Item]:
    """All items of the module as they are now; nobody else changes one until the transaction ends."""
    _lock(session, Item.module_id == module_id)
    return list_items(session, module_id)


def _lock(session: Session, which: ColumnElement[bool]) -> None:
    """Wait for whoever changes these items (SQLite has one writer anyway).

    A statement of its own, to be followed by a fresh reading: PostgreSQL joins a row that it had to wait for
    to what belonged to the row before.
    """
    if session.get_bind().dialect.name != "sqlite":
        rows = select(Item.id).where(which).order_by(Item.id).with_for_update(key_share=True)
        session.execute(rows).all()


def list_wordings(session: Session, item_id: int) -> Sequence[dict[str, Any]]:
    """The content of every wording that an item ever had, oldest first."""
    query = select(ItemVersion.content).where(ItemVersion.item_id == item_id).order_by(ItemVersion.number)
    return session.scalars(query).all()


def list_items(
    session: Session,
    module_id: int,
    *,
    section_id: int | None = None,
    states: Iterable[str] | None = None,
) -> Sequence[Item]:
    """The module's items with their current versions, in order, narrowed to a section or states."""
    query = (
        select(Item)
        .where(Item.module_id == module_id)
        .options(joinedload(Item.current_version))
        .order_by(Item.section_id, Item.position, Item.id)
    )
    if section_id is not None:
        query = query.where(Item.section_id == section_id)
    if states is not None:
        query = query.where(Item.state.in_(list(states)))
    return session.scalars(query).all()


def list_generated_ids(session: Session, module_id: int) -> Sequence[tuple[int, str]]:
    """(section id, the generator's id) of everything that was ever proposed in the module."""
    rows = session.execute(
        select(Item.section_id, Item.generated_id).where(
            Item.module_id == module_id, Item.generated_id.is_not(None)
        )
    )
    return [(section_id, generated_id) for section_id, generated_id in rows if generated_id is not None]


def count_by_section_and_state(session: Session, module_id: int) -> Mapping[int, Mapping[str, int]]:
    """Section id -> item state -> how many."""
    rows = session.execute(
        select(Item.section_id, Item.state, func.count())
        .where(Item.module_id == module_id)
        .group_by(Item.section_id, Item.state)
    )
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for section_id, state, count in rows:
        counts[section_id][state] = count
    return counts


def last_position(session: Session, section_id: int) -> int:
    """The largest position of the section's items; 0 where there is none."""
    return session.scalar(select(func.max(Item.position)).where(Item.section_id == section_id)) or 0


def largest_seed(session: Session, module_id: int) -> int | None:
    """The largest seed with which items of the module were generated; None where none was."""
    return session.scalar(select(func.max(Item.seed)).where(Item.module_id == module_id))
