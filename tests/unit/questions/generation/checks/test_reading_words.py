"""The small readings that checks stand on: entailment, quantities, grammar, pronouns, readability, words."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.generation.checks.entailment import breaks_off, departure
from questions.generation.checks.grammar import article_errors, broken_parse
from questions.generation.checks.pronouns import dangling_pronouns
from questions.generation.checks.quantities import breaks_bound, is_quantity, number_in, place_in_order, shape
from questions.generation.checks.readability import grade, syllables
from questions.generation.checks.stems import flaws_of_wording
from questions.generation.facts import Token
from questions.generation.words import content_stems, jaccard, stem, words

TEXT = "While the gate was shut, Ivan told Maria that nine boats do not leave if the ice is thick, and the crews slept."


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("Ivan told Maria that nine boats do not leave if the ice is thick.", ""),
        ("The gate was shut.", ""),
        ("The crews slept.", ""),
        ("Maria told Ivan that nine boats do not leave if the ice is thick.", "order"),
        ("Ivan told Maria that ten boats do not leave if the ice is thick.", "order"),
        ("Ivan told Maria that nine boats leave if the ice is thick.", "not"),
        ("Nine boats do not leave.", "condition"),
        ("The gate was open.", "order"),
    ],
)
def test_what_follows_is_what_can_be_laid_along_the_text(statement, why):
    found = departure(statement, TEXT)
    assert bool(found) is bool(why)
    assert why in found


def test_a_name_may_come_from_before():
    assert departure("The harbour slept.", "It slept.")
    assert departure("The harbour slept.", "It slept.", "The harbour froze.") == ""


@pytest.mark.parametrize(
    ("statement", "stops_short"),
    [
        ("The gate was shut.", False),
        ("Ivan told Maria that nine boats do not leave if the ice is thick.", False),
        ("Ivan told Maria.", True),
        ("The crews slept.", False),
        ("The crews.", True),
        ("The gate was.", True),
    ],
)
def test_a_statement_ends_where_a_clause_ends(statement, stops_short):
    assert breaks_off(statement, TEXT) is stops_short


@given(st.text(max_size=80), st.text(max_size=80))
def test_every_text_follows_from_itself(text, other):
    assert departure(text, text) == ""
    assert isinstance(breaks_off(text, other), bool)


@pytest.mark.parametrize(
    ("before", "right", "wrong", "broken"),
    [
        ("for at least ", "33,000", "16,000", True),
        ("for at least ", "33,000", "60,000", False),
        ("more than ", "nine", "seven", True),
        ("up to ", "50", "90", True),
        ("up to ", "50", "20", False),
        ("fewer than ", "50", "90", True),
        ("about ", "100", "120", True),
        ("almost ", "100", "300", False),
        ("exactly ", "100", "101", False),
        ("exactly ", "100", "one hundred", True),
        ("exactly ", "thirty-two thousand", "forty-eight thousand", False),
        ("in ", "March 1776", "May 1776", False),
        ("in ", "red", "blue", False),
        ("in ", "5 May 1990", "6 May 1990", False),
    ],
)
def test_a_wrong_number_must_not_be_true_behind_its_bound(before, right, wrong, broken):
    assert breaks_bound(before, right, wrong) is broken


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("4 March 1963", "12 June 2001", True),
        ("4 March 1963", "June 2001", False),
        ("1963", "2001", True),
        ("1963", "12", False),
        ("1,200", "950", True),
        ("1.5", "2.5", True),
        ("1.5", "2", False),
        ("£20m", "£30m", True),
        ("£20m", "20m", False),
        ("three", "nine", True),
        ("three", "9", False),
        ("twelve days", "nine days", True),
        ("Monday", "Friday", True),
    ],
)
def test_numbers_and_dates_have_a_shape(one, other, alike):
    assert (shape(one) == shape(other)) is alike


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("twelve days", True),
        ("March 1963", True),
        ("£20m", True),
        ("Boeing 747", False),
        ("salt", False),
        ("", False),
    ],
)
def test_knows_quantities_from_names_with_numbers(text, yes):
    assert is_quantity(text) is yes


def test_numbers_and_places():
    assert number_in("at least 4,500 people") == 4500
    assert number_in("two and a half of 3") is None
    assert number_in("no number") is None
    assert place_in_order("4 March 1963") == (1963, 3, 4)
    assert place_in_order("2.5") == (Fraction(5, 2),)
    assert place_in_order("salt") is None


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("a apple", True), ("an apple", False), ("an pear", True), ("a unit", False), ("an unit", True),
        ("an unusual day", False), ("a unusual day", True), ("an hour", False), ("a European plan", False),
        ("an MP", False), ("a UK bank", False), ("a US bank", False), ("an 8-hour day", False), ("a one-off", False),
        ("vitamin A is here", False), ("an honest man", False), ("a useful tool", False), ("an urban area", False),
    ],
)  # fmt: skip
def test_articles(text, wrong):
    assert bool(list(article_errors(text))) is wrong


def token(text, tag, dep, head, pos="NOUN"):
    return Token(0, len(text), text, text.lower(), pos, tag, dep, head)


@pytest.mark.parametrize(
    ("tokens", "problem"),
    [
        ([], ""),
        ([token("Boats", "NNS", "nsubj", 1), token("sail", "VBP", "ROOT", 1)], ""),
        ([token("Boats", "NNS", "ROOT", 0), token("sail", "VBP", "ROOT", 1)], "parts"),
        ([token("Boats", "NNS", "nsubj", 1), token("sailing", "VBG", "ROOT", 1)], "finite"),
        ([token("Then", "RB", "advmod", 1), token("sails", "VBZ", "ROOT", 1)], "subject"),
        ([token("Boats", "NNS", "nsubj", 1), token("is", "VBZ", "ROOT", 1)], "agree"),
        ([token("Boat", "NN", "nsubj", 1), token("are", "VBP", "ROOT", 1)], "agree"),
        (
            [token("Boat", "NN", "nsubj", 2), token("crew", "NN", "conj", 0), token("are", "VBP", "ROOT", 2)],
            "",
        ),
    ],
)
def test_a_statement_has_one_finite_root_with_its_subject(tokens, problem):
    found = broken_parse(tokens, is_question=False)
    assert bool(found) is bool(problem)
    assert problem in found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("They kept the boats on land.", ["They"]),
        ("The fishermen kept their boats on land.", []),
        ("Maria said that she was ill.", []),
        ("The gate said that she was ill.", ["she"]),
        ("The president said that he was ill.", []),
        ("In this town the boats were kept.", ["this"]),
        ("Which statement is supported by this section?", []),
        ("Those who fish keep boats.", []),
        ("Such boats are kept.", ["Such"]),
        ("Metals such as iron are kept.", []),
        ("Why was it such a long winter?", ["it"]),
        ("That boat was kept on land.", ["That"]),
        ("It’s the boat that counts.", ["It’s"]),
        ("What do the fishermen use them to find out?", ["them"]),
        ("Which knots do the fishermen of Melk use them for?", []),
        ("The painter rented it as a studio.", ["it"]),
        ("When the harbour froze, the town closed it for weeks.", []),
        ("The ferry sank because the storm damaged it in May.", []),
        ("After the fire it was built again.", []),
    ],
)
def test_pronouns_without_antecedent(text, found):
    assert dangling_pronouns(text) == found


def test_clean_wording_has_no_flaws():
    assert list(flaws_of_wording("The town (“Melk”) had had 3.5 boats, e.g. in 1990.")) == []


def test_grades_rise_with_long_words_and_sentences():
    assert grade("") == 0
    assert grade("The cat sat. The dog ran.") < grade(
        "Meteorological irregularities necessitate immobilisation."
    )
    assert [syllables(word) for word in ("cat", "table", "made", "idea", "rhythm")] == [1, 2, 1, 2, 1]


def test_words_and_stems():
    assert words("Norway’s boats, 4,500 of them") == ("norway", "boats", "4,500", "of", "them")
    assert stem("stopped") == stem("stopping") == stem("stop")
    assert stem("countries") == stem("country")
    assert content_stems("The US helped us") == {"us", "help"}
    assert content_stems("May they sail in May?") == {"sail", "may"}
    assert jaccard(frozenset(), frozenset()) == 0
