"""A section's text as a person edits it, and back: paragraphs between blank lines, a few plain marks.

List items begin with "- ", quotations with ">", code stands between ``` lines. A paragraph that was not
edited keeps its words and its kind exactly, so that evidence in it still stands.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from questions.reading.article import BlockKind, Section
from questions.reading.cutting import build_section
from questions.reading.decoding import without_controls
from questions.reading.documents import WORD_LIMIT
from questions.reading.faq import join_plain_pairs
from questions.reading.pieces import Piece, ends_question, is_blank, tidy
from questions.reading.plain_text import plain_pieces
from questions.reading.refusal import DocumentError
from webapp.services.errors import Refused

MAX_WORDS = WORD_LIMIT
MAX_HEADING_LENGTH = 300
BLANK_LINE = "\n\n"

Known = Mapping[str, BlockKind]
"""What is known of paragraphs from reading the file: a digest of each, and its kind."""

_PARAGRAPH_BREAK = re.compile(r"\n(?:[^\S\n]*\n)+")
_NUMBERED = re.compile(r"\(?(?:\d{1,3}|[a-z])[.)]\s")
_BULLET = re.compile(r"- ")


def editable_text(section: Section) -> str:
    """The section's text as it stands in the editor."""
    return BLANK_LINE.join(_shown(block.kind, block.span.of(section.text)) for block in section.blocks)


def known_kinds(sections: Iterable[Section]) -> dict[str, BlockKind]:
    """The kinds of all paragraphs of these sections, to be given to `read_section` with their edited text."""
    return {
        _digest(_shown(block.kind, block.span.of(section.text))): block.kind
        for section in sections
        for block in section.blocks
    }


def read_section(section_id: str, heading: str, text: str, known: Known | None = None) -> Section:
    """The section that an editor's text means. Raises Refused where it is no text or too long."""
    try:
        text = without_controls(text.replace("\r\n", "\n").replace("\r", "\n"))
        heading = tidy(without_controls(heading))
    except DocumentError as error:
        raise Refused("text", str(error)) from None
    words = len(text.split())
    if words > MAX_WORDS:
        raise Refused(
            "text",
            f"This section has {words:,} words, {words - MAX_WORDS:,} more than the limit of {MAX_WORDS:,}.",
        )
    return build_section(section_id, heading[:MAX_HEADING_LENGTH], _pieces(text, known or {}))


def _shown(kind: BlockKind, text: str) -> str:
    lines = text.split("\n")
    match kind:
        case "list":
            return "\n".join(line if _NUMBERED.match(line) else f"- {line}" for line in lines)
        case "quote":
            return "\n".join(f"> {line}" for line in lines)
        case "code":
            return "\n".join(["```", *lines, "```"])
        case _:
            return text


def _hidden(kind: BlockKind, shown: str) -> str:
    """The inverse of `_shown`."""
    lines = shown.split("\n")
    match kind:
        case "list":
            return "\n".join(_BULLET.sub("", line, count=1) for line in lines)
        case "quote":
            return "\n".join(line.removeprefix("> ") for line in lines)
        case "code":
            return "\n".join(lines[1:-1])
        case _:
            return shown


def _pieces(text: str, known: Known) -> Iterator[Piece]:
    """Known paragraphs as they were, all others read as plain text."""
    unknown: list[str] = []
    for paragraph in _PARAGRAPH_BREAK.split(text.strip("\n")):
        kind = known.get(_digest(paragraph))
        if kind is None:
            unknown.append(paragraph)
            continue
        yield from _read(unknown)
        unknown = []
        yield Piece(kind, _hidden(kind, paragraph))
    yield from _read(unknown)


def _read(paragraphs: list[str]) -> Iterator[Piece]:
    """Pairs of question and answer as the editor shows them, and plain text between them."""
    plain: list[str] = []
    for paragraph in paragraphs:
        question, _, answer = paragraph.strip().partition("\n")
        if answer.strip() and ends_question(question.strip()):
            yield from _read_plain(plain)
            plain = []
            lines = (tidy(line) for line in (question, *answer.split("\n")))
            yield Piece("faq", "\n".join(line for line in lines if line), line=False)
        else:
            plain.append(paragraph)
    yield from _read_plain(plain)


def _read_plain(paragraphs: list[str]) -> Iterator[Piece]:
    """Inside a section there are no headings: an underlined line is a line."""
    pieces = [
        replace(piece, kind="fragment" if piece.kind == "heading" else piece.kind, origin=None)
        for piece in plain_pieces(BLANK_LINE.join(paragraphs))
    ]
    yield from join_plain_pairs([piece for piece in pieces if not is_blank(piece.text)])


def _digest(paragraph: str) -> str:
    return hashlib.blake2b(paragraph.encode(), digest_size=8).hexdigest()
