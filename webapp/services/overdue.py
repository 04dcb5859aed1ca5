"""Attempts whose time is up are closed at their own deadline by whoever meets them first.

Any request that reads one finds it by `in_time` or `settle_first`, which stop it; the application then closes
the attempt in a transaction of its own and lets the request begin anew (webapp/views/errors.py). A job looks
every few seconds as well. So a state is right whether or not a worker runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from webapp.repositories import deadlines
from webapp.services import clock
from webapp.services.errors import ServiceError
from webapp.services.quiz_rules import GRACE

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.repositories.attempt_rows import AttemptRow

TIME_UP = "The time is up. What was saved by then has been handed in."


class Overdue(ServiceError):  # noqa: N818 (it is a state of attempts, not a mistake)
    """Attempts were met whose time is up and which nobody has closed yet."""

    def __init__(self, attempt_ids: Sequence[int]) -> None:
        super().__init__(TIME_UP)
        self.attempt_ids = tuple(attempt_ids)


def is_overdue(state: str, deadline_at: datetime | None) -> bool:
    """Whether an attempt should be closed by now: its deadline is past, and the grace for slow networks."""
    return state == "open" and deadline_at is not None and deadline_at + GRACE < clock.now()


def in_time(attempt: AttemptRow | None) -> AttemptRow | None:
    """The attempt as it is. Raises Overdue where it has to be closed first."""
    if attempt is not None and is_overdue(attempt.state, attempt.deadline_at):
        raise Overdue([attempt.id])
    return attempt


def settle_first(session: Session, module_ids: Sequence[int]) -> None:
    """For before many people's attempts are listed. Raises Overdue where some must be closed first."""
    late = deadlines.list_overdue(session, clock.now() - GRACE, module_ids=module_ids)
    if late:
        raise Overdue([attempt_id for attempt_id, _ in late])


def list_all(session: Session) -> list[int]:
    """Every open attempt whose time is up, for the job that closes them; some hundreds at a time."""
    return [attempt_id for attempt_id, _ in deadlines.list_overdue(session, clock.now() - GRACE)]
