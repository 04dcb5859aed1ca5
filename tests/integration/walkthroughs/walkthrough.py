"""Walkthroughs: a quiz's rules and people's steps in a table, with what must be so after each step.

The tables stand in tests/data/walkthroughs, one file each, with these columns:

* step: what is done, see STEPS;
* what: the rule's name; the question, counted from 1 as in ITEMS; whom something is granted (learner or cohort,
  with `course` where it holds in every quiz); the section to read; next or back; for `count` which attempt counts
  (highest, average, first, last, or counted: as the quiz says);
* value: the rule's value (moments as seconds from the beginning, `+600`; late credit as `+600:80 +1200:40`);
  right, partly, wrong, other (another wrong one) or nothing as an answer; the seconds to wait; an access code;
  what is granted (`time_percent=200 due_at=+900`); how it is regraded (see Decision);
* sure: how sure the learner is, 1 to 3;
* result: `refused` where the step must not be possible, `hidden` where the learner must not see their points;
* state, points, possible: of the newest attempt afterwards (for `count`: points of the one that counts, or none);
* status, score: of the question the step was about (`open`: not graded for good yet);
* hint: where the question sends the learner after a try that was not right: paragraph or sentence;
* why: how the figures follow from the rules in words.

Empty cells say nothing, and columns may be left out. A driver takes the steps: through the services, through the
pages, in a browser.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.orm import Session

from tests.integration.walkthroughs.stage import ANSWERS, MOMENTS, Stage, Told, set_stage

FILES = sorted((Path(__file__).parents[2] / "data" / "walkthroughs").glob("*.csv"))
STEPS: Mapping[str, str] = {
    "set": "give the quiz a rule, before anybody comes (also: kind, section or module; who, learner or instructor)",
    "start": "start an attempt",
    "answer": "answer a question of the newest attempt",
    "check": "have a question checked",
    "turn": "go to the next question or back, where each has a page of its own",
    "hand in": "hand the newest attempt in",
    "look": "look at the newest attempt",
    "read": "read the text of a section",
    "wait": "let time pass",
    "count": "nothing: only compare the score that counts",
    "grant": "the instructor grants something",
    "take back": "the instructor takes a grant back",
    "release": "the instructor releases the results that wait",
    "reset": "the instructor takes an attempt (by its number) out of the count",
    "regrade": "the instructor decides how a question that was asked is graded",
    "undo": "the instructor takes the newest of these decisions back",
}


@dataclass(frozen=True)
class Whom:
    """To whom something is granted, and where."""

    is_cohort: bool
    is_course_wide: bool


@dataclass(frozen=True)
class Decision:
    """How a question that was asked is graded from now on.

    In a table `full`, `drop`, `key other`, `either other` (the question is edited first: that answer becomes the
    right one) or `accept wrong` (what was typed is right, too); with `lowering` at the end where it may cost points.
    """

    kind: str
    answer: Mapping[str, Any]
    never_lowers: bool


class Driver(Protocol):
    """Whoever takes the steps of a walkthrough. Each verb says whether the step was possible."""

    abilities: frozenset[str]
    """Of `needs`: what this way of taking steps can do."""

    def start(self, code: str) -> bool:
        """Start an attempt."""
        ...

    def answer(self, position: int, response: Mapping[str, Any], sure: int | None) -> bool:
        """Answer a question of the newest attempt; `{}` takes the answer back."""
        ...

    def check(self, position: int, response: Mapping[str, Any] | None, sure: int | None) -> bool:
        """Have a question checked, with this answer or (None) with the one that is saved."""
        ...

    def turn(self, step: int) -> bool:
        """Go so many questions on, or (negative) back."""
        ...

    def hand_in(self) -> bool:
        """Hand the newest attempt in."""
        ...

    def look(self) -> None:
        """Look at the newest attempt; what is overdue is closed by whoever looks."""
        ...

    def read(self, number: int) -> bool:
        """Read the text of a section."""
        ...

    def seen_points(self) -> str:
        """The points of the newest attempt as the learner is shown them, like "2.67 of 4"; empty where hidden."""
        ...

    def seen_hint(self, position: int) -> str:
        """Where a question that was tried sends the learner: "paragraph", "sentence" or nowhere."""
        ...

    def seen_score(self) -> str:
        """The score that counts as the instructor is shown it, like "2.67 of 4"; empty where there is none."""
        ...

    def grant(self, whom: Whom, granted: Mapping[str, Any]) -> bool:
        """Grant something, by the names of QuizOverride's columns."""
        ...

    def take_back(self, whom: Whom) -> bool:
        """Take it back."""
        ...

    def release(self) -> bool:
        """Release the results that wait."""
        ...

    def reset(self, number: int) -> bool:
        """Take the learner's attempt of that number out of the count."""
        ...

    def regrade(self, item_id: int, decision: Decision) -> bool:
        """Look at what a decision about an item would do, and make it."""
        ...

    def undo(self, item_id: int) -> bool:
        """Take the newest decision about an item back."""
        ...


Row = dict[str, str]


def read_rows(path: Path) -> list[Row]:
    """The steps of a walkthrough; columns that it leaves out are empty."""
    columns = (
        "step",
        "what",
        "value",
        "sure",
        "result",
        "state",
        "status",
        "score",
        "points",
        "possible",
        "hint",
    )
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert all(None not in row and None not in row.values() for row in rows), (
        f"{path.name}: a comma too many or few"
    )
    return [dict.fromkeys(columns, "") | row for row in rows]


def needs(rows: list[Row]) -> set[str]:
    """What a walkthrough asks of its driver: its steps, and `sure`, `code`, `hint`, `preview`."""
    found = {row["step"] for row in rows} - {"set", "wait"}
    found |= {name for name in ("sure", "hint") if any(row[name] for row in rows)}
    rules = {(row["what"], row["value"]) for row in rows if row["step"] == "set"}
    if ("who", "instructor") in rules:
        found.add("preview")
    return found | ({"code"} if any(what == "access_code" for what, _ in rules) else set())


def done_by(abilities: frozenset[str]) -> list[Path]:
    """The walkthroughs that a driver with these abilities can do."""
    return [path for path in FILES if needs(read_rows(path)) <= abilities]


def play(rows: list[Row], session: Session, told: Told, make_driver: Callable[[Stage], Driver]) -> int:
    """Set the stage, take every step, compare after each; how many comparisons that made."""
    return play_on(set_stage(session, told, rules_in(rows)), rows, make_driver)


def play_on(stage: Stage, rows: list[Row], make_driver: Callable[[Stage], Driver]) -> int:
    """The same on a stage that is set."""
    driver = make_driver(stage)
    compared = 0
    for number, row in enumerate(rows, start=2):
        if row["step"] != "set":
            was_possible = take(stage, driver, row)
            where = f"line {number}: {row}"
            assert was_possible == (row["result"] != "refused"), where
            compared += 1 + compare(stage, driver, row, where)
    return compared


def rules_in(rows: list[Row]) -> dict[str, str]:
    """The rules that a walkthrough sets."""
    return {row["what"]: row["value"] for row in rows if row["step"] == "set"}


def take(stage: Stage, driver: Driver, row: Row) -> bool:
    """One step."""
    step, what, value = row["step"], row["what"], row["value"]
    if step in {"answer", "check"}:
        return _answer(stage, driver, row)
    if step == "wait":
        stage.told.wait(int(value))
    elif step == "look":
        driver.look()
    elif step != "count":
        learn: dict[str, Callable[[], bool]] = {
            "start": lambda: driver.start(value),
            "turn": lambda: driver.turn({"next": 1, "back": -1}[what]),
            "read": lambda: driver.read(int(what)),
            "hand in": driver.hand_in,
        }
        return learn[step]() if step in learn else _teach(stage, driver, step, what, value)
    return True


def _answer(stage: Stage, driver: Driver, row: Row) -> bool:
    question, value = int(row["what"]), row["value"]
    position, sure = stage.place_of(question), int(row["sure"]) if row["sure"] else None
    response = {} if value == "nothing" else ANSWERS[question][value] if value else None
    if row["step"] == "check":
        return driver.check(position, response, sure)
    assert response is not None, "an answer needs a value"
    return driver.answer(position, response, sure)


def _teach(stage: Stage, driver: Driver, step: str, what: str, value: str) -> bool:
    """What an instructor does meanwhile."""
    if step in {"grant", "take back"}:
        whom = Whom("cohort" in what, "course" in what)
        return (
            driver.take_back(whom) if step == "take back" else driver.grant(whom, _granted(value, stage.told))
        )
    if step == "release":
        return driver.release()
    if step == "reset":
        return driver.reset(int(what))
    item_id = stage.item_id(int(what))
    if step == "undo":
        return driver.undo(item_id)
    assert step == "regrade", f"no such step: {step}"
    kind, *more = value.split()
    answer = next((ANSWERS[int(what)][word] for word in more if word != "lowering"), {})
    return driver.regrade(item_id, Decision(kind, answer, never_lowers="lowering" not in more))


def _granted(value: str, told: Told) -> dict[str, Any]:
    pairs = [one.split("=") for one in value.split()]
    return {name: told.moment(given) if name in MOMENTS else int(given) for name, given in pairs}


def compare(stage: Stage, driver: Driver, row: Row, where: str) -> int:
    """Everything the row says must be so now; how much that was."""
    attempt = stage.attempt()
    if row["step"] == "count":
        return _compare_score(stage, driver, row, where)
    now: dict[str, object] = {
        "state": attempt.state,
        "possible": attempt.points_possible,
        "points": attempt.points,
    }
    if row["status"] or row["score"] or row["hint"]:
        position = stage.place_of(int(row["what"]))
        slot = stage.slot(position)
        now |= {"status": slot.status or "open", "score": slot.score}
        if row["hint"]:
            assert driver.seen_hint(position) == row["hint"], where
    expected: dict[str, object] = {
        name: Decimal(row[name]) if name in {"points", "possible", "score"} else row[name]
        for name in ("state", "possible", "points", "status", "score")
        if row[name]
    }
    assert {name: now[name] for name in expected} == expected, where
    if row["result"] == "hidden":
        assert driver.seen_points() == "", where
    elif row["points"] and attempt.state == "released":
        assert driver.seen_points() == f"{_shown(attempt.points)} of {_shown(attempt.points_possible)}", where
    return len(expected) + bool(row["hint"]) + (row["result"] == "hidden")


def _compare_score(stage: Stage, driver: Driver, row: Row, where: str) -> int:
    """The score that counts: in the database, and where the instructor is shown it."""
    points = stage.counted_points(row["what"])
    expected = None if row["points"] == "none" else Decimal(row["points"])
    assert points == expected, where
    if row["what"] in {"counted", stage.quiz.counted}:
        possible = stage.attempt().points_possible
        seen = "" if points is None else f"{_shown(points)} of {_shown(possible)}"
        assert driver.seen_score() == seen, where
    return 1


def _shown(points: Decimal) -> str:
    return f"{points:.0f}" if points == int(points) else f"{points:.2f}"
