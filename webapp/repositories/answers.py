"""Answers on their way in: one joined read before, three plain writes after, all of one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import CursorResult, Table, bindparam, case, select, update
from sqlalchemy.orm import Session

from webapp.models.attempt import TAKEN_BACK, SectionProgress
from webapp.repositories.attempts import attempts, events, item_versions, quizzes, slots
from webapp.repositories.conflicts import ConflictInsert

section_progress = cast("Table", SectionProgress.__table__)


class SaveTarget(NamedTuple):
    """What must be known before a response is stored: the slot, its wording, the state of its attempt."""

    attempt_id: int
    state: str
    attempt_sequence: int
    answered_count: int
    module_id: int
    section_id: int | None
    position: int
    content: dict[str, Any]
    response: dict[str, Any] | None
    sequence: int
    saved_at: datetime | None
    checked_at: datetime | None
    last_slot: int | None
    """The question the person was at, as far as their progress in the section says."""
    deadline_at: datetime | None
    confidence: int | None
    asks_confidence: bool
    earliest_position: int
    """Questions before this one are closed: the quiz allows no going back."""
    latest_position: int
    """Questions after this one are not asked yet: the quiz goes from one to the next."""
    is_extra: bool
    """Whether it is a similar question, which is not counted."""
    is_overtaken: bool = False
    """Whether the same page has saved this question under a later key; asked with a single save only."""

    @property
    def is_to_come(self) -> bool:
        """Whether it is not asked yet; a similar question is as soon as it is there."""
        return self.position > self.latest_position and not self.is_extra

    @property
    def is_closed(self) -> bool:
        """Whether it takes no answer any more, or none yet."""
        is_passed = self.position < self.earliest_position
        return self.state != "open" or self.checked_at is not None or is_passed or self.is_to_come


class EventRow(NamedTuple):
    """One acknowledged save."""

    position: int
    client_id: str
    client_sequence: int
    sequence: int
    response: dict[str, Any]
    saved_at: datetime
    confidence: int | None = None
    handed_in_by_id: int | None = None

    @property
    def is_from_file(self) -> bool:
        """Whether an instructor handed it in from the learner's file."""
        return self.handed_in_by_id is not None and self.client_id != TAKEN_BACK


_IS_ONE_WAY = quizzes.c.one_per_page & ~quizzes.c.allows_back
_TARGETS = (
    select(
        attempts.c.id,
        attempts.c.state,
        attempts.c.sequence,
        attempts.c.answered_count,
        quizzes.c.module_id,
        quizzes.c.section_id,
        slots.c.position,
        item_versions.c.content,
        slots.c.response,
        slots.c.sequence,
        slots.c.saved_at,
        slots.c.checked_at,
        section_progress.c.last_slot,
        attempts.c.deadline_at,
        slots.c.confidence,
        attempts.c.confidence != "off",
        case((_IS_ONE_WAY, attempts.c.at_position), else_=1),
        case((_IS_ONE_WAY, attempts.c.at_position), else_=attempts.c.slot_count),
        slots.c.retry_of.is_not(None),
    )
    .join(quizzes, quizzes.c.id == attempts.c.quiz_id)
    .join(slots, slots.c.attempt_id == attempts.c.id)
    .join(item_versions, item_versions.c.id == slots.c.item_version_id)
    .outerjoin(
        section_progress,
        (section_progress.c.section_id == quizzes.c.section_id)
        & (section_progress.c.account_id == attempts.c.account_id),
    )
    .where(attempts.c.id == bindparam("attempt_id"), attempts.c.account_id == bindparam("account_id"))
)
_ALL_TARGETS = _TARGETS.order_by(slots.c.position)
_EVENT_COLUMNS = (
    events.c.position,
    events.c.client_id,
    events.c.client_sequence,
    events.c.sequence,
    events.c.response,
    events.c.saved_at,
    events.c.confidence,
    events.c.handed_in_by_id,
)
_EVENT_OF_KEY = select(*_EVENT_COLUMNS).where(
    events.c.attempt_id == bindparam("attempt_id"),
    events.c.client_id == bindparam("client_id"),
    events.c.client_sequence == bindparam("client_sequence"),
)
_LATER_EVENT = (
    select(events.c.id)
    .where(
        events.c.attempt_id == bindparam("attempt_id"),
        events.c.client_id == bindparam("client_id"),
        events.c.client_sequence > bindparam("client_sequence"),
        events.c.position == bindparam("position"),
    )
    .limit(1)
)
_ONE_TARGET = _TARGETS.add_columns(_LATER_EVENT.exists()).where(slots.c.position == bindparam("position"))
_EVENTS = (
    select(*_EVENT_COLUMNS).where(events.c.attempt_id == bindparam("attempt_id")).order_by(events.c.sequence)
)
_HANDED_IN = (
    select(events.c.attempt_id)
    .join(attempts, attempts.c.id == events.c.attempt_id)
    .join(quizzes, quizzes.c.id == attempts.c.quiz_id)
    .where(
        attempts.c.account_id == bindparam("account_id"),
        quizzes.c.module_id == bindparam("module_id"),
        events.c.handed_in_by_id.is_not(None),
    )
)
_ADD_EVENT = ConflictInsert(
    events,
    # psycopg's count of rows is lost with its cursor unless it is asked to be kept
    lambda statement: statement.on_conflict_do_nothing().execution_options(preserve_rowcount=True),
)
_SET_RESPONSE = (
    update(slots)
    .where(slots.c.attempt_id == bindparam("b_attempt_id"), slots.c.position == bindparam("b_position"))
    .values(
        response=bindparam("response"),
        sequence=bindparam("sequence"),
        saved_at=bindparam("saved_at"),
        confidence=bindparam("confidence"),
    )
)
_COUNT_SAVE = (
    update(attempts)
    .where(attempts.c.id == bindparam("b_attempt_id"))
    .values(
        sequence=bindparam("sequence"),
        answered_count=bindparam("answered_count"),
        saved_at=bindparam("saved_at"),
    )
)


def get_save_target(
    session: Session, attempt_id: int, account_id: int, position: int, key: tuple[str, int]
) -> SaveTarget | None:
    """The slot that a save with this key goes into, of the person's own attempt, or None."""
    values: dict[str, int | str] = {"attempt_id": attempt_id, "account_id": account_id, "position": position}
    row: Any = session.execute(
        _ONE_TARGET, {**values, "client_id": key[0], "client_sequence": key[1]}
    ).first()
    return SaveTarget(*row) if row else None


def list_save_targets(session: Session, attempt_id: int, account_id: int) -> Sequence[SaveTarget]:
    """All slots of the person's own attempt; empty where there is no such attempt."""
    rows: Iterable[Any] = session.execute(_ALL_TARGETS, {"attempt_id": attempt_id, "account_id": account_id})
    return [SaveTarget(*row) for row in rows]


def get_event(session: Session, attempt_id: int, client_id: str, client_sequence: int) -> EventRow | None:
    """The save that was acknowledged under this idempotency key."""
    key = {"attempt_id": attempt_id, "client_id": client_id, "client_sequence": client_sequence}
    row: Any = session.execute(_EVENT_OF_KEY, key).first()
    return EventRow._make(row) if row else None


def is_overtaken(session: Session, attempt_id: int, event: EventRow) -> bool:
    """Whether the same page has saved this question under a later key."""
    key = {
        "attempt_id": attempt_id,
        "client_id": event.client_id,
        "client_sequence": event.client_sequence,
        "position": event.position,
    }
    return session.execute(_LATER_EVENT, key).first() is not None


def list_events(session: Session, attempt_id: int) -> Sequence[EventRow]:
    """Every acknowledged save of an attempt, in the server's order."""
    rows: Iterable[Any] = session.execute(_EVENTS, {"attempt_id": attempt_id})
    return [EventRow._make(row) for row in rows]


def list_handed_in_attempts(session: Session, module_id: int, account_id: int) -> set[int]:
    """The person's attempts in the module for which an instructor handed something in."""
    return set(session.scalars(_HANDED_IN, {"module_id": module_id, "account_id": account_id}))


def add_event(session: Session, attempt_id: int, event: EventRow) -> bool:
    """Keep one save for ever; False where its idempotency key was used before."""
    outcome = session.execute(
        _ADD_EVENT.on(session),
        {
            "attempt_id": attempt_id,
            "position": event.position,
            "client_id": event.client_id,
            "client_sequence": event.client_sequence,
            "sequence": event.sequence,
            "response": event.response,
            "saved_at": event.saved_at,
            "confidence": event.confidence,
            "handed_in_by_id": event.handed_in_by_id,
        },
    )
    return cast("CursorResult[Any]", outcome).rowcount == 1


def set_response(session: Session, attempt_id: int, event: EventRow) -> None:
    """Make the save the current response of its slot."""
    session.execute(
        _SET_RESPONSE,
        {
            "b_attempt_id": attempt_id,
            "b_position": event.position,
            "response": event.response,
            "sequence": event.sequence,
            "saved_at": event.saved_at,
            "confidence": event.confidence,
        },
    )


def count_save(session: Session, attempt_id: int, sequence: int, answered: int, at: datetime) -> None:
    """Keep the attempt's own counters in step with its newest save."""
    session.execute(
        _COUNT_SAVE,
        {"b_attempt_id": attempt_id, "sequence": sequence, "answered_count": answered, "saved_at": at},
    )
