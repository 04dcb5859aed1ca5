"""Is a changed statement true elsewhere in the article? Asked of every distractor and false statement."""

from __future__ import annotations

import math
from collections.abc import Iterable

from questions.generation.facts import ArticleFacts, Sentence
from questions.generation.nlp import normalised

MAX_SHARED = 0.6
"""A sentence that has the new words and this share of the old content may say just that."""


def is_supported(
    facts: ArticleFacts,
    new_words: Iterable[str],
    content: frozenset[str],
    leave: tuple[int, int] | None = None,
) -> bool:
    """Whether a sentence of the article has one of the new words and most of the statement's content.

    `content` is that of the statement without what was changed; `leave` is the sentence it was taken from.
    """
    kept = {lemma for lemma in content if lemma in facts.index}
    if not kept:
        return False
    near = _near(facts, kept)
    for word in new_words:
        for place in sorted(near & facts.index.get(_last_word(word), frozenset())):
            if place != leave and _shares(facts.sentence(place), word, kept):
                return True
    return False


def _near(facts: ArticleFacts, kept: set[str]) -> set[tuple[int, int]]:
    """The sentences that may share enough: they have at least one of the rarest lemmas."""
    by_rarity = sorted(kept, key=lambda lemma: (len(facts.index[lemma]), lemma))
    needed = len(kept) - math.ceil(MAX_SHARED * len(kept)) + 1
    return set().union(*(facts.index[lemma] for lemma in by_rarity[:needed]))


def _last_word(words: str) -> str:
    return words.lower().split()[-1] if words.split() else ""


def _shares(sentence: Sentence, word: str, kept: set[str]) -> bool:
    said = word.lower() in normalised(sentence.text).lower()
    return said and len(kept & sentence.content) >= MAX_SHARED * len(kept)
