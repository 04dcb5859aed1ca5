"""Going from question to question where a quiz shows one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.repositories import attempts
from webapp.services.errors import Conflict, NotFound

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.repositories.attempt_rows import AttemptRow, SlotRow

NO_WAY_BACK = "You have gone on from that question, and this quiz has no way back."
ONE_BY_ONE = "This quiz is answered one question after the other."


def turn_page(session: Session, attempt: AttemptRow, step: int) -> None:
    """Go so many questions on (or back); at either end nothing moves. Raises Conflict as `go_to`."""
    wanted = min(max(attempt.at_position + step, 1), attempt.slot_count)
    if wanted != attempt.at_position:
        go_to(session, attempt, wanted)


def require_here(attempt: AttemptRow, slot: SlotRow) -> None:
    """Raise Conflict about a question of a quiz without a way back that is not the one it stands at."""
    if attempt.is_one_way and not slot.is_extra and slot.position != attempt.at_position:
        raise Conflict(NO_WAY_BACK if slot.position < attempt.at_position else ONE_BY_ONE)


def go_to(session: Session, attempt: AttemptRow, position: int) -> None:
    """Make that question the one that is shown.

    Raises NotFound (no such question) and Conflict where the quiz has no way back, or skips none.
    """
    if not 1 <= position <= attempt.slot_count:
        raise NotFound
    if not attempt.is_open or not attempt.one_per_page:
        return
    if not attempt.allows_back:  # what another window turned meanwhile stays turned
        attempts.lock_attempt(session, attempt.id)
        attempt = attempts.get_any_attempt(session, attempt.id) or attempt
    if not attempt.allows_back and position < attempt.at_position:
        raise Conflict(NO_WAY_BACK)
    if not attempt.allows_back and position > attempt.at_position + 1:
        raise Conflict(ONE_BY_ONE)
    attempts.change_attempt(session, attempt.id, {"at_position": position})
