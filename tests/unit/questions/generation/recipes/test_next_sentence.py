"""The next-sentence recipe: a linked neighbour among sentences that begin with a like link."""

from __future__ import annotations

import pytest

from questions.generation.recipes.next_sentence import NextSentence
from questions.reading.documents import read_text
from tests.factories.recipes import keys_made, proposals_of

RECIPE = NextSentence()
EXAMPLES = RECIPE.examples()
TEXT = next(iter(EXAMPLES.makes))


@pytest.mark.parametrize("text", EXAMPLES.makes)
def test_makes_its_examples(text):
    assert set(EXAMPLES.makes[text]) <= keys_made(RECIPE, text)


@pytest.mark.parametrize(("text", "why"), EXAMPLES.abstains.items(), ids=EXAMPLES.abstains.values())
def test_abstains(text, why):
    assert keys_made(RECIPE, text) == set(), why


def test_every_option_begins_with_a_link_of_one_class():
    for proposal in proposals_of(RECIPE, read_text(TEXT)):
        assert {option.text.split()[0] for option in proposal.item.options} <= {"It", "This", "These"}


def test_the_sentence_asked_about_is_not_among_the_options():
    for proposal in proposals_of(RECIPE, read_text(TEXT)):
        assert not any(option.text in proposal.item.stem for option in proposal.item.options)


def test_a_leading_sentence_that_points_back_is_not_asked_about():
    assert not any(
        proposal.item.stem.startswith(("“It ", "“This ", "“These "))
        for proposal in proposals_of(RECIPE, read_text(TEXT))
    )


def test_all_words_replay():
    article = read_text(TEXT)
    for proposal in proposals_of(RECIPE, article):
        section = article.section(proposal.section_id)
        shown = {"stem": proposal.item.stem}
        shown |= {f"option-{n}": option.text for n, option in enumerate(proposal.item.options)}
        assert {name: made.replay(section.text) for name, made in proposal.derivations.items()} == shown
