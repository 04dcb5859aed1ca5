"""Text without markup: which lines belong together, and what each of them is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from questions.reading.article import Span
from questions.reading.marks import BULLETS
from questions.reading.pieces import (
    Piece,
    ends_sentence,
    goes_on_with,
    is_blank,
    merge_lists,
    paragraph_kind,
    says_something,
    tidy,
)

MIN_WRAP_WIDTH = 40
MAX_WRAP_WIDTH = 130
MIN_WRAPPED_PAIRS = 3
FORCED_SHARE = 0.6
SHORT_LINE = 40
ITEM_LINES = 12
INDENT = 4
MIN_SIGNS = 3
UNDERLINED_LENGTH = 120
MIN_CODE_SIGNS = 0.04

_BREAK = re.compile("\r\n|[\n\r\f\v\x85\u2028\u2029]")
_BULLET = re.compile(rf"(?:[{BULLETS}\u2013*+\u00b7-]|\d{{1,3}}[.)]|\(?[a-z]\)|\(\d{{1,3}}\))(?=\s+\S)\s*")
_SURE_BULLET = re.compile(f"[{BULLETS}*+-]")
_NUMBER = re.compile(r"\(?(?:\d{1,3}|[a-z])[.)]")
_UNDERLINE = re.compile(r"(?:=\s*){3,}|(?:-\s*){3,}|(?:~\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}|(?:—\s*){3,}")
_FENCE = re.compile(r"```|~~~")
_CODE_SIGN = re.compile(r"[{};=<>()\[\]\\|]")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that is not blank: where its words stand, how far it is indented, a blank line before or not."""

    start: int
    text: str
    indent: int
    apart: bool

    @property
    def origin(self) -> Span:
        return Span(self.start, self.start + len(self.text))


@dataclass(frozen=True, slots=True)
class _Wrapping:
    """Whether the lines of this text were broken by width, and at which."""

    width: int
    wrapped: bool


def plain_pieces(text: str) -> list[Piece]:
    """The pieces of a text without markup, before headings are guessed."""
    lines = _lines(text)
    wrapping = _wrapping(lines)
    pieces: list[Piece] = []
    at, after_rule = 0, False
    while at < len(lines):
        at, piece = _next_piece(lines, at, wrapping)
        if piece is None:
            after_rule = True
            continue
        if at < len(lines) and _is_underline_of(lines[at], piece):
            level = 1 if "=" in lines[at].text else 2
            piece, at = replace(piece, kind="heading", level=level), at + 1
        pieces.append(replace(piece, apart=True) if after_rule else piece)
        after_rule = False
    return merge_lists(_graded(pieces))


def _graded(pieces: Sequence[Piece]) -> list[Piece]:
    """A single underlined line is no system of headings: others may have to be guessed."""
    if sum(piece.kind == "heading" for piece in pieces) > 1:
        return list(pieces)
    return [replace(piece, level=0) for piece in pieces]


def _lines(text: str) -> list[_Line]:
    found: list[_Line] = []
    apart, start = True, 0
    ends = [(match.start(), match.end()) for match in _BREAK.finditer(text)]
    for end, after in [*ends, (len(text), len(text))]:
        raw = text[start:end]
        body = raw.strip()
        if is_blank(body):
            apart = True
        else:
            indent = len(raw) - len(raw.lstrip())
            width = len(raw[:indent].expandtabs(4))
            found.append(_Line(start + indent, body, width, apart))
            apart = False
        start = after
    return found


def _wrapping(lines: Sequence[_Line]) -> _Wrapping:
    """A text is wrapped when most of its lines end where the next word would not have fitted."""
    pairs = [
        (one, other)
        for one, other in pairwise(lines)
        if not other.apart and not _BULLET.match(other.text) and not _UNDERLINE.fullmatch(other.text)
    ]
    inner = [(one, other) for one, other in pairs if not ends_sentence(one.text)]
    if len(inner) < MIN_WRAPPED_PAIRS:
        return _Wrapping(0, wrapped=False)
    lengths = sorted(one.indent + len(one.text) for one, _ in pairs)
    width = lengths[int(len(lengths) * 0.95)] if len(lengths) > 1 else lengths[0]
    forced = sum(_is_forced(one, other, width) for one, other in inner)
    return _Wrapping(
        width, wrapped=MIN_WRAP_WIDTH <= width <= MAX_WRAP_WIDTH and forced >= FORCED_SHARE * len(inner)
    )


def _is_forced(one: _Line, other: _Line, width: int) -> bool:
    first_word = other.text.split(maxsplit=1)[0]
    return one.indent + len(one.text) + 1 + len(first_word) > width - 2


def _next_piece(lines: Sequence[_Line], at: int, wrapping: _Wrapping) -> tuple[int, Piece | None]:
    line = lines[at]
    if _UNDERLINE.fullmatch(line.text):
        return at + 1, None  # a rule between two parts
    if _FENCE.match(line.text) and (end := _fence_end(lines, at)):
        return end + 1, _verbatim(lines[at + 1 : end], line.apart)
    for first, reader in ((_is_quoted, _quote), (_is_item, _list), (_is_indented, _indented)):
        if first(lines, at, wrapping) and (taken := reader(lines, at, wrapping)):
            return taken
    return _paragraph(lines, at, wrapping)


def _fence_end(lines: Sequence[_Line], at: int) -> int | None:
    mark = lines[at].text[:3]
    return next((end for end in range(at + 1, len(lines)) if lines[end].text.startswith(mark)), None)


def _verbatim(lines: Sequence[_Line], apart: bool) -> Piece | None:  # noqa: FBT001 -- a fact of the first line
    if not lines:
        return None
    margin = min(line.indent for line in lines)
    text = "".join(
        ("\n" if line.apart and at else "") + " " * (line.indent - margin) + line.text + "\n"
        for at, line in enumerate(lines)
    ).rstrip()
    return Piece("code", text, Span(lines[0].start, lines[-1].origin.end), apart=apart, line=False)


def _is_quoted(lines: Sequence[_Line], at: int, wrapping: _Wrapping | None = None) -> bool:
    del wrapping
    return lines[at].text.startswith(">")


def _quote(lines: Sequence[_Line], at: int, wrapping: _Wrapping) -> tuple[int, Piece | None]:
    del wrapping
    end = at + 1
    while end < len(lines) and not lines[end].apart and _is_quoted(lines, end):
        end += 1
    words = tidy(" ".join(line.text.lstrip("> \t") for line in lines[at:end]))
    origin = Span(lines[at].start, lines[end - 1].origin.end)
    return end, Piece("quote", words, origin, apart=lines[at].apart, line=False) if words else None


def _is_item(lines: Sequence[_Line], at: int, wrapping: _Wrapping) -> bool:
    """Whether a list item starts here. Numbers, letters and dashes are not enough: there must be two."""
    if not _BULLET.match(lines[at].text):
        return False
    if _SURE_BULLET.match(lines[at].text):
        return True
    after = at + 1
    while after < min(len(lines), at + ITEM_LINES) and _is_passed(lines, after, lines[at], wrapping):
        after += 1
    before = at - 1
    while before > max(0, at - ITEM_LINES) and _is_passed(lines, before, lines[at], wrapping):
        before -= 1
    near = [lines[index] for index in (before, after) if 0 <= index < len(lines)]
    return any(_same_mark(lines[at].text, other.text) for other in near)


def _is_passed(lines: Sequence[_Line], at: int, item: _Line, wrapping: _Wrapping) -> bool:
    """Whether this line does not part an item from the next one: it goes on with it, or is a rule."""
    return not says_something(lines[at].text) or _goes_on(lines, at, item, wrapping)


def _goes_on(lines: Sequence[_Line], at: int, item: _Line, wrapping: _Wrapping) -> bool:
    """Whether this line only goes on with a list item that began above it."""
    line = lines[at]
    if line.apart or _BULLET.match(line.text):
        return False
    return line.indent > item.indent or _joins(lines[at - 1], line, wrapping)


def _same_mark(one: str, other: str) -> bool:
    if not _BULLET.match(other):
        return False
    number, next_number = _NUMBER.match(one), _NUMBER.match(other)
    return one[0] == other[0] if not (number or next_number) else bool(number and next_number)


def _list(lines: Sequence[_Line], at: int, wrapping: _Wrapping) -> tuple[int, Piece | None]:
    """One item, with the lines that go on with it. Its bullet goes; its number stays, being said."""
    first = lines[at]
    end = at + 1
    while end < len(lines) and _goes_on(lines, end, first, wrapping):
        end += 1
    mark = _BULLET.match(first.text)
    cut = 0 if mark is None or _NUMBER.match(first.text) else mark.end()
    words = tidy(" ".join([first.text[cut:], *(line.text for line in lines[at + 1 : end])]))
    origin = Span(first.start + cut, lines[end - 1].origin.end)
    return end, Piece("list", words, origin, apart=first.apart, line=False)


def _is_indented(lines: Sequence[_Line], at: int, wrapping: _Wrapping) -> bool:
    del wrapping
    return lines[at].indent >= INDENT and lines[at].apart


def _indented(lines: Sequence[_Line], at: int, wrapping: _Wrapping) -> tuple[int, Piece | None] | None:
    """Indented lines among others that are not: code where they look like it."""
    del wrapping
    end = at + 1
    while end < len(lines) and not lines[end].apart and lines[end].indent >= INDENT:
        end += 1
    words = "".join(line.text for line in lines[at:end])
    signs = len(_CODE_SIGN.findall(words))
    if signs < MIN_CODE_SIGNS * len(words) or signs < MIN_SIGNS:
        return None
    return end, _verbatim(lines[at:end], lines[at].apart)


def _paragraph(lines: Sequence[_Line], at: int, wrapping: _Wrapping) -> tuple[int, Piece | None]:
    end = at + 1
    while (
        end < len(lines)
        and not (
            _is_item(lines, end, wrapping) or _is_quoted(lines, end) or _UNDERLINE.fullmatch(lines[end].text)
        )
        and _joins(lines[end - 1], lines[end], wrapping)
    ):
        end += 1
    text = lines[at].text if "\t" in lines[at].text else tidy(" ".join(line.text for line in lines[at:end]))
    origin = Span(lines[at].start, lines[end - 1].origin.end)
    return end, Piece(paragraph_kind(text), text, origin, apart=lines[at].apart, line=end == at + 1)


def _joins(one: _Line, other: _Line, wrapping: _Wrapping) -> bool:
    """Whether the second line goes on with the paragraph of the first."""
    if other.apart or "\t" in one.text or "\t" in other.text:
        return False
    goes_on = goes_on_with(one.text, other.text)
    if not wrapping.wrapped:
        return goes_on and len(one.text) >= SHORT_LINE
    if other.indent >= one.indent + 2 and ends_sentence(one.text):
        return False
    return goes_on or _is_forced(one, other, wrapping.width)


def _is_underline_of(line: _Line, piece: Piece) -> bool:
    return (
        not line.apart
        and piece.line
        and piece.kind in {"prose", "fragment"}
        and line.text[0] in "=-~"
        and bool(_UNDERLINE.fullmatch(line.text))
        and len(piece.text) <= UNDERLINED_LENGTH
    )
