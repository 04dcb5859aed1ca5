"""Which of several attempts at a quiz makes the score. Pure: attempts in, points out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from webapp.repositories.scores import AttemptRow

Which = Literal["counted", "best", "first", "last"]
WHICH: tuple[Which, ...] = ("counted", "best", "first", "last")
"""counted: as each quiz says."""
AVERAGE = "average"
POINTS_STEP = Decimal("0.00001")
"""As exact as a score is stored (models.base.SCORE_UNITS)."""


@dataclass(frozen=True, slots=True)
class Score:
    """What one learner has at one quiz."""

    points: Decimal
    points_possible: Decimal
    finished_at: datetime | None
    """When the attempt was handed in; of an average the last one."""
    attempt_id: int | None
    """The one attempt that makes it; None: all of them do."""


def rule_of(which: Which, counted: str) -> str:
    """highest, average, first or last: what was asked for, or else what the quiz says."""
    if which == "counted":
        return counted
    return "highest" if which == "best" else which


def score_of(attempts: Sequence[AttemptRow], which: Which) -> Score | None:
    """The score of one learner at one quiz (attempts oldest first); None where none is finished."""
    finished = [attempt for attempt in attempts if attempt.is_finished]
    return score_by(finished, rule_of(which, finished[-1].counted)) if finished else None


def score_by(finished: Sequence[AttemptRow], rule: str) -> Score | None:
    """The score that finished attempts give by one of models.quiz.COUNTED."""
    if not finished:
        return None
    if rule == AVERAGE:
        return _average(finished)
    attempt = _pick(finished, rule)
    return Score(attempt.points, attempt.points_possible, attempt.submitted_at, attempt.id)


def _pick(finished: Sequence[AttemptRow], rule: str) -> AttemptRow:
    if rule == "first":
        return finished[0]
    if rule == "last":
        return finished[-1]
    return max(finished, key=lambda attempt: (_share(attempt), -attempt.number))


def _average(finished: Sequence[AttemptRow]) -> Score:
    """The mean share of all, as points of what the last one could have earned."""
    last = finished[-1]
    mean = sum((_share(attempt) for attempt in finished), Decimal(0)) / len(finished)
    points = (mean * last.points_possible).quantize(POINTS_STEP)
    ends = [attempt.submitted_at for attempt in finished if attempt.submitted_at is not None]
    return Score(points, last.points_possible, max(ends, default=None), None)


def _share(attempt: AttemptRow) -> Decimal:
    return attempt.points / attempt.points_possible if attempt.points_possible else Decimal(0)
