"""Verbs and nouns in the form that a place in a sentence needs: rules, and a table of what breaks them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

TABLE = Path(__file__).with_name("data") / "irregular_forms.txt"
SIBILANTS = ("s", "x", "z", "ch", "sh")
VOWELS = "aeiou"
BE = {"VBZ": "is", "VBP": "are", "VBD": "was", "VBN": "been", "VBG": "being", "VB": "be"}


def inflected(lemma: str, tag: str) -> str:
    """A lemma (of several words, their first) in the form of a Penn tag; other tags leave it as it is."""
    first, _, rest = lemma.partition(" ")
    forms = _irregular().get(first, {})
    found = forms.get(tag) or (forms.get("VBD") if tag == "VBN" else "") or regular(first, tag)
    found = BE.get(tag, first) if first == "be" else found
    return f"{found} {rest}" if rest else found


def regular(lemma: str, tag: str) -> str:
    """The form of a lemma by rule."""
    if tag in {"VBZ", "NNS"}:
        return _without_y(lemma) + ("es" if lemma.endswith(SIBILANTS) or _has_y(lemma) else "s")
    if tag in {"VBD", "VBN"}:
        return _without_y(lemma) + ("d" if lemma.endswith("e") else "ed")
    if tag == "VBG":
        is_mute = lemma.endswith("e") and not lemma.endswith(("ee", "oe", "ye"))
        return lemma[:-2] + "ying" if lemma.endswith("ie") else (lemma[:-1] if is_mute else lemma) + "ing"
    return lemma


def _has_y(lemma: str) -> bool:
    return lemma.endswith("y") and lemma[-2:-1] not in VOWELS


def _without_y(lemma: str) -> str:
    return lemma[:-1] + "i" if _has_y(lemma) else lemma


@lru_cache(maxsize=1)
def _irregular() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        lemma, *parts = line.split(" ")
        found[lemma] = dict(zip(parts[::2], parts[1::2], strict=True))
    return found
