"""Whether a number belongs to what an item says of it, where the evidence has several."""

from __future__ import annotations

import re
from collections.abc import Sequence

from questions.generation.checks.base import GAP_TYPES, key_texts
from questions.generation.checks.quantities import is_quantity
from questions.generation.words import content_stems
from questions.grading.number_words import words_to_digits
from questions.items.base import BLANK, Item

FEWEST_IN_ROWS = 4
"""Numbers from which on evidence may be a list of rows; with fewer the order of a sentence is free."""
_CLAUSES = re.compile(r"[,;:](?!\d)\s*| (?:and|but) ")
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


def _numbers(text: str) -> list[str]:
    return _FIGURE.findall(words_to_digits(text.casefold()))


def rows_of_the_key(item: Item, right: str, other: str) -> list[str]:
    """The quotations where a wrong number stands in a clause that says less of what is asked: its own row."""
    asked = content_stems(item.stem.replace(BLANK, " "))
    quotes = [span.quote for span in item.evidence] if is_quantity(right) else []
    return [quote for quote in quotes if _fit(right, asked, quote) >= _fit(other, asked, quote)]


def fits_better(number: str, other: str, asked: str, quotes: Sequence[str]) -> bool:
    """Whether a number stands with more of what is asked, in one of the quotations, than another does."""
    stems = content_stems(asked)
    both = [quote for quote in quotes if number in quote and other in quote]
    return any(_fit(number, stems, quote) > _fit(other, stems, quote) for quote in both)


def _fit(number: str, asked: frozenset[str], quote: str) -> int:
    """How much of what is asked stands in the clauses of a number; more than any could, where it has none."""
    clauses = [part for part in _CLAUSES.split(quote) if number in part]
    return max((len(content_stems(part) & asked) for part in clauses), default=len(asked) + 1)
