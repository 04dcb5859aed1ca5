"""Options that are numbers or dates rise, whatever the seed; other options are shuffled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.assembly.logical_order import rising_order
from questions.assembly.shuffle import option_order
from questions.items.base import Item, Option


@pytest.mark.parametrize(
    "texts",
    [
        ["9", "10", "1,000", "20,000"],
        ["-5", "-4.5", "0", "three"],
        ["1776", "1812", "1945"],
        ["9 %", "30 percent", "one hundred per cent"],
        ["$5", "$2.5 million", "3 million $"],
        ["about 2 years", "about 10 years"],
        ["1 year", "2 years", "three years"],
        ["first", "2nd", "twenty-first"],
        ["3 May 1999", "March 4, 2000", "2000-03-05"],
        ["March 1776", "3 March 1776", "April 1776"],
        ["5 May", "12 May", "June 1st"],
    ],
)
def test_values_rise(texts):
    for given_order in (list(reversed(texts)), texts[1:] + texts[:1]):
        order = rising_order(given_order)
        assert [given_order[index] for index in order] == texts


@pytest.mark.parametrize(
    "texts",
    [
        ["Paris", "Rome"],
        ["12", "Rome"],
        ["12 boats", "13 men"],
        ["$5", "€6"],
        ["from 2 to 3", "from 4 to 5"],
        ["5 May", "5 May 1999"],
        ["1999", "5 May 1999"],
    ],
)
def test_values_of_different_kinds_have_no_order(texts):
    assert rising_order(texts) is None


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=5, unique=True), st.integers(0, 2**31))
def test_numbers_are_shown_rising_whatever_the_seed(numbers, seed):
    item = Item("gap_list", "It was _____.", tuple(Option(f"{number:,} tons") for number in numbers), (0,))
    assert [numbers[index] for index in option_order(item, seed)] == sorted(numbers)


@given(st.integers(0, 2**31))
def test_lines_to_be_ordered_are_not_shown_rising(seed):
    item = Item(
        "ordering", "Order them.", tuple(Option(f"In {year}") for year in (1812, 1776, 1945)), (1, 0, 2)
    )
    assert option_order(item, seed) != [1, 0, 2]
