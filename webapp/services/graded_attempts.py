"""An attempt graded from its history, compared with what is stored, and stored anew.

Every grade of every slot, every total and every counter comes from here: handing in, regrading and examining
the data differ only in what they do with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from webapp.repositories import answers, attempts, grading
from webapp.repositories.answers import EventRow
from webapp.repositories.attempt_rows import AttemptRow, SlotRow
from webapp.services import clock
from webapp.services.attempt_grades import Totals, settle, totals
from webapp.services.slot_grading import NO_POINTS, Given, GradingRules, RulingFacts, SlotGrade, grade_slot

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.attempt import Attempt

DEFERRED = "deferred"


@dataclass(frozen=True, slots=True)
class GradedSlot:
    """A slot with the grade that its history gives, and the newest ruling that grade follows."""

    slot: SlotRow
    grade: SlotGrade
    ruling_id: int | None

    @property
    def is_stored(self) -> bool:
        """Whether just this is what is stored of it."""
        stored = (self.slot.status, self.slot.score, self.slot.ruling_id)
        return self.slot.is_checked and stored == (self.grade.status, self.grade.score, self.ruling_id)


def rules_of(attempt: AttemptRow | Attempt) -> GradingRules:
    """The rules of grading that the attempt pinned."""
    return GradingRules(attempt.behaviour, attempt.tries_allowed, attempt.try_penalty, attempt.confidence)


def list_tries(session: Session, attempt_id: int) -> dict[int, list[Given]]:
    """Position -> the answers it was checked with, in order."""
    return {
        position: [Given(check.response, check.confidence) for check in checks]
        for position, checks in grading.list_checks(session, attempt_id).items()
    }


def grade_history(
    session: Session,
    attempt: AttemptRow | Attempt,
    slots: Sequence[SlotRow],
    tries: Mapping[int, Sequence[Given]] | None = None,
) -> list[GradedSlot]:
    """These slots of an attempt, each graded from its history alone, whatever is stored as its grade.

    Who has read the tries already hands them over.
    """
    rules = rules_of(attempt)
    if tries is None:
        tries = {} if attempt.behaviour == DEFERRED else list_tries(session, attempt.id)
    rulings = grading.list_rulings(session, attempt.id)
    grades = [
        grade_slot(
            slot.content,
            tries.get(slot.position, ()),
            Given(slot.response or {}, slot.confidence),
            rules,
            [RulingFacts(one.kind, one.never_lowers, one.content) for one in rulings.get(slot.position, ())],
        )
        for slot in slots
    ]
    settled = settle(grades, [slot.points_possible for slot in slots])
    return [
        GradedSlot(slot, grade, max((one.id for one in rulings.get(slot.position, ())), default=None))
        for slot, grade in zip(slots, settled, strict=True)
    ]


def totals_of(graded: Sequence[GradedSlot], credit_percent: int) -> Totals:
    """What graded slots add up to."""
    return totals([one.grade for one in graded], [one.slot.points_possible for one in graded], credit_percent)


def store_grades(
    session: Session, attempt_id: int, graded: Sequence[GradedSlot], tries: int | None = None
) -> None:
    """Keep grades that are new, and how many tries they took; slots that were not checked are now."""
    now = clock.now()
    for one in graded:
        if one.is_stored and tries is None:
            continue
        values: dict[str, Any] = {
            "status": one.grade.status,
            "score": one.grade.score,
            "ruling_id": one.ruling_id,
            "checked_at": one.slot.checked_at or now,
        }
        if tries is not None:
            values["tries"] = tries
        attempts.grade_slot(session, attempt_id, one.slot.position, values)


def recompute(session: Session, attempt: Attempt) -> list[str]:
    """Grade an attempt anew from its history: in words, what differs from what is stored."""
    last = {event.position: event for event in answers.list_events(session, attempt.id)}
    slots = attempts.list_slots(session, attempt.id)
    checked = [slot for slot in slots if slot.is_checked]
    tries = list_tries(session, attempt.id)
    graded = grade_history(session, attempt, checked, tries)
    wrong = [
        f"attempt {attempt.id}: {problem}"
        for slot in slots
        for problem in _answer_problems(slot, last.get(slot.position), tries.get(slot.position, ()))
    ]
    wrong += [f"attempt {attempt.id}: {problem}" for one in graded for problem in _grade_problems(one)]
    is_over = attempt.state != "open"
    result = totals_of(graded, attempt.credit_percent if is_over else 100)
    dropped = sum((one.slot.points_possible for one in graded if one.grade.is_dropped), NO_POINTS)
    own = [slot for slot in slots if not slot.is_extra]
    counted = {
        "slot_count": len(own),
        "answered_count": sum(slot.is_answered for slot in own),
        "checked_count": sum(slot.is_checked for slot in own),
        "points": result.points,
        "points_possible": sum((slot.points_possible for slot in slots), -dropped),
    }
    return wrong + [
        f"attempt {attempt.id}: {name} is {getattr(attempt, name)}, its answers give {value}"
        for name, value in counted.items()
        if getattr(attempt, name) != value
    ]


def _answer_problems(slot: SlotRow, last: EventRow | None, tries: Sequence[Given]) -> Iterator[str]:
    saved = Given(last.response, last.confidence) if last else Given({})
    if (slot.response or {}) != saved.response:
        yield f"question {slot.position} does not hold the last answer saved"
    if slot.confidence != saved.confidence:
        yield f"question {slot.position} does not hold how sure the last answer saved was"
    if slot.tries != len(tries):
        yield f"question {slot.position} counts {slot.tries} tries, it was checked {len(tries)} times"


def _grade_problems(one: GradedSlot) -> Iterator[str]:
    slot, grade = one.slot, one.grade
    if (grade.status, grade.score) != (slot.status, slot.score):
        yield (
            f"question {slot.position} is {slot.status} with {slot.score}, "
            f"its answer gives {grade.status} with {grade.score}"
        )
    elif slot.ruling_id != one.ruling_id:
        yield (
            f"question {slot.position} follows decision {slot.ruling_id or 'none'}, "
            f"its history gives {one.ruling_id or 'none'}"
        )
