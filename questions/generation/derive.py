"""Making words of an item from a span of the text: changes in, a replayable derivation and its words out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal

from questions.generation.facts import Token
from questions.generation.proposal import Derivation, Edit
from questions.reading.article import Section, Span

Change = tuple[int, int, str]
"""Put these words in the place of `section.text[start:end]`."""

Initial = Literal["upper", "lower", "keep"]
CLOSERS = ".!?"
CLINGING = (".", ",", ";", ":", ")", "%", "'", "?", "!")
"""What follows the word before it without a space."""


def derive(
    section: Section,
    span: Span,
    changes: Iterable[Change] = (),
    *,
    initial: Initial = "upper",
    stop: str = ".",
) -> tuple[Derivation, str]:
    """The derivation that makes these changes, and its words.

    The first letter gets the case asked for, and `stop` is added where no full stop is yet. A change that
    covers another takes its place. Raises ValueError where two changes overlap in part.
    """
    edits = [Edit(start, end, section.text[start:end], after) for start, end, after in _outermost(changes)]
    edits = _with_initial(section, span, edits, initial)
    words = Derivation(section.id, span, tuple(edits)).replay(section.text)
    if stop and not words.endswith(tuple(CLOSERS)):
        edits.append(Edit(span.end, span.end, "", stop))
    derivation = Derivation(section.id, span, tuple(_merged(edits)))
    return derivation, derivation.replay(section.text)


def rederive(
    section: Section,
    base: Derivation,
    changes: Iterable[Change],
    *,
    initial: Initial = "upper",
    stop: str = ".",
) -> tuple[Derivation, str]:
    """A derivation with further changes; those of its own that a new one covers give way."""
    own = [(edit.start, edit.end, edit.after) for edit in base.edits]
    new = list(changes)
    kept = [one for one in own if not any(_covers(other, one) for other in new)]
    return derive(section, base.span, [*kept, *new], initial=initial, stop=stop)


def dropping(tokens: Sequence[Token], kept: Sequence[int]) -> tuple[Span, list[Change]]:
    """The span from the first to the last kept token, and the changes that take out what lies between."""
    changes: list[Change] = []
    for one, other in pairwise(kept):
        if other != one + 1:
            start, end = tokens[one].end, tokens[other].start
            clings = tokens[other].text.startswith((*CLINGING, "n't"))
            changes.append((start, end, "" if clings else " "))
    return Span(tokens[kept[0]].start, tokens[kept[-1]].end), changes


def _covers(one: Change, other: Change) -> bool:
    if other[0] == other[1]:
        return one[0] < other[0] < one[1]
    return one[0] <= other[0] and other[1] <= one[1]


def _outermost(changes: Iterable[Change]) -> list[Change]:
    ordered = sorted(set(changes), key=lambda change: (change[0], change[0] - change[1]))
    found: list[Change] = []
    for change in ordered:
        if found and change[0] < found[-1][1]:
            if not _covers(found[-1], change):
                raise ValueError(f"two changes overlap: {found[-1]} and {change}")
            continue
        found.append(change)
    return found


def _with_initial(section: Section, span: Span, edits: list[Edit], initial: Initial) -> list[Edit]:
    """The edits, such that the first visible letter has the case asked for."""
    if initial == "keep":
        return edits
    at = span.start
    for place, edit in enumerate(edits):
        if edit.start > at:
            break
        if edit.after:
            cased = Edit(edit.start, edit.end, edit.before, _cased(edit.after, initial))
            return [*edits[:place], cased, *edits[place + 1 :]]
        at = edit.end
    letter = section.text[at : min(at + 1, span.end)]
    if letter and _cased(letter, initial) != letter:
        return sorted([*edits, Edit(at, at + 1, letter, _cased(letter, initial))])
    return edits


def _cased(words: str, initial: Initial) -> str:
    first = words[:1].upper() if initial == "upper" else words[:1].lower()
    return first + words[1:]


def _merged(edits: list[Edit]) -> list[Edit]:
    """Two insertions at one place become one, so that replaying has one order."""
    found: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        last = found[-1] if found else None
        if last and last.start == last.end == edit.start == edit.end:
            found[-1] = Edit(edit.start, edit.end, "", last.after + edit.after)
        else:
            found.append(edit)
    return found
