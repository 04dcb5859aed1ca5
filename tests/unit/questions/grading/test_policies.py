"""Partial credit by neighbours."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.grading.policies import adjacent_pairs


@pytest.mark.parametrize(
    ("right", "given_order", "share"),
    [
        ([0, 1, 2, 3], [0, 1, 2, 3], 1),
        ([0, 1, 2, 3], [3, 2, 1, 0], 0),
        ([0, 1, 2, 3], [3, 0, 1, 2], Fraction(2, 3)),
        ([0, 1, 2, 3], [0, 1, 3, 2], Fraction(1, 3)),
        ([0], [0], 1),
        ([0], [1], 0),
        ([], [], 1),
    ],
)
def test_table(right, given_order, share):
    assert adjacent_pairs(right, given_order) == share


@given(st.permutations(range(5)), st.permutations(range(5)))
def test_full_credit_only_for_the_right_order(right, order):
    assert (adjacent_pairs(right, order) == 1) == (right == order)
