"""The nouns that need no name in a statement, as title, heading or section say which one is meant."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from questions.generation.facts import Sentence
from questions.generation.lexicon import words
from questions.reading.article import Article

OFTEN = 3
"""Times that a section names something with "the" alone, from which on it is what the section is about."""
_WORD = re.compile(r"[^\W_]+")


def announced(article: Article) -> frozenset[str]:
    """Nouns that the title and the headings name, so that "the call" says which call."""
    text = " ".join([article.title, article.standfirst, *(section.heading for section in article.sections)])
    found = {word.lower() for word in _WORD.findall(text)} - words("stop_words")
    return frozenset(found | {word.removesuffix("s") for word in found})


def introduced(sentences: Sequence[Sentence]) -> frozenset[str]:
    """What the section brings in once ("a museum"): after that, "the museum" says which museum."""
    counted = Counter(
        sentence.tokens[token.head].lemma.lower()
        for sentence in sentences
        for token in sentence.tokens
        if token.text.lower() in {"a", "an"} and token.dep == "det"
    )
    once = {f"a {lemma}" for lemma, count in counted.items() if count == 1}
    return frozenset(once | {f"several {lemma}" for lemma in _of_several_kinds(sentences)})


def _of_several_kinds(sentences: Sequence[Sentence]) -> frozenset[str]:
    """What the section tells apart by what stands before it ("lunar calendars", "the old calendar").

    What it often names with "the" alone is what it is about ("the barrier", however else it is called).
    """
    kinds: dict[str, set[str]] = defaultdict(set)
    bare: Counter[str] = Counter()
    for sentence in sentences:
        told = {token.head for token in sentence.tokens if token.dep in {"amod", "compound"}}
        for number, token in enumerate(sentence.tokens):
            head = sentence.tokens[token.head]
            if token.dep in {"amod", "compound"} and head.pos == "NOUN":
                kinds[head.lemma.lower()].add(token.lemma.lower())
            if token.text.lower() == "the" and token.head not in told and token.head > number:
                bare[head.lemma.lower()] += 1
    return frozenset(lemma for lemma, found in kinds.items() if len(found) > 1 and bare[lemma] < OFTEN)
