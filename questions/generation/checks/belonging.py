"""Whether the evidence is about what the item says, where nobody recorded how its words were made."""

from __future__ import annotations

import re

from questions.generation.checks.base import GAP_TYPES, key_texts
from questions.generation.words import content_stems
from questions.grading.number_words import words_to_digits
from questions.items.base import BLANK, Item

SHARE_OF_FALSE = 0.3
"""Of the content words of a statement marked false: what its evidence must speak of to prove it wrong."""
FEWEST_IN_ROWS = 4
"""Numbers from which on evidence may be a list of rows; with fewer the order of a sentence is free."""
_NAME = re.compile(r"(?<=[a-z,] )[A-Z]\w+")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def numbers_in_order(item: Item) -> bool:
    """Whether a gap filled with a number has all its numbers in the order in which the evidence has them.

    "For 60 to 119 minutes it is 25 percent" mixes up two rows of a list, though every number stands there.
    """
    key = next(iter(key_texts(item)), "")
    filled = _numbers(item.stem.replace(BLANK, f" {key} "))
    if item.type not in GAP_TYPES or not _numbers(key) or len(filled) == len(_numbers(key)):
        return True
    numbers = _numbers(" ".join(span.quote for span in item.evidence))
    told = iter(numbers)
    return len(numbers) < FEWEST_IN_ROWS or all(number in told for number in filled)


def evidence_proves_it_wrong(item: Item) -> bool:
    """Whether the evidence of a false statement speaks of what it names, or of a good part of its words."""
    said = content_stems(item.stem)
    quotes = " ".join(span.quote for span in item.evidence)
    told = content_stems(quotes)
    if not item.evidence or content_stems(" ".join(_NAME.findall(item.stem))) & told:
        return True
    return len(said & told) >= SHARE_OF_FALSE * len(said)


def _numbers(text: str) -> list[str]:
    return _FIGURE.findall(words_to_digits(text.casefold()))
