"""Grading: one checked question, or a whole attempt handed in. Scores are exact, and can be made anew.

A grade is a pure function of the pinned wording and the response; points are Decimal, never sums of floats.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from questions.grading.outcome import SCORE_STEP, Outcome
from questions.items.content import item_from_json
from questions.items.registry import item_type
from webapp.repositories import answers, attempts, progress
from webapp.repositories.attempts import AttemptRow, SlotRow
from webapp.services import clock
from webapp.services.answers import HANDED_IN, SentAnswer, save_responses
from webapp.services.attempt_states import next_state
from webapp.services.errors import Conflict, NotFound, Refused
from webapp.services.progress import recount_section

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.attempt import Attempt

ANSWER_FIRST = "Answer the question first, then check it."
AFTER_HANDING_IN = "This quiz shows what was right after it has been handed in."
NO_POINTS = Decimal(0)


def grade_response(content: Mapping[str, Any], response: Mapping[str, Any] | None) -> Outcome:
    """What a response to this wording earns."""
    item = item_from_json(dict(content))
    return item_type(item.type).grade(item, response or {})


def points_of(score: Decimal | None, points_possible: Decimal) -> Decimal:
    """What a score is worth in its slot; nothing while a person must still decide."""
    return NO_POINTS if score is None else (score * points_possible).quantize(SCORE_STEP)


def check_slot(
    session: Session, account_id: int, attempt_id: int, position: int, sent: Sequence[SentAnswer]
) -> AttemptRow:
    """Save what was sent, grade the question at `position` for good, and finish the attempt with the last.

    Raises NotFound, RefusedAnswers, Refused (not answered) and Conflict. Checking twice is harmless.
    """
    attempts.lock_attempt(session, attempt_id)
    if sent:
        save_responses(session, account_id, attempt_id, sent)
    attempt = _own_attempt(session, account_id, attempt_id)
    if attempt.section_id is None:
        raise Conflict(AFTER_HANDING_IN)
    slots = {slot.position: slot for slot in attempts.list_slots(session, attempt_id)}
    slot = slots.get(position)
    if slot is None:
        raise NotFound
    if slot.is_checked:
        return attempt
    if not attempt.is_open:
        raise Conflict(HANDED_IN)
    if not slot.is_answered:
        raise Refused(f"q{position}", ANSWER_FIRST)
    graded = _grade(session, attempt_id, [slot])
    checked = [other for other in slots.values() if other.is_checked] + graded
    if len(checked) == attempt.slot_count:
        _finish(session, attempt, checked)
    else:
        attempts.change_attempt(
            session, attempt_id, {"checked_count": len(checked), "points": _sum_points(checked)}
        )
        unchecked = set(slots) - {slot.position for slot in checked}
        _be_at_next(session, account_id, attempt.section_id, position, unchecked)
    return _own_attempt(session, account_id, attempt_id)


def _be_at_next(
    session: Session, account_id: int, section_id: int, position: int, unchecked: set[int]
) -> None:
    """Who comes back goes on at the next question that is not checked, after this one or from the start."""
    following = min((other for other in unchecked if other > position), default=min(unchecked))
    progress.be_at(session, account_id, section_id, following, clock.now())


def submit_attempt(session: Session, account_id: int, attempt_id: int) -> AttemptRow:
    """Hand the attempt in, grade what is not graded yet, and release the result.

    Handing in twice is harmless. Raises NotFound, and Conflict for an attempt that was closed unfinished.
    """
    attempts.lock_attempt(session, attempt_id)
    attempt = _own_attempt(session, account_id, attempt_id)
    if attempt.state == "expired":
        raise Conflict("This attempt was closed before it was handed in. Start a new one.")
    if not attempt.is_open:
        return attempt
    slots = attempts.list_slots(session, attempt_id)
    graded = _grade(session, attempt_id, [slot for slot in slots if not slot.is_checked])
    _finish(session, attempt, [slot for slot in slots if slot.is_checked] + graded)
    return _own_attempt(session, account_id, attempt_id)


def _own_attempt(session: Session, account_id: int, attempt_id: int) -> AttemptRow:
    attempt = attempts.get_attempt(session, attempt_id, account_id)
    if attempt is None:
        raise NotFound
    return attempt


def _grade(session: Session, attempt_id: int, slots: Iterable[SlotRow]) -> list[SlotRow]:
    now = clock.now()
    graded = []
    for slot in slots:
        outcome = grade_response(slot.content, slot.response)
        values = {"status": outcome.status, "score": outcome.score, "checked_at": now}
        attempts.grade_slot(session, attempt_id, slot.position, values)
        graded.append(slot._replace(status=outcome.status, score=outcome.score, checked_at=now))
    return graded


def _finish(session: Session, attempt: AttemptRow, slots: Sequence[SlotRow]) -> None:
    """Submitted; graded and released too, unless a person must still decide about an answer."""
    state = next_state(attempt.state, "submitted")
    if all(slot.score is not None for slot in slots):
        state = next_state(next_state(state, "graded"), "released")
    attempts.change_attempt(
        session,
        attempt.id,
        {
            "state": state,
            "submitted_at": clock.now(),
            "checked_count": len(slots),
            "points": _sum_points(slots),
        },
    )
    if attempt.section_id is not None and state == "released":
        recount_section(session, attempt.account_id, attempt.section_id, attempt.quiz_id)


def _sum_points(slots: Iterable[SlotRow]) -> Decimal:
    return sum((points_of(slot.score, slot.points_possible) for slot in slots), NO_POINTS)


def recompute(session: Session, attempt: Attempt) -> list[str]:
    """Grade an attempt anew from its history: in words, what differs from what is stored."""
    last = {event.position: event.response for event in answers.list_events(session, attempt.id)}
    slots = attempts.list_slots(session, attempt.id)
    wrong = [
        f"attempt {attempt.id}: {problem}"
        for slot in slots
        for problem in _slot_problems(slot, last.get(slot.position))
    ]
    counted = {
        "slot_count": len(slots),
        "answered_count": sum(slot.is_answered for slot in slots),
        "checked_count": sum(slot.is_checked for slot in slots),
        "points": _sum_points(slot for slot in slots if slot.is_checked),
        "points_possible": sum((slot.points_possible for slot in slots), NO_POINTS),
    }
    return wrong + [
        f"attempt {attempt.id}: {name} is {getattr(attempt, name)}, its answers give {value}"
        for name, value in counted.items()
        if getattr(attempt, name) != value
    ]


def _slot_problems(slot: SlotRow, last: Mapping[str, Any] | None) -> Iterator[str]:
    if (slot.response or {}) != (last or {}):
        yield f"question {slot.position} does not hold the last answer saved"
    if not slot.is_checked:
        return
    outcome = grade_response(slot.content, slot.response)
    if (outcome.status, outcome.score) != (slot.status, slot.score):
        yield (
            f"question {slot.position} is {slot.status} with {slot.score}, "
            f"its answer gives {outcome.status} with {outcome.score}"
        )
