"""Walkthroughs: a quiz's rules and a learner's steps in a table, with what must be so after each step.

The tables stand in tests/data/walkthroughs, one file each, with these columns:

* step: set (a rule of the quiz, before the start), start, answer, check, hand in, look, wait, count;
* what: the rule's name; the question, counted from 1; for `count` which attempt counts (highest, first, last);
* value: the rule's value (moments as seconds from the beginning, `+600`; late credit as `+600:80 +1200:40`);
  right, partly, wrong, other (another wrong one) or nothing as an answer; the seconds to wait; an access code;
* sure: how sure the learner is, 1 to 3;
* result: `refused` where the step must not be possible;
* state, points, possible: of the newest attempt afterwards (for `count`: points of the one that counts);
* status, score: of the question the step was about (`open`: not graded for good yet).

Empty cells say nothing. A driver takes the steps: through the services, through the pages, in a browser.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from questions.items.base import BLANK, Item, Option
from tests.factories.attempts import make_quiz
from tests.factories.modules import make_item, make_module
from tests.factories.people import make_account
from webapp.models.account import Account
from webapp.models.attempt import Attempt, AttemptSlot
from webapp.models.module import Module
from webapp.repositories.scores import list_attempts_of_modules
from webapp.services.counting import score_of

FOLDER = Path(__file__).parents[2] / "data" / "walkthroughs"
WHICH = {"highest": "best", "first": "first", "last": "last"}
MOMENTS = ("opens_at", "due_at", "closes_at")
WORDS = ("behaviour", "confidence", "counted", "overdue", "release", "access_code", "mode")

ITEMS = (
    Item(
        "multiple_choice",
        "Who was the first master?",
        (Option("Anna Krol"), Option("Nobody"), Option("The town")),
        (0,),
    ),
    Item("gap_text", f"The town is called {BLANK}.", (), ("Veltmar",)),
    Item(
        "ordering",
        "Put the events in their order.",
        tuple(Option(text) for text in ("Repairs", "A storm", "The opening", "A tax")),
        (2, 1, 0, 3),
    ),
    Item(
        "matching",
        "Match the years.",
        tuple(Option(text) for text in ("Opening", "Storm", "Repairs", "1938", "1911", "1934")),
        ((0, 4), (1, 5), (2, 3)),
    ),
)
"""What every walkthrough asks, in this order."""

ANSWERS: Mapping[int, Mapping[str, dict[str, Any]]] = {
    1: {"right": {"choice": 0}, "wrong": {"choice": 1}, "other": {"choice": 2}},
    2: {"right": {"text": "veltmar."}, "wrong": {"text": "Harbour"}, "other": {"text": "Salt"}},
    3: {
        "right": {"order": [2, 1, 0, 3]},
        "partly": {"order": [1, 0, 3, 2]},  # two of three neighbours
        "wrong": {"order": [3, 0, 1, 2]},
        "other": {"order": [0, 2, 3, 1]},
    },
    4: {
        "right": {"match": [4, 5, 3]},
        "partly": {"match": [4, 3, 5]},  # one of three pairs
        "wrong": {"match": [5, 3, 4]},
        "other": {"match": [3, 4, 5]},
    },
}


class Driver(Protocol):
    """Whoever takes the steps of a walkthrough. Each verb says whether the step was possible."""

    abilities: frozenset[str]
    """Of "sure" and "code": what this way of answering can express."""

    def start(self, code: str) -> bool:
        """Start an attempt."""
        ...

    def answer(self, position: int, response: Mapping[str, Any], sure: int | None) -> bool:
        """Answer a question of the newest attempt; `{}` takes the answer back."""
        ...

    def check(self, position: int, response: Mapping[str, Any] | None, sure: int | None) -> bool:
        """Have a question checked, with this answer or (None) with the one that is saved."""
        ...

    def hand_in(self) -> bool:
        """Hand the newest attempt in."""
        ...

    def look(self) -> None:
        """Look at the newest attempt; what is overdue is closed by whoever looks."""
        ...

    def seen_points(self) -> str | None:
        """The points as the learner is shown them, like "2.67 of 4"; None where this way shows none."""
        ...


@dataclass
class Told:
    """The clock of a walkthrough."""

    begin: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))
    waited_s: int = 0

    def now(self) -> datetime:
        """The moment that the walkthrough has reached."""
        return self.begin + timedelta(seconds=self.waited_s)


@dataclass(frozen=True)
class Stage:
    """What a walkthrough is played on, and what a driver needs to know of it."""

    session: Session
    account: Account
    module: Module
    kind: str
    told: Told

    def attempt(self) -> Attempt:
        """The newest attempt as the database has it."""
        self.session.commit()
        newest = select(Attempt).order_by(Attempt.id.desc()).execution_options(populate_existing=True)
        return self.session.scalars(newest).first() or Attempt(id=0, state="none")

    def slot(self, position: int) -> AttemptSlot:
        """A question of the newest attempt."""
        found = select(AttemptSlot).filter_by(attempt_id=self.attempt().id, position=position)
        return self.session.scalars(found.execution_options(populate_existing=True)).one()

    def counted_points(self, which: str) -> Decimal:
        """The points of the attempt that counts."""
        rows = list(list_attempts_of_modules(self.session, [self.module.id]))
        chosen = score_of(rows, WHICH[which])
        assert chosen is not None
        return chosen.points


Row = dict[str, str]


def read_rows(path: Path) -> list[Row]:
    """The steps of a walkthrough."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def needs(rows: list[Row]) -> set[str]:
    """The abilities that a walkthrough asks of its driver."""
    found = {"sure"} if any(row["sure"] for row in rows) else set()
    return found | ({"code"} if any(row["what"] == "access_code" for row in rows) else set())


def play(rows: list[Row], session: Session, told: Told, make_driver: Callable[[Stage], Driver]) -> int:
    """Set the stage, take every step, compare after each; how many comparisons that made."""
    rules = {row["what"]: row["value"] for row in rows if row["step"] == "set"}
    stage = set_stage(session, told, rules)
    driver = make_driver(stage)
    compared = 0
    for number, row in enumerate(rows, start=2):
        if row["step"] != "set":
            was_possible = take(stage, driver, row)
            where = f"line {number}: {row}"
            assert was_possible == (row["result"] != "refused"), where
            compared += 1 + compare(stage, driver, row, where)
    return compared


def set_stage(session: Session, told: Told, rules: dict[str, str]) -> Stage:
    """A module with the questions, a quiz with the rules set on its row, a learner."""
    kind = rules.pop("kind", "section")
    module = make_module(session, sections=[("", "The harbour of Veltmar opened in 1911.")])
    for item in ITEMS:
        make_item(session, module.sections[0], item)
    quiz = make_quiz(session, module.sections[0] if kind == "section" else module.id)
    for name, value in rules.items():
        setattr(quiz, name, _rule(name, value, told))
    session.commit()
    return Stage(session, make_account(session), module, kind, told)


def _rule(name: str, value: str, told: Told) -> object:
    if name in MOMENTS:
        return told.begin + timedelta(seconds=int(value))
    if name == "late_credit":
        steps = [step.split(":") for step in value.split()]
        return [
            {"until": (told.begin + timedelta(seconds=int(at))).isoformat(), "percent": int(percent)}
            for at, percent in steps
        ]
    return value if name in WORDS else int(value)


def take(stage: Stage, driver: Driver, row: Row) -> bool:
    """One step."""
    step, value, sure = row["step"], row["value"], int(row["sure"]) if row["sure"] else None
    if step == "wait":
        stage.told.waited_s += int(value)
    elif step == "look":
        driver.look()
    elif step == "start":
        return driver.start(value)
    elif step == "hand in":
        return driver.hand_in()
    elif step in {"answer", "check"}:
        position = int(row["what"])
        response = {} if value == "nothing" else ANSWERS[position][value] if value else None
        if step == "check":
            return driver.check(position, response, sure)
        assert response is not None, "an answer needs a value"
        return driver.answer(position, response, sure)
    else:
        assert step == "count", f"no such step: {step}"
    return True


def compare(stage: Stage, driver: Driver, row: Row, where: str) -> int:
    """Everything the row says must be so now; how much that was."""
    attempt = stage.attempt()
    now: dict[str, object] = {"state": attempt.state, "possible": attempt.points_possible}
    now["points"] = stage.counted_points(row["what"]) if row["step"] == "count" else attempt.points
    if row["what"].isdigit():
        slot = stage.slot(int(row["what"]))
        now |= {"status": slot.status or "open", "score": slot.score}
    expected: dict[str, object] = {
        name: Decimal(row[name]) if name in {"points", "possible", "score"} else row[name]
        for name in ("state", "possible", "points", "status", "score")
        if row[name]
    }
    assert {name: now[name] for name in expected} == expected, where
    if row["points"] and row["step"] != "count" and attempt.state == "released":
        seen = driver.seen_points()
        assert seen in {None, f"{_shown(attempt.points)} of {_shown(attempt.points_possible)}"}, where
    return len(expected)


def _shown(points: Decimal) -> str:
    return f"{points:.0f}" if points == int(points) else f"{points:.2f}"
