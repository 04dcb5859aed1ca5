"""What grading needs of an attempt's history: the answers it was checked with, and the rulings in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.orm import Session

from webapp.models.attempt import SlotCheck
from webapp.repositories.attempts import item_versions, rulings, slots

slot_checks = cast("Table", SlotCheck.__table__)
_graded_by = item_versions.alias("graded_by")


class CheckRow(NamedTuple):
    """One try: the answer that a learner had checked."""

    position: int
    number: int
    response: dict[str, Any]
    confidence: int | None
    checked_at: datetime


class RulingRow(NamedTuple):
    """One ruling in force, as it applies to one slot."""

    position: int
    id: int
    kind: str
    never_lowers: bool
    content: dict[str, Any] | None


_CHECKS = (
    select(
        slot_checks.c.position,
        slot_checks.c.number,
        slot_checks.c.response,
        slot_checks.c.confidence,
        slot_checks.c.checked_at,
    )
    .where(slot_checks.c.attempt_id == bindparam("attempt_id"))
    .order_by(slot_checks.c.position, slot_checks.c.number)
)
_RULINGS = (
    select(slots.c.position, rulings.c.id, rulings.c.kind, rulings.c.never_lowers, _graded_by.c.content)
    .join(item_versions, item_versions.c.id == slots.c.item_version_id)
    .join(
        rulings,
        (rulings.c.item_id == item_versions.c.item_id)
        & (rulings.c.up_to_version >= item_versions.c.number)
        & rulings.c.undone_at.is_(None),
    )
    .outerjoin(_graded_by, _graded_by.c.id == rulings.c.graded_by_id)
    .where(slots.c.attempt_id == bindparam("attempt_id"))
    .order_by(slots.c.position, rulings.c.id)
)


def list_checks(session: Session, attempt_id: int) -> dict[int, list[CheckRow]]:
    """Position -> its tries in order; positions that were never checked are left out."""
    rows: Iterable[Any] = session.execute(_CHECKS, {"attempt_id": attempt_id})
    found: dict[int, list[CheckRow]] = {}
    for row in rows:
        found.setdefault(row.position, []).append(CheckRow._make(row))
    return found


def list_rulings(session: Session, attempt_id: int) -> dict[int, list[RulingRow]]:
    """Position -> the rulings in force about the wording it asked, in the order in which they were made."""
    rows: Iterable[Any] = session.execute(_RULINGS, {"attempt_id": attempt_id})
    found: dict[int, list[RulingRow]] = {}
    for row in rows:
        found.setdefault(row.position, []).append(RulingRow._make(row))
    return found


def add_check(session: Session, attempt_id: int, values: Mapping[str, Any]) -> None:
    """Keep one try for ever."""
    session.execute(insert(slot_checks), {"attempt_id": attempt_id, **values})
