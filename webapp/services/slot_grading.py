"""What one question of an attempt earned: a pure function of its history, the pinned rules and the rulings.

The one way to a stored score: grading, regrading and examining the data come through here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from questions.grading.certainty import certainty_score
from questions.grading.outcome import SCORE_STEP
from questions.grading.tries import score_of_tries
from questions.items.content import item_from_json
from questions.items.registry import item_type

Response = Mapping[str, Any]
NO_POINTS = Decimal(0)
FULL = Decimal(1)
UNDECIDED = Decimal(-3)
DROPPED = "dropped"
DROP, PROTECTED = "drop", "never lowers"
"""How a question is dropped: for everybody, or for whom it does not lower the share of points."""


@dataclass(frozen=True, slots=True)
class GradingRules:
    """How an attempt is graded: pinned when it starts."""

    behaviour: str = "immediate"
    tries_allowed: int = 1
    try_penalty: int = 0
    confidence: str = "off"

    @property
    def tries(self) -> int:
        """How often a question can be checked while answering."""
        return {"deferred": 0, "immediate": 1}.get(self.behaviour, self.tries_allowed)


@dataclass(frozen=True, slots=True)
class Given:
    """One answer to be graded, with how sure the learner was."""

    response: Response
    confidence: int | None = None


@dataclass(frozen=True, slots=True)
class RulingFacts:
    """A ruling in force, as far as grading needs it: `key` and `either` grade by `content`."""

    kind: str
    never_lowers: bool
    content: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class SlotGrade:
    """What a slot earned. `score` is None where a person must decide, and where the question was dropped."""

    status: str
    score: Decimal | None
    before_drop: SlotGrade | None = None
    """What it was before it was dropped, where that must lower nobody's share of points."""

    @property
    def is_dropped(self) -> bool:
        """Whether the question counts neither as earned nor as possible."""
        return self.status == DROPPED


def grade_slot(
    content: Mapping[str, Any],
    tries: Sequence[Given],
    last: Given,
    rules: GradingRules,
    rulings: Sequence[RulingFacts] = (),
) -> SlotGrade:
    """The grade of a slot: `tries` are the answers it was checked with, in order, `last` the one it holds.

    An answer changed since the last check counts as one further try, if there was one left. Rulings apply in
    the order in which they were made: one about how a dropped question is graded counts it again, and
    compares with what it earned before it was dropped.
    """
    given = [*tries]
    if (
        last.response
        and len(given) < max(rules.tries, 1)
        and (not given or given[-1].response != last.response)
    ):
        given.append(last)
    grade, drop = _graded(content, given, rules), ""
    for ruling in rulings:
        if ruling.kind == DROP:
            drop = PROTECTED if ruling.never_lowers and drop != DROP else DROP
            continue
        drop, after = "", _ruled(grade, ruling, given, rules)
        if not ruling.never_lowers or _worth(after) >= _worth(grade):
            grade = after
    return SlotGrade(DROPPED, None, grade if drop == PROTECTED else None) if drop else grade


def points_of(score: Decimal | None, points_possible: Decimal) -> Decimal:
    """What a score is worth in its slot; nothing while a person must still decide."""
    return NO_POINTS if score is None else (score * points_possible).quantize(SCORE_STEP)


def _graded(content: Mapping[str, Any], given: Sequence[Given], rules: GradingRules) -> SlotGrade:
    """What the tries earned by this wording; the status is that of the best of them."""
    item = item_from_json(dict(content))
    kind = item_type(item.type)
    if not given:
        nothing = kind.grade(item, {})
        return SlotGrade(nothing.status, nothing.score)
    outcomes = [kind.grade(item, one.response) for one in given]
    if any(outcome.score is None for outcome in outcomes):
        return SlotGrade("needs_review", None)
    scores = [outcome.score or NO_POINTS for outcome in outcomes]
    status = outcomes[scores.index(max(scores))].status
    if rules.confidence == "marked":
        return SlotGrade(status, certainty_score(scores[-1], given[-1].confidence))
    return SlotGrade(status, score_of_tries(scores, rules.try_penalty))


def _ruled(grade: SlotGrade, ruling: RulingFacts, given: Sequence[Given], rules: GradingRules) -> SlotGrade:
    if ruling.kind == "full":
        return SlotGrade("correct", FULL)
    if ruling.content is None:
        raise ValueError(f"a ruling of kind {ruling.kind!r} says by which wording it grades")
    other = _graded(ruling.content, given, rules)
    if ruling.kind == "either" and _worth(grade) >= _worth(other):
        return grade
    return other


def _worth(grade: SlotGrade) -> Decimal:
    """For comparing: what a person must still decide is worth less than anything decided."""
    return UNDECIDED if grade.score is None else grade.score
