"""Words as checks, recipes and guessers compare them: folded, without the commonest, cut to a crude stem.

Needs no language model, so that it also serves what a person wrote and a text that was not parsed.
"""

from __future__ import annotations

import re
from functools import lru_cache

from questions.generation import lexicon
from questions.grading.text_match import comparable

WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?|[^\W_]+")  # noqa: RUF001 -- real apostrophe
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " "})  # noqa: RUF001 -- as above

NAMES_LIKE_COMMON_WORDS = frozenset(("May", "Will"))
STOP_WORDS = lexicon.words("stop_words")
_ENDINGS = ("ations", "ation", "ings", "ing", "edly", "ies", "ied", "es", "ed", "ly", "s", "e")
_SHORTEST_STEM = 3
LONGEST_COMPARED = 60
KEPT_TEXTS = 8_192
"""Stems and options are compared with each other again and again."""


@lru_cache(maxsize=KEPT_TEXTS)
def words(text: str) -> tuple[str, ...]:
    """The words and numbers of a text in order, in small letters, without possessive endings."""
    return tuple(word.removesuffix("'s") for word in WORD.findall(text.translate(_QUOTES).casefold()))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What is left of a word without its English ending: enough to see two forms as one."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            base = word[: -len(ending)]
            return base + "y" if ending in {"ies", "ied"} else _single_end(base)
    return word


def _single_end(base: str) -> str:
    """A doubled consonant before the ending made single ("stopp" as "stop")."""
    doubled = len(base) > _SHORTEST_STEM and base[-1] == base[-2] and base[-1] not in "aeiouls"
    return base[:-1] if doubled else base


@lru_cache(maxsize=KEPT_TEXTS)
def content_stems(text: str) -> frozenset[str]:
    """The stems of a text's words without the commonest ("US", the country, is not "us")."""
    return frozenset(
        stem(match[0].casefold().removesuffix("'s"))
        for match in WORD.finditer(text.translate(_QUOTES))
        if tells(match)
    )


def tells(match: re.Match[str]) -> bool:
    """Whether a word found by WORD is none of the commonest ("US" is a country, "in May" a month)."""
    if match[0] == "US" or (match.start() and match[0] in NAMES_LIKE_COMMON_WORDS):
        return True
    return match[0].casefold() not in STOP_WORDS


@lru_cache(maxsize=20_000)
def same_form(text: str) -> str:
    """Equal for texts that say the same: a short one read with tolerance, a long one word by word."""
    return comparable(text) if len(text) <= LONGEST_COMPARED else " ".join(words(text))


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared share of two sets: 1 where equal, 0 where nothing is shared or both are empty."""
    union = one | other
    return len(one & other) / len(union) if union else 0.0
