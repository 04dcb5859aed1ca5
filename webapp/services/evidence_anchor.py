"""Where evidence stands once the text around it was edited: pure, no rows.

A quote is never rewritten. It is found again, whole, in the new text, or it is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from questions.items.base import Evidence
from questions.reading.passage import sentences

LIKE_ENOUGH = 0.5
"""The share of words that two sentences have in common where one is taken for an edit of the other."""


def moved_span(old_text: str, new_text: str, start: int, quote: str) -> tuple[int, int] | None:
    """The place in `new_text` of the quote that stood at `start` of `old_text`; None where it is gone.

    Where the words stand more than once, they keep their turn (the second of three stays the second of
    three), else the place whose surroundings are most alike is theirs.
    """
    if not quote.strip():
        return None
    before, after = list(_places(quote, old_text)), list(_places(quote, new_text))
    if not after:
        return None
    if len(before) == len(after) and start in before:
        found = after[before.index(start)]
    else:
        end = start + len(quote)
        found = max(after, key=lambda place: (_likeness(old_text, start, end, new_text, place), -place))
    return found, found + len(quote)


def moved_content(
    content: dict[str, Any], section: str, old_text: str, new_text: str
) -> dict[str, Any] | None:
    """An item's content with its evidence in this section moved along; None where some of it is gone."""
    evidence = []
    for span in content["evidence"]:
        if span["section"] != section:
            evidence.append(span)
            continue
        moved = moved_span(old_text, new_text, span["start"], span["quote"])
        if moved is None:
            return None
        evidence.append(span | {"start": moved[0], "end": moved[1]})
    return content | {"evidence": evidence}


def lost_quotes(content: dict[str, Any], section: str, old_text: str, new_text: str) -> list[str]:
    """The quotes of this section that the new text no longer has."""
    return [
        span["quote"]
        for span in content["evidence"]
        if span["section"] == section and moved_span(old_text, new_text, span["start"], span["quote"]) is None
    ]


def likely_successor(quote: str, text: str) -> str:
    """The sentence of the text that shares most words with a lost quote; empty where none is much like it."""
    own = _words(quote)
    likeness = {span.of(text): _shared(own, _words(span.of(text))) for span in sentences(text, 0, len(text))}
    best = max(likeness, key=lambda sentence: likeness[sentence], default="")
    return best if best and likeness[best] >= LIKE_ENOUGH else ""


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(len(one | other), 1)


def note_of_loss(quotes: Iterable[str]) -> str:
    """What an item says of itself once the text has lost what it needs."""
    return "The text was edited and no longer has: " + " … ".join(f"“{quote}”" for quote in quotes)


def standing_marks(
    evidence: Iterable[Evidence], section: str, text: str, label: str
) -> list[tuple[int, int, str]]:
    """What of the evidence stands in this section's text as it is now, for `section_html.mark_evidence`."""
    return [
        (span.start, span.end, label)
        for span in evidence
        if span.section == section and text[span.start : span.end] == span.quote
    ]


def _places(quote: str, text: str) -> Iterator[int]:
    """Where the quote begins in the text; inside a longer word is nowhere."""
    lead = r"(?<!\w)" if re.match(r"\w", quote) else ""
    tail = r"(?!\w)" if re.search(r"\w\Z", quote) else ""
    for found in re.finditer(f"(?={lead}{re.escape(quote)}{tail})", text):
        yield found.start()


def _likeness(old: str, start: int, end: int, new: str, place: int) -> int:
    """How many code points before and after are the same, counted outwards from the quote."""
    stop = place + end - start
    return _same(reversed(old[:start]), reversed(new[:place])) + _same(iter(old[end:]), iter(new[stop:]))


def _same(left: Iterator[str], right: Iterator[str]) -> int:
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count
