"""How far a person is in a section: counters kept in the transaction of what they count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from webapp.repositories import attempts, progress, quizzes
from webapp.services import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class SectionScores:
    """What the finished attempts at a section that count add up to."""

    first_points: Decimal | None = None
    best_points: Decimal | None = None
    points_possible: Decimal | None = None
    """What the best attempt could have earned."""
    attempts_finished: int = 0
    finished_at: datetime | None = None
    """When the first of them was handed in."""


def section_scores(finished: Sequence[tuple[Decimal, Decimal, datetime]]) -> SectionScores:
    """The scores of (points, possible, handed in) of attempts in order. The earliest of the best counts."""
    if not finished:
        return SectionScores()
    best = max(finished, key=lambda attempt: attempt[0] / attempt[1] if attempt[1] else Decimal(0))
    return SectionScores(
        first_points=finished[0][0],
        best_points=best[0],
        points_possible=best[1],
        attempts_finished=len(finished),
        finished_at=min(handed_in for _, _, handed_in in finished),
    )


def visit_section(session: Session, account_id: int, module_id: int, section_id: int) -> None:
    """Record that the person is in this section now: it is where they continue."""
    now = clock.now()
    progress.visit(
        session,
        {
            "account_id": account_id,
            "module_id": module_id,
            "section_id": section_id,
            "opened_at": now,
            "last_at": now,
            "last_slot": 0,
            "attempts_finished": 0,
        },
    )


def leave_section(session: Session, account_id: int, module_id: int, section_id: int) -> None:
    """Record that the person read on from this section; one that asks nothing is completed by that."""
    visit_section(session, account_id, module_id, section_id)
    if (
        quizzes.count_items_of_section(session, section_id) == 0
        and progress.get_completed_at(session, account_id, section_id) is None
    ):
        progress.change_progress(session, account_id, section_id, {"completed_at": clock.now()})


def begin_again(session: Session, account_id: int, section_id: int) -> None:
    """Forget at which question the person was: who comes back finds the section as at first."""
    progress.change_progress(session, account_id, section_id, {"last_slot": 0})


def recount_section(session: Session, account_id: int, section_id: int, quiz_id: int) -> SectionScores:
    """Make the counters of one person in one section anew from the attempts that count: the one way to.

    The section is completed by the first finished attempt that counts, and by none where all of them were
    reset. Where none was ever finished it stays as reading on left it.
    """
    progress.lock_progress(session, account_id, section_id)
    scores = section_scores(attempts.list_finished(session, quiz_id, account_id))
    values: dict[str, Decimal | int | datetime | None] = {
        "first_points": scores.first_points,
        "best_points": scores.best_points,
        "points_possible": scores.points_possible,
        "attempts_finished": scores.attempts_finished,
    }
    if scores.attempts_finished or attempts.has_finished(session, quiz_id, account_id):
        values["completed_at"] = scores.finished_at
    progress.change_progress(session, account_id, section_id, values)
    return scores
