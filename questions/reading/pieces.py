"""Pieces: what the readers of all formats give, before anything is cut into sections."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from questions.reading.article import BlockKind, Span
from questions.reading.marks import CLOSERS, QUESTION_MARKS, STOPS, WIDE_STOPS

PieceKind = BlockKind | Literal["heading"]
PieceRole = Literal["", "title", "standfirst", "term", "detail"]
PieceStyle = Literal["", "strong", "emphasis"]

FRAGMENT_WORDS = 12
"""A line that does not end as a sentence is a fragment up to this length, carelessly typed prose above it."""
UNSPACED_LENGTH = 40
"""The same in characters, for scripts that set no spaces."""

_TAIL = 40
"""Characters at the end of a text that are looked at to see how it ends."""
_PICTURES = frozenset(["So", "Sk", "Cf", "Mn", "Me", "Co"])
_SPACES = re.compile(r"[ \t\n\r\f\v\x85\u2028\u2029]+")
_INVISIBLE = re.compile(
    "(?<=[\u0020-\u024f])[\u00ad\u200b-\u200d\u2060\ufeff]+|[\u00ad\u200b-\u200d\u2060\ufeff]+(?=[\u0020-\u024f])"
)
_AFTER = f"[{re.escape(CLOSERS)}*_\\s]*$"
_SENTENCE_END = re.compile(f"[{STOPS}{WIDE_STOPS}]{_AFTER}")
_QUESTION_END = re.compile(f"[{QUESTION_MARKS}]{_AFTER}")
_NUMBERED = re.compile(r"\(?(?:\d{1,3}|[a-z])[.)]\s")
_LABEL = re.compile(r"[^\W\d_][^:.!?]{0,40}:\s+\S")


@dataclass(frozen=True, slots=True)
class Piece:
    """A heading, or something that will be a block.

    `apart` says that a blank line (or a paragraph's margin) stands before it; `line` that its source is a
    single line; `level` counts for headings only: 1 is the highest, 0 one that was guessed.
    """

    kind: PieceKind
    text: str
    origin: Span | None = None
    level: int = 0
    apart: bool = True
    role: PieceRole = ""
    style: PieceStyle = ""
    line: bool = True


def tidy(text: str) -> str:
    """The text with each run of breaks and common spaces as one space. Unusual ones (12\u202f760) stay.

    Invisible marks beside Latin letters go: there they join and part nothing, and break words in two.
    """
    return _SPACES.sub(" ", _INVISIBLE.sub("", text)).strip(" ")


def is_blank(text: str) -> bool:
    """Whether nothing of the text can be read: no letter, digit or sign, only spaces and invisible marks."""
    return not any(char.isprintable() and not char.isspace() for char in text)


def says_something(text: str) -> bool:
    """Whether a text holds a letter, a digit or a sign; rows of stars and dashes only set parts apart."""
    return any(char.isalnum() or unicodedata.category(char) in {"So", "Sc"} for char in text)


def ends_sentence(text: str) -> bool:
    """Whether the text ends as a sentence does, in any script."""
    return bool(_SENTENCE_END.search(_without_pictures(text)))


def ends_question(text: str) -> bool:
    """Whether the text ends as a question does."""
    return bool(_QUESTION_END.search(_without_pictures(text)))


def _without_pictures(text: str) -> str:
    """The text without the emoji and other signs it closes with."""
    text = text[-_TAIL:]
    end = len(text)
    while end and (text[end - 1].isspace() or unicodedata.category(text[end - 1]) in _PICTURES):
        end -= 1
    return text[:end]


def is_label(text: str) -> bool:
    """Whether the text is of the form `label: value`."""
    return bool(_LABEL.match(text)) and not ends_sentence(text)


def paragraph_kind(text: str) -> Literal["prose", "fragment"]:
    """Prose, or a fragment: a short line that is no sentence, a label with its value, a table row."""
    words = text.split()
    if "\t" in text or " | " in text:
        return "fragment"
    if not any(char.isalpha() for char in text):
        return "fragment"
    figures = sum(not any(char.isalpha() for char in word) for word in words)
    if figures * 2 > len(words):
        return "fragment"
    if ends_sentence(text):
        return "prose"
    if (
        len(words) <= FRAGMENT_WORDS
        and not text.endswith(":")
        and (" " in text or len(text) <= UNSPACED_LENGTH)
    ):
        return "fragment"
    return "fragment" if is_label(text) and len(words) <= 2 * FRAGMENT_WORDS else "prose"


def join_origins(pieces: Sequence[Piece]) -> Span | None:
    """From the start of the first piece's origin to the end of the last one's."""
    spans = [piece.origin for piece in pieces if piece.origin]
    return Span(spans[0].start, max(span.end for span in spans)) if spans else None


def goes_on_with(line: str, after: str) -> bool:
    """Whether the second line begins as the rest of a sentence that the first one left open."""
    return after[:1].islower() and not ends_sentence(line) and not line.endswith(":")


def unbroken(lines: Sequence[str]) -> list[slice]:
    """Which lines make one paragraph: those broken inside a sentence go together."""
    groups: list[slice] = []
    for at, line in enumerate(lines):
        if at and goes_on_with(lines[at - 1], line):
            groups[-1] = slice(groups[-1].start, at + 1)
        else:
            groups.append(slice(at, at + 1))
    return groups


def merge_lists(pieces: Iterable[Piece]) -> list[Piece]:
    """Items that follow each other as one list, one item a line; numbers after bullets begin another list."""
    merged: list[Piece] = []
    run: list[Piece] = []
    for piece in pieces:
        if run and (
            piece.kind != "list" or (piece.apart and is_numbered(piece.text) != is_numbered(run[0].text))
        ):
            merged.append(_one_list(run))
            run = []
        if piece.kind == "list":
            run.append(piece)
        else:
            merged.append(piece)
    return [*merged, _one_list(run)] if run else merged


def _one_list(items: Sequence[Piece]) -> Piece:
    text = "\n".join(item.text for item in items)
    return replace(items[0], text=text, origin=join_origins(items), line=False)


def is_numbered(item: str) -> bool:
    """Whether a list item begins with its number or letter."""
    return bool(_NUMBERED.match(item))
