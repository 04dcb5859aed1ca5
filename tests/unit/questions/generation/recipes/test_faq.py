"""The FAQ recipe: question to answer and back, with nothing in the options that tells."""

from __future__ import annotations

import pytest

from questions.generation.recipes.faq import TO_ANSWER, TO_QUESTION, Faq
from questions.reading.documents import read_text
from tests.factories.recipes import keys_made, proposals_of

RECIPE = Faq()
EXAMPLES = RECIPE.examples()
TITLE = (
    "The Night Market\n\nStalls open at dusk and close at midnight, and most sellers come by boat.\n\nFAQ\n\n"
)
OTHERS = (
    "Who looks after the old lanterns?\nThe guild of boatmen has cleaned them each evening for years.\n\n"
    "How do the sellers get their fish?\nThe sellers have bought it from the same families for decades."
)


def pairs(first):
    return read_text(f"{TITLE}{first}\n\n{OTHERS}")


@pytest.mark.parametrize("text", EXAMPLES.makes)
def test_makes_its_examples(text):
    assert set(EXAMPLES.makes[text]) <= keys_made(RECIPE, text)


@pytest.mark.parametrize(("text", "why"), EXAMPLES.abstains.items(), ids=EXAMPLES.abstains.values())
def test_abstains(text, why):
    assert keys_made(RECIPE, text) == set(), why


@pytest.mark.parametrize(
    "answer",
    [
        "Yes, the old market hall is still open on most days.",
        "No. The old market hall is still open on most days.",
        "Not fully. The old market hall is still open on most days.",
        "Because the old market hall is still open on most days.",
        "It’s because the old market hall is still open on most days.",
        "Not yet: the old market hall is still open on most days.",
        "Yes, of course. The old market hall is still open on most days.",
    ],
)
def test_takes_verdict_and_because_off_every_option(answer):
    made = proposals_of(RECIPE, pairs(f"Is the market hall safe to visit?\n{answer}"))
    options = {option.text for proposal in made for option in proposal.item.options}
    assert "The old market hall is still open on most days." in options
    assert not any(text.startswith(("Yes", "No", "Not", "Because", "It’s because")) for text in options)


@pytest.mark.parametrize(
    "answer",
    [
        "No.",
        "Yes.",
        "Fish, lanterns, baskets and old coins from the sea.",
        "Too short is this.",
        "A list of things is this: fish, lanterns and old coins.",
        " ".join(["The old market hall is"] + ["very"] * 40 + ["old."]),
        "Is that not what everybody in the town asks?",
    ],
)
def test_leaves_out_answers_that_are_no_plain_sentence(answer):
    made = proposals_of(RECIPE, pairs(f"What is the oldest part of the market?\n{answer}"))
    assert not any("oldest part of the market" in proposal.item.stem for proposal in made)


def test_leaves_out_an_answer_that_might_answer_this_question_too():
    made = proposals_of(
        RECIPE,
        read_text(
            f"{TITLE}Why do lanterns burn every evening?\nThe boats could not land in the dark.\n\n"
            "What do visitors like best?\nThe lanterns which burn every evening are loved by all.\n\n"
            + OTHERS
        ),
    )
    why = next(
        one.item for one in made if "Why do lanterns" in one.item.stem and one.item.stem.endswith(TO_ANSWER)
    )
    assert not any("which burn" in option.text for option in why.options)


def test_both_directions_replay_and_have_both_spans_as_evidence():
    article = pairs("Why is the fish sold at night?\nBecause the midday heat would spoil it within hours.")
    made = proposals_of(RECIPE, article)
    assert {one.item.stem.endswith(TO_ANSWER) for one in made} == {True, False}
    assert {one.item.stem.endswith(TO_QUESTION) for one in made} == {True, False}
    for proposal in made:
        section = article.section(proposal.section_id)
        for name, derivation in proposal.derivations.items():
            shown = proposal.item.stem if name == "stem" else proposal.item.options[int(name[7:])].text
            assert derivation.replay(section.text) == shown
        assert [section.text[s.start : s.end] for s in proposal.item.evidence] == [
            s.quote for s in proposal.item.evidence
        ]
        assert proposal.item.options[0].role == "key"
        assert {option.role for option in proposal.item.options[1:]} == {"elsewhere"}


def test_an_answer_that_points_to_its_question_is_not_asked_back():
    made = proposals_of(
        RECIPE, pairs("Why is the fish sold at night?\nIt could be spoilt by the midday heat.")
    )
    assert not any("It could be spoilt" in proposal.item.stem for proposal in made)


@pytest.mark.parametrize("first", ["It’s an old habit.", "Habit!", "No. Never."])
def test_takes_the_next_sentence_where_the_first_is_only_a_phrase(first):
    telling = "The town has sold its fish there at night for many years."
    made = proposals_of(RECIPE, pairs(f"Why is the fish sold at night?\n{first} {telling}"))
    assert telling in {text for proposal in made for text in proposal.key_texts}
