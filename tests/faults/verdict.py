"""The judge: what browsers were told, against what is stored. Knows no server and no network, so it is testable.

lost     acknowledged, and not stored as it was sent
ghost    refused, and stored all the same; or stored, and never sent
doubled  one save stored twice
torn     event, current answer, counters and wording of an attempt do not belong together
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.config import Settings
from webapp.database import make_engine
from webapp.models.attempt import AnswerEvent, Attempt, AttemptSlot
from webapp.repositories.storage import file_findings
from webapp.services.checks import examine

Answer = tuple[int, str]
"""Position and text."""


@dataclass
class Record:
    """What one page of one browser sent, and what it was told about each."""

    attempt_id: int
    client_id: str
    sent: dict[int, Answer] = field(default_factory=dict)
    acknowledged: dict[int, int] = field(default_factory=dict)
    """The browser's number of a save -> the server's."""
    refused: dict[int, int] = field(default_factory=dict)
    """The browser's number of a save -> the status of the reply that said no."""
    untrue: list[str] = field(default_factory=list)
    """Acknowledgements of something else than was sent."""


@dataclass(frozen=True)
class Event:
    """One stored save."""

    client_id: str
    client_sequence: int
    sequence: int
    answer: Answer


@dataclass(frozen=True)
class Slot:
    """The stored current answer to one question."""

    sequence: int
    response: Mapping[str, Any] | None
    version_id: int


@dataclass(frozen=True)
class Stored:
    """One attempt as the database has it."""

    attempt_id: int
    sequence: int
    answered_count: int
    events: Sequence[Event]
    slots: Mapping[int, Slot]


@dataclass
class Verdict:
    """What is wrong; nothing, if the promise was kept."""

    lost: list[str] = field(default_factory=list)
    ghost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    acknowledged: int = 0

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.ghost or self.doubled or self.torn)

    def __str__(self) -> str:
        return "\n".join(
            f"{len(found)} {name}: {'; '.join(found[:5])}"
            for name, found in vars(self).items()
            if isinstance(found, list)
        )


def judge(
    records: Iterable[Record],
    stored: Iterable[Stored],
    wordings: Mapping[tuple[int, int], int] | None = None,
    findings: Sequence[str] = (),
) -> Verdict:
    """Compare. `wordings`: (attempt, position) -> the item version that the learner saw."""
    verdict = Verdict(torn=list(findings))
    pages: dict[int, list[Record]] = defaultdict(list)
    for record in records:
        pages[record.attempt_id].append(record)
    kept = {one.attempt_id: one for one in stored}
    for attempt_id, own in pages.items():
        if attempt_id not in kept:
            verdict.lost.append(f"attempt {attempt_id} is gone with all its answers")
            continue
        for record in own:
            _judge_page(verdict, record, kept[attempt_id])
        _judge_attempt(verdict, kept[attempt_id], {record.client_id: record for record in own})
        _judge_wordings(verdict, kept[attempt_id], wordings or {})
    return verdict


def _judge_page(verdict: Verdict, record: Record, stored: Stored) -> None:
    events = {one.client_sequence: one for one in stored.events if one.client_id == record.client_id}
    verdict.acknowledged += len(record.acknowledged)
    verdict.lost += record.untrue
    for number, sequence in list(record.acknowledged.items()):  # learners may be at work
        event, name = events.get(number), f"{record.client_id} {number}"
        if event is None:
            verdict.lost.append(f"{name} is not stored")
        elif event.answer != record.sent[number]:
            verdict.lost.append(f"{name} is stored as {event.answer}, was sent as {record.sent[number]}")
        elif event.sequence != sequence:
            verdict.doubled.append(f"{name} was acknowledged as save {sequence}, is {event.sequence}")
    verdict.ghost += [
        f"{record.client_id} {number} was refused with {status} and is stored"
        for number, status in list(record.refused.items())
        if number in events
    ]


def _judge_attempt(verdict: Verdict, stored: Stored, pages: Mapping[str, Record]) -> None:
    name = f"attempt {stored.attempt_id}"
    keys = Counter((event.client_id, event.client_sequence) for event in stored.events)
    verdict.doubled += [f"{name}: {key} is stored {count} times" for key, count in keys.items() if count > 1]
    texts = Counter(event.answer for event in stored.events)
    verdict.doubled += [
        f"{name}: {text} is stored {count} times" for text, count in texts.items() if count > 1
    ]
    for event in stored.events:
        page = pages.get(event.client_id)
        if page is None or page.sent.get(event.client_sequence) is None:
            verdict.ghost.append(f"{name}: nobody sent {event}")
        elif page.sent[event.client_sequence] != event.answer:
            verdict.torn.append(f"{name}: {event} holds another answer than was sent under its key")
    ordered = sorted(stored.events, key=lambda event: event.sequence)
    if [event.sequence for event in ordered] != list(range(1, len(ordered) + 1)):
        verdict.torn.append(f"{name}: the numbers of its saves have gaps or repeat")
    if stored.sequence != len(ordered):
        verdict.torn.append(f"{name} counts {stored.sequence} saves, there are {len(ordered)}")
    last = {event.answer[0]: event for event in ordered}
    for position, slot in stored.slots.items():
        event = last.get(position)
        current = (slot.sequence, (slot.response or {}).get("text"))
        if current != ((event.sequence, event.answer[1]) if event else (0, None)):
            verdict.torn.append(f"{name}, question {position} shows {current}, its last save is {event}")
    if stored.answered_count != len(last):
        verdict.torn.append(f"{name} counts {stored.answered_count} answers, there are {len(last)}")


def _judge_wordings(verdict: Verdict, stored: Stored, wordings: Mapping[tuple[int, int], int]) -> None:
    verdict.torn += [
        f"attempt {attempt_id}, question {position} has another wording than the learner saw"
        for (attempt_id, position), version in wordings.items()
        if attempt_id == stored.attempt_id
        and (position not in stored.slots or stored.slots[position].version_id != version)
    ]


def read_stored(session: Session, attempt_ids: Iterable[int]) -> list[Stored]:
    """These attempts as the database has them; by columns that every version of the schema has."""
    columns = (Attempt.id, Attempt.sequence, Attempt.answered_count)
    rows = session.execute(select(*columns).where(Attempt.id.in_(list(attempt_ids)))).all()
    return [_read(session, *row) for row in rows]


def _read(session: Session, attempt_id: int, sequence: int, answered_count: int) -> Stored:
    of_event = (
        AnswerEvent.client_id,
        AnswerEvent.client_sequence,
        AnswerEvent.sequence,
        AnswerEvent.position,
        AnswerEvent.response,
    )
    rows = session.execute(select(*of_event).where(AnswerEvent.attempt_id == attempt_id)).all()
    of_slot = (
        AttemptSlot.position,
        AttemptSlot.sequence,
        AttemptSlot.response,
        AttemptSlot.item_version_id,
    )
    slots = session.execute(select(*of_slot).where(AttemptSlot.attempt_id == attempt_id)).all()
    return Stored(
        attempt_id,
        sequence,
        answered_count,
        [Event(row[0], row[1], row[2], (row[3], row[4].get("text", ""))) for row in rows],
        {slot.position: Slot(slot.sequence, slot.response, slot.item_version_id) for slot in slots},
    )


def judge_site(
    settings: Settings,
    records: Sequence[Record],
    wordings: Mapping[tuple[int, int], int],
    *,
    is_whole: bool = True,
) -> Verdict:
    """Examine all data of a site and compare them with what its browsers were told."""
    engine = make_engine(settings)
    try:
        with Session(engine) as session:
            stored = read_stored(session, {record.attempt_id for record in records})
            if is_whole:
                return judge(records, stored, wordings, examine(session, settings))
            file = settings.database_file
            return judge(records, stored, wordings, file_findings(file) if file else [])
    finally:
        engine.dispose()
