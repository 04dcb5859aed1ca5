"""Whether words follow from the text by leaving words out: the same words, in the same order, none denied.

All that recipes do to make a true statement is to leave words out and to repeat a name; so whatever is true
by construction can be laid along the text word by word. What cannot is another statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from questions.generation.words import WORD, stem

NEGATION = "not"
_NEGATIVE = frozenset(
    ("not", "no", "never", "cannot", "nor", "neither", "hardly", "without", "none", "nobody")
)
_UNCOUNTED = frozenset(
    (
        "a",
        "an",
        "the",
        "this",
        "these",
        "that",
        "those",
        "it",
        "he",
        "she",
        "they",
        "its",
        "his",
        "her",
        "their",
    )
)
"""Articles, and pronouns that a name may have taken the place of."""
_CONDITION = frozenset(("if", "unless"))
_BOUNDARY = re.compile(
    r"(?:\u2019s|'s)?\s*(?:$|[^\w\s'\u2019-]|(?:and|or|but|nor|yet|so|while|whereas|although|though|because)\b)",
    re.IGNORECASE,
)
"""What may follow a clause in the text: its end, a punctuation mark, a word that joins another clause."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that counts: its stem (or NEGATION), and where it stands in its text."""

    stem: str
    start: int
    end: int
    is_condition: bool = False


def _counting(text: str) -> list[_Word]:
    """The words of a text but for articles and pronouns, with its negations and conditions marked."""
    found = []
    for match in WORD.finditer(text):
        word = match[0].casefold().replace("\u2019", "'")
        if word in _NEGATIVE or word.endswith("n't"):
            found.append(_Word(NEGATION, *match.span()))
        elif word in _CONDITION:
            found.append(_Word(word, *match.span(), is_condition=True))
        elif word not in _UNCOUNTED:
            found.append(_Word(stem(word.removesuffix("'s")), *match.span()))
    return found


def _laid_along(words: Sequence[_Word], text: Sequence[_Word]) -> Iterator[list[int]]:
    """The places of `words` in the text, in order: as early as they can lie, and as late."""
    early = _first_places(words, text)
    if early is None:
        return
    yield early
    late = _first_places(words[::-1], text[::-1]) or []
    yield [len(text) - 1 - place for place in reversed(late)]


def _first_places(words: Sequence[_Word], text: Sequence[_Word]) -> list[int] | None:
    places: list[int] = []
    at = -1
    for word in words:
        at += 1
        while at < len(text) and text[at].stem != word.stem:
            at += 1
        if at == len(text):
            return None
        places.append(at)
    return places


def departure(statement: str, evidence: str, before: str = "") -> str:
    """What makes a statement another than the evidence makes, in a few words; empty where it follows.

    `before` is text in front of the evidence from which names may have been repeated.
    """
    words, text = _counting(statement), _counting(evidence)
    reasons = [_left_out(places, text, evidence) for places in _laid_along(words, text) if places]
    if reasons:
        return min(reasons)
    follows = not words or (before and any(_laid_along(words, [*_counting(before), *text])))
    return "" if follows else "its words do not stand there in this order"


def _left_out(places: Sequence[int], text: Sequence[_Word], evidence: str) -> str:
    kept = set(places)
    for place, word in enumerate(text):
        if place in kept:
            continue
        if word.stem == NEGATION and place + 1 in kept:
            return "a “not” of the text is missing"
        follows_end = place - 1 == places[-1] and not evidence[text[place - 1].end : word.start].strip()
        if word.is_condition and (place + 1 in kept or follows_end):
            return "a condition of the text is missing"
    return ""


def breaks_off(statement: str, evidence: str) -> bool:
    """Whether the statement ends where the text's clause goes on."""
    words, text = _counting(statement), _counting(evidence)
    rests = [evidence[text[places[-1]].end :] for places in _laid_along(words, text) if places]
    if not rests:
        return False
    tail = statement[words[-1].end :].rstrip(" .")
    return not any(_BOUNDARY.match(_without_start(rest, tail)) for rest in rests)


def _without_start(text: str, start: str) -> str:
    """The text after the common words with which the statement ends, if it goes on with them."""
    return text[len(start) :] if text.casefold().startswith(start.casefold()) else text
