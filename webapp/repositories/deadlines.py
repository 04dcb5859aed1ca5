"""Open attempts by when they end: those whose time is up, and those whose end has to be worked out anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from webapp.repositories.attempts import attempts, quizzes


class TimedRow(NamedTuple):
    """An attempt as far as its times go."""

    id: int
    quiz_id: int
    account_id: int
    state: str
    started_at: datetime
    deadline_at: datetime | None
    closes_at: datetime | None


_TIMED = select(*(attempts.c[name] for name in TimedRow._fields))
_SET_TIMES = (
    update(attempts)
    .where(attempts.c.id == bindparam("b_attempt_id"))
    .values(deadline_at=bindparam("deadline_at"), closes_at=bindparam("closes_at"))
)


def list_overdue(
    session: Session,
    before: datetime,
    *,
    module_ids: Sequence[int] | None = None,
    account_id: int | None = None,
    limit: int = 500,
) -> list[tuple[int, int]]:
    """(attempt, account) of open attempts that ended before a moment, the earliest first."""
    query = (
        select(attempts.c.id, attempts.c.account_id)
        .where(attempts.c.state == "open", attempts.c.deadline_at < before)
        .order_by(attempts.c.deadline_at, attempts.c.id)
        .limit(limit)
    )
    if module_ids is not None:
        query = query.join(quizzes, quizzes.c.id == attempts.c.quiz_id).where(
            quizzes.c.module_id.in_(module_ids)
        )
    if account_id is not None:
        query = query.where(attempts.c.account_id == account_id)
    rows: Iterable[Any] = session.execute(query)
    return [(row[0], row[1]) for row in rows]


def list_timed(
    session: Session, quiz_ids: Sequence[int], account_ids: Sequence[int] | None = None
) -> list[TimedRow]:
    """The attempts at these quizzes, of everybody or of these people."""
    query = _TIMED.where(attempts.c.quiz_id.in_(quiz_ids)).order_by(attempts.c.id)
    if account_ids is not None:
        query = query.where(attempts.c.account_id.in_(account_ids))
    rows: Iterable[Any] = session.execute(query)
    return [TimedRow._make(row) for row in rows]


def set_times(
    session: Session, attempt_id: int, deadline_at: datetime | None, closes_at: datetime | None
) -> None:
    """Give an attempt other ends."""
    session.execute(
        _SET_TIMES, {"b_attempt_id": attempt_id, "deadline_at": deadline_at, "closes_at": closes_at}
    )
