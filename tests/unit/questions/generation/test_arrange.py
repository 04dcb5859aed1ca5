"""Keys stand evenly over the positions, numbers stay in order, and derivations move along."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.generation.arrange import arrange
from questions.generation.checks.sets import LONGEST_RUN, longest_run
from questions.generation.proposal import Derivation
from questions.reading.article import Span
from tests.factories.candidates import make_candidate


def arranged(candidates, seed=0):
    return arrange(candidates, random.Random(seed))


def test_positions_are_even_and_never_long_the_same():
    placed = arranged([make_candidate(n) for n in range(40)])
    positions = [one.position for one in placed]
    assert set(Counter(positions).values()) == {10}
    assert longest_run(positions) <= LONGEST_RUN


def test_the_key_stays_the_key_and_nothing_is_lost():
    made = [make_candidate(n) for n in range(12)]
    for before, after in zip(made, arranged(made), strict=True):
        assert after.proposal.key_texts == before.proposal.key_texts
        assert Counter(after.item.options) == Counter(before.item.options)


@pytest.mark.parametrize(
    ("given", "order"),
    [
        (("9", "3", "5"), ["3", "5", "9"]),
        (("1,200", "950", "4,000"), ["950", "1,200", "4,000"]),
        (("nine", "three", "twelve"), ["three", "nine", "twelve"]),
        (("4 May 1963", "6 March 1964", "4 March 1964"), ["4 May 1963", "4 March 1964", "6 March 1964"]),
        (("March", "January", "May"), ["January", "March", "May"]),
    ],
)
def test_numbers_and_dates_are_sorted(given, order):
    one = arranged([make_candidate(1, kind="gap_list", options=given)])[0]
    assert [option.text for option in one.item.options] == order
    assert one.proposal.key_texts == [given[0]]


def test_others_make_up_for_numbers_that_cannot_move():
    fixed = [
        make_candidate(n, options=(f"{n + 1}", f"{n + 50}", f"{n + 90}", f"{n + 900}")) for n in range(5)
    ]
    free = [make_candidate(n) for n in range(5, 20)]
    counts = Counter(one.position for one in arranged([*fixed, *free]))
    assert counts == {0: 5, 1: 5, 2: 5, 3: 5}


def test_types_without_positions_are_left_alone():
    others = [make_candidate(1, kind="true_false"), make_candidate(2, kind="gap_text")]
    assert arranged(others) == others


def test_derivations_follow_their_options():
    one = make_candidate(1)
    named = {f"option-{n}": Derivation("s1", Span(n, n + 1)) for n in range(4)} | {
        "stem": Derivation("s1", Span(9, 9))
    }
    moved = arranged([replace(one, proposal=replace(one.proposal, derivations=named))])[0]
    for place, option in enumerate(moved.item.options):
        before = [old.text for old in one.item.options].index(option.text)
        assert moved.proposal.derivations[f"option-{place}"] == named[f"option-{before}"]
    assert moved.proposal.derivations["stem"] == named["stem"]


@given(counts=st.lists(st.integers(3, 5), max_size=30), seed=st.integers(0, 99))
def test_no_run_is_too_long_whatever_the_numbers_of_options(counts, seed):
    made = [
        make_candidate(n, options=tuple(f"{letter} boat of {n}" for letter in "abcde"[:count]))
        for n, count in enumerate(counts)
    ]
    assert longest_run([one.position for one in arranged(made, seed)]) <= LONGEST_RUN
