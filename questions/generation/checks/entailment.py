"""Whether words follow from the text by leaving words out: the same words, in the same order, none denied.

All that recipes do to make a true statement is to leave words out and to repeat a name; so whatever is true
by construction can be laid along the text word by word. What cannot is another statement.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from questions.generation.words import STOP_WORDS, WORD, stem

NEGATION = "not"
_NEGATIVE = frozenset(
    ("not", "no", "never", "cannot", "nor", "neither", "hardly", "without", "none", "nobody")
)
_CONDITION = frozenset(("if", "unless"))
_BOUNDARY = re.compile(
    r"(?:\u2019s|'s)?\s*(?:$|[^\w\s'\u2019-]|(?:and|or|but|nor|yet|so|while|whereas|although|though|because)\b)",
    re.IGNORECASE,
)
"""What may follow a clause in the text: its end, a punctuation mark, a word that joins another clause."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that counts: its stem (or NEGATION), and where it ends in its text."""

    stem: str
    end: int
    is_condition: bool = False


def _counting(text: str) -> list[_Word]:
    """The content words of a text, its negations and its conditions."""
    found = []
    for match in WORD.finditer(text):
        word = match[0].casefold().replace("\u2019", "'")
        if word in _NEGATIVE or word.endswith("n't"):
            found.append(_Word(NEGATION, match.end()))
        elif word in _CONDITION:
            found.append(_Word(word, match.end(), is_condition=True))
        elif word not in STOP_WORDS or match[0] == "US":
            found.append(_Word(stem(word.removesuffix("'s")), match.end()))
    return found


def _laid_along(words: Sequence[_Word], text: Sequence[_Word]) -> list[int] | None:
    """The places of `words` in the text, in order; from the end, so that they lie as close as they can."""
    places: list[int] = []
    at = len(text)
    for word in reversed(words):
        at -= 1
        while at >= 0 and text[at].stem != word.stem:
            at -= 1
        if at < 0:
            return None
        places.append(at)
    return places[::-1]


def departure(statement: str, evidence: str, before: str = "") -> str:
    """What makes a statement another than the evidence makes, in a few words; empty where it follows.

    `before` is text in front of the evidence from which names may have been repeated.
    """
    words = _counting(statement)
    text = _counting(evidence)
    places = _laid_along(words, text)
    if places is None:
        if before and _laid_along(words, [*_counting(before), *text]) is not None:
            return ""
        return "its words do not stand there in this order"
    return _left_out(places, text) if places else ""


def _left_out(places: Sequence[int], text: Sequence[_Word]) -> str:
    kept = set(places)
    for place, word in enumerate(text):
        follows_kept = place + 1 in kept
        if place not in kept and word.stem == NEGATION and follows_kept:
            return "a “not” of the text is missing"
        if place not in kept and word.is_condition and (place + 1 in kept or place - 1 == places[-1]):
            return "a condition of the text is missing"
    return ""


def breaks_off(statement: str, evidence: str) -> bool:
    """Whether the statement ends where the text's clause goes on."""
    words, text = _counting(statement), _counting(evidence)
    places = _laid_along(words, text)
    if not places:
        return False
    return not _BOUNDARY.match(evidence[text[places[-1]].end :])
