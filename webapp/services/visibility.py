"""What a learner may see of an attempt, and when: five things at four moments.

The moments follow each other: while answering (a question that was checked), just after handing in, later,
and once the quiz is closed for this learner. Nothing of a finished attempt shows before it is released.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.models.quiz import AFTER_CLOSE, ALWAYS, DURING, JUST_AFTER, LATER
from webapp.repositories.attempt_rows import AttemptRow

JUST_AFTER_FOR = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be seen now."""

    response: bool = True
    correctness: bool = True
    points: bool = True
    explanation: bool = True
    key: bool = True

    @property
    def is_everything(self) -> bool:
        """Whether nothing is held back."""
        return all((self.response, self.correctness, self.points, self.explanation, self.key))

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to see yet."""
        return not any((self.response, self.correctness, self.points, self.explanation, self.key))


EVERYTHING = Shown()
NOTHING = Shown(response=False, correctness=False, points=False, explanation=False, key=False)


def moment(attempt: AttemptRow, now: datetime) -> int:
    """Which of the four moments it is, as the bit of the `show_*` columns."""
    if attempt.state == "open":
        return DURING
    if attempt.closes_at is not None and attempt.closes_at <= now:
        return AFTER_CLOSE
    if attempt.submitted_at is not None and now < attempt.submitted_at + JUST_AFTER_FOR:
        return JUST_AFTER
    return LATER


def shown(attempt: AttemptRow, now: datetime) -> Shown:
    """What of an attempt may be seen at this time."""
    settings = (
        attempt.show_response,
        attempt.show_correctness,
        attempt.show_points,
        attempt.show_explanation,
        attempt.show_key,
    )
    if attempt.state not in {"open", "released"}:
        return NOTHING
    if all(setting == ALWAYS for setting in settings):
        return EVERYTHING
    bit = moment(attempt, now)
    return Shown(*(bool(setting & bit) for setting in settings))
