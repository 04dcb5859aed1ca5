"""The heading recipe: only where a sentence has most in common with its own heading."""

from __future__ import annotations

import pytest

from questions.generation.recipes.heading import BRIDGES, SALT, SCHOOLS, TITLE, Heading
from questions.reading.documents import read_text
from tests.factories.recipes import keys_made, proposals_of

RECIPE = Heading()
EXAMPLES = RECIPE.examples()
FIRST, SECOND, THIRD = SALT, BRIDGES, SCHOOLS


def article(*sections):
    return "\n\n".join([TITLE, *sections])


@pytest.mark.parametrize("text", EXAMPLES.makes)
def test_makes_its_examples(text):
    assert set(EXAMPLES.makes[text]) <= keys_made(RECIPE, text)


@pytest.mark.parametrize(("text", "why"), EXAMPLES.abstains.items(), ids=EXAMPLES.abstains.values())
def test_abstains(text, why):
    assert keys_made(RECIPE, text) == set(), why


def test_a_sentence_that_names_two_headings_is_left_out():
    both = "Salt and Snow\n\nThe salt works lay beyond the bridges of the narrow river gorge."
    assert "Salt and Snow" not in keys_made(RECIPE, article(both, SECOND, THIRD))


def test_a_sentence_that_points_elsewhere_is_left_out():
    pointing = "Salt and Snow\n\nThey opened these salt works of the valley in the second winter."
    assert "Salt and Snow" not in keys_made(RECIPE, article(pointing, SECOND, THIRD))


def test_headings_that_mean_the_same_are_no_distractors():
    twin = "Snow and Salt\n\nWorkers of the northern shafts left their homes at dawn."
    made = proposals_of(RECIPE, read_text(article(FIRST, SECOND, THIRD, twin)))
    salt = next(one for one in made if one.key_texts == ["Salt and Snow"])
    assert "Snow and Salt" not in {option.text for option in salt.item.options}


def test_the_stem_replays_and_quotes_its_evidence():
    text = read_text(article(FIRST, SECOND, THIRD))
    for proposal in proposals_of(RECIPE, text):
        section = text.section(proposal.section_id)
        assert proposal.derivations["stem"].replay(section.text) == proposal.item.stem
        assert proposal.item.evidence[0].quote in proposal.item.stem
        assert proposal.item.options[0].text == section.heading
