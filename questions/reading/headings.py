"""Headings of a text that marks none: short lines that stand above text and do not end as sentences do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from questions.reading.faq import is_labelled_question
from questions.reading.marks import CLOSERS, DASHES, EXCLAMATION_MARKS, PAUSES, QUESTION_MARKS
from questions.reading.passage import sentences
from questions.reading.pieces import Piece, ends_question, ends_sentence, is_label, join_origins

HEADING_LENGTH = 100
HEADING_WORDS = 16
TITLE_LENGTH = 200
TITLE_WORDS = 30
LIST_RUN = 3
"""So many short lines in a row are a list without marks, not headings."""

_OPEN_END = re.compile(f"[{re.escape(PAUSES + DASHES)}]$")
_BYLINE = re.compile(r"(?i:by|par|von|por|di|da|door|av|af)\s+[A-ZÀ-Þ]")
_CAPTION = re.compile(
    r"(?i:photo(?:graph)?s?|images?|pictures?|sources?|credits?|caption|figure|fig|table|chart|map)\s*\d*\s*[:.\u2013\u2014-]"
)


def has_heading_shape(piece: Piece, length: int = HEADING_LENGTH, words: int = HEADING_WORDS) -> bool:
    """Whether a line is short and made like a heading; its end and what stands around it decide the rest."""
    text = piece.text
    count = len(text.split())
    figures = sum(any(char.isdigit() for char in word) for word in text.split())
    return (
        piece.kind in {"prose", "fragment", "heading"}
        and piece.line
        and len(text) <= (length if " " in text else length // 2)
        and count <= words
        and any(char.isalpha() for char in text)
        and not _starts_small(text)
        and not _OPEN_END.search(text)
        and not ("\t" in text or " | " in text)
        and not _CAPTION.match(text)
        and not is_labelled_question(text)
        and figures * 2 <= count
        and not _is_several_sentences(text)
    )


def could_be_title(piece: Piece) -> bool:
    """Whether the first line of a text is its title: as a heading, but longer, and it may ask or exclaim."""
    if not has_heading_shape(piece, TITLE_LENGTH, TITLE_WORDS) or _BYLINE.match(piece.text):
        return False
    return (
        not ends_sentence(piece.text) or piece.text.rstrip(CLOSERS)[-1:] in QUESTION_MARKS + EXCLAMATION_MARKS
    )


def styled_headings(pieces: Sequence[Piece]) -> list[Piece] | None:
    """The pieces with short bold paragraphs made headings (a habit of those who never open the style menu).

    None where there are no such paragraphs above text.
    """
    bold = [
        piece.style == "strong"
        and has_heading_shape(piece)
        and (ends_question(piece.text) or not ends_sentence(piece.text))
        and after.style != "strong"
        for piece, after in pairwise(pieces)
    ]
    if not any(bold):
        return None
    bold.append(False)
    return [
        replace(piece, kind="heading") if found else piece for piece, found in zip(pieces, bold, strict=True)
    ]


def guess_headings(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces with those made headings that stand as headings do."""
    candidates = _candidates(pieces)
    out: list[Piece] = []
    at = 0
    while at < len(pieces):
        end = at
        while end < len(pieces) and candidates[end]:
            end += 1
        run = pieces[at:end]
        if not run:
            out.append(pieces[at])
        elif len(run) >= LIST_RUN or end == len(pieces):
            out += [
                replace(piece, kind="prose" if ends_sentence(piece.text) else "fragment") for piece in run
            ]
        else:
            out += [replace(piece, kind="heading") for piece in run]
        at = max(end, at + 1)
    return out


def merged_heading(run: Sequence[Piece]) -> Piece:
    """One heading of several that follow each other: "Part two: The harvest"."""
    text = ": ".join(piece.text.rstrip(" :") for piece in run[:-1]) + (": " if run[1:] else "") + run[-1].text
    return replace(run[-1], kind="heading", text=text, origin=join_origins(run), apart=run[0].apart)


def _candidates(pieces: Sequence[Piece]) -> list[bool]:
    """Which pieces have the shape of a heading and stand where headings stand."""
    spaced = any(piece.apart for piece in pieces[1:])
    questions = sum(_is_lone_question(piece) for piece in pieces)
    first_prose = next((at for at, piece in enumerate(pieces) if _is_sentence(piece)), len(pieces))
    found: list[bool] = []
    for at, piece in enumerate(pieces):
        before = pieces[at - 1] if at else None
        after = pieces[at + 1] if at + 1 < len(pieces) else None
        if _is_lone_question(piece):
            adjacent = spaced and after is not None and not after.apart
            shaped = (adjacent or questions > 1) and after is not None and not _is_lone_question(after)
        else:
            in_front = at < first_prose and bool(_BYLINE.match(piece.text))
            shaped = has_heading_shape(piece) and not ends_sentence(piece.text) and not in_front
        shaped = (shaped and not _is_one_of_labels(piece, before, after)) or piece.kind == "heading"
        found.append(shaped and (not found or found[-1] or _is_free(piece, before, spaced=spaced)))
    return found


def _is_free(piece: Piece, before: Piece | None, *, spaced: bool) -> bool:
    """Whether a piece begins something: after a blank line where the text has any, else after a full stop."""
    if spaced:
        return piece.apart
    return before is None or before.kind != "prose" or ends_sentence(before.text)


def _is_lone_question(piece: Piece) -> bool:
    return has_heading_shape(piece) and ends_question(piece.text) and " " in piece.text


def _is_sentence(piece: Piece) -> bool:
    return piece.kind == "prose" and ends_sentence(piece.text)


def _is_one_of_labels(piece: Piece, before: Piece | None, after: Piece | None) -> bool:
    """`label: value` lines come in groups; one alone above a paragraph is a heading with a colon."""
    return is_label(piece.text) and any(
        other is not None and is_label(other.text) for other in (before, after)
    )


def _is_several_sentences(text: str) -> bool:
    return any(span.of(text).endswith(".") for span in sentences(text)[:-1])


def _starts_small(text: str) -> bool:
    """Whether the first letter or digit is a small letter, but for names like iPhone."""
    at = next((index for index, char in enumerate(text) if char.isalnum()), len(text))
    return text[at : at + 1].islower() and not text[at + 1 : at + 2].isupper()
