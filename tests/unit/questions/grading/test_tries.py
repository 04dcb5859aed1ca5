"""Several tries at one question: what each can earn, and that trying again never costs anything."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.grading.tries import score_of_tries, try_credit

SCORES = st.integers(0, 100_000).map(lambda units: Decimal(units) / 100_000)
PENALTIES = st.integers(0, 100)


@pytest.mark.parametrize(
    ("number", "penalty", "share"),
    [
        (1, 0, "1"),
        (1, 100, "1"),
        (2, 0, "1"),
        (2, 33, "0.67"),
        (3, 33, "0.34"),
        (4, 33, "0.01"),
        (5, 33, "0"),
        (2, 100, "0"),
        (3, 50, "0"),
        (4, 50, "0"),
    ],
)
def test_each_further_try_earns_less_and_none_less_than_nothing(number, penalty, share):
    assert try_credit(number, penalty) == Decimal(share)


@pytest.mark.parametrize("number", [0, -1])
def test_tries_are_counted_from_one(number):
    with pytest.raises(ValueError, match="counted from 1"):
        try_credit(number, 10)


@pytest.mark.parametrize(
    ("scores", "penalty", "expected"),
    [
        ([], 33, "0"),
        (["1"], 33, "1"),
        (["0", "1"], 33, "0.67"),
        (["0", "0", "1"], 33, "0.34"),
        (["0.66667", "1"], 50, "0.66667"),
        (["0.66667", "1"], 25, "0.75"),
        (["1", "0"], 0, "1"),
        (["0", "0.66667"], 33, "0.44667"),  # 0.4466689
        (["0", "0.33333"], 50, "0.16666"),  # 0.166665 to the even neighbour
        (["0", "0.33335"], 50, "0.16668"),  # 0.166675 to the even neighbour
        (["0", "0", "0"], 0, "0"),
    ],
)
def test_the_best_try_counts(scores, penalty, expected):
    assert score_of_tries([Decimal(score) for score in scores], penalty) == Decimal(expected)


@given(st.lists(SCORES, max_size=6), SCORES, PENALTIES)
def test_a_further_try_never_lowers(scores, further, penalty):
    assert score_of_tries([*scores, further], penalty) >= score_of_tries(scores, penalty)


@given(st.lists(SCORES, min_size=1, max_size=6), PENALTIES)
def test_the_score_lies_between_the_first_try_and_the_best(scores, penalty):
    score = score_of_tries(scores, penalty)
    assert scores[0] <= score <= max(scores)
    assert score == score_of_tries(scores, penalty).quantize(Decimal("0.00001"))
