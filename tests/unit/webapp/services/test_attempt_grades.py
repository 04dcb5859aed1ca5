"""What the grades of an attempt add up to: dropped questions, protected ones, late credit, nothing below nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.services.attempt_grades import Totals, settle, totals
from webapp.services.slot_grading import DROPPED, SlotGrade


def counted(score: str | None) -> SlotGrade:
    return SlotGrade("graded", None if score is None else Decimal(score))


DROP = SlotGrade(DROPPED, None)


def protected(score: str) -> SlotGrade:
    return SlotGrade(DROPPED, None, counted(score))


def ones(grades: list[SlotGrade]) -> list[Decimal]:
    return [Decimal(1)] * len(grades)


@pytest.mark.parametrize(
    ("scores", "percent", "points", "possible"),
    [
        ([], 100, "0", "0"),
        (["1", "0.66667", "0"], 100, "1.66667", "3"),
        (["1", "0.66667", "0"], 80, "1.33334", "3"),  # 1.333336
        (["0.33333"], 50, "0.16666", "1"),  # 0.166665 to the even neighbour
        (["0.00003"], 50, "0.00002", "1"),  # 0.000015 to the even neighbour
        (["1", "1"], 0, "0", "2"),
        (["1", "-2"], 100, "0", "2"),
        (["1", "-2"], 50, "0", "2"),
        (["-2", "1", "1", "1"], 100, "1", "4"),
        ([None, "1"], 100, "1", "2"),
    ],
)
def test_totals(scores, percent, points, possible):
    grades = [counted(score) for score in scores]
    assert totals(grades, ones(grades), percent) == Totals(Decimal(points), Decimal(possible))


def test_worths_count():
    grades = [counted("0.5"), counted("1"), DROP]
    assert totals(grades, [Decimal(4), Decimal("0.5"), Decimal(9)]) == Totals(Decimal("2.5"), Decimal("4.5"))


def test_dropping_everything_gives_nothing_of_nothing():
    assert totals([DROP, DROP], [Decimal(1)] * 2) == Totals(Decimal(0), Decimal(0))
    assert Totals(Decimal(0), Decimal(0)).share == 0


@pytest.mark.parametrize(
    ("grades", "dropped"),
    [
        ([counted("1"), counted("0")], set()),
        ([DROP, counted("0")], {0}),
        ([protected("0"), counted("1")], {0}),
        ([protected("1"), counted("0")], set()),
        ([protected("0.5"), counted("0.5")], {0}),  # the share stays: it falls for nobody
        ([protected("0.5"), protected("0.5")], {0}),  # the second would leave nothing
        ([protected("0"), protected("0")], {0, 1}),
        ([protected("1")], set()),
        ([protected("0")], {0}),
        ([protected("-2"), counted("1"), counted("1")], {0}),
        # In order of position, all protected ones counted at first: 0.5 of 1.5 falls for nobody who has 1.5 of 3
        ([protected("0.5"), protected("1"), counted("0")], {0}),
        ([protected("0.5"), protected("0"), counted("1")], {0, 1}),
        ([protected("0.6"), protected("0"), counted("1")], {1}),
        # Below nothing there is nothing to lose
        ([protected("1"), counted("-2"), counted("-2")], {0}),
    ],
)
def test_a_protected_question_is_dropped_only_where_the_share_does_not_fall(grades, dropped):
    settled = settle(grades, ones(grades))
    assert {place for place, grade in enumerate(settled) if grade.is_dropped} == dropped
    kept = [grade for place, grade in enumerate(settled) if place not in dropped]
    assert kept == [grade.before_drop or grade for place, grade in enumerate(grades) if place not in dropped]


SCORES = st.integers(-200_000, 100_000).map(lambda units: str(Decimal(units) / 100_000))
GRADES = st.lists(
    st.one_of(SCORES.map(counted), SCORES.map(protected), st.just(DROP)), min_size=1, max_size=8
)
PERCENT = st.integers(0, 100)


@given(GRADES)
def test_protected_drops_never_lower_the_share(grades):
    untouched = [grade.before_drop or grade for grade in grades]
    worths = ones(grades)
    assert totals(settle(grades, worths), worths).share >= totals(untouched, worths).share


@given(GRADES, PERCENT)
def test_points_lie_between_nothing_and_what_is_possible(grades, percent):
    worths = ones(grades)
    result = totals(settle(grades, worths), worths, percent)
    assert 0 <= result.points <= result.points_possible <= len(grades)
    assert 0 <= result.share <= 1


@given(GRADES, PERCENT, PERCENT)
def test_less_credit_never_earns_more(grades, one, other):
    settled = settle(grades, ones(grades))
    less, more = (
        totals(settled, ones(grades), percent).points for percent in (min(one, other), max(one, other))
    )
    assert less <= more


@given(GRADES)
def test_what_is_settled_stays_settled_and_plain_drops_stay_dropped(grades):
    worths = ones(grades)
    settled = settle(grades, worths)
    for before, after in zip(grades, settled, strict=True):
        if before.before_drop is None:
            assert after is before
