"""Words that a sentence explains: found in each of the forms, and not where it only says how one finds a thing."""

from __future__ import annotations

import pytest

from questions.generation.definitions import definitions
from questions.generation.nlp import load_nlp
from questions.generation.tree import Tree


def definitions_of(text, small=frozenset()):
    (tokens,) = load_nlp().parse([text])

    def words(numbers):
        return text[tokens[numbers[0]].start : tokens[numbers[-1]].end]

    return [(words(one.term), words(one.meaning)) for one in definitions(Tree(tokens), small)]


@pytest.mark.parametrize(
    ("text", "term", "meaning"),
    [
        (
            "A keel is a long timber that runs along the bottom of a ship.",
            "keel", "a long timber that runs along the bottom of a ship",
        ),
        (
            "Sailors define slack water as the short rest between two tides.",
            "slack water", "the short rest between two tides",
        ),
        (
            "Slack water refers to the short rest between two tides.",
            "Slack water", "the short rest between two tides",
        ),
        (
            "The deepest part of the old harbour, called the pool, never freezes.",
            "pool", "The deepest part of the old harbour",
        ),
        ("Loss of bone in old age is called osteoporosis.", "osteoporosis", "Loss of bone in old age"),
        (
            "The thin boards of a deck are known as \u201cweather strakes\u201d.",
            "weather strakes", "The thin boards of a deck",
        ),
        (
            "The farmers fought erosion, the slow loss of soil to wind and water.",
            "erosion", "the slow loss of soil to wind and water",
        ),
        (
            "A davit is a small crane (mostly of iron) that lowers the boats of a ship.",
            "davit", "a small crane (mostly of iron) that lowers the boats of a ship",
        ),
        ("White blood cells are also called leukocytes.", "leukocytes", "White blood cells"),
    ],
)  # fmt: skip
def test_finds_what_is_explained(text, term, meaning):
    assert definitions_of(text) == [(term, meaning)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("It is a long beam that runs along the bottom of a ship.", "nobody knows what"),
        ("A keel is a good thing that every ship needs.", "it says how one finds it"),
        ("A keel is not a mast that carries sails.", "it says what it is not"),
        ("A keel may be a beam that runs along the bottom of a ship.", "it is not sure"),
        ("Ada Holm is a keeper who lights the lamp every evening.", "somebody is no term"),
        ("This region, called the pool, never freezes in winter.", "the meaning points elsewhere"),
        ("The keepers called the council and asked for a new lamp.", "somebody calls somebody"),
        ("The pool is a pool that never freezes in the winter.", "explained by itself"),
        ("Religion is a custom found in all societies of the world.", "it says where it is"),
        ("Reefs are extremely rich waters that divers love to see.", "it praises"),
        ("Limpets are a group of animals that live on the rocks of the shore.", "many are not one"),
        ("A crew is a group of sailors with the rules of the group.", "it points into itself"),
        ("They gathered oleum, a salve that heals wounds.", "many things are that"),
        ("In the older view, a crew is a small state that obeys one ruler.", "not everybody says so"),
        ("Also known as a cuddy, a galley is a small kitchen that serves a crew.", "it has another name"),
        ("The keeper also feared scurvy (called rot), a slow illness of the gums.", "it has another name"),
        ("In the navy, a group of small boats is called a flotilla.", "elsewhere it may be called otherwise"),
        ("The soft inside is called the marrow.", "the inside of what"),
        ("Sailors drink warm mixtures of many spirits, called cordials.", "the name is of one or the other"),
        ("Davit davits are cranes that lower the heavy boats of a ship.", "a heading ran into the text"),
        ("Amber is a stone that cannot be dug from the chalk of the coast.", "it says what cannot be done"),
        ("The linea alba is a white band that is made of strong fibres.", "half a name"),
        ("They coil soft ropes\u2014the lines\u2014kept in the bow of the boat.", "an aside, not a meaning"),
        (
            "The pump fills the chamber, which opens into two pipes, called vents.",
            "nobody knows which of them",
        ),
    ],
)
def test_leaves_alone_what_explains_nothing(text, why):
    assert definitions_of(text) == [], why


def test_a_word_that_the_text_writes_small_is_no_name():
    text = "Limpetry is a trade that lives on the shells of the rocky shore."
    tokens = load_nlp().parse([text])[0]
    found = definitions_of(text, frozenset({"limpetry"}))
    assert [term for term, _ in found] == ["Limpetry"], [one.pos for one in tokens]


def test_a_long_meaning_loses_what_says_more_of_its_last_words():
    kept = "a ship with one square sail that merchants sent every spring to buy salt and herring on coasts"
    text = f"A cog is {kept} that no galley of the warm southern sea had ever seen before."
    assert definitions_of(text) == [("cog", kept)]
