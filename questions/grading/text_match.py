"""Whether two short texts say the same but for how they are written.

Tolerated: case, accents, quotation marks, dashes, spacing, full stops of abbreviations, a closing stop, a
leading English article, writings of numbers, simple dates. Not tolerated: another letter or another digit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from questions.grading.date_match import canonical_date
from questions.grading.number_match import canonical_numbers

# Written as code points: these characters are in this table because they look like others.
_SUPERSCRIPTS = str.maketrans("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079", "0123456789")
_SUPERSCRIPT_RUN = re.compile("[\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079]+")
_FRACTION = re.compile("(?<=[0-9])(?=[\u00bc\u00bd\u00be\u2150-\u215e])")
_SIGNS = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc`\u00b4\u2032\uff07", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u301d\u301e\u301f", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d", "-")
    | {
        "\u2044": "/",
        "\u00f8": "o",
        "\u0142": "l",
        "\u0111": "d",
        "\u0131": "i",
        "\u00e6": "ae",
        "\u0153": "oe",
    }
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufe00-\ufe0f]")
_LETTER_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=\w)|(?<=\w)-(?=[^\W\d_])")
_DIGIT_HYPHEN = re.compile(r"(?<=\d) ?- ?(?=\d)")
_ABBREVIATION = re.compile(r"\b[^\W\d_](?:\.[^\W\d_])+\b\.?")
_CLOSING = re.compile("(?<=[^\\s.,;:!?\u3002\u3001])[\\s.,;:!?\u3002\u3001]+$")
_SHORTENED = re.compile(r"(?<=[^\W\d_])\.(?= )")
_ARTICLE = re.compile(r"^(?:the|an?) (?=\S)")
_CYRILLIC_IO = "\u0435\u0308"
_OPTIONAL_POINTS = re.compile("[\u0591-\u05bd\u05bf-\u05c7\u064b-\u0652\u0670\u0640]")
"""Hebrew points, Arabic vowel signs and tatweel: readers of both write with or without them."""


def texts_agree(given: str, accepted: Iterable[str]) -> bool:
    """Whether `given` says the same as one of the accepted texts."""
    answer = comparable(given)
    return bool(answer) and any(answer == comparable(text) for text in accepted)


def comparable(text: str) -> str:
    """The one form in which all tolerated writings of a text are equal; empty where no word is left."""
    folded = _ARTICLE.sub("", fold(text))
    return canonical_date(folded) or canonical_numbers(folded)


def fold(text: str) -> str:
    """Text without case, accents, differences of quotation marks, dashes and spacing, or a closing stop."""
    text = text.translate(_SIGNS)  # before NFKC, which makes a space and a mark of a spacing accent
    text = _SUPERSCRIPT_RUN.sub(lambda run: "^" + run[0].translate(_SUPERSCRIPTS), text)  # 10² is not 102
    text = _FRACTION.sub(" ", text)  # 2½ is not 21/2
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()
    text = "".join(map(_ascii_digit, text)).translate(_SIGNS)
    text = _without_accents(text)
    text = " ".join(text.split())
    text = re.sub(r'"([^"]*)"', r"\1", text)
    text = re.sub(r"^'(.*)'$", r"\1", text)
    text = _CLOSING.sub("", text)
    text = _ABBREVIATION.sub(lambda match: match[0].replace(".", ""), text)
    text = _SHORTENED.sub("", text)  # St. Andrews
    text = _DIGIT_HYPHEN.sub("-", _LETTER_HYPHEN.sub(" ", text))
    return " ".join(text.split())


def _ascii_digit(char: str) -> str:
    value = unicodedata.decimal(char, None)
    return char if value is None else str(value)


def _without_accents(text: str) -> str:
    """Accents off Latin and Greek letters (and Cyrillic io), where leaving them out is a habit of writing.

    In other scripts a mark makes another letter (Japanese ga and ka, Cyrillic short i), so it stays.
    """
    out: list[str] = []
    base = ""
    for char in _OPTIONAL_POINTS.sub("", unicodedata.normalize("NFD", text)):
        if not unicodedata.combining(char):
            base = char
        elif base + char == _CYRILLIC_IO or unicodedata.name(base, "").startswith(("LATIN", "GREEK")):
            continue
        out.append(char)
    return unicodedata.normalize("NFC", "".join(out))
