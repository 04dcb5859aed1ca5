"""Handing in a learner's file of unsent answers: what it would store, and storing what an instructor chooses.

The file keeps the keys under which the browser would have sent its answers, so that the same file twice, or
the browser that gets through after all, changes nothing. Its times are the learner's word: they decide what
is proposed, never what is graded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from questions.items.base import ResponseError
from questions.items.content import item_from_json
from questions.items.registry import item_type
from webapp.repositories import answers, attempts
from webapp.repositories.answers import EventRow
from webapp.repositories.attempt_rows import AttemptRow, SlotRow
from webapp.services import audit, clock
from webapp.services.errors import Conflict, NotFound
from webapp.services.handed_in import NewAnswer, find_attempt, store
from webapp.services.slot_grading import Given
from webapp.services.tried import closed_by_checks
from webapp.services.unsent_files import RefusedFile, UnsentAnswer, UnsentFile

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.module import Module

State = Literal["open", "same", "checked", "known", "conflict"]
"""What can become of an answer: chosen; nothing, as it is stored; nothing, as its question was checked, as it
arrived long ago and was changed since, or as its key belongs to another answer."""

OTHER_MODULE = "“module”: this file is about another module. Hand it in there."
NO_ATTEMPT = "“attempt”: no learner of this module has an attempt %d."
NO_QUESTION = "question %d, “position”: this attempt asks no such question."
NO_ANSWER = "question %d, “fields”: %s"
SEEN_OTHERWISE = (
    "Something changed in this attempt meanwhile. Look once more at what is stored and what the file says."
)


class SeenOtherwise(Conflict):
    """The attempt is not as it was when the file was looked at; that has to be done again first."""


@dataclass(frozen=True, slots=True)
class Line:
    """One question: what is stored beside what the file says."""

    position: int
    stem: str
    stored: str
    """In words; empty: not answered."""
    stored_sure: int | None
    stored_at: datetime | None
    is_stored_from_file: bool
    told: str
    told_sure: int | None
    reported_at: datetime
    state: State
    is_later: bool
    """Whether what is stored seems to have been answered after what the file says."""
    is_after_end: bool
    """Whether the browser's clock puts it after the end of the attempt."""
    new: NewAnswer
    is_extra: bool = False
    """Whether it is a similar question, worth no points."""

    @property
    def can_be_chosen(self) -> bool:
        """Whether it can be handed in."""
        return self.state == "open"

    @property
    def is_proposed(self) -> bool:
        """Whether it is chosen unless the instructor says otherwise."""
        return self.can_be_chosen and not self.is_later and not self.is_after_end


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would store, and where."""

    attempt: AttemptRow
    learner_id: int
    learner: str
    lines: Sequence[Line]
    token: str
    """Names exactly this state of the attempt: what was looked at is what is stored."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a file."""

    positions: Sequence[int]
    before: Decimal
    after: Decimal
    possible: Decimal


def look(session: Session, module: Module, file: UnsentFile) -> Preview:
    """What the file says beside what is stored. Raises RefusedFile, and Overdue: it must be closed first."""
    if file.module_slug != module.slug:
        raise RefusedFile([OTHER_MODULE])
    try:
        attempt, learner = find_attempt(session, module, file.attempt_id)
    except NotFound:
        raise RefusedFile([NO_ATTEMPT % file.attempt_id]) from None
    slots = {slot.position: slot for slot in attempts.list_slots(session, attempt.id)}
    responses = _read(slots, file)
    events = answers.list_events(session, attempt.id)
    closed = closed_by_checks(session, attempt, list(slots.values()))
    lines = [
        _line(attempt, slots[one.sent.position], one, responses[one.sent.position], events, closed)
        for one in sorted(file.answers, key=lambda one: one.sent.position)
    ]
    facts = (
        attempt.id,
        attempt.sequence,
        attempt.state,
        attempt.points,
        [(one.position, one.state) for one in lines],
    )
    return Preview(
        attempt, attempt.account_id, learner, lines, hashlib.sha256(repr(facts).encode()).hexdigest()
    )


def hand_in(
    session: Session, module: Module, file: UnsentFile, positions: Collection[int], seen: str, by: int
) -> Stored:
    """Store the chosen answers of the file, and grade the attempt anew where it is over.

    What is stored already is left alone. Raises RefusedFile, Overdue, and SeenOtherwise where the attempt is
    not as it was looked at.
    """
    attempts.lock_attempt(session, file.attempt_id)
    page = look(session, module, file)
    chosen = [one for one in page.lines if one.position in positions and one.state != "same"]
    attempt = page.attempt
    if not chosen:
        return Stored((), attempt.points, attempt.points, attempt.points_possible)
    if page.token != seen or not all(one.can_be_chosen for one in chosen):
        raise SeenOtherwise(SEEN_OTHERWISE)
    after = store(session, attempt, [one.new for one in chosen], by)
    stored = [one.position for one in chosen]
    detail = {
        "learner": page.learner_id,
        "questions": stored,
        "points": [str(attempt.points), str(after.points)],
    }
    audit.record("attempt.hand_in", f"attempt:{attempt.id}", detail)
    return Stored(stored, attempt.points, after.points, after.points_possible)


def _read(slots: Mapping[int, SlotRow], file: UnsentFile) -> dict[int, Mapping[str, Any]]:
    """Position -> the answer in its stored form. Raises RefusedFile with all that cannot be stored."""
    found: dict[int, Mapping[str, Any]] = {}
    problems = []
    for one in file.answers:
        position = one.sent.position
        if position not in slots:
            problems.append(NO_QUESTION % position)
            continue
        item = item_from_json(slots[position].content)
        try:
            found[position] = item_type(item.type).read(item, one.sent.fields)
        except ResponseError as error:
            problems.append(NO_ANSWER % (position, error))
    if problems:
        raise RefusedFile(problems)
    return found


def _line(
    attempt: AttemptRow,
    slot: SlotRow,
    one: UnsentAnswer,
    response: Mapping[str, Any],
    events: Sequence[EventRow],
    closed: Collection[int],
) -> Line:
    item = item_from_json(slot.content)
    kind = item_type(item.type)
    sure = one.sent.confidence if attempt.confidence != "off" and response else None
    told = Given(response, sure)
    end = attempt.submitted_at or attempt.deadline_at
    return Line(
        position=slot.position,
        stem=item.stem,
        stored=kind.response_text(item, slot.response or {}),
        stored_sure=slot.confidence,
        stored_at=slot.saved_at,
        is_stored_from_file=slot.is_handed_in,
        told=kind.response_text(item, response),
        told_sure=sure,
        reported_at=one.reported_at,
        state=_state(slot, one, told, events, closed),
        is_later=_is_later(slot, one, events),
        is_after_end=end is not None and one.reported_at > end,
        new=NewAnswer(slot, one.sent.client_id, one.sent.client_sequence, response, sure),
        is_extra=slot.is_extra,
    )


def _state(
    slot: SlotRow, one: UnsentAnswer, told: Given, events: Sequence[EventRow], closed: Collection[int]
) -> State:
    if Given(slot.response or {}, slot.confidence) == told:
        return "same"
    key = (one.sent.client_id, one.sent.client_sequence)
    for event in events:
        if (event.client_id, event.client_sequence) == key:
            is_it = event.position == slot.position and Given(event.response, event.confidence) == told
            return "known" if is_it else "conflict"
    return "checked" if slot.position in closed else "open"


def _is_later(slot: SlotRow, one: UnsentAnswer, events: Sequence[EventRow]) -> bool:
    """Whether the stored answer is the later one: by the page's own count, else by the clocks alone."""
    if slot.saved_at is None:
        return False
    is_overtaken = any(
        event.client_id == one.sent.client_id
        and event.position == slot.position
        and event.client_sequence > one.sent.client_sequence
        for event in events
    )
    return is_overtaken or slot.saved_at > one.reported_at or one.reported_at > clock.now()
