"""Ordering: a whole order, a partial credit by neighbours, and refusals that say what to do."""

from dataclasses import replace

import pytest

from questions.items.base import ResponseError
from questions.items.ordering import Ordering

KIND = Ordering()
ITEM = KIND.examples().item


@pytest.mark.parametrize("key", [(), (2, 1), (2, 1, 1), (0, 1, 3), (2, 1, "0"), (2, True, 0)])
def test_the_key_names_every_choice_once(key):
    [problem] = KIND.problems(replace(ITEM, key=key))
    assert (problem.field, problem.message) == (
        "key",
        "The right order must name every choice once, first to last.",
    )


def test_the_choices_may_not_stand_in_the_right_order_already():
    [problem] = KIND.problems(replace(ITEM, key=(0, 1, 2)))
    assert problem.field == "options"


def test_a_missing_place_names_the_line():
    with pytest.raises(ResponseError, match=r"Choose a place for “Work began\."):
        KIND.read(ITEM, {"place-0": ["1"], "place-1": [""], "place-2": ["2"]})


def test_words():
    assert KIND.key_text(ITEM) == "1. The plan was drawn.; 2. Work began.; 3. The bridge opened."
    assert KIND.response_text(ITEM, {"order": (0, 2, 1)}).startswith("1. The bridge opened.; 2. The plan")
