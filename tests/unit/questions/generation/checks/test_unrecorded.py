"""What is judged by form where nobody recorded how an item's words were made: a person's, a model's."""

from __future__ import annotations

import pytest

from questions.generation.checks.base import Context, statement_of
from questions.generation.checks.belonging import denied_words
from questions.generation.checks.doubles import said_twice
from questions.generation.checks.grammar import verb_errors
from questions.generation.checks.quantities import is_implied, worked_out
from questions.generation.checks.reference import Reference
from questions.generation.checks.rows import fits_better
from questions.generation.checks.stems import flaws_of_wording
from questions.generation.checks.steps import steps_out_of_order
from questions.generation.checks.verify import verify
from questions.items.base import Evidence, Item, Option
from tests.factories.articles import make_article, make_choice, make_judgement

REFERENCE = Reference(make_article())
LENT = "Norway lent two icebreakers, and Sweden paid the crews."
KEPT = "The fishermen kept their boats on land because the ice was thick."


def hard(item):
    return {one.check for one in verify(item, Context(REFERENCE, "generated")) if one.severity == "hard"}


def options(*texts, key=0):
    return Item("multiple_choice", "What did the town buy?", tuple(map(Option, texts)), (key,))


@pytest.mark.parametrize(
    ("one", "other", "is_double"),
    [
        ("a church bell", "a bell for the church", True),
        ("a door of glass", "glass door", True),
        ("a bell for the church", "a clock for the church", False),
        ("fridge", "refrigerator", True),
        ("a fireman", "a firefighter", True),
        ("lamp", "torch", False),
        ("Norway", "Sweden", False),
    ],
)
def test_choices_that_say_the_same_in_other_words(one, other, is_double):
    assert bool(list(said_twice(options(one, "a harbour light", other)))) is is_double


def test_articles_do_not_tell_two_choices_apart():
    found = hard(make_choice("Where do they go?", "Into the pit", "On the top", "On top", quote=KEPT))
    assert 3 in found


@pytest.mark.parametrize(
    ("right", "other", "is_true_too"),
    [
        ("More than a third of them left.", "More than a quarter of them left.", True),
        ("More than a third of them left.", "More than half of them left.", False),
        ("At most 40 ships came.", "At most 60 ships came.", True),
        ("At most 40 ships came.", "At least 40 ships came.", False),
        ("About 40 ships came.", "About 60 ships came.", False),
    ],
)
def test_a_looser_bound_is_true_as_well(right, other, is_true_too):
    assert is_implied(right, other) is is_true_too


def test_sums_and_differences_are_worked_out():
    assert {10, -2, 2} <= set(worked_out("4 of 6 ships"))
    assert 2200 in worked_out("6,200 boxes and room for 4,000")


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("The wall should leaning.", ["should leaning"]),
        ("It can bring rain.", []),
        ("They must need it.", []),
        ("It will ended soon.", ["will ended"]),
    ],
)
def test_a_form_that_never_follows_its_auxiliary(text, wrong):
    assert list(verb_errors(text)) == wrong


def test_what_the_evidence_names_with_a_not_is_denied():
    assert denied_words("mass", ["It depends on its length, not on its mass."]) == ["mass"]
    assert denied_words("length", ["It depends on its length, not on its mass."]) == []
    assert denied_words("mass", ["It depends on mass, not only on length."]) == []


def test_a_number_belongs_to_the_clause_that_says_what_it_is():
    quote = "It is 70 centimetres wide at the foot and only 35 at the top."
    assert fits_better("70", "35", "Width at the foot", [quote])
    assert not fits_better("35", "70", "Width at the foot", [quote])


def ordering(*steps, key, quotes):
    spans = tuple(Evidence("s1", 0, len(quote), quote) for quote in quotes)
    return Item("ordering", "Put them in order.", tuple(map(Option, steps)), key, evidence=spans)


def test_years_of_the_evidence_tell_an_order():
    quotes = ("The bridge fell in 1931.", "A ferry was bought in 1925.")
    steps = ("The bridge fell.", "The ferry was bought.")
    assert steps_out_of_order(ordering(*steps, key=(0, 1), quotes=quotes))
    assert not steps_out_of_order(ordering(*steps, key=(1, 0), quotes=quotes))


def test_evidence_that_speaks_of_no_step_is_none():
    steps = ("The mill burnt.", "The baker left.", "The school closed.")
    assert 2 in hard(ordering(*steps, key=(0, 1, 2), quotes=(LENT,)))


@pytest.mark.parametrize(
    ("text", "is_cut"),
    [
        ("It lifts the bob by as much as the", True),
        ("Why is the push always strong, whatever?", True),
        ("The boxes had never been.", True),
        ("Brandreth returns to", True),
        ("the place they came from", False),
        ("It was where she had never been.", False),
    ],
)
def test_what_is_cut_off_is_seen(text, is_cut):
    assert ("It stops in the middle of a sentence." in list(flaws_of_wording(text))) is is_cut


@pytest.mark.parametrize("stem", ["After that, Norway lent two ships.", "Before that the crews left."])
def test_an_opening_that_points_back_is_open(stem):
    assert 8 in hard(make_judgement(stem, verdict=True, quote=LENT))


def test_a_pronoun_in_front_may_be_told_right_after():
    stem = "Before they left the land, the fishermen kept their boats because the ice was thick."
    assert 8 not in hard(make_judgement(stem, verdict=True, quote=KEPT))


def test_a_false_statement_that_says_what_its_evidence_says():
    stem = "In Melk Norway lent two icebreakers, and Sweden paid the crews."
    assert 5 in hard(make_judgement(stem, verdict=False, quote=LENT))


def test_a_negative_question_with_negative_choices():
    choices = ("It did not freeze.", "It did not burn.", "It did not sink.", "It froze.")
    assert 12 in hard(make_choice("Which of these is not true?", *choices, quote=KEPT))


def test_a_choice_that_the_evidence_has_beside_the_key():
    assert 4 in hard(
        make_choice(
            "What did others give?", "icebreakers", "crews", "coal", quote=LENT, kind="multiple_choice"
        )
    )


def test_a_word_of_another_kind_does_not_fit_the_gap():
    item = make_choice("The ice was _____.", "icy", "land", "boat", quote=KEPT, kind="gap_list")
    assert 18 in hard(item)


def test_an_answer_in_other_words_is_a_doubt_and_no_refusal():
    item = make_choice(
        "Why did nobody fish?", "Nobody could get out.", "Nobody had a net.", "Nobody was hungry.", quote=KEPT
    )
    assert 2 not in hard(item)
    assert any(one.check == 2 for one in verify(item, Context(REFERENCE, "generated")))


def test_prompt_and_answer_make_one_sentence():
    item = Item(
        "matching",
        "Match.",
        tuple(map(Option, ("Norway", "Sweden", "Paid the crews.", "Lent two ships"))),
        ((0, 3), (1, 2)),
        evidence=(Evidence("s1", 0, len(LENT), LENT),),
    )
    assert statement_of(item, 1, 2) == "Sweden paid the crews."
