"""What changed between two wordings of a question, and whether a key by places means the same in both."""

from __future__ import annotations

from dataclasses import replace

import pytest

from questions.items.base import Item, Option
from questions.items.registry import ITEM_TYPES
from webapp.services.wording_difference import changes_worth, differences, has_same_options


def choice(
    *options: str, key: int = 0, stem: str = "What do the bees carry?", why: str = "It says so."
) -> Item:
    return Item("multiple_choice", stem, tuple(map(Option, options)), (key,), why)


ASKED = choice("Pollen to the hive", "Water to the hive", "Nothing at all")


@pytest.mark.parametrize(
    ("options", "is_same"),
    [
        (("Pollen to the hive", "Water to the hive", "Nothing at all"), True),
        (("Polen to the hive", "Water to teh hive", "nothing at all"), True),
        (("Pollen to the hive", "Water to the hive"), False),
        (("Water to the hive", "Pollen to the hive", "Nothing at all"), False),
        (("Pollen to the hive", "Water to the hive", "Honey"), False),
    ],
    ids=["as it was", "typos", "one fewer", "another order", "another one"],
)
def test_options_are_the_same_but_for_typos(options: tuple[str, ...], is_same: bool) -> None:
    assert has_same_options(ASKED, choice(*options)) is is_same


def test_options_that_are_much_alike_do_not_hide_that_they_changed_places() -> None:
    before, after = choice("12 days", "21 days", "15 days"), choice("21 days", "12 days", "15 days")
    assert not has_same_options(before, after)
    before = choice("Rain rises in spring", "Rain rises in spain", "None")
    after = choice("Rain rises in spain", "Rain rises in spring", "None")
    assert not has_same_options(before, after)


def test_another_number_is_another_option() -> None:
    assert not has_same_options(choice("In 1934", "In June"), choice("In 1943", "In June"))


def test_an_answer_may_be_worth_something_else_by_another_key_or_other_options() -> None:
    assert not changes_worth(ASKED, replace(ASKED, stem="What do bees carry?"))
    assert changes_worth(ASKED, replace(ASKED, key=(1,)))
    assert changes_worth(ASKED, choice("A", "B", "C"))


def test_every_part_that_changed_word_by_word() -> None:
    after = choice(
        "Pollen to the hive",
        "Water to the hives",
        "Nothing at all",
        key=1,
        stem="What do bees carry?",
        why="So.",
    )
    parts = {(part.name, part.number): part.words for part in differences(ASKED, after)}
    assert set(parts) == {("stem", 0), ("option", 2), ("key", 0), ("explanation", 0)}
    assert parts["option", 2] == [("same", "Water to the "), ("gone", "hive"), ("new", "hives")]
    for part in differences(ASKED, after):
        for side, item in (("new", ASKED), ("gone", after)):
            assert "".join(words for change, words in part.words if change != side) in str(item)


def test_accepted_answers_are_all_compared() -> None:
    gap = ITEM_TYPES["gap_text"].examples().item
    [part] = differences(gap, replace(gap, key=(*gap.key, "twelve hundred")))
    assert (part.name, "".join(words for change, words in part.words if change == "new").strip()) == (
        "accepted",
        "/ twelve hundred",
    )


@pytest.mark.parametrize("kind", sorted(ITEM_TYPES))
def test_a_question_is_what_it_is(kind: str) -> None:
    item = ITEM_TYPES[kind].examples().item
    assert differences(item, item) == []
    assert has_same_options(item, item)


def test_texts_with_little_in_common_stand_whole_beside_each_other() -> None:
    [part] = differences(ASKED, replace(ASKED, key=(2,)))
    assert part.words == [("gone", "Pollen to the hive"), ("new", "Nothing at all")]
    [part] = differences(ASKED, replace(ASKED, explanation=""))
    assert part.words == [("gone", "It says so.")]
