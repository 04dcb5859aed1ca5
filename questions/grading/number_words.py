"""English number words and scales as digits: "one thousand two hundred", "2.5 million", "twenty first"."""

from __future__ import annotations

import re
from fractions import Fraction

_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_TEN = 10
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_UNIT_VALUES = {word: value for value, word in enumerate(_UNITS)}
_TEN_VALUES = {word: 10 * value for value, word in enumerate(_TENS, start=2)}
_IRREGULAR = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_ORDINAL_UNITS = {_IRREGULAR.get(word, word + "th"): value for word, value in _UNIT_VALUES.items() if value}
_ORDINAL_TENS = {word.removesuffix("y") + "ieth": value for word, value in _TEN_VALUES.items()}
_DIGITS = re.compile(r"(?![1-9]\d{0,2}\.\d{3}$)\d{1,30}(?:\.\d{1,30})?")
"""Not 1.000: that could be one or a thousand."""


def words_to_digits(text: str) -> str:
    """Folded text (words apart by one space) with each run of number words in digits; the rest stays."""
    words = text.split(" ")
    out: list[str] = []
    at = 0
    while at < len(words):
        after, written = _ordinal(words, at) or _cardinal(words, at) or (at + 1, words[at])
        out.append(written)
        at = after
    return " ".join(out)


def _word(words: list[str], at: int) -> str:
    return words[at] if at < len(words) else ""


def _ordinal(words: list[str], at: int) -> tuple[int, str] | None:
    first, second = _word(words, at), _word(words, at + 1)
    if first in _TEN_VALUES and 0 < _ORDINAL_UNITS.get(second, 0) < _TEN:
        return at + 2, f"{_TEN_VALUES[first] + _ORDINAL_UNITS[second]}th"
    value = _ORDINAL_UNITS.get(first) or _ORDINAL_TENS.get(first)
    return (at + 1, f"{value}th") if value else None


def _cardinal(words: list[str], at: int) -> tuple[int, str] | None:
    """Groups below a thousand with falling scales: "two million and five", "3 thousand"."""
    if _DIGITS.fullmatch(words[at]) and _word(words, at + 1) not in _SCALES:
        return None
    total = Fraction(0)
    limit = max(_SCALES.values()) + 1
    end = at
    while group := _group(words, end + (end > at and _word(words, end) == "and")):
        after, value = group
        scale = _SCALES.get(_word(words, after))
        if scale is None or scale >= limit:
            if end == at or (scale is None and value < limit):
                total, end = total + value, after
            break
        total, end, limit = total + value * scale, after + 1, scale
    return (end, _written(total)) if end > at else None


def _group(words: list[str], at: int) -> tuple[int, Fraction] | None:
    """A number in digits, or words below a thousand; a lone scale ("million") counts as one of it."""
    word = _word(words, at)
    if _DIGITS.fullmatch(word):
        return at + 1, Fraction(word)
    if word in _SCALES:
        return at, Fraction(1)
    small = _below_hundred(words, at)
    after, value = small or (at, 1)
    if _word(words, after) != "hundred":
        return (after, Fraction(value)) if small else None
    after += 1
    rest = _below_hundred(words, after + (_word(words, after) == "and"))
    return (rest[0], Fraction(value * 100 + rest[1])) if rest else (after, Fraction(value * 100))


def _below_hundred(words: list[str], at: int) -> tuple[int, int] | None:
    word = _word(words, at)
    if word in _UNIT_VALUES:
        return at + 1, _UNIT_VALUES[word]
    if word not in _TEN_VALUES:
        return None
    unit = _UNIT_VALUES.get(_word(words, at + 1), 0)
    return (at + 2, _TEN_VALUES[word] + unit) if 0 < unit < _TEN else (at + 1, _TEN_VALUES[word])


def _written(value: Fraction) -> str:
    """Exact, without exponent or closing zeros: values here have denominators that divide a power of ten."""
    whole, rest = divmod(value.numerator, value.denominator)
    digits = ""
    while rest:
        digit, rest = divmod(rest * 10, value.denominator)
        digits += str(digit)
    return f"{whole}.{digits}" if digits else str(whole)
