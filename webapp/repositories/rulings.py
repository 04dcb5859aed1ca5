"""Rulings about items that were asked already, and the attempts that they concern."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models.account import Account
from webapp.models.item import ItemVersion
from webapp.models.quiz import Ruling
from webapp.repositories.attempts import attempts, item_versions, slots

AT_ONCE = 500
"""Ids in one query."""


class ConcernedRow(NamedTuple):
    """One attempt that asked an item, as far as a regrade has to know it."""

    attempt_id: int
    account_id: int
    state: str
    points: Decimal
    points_possible: Decimal
    is_counted: bool
    """Whether it has a score that counts: finished, not reset, no preview."""


class AskedRow(NamedTuple):
    """One wording of an item, and in how many attempts it was asked."""

    version_id: int
    number: int
    content: dict[str, Any]
    attempts: int


def list_asked_versions(session: Session, item_id: int) -> list[AskedRow]:
    """Every wording of the item that attempts asked, the newest first."""
    rows: Iterable[Any] = session.execute(
        select(item_versions.c.id, item_versions.c.number, item_versions.c.content, func.count())
        .join(slots, slots.c.item_version_id == item_versions.c.id)
        .where(item_versions.c.item_id == item_id)
        .group_by(item_versions.c.id)
        .order_by(item_versions.c.number.desc())
    ).all()
    return [AskedRow._make(row) for row in rows]


def list_concerned(session: Session, item_id: int, up_to_version: int) -> list[ConcernedRow]:
    """The attempts that asked a version of the item up to that one, in order."""
    is_counted = (
        attempts.c.state.in_(("graded", "released"))
        & attempts.c.reset_at.is_(None)
        & attempts.c.is_preview.is_(False)
    )
    rows: Iterable[Any] = session.execute(
        select(
            attempts.c.id,
            attempts.c.account_id,
            attempts.c.state,
            attempts.c.points,
            attempts.c.points_possible,
            is_counted,
        )
        .join(slots, slots.c.attempt_id == attempts.c.id)
        .join(item_versions, item_versions.c.id == slots.c.item_version_id)
        .where(item_versions.c.item_id == item_id, item_versions.c.number <= up_to_version)
        .order_by(attempts.c.id)
    )
    return [ConcernedRow._make(row)._replace(is_counted=bool(row[-1])) for row in rows]


def list_typed_answers(session: Session, item_id: int) -> list[str]:
    """Every typed answer to an item that earned nothing, as it was typed."""
    rows: Iterable[Any] = session.execute(
        select(slots.c.response)
        .join(item_versions, item_versions.c.id == slots.c.item_version_id)
        .where(item_versions.c.item_id == item_id, slots.c.status == "incorrect")
        .order_by(slots.c.id)
    )
    return [str(row[0].get("text", "")) for row in rows if row[0]]


def add_ruling(session: Session, ruling: Ruling) -> Ruling:
    """Add a ruling."""
    session.add(ruling)
    session.flush()
    return ruling


def get_ruling(session: Session, ruling_id: int) -> Ruling | None:
    """One ruling."""
    return session.get(Ruling, ruling_id)


def get_grading_content(session: Session, item_id: int, number: int) -> dict[str, Any] | None:
    """The wording by which answers to that version are graded since a ruling; None: as they were asked."""
    found: dict[str, Any] | None = session.scalar(
        select(ItemVersion.content)
        .join(Ruling, Ruling.graded_by_id == ItemVersion.id)
        .where(Ruling.item_id == item_id, Ruling.up_to_version >= number, Ruling.undone_at.is_(None))
        .order_by(Ruling.id.desc())
        .limit(1)
    )
    return found


def list_rulings(session: Session, item_id: int) -> Sequence[Ruling]:
    """Every ruling about an item, undone ones too, the newest first."""
    return session.scalars(select(Ruling).where(Ruling.item_id == item_id).order_by(Ruling.id.desc())).all()


def list_names(session: Session, account_ids: Iterable[int | None]) -> dict[int, Account]:
    """Account id -> account."""
    wanted = sorted({one for one in account_ids if one is not None})
    found: dict[int, Account] = {}
    for part in _parts(wanted):
        found |= {one.id: one for one in session.scalars(select(Account).where(Account.id.in_(part)))}
    return found


def list_learners(session: Session, attempt_ids: Iterable[int]) -> dict[int, Account]:
    """Attempt id -> whose it is."""
    found: dict[int, Account] = {}
    for part in _parts(sorted(set(attempt_ids))):
        rows = session.execute(
            select(attempts.c.id, Account)
            .join_from(attempts, Account, Account.id == attempts.c.account_id)
            .where(attempts.c.id.in_(part))
        )
        found |= {row[0]: row[1] for row in rows}
    return found


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
