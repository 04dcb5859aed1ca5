"""The columns that decide whether somebody's points at a quiz are shown: services.shown_points says how."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, case, func, select

from webapp.models.quiz import ALWAYS
from webapp.repositories.attempts import attempts, quizzes


def _latest(column: ColumnElement[datetime]) -> ColumnElement[datetime | None]:
    """The latest of a person's finished attempts at a quiz; not looked for where points are always shown."""
    finished = select(func.max(column)).where(
        attempts.c.quiz_id == quizzes.c.id,
        attempts.c.account_id == bindparam("account_id"),
        attempts.c.state == "released",
        attempts.c.reset_at.is_(None),
    )
    return case((quizzes.c.show_points != ALWAYS, finished.correlate(quizzes).scalar_subquery()))


TELLS_POINTS = (quizzes.c.show_points, _latest(attempts.c.submitted_at), _latest(attempts.c.closes_at))
"""What decides whether somebody's points at a quiz are shown: services.shown_points.shows_best."""
