"""Whether an answer that is no statement stands in the evidence, in its words or near them."""

from __future__ import annotations

from collections.abc import Iterator

from questions.generation import wordnet
from questions.generation.checks.base import GAP_TYPES, Context, Note, hard, is_negative, key_texts, warning
from questions.generation.checks.belonging import denied_words
from questions.generation.checks.quantities import number_in, worked_out
from questions.generation.words import content_stems, stem, words
from questions.items.base import Item
from questions.reading.article import Section

SHARE_OF_KEY, SHARE_OF_GAP = 0.5, 0.8
"""What of a key's words must stand in the section of its evidence, and of a gap's in the evidence itself."""
FEWEST_REWORDED = 4
"""Words of an answer from which on it need not take its words from the text, where nobody says it did."""


def answer_stands(item: Item, context: Context) -> Iterator[Note]:
    """Enough of the answer's words stand in the evidence or its section, and none only with a "not"."""
    at_hand = _words_at_hand(item, context)
    share = SHARE_OF_GAP if item.type in GAP_TYPES else SHARE_OF_KEY
    for text in key_texts(item)[: 1 if item.type in GAP_TYPES else None]:
        stems = content_stems(text)
        related = set() if context.is_recorded else _in_other_words(text, item)
        if len(stems & (at_hand | related)) < share * len(stems):
            is_doubt = not context.is_recorded and _is_rewording(item, text)
            note = warning if is_doubt else hard
            yield note("key", f"The answer “{text[:60]}” does not stand in the evidence.")
        quotes = [span.quote for span in item.evidence]
        denied = [] if context.is_recorded or is_negative(item.stem) else denied_words(text, quotes)
        denied = [word for word in denied if word not in words(item.stem)]
        if denied and not is_negative(text):
            yield hard("key", f"The evidence names “{denied[0]}” with a “not”.")


def _is_rewording(item: Item, text: str) -> bool:
    """Whether an answer is a phrase of its own, which may say in other words what the evidence says."""
    return item.type in {"ordering", "matching"} or len(words(text)) >= FEWEST_REWORDED


def _words_at_hand(item: Item, context: Context) -> frozenset[str]:
    """The content words of the evidence and its headings; of whole sections, where a key may reword them."""
    sections = [context.reference.sections.get(span.section) for span in item.evidence]
    texts = {part for one in sections if one for part in _said_by(one, whole=item.type not in GAP_TYPES)}
    return content_stems(" ".join([*(span.quote for span in item.evidence), *sorted(texts)]))


def _said_by(section: Section, *, whole: bool) -> tuple[str, ...]:
    return (section.heading, section.text) if whole else (section.heading,)


def _in_other_words(text: str, item: Item) -> set[str]:
    """The stems of an answer that the evidence has a near relative of, and of numbers that it adds up to."""
    told = words(" ".join(span.quote for span in item.evidence))
    nouns = {stem(word) for word in words(text) for other in told if wordnet.near(word, other)}
    figures = worked_out(" ".join(span.quote for span in item.evidence))
    return nouns | {one for one in content_stems(text) if number_in(one) in figures}
