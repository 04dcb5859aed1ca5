"""A pronoun in front of the subject means the subject, where nothing else in front may be meant."""

from __future__ import annotations

import pytest

from questions.generation.binding import antecedent
from questions.generation.nlp import load_nlp
from questions.generation.tree import Tree


def meant(text: str, pronoun: str, leave: str = "") -> str:
    """What a pronoun of a sentence stands for; the word to leave is not kept."""
    tree = Tree(load_nlp().parse([text])[0])
    words = [token.text for token in tree.tokens]
    inside = {number for number, word in enumerate(words) if word != leave}
    found = antecedent(tree, words.index(pronoun), inside)
    return "" if found is None else words[found]


@pytest.mark.parametrize(
    ("text", "pronoun", "noun"),
    [
        ("After its repair, the ferry carried the milk of the islands.", "its", "ferry"),
        ("After their repair, the ferries carried the milk.", "their", "ferries"),
        ("After his return, the keeper lit the lamp.", "his", "keeper"),
        ("After her return, Ada Holm lit the lamp.", "her", "Holm"),
        ("Before leaving its harbour, the ferry carried the milk.", "its", "ferry"),
        ("Despite its age, the wooden ferry of Marlow carried the milk.", "its", "ferry"),
    ],
)
def test_the_subject_ahead_is_meant(text, pronoun, noun):
    assert meant(text, pronoun) == noun


@pytest.mark.parametrize(
    ("text", "pronoun", "why"),
    [
        ("After their repair, the ferry carried the milk.", "their", "one is not many"),
        ("After its return, the keeper lit the lamp.", "its", "a person is no thing"),
        ("For his work, the ferry got a bell.", "his", "a thing is no person"),
        ("After the storm with its cold rain, the ferry carried the milk.", "its", "it may be the storm's"),
        ("When its engine failed, the ferry carried the milk.", "its", "it may be the engine's"),
        ("On her way to Marlow, Ada Holm met his brother.", "her", "a man is told of, too"),
        ("Its engine worried the council.", "Its", "an engine does not own itself"),
        ("The age of its engine worried the council.", "its", "the pronoun is part of the subject"),
    ],
)
def test_the_subject_ahead_is_not_meant(text, pronoun, why):
    assert not meant(text, pronoun), why


def test_a_subject_that_is_left_out_is_not_meant():
    assert not meant("After its repair, the ferry carried the milk.", "its", leave="ferry")
