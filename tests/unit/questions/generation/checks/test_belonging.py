"""Whether the evidence is about what the item says, where nobody recorded how its words were made."""

from __future__ import annotations

import pytest

from questions.generation.checks.base import Context
from questions.generation.checks.belonging import evidence_proves_it_wrong
from questions.generation.checks.choices import key_has_length_of_others
from questions.generation.checks.reference import Reference
from questions.generation.checks.rows import numbers_in_order
from questions.generation.checks.stems import key_is_not_told
from questions.items.base import Evidence, Item
from tests.factories.articles import make_article, make_choice

ROWS = "A ferry of 30 to 59 cars pays 25 crowns, one of 60 to 119 cars 50 crowns."
LENT = "Norway lent two icebreakers, and Sweden paid the crews."


def item(kind, stem, *key, quote):
    return Item(kind, stem, (), key, evidence=(Evidence("s1", 0, len(quote), quote),))


@pytest.mark.parametrize(
    ("stem", "key", "quote", "is_in_order"),
    [
        ("A ferry of 60 to 119 cars pays _____ crowns.", "50", ROWS, True),
        ("A ferry of 60 to 119 cars pays _____ crowns.", "25", ROWS, False),
        ("A ferry of 60 to 119 cars pays _____ crowns.", "fifty", ROWS, True),
        ("In 1856 the works employed _____ people.", "240", "The works employed 240 people in 1856.", True),
        ("A ferry of 60 to 119 cars pays some _____.", "crowns", ROWS, True),
    ],
)
def test_numbers_of_a_filled_gap_stand_in_the_order_of_the_rows(stem, key, quote, is_in_order):
    assert numbers_in_order(item("gap_text", stem, key, quote=quote)) is is_in_order


@pytest.mark.parametrize(
    ("stem", "proves"),
    [
        ("Sweden lent two icebreakers.", True),
        ("The town of Melk gave Sweden a new harbour.", True),
        ("A strike of the pilots closed the harbour for weeks.", False),
    ],
)
def test_the_evidence_of_a_false_statement_speaks_of_it(stem, proves):
    assert evidence_proves_it_wrong(item("true_false", stem, 1, quote=LENT)) is proves


def test_figures_are_not_measured_by_their_length():
    context = Context(Reference(make_article()), "generated")
    figures = make_choice(
        "Norway lent _____ icebreakers.", "2", "12", "22", "30", quote=LENT, kind="gap_list"
    )
    assert list(key_has_length_of_others(figures, context)) == []
    words = make_choice(
        "Norway lent _____.", "two", "a great many", "a hundred of", quote=LENT, kind="gap_list"
    )
    assert list(key_has_length_of_others(words, context)) != []


def test_an_answer_is_told_by_its_one_word_of_content():
    context = Context(Reference(make_article()), "generated")
    stem = "Two ferries are on one booking. What must be so?"
    told = make_choice(stem, "They must be on one booking", "They must be of one age", quote=LENT)
    note = next(key_is_not_told(told, context))
    assert "Every word of the right answer" in str(note)
