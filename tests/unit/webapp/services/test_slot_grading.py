"""What one question earned: behaviours, tries, certainty and rulings, case by case and for any history."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.grading.outcome import Outcome
from webapp.services import slot_grading
from webapp.services.slot_grading import (
    Given,
    GradingRules,
    RulingFacts,
    SlotGrade,
    grade_slot,
    points_of,
)


def ordering(*key: int) -> dict[str, Any]:
    options = [{"text": f"Event {place}", "role": ""} for place in range(4)]
    return {"type": "ordering", "stem": "Put in order", "options": options, "key": list(key)}


ASKED, OTHER, THIRD = ordering(0, 1, 2, 3), ordering(3, 2, 1, 0), ordering(1, 2, 3, 0)
RIGHT, PARTLY, WRONG = {"order": [0, 1, 2, 3]}, {"order": [1, 2, 3, 0]}, {"order": [3, 2, 1, 0]}
"""1, 2/3 and 0 by the key as asked; 0, 0 and 1 by the other; 2/3, 1 and 0 by the third."""
NOTHING = Given({})

DEFERRED = GradingRules("deferred")
IMMEDIATE = GradingRules("immediate")
THREE = GradingRules("tries", 3, 33)
MARKED = GradingRules("deferred", confidence="marked")

HISTORIES = st.tuples(
    st.lists(st.sampled_from([RIGHT, PARTLY, WRONG]).map(Given), max_size=3),
    st.sampled_from([RIGHT, PARTLY, WRONG, {}]).map(Given),
)
RULINGS = st.builds(
    RulingFacts,
    st.sampled_from(["key", "either", "full", "drop"]),
    st.booleans(),
    st.sampled_from([ASKED, OTHER, THIRD]),
)


def given_(*responses: dict[str, Any]) -> list[Given]:
    return [Given(response) for response in responses]


def score(value: str) -> Decimal:
    return Decimal(value)


@pytest.mark.parametrize(
    ("rules", "tries", "last", "status", "expected"),
    [
        (DEFERRED, [], RIGHT, "correct", "1"),
        (DEFERRED, [], PARTLY, "partly", "0.66667"),
        (DEFERRED, [], WRONG, "incorrect", "0"),
        (DEFERRED, [], {}, "unanswered", "0"),
        (IMMEDIATE, [PARTLY], PARTLY, "partly", "0.66667"),
        (IMMEDIATE, [], RIGHT, "correct", "1"),
        (IMMEDIATE, [WRONG], RIGHT, "incorrect", "0"),  # checked once: what is changed after counts nothing
        (THREE, [], RIGHT, "correct", "1"),
        (THREE, [], {}, "unanswered", "0"),
        (THREE, [WRONG, RIGHT], RIGHT, "correct", "0.67"),
        (THREE, [WRONG, PARTLY, RIGHT], RIGHT, "correct", "0.44667"),
        (THREE, [PARTLY, WRONG, RIGHT], RIGHT, "correct", "0.66667"),
        (THREE, [WRONG], RIGHT, "correct", "0.67"),  # changed since the check: one further try
        (THREE, [WRONG, PARTLY, WRONG], RIGHT, "partly", "0.44667"),  # none left
        (THREE, [PARTLY], {}, "partly", "0.66667"),  # taken back: takes nothing away
        (THREE, [PARTLY], PARTLY, "partly", "0.66667"),
        (GradingRules("tries", 1, 50), [WRONG], RIGHT, "incorrect", "0"),
    ],
)
def test_what_a_history_earns(rules, tries, last, status, expected):
    grade = grade_slot(ASKED, given_(*tries), Given(last), rules)
    assert (grade.status, grade.score) == (status, score(expected))


def test_being_surer_of_the_same_answer_is_no_further_try():
    rules = GradingRules("tries", 2, 0, "asked")
    assert grade_slot(ASKED, [Given(WRONG, 1)], Given(WRONG, 3), rules) == SlotGrade("incorrect", Decimal(0))


@pytest.mark.parametrize(
    ("response", "level", "expected"),
    [
        (RIGHT, 3, "1"),
        (RIGHT, None, "0.33333"),
        (WRONG, 3, "-2"),
        (WRONG, 1, "0"),
        (PARTLY, 2, "0.22223"),
        ({}, None, "0"),
    ],
)
def test_certainty_is_marked(response, level, expected):
    assert grade_slot(ASKED, [], Given(response, level), MARKED).score == score(expected)
    checked = GradingRules("immediate", confidence="marked")
    tries = [Given(response, level)] if response else []
    assert grade_slot(ASKED, tries, Given(response, level), checked).score == score(expected)
    asked = GradingRules("deferred", confidence="asked")
    assert grade_slot(ASKED, [], Given(response, level), asked) == grade_slot(
        ASKED, [], Given(response), DEFERRED
    )


def test_how_often_a_question_can_be_checked():
    assert [rules.tries for rules in (DEFERRED, IMMEDIATE, THREE)] == [0, 1, 3]


KEY, KEY_KIND = RulingFacts("key", False, OTHER), RulingFacts("key", True, OTHER)
EITHER = RulingFacts("either", False, OTHER)
FULL, DROP, GENTLE = RulingFacts("full", False), RulingFacts("drop", False), RulingFacts("drop", True)


@pytest.mark.parametrize(
    ("response", "rulings", "expected"),
    [
        (RIGHT, [KEY], "0"),
        (WRONG, [KEY], "1"),
        (RIGHT, [KEY_KIND], "1"),
        (WRONG, [KEY_KIND], "1"),
        (RIGHT, [EITHER], "1"),
        (WRONG, [EITHER], "1"),
        (PARTLY, [EITHER], "0.66667"),
        (PARTLY, [RulingFacts("either", False, THIRD)], "1"),
        (WRONG, [FULL], "1"),
        ({}, [FULL], "1"),
        ({}, [KEY], "0"),
        (RIGHT, [KEY, FULL], "1"),
        (WRONG, [FULL, RulingFacts("key", False, THIRD)], "0"),  # in order: the later one decides
        (WRONG, [FULL, RulingFacts("key", True, THIRD)], "1"),
        (RIGHT, [DROP, EITHER], "1"),  # whichever earns more, also of what stood beneath the drop
        (RIGHT, [GENTLE, KEY_KIND], "1"),  # two rulings that lower nobody lower nobody together
        (RIGHT, [DROP, KEY], "0"),
        ({}, [DROP, FULL], "1"),
    ],
)
def test_rulings_one_after_the_other(response, rulings, expected):
    grade = grade_slot(ASKED, [], Given(response), DEFERRED, rulings)
    assert (grade.is_dropped, grade.score) == (False, score(expected))


@pytest.mark.parametrize(
    ("rulings", "is_gentle"),
    [
        ([DROP], False),
        ([GENTLE], True),
        ([GENTLE, GENTLE], True),
        ([GENTLE, DROP], False),
        ([DROP, GENTLE], False),
        ([FULL, GENTLE], True),
        ([DROP, FULL, GENTLE], True),
    ],
)
def test_a_dropped_question_has_no_score_and_what_it_had_is_known_where_nobody_may_lose(rulings, is_gentle):
    grade = grade_slot(ASKED, [], Given(RIGHT), DEFERRED, rulings)
    assert (grade.status, grade.score, grade.is_dropped) == ("dropped", None, True)
    assert grade.before_drop == (SlotGrade("correct", Decimal(1)) if is_gentle else None)


def test_tries_are_graded_anew_by_the_key_of_a_ruling():
    grade = grade_slot(ASKED, given_(PARTLY, WRONG), Given(WRONG), THREE, [KEY])
    assert grade == SlotGrade("correct", score("0.67"))
    marked = GradingRules("immediate", confidence="marked")
    assert grade_slot(ASKED, [Given(RIGHT, 3)], Given(RIGHT, 3), marked, [KEY]).score == -2
    assert grade_slot(ASKED, [Given(RIGHT, 3)], Given(RIGHT, 3), marked, [KEY_KIND]).score == 1


@pytest.mark.parametrize("kind", ["key", "either"])
def test_a_ruling_that_grades_says_by_what(kind):
    with pytest.raises(ValueError, match=f"'{kind}'"):
        grade_slot(ASKED, [], Given(RIGHT), DEFERRED, [RulingFacts(kind, False)])


def test_what_a_person_must_decide_has_no_score_and_yields_to_any(monkeypatch):
    pending = SimpleNamespace(grade=lambda item, response: Outcome(None, "needs_review"))
    monkeypatch.setattr(slot_grading, "item_type", lambda name: pending)
    assert grade_slot(ASKED, [], Given(RIGHT), DEFERRED) == SlotGrade("needs_review", None)
    full = RulingFacts("full", True)
    assert grade_slot(ASKED, [], Given(RIGHT), DEFERRED, [full]) == SlotGrade("correct", Decimal(1))
    assert grade_slot(ASKED, [], Given(RIGHT), DEFERRED, [EITHER]).score is None


@pytest.mark.parametrize(
    ("earned", "worth", "points"),
    [
        (None, "1", "0"),
        ("0.66667", "1", "0.66667"),
        ("0.33333", "0.5", "0.16666"),
        ("-2", "3", "-6"),
        ("0.00005", "0.3", "0.00002"),
    ],
)
def test_points_are_scores_by_their_worth(earned, worth, points):
    assert points_of(None if earned is None else Decimal(earned), Decimal(worth)) == Decimal(points)


@given(HISTORIES, st.sampled_from([RIGHT, PARTLY, WRONG]), st.integers(0, 100))
def test_a_further_try_never_lowers(history, further, penalty):
    tries, last = history
    rules = GradingRules("tries", 5, penalty)
    before = grade_slot(ASKED, tries, last, rules).score
    after = grade_slot(ASKED, tries, Given(further), rules).score
    taken_back = grade_slot(ASKED, tries, NOTHING, rules).score
    assert before is not None
    assert after is not None
    assert taken_back is not None
    assert min(before, after) >= taken_back
    assert grade_slot(ASKED, [*tries, Given(further)], Given(further), rules).score >= taken_back


@given(HISTORIES, st.lists(RULINGS, max_size=4), st.sampled_from([DEFERRED, IMMEDIATE, THREE]))
def test_scores_stay_in_bounds_whatever_is_ruled(history, rulings, rules):
    tries, last = history
    grade = grade_slot(ASKED, tries[: rules.tries], last, rules, rulings)
    assert grade.is_dropped == (grade.score is None)
    assert grade.score is None or 0 <= grade.score <= 1


@given(HISTORIES, st.lists(RULINGS, max_size=4))
def test_rulings_that_never_lower_never_lower(history, rulings):
    tries, last = history
    gentle = [RulingFacts(one.kind, True, one.content) for one in rulings]
    before = grade_slot(ASKED, tries, last, THREE).score
    after = grade_slot(ASKED, tries, last, THREE, gentle)
    counted = after.before_drop or after
    assert counted.score is not None
    assert before is not None
    assert counted.score >= before
    for at, ruling in enumerate(rulings):
        earlier = grade_slot(ASKED, tries, last, THREE, rulings[:at])
        kind = RulingFacts(ruling.kind, True, ruling.content)
        later = grade_slot(ASKED, tries, last, THREE, [*rulings[:at], kind])
        if not earlier.is_dropped and not later.is_dropped:
            assert later.score >= earlier.score


@given(HISTORIES, st.lists(st.sampled_from([ASKED, OTHER, THIRD]), min_size=2, max_size=3), st.booleans())
def test_the_order_of_rulings_that_only_raise_does_not_matter(history, contents, is_either):
    tries, last = history
    rulings = [RulingFacts("either" if is_either else "key", not is_either, one) for one in contents]
    scores = {grade_slot(ASKED, tries, last, THREE, order).score for order in permutations(rulings)}
    assert len(scores) == 1


@given(HISTORIES, st.lists(RULINGS, max_size=3))
def test_a_ruling_made_twice_says_no_more_than_once(history, rulings):
    tries, last = history
    for ruling in rulings:
        once = grade_slot(ASKED, tries, last, THREE, [ruling])
        assert grade_slot(ASKED, tries, last, THREE, [ruling, ruling]) == once
