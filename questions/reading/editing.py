"""A section as a person edits it: plain text with a few plain marks, and back again.

Paragraphs stand apart by a blank line; list items begin with "- " (or their number), lines of a quotation
with "> "; code stands between two lines of three backticks; a question stands on the line above its answer.
A line that does not end as a sentence stays a fragment: headings are edited in a field of their own.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from questions.reading.article import Article, Block, Section
from questions.reading.cutting import build_section, note_same_names
from questions.reading.decoding import without_controls
from questions.reading.faq import QUESTION_LENGTH, join_plain_pairs, pairs_by_name
from questions.reading.long_lines import split_long_pieces
from questions.reading.pieces import (
    Piece,
    ends_question,
    is_numbered,
    join_origins,
    merge_lists,
    paragraph_kind,
    says_something,
)
from questions.reading.plain_text import plain_pieces
from questions.reading.refusal import DocumentError

FENCES = ("```", "~~~")
_BETWEEN_PARAGRAPHS = re.compile(r"\n(?:[^\S\n]*\n)+")


def section_to_text(section: Section) -> str:
    """The section's text as a person edits it."""
    return "\n\n".join(_block_to_text(block, block.span.of(section.text)) for block in section.blocks)


def section_from_text(section_id: str, heading: str, text: str, keep: Iterable[Section] = ()) -> Section:
    """The section that this edited text makes. Raises DocumentError where no text is left.

    Paragraphs that stand in one of the sections to `keep` stay exactly the blocks they were, with their
    origin; the others are read anew and have none.
    """
    text = without_controls(text)
    pieces = list(_pieces(text, _blocks_of(keep), heading))
    if not pieces:
        raise DocumentError(
            f"The section “{heading or section_id}” has no text. Write some, or remove the section."
        )
    return build_section(section_id, " ".join(without_controls(heading).split()), pieces)


def _blocks_of(sections: Iterable[Section]) -> dict[str, deque[Piece]]:
    """The blocks of these sections by how they look in the editor."""
    known: dict[str, deque[Piece]] = {}
    for section in sections:
        for block in section.blocks:
            text = block.span.of(section.text)
            known.setdefault(_block_to_text(block, text), deque()).append(
                Piece(block.kind, text, block.origin)
            )
    return known


def _pieces(text: str, known: Mapping[str, deque[Piece]], heading: str) -> Iterator[Piece]:
    unknown: list[str] = []
    for paragraph in _paragraphs(text.replace("\r\n", "\n").strip("\n")):
        if same := known.get(paragraph):
            yield from _read_anew(unknown, heading)
            unknown = []
            yield same[0]
            if len(same) > 1:  # the next one like it is the next block like it
                same.popleft()
        else:
            unknown.append(paragraph)
    yield from _read_anew(unknown, heading)


def _paragraphs(text: str) -> Iterator[str]:
    """What stands between blank lines; code with blank lines in it is one paragraph."""
    fenced: list[str] = []
    for paragraph in _BETWEEN_PARAGRAPHS.split(text):
        if not fenced and not _opens_fence(paragraph):
            yield paragraph
            continue
        fenced.append(paragraph)
        if paragraph.endswith(fenced[0][: len(FENCES[0])]):
            yield "\n\n".join(fenced)
            fenced = []
    yield from fenced


def _opens_fence(paragraph: str) -> bool:
    mark = paragraph[: len(FENCES[0])]
    return mark in FENCES and not paragraph.removeprefix(mark).endswith(mark)


def _read_anew(paragraphs: Sequence[str], heading: str) -> Iterator[Piece]:
    text = "\n\n".join(paragraphs)
    pieces = [_as_block(piece) for piece in plain_pieces(text)]
    pieces = merge_lists(piece for piece in pieces if says_something(piece.text))
    pieces = _joined_questions(join_plain_pairs(split_long_pieces(pieces, text)))
    for piece in pairs_by_name(pieces, heading):
        yield replace(piece, origin=None)


def article_from_sections(title: str, sections: Iterable[tuple[str, str]], standfirst: str = "") -> Article:
    """An article of edited sections, each (heading, text), numbered in order. Raises DocumentError."""
    made = tuple(
        section_from_text(f"s{number}", heading, text)
        for number, (heading, text) in enumerate(sections, start=1)
    )
    if not made:
        raise DocumentError("The article has no sections. Write at least one.")
    notes: list[str] = []
    note_same_names((section.heading for section in made), notes)
    return Article(" ".join(title.split()), " ".join(standfirst.split()), made, tuple(notes))


def _block_to_text(block: Block, text: str) -> str:
    if block.kind == "list":
        items = text.split("\n")
        if items[1:] and all(map(is_numbered, items)):
            return text
        return "\n".join(f"- {item}" for item in items)
    if block.kind == "quote":
        return "\n".join(f"> {line}" for line in text.split("\n"))
    if block.kind == "code":
        fence = next((mark for mark in FENCES if mark not in text), FENCES[0])
        return f"{fence}\n{text}\n{fence}"
    return text


def _as_block(piece: Piece) -> Piece:
    """A line underlined as a heading is a fragment here."""
    return replace(piece, kind=paragraph_kind(piece.text)) if piece.kind == "heading" else piece


def _joined_questions(pieces: Iterable[Piece]) -> list[Piece]:
    """A question on its own line and the lines right below it as one faq piece."""
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        touching = last is not None and not piece.apart and piece.kind in {"prose", "fragment"}
        if last is not None and touching and (last.kind == "faq" or _asks_alone(last)):
            origin = join_origins([last, piece])
            joined[-1] = replace(
                last, kind="faq", text=f"{last.text}\n{piece.text}", origin=origin, line=False
            )
        else:
            joined.append(piece)
    return joined


def _asks_alone(piece: Piece) -> bool:
    return (
        piece.kind == "prose"
        and piece.line
        and ends_question(piece.text)
        and len(piece.text) <= QUESTION_LENGTH
    )
