"""The order of options: a permutation, the same for the same seed, never the answer itself."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from questions.assembly.shuffle import option_order
from questions.items.base import Item, Option
from questions.items.registry import ITEM_TYPES

ROOT = Path(__file__).parents[4]
seeds = st.integers(min_value=0, max_value=2**31)


def item(kind: str, count: int, key: tuple[int, ...] = (0,)) -> Item:
    return Item(kind, "A stem", tuple(Option(f"Option {letter}") for letter in "abcdefgh"[:count]), key)


@given(seed=seeds, count=st.integers(0, 8))
def test_every_option_is_shown_once_and_always_in_the_same_order(seed: int, count: int) -> None:
    asked = item("multiple_choice", count)
    order = option_order(asked, seed)
    assert sorted(order) == list(range(count))
    assert order == option_order(asked, seed)


def test_seeds_differ() -> None:
    asked = item("multiple_choice", 4)
    firsts = [option_order(asked, seed)[0] for seed in range(400)]
    for index in range(4):
        assert 60 <= firsts.count(index) <= 140


def test_items_of_one_attempt_are_not_shuffled_alike() -> None:
    stems = [Item("multiple_choice", f"Stem {number}", item("x", 4).options, (0,)) for number in range(40)]
    assert len({tuple(option_order(asked, 7)) for asked in stems}) > 10


@given(seed=seeds)
def test_true_stands_before_false(seed: int) -> None:
    assert option_order(ITEM_TYPES["true_false"].examples().item, seed) == [0, 1]


@given(seed=seeds, key=st.permutations(range(4)).map(tuple))
def test_an_ordering_is_never_shown_solved(seed: int, key: tuple[int, ...]) -> None:
    order = option_order(item("ordering", 4, key), seed)
    assert sorted(order) == [0, 1, 2, 3]
    assert order != list(key)


@given(seed=seeds, answers=st.permutations(range(3, 6)))
def test_a_matching_keeps_its_prompts_and_is_never_shown_solved(seed: int, answers: list[int]) -> None:
    asked = replace(item("matching", 6), key=tuple(enumerate(answers)))
    order = option_order(asked, seed)
    assert order[:3] == [0, 1, 2]
    assert sorted(order[3:]) == [3, 4, 5]
    assert order[3:] != answers


@given(seed=seeds)
def test_two_lines_to_order_are_shown_the_other_way_round(seed: int) -> None:
    assert option_order(item("ordering", 2, (1, 0)), seed) == [0, 1]


def test_the_order_does_not_hang_on_the_hash_seed_of_the_process() -> None:
    code = (
        "from questions.assembly.shuffle import option_order\n"
        "from questions.items.base import Item, Option\n"
        "item = Item('multiple_choice', 'A stem', tuple(Option(t) for t in 'pqrst'), (0,))\n"
        "print([option_order(item, seed) for seed in range(9)])\n"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(printed) == 1
