"""Numbers written in different ways, brought to one way: 1,000 = 1 000 = "one thousand".

A number that can be read in two ways (1.000: one, or a thousand) is left as it stands, so that it agrees only
with itself: no tolerance here may accept a wrong number. Works on text folded by `text_match.fold`.
"""

from __future__ import annotations

import re

from questions.grading.number_words import words_to_digits

_NUMBER = re.compile(
    r"""(?<![\w.,'])(?:
        (?P<two_ways>[1-9]\d{0,2}\.\d{3}(?!,?\d))                                # 1.000
      | (?P<grouped>[1-9]\d{0,2}(?:(?:\ \d{3})+|(?:'\d{3})+))(?:[.,](?P<a>\d+))?  # 1 000 000,5  1'000
      | (?P<english>[1-9]\d{0,2}(?:,\d{2,3})*,\d{3})(?:\.(?P<b>\d+))?             # 1,000.5  12,34,567
      | (?P<dotted>[1-9]\d{0,2}(?:\.\d{3})+)(?:,(?P<c>\d+))?                      # 1.000.000  1.000,5
      | (?P<plain>\d*)[.,](?P<d>\d+)                                             # 0.5  0,5  .5
      | (?P<whole>\d+)
    )(?![.,']?\d)""",
    re.VERBOSE,
)
_UNIT_RUN_ON = re.compile(r"(?<![\w.,])(\d+(?:[.,]\d+)*)(?!(?:st|nd|rd|th)\b)(?=[^\W\d_])")
_ORDINAL = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b")
_PERCENT = re.compile(r" ?(?:%|\bper ?cent\b)")
_CURRENCY_AFTER = re.compile(r"(?<![\w.,])(\d+(?:\.\d+)?) ?([$€£¥₹])")
_SIGN = re.compile(r"([$€£¥₹]|(?<!\S)-)(?=\d)")
_SIGN_APART = re.compile(r"([$€£¥₹]|(?<!\S)-) (?=\d)")


def canonical_numbers(text: str) -> str:
    """Folded text with every number, in digits or in English words, written in one way."""
    text = _UNIT_RUN_ON.sub(r"\1 ", text)  # 5km
    text = _SIGN.sub(r"\1 ", text)
    text = words_to_digits(_NUMBER.sub(_one_way, text))
    text = _ORDINAL.sub(r"\1th", text)
    text = re.sub(r"\bminus (?=\d)", "- ", text)
    text = _PERCENT.sub(" %", text)
    text = _CURRENCY_AFTER.sub(r"\2\1", text)
    return _SIGN_APART.sub(r"\1", text)


def _one_way(match: re.Match[str]) -> str:
    if match["two_ways"]:
        return match[0]
    whole = next(
        match[name] for name in ("grouped", "english", "dotted", "plain", "whole") if match[name] is not None
    )
    rest = next((match[name] for name in "abcd" if match[name]), "").rstrip("0")
    whole = re.sub(r"\D", "", whole).lstrip("0") or "0"
    return f"{whole}.{rest}" if rest else whole
