"""What a learner may see of an attempt, and when: five things at four moments.

The moments follow each other: while answering (a question that was checked), just after handing in, later,
and once the quiz is closed for this learner. Nothing of a finished attempt shows before it is released.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from webapp.models.quiz import AFTER_CLOSE, ALWAYS, DURING, JUST_AFTER, LATER

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
    def tells_scores(self) -> bool:
        """Whether a question's own points may be seen: they tell whether it was right."""
        return self.points and self.correctness

    @property
    def evidence(self) -> bool:
        """Whether the sentence that proves the answer may be seen: it explains, and tells the key."""
        return self.explanation and self.correctness and self.key

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to see yet."""
        return not any((self.response, self.correctness, self.points, self.explanation, self.key))


EVERYTHING = Shown()
NOTHING = Shown(response=False, correctness=False, points=False, explanation=False, key=False)


class _Shows(Protocol):
    """An attempt, and when its quiz shows what: `AttemptRow`, or a row of one's own data."""

    @property
    def state(self) -> str: ...
    @property
    def submitted_at(self) -> datetime | None: ...
    @property
    def closes_at(self) -> datetime | None: ...
    @property
    def show_response(self) -> int: ...
    @property
    def show_correctness(self) -> int: ...
    @property
    def show_points(self) -> int: ...
    @property
    def show_explanation(self) -> int: ...
    @property
    def show_key(self) -> int: ...


def moment(attempt: _Shows, now: datetime) -> int:
    """Which of the four moments it is, as the bit of the `show_*` columns."""
    if attempt.state == "open":
        return DURING
    return moment_after(attempt.submitted_at, attempt.closes_at, now)


def moment_after(handed_in_at: datetime | None, closes_at: datetime | None, now: datetime) -> int:
    """Which of the three moments after handing in it is."""
    if closes_at is not None and closes_at <= now:
        return AFTER_CLOSE
    if handed_in_at is not None and now < handed_in_at + JUST_AFTER_FOR:
        return JUST_AFTER
    return LATER


def shown(attempt: _Shows, now: datetime) -> Shown:
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
