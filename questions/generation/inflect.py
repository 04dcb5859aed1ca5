"""Verbs and nouns in the form that a place in a sentence needs."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

IRREGULAR_BE = {"VBZ": "is", "VBP": "are", "VBD": "was", "VBN": "been", "VBG": "being", "VB": "be"}


@lru_cache(maxsize=4_096)
def inflected(lemma: str, tag: str) -> str:
    """A lemma (of several words, their first) in the form of a Penn tag; the lemma itself where unknown."""
    first, _, rest = lemma.partition(" ")
    forms = _lemminflect().getInflection(first, tag=tag)
    found = str(forms[0]) if forms else first
    return f"{found} {rest}" if rest else found


@lru_cache(maxsize=1)
def _lemminflect() -> Any:  # noqa: ANN401 - the library ships no types
    import lemminflect

    return lemminflect
