"""One learner's way through one attempt, step by random step, through the services that pages use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories.answers import fields_of
from tests.integration.replay.bank import make_answer
from webapp.models.account import Account
from webapp.models.attempt import Attempt, AttemptSlot
from webapp.models.item import ItemVersion
from webapp.models.module import Module
from webapp.services.answers import SentAnswer, save_responses
from webapp.services.attempts import start_module_quiz, start_section_check
from webapp.services.errors import Conflict
from webapp.services.grading import check_slot, close_overdue, submit_attempt
from webapp.services.overdue import Overdue
from webapp.services.similar_asking import ask_similar

BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)
GRACE = timedelta(seconds=30)
DUE = BEGIN + timedelta(hours=2)
STEPS = ((DUE + timedelta(hours=2), 80), (DUE + timedelta(hours=5), 45))


@dataclass(frozen=True)
class Scenario:
    """The rules of one quiz, and how its learners behave."""

    name: str
    rules: dict[str, Any]
    kind: str = "section"
    is_late: bool = False

    @property
    def quiz_values(self) -> dict[str, Any]:
        """What is set on the quiz."""
        late = [{"until": until.isoformat(), "percent": percent} for until, percent in STEPS]
        return self.rules | ({"due_at": DUE, "late_credit": late} if self.is_late else {})

    def deadline(self, started_at: datetime) -> datetime | None:
        """When an attempt ends by itself."""
        limit, closes_at = self.rules.get("time_limit_s"), self.rules.get("closes_at")
        ends = [started_at + timedelta(seconds=limit)] if limit else []
        return min([*ends, *([closes_at] if closes_at else [])], default=None)


SCENARIOS = (
    Scenario("deferred", {"behaviour": "deferred"}),
    Scenario("deferred, marked, late", {"behaviour": "deferred", "confidence": "marked"}, is_late=True),
    Scenario("deferred, timed", {"behaviour": "deferred", "confidence": "asked", "time_limit_s": 600}),
    Scenario(
        "deferred, marked, expiring",
        {"behaviour": "deferred", "confidence": "marked", "time_limit_s": 500, "overdue": "expire"},
        "module",
    ),
    Scenario("immediate", {"behaviour": "immediate"}),
    Scenario(
        "immediate, marked, late, by hand",
        {"behaviour": "immediate", "confidence": "marked", "release": "by_hand"},
        is_late=True,
    ),
    Scenario("immediate, timed, late", {"behaviour": "immediate", "time_limit_s": 400}, is_late=True),
    Scenario(
        "immediate, closing",
        {"behaviour": "immediate", "closes_at": BEGIN + timedelta(hours=9), "time_limit_s": 900},
        "module",
    ),
    Scenario(
        "three tries, asked",
        {"behaviour": "tries", "tries_allowed": 3, "try_penalty": 33, "confidence": "asked"},
    ),
    Scenario("two tries for nothing, timed", {"behaviour": "tries", "tries_allowed": 2, "time_limit_s": 450}),
    Scenario(
        "four dear tries, late", {"behaviour": "tries", "tries_allowed": 4, "try_penalty": 40}, is_late=True
    ),
    Scenario(
        "tries, expiring",
        {
            "behaviour": "tries",
            "tries_allowed": 3,
            "try_penalty": 10,
            "time_limit_s": 450,
            "overdue": "expire",
        },
        "module",
    ),
    Scenario("practice", {"behaviour": "immediate", "mode": "practice", "offers_similar": True}),
    Scenario(
        "practice, marked, late",
        {"behaviour": "immediate", "confidence": "marked", "offers_similar": True},
        is_late=True,
    ),
    Scenario(
        "practice in tries, expiring",
        {
            "behaviour": "tries",
            "tries_allowed": 2,
            "try_penalty": 25,
            "offers_similar": True,
            "time_limit_s": 900,
            "overdue": "expire",
        },
    ),
)


class Clock:
    """The time that the services are told."""

    def __init__(self) -> None:
        self.at = BEGIN

    def now(self) -> datetime:
        return self.at


@dataclass
class Journey:
    """An attempt under way, and when it must count as handed in."""

    session: Session
    clock: Clock
    rng: Random
    scenario: Scenario
    module: Module
    account: Account
    at: datetime
    is_over: bool = False
    handed_in_at: datetime | None = None
    is_closed_by_time: bool = False
    has_asked: bool = False
    """Whether the step under way has asked anything of the services."""
    deadline: datetime | None = None
    attempt_id: int = 0
    contents: dict[int, dict[str, Any]] = field(default_factory=dict)
    sent: dict[int, dict[str, Any]] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    own: frozenset[int] = frozenset()
    """The questions of the quiz; all others are similar ones that were asked for."""
    answered_at: datetime | None = None
    """When the last of them was checked for good while the attempt went on."""
    sequence: int = 0

    def start(self) -> None:
        """Begin, and see what is asked."""
        self.clock.at = self.at
        if self.scenario.kind == "section":
            self.attempt_id = start_section_check(self.session, self.account.id, self.module, 1)
        else:
            self.attempt_id = start_module_quiz(self.session, self.account.id, self.module)
        self.deadline = self.scenario.deadline(self.at)
        asked = self.session.execute(
            select(AttemptSlot.position, ItemVersion.content)
            .join(ItemVersion, ItemVersion.id == AttemptSlot.item_version_id)
            .where(AttemptSlot.attempt_id == self.attempt_id)
            .order_by(AttemptSlot.position)
        )
        self.contents = {position: content for position, content in asked}  # noqa: C416 (rows are no pairs to mypy)
        self.own = frozenset(self.contents)

    def go_on(self, steps: int) -> None:
        """Answer and check at random."""
        for _ in range(steps):
            if self.scenario.rules.get("offers_similar") and self.closed and self.rng.random() < 0.4:
                self._wait()
                self._do(self._practise)
            if self.is_over or len(self.closed) == len(self.contents):
                return
            self._wait()
            chance = self.rng.random()
            if self.scenario.rules["behaviour"] == "deferred" or chance < 0.35:
                self._do(self._save)
            elif chance < 0.9:
                self._do(self._check)
            else:
                self._do(self._check_again)

    def finish(self) -> None:
        """Hand in, or leave it to the deadline."""
        if self.is_over:
            return
        chance = self.rng.random()
        if self.deadline is not None and self.deadline > self.at and chance < 0.6:
            # within the grace, at the last moment, or never
            self.at = self.deadline + self.rng.choice(
                [timedelta(0), timedelta(seconds=10), GRACE, timedelta(hours=1)]
            )
            chance = self.rng.random()
            if self.scenario.rules["behaviour"] == "deferred":
                self._do(self._save)
            elif chance < 0.6:
                self._check_all()
        else:
            self._wait()
            self._jump(0.5)
        if not self.is_over:
            self._do(self._hand_in)

    def _check_all(self) -> None:
        """Have every question checked that is not yet; the last one hands in."""
        for _ in range(4 * len(self.contents)):
            if not self.is_over and len(self.closed) < len(self.contents):
                self._do(self._check)

    def _wait(self) -> None:
        self.at += timedelta(seconds=self.rng.choice([1, 7, 20, 45]))
        self._jump(0.03)

    def _jump(self, chance: float) -> None:
        """Sometimes, go to the very moment at which the credit changes."""
        moments = [moment for moment in (DUE, *(until for until, _ in STEPS)) if moment > self.at]
        if self.scenario.is_late and moments and self.rng.random() < chance:
            self.at = moments[0]

    def _do(self, step: Callable[[], None]) -> None:
        self.clock.at, self.has_asked = self.at, False
        try:
            step()
        except Overdue:
            assert self.deadline is not None
            assert self.at > self.deadline + GRACE
            assert close_overdue(self.session, self.attempt_id)
            self.is_closed_by_time = True
            self._end(self.deadline)
        else:
            late = self.deadline is not None and self.at > self.deadline + GRACE
            assert not (late and self.has_asked), "the time was up, and the step was taken all the same"

    def _end(self, at: datetime) -> None:
        self.is_over, self.handed_in_at = True, at

    def _answer(self, position: int, response: dict[str, Any]) -> SentAnswer:
        self.sequence += 1
        self.sent[position] = response
        prefix = f"s{position}-"
        fields = {name.removeprefix(prefix): [value] for name, value in fields_of(position, response).items()}
        level = self.rng.choice([None, 1, 2, 3]) if self.scenario.rules.get("confidence") else None
        return SentAnswer(position, f"browser-{self.attempt_id}", self.sequence, fields, level)

    def _position(self) -> int:
        return self.rng.choice([position for position in self.contents if position not in self.closed])

    def _save(self) -> None:
        left = [position for position in self.contents if position not in self.closed]
        positions = sorted(self.rng.sample(left, min(len(left), self.rng.choice([1, 1, 1, 1, 3]))))
        before, self.has_asked = dict(self.sent), True
        answers = [
            self._answer(position, make_answer(self.rng, self.contents[position])) for position in positions
        ]
        try:
            save_responses(self.session, self.account.id, self.attempt_id, answers)
        except Overdue:
            self.sent = before
            raise

    def _check(self) -> None:
        position = self._position()
        response = make_answer(self.rng, self.contents[position])
        if response:
            self._checked(position, [self._answer(position, response)])

    def _check_again(self) -> None:
        """The same answer once more, as it stands or sent again (how sure it is may have changed)."""
        position = self._position()
        response = self.sent.get(position)
        if response:
            self._checked(position, [self._answer(position, response)] if self.rng.random() < 0.6 else [])

    def _checked(self, position: int, answers: list[SentAnswer]) -> None:
        self.has_asked = True
        row = check_slot(self.session, self.account.id, self.attempt_id, position, answers)
        if row.state != "open":
            self._end(self.at if self.deadline is None else min(self.at, self.deadline))
            return
        slot = self.session.execute(
            select(AttemptSlot.checked_at).filter_by(attempt_id=self.attempt_id, position=position)
        ).scalar_one()
        if slot is not None:
            self.closed.add(position)
            if self.answered_at is None and self.own <= self.closed:
                self.answered_at = self.at

    def _practise(self) -> None:
        """Ask for a question similar to one that was checked, if there is any."""
        position = self.rng.choice(sorted(self.closed))
        self.has_asked = True
        try:
            _attempt, new = ask_similar(self.session, self.account.id, self.attempt_id, position, [])
        except Conflict:
            return
        self.contents[new] = self.session.execute(
            select(ItemVersion.content)
            .join(AttemptSlot, AttemptSlot.item_version_id == ItemVersion.id)
            .where(AttemptSlot.attempt_id == self.attempt_id, AttemptSlot.position == new)
        ).scalar_one()

    def _hand_in(self) -> None:
        self.has_asked = True
        submit_attempt(self.session, self.account.id, self.attempt_id)
        self._end(self.at if self.deadline is None else min(self.at, self.deadline))

    def attempt(self) -> Attempt:
        """The attempt as the database has it."""
        return self.session.get_one(Attempt, self.attempt_id, populate_existing=True)
