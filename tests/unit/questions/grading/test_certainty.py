"""Certainty-based marking: the table of the scheme, what lies between, and its bounds."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.grading.certainty import certainty_score

SCORES = st.integers(0, 100_000).map(lambda units: Decimal(units) / 100_000)
LEVELS = st.sampled_from([None, 1, 2, 3])


@pytest.mark.parametrize(
    ("level", "score", "expected"),
    [
        (1, "1", "0.33333"),
        (2, "1", "0.66667"),
        (3, "1", "1"),
        (1, "0", "0"),
        (2, "0", "-0.66667"),
        (3, "0", "-2"),
        (None, "1", "0.33333"),
        (None, "0", "0"),
        (1, "0.5", "0.16667"),
        (2, "0.5", "0"),
        (3, "0.5", "-0.5"),
        (3, "0.66667", "0.00001"),
        (2, "0.66667", "0.22223"),
        (2, "0.33333", "-0.22223"),
    ],
)
def test_right_earns_and_wrong_costs_by_how_sure_one_was(level, score, expected):
    assert certainty_score(Decimal(score), level) == Decimal(expected)


@pytest.mark.parametrize("level", [0, 4, -1])
def test_there_is_no_other_level(level):
    with pytest.raises(ValueError, match="levels 1 to 3"):
        certainty_score(Decimal(1), level)


@given(SCORES, SCORES, LEVELS)
def test_better_answers_never_earn_less_and_scores_stay_in_bounds(one, other, level):
    worse, better = certainty_score(min(one, other), level), certainty_score(max(one, other), level)
    assert Decimal(-2) <= worse <= better <= 1


@given(SCORES)
def test_no_level_is_the_first(score):
    assert certainty_score(score, None) == certainty_score(score, 1) >= 0
