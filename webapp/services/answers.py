"""Saving answers: one by one, each exactly once, in one transaction with the event that remembers it.

A save carries an idempotency key (attempt, client id, client sequence). The same key again gives the same
reply and stores nothing; the same key with another answer is refused. The caller acknowledges after COMMIT.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from questions.items.base import ResponseError
from questions.items.content import item_from_json
from questions.items.registry import item_type
from webapp.repositories import answers, attempts, progress
from webapp.repositories.answers import EventRow, SaveTarget
from webapp.services import clock
from webapp.services.errors import Conflict, NotFound, Refused
from webapp.services.overdue import Overdue, is_overdue
from webapp.services.slot_grading import Given

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

KEY_USED = (
    "This page is an older copy: another answer was saved from it. Load the page again to see what is kept."
)
HANDED_IN = "These answers have been handed in and cannot be changed. Start a new attempt to answer again."
GONE_ON = "You have gone on from question %d, and this quiz has no way back. Its answer stays as it was."
NOT_YET = "Question %d comes later: this quiz is answered one question after the other."
CHECKED = "Question %d has been checked and keeps its answer. Try the section again to answer it anew."


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """What a browser sent for one question, with the idempotency key of this save."""

    position: int
    client_id: str
    client_sequence: int
    fields: Mapping[str, Sequence[str]]
    confidence: int | None = None
    """How sure the learner is, 1 to 3, where the quiz asks."""


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """What is stored for one question once the transaction is committed."""

    position: int
    sequence: int
    response: Mapping[str, Any]
    saved_at: datetime | None
    is_kept: bool = False
    """True where the question had been checked before, so that the answer sent was not taken."""


class RefusedAnswers(Refused):
    """Answers that no question can take as they are: position -> what to do about it."""

    def __init__(self, problems: Mapping[int, str]) -> None:
        first = min(problems)
        super().__init__(f"q{first}", problems[first])
        self.problems = dict(problems)


def save_responses(
    session: Session, account_id: int, attempt_id: int, sent: Sequence[SentAnswer]
) -> list[SavedAnswer]:
    """Store what was sent for these questions of the person's own open attempt.

    Raises NotFound (no such attempt or question of this person), RefusedAnswers (nothing is stored then),
    Overdue (its time is up) and Conflict (handed in, checked, gone on from, key used for another answer).
    """
    attempts.lock_attempt(session, attempt_id)
    targets = _targets(session, account_id, attempt_id, sent)
    responses = _read(targets, sent)
    keeper = _Keeper(session, account_id, attempt_id, is_single=len(sent) == 1)
    saved = [
        keeper.keep(targets[answer.position], answer, response)
        for answer, response in zip(sent, responses, strict=True)
    ]
    keeper.count(next(iter(targets.values())))
    return saved


def _targets(
    session: Session, account_id: int, attempt_id: int, sent: Sequence[SentAnswer]
) -> dict[int, SaveTarget]:
    if len(sent) == 1:
        target = answers.get_save_target(
            session, attempt_id, account_id, sent[0].position, (sent[0].client_id, sent[0].client_sequence)
        )
        found = {target.position: target} if target else {}
    else:
        found = {
            target.position: target for target in answers.list_save_targets(session, attempt_id, account_id)
        }
    if not found or any(answer.position not in found for answer in sent):
        raise NotFound
    first = next(iter(found.values()))
    if is_overdue(first.state, first.deadline_at):
        raise Overdue([attempt_id])
    return found


def _read(targets: Mapping[int, SaveTarget], sent: Sequence[SentAnswer]) -> list[Mapping[str, Any]]:
    responses: list[Mapping[str, Any]] = []
    problems: dict[int, str] = {}
    for answer in sent:
        item = item_from_json(targets[answer.position].content)
        try:
            responses.append(item_type(item.type).read(item, answer.fields))
        except ResponseError as error:
            problems[answer.position] = str(error)
    if problems:
        raise RefusedAnswers(problems)
    return responses


class _Keeper:
    """Stores the answers of one request and counts them; makes no write where nothing changed."""

    def __init__(self, session: Session, account_id: int, attempt_id: int, *, is_single: bool) -> None:
        self.session = session
        self.account_id = account_id
        self.attempt_id = attempt_id
        self.is_single = is_single
        self.stored: list[EventRow] = []
        self.newly_answered = 0

    def keep(self, target: SaveTarget, answer: SentAnswer, response: Mapping[str, Any]) -> SavedAnswer:
        """Store one answer, or say what is stored already."""
        before = target.response or {}
        confidence = answer.confidence if target.asks_confidence and response else None
        if response == before and confidence == target.confidence:
            return SavedAnswer(target.position, target.sequence, before, target.saved_at)
        if target.is_closed:
            return self._closed(target, answer, response)
        event = EventRow(
            position=target.position,
            client_id=answer.client_id,
            client_sequence=answer.client_sequence,
            sequence=target.attempt_sequence + len(self.stored) + 1,
            response=dict(response),
            saved_at=clock.now(),
            confidence=confidence,
        )
        if self._is_overtaken(target, event):
            known = answers.get_event(self.session, self.attempt_id, answer.client_id, answer.client_sequence)
            if known is not None:
                return self._again(answer, Given(response, confidence))
            return SavedAnswer(target.position, target.sequence, before, target.saved_at, is_kept=True)
        if not answers.add_event(self.session, self.attempt_id, event):
            return self._again(answer, Given(response, confidence))
        answers.set_response(self.session, self.attempt_id, event)
        self.stored.append(event)
        if not target.is_extra:
            self.newly_answered += bool(response) - bool(before)
        return SavedAnswer(target.position, event.sequence, response, event.saved_at)

    def _is_overtaken(self, target: SaveTarget, event: EventRow) -> bool:
        """A save that was held up on its way must not undo a later one of the same page."""
        if self.is_single:
            return target.is_overtaken
        # where the question was never answered, there is none
        return bool(target.sequence) and answers.is_overtaken(self.session, self.attempt_id, event)

    def _again(self, answer: SentAnswer, given: Given) -> SavedAnswer:
        """The reply to a key that was used before."""
        event = answers.get_event(self.session, self.attempt_id, answer.client_id, answer.client_sequence)
        if event is None or not _is_it(event, answer, given):
            raise Conflict(KEY_USED)
        return SavedAnswer(event.position, event.sequence, event.response, event.saved_at)

    def _closed(self, target: SaveTarget, answer: SentAnswer, response: Mapping[str, Any]) -> SavedAnswer:
        """A save that comes too late, unless it repeats one that was acknowledged in time."""
        event = answers.get_event(self.session, self.attempt_id, answer.client_id, answer.client_sequence)
        given = Given(response, answer.confidence if target.asks_confidence and response else None)
        if event is not None and _is_it(event, answer, given):
            return SavedAnswer(event.position, event.sequence, event.response, event.saved_at)
        if target.state != "open":
            raise Conflict(HANDED_IN)
        if self.is_single:
            if target.is_to_come:
                raise Conflict(NOT_YET % target.position)
            is_checked = target.checked_at is not None
            raise Conflict((CHECKED if is_checked else GONE_ON) % target.position)
        # One form with every question, sent from a page that is older than the check: the others still count.
        return SavedAnswer(
            target.position, target.sequence, target.response or {}, target.saved_at, is_kept=True
        )

    def count(self, target: SaveTarget) -> None:
        """Bring the counters of attempt and section to what was stored."""
        if not self.stored:
            return
        newest = self.stored[-1]
        answers.count_save(
            self.session,
            self.attempt_id,
            newest.sequence,
            target.answered_count + self.newly_answered,
            newest.saved_at,
        )
        if target.section_id is not None and target.last_slot != newest.position:
            progress.be_at(self.session, self.account_id, target.section_id, newest.position, newest.saved_at)


def _is_it(event: EventRow, answer: SentAnswer, given: Given) -> bool:
    """Whether this very answer is what was acknowledged under the key."""
    return event.position == answer.position and Given(event.response, event.confidence) == given
