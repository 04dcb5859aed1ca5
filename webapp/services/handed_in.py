"""Answers that an instructor handed in for a learner: storing them, what there is of them, taking them back.

All of it are events beside the learner's own: nothing is deleted, and each grade is made from the history as
before. Taking back is an event that holds the answer of before; it can be taken back like any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal

from webapp.models.attempt import HANDED_AGAIN, TAKEN_BACK
from webapp.repositories import answers, attempts, rulings, scores
from webapp.repositories.answers import EventRow
from webapp.repositories.attempt_rows import AttemptRow, SlotRow
from webapp.services import audit, clock
from webapp.services.answers import KEY_USED
from webapp.services.errors import Conflict, NotFound
from webapp.services.grading import regrade_attempt
from webapp.services.overdue import in_time
from webapp.services.regrade_effect import name_of
from webapp.services.scores import learner_name

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.module import Module

Kind = Literal["file", "back", "again"]
"""Handed in from a file; taken back; handed in once more by taking that back."""
NOTHING_LEFT = "Nothing of this is stored any more: it was taken back, or answered anew since."


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """An answer to be stored for a slot, under its idempotency key."""

    slot: SlotRow
    client_id: str
    client_sequence: int
    response: Mapping[str, Any]
    confidence: int | None


@dataclass(frozen=True, slots=True)
class Batch:
    """What was handed in, or taken back, at once."""

    sequence: int
    """Of its first event; names it."""
    kind: Kind
    at: datetime
    by: str
    """Empty: somebody who is gone."""
    positions: Sequence[int]
    present: Sequence[int]
    """The questions whose answer it still is."""


@dataclass(frozen=True, slots=True)
class History:
    """Everything that was handed in for one attempt, the newest first."""

    attempt: AttemptRow
    learner: str
    batches: Sequence[Batch]


def find_attempt(session: Session, module: Module, attempt_id: int) -> tuple[AttemptRow, str]:
    """A learner's attempt in this module, and their name.

    Raises NotFound (an instructor's own try is none), and Overdue where it must be closed first.
    """
    attempt = attempts.get_any_attempt(session, attempt_id)
    if attempt is None or attempt.module_id != module.id or attempt.is_preview:
        raise NotFound
    in_time(attempt)
    return attempt, learner_name(scores.get_learner(session, attempt.account_id))


def store(session: Session, attempt: AttemptRow, new: Sequence[NewAnswer], by: int) -> AttemptRow:
    """Store these answers and grade the attempt anew where it is over; the attempt as it is then.

    The attempt is locked by the caller, who has seen that none of the keys was used. Raises Conflict where
    one was all the same: what has no event of its own is not stored.
    """
    now, answered = clock.now(), attempt.answered_count
    for sequence, one in enumerate(new, attempt.sequence + 1):
        event = EventRow(
            position=one.slot.position,
            client_id=one.client_id,
            client_sequence=one.client_sequence,
            sequence=sequence,
            response=dict(one.response),
            saved_at=now,
            confidence=one.confidence,
            handed_in_by_id=by,
        )
        if not answers.add_event(session, attempt.id, event):
            raise Conflict(KEY_USED)
        answers.set_response(session, attempt.id, event)
        if not one.slot.is_extra:
            answered += bool(one.response) - one.slot.is_answered
    answers.count_save(session, attempt.id, attempt.sequence + len(new), answered, now)
    if not attempt.is_open:
        regrade_attempt(session, attempt.id)
    return attempts.get_any_attempt(session, attempt.id) or attempt


def list_history(session: Session, module: Module, attempt_id: int) -> History:
    """What was handed in for this attempt. Raises NotFound, and Overdue where it must be closed first."""
    attempt, learner = find_attempt(session, module, attempt_id)
    return History(attempt, learner, _batches(session, answers.list_events(session, attempt_id)))


def take_back(
    session: Session, module: Module, attempt_id: int, sequence: int, by: int
) -> tuple[Sequence[int], Decimal, Decimal]:
    """Store the answers of before once more: the questions, and the points before and after.

    What was answered since stays. Raises NotFound, Overdue, and Conflict where nothing of it is left.
    """
    attempts.lock_attempt(session, attempt_id)
    page = list_history(session, module, attempt_id)
    batch = next((one for one in page.batches if one.sequence == sequence), None)
    if batch is None:
        raise NotFound
    if not batch.present:
        raise Conflict(NOTHING_LEFT)
    events = answers.list_events(session, attempt_id)
    slots = {slot.position: slot for slot in attempts.list_slots(session, attempt_id)}
    new = [_undoing(slots[position], events) for position in batch.present]
    after = store(session, page.attempt, new, by)
    points = page.attempt.points, after.points
    audit.record(
        "attempt.hand_in.undo",
        f"attempt:{attempt_id}",
        {
            "learner": after.account_id,
            "questions": list(batch.present),
            "points": [str(one) for one in points],
        },
    )
    return batch.present, *points


def _undoing(slot: SlotRow, events: Sequence[EventRow]) -> NewAnswer:
    """The answer that the newest one of this question replaced; it was handed in or not, and stays so."""
    own = [event for event in events if event.position == slot.position]
    undone, former = own[-1], own[-2] if len(own) > 1 else None
    client_id = HANDED_AGAIN if former is not None and former.is_from_file else TAKEN_BACK
    response, confidence = (former.response, former.confidence) if former else ({}, None)
    return NewAnswer(slot, client_id, undone.sequence, response, confidence)


def _batches(session: Session, events: Sequence[EventRow]) -> list[Batch]:
    newest = {event.position: event.sequence for event in events}
    names = rulings.list_names(session, [event.handed_in_by_id for event in events])
    found = []
    for (by, at, kind), group in groupby(events, _together):
        if by is None:
            continue
        own = list(group)
        found.append(
            Batch(
                sequence=own[0].sequence,
                kind=kind,
                at=at,
                by=name_of(names[by]) if by in names else "",
                positions=sorted(event.position for event in own),
                present=sorted(event.position for event in own if newest[event.position] == event.sequence),
            )
        )
    return found[::-1]


def _together(event: EventRow) -> tuple[int | None, datetime, Kind]:
    kinds: dict[str, Kind] = {TAKEN_BACK: "back", HANDED_AGAIN: "again"}
    return event.handed_in_by_id, event.saved_at, kinds.get(event.client_id, "file")
