"""An opposite is taken where both can be believed; where the rest of the sentence betrays it, there is none."""

from __future__ import annotations

import pytest

from questions.generation.wordnet import near
from tests.unit.questions.generation.test_distractors import made

BELIEVED = [
    (
        "antonym",
        "The mill bought a large share of the harvest.",
        "The mill bought a small share of the harvest.",
    ),
    ("antonym", "The law of Marlow rests on a fragile peace.", "The law of Marlow rests on a robust peace."),
    (
        "antonym",
        "Pinworm is the most common infection of the coast.",
        "Pinworm is the least common infection of the coast.",
    ),
    (
        "antonym",
        "Leadership in a crew is often informal in the north.",
        "Leadership in a crew is rarely informal in the north.",
    ),
    (
        "antonym",
        "Showers are a better method than baths for the crew.",
        "Showers are a worse method than baths for the crew.",
    ),
    ("number", "The line offers four flights on Monday.", ""),
]
BETRAYED = [
    # a reason, an aim, a consequence or a second statement beside it
    ("antonym", "The price of milk rose because the farms of the coast produced less."),
    ("antonym", "Farmers raised the price of milk to pay for the new roads."),
    ("antonym", "The price of milk rose in the north and the price of bread fell in the south."),
    # words by which the opposite is no opposite, or nobody would say it
    ("antonym", "Even the price of milk rose in the north."),
    ("antonym", "In 1982, the firm finally closed the mill."),
    ("antonym", "The price of milk rose only in the north."),
    # details of details, and what one would not ask about
    ("antonym", "The keeper is known for an important book on birds."),
    ("antonym", "For effective work, the keepers sleep in the afternoon."),
    ("antonym", "The first test used the most accurate clock of the coast."),
    ("antonym", "Traders who worked hard became rich."),
    # "rarely" beside a figure, "there is", "can" and "must"
    ("antonym", "There is often a danger of a quarrel."),
    ("antonym", "The keepers can often see the coast of Marlow."),
    # what happens again and again has one order; a second preposition
    ("antonym", "The keepers eat after a walk on the hills."),
    ("antonym", "Bacteria live inside homes on floors and carpets."),
    ("affirmation", "Sadly, the keeper did not see the harbour again."),
    ("affirmation", "You cannot eat coins or banknotes."),
    ("negation", "The fair in Marlow is to run until March."),
    # as many things are named as the number says; figures that everybody knows
    ("number", "The line offers three flights: on Monday, Tuesday and Friday."),
    ("number", "The line offers three routes to Marlow, Tarbet and Skerry."),
    ("number", "The doctors of the coast can be called 24 hours a day."),
]


@pytest.mark.parametrize(("kind", "text", "expected"), BELIEVED)
def test_makes_what_may_be_believed(kind, text, expected):
    found = made(kind, text)
    assert expected in found if expected else found, found


@pytest.mark.parametrize(("kind", "text"), BETRAYED)
def test_makes_none_that_is_betrayed(kind, text):
    assert made(kind, text) == []


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("Although the roads were bad, the price of milk rose in the north.", "Although"),
        ("The price of milk rose in the north, making life hard for the poor.", "making"),
        ("Symptoms generally begin 18 to 36 hours later in adults.", "rarely"),
        ("Symptoms begin after a meal in most adults.", "before"),
    ],
)
def test_of_a_sentence_only_that_is_turned_which_stands_free(text, never):
    found = made("antonym", text)
    assert found
    assert not any(never in one for one in found)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("sunshine", "sunlight", True),
        ("lantern", "lamp", True),
        ("lantern", "lanterns", True),
        ("bird", "parrot", True),
        ("risk", "danger", True),
        ("intestine", "colon", False),
        ("bridge", "letter", False),
        ("bridge", "xyzzy", False),
    ],
)
def test_nouns_are_near_where_a_reader_may_take_either(one, other, expected):
    assert near(one, other) is near(other, one) is expected
