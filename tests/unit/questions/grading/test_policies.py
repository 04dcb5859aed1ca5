"""Partial credit by neighbours."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.grading.policies import adjacent_pairs, share_in_place


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


@pytest.mark.parametrize(
    ("right", "found", "share"),
    [
        ([4, 3, 5], [4, 3, 5], 1),
        ([4, 3, 5], [3, 5, 4], 0),
        ([4, 3, 5], [4, 5, 3], Fraction(1, 3)),
        ([4, 3, 5, 6], [4, 3, 6, 5], Fraction(1, 2)),
        ([], [], 1),
        ([], [4], 0),
    ],
)
def test_table_of_places(right, found, share):
    assert share_in_place(right, found) == share


@given(st.permutations(range(5)), st.permutations(range(5)))
def test_a_match_is_never_wrong_in_one_place_only(right, match):
    share = share_in_place(right, match)
    assert (share == 1) == (right == match)
    assert share != Fraction(4, 5)
