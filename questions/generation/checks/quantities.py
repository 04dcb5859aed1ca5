"""Numbers as checks read them: their value, the bound in front of them, and the shape they are written in."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import permutations

from questions.grading.number_words import words_to_digits

_AT_LEAST = re.compile(
    r"\b(?:at least|no (?:less|fewer) than|more than|over|above|a minimum of|upwards of"
    r"|exceed(?:s|ed|ing)?)\W*$",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    r"\b(?:at most|no more than|less than|fewer than|under|below|up to|a maximum of|as (?:many|much) as)\W*$",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:about|around|almost|nearly|approximately|roughly|some|close to|just (?:over|under)"
    r"|an estimated)\W*$",
    re.IGNORECASE,
)
NEAR = Fraction(35, 100)
"""What differs by less than this share may still be "about" the number."""

_SHARES = {
    "three quarters": Fraction(3, 4),
    "two thirds": Fraction(2, 3),
    "half": Fraction(1, 2),
    "a third": Fraction(1, 3),
    "one third": Fraction(1, 3),
    "a quarter": Fraction(1, 4),
    "one quarter": Fraction(1, 4),
}
_LEAST_OF = re.compile(r"(?:at least|more than|over)\s+(.+)", re.IGNORECASE)
_MOST_OF = re.compile(r"(?:at most|less than|fewer than|up to|under)\s+(.+)", re.IGNORECASE)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_MONTH = re.compile(rf"\b(?:{_MONTHS})\b")
_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
MOST_QUANTITY_WORDS = 5
LAST_DAY = 31
_FIGURE = re.compile(r"\d[\d,]*(\.\d+)?")


def number_in(text: str) -> Fraction | None:
    """The one number of a short text, in digits or words; None where there is none or several."""
    figures = re.findall(r"\d+(?:\.\d+)?", _in_digits(text.replace(",", "")))
    return Fraction(figures[0]) if len(figures) == 1 else None


def _in_digits(text: str) -> str:
    return words_to_digits(re.sub(r"(?<=[a-z])-(?=[a-z])", " ", text.casefold()))


def breaks_bound(before: str, right: str, wrong: str) -> bool:
    """Whether a wrong number stays true behind the words `before`: "at least 33" makes "at least 16" true."""
    true_number, other = number_in(right), number_in(wrong)
    if true_number is None or other is None or _MONTH.search(right):
        return False
    if _AT_LEAST.search(before):
        return other <= true_number
    if _AT_MOST.search(before):
        return other >= true_number
    if _ABOUT.search(before):
        return abs(other - true_number) < NEAR * abs(true_number)
    return other == true_number


def is_implied(right: str, other: str) -> bool:
    """Whether a bounded share or number is true because the right one is ("more than half", "a third")."""
    for bound, is_least in ((_LEAST_OF, True), (_MOST_OF, False)):
        mine, theirs = bound.search(right), bound.search(other)
        if mine and theirs and right[: mine.start()] == other[: theirs.start()]:
            true_number, number = _share_or_number(mine[1]), _share_or_number(theirs[1])
            if true_number is not None and number is not None and number != true_number:
                return number < true_number if is_least else number > true_number
    return False


def _share_or_number(text: str) -> Fraction | None:
    share = next((value for name, value in _SHARES.items() if text.casefold().startswith(name)), None)
    return share or number_in(" ".join(text.split()[:MOST_QUANTITY_WORDS]))


def worked_out(text: str) -> frozenset[Fraction]:
    """The sums and differences of any two numbers of a text."""
    figures = [Fraction(one) for one in re.findall(r"\d+(?:\.\d+)?", _in_digits(text.replace(",", "")))]
    return frozenset(sign * one + other for one, other in permutations(figures, 2) for sign in (1, -1))


def shape(text: str) -> str:
    """How a date or number is written, without what it says: "24 November 2025" as "# #month #year"."""
    text = _WEEKDAY.sub("#weekday", _MONTH.sub("#month", text))
    if not re.search(r"\d", text):
        text = re.sub(r"\d+(?:\.\d+)?(?: and a half\b)?", "#word", _in_digits(text))
    return " ".join(_FIGURE.sub(_figure_shape, text).split())


def _figure_shape(match: re.Match[str]) -> str:
    decimals = match[1]
    is_year = not decimals and re.fullmatch(r"[12]\d{3}", match[0])
    return "#year" if is_year else f"#{'.' + '0' * (len(decimals) - 1) if decimals else ''}"


def is_quantity(text: str) -> bool:
    """Whether a short text is a number or a date and little else."""
    return len(text.split()) <= MOST_QUANTITY_WORDS and shape(text).lstrip("£$€¥ ").startswith("#")


def place_in_order(text: str) -> tuple[Fraction, ...] | None:
    """What numbers and dates are sorted by: the value, or year, month and day; None for other texts."""
    if not is_quantity(text):
        return None
    month = _MONTH.search(text)
    if month is None:
        number = number_in(text)
        return None if number is None else (number,)
    figures = [int(figure) for figure in re.findall(r"\d+", text)]
    years = [figure for figure in figures if figure > LAST_DAY]
    days = [figure for figure in figures if figure <= LAST_DAY]
    number_of_month = 1 + _MONTHS.split("|").index(month[0])
    return (Fraction(sum(years[:1])), Fraction(number_of_month), Fraction(sum(days[:1])))
