"""Which false statements stand together: of other sentences, of many kinds, with one "not" at most."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import lru_cache

import pytest

from questions.generation.analyse import analyse
from questions.generation.distractors import Falsified
from questions.generation.facts import SectionFacts
from questions.generation.falsehoods import together
from questions.generation.nlp import load_nlp
from tests.factories.articles import make_article, make_section

SENTENCES = (
    "The council rejected the plan for the bridge.",
    "The harbour of Marlow has 340 berths for boats.",
    "The ferry company carries letters to Marlow.",
    "The keepers lit the lamp of Marlow in 1902.",
    "The sea wall of Marlow protects the northern port.",
)
SEEDS = range(12)


@lru_cache(maxsize=1)
def section() -> SectionFacts:
    facts = analyse(make_article(make_section([" ".join(SENTENCES)])), load_nlp()).sections[0]
    assert [clause.text for clause in facts.clauses] == list(SENTENCES)
    return facts


def false(number: int, kind: str = "antonym", text: str = "") -> Falsified:
    """A falsehood on a sentence, of that sentence's own words unless a text is given."""
    clause = section().clauses[number]
    return Falsified(clause, kind, "", "", clause.derivation, text or clause.text)


def chosen(pool, beside=0, count=3, beside_text=""):
    """What is chosen beside a statement, for many seeds."""
    clause = section().clauses[beside]
    clause = replace(clause, text=beside_text or clause.text)
    return [together(section(), pool, clause, count, random.Random(seed)) for seed in SEEDS]


def test_they_are_of_other_sentences_than_the_key_and_each_other_and_in_reading_order():
    pool = [false(n, kind) for n in (3, 0, 2, 1) for kind in ("antonym", "entity", "number")]
    for found in chosen(pool, count=4):
        assert [one.clause.sentence for one in found] == [1, 2, 3]


def test_there_are_no_more_than_asked_for_and_no_fewer_than_there_are():
    pool = [false(n) for n in (1, 2, 3, 4)]
    assert {len(found) for found in chosen(pool, count=2)} == {2}
    assert {len(found) for found in chosen(pool[:1])} == {1}
    assert chosen([]) == [[] for _ in SEEDS]


def test_they_are_of_as_many_kinds_as_may_be():
    pool = [false(1), false(2), false(3, "number"), false(4, "entity")]
    for found in chosen(pool):
        assert {one.kind for one in found} == {"antonym", "number", "entity"}


def test_the_plain_not_comes_last():
    pool = [false(1, "negation"), false(2), false(3), false(4)]
    assert all(one.kind == "antonym" for found in chosen(pool) for one in found)
    assert all("negation" in {one.kind for one in found} for found in chosen(pool[:3]))


@pytest.mark.parametrize(
    "negative",
    [
        "The ferry company does not carry letters.",
        "The ferry company cannot carry letters.",
        "The ferry company doesn't carry letters.",
        "The ferry company doesn\u2019t carry letters.",
        "The ferry company never carries letters.",
        "No company carries letters.",
    ],
)
def test_one_of_all_says_not(negative):
    pool = [false(1, "antonym", "The harbour has no berths."), false(2, "entity", negative), false(3, "date")]
    for found in chosen(pool):
        assert len(found) == 2
        assert len({one.clause.sentence for one in found} & {1, 2}) == 1
    for found in chosen(pool, beside_text="The council did not reject the plan."):
        assert [one.clause.sentence for one in found] == [3]


def test_those_with_the_words_of_the_text_come_first():
    kept = "The harbour of Marlow has berths for 340 boats."
    foreign = "The harbour of Marlow has 340 berths for whales."
    pool = [false(1, "entity", foreign), false(1, "entity", kept)]
    assert all([one.text for one in found] == [kept] for found in chosen(pool, count=1))


def test_those_as_long_as_the_key_come_first():
    short, like = "Marlow has boats.", "The harbour of Marlow has boats for 340 berths."
    pool = [false(1, "entity", short), false(1, "entity", like)]
    assert all([one.text for one in found] == [like] for found in chosen(pool, count=1))
