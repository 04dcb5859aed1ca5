"""Options that have an order of their own: numbers and dates are easiest to compare when they rise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from questions.grading.date_match import canonical_date
from questions.grading.number_match import canonical_numbers
from questions.grading.text_match import fold

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_DATE_FRAME = "date"


def rising_order(texts: Sequence[str]) -> list[int] | None:
    """Indexes of the texts with their values rising; None where they are not numbers or dates of one kind."""
    values = [_value(text) for text in texts]
    known = [value for value in values if value is not None]
    if len(known) < len(texts) or len({frame for frame, _ in known}) != 1:
        return None
    return sorted(range(len(texts)), key=lambda index: known[index][1])


def _value(text: str) -> tuple[str, Fraction] | None:
    """The number or date of a text, and the words around it: only values with the same words compare."""
    folded = fold(text)
    if date := canonical_date(folded):
        year, month, day = (int(part or 0) for part in date.split("-"))
        return f"{_DATE_FRAME} {bool(year)}", Fraction((year * 100 + month) * 100 + day)
    written = canonical_numbers(folded)
    found = _NUMBER.findall(written)
    if len(found) != 1:
        return None
    return _NUMBER.sub("#", written).removesuffix("s"), Fraction(found[0])
