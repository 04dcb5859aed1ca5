"""Statements in other words than the text's: what shows that they say something else, and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.generation.checks.rewording import Told, contradiction
from questions.generation.words import content_stems

SECTION = (
    "The Mill on the Weir. The mill at Orrin ground rye for nine villages. Its owner, Ada Fenwick, did not close "
    "it in 1911, although the wheel broke. A flood may reach the upper floor if the gate is left open. "
    "The town does not pay repairs below 40 crowns, and the old wheel was larger than the new turbine. "
    "Fenwick died in 1930, and her nephew sold the mill in 1934."
)
QUOTES = {
    "rye": "The mill at Orrin ground rye for nine villages.",
    "close": "Its owner, Ada Fenwick, did not close it in 1911, although the wheel broke.",
    "flood": "A flood may reach the upper floor if the gate is left open.",
    "repairs": "The town does not pay repairs below 40 crowns, and the old wheel was larger than the new turbine.",
    "sold": "Fenwick died in 1930, and her nephew sold the mill in 1934.",
}


def found(statement: str, *names: str, is_answer: bool = False) -> str:
    told = Told(tuple(QUOTES[name] for name in names), SECTION, content_stems(SECTION))
    return contradiction(statement, told, is_answer=is_answer)


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("Rye from nine villages was ground in the mill at Orrin.", "rye"),
        ("The mill at Orrin served fewer than twelve villages.", "rye"),
        ("When the wheel broke, Ada Fenwick kept the mill open.", "close"),
        ("With an open gate, a flood could get to the upper floor.", "flood"),
        ("Repairs of less than 40 crowns are not paid by the town.", "repairs"),
        ("The mill was sold four years after the death of Ada Fenwick.", "sold"),
        ("Four years after Fenwick's death, her nephew sold the mill.", "sold"),
    ],
)
def test_a_true_paraphrase_shows_no_contradiction(statement, name):
    assert found(statement, name) == ""


@pytest.mark.parametrize(
    ("statement", "name", "reason"),
    [
        ("The mill at Orrin ground rye for eleven villages.", "rye", "“11” is not in the section"),
        ("The owner of the mill at Orrin was called Petersen.", "close", "“Petersen” is not in the article"),
        ("Ada Fenwick, the owner, chose to close it in 1911.", "close", "the text says the opposite"),
        (
            "With an open gate, a flood will reach the upper floor.",
            "flood",
            "the text says only that it may be so",
        ),
        (
            "The town of Orrin does not pay repairs.",
            "repairs",
            "it stops where the sentence of the text goes on",
        ),
        (
            "The new turbine was larger than the old wheel.",
            "repairs",
            "its words stand there in another order",
        ),
        (
            "The mill at Orrin ground barley for nine villages.",
            "rye",
            "it says “barley” where the text says “rye”",
        ),
        (
            "Bakers and painters wanted higher wages after the war.",
            "rye",
            "the section speaks of something else",
        ),
        (
            "Ada Fenwick sold the mill because sailors had robbed passing merchants.",
            "sold",
            "the section gives no such reason as “sailors had robbed passing merchants”",
        ),
    ],
)
def test_what_cannot_be_meant_is_named(statement, name, reason):
    assert found(statement, name) == reason


def test_a_filled_gap_may_leave_out_the_end_of_the_sentence():
    assert found("The town of Orrin does not pay repairs.", "repairs", is_answer=True) == ""


@pytest.mark.parametrize(("word", "stays"), [("after", True), ("before", False)])
def test_a_link_is_not_put_in_place_of_another(word, stays):
    quote = "The wheel was mended after the flood had gone back to the river."
    told = Told((quote,), quote, content_stems(quote))
    assert (contradiction(quote.replace("after", word), told) == "") is stays


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_can_be_held_against_any_other(statement, quote):
    assert isinstance(contradiction(statement, Told((quote,), quote, content_stems(quote))), str)


@given(st.sampled_from(sorted(QUOTES)))
def test_the_sentence_itself_never_contradicts_itself(name):
    assert found(QUOTES[name], name) == ""
