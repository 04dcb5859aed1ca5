"""A second calculation of every grade, written from the rules in words and from nothing of the engine.

It reads what happened (answer_event, slot_check), what was pinned (attempt, attempt_slot, item_version) and
what was ruled afterwards (ruling), and counts in fractions. It shares no line with the engine's grading.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models.attempt import AnswerEvent, Attempt, AttemptSlot, SlotCheck
from webapp.models.item import ItemVersion
from webapp.models.quiz import Ruling

UNITS = 100_000
MARKS = {
    1: (Fraction(1, 3), Fraction(0)),
    2: (Fraction(2, 3), Fraction(-2, 3)),
    3: (Fraction(1), Fraction(-2)),
}
"""How sure -> what right earns, what wrong costs."""


def rounded(value: Fraction) -> Fraction:
    """To five decimals, a half to the even neighbour (as Python rounds fractions to whole numbers)."""
    return Fraction(round(value * UNITS), UNITS)


def decimal(value: Fraction) -> Decimal:
    """The same number as the database gives it."""
    whole = value * UNITS
    assert whole.denominator == 1, f"{value} has more than five decimals"
    return Decimal(whole.numerator) / UNITS


@dataclass(frozen=True)
class Answer:
    """What was answered at one moment, and how surely."""

    response: Mapping[str, Any]
    level: int | None


@dataclass(frozen=True)
class Asked:
    """One question of one attempt: what it asked, what was answered, what was checked, what was ruled."""

    position: int
    worth: Fraction
    content: Mapping[str, Any]
    last: Answer
    checks: Sequence[Answer]
    rulings: Sequence[tuple[Ruling, Mapping[str, Any] | None]]


@dataclass
class Expected:
    """What an attempt must have been given."""

    scores: dict[int, Decimal] = field(default_factory=dict)
    tries: dict[int, int] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)
    points: Decimal = Decimal(0)
    possible: Decimal = Decimal(0)


# ---------------------------------------------------------------- one answer by itself


def share_of(content: Mapping[str, Any], response: Mapping[str, Any]) -> Fraction:
    """What one answer earns alone, by the key of this wording."""
    if not response:
        return Fraction(0)
    kind, key = content["type"], content["key"]
    if kind == "gap_text":
        return Fraction(any(plain(response["text"]) == plain(accepted) for accepted in key))
    if kind == "matching":
        wanted = dict(key)
        given = dict(enumerate(response["match"]))
        return Fraction(sum(given[prompt] == answer for prompt, answer in wanted.items()), len(wanted))
    if kind == "ordering":
        place = {option: number for number, option in enumerate(response["order"])}
        kept = sum(place[second] == place[first] + 1 for first, second in pairwise(key))
        return Fraction(kept, len(key) - 1)
    assert kind in {"multiple_choice", "true_false", "gap_list"}, kind
    return Fraction(response["choice"] in key)


def plain(text: str) -> str:
    """As much of the documented tolerance as recorded answers use: case, spacing, a closing stop, an article."""
    words = text.lower().split()
    words[-1] = words[-1].rstrip(".")
    if words[0] in {"the", "a", "an"}:
        words = words[1:]
    return " ".join(words)


# ---------------------------------------------------------------- one question


def earned(content: Mapping[str, Any], asked: Asked, attempt: Attempt) -> Fraction:
    """What a question earns by the key of this wording, under the rules pinned in the attempt."""
    if attempt.behaviour == "tries":
        return _best_try(content, asked, attempt)
    answer = asked.last
    if attempt.behaviour == "immediate" and asked.checks:
        answer = asked.checks[0]
    share = rounded(share_of(content, answer.response))
    if attempt.confidence != "marked" or not answer.response:
        return share
    right, wrong = MARKS[answer.level or 1]
    return rounded(wrong + share * (right - wrong))


def _best_try(content: Mapping[str, Any], asked: Asked, attempt: Attempt) -> Fraction:
    tries = tries_of(asked)
    assert len(tries) <= attempt.tries_allowed, "more tries than allowed"
    last = asked.last.response
    if last and len(tries) < attempt.tries_allowed and (not tries or tries[-1] != last):
        tries.append(last)
    best = Fraction(0)
    for number, response in enumerate(tries):
        left = max(Fraction(0), 1 - Fraction(number * attempt.try_penalty, 100))
        best = max(best, rounded(rounded(share_of(content, response)) * left))
    return best


def tries_of(asked: Asked) -> list[Mapping[str, Any]]:
    """The answers with which a question was tried while answering: the same one again costs nothing."""
    tries: list[Mapping[str, Any]] = []
    for check in asked.checks:
        if not tries or tries[-1] != check.response:
            tries.append(check.response)
    return tries


def ruled(asked: Asked, attempt: Attempt) -> tuple[Fraction, str]:
    """The score of a question after all rulings, and whether it is dropped: "", "drop" or "protected".

    Who drops a question and later rules how it is graded has taken it back into the count. The score that
    such a ruling compares with, or must not lower, is the one the question had before it was dropped.
    """
    score, drop = earned(asked.content, asked, attempt), ""
    for ruling, other in asked.rulings:
        if ruling.kind == "drop":
            drop = "drop" if drop == "drop" or not ruling.never_lowers else "protected"
            continue
        if ruling.kind == "full":
            after = Fraction(1)
        else:
            assert other is not None
            after = earned(other, asked, attempt)
            if ruling.kind == "either":
                after = max(score, after)
        score, drop = max(score, after) if ruling.never_lowers else after, ""
    return score, drop


# ---------------------------------------------------------------- one attempt


def expect(session: Session, attempt: Attempt, percent: int, graded: set[int]) -> Expected:
    """The grades of one attempt at this percent of credit.

    Of one that ended without being handed in only some questions have been graded: those that were checked.
    """
    outcome = Expected()
    worth: dict[int, Fraction] = {}
    points: dict[int, Fraction] = {}
    protected = []
    for asked in read(session, attempt):
        score, drop = ruled(asked, attempt)
        outcome.scores[asked.position] = decimal(score)
        outcome.tries[asked.position] = len(tries_of(asked))
        if asked.position not in graded:
            outcome.possible += decimal(asked.worth)
            continue
        worth[asked.position] = asked.worth
        points[asked.position] = rounded(score * asked.worth)
        if drop == "drop":
            outcome.dropped.add(asked.position)
        elif drop == "protected":
            protected.append(asked.position)
    for position in sorted(protected):
        counted = set(worth) - outcome.dropped
        if share(points, worth, counted - {position}) >= share(points, worth, counted):
            outcome.dropped.add(position)
    counted = set(worth) - outcome.dropped
    total = max(Fraction(0), sum((points[position] for position in counted), Fraction(0)))
    outcome.points = decimal(rounded(total * Fraction(percent, 100)))
    outcome.possible += decimal(sum((worth[position] for position in counted), Fraction(0)))
    return outcome


def share(points: Mapping[int, Fraction], worth: Mapping[int, Fraction], counted: Iterable[int]) -> Fraction:
    """The attempt's share of its points, which are never below nothing; nothing of nothing is nothing."""
    counted = list(counted)
    possible = sum((worth[position] for position in counted), Fraction(0))
    total = max(Fraction(0), sum((points[position] for position in counted), Fraction(0)))
    return total / possible if possible else Fraction(0)


def credit(at: datetime, due_at: datetime | None, steps: Sequence[tuple[datetime, int]]) -> int:
    """What handing in at this moment leaves, in percent."""
    if due_at is None or not steps or at <= due_at:
        return 100
    return next((percent for until, percent in steps if at <= until), 0)


def read(session: Session, attempt: Attempt) -> list[Asked]:
    """Everything that was recorded about one attempt, a question at a time."""
    of_attempt = {"attempt_id": attempt.id}
    last: dict[int, Answer] = {}
    for event in session.scalars(select(AnswerEvent).filter_by(**of_attempt).order_by(AnswerEvent.sequence)):
        last[event.position] = Answer(event.response, event.confidence)
    checks: dict[int, list[Answer]] = {}
    for check in session.scalars(select(SlotCheck).filter_by(**of_attempt).order_by(SlotCheck.number)):
        checks.setdefault(check.position, []).append(Answer(check.response, check.confidence))
    pinned = session.execute(
        select(AttemptSlot.position, AttemptSlot.points_possible, AttemptSlot.retry_of, ItemVersion)
        .join(ItemVersion, ItemVersion.id == AttemptSlot.item_version_id)
        .where(AttemptSlot.attempt_id == attempt.id)
    ).all()
    return [
        Asked(
            position,
            Fraction(worth) if retry_of is None else Fraction(0),
            version.content,
            last.get(position, Answer({}, None)),
            checks.get(position, []),
            _rulings(session, version),
        )
        for position, worth, retry_of, version in pinned
    ]


def _rulings(session: Session, version: ItemVersion) -> list[tuple[Ruling, Mapping[str, Any] | None]]:
    found = session.scalars(
        select(Ruling)
        .where(Ruling.item_id == version.item_id, Ruling.undone_at.is_(None))
        .where(Ruling.up_to_version >= version.number)
        .order_by(Ruling.id)
    )
    return [
        (one, session.get_one(ItemVersion, one.graded_by_id).content if one.graded_by_id else None)
        for one in found
    ]
