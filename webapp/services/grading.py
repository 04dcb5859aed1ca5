"""Checking a question, handing in, closing what is overdue, releasing: where an attempt's grades are made.

A grade is a pure function of history and pinned rules (services.slot_grading); points are Decimal, never sums
of floats.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from webapp.repositories import attempts, grading, progress
from webapp.repositories.attempt_rows import AttemptRow, SlotRow
from webapp.services import clock
from webapp.services.answers import HANDED_IN, SentAnswer, save_responses
from webapp.services.attempt_states import next_state
from webapp.services.errors import Conflict, NotFound, Refused
from webapp.services.graded_attempts import (
    GradedSlot,
    grade_history,
    list_tries,
    rules_of,
    store_grades,
    totals_of,
)
from webapp.services.overdue import in_time, is_overdue
from webapp.services.progress import recount_section
from webapp.services.results import get_own_attempt
from webapp.services.similar_questions import is_left
from webapp.services.slot_grading import Given, SlotGrade
from webapp.services.turning import require_here
from webapp.services.windows import window_at

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ANSWER_FIRST = "Answer the question first, then check it."
AFTER_HANDING_IN = "This quiz shows what was right after it has been handed in."
CLOSED_UNFINISHED = "This attempt was closed before it was handed in. Start a new one."
WHOLE = 100


def check_slot(
    session: Session, account_id: int, attempt_id: int, position: int, sent: Sequence[SentAnswer]
) -> AttemptRow:
    """Save what was sent, have the question at `position` checked, and finish the attempt with the last one.

    It goes on while there is a similar question to practise with. A question stays open while it has tries
    left and is not right. Raises NotFound, RefusedAnswers, Refused (not answered), Conflict and Overdue.
    Checking the same answer twice is harmless and costs no try.
    """
    attempts.lock_attempt(session, attempt_id)
    if sent:
        save_responses(session, account_id, attempt_id, sent)
    attempt = get_own_attempt(session, account_id, attempt_id)
    if attempt.behaviour == "deferred":
        raise Conflict(AFTER_HANDING_IN)
    slots = {slot.position: slot for slot in attempts.list_slots(session, attempt_id)}
    slot = slots.get(position)
    if slot is None:
        raise NotFound
    if slot.is_checked:
        return attempt
    if not attempt.is_open:
        raise Conflict(HANDED_IN)
    require_here(attempt, slot)
    if not slot.is_answered:
        raise Refused(f"q{position}", ANSWER_FIRST)
    slots[position], is_ruled = _try(session, attempt, slot)
    _count_checked(session, attempt, slots, position)
    if is_ruled or any(other.ruling for other in slots.values()):
        regrade_attempt(session, attempt_id)  # whether a drop lowers nobody's share is seen on the whole
    return get_own_attempt(session, account_id, attempt_id)


def _try(session: Session, attempt: AttemptRow, slot: SlotRow) -> tuple[SlotRow, bool]:
    """One try at a question: kept, and graded for good where it was right or the last one.

    And whether it was graded under a ruling.
    """
    now, answer = clock.now(), Given(slot.response or {}, slot.confidence)
    tries = list_tries(session, attempt.id).get(slot.position, [])
    if tries and tries[-1].response == answer.response:
        return slot, False
    values = {
        "position": slot.position,
        "number": len(tries) + 1,
        "response": answer.response,
        "confidence": answer.confidence,
        "checked_at": now,
    }
    grading.add_check(session, attempt.id, values)
    tries.append(answer)
    rules = rules_of(attempt)
    if len(tries) < rules.tries:
        (alone,) = grade_history(session, attempt, [slot], {slot.position: [answer]})
        if alone.grade.score is not None and alone.grade.status != "correct":
            (so_far,) = grade_history(session, attempt, [slot], {slot.position: tries})
            score = so_far.grade.score
            attempts.grade_slot(session, attempt.id, slot.position, {"tries": len(tries), "score": score})
            return slot._replace(tries=len(tries), score=score), False
    (graded,) = grade_history(session, attempt, [slot], {slot.position: tries})
    store_grades(session, attempt.id, [graded], tries=len(tries))
    slot = slot._replace(
        tries=len(tries), status=graded.grade.status, score=graded.grade.score, checked_at=now
    )
    return slot, graded.ruling_id is not None


def _count_checked(session: Session, attempt: AttemptRow, slots: dict[int, SlotRow], position: int) -> None:
    checked = [slot for slot in slots.values() if slot.is_checked]
    own = [slot for slot in checked if not slot.is_extra]
    if len(own) == attempt.slot_count and not is_left(session, attempt, list(slots.values())):
        now = clock.now()
        _finish(session, attempt, list(slots.values()), min(now, attempt.deadline_at or now), "learner")
        return
    stored = [GradedSlot(slot, SlotGrade(slot.status or "", slot.score), None) for slot in checked]
    result = totals_of(stored, WHOLE)
    attempts.change_attempt(session, attempt.id, {"checked_count": len(own), "points": result.points})
    unchecked = set(slots) - {slot.position for slot in checked}
    if attempt.section_id is not None and slots[position].is_checked and unchecked:
        _be_at_next(session, attempt.account_id, attempt.section_id, position, unchecked)


def _be_at_next(
    session: Session, account_id: int, section_id: int, position: int, unchecked: set[int]
) -> None:
    """Who comes back goes on at the next question that is not checked, after this one or from the start."""
    following = min((other for other in unchecked if other > position), default=min(unchecked))
    progress.be_at(session, account_id, section_id, following, clock.now())


def submit_attempt(session: Session, account_id: int, attempt_id: int) -> AttemptRow:
    """Hand the attempt in, grade it, and release the result unless that is for the instructor to do.

    Handing in twice is harmless. Raises NotFound, Overdue (it must be closed first) and Conflict for an
    attempt that was closed unfinished.
    """
    attempts.lock_attempt(session, attempt_id)
    attempt = get_own_attempt(session, account_id, attempt_id)
    if attempt.state == "expired":
        raise Conflict(CLOSED_UNFINISHED)
    if not attempt.is_open:
        return attempt
    slots = attempts.list_slots(session, attempt_id)
    now = clock.now()
    _finish(session, attempt, slots, min(now, attempt.deadline_at or now), "learner")
    return get_own_attempt(session, account_id, attempt_id)


def finish_checked(session: Session, account_id: int, section_id: int) -> None:
    """Hand in the person's check of a section they read on from, where every question has been checked.

    It was still open for similar questions. Raises Overdue where it must be closed first.
    """
    attempt = in_time(attempts.get_newest_section_attempt(session, section_id, account_id))
    if attempt is not None and attempt.is_open and attempt.checked_count == attempt.slot_count:
        submit_attempt(session, account_id, attempt.id)


def close_overdue(session: Session, attempt_id: int) -> bool:
    """Close one attempt at its own deadline if its time is up; whether it was closed now.

    What was saved is handed in and graded, or, where the quiz says so, the attempt ends without a score;
    not where every question was checked in time and it was open for similar ones only.
    """
    attempts.lock_attempt(session, attempt_id)
    attempt = attempts.get_any_attempt(session, attempt_id)
    if attempt is None or attempt.deadline_at is None or not is_overdue(attempt.state, attempt.deadline_at):
        return False
    if attempt.overdue == "expire" and attempt.checked_count < attempt.slot_count:
        state = next_state(attempt.state, "expired")
        values = {"state": state, "submitted_at": attempt.deadline_at, "ended_by": "deadline"}
        attempts.change_attempt(session, attempt_id, values)
        return True
    slots = attempts.list_slots(session, attempt_id)
    _finish(session, attempt, slots, attempt.deadline_at, "deadline")
    return True


def close_now(session: Session, attempt_id: int) -> None:
    """Hand an open attempt in as it stands, for whoever takes it out of the count. Raises NotFound."""
    attempt = _locked(session, attempt_id)
    _finish(session, attempt, attempts.list_slots(session, attempt_id), clock.now(), None)


def regrade_attempt(session: Session, attempt_id: int) -> bool:
    """Make every stored grade of an attempt anew from its history, and what is counted from them.

    After a ruling was made or undone. Whether anything changed.
    """
    attempt = _locked(session, attempt_id)
    slots = attempts.list_slots(session, attempt_id)
    graded = grade_history(session, attempt, [slot for slot in slots if slot.is_checked])
    changed = [
        one for one in graded if (one.grade.status, one.grade.score) != (one.slot.status, one.slot.score)
    ]
    store_grades(session, attempt_id, graded)
    values = _totals(attempt, slots, graded)
    attempts.change_attempt(session, attempt_id, values)
    if attempt.state == "released":
        _recount(session, attempt)
    return bool(changed) or values["points"] != attempt.points


def release_attempt(session: Session, attempt_id: int) -> bool:
    """Let the learner see the result of a graded attempt; whether it was released now."""
    attempts.lock_attempt(session, attempt_id)
    attempt = attempts.get_any_attempt(session, attempt_id)
    if attempt is None or attempt.state != "graded":
        return False
    attempts.change_attempt(session, attempt_id, {"state": next_state(attempt.state, "released")})
    _recount(session, attempt)
    return True


def _locked(session: Session, attempt_id: int) -> AttemptRow:
    attempts.lock_attempt(session, attempt_id)
    attempt = attempts.get_any_attempt(session, attempt_id)
    if attempt is None:
        raise NotFound
    return attempt


def _totals(
    attempt: AttemptRow, slots: Sequence[SlotRow], graded: Sequence[GradedSlot]
) -> dict[str, Decimal]:
    result = totals_of(graded, WHOLE if attempt.is_open else attempt.credit_percent)
    graded_at = {one.slot.position for one in graded}
    ungraded = sum((slot.points_possible for slot in slots if slot.position not in graded_at), Decimal(0))
    return {"points": result.points, "points_possible": result.points_possible + ungraded}


def _finish(
    session: Session, attempt: AttemptRow, slots: Sequence[SlotRow], at: datetime, ended_by: str | None
) -> None:
    """Submitted; graded where no person must decide; released where nobody has to say so."""
    graded = grade_history(session, attempt, slots)
    own = [one for one in graded if not one.slot.is_extra]
    store_grades(session, attempt.id, graded)
    answered_at = min(at, _last_checked_at(slots) or at)
    credit = window_at(session, attempt.quiz_id, attempt.account_id).credit(answered_at)
    result = totals_of(graded, credit)
    state = next_state(attempt.state, "submitted")
    if all(one.grade.score is not None or one.grade.is_dropped for one in own):
        state = next_state(state, "graded")
        if attempt.release == "at_once":
            state = next_state(state, "released")
    attempts.change_attempt(
        session,
        attempt.id,
        {
            "state": state,
            "submitted_at": at,
            "ended_by": ended_by,
            "checked_count": len(own),
            "credit_percent": credit,
            "points": result.points,
            "points_possible": result.points_possible,
        },
    )
    if state != "submitted":
        _recount(session, attempt)


def _last_checked_at(slots: Sequence[SlotRow]) -> datetime | None:
    """When the last question was checked, where all were: extra practice after that makes nobody late."""
    moments = [slot.checked_at for slot in slots if not slot.is_extra]
    known = [moment for moment in moments if moment is not None]
    return max(known, default=None) if len(known) == len(moments) else None


def _recount(session: Session, attempt: AttemptRow) -> None:
    if attempt.section_id is not None and not attempt.is_preview:
        recount_section(session, attempt.account_id, attempt.section_id, attempt.quiz_id)
