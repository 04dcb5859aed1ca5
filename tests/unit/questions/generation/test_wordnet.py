"""The compiled WordNet table answers what recipes and checks ask of it."""

from __future__ import annotations

import pytest

from questions.generation import wordnet


@pytest.mark.parametrize(
    ("word", "is_person"),
    [
        ("farmer", True),
        ("officials", True),
        ("women", True),
        ("person", True),
        ("Leader", True),
        ("power", False),
        ("government", False),
        ("river", False),
        ("zzyzx", False),
    ],
)
def test_knows_people_from_things(word, is_person):
    assert wordnet.is_person(word) is is_person


def test_names_the_classes_of_a_noun():
    assert "person" in wordnet.lexnames("head")
    assert wordnet.main_class("truce") == "state"
    assert wordnet.lexnames("qwrtz") == frozenset()
    assert wordnet.main_class("qwrtz") == ""


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("soldier", "teacher", True), ("soldier", "river", False), ("soldier", "qwrtz", False)],
)
def test_compares_main_classes(one, other, expected):
    assert wordnet.same_class(one, other) is expected


@pytest.mark.parametrize(
    ("one", "other", "pos", "expected"),
    [
        ("car", "automobile", "n", True),
        ("car", "cars", "n", True),
        ("tariff", "tax", "n", True),
        ("tax", "tariff", "n", True),
        ("phone call", "call", "n", True),
        ("dog", "cat", "n", False),
        ("truce", "river", "n", False),
        ("big", "large", "a", True),
        ("big", "green", "a", False),
        ("purchase", "buy", "v", True),
        ("purchase", "sing", "v", False),
    ],
)
def test_finds_words_that_may_stand_for_each_other(one, other, pos, expected):
    assert wordnet.related(one, other, pos) is expected


def test_names_opposites_both_ways():
    assert "decrease" in wordnet.antonyms("increase", "v")
    assert "increase" in wordnet.antonyms("decrease", "v")
    assert wordnet.antonyms("strong", "a") == ("weak",)
    assert wordnet.antonyms("qwrtz", "a") == ()


def test_knows_which_words_it_has():
    assert wordnet.knows("soldier")
    assert not wordnet.knows("qwrtz")
    assert wordnet.knows("purchase", "v")


def test_the_table_is_small_and_carries_its_licence():
    assert wordnet.TABLE.stat().st_size < 750_000
    assert "Princeton University" in wordnet.TABLE.with_name("WORDNET_LICENSE").read_text()
