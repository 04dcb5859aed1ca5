"""Gates: sections that open only when the check of an earlier one is passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from webapp.repositories import quizzes, reading
from webapp.services.errors import Conflict

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.repositories.reading import PlaceRow, SectionRow

WHOLE = 100


def is_passed(row: PlaceRow | SectionRow) -> bool:
    """Whether the person's best attempt at that section's check reaches the share that is asked for."""
    if row.gate_percent is None:
        return True
    if row.best_points is None or not row.points_possible:
        return False
    return row.best_points * WHOLE >= row.gate_percent * row.points_possible


def closed_gate(rows: Sequence[PlaceRow | SectionRow], counts: Mapping[int, int]) -> int | None:
    """The place of the first of these sections whose gate is closed to the person; None: the way is open.

    A gate without a question could never be passed, and is none. `counts`: section id -> its questions.
    """
    return next(
        (place for place, row in enumerate(rows, start=1) if not is_passed(row) and counts.get(row.id)), None
    )


def locked_by(session: Session, module_id: int, rows: Sequence[PlaceRow], number: int) -> int | None:
    """The place of the first earlier section whose gate is closed to the person; None: the way is open."""
    earlier = rows[: number - 1]
    if all(is_passed(row) for row in earlier):
        return None
    return closed_gate(earlier, quizzes.count_items_by_section(session, module_id))


def require_all_open(session: Session, module_id: int, account_id: int) -> None:
    """Raise Conflict where a gate of the module is closed: its quiz asks about what lies behind."""
    rows = reading.list_places(session, module_id, account_id, 0)
    gate = locked_by(session, module_id, rows, len(rows))
    if gate is not None:
        raise Conflict(f"This quiz opens when the check of section {gate} is passed.")


def require_open(session: Session, module_id: int, rows: Sequence[PlaceRow], number: int) -> None:
    """Raise Conflict where the section at that place is behind a closed gate."""
    gate = locked_by(session, module_id, rows, number)
    if gate is not None:
        raise Conflict(f"This section opens when the check of section {gate} is passed.")
