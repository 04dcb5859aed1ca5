"""What in the set forbids a candidate, and what takes off its worth: two forms of one statement above all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from questions.generation.clashes import clash, vary_one_statement
from questions.generation.growing_set import WORTH, GrowingSet
from questions.generation.proposal import Derivation
from questions.items.base import Option
from questions.reading.article import Span
from tests.factories.candidates import OTHER, SECTION, SENTENCES, make_candidate

ASKING = "Which statement is supported by the section?"
ASKING_TOO = "Which of these statements does the section make?"
TRUE = "Boat number 3 left harbour 3 with tons of salt."
FALSE = "Boat number 3 left harbour 3 with tons of iron."
FAR = "The keepers of Marlow lit the lamp."


def judged(statement, *, verdict=False, sentence=3, section=SECTION):
    """A statement to be judged."""
    return make_candidate(
        100, kind="true_false", stem=statement, verdict=verdict, sentence=sentence, section=section
    )


def choice(*texts, stem=ASKING, made_of=3, sentence=20):
    """A question of statements with the key first; all its words but the key's are made of one sentence."""
    made = make_candidate(200, stem=stem, options=texts, sentence=sentence)
    start = SECTION.text.index(SENTENCES[made_of])
    derivation = Derivation("s1", Span(start, start + len(SENTENCES[made_of])))
    return replace(made, proposal=replace(made.proposal, derivations={"option-1": derivation}))


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (judged(FALSE), choice(TRUE, FAR), True),
        (judged(FALSE), choice(FAR, TRUE), True),
        (judged(TRUE, verdict=True), choice(FAR, FALSE), True),  # who meets both forms sees which was changed
        (judged(FALSE), judged(TRUE, verdict=True), True),
        # other words, other places, no statement
        (judged(FALSE), choice("Boat number 3 sank.", FAR), False),
        (judged(FALSE), choice(TRUE, FAR, made_of=30), False),
        (judged(FALSE), choice(TRUE.removesuffix("."), FAR), False),
    ],
)
def test_two_forms_of_one_statement_do_not_stand_in_one_set(one, other, told):
    assert vary_one_statement(one, other) is vary_one_statement(other, one) is told
    if told:
        assert clash(one, other)
        assert clash(other, one)


def gapped(stem, sentence=3):
    return make_candidate(300, kind="gap_text", stem=stem, sentence=sentence)


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (gapped("Boat number 3 left harbour 3 with _____ sailors."), True),
        (gapped("Boat number 3 left harbour 3 with _____ sailors, while boat 9 stayed at home."), True),
        (gapped("In harbour 9 the _____ stayed at home."), False),
    ],
)
def test_a_choice_does_not_show_what_a_gap_left_out(one, told):
    statement = "Boat number 3 left harbour 3 with 90 sailors."
    beside = choice(FAR, statement)
    assert vary_one_statement(one, beside) is vary_one_statement(beside, one) is told


def test_a_choice_does_not_show_half_of_a_statement_to_judge():
    whole = judged("Boat number 3 left harbour 3 with 13 sailors, while many others stayed at home.")
    half = "Boat number 3 left harbour 3 with 90 sailors."
    assert vary_one_statement(whole, choice(FAR, half))
    plain = choice(FAR, half, stem="What does the section answer?")
    assert not vary_one_statement(whole, plain)


def test_what_tells_that_another_is_false_is_not_taken_beside_it():
    grown = GrowingSet(0.35, 40, {})
    grown.add(judged(FALSE))
    assert grown.clashes(choice(TRUE, FAR))
    assert not grown.clashes(choice(FAR, "Boat number 9 sank."))


@pytest.mark.parametrize(
    ("text", "variants"),
    [
        (FALSE, 1),
        (FALSE.replace("3 left", "3 soon left"), 1),
        ("Boat number 3 sank at night in the storm.", 0),
        (FALSE.removesuffix("."), 0),
    ],
)
def test_another_form_of_a_chosen_statement_costs(text, variants):
    chosen = choice("The keepers lit lamps.", TRUE)
    candidate = choice(FAR, text, stem=ASKING_TOO, sentence=30)
    grown = GrowingSet(0.35, 40, {})
    before = grown.own_worth(candidate)
    grown.add(chosen)
    touched = WORTH["touched"]  # both have words of one sentence
    assert WORTH["variant"] < touched < 0
    assert grown.own_worth(candidate) == pytest.approx(before + variants * WORTH["variant"] + touched)
    for other in (1, 5, 38):  # near and far
        assert grown.own_worth(choice(FAR, text, stem=ASKING_TOO, sentence=30, made_of=other)) == before


def test_each_form_in_the_set_costs_again_and_only_in_its_section():
    candidate = choice(FAR, FALSE, stem=ASKING_TOO, sentence=30)
    grown = GrowingSet(0.35, 40, {})
    before = grown.own_worth(candidate)
    grown.add(choice("The keepers lit lamps.", TRUE))
    grown.add(replace(choice("The bells rang.", TRUE, sentence=24), id="other"))
    cost = 2 * (WORTH["variant"] + WORTH["touched"])
    assert grown.own_worth(candidate) == pytest.approx(before + cost)
    assert grown.own_worth(replace(candidate, section=OTHER)) == before


def test_options_of_one_item_are_no_variants_of_each_other():
    grown = GrowingSet(0.35, 40, {})
    candidate = choice(TRUE, FALSE)
    assert candidate.item.options[:2] == (Option(TRUE), Option(FALSE))
    assert grown.own_worth(candidate) == candidate.score
