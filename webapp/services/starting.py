"""Whether somebody may start an attempt now: window, code, attempts left, pause between two of them."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from webapp.services.errors import Conflict, Refused

if TYPE_CHECKING:
    from webapp.repositories.attempt_rows import EarlierRow
    from webapp.repositories.quizzes import QuizRow
    from webapp.services.quiz_rules import Window

ACCESS_CODE = "access_code"
WRONG_CODE = "That is not the access code. Ask whoever gave you this quiz."
MOMENT = "%d %B %Y, %H:%M UTC"


def next_start_at(quiz: QuizRow, earlier: EarlierRow) -> datetime | None:
    """When the pause after the last attempt is over; None where there is none."""
    if not quiz.attempt_delay_s or earlier.last_ended_at is None:
        return None
    return earlier.last_ended_at + timedelta(seconds=quiz.attempt_delay_s)


def attempts_left(own: Window, earlier: EarlierRow) -> int | None:
    """How many attempts the learner still has; None: as many as they like."""
    return None if own.attempts_allowed is None else max(0, own.attempts_allowed - earlier.counted)


def may_start(quiz: QuizRow, own: Window, earlier: EarlierRow, access_code: str, now: datetime) -> None:
    """Raise Conflict or, about the access code, Refused where an attempt may not be started now."""
    if own.opens_at is not None and not own.has_opened(now):
        raise Conflict(f"This opens on {own.opens_at:{MOMENT}}. Come back then.")
    if own.closes_at is not None and own.has_closed(now):
        raise Conflict(f"This closed on {own.closes_at:{MOMENT}}.")
    if attempts_left(own, earlier) == 0:
        raise Conflict(f"You have used all {own.attempts_allowed} attempts that are allowed here.")
    wait = next_start_at(quiz, earlier)
    if wait is not None and now < wait:
        raise Conflict(
            f"The next attempt can be started on {wait:{MOMENT}}. Read the section again until then."
        )
    if quiz.access_code and not hmac.compare_digest(
        access_code.strip().encode(), quiz.access_code.strip().encode()
    ):
        raise Refused(ACCESS_CODE, WRONG_CODE)
