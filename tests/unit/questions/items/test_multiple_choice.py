"""Multiple choice: what makes an item unfit."""

from dataclasses import replace

import pytest

from questions.items.base import Option
from questions.items.multiple_choice import MultipleChoice

KIND = MultipleChoice()
ITEM = KIND.examples().item


def found(**changes):
    return [(problem.field, problem.message) for problem in KIND.problems(replace(ITEM, **changes))]


@pytest.mark.parametrize("key", [(), (0, 1)])
def test_exactly_one_key(key):
    assert found(key=key) == [("key", f"Mark exactly one choice as right; {len(key)} are marked.")]


@pytest.mark.parametrize("part", [3, -1, "0", True, (0, 1)])
def test_the_key_is_one_of_the_choices(part):
    [(field, message)] = found(key=(part,))
    assert field == "key"
    assert "not in the list" in message


def test_two_to_ten_choices():
    many = tuple(Option(f"choice {letter}") for letter in "abcdefghijk")
    assert found(options=many) == [("options", "Give 2 to 10 choices; there are 11.")]
    assert found(options=many[:10]) == []
    assert found(options=many[:1]) == [("options", "Give 2 to 10 choices; there are 1.")]


def test_an_empty_choice_is_named():
    options = (Option("Pollen"), Option(" "), Option("Wax"))
    assert found(options=options) == [("option-1", "Choice 2 is empty: write it, or remove it.")]


@pytest.mark.parametrize(
    ("one", "other"), [("1,000 bees", "1000 bees"), ("the Queen", "queen."), ("Ça", "ca")]
)
def test_choices_that_say_the_same_are_named(one, other):
    options = (Option("Pollen"), Option(one), Option(other))
    assert found(options=options) == [("option-2", "Choices 2 and 3 say the same.")]


def test_too_long_a_choice_or_feedback():
    options = (Option("x" * 1001), Option("Pollen", "", "y" * 5002))
    assert found(options=options) == [
        ("option-0", "Choice 1 is too long: 1,001 characters, 1 more than the 1,000 allowed."),
        (
            "option-1",
            "The feedback of choice 2 is too long: 5,002 characters, 2 more than the 5,000 allowed.",
        ),
    ]


def test_the_key_in_words():
    assert KIND.key_text(replace(ITEM, key=(2,))) == "Wax"
