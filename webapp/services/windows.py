"""When a learner may work on a quiz: its rules and what they were granted, read together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from webapp.repositories import deadlines, overrides, quizzes
from webapp.services.errors import NotFound
from webapp.services.quiz_rules import Grant, Window, window

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.repositories.quizzes import QuizRow


def window_of(session: Session, quiz: QuizRow, account_id: int) -> Window:
    """The window of one learner at a quiz."""
    grants = [Grant(*row) for row in overrides.list_grants(session, quiz.id, account_id)]
    return window(
        opens_at=quiz.opens_at,
        due_at=quiz.due_at,
        closes_at=quiz.closes_at,
        late_credit=quiz.late_credit,
        time_limit_s=quiz.time_limit_s,
        attempts_allowed=quiz.attempts_allowed,
        grants=grants,
    )


def window_at(session: Session, quiz_id: int, account_id: int) -> Window:
    """The same, of a quiz by its id. Raises NotFound."""
    quiz = quizzes.get_quiz(session, quiz_id)
    if quiz is None:
        raise NotFound
    return window_of(session, quiz, account_id)


def refresh_ends(session: Session, quiz_ids: Sequence[int], account_ids: Sequence[int] | None = None) -> int:
    """Work out anew when attempts end, after rules or grants changed; how many running ones end otherwise.

    An attempt that is over keeps the end it had; when its quiz closes still decides about what is shown.
    """
    windows: dict[tuple[int, int], Window] = {}
    moved = 0
    for row in deadlines.list_timed(session, quiz_ids, account_ids):
        key = (row.quiz_id, row.account_id)
        if key not in windows:
            windows[key] = window_at(session, *key)
        own = windows[key]
        deadline = own.deadline(row.started_at) if row.state == "open" else row.deadline_at
        if (deadline, own.closes_at) != (row.deadline_at, row.closes_at):
            deadlines.set_times(session, row.id, deadline, own.closes_at)
            moved += deadline != row.deadline_at
    return moved
