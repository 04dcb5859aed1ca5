"""How many school years a text asks for, after Flesch and Kincaid."""

from __future__ import annotations

import re
from functools import lru_cache

_VOWELS = re.compile(r"[aeiouy]+")
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|$|[”\"'])")
_LETTERS = re.compile(r"[^\W\d_]+")


def syllables(word: str) -> int:
    """The syllables of an English word by its groups of vowels, at least one."""
    word = word.casefold()
    count = len(_VOWELS.findall(word))
    if word.endswith("e") and not word.endswith(("le", "ee")) and count > 1:
        count -= 1
    return max(count, 1)


@lru_cache(maxsize=2_000)
def grade(text: str) -> float:
    """Flesch-Kincaid grade; 0 for a text without words."""
    found = _LETTERS.findall(text)
    if not found:
        return 0.0
    sentence_count = max(len(_SENTENCE_END.findall(text)), 1)
    syllable_count = sum(map(syllables, found))
    return 0.39 * len(found) / sentence_count + 11.8 * syllable_count / len(found) - 15.59
