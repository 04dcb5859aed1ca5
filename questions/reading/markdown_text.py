"""Markdown: CommonMark with tables, definition lists, footnotes and front matter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from questions.reading.article import Span
from questions.reading.html_text import html_pieces
from questions.reading.pieces import (
    Piece,
    PieceKind,
    PieceRole,
    PieceStyle,
    merge_lists,
    paragraph_kind,
    tidy,
    unbroken,
)
from questions.reading.refusal import DocumentError, line_at

_ATX = re.compile(r"(?m)^ {0,3}#{1,6}[ \t]+\S")
_FIRST_LINE = re.compile(r"\s*#{1,6}[ \t]+\S")
_FRONT = re.compile(r"(?m)^(title|subtitle|description|summary|standfirst)\s*:\s*(.+)$")
_LINE_BREAK = re.compile("\r\n|\r|\n")
_MARK = re.compile(r"[\[\]*_<&!^~|`\\]")
MAX_MARKS = 100_000
"""Each costs the parser up to 30 microseconds: a text that consists of them would keep a server for a minute.
Prose of the largest size has a tenth of it."""


def looks_like_markdown(text: str) -> bool:
    """Whether a text that does not say so has its headings marked as in Markdown."""
    return bool(_FIRST_LINE.match(text)) or len(_ATX.findall(text)) > 1


def markdown_pieces(source: str) -> tuple[list[Piece], str]:
    """The pieces of a Markdown text and the title its front matter states. Raises DocumentError."""
    _check_marks(source)
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.use(front_matter_plugin).use(deflist_plugin).use(footnote_plugin)
    reader = _Reader(source)
    reader.read(parser.parse(source))
    return merge_lists(reader.pieces), reader.title


def _check_marks(source: str) -> None:
    at = next(islice(_MARK.finditer(source), MAX_MARKS, None), None)
    if at is not None:
        line = line_at(source, at.start())
        raise DocumentError(
            f"This Markdown has more than {MAX_MARKS:,} marks ([ ] * _ | < and the like); line {line} holds "
            "the first that is too many. Split it into several articles, or give it as .txt.",
            line,
        )


class _Reader:
    """Walks the parser's tokens; the innermost container says what a run of words is."""

    def __init__(self, source: str) -> None:
        self.title = ""
        self.pieces: list[Piece] = []
        self._source = source
        self._starts = [0, *(match.end() for match in _LINE_BREAK.finditer(source)), len(source)]
        self._containers: list[Token] = []
        self._numbers: list[int | None] = []
        self._fresh_item = False
        self._row: list[str] = []
        self._footnotes = 0

    def read(self, tokens: Sequence[Token]) -> None:
        """Read all tokens of a document."""
        for token in tokens:
            if token.nesting > 0:
                self._open(token)
            elif token.nesting < 0:
                self._close(token)
            elif token.type == "inline":
                self._inline(token)
            elif token.type in {"fence", "code_block"}:
                self._code(token)
            elif token.type == "html_block":
                self._html(token)
            elif token.type == "front_matter":
                self._front(token)

    def _open(self, token: Token) -> None:
        self._containers.append(token)
        if token.tag == "li":
            self._fresh_item = True
        elif token.tag in {"ul", "ol"}:
            start = token.attrGet("start")
            self._numbers.append(int(start) if start is not None else 1 if token.tag == "ol" else None)
        elif token.tag == "tr":
            self._row = []

    def _close(self, token: Token) -> None:
        opened = self._containers.pop()
        if token.tag in {"ul", "ol"}:
            self._numbers.pop()
        elif token.tag == "tr" and any(self._row):
            first = not (self.pieces and self.pieces[-1].kind == "fragment" and self._in("tbody"))
            self._add("fragment", " | ".join(self._row), self._place(opened), apart=first)

    def _in(self, *tags: str) -> bool:
        return any(token.tag in tags for token in self._containers)

    def _inline(self, token: Token) -> None:
        lines, style = _lines(token.children or [])
        origin = self._place(token)
        if self._in("th", "td"):
            self._row.append(" ".join(lines))
            return
        if not lines:
            return
        context = next((held for held in reversed(self._containers) if held.tag != "p"), None)
        if context is not None and context.tag[:1] == "h" and context.tag != "hr":
            self._add("heading", " ".join(lines), origin, level=int(context.tag[1]))
        elif context is not None and context.tag == "li":
            self._item(" ".join(lines), origin)
        elif self._in("blockquote"):
            self._add("quote", " ".join(lines), origin)
        elif context is not None and context.type == "footnote_open":
            self._footnotes += 1
            self._add("list", f"{self._footnotes}. {' '.join(lines)}", origin)
        else:
            role: PieceRole = "term" if self._in("dt") else "detail" if self._in("dd") else ""
            self._paragraph(lines, origin, role, style)

    def _paragraph(self, lines: Sequence[str], origin: Span, role: PieceRole, style: PieceStyle) -> None:
        for at, line in enumerate(lines):
            place = origin if len(lines) == 1 else self._part(origin, at, len(lines))
            self.pieces.append(
                Piece(paragraph_kind(line), line, place, apart=at == 0, role=role, style=style)
            )

    def _item(self, text: str, origin: Span) -> None:
        """An item's first paragraph, or one more that goes on with it."""
        last = self.pieces[-1] if self.pieces else None
        if not self._fresh_item and last is not None and last.kind == "list" and last.origin is not None:
            self.pieces[-1] = Piece(
                "list", f"{last.text} {text}", Span(last.origin.start, origin.end), line=False
            )
            return
        self._fresh_item = False
        number = self._numbers[-1] if self._numbers else None
        if number is not None:
            self._numbers[-1] = number + 1
            text = f"{number}. {text}"
        self._add("list", text, origin)

    def _code(self, token: Token) -> None:
        text = token.content.strip("\n")
        if text.strip():
            self._add("code", text, self._place(token))

    def _html(self, token: Token) -> None:
        place = self._place(token)
        if token.level == 0:
            pieces, _ = html_pieces(self._source[place.start : place.end], place.start)
            self.pieces += pieces
            return
        self.pieces += [replace(piece, origin=place) for piece in html_pieces(token.content)[0]]

    def _front(self, token: Token) -> None:
        for match in _FRONT.finditer(token.content):
            value = match[2].strip().strip("\"'")
            if match[1] == "title":
                self.title = value
            elif value and not any(piece.role == "standfirst" for piece in self.pieces):
                self.pieces.append(Piece("prose", value, self._place(token), role="standfirst"))

    def _add(self, kind: PieceKind, text: str, origin: Span, *, level: int = 0, apart: bool = True) -> None:
        self.pieces.append(
            Piece(kind, text, origin, level, apart=apart, line=kind in {"heading", "fragment"})
        )

    def _place(self, token: Token) -> Span:
        """The lines of a block, without the space around them. Marks (#, >, -) are part of the original."""
        first, after = token.map or (0, 0)
        start = self._starts[min(first, len(self._starts) - 1)]
        end = self._starts[min(max(after, first + 1), len(self._starts) - 1)]
        raw = self._source[start:end]
        start += len(raw) - len(raw.lstrip())
        return Span(start, max(start, end - len(raw) + len(raw.rstrip())))

    def _part(self, origin: Span, at: int, count: int) -> Span:
        """One of the lines of a paragraph, where its lines are as many as those of the source."""
        breaks = list(_LINE_BREAK.finditer(self._source, origin.start, origin.end))
        if len(breaks) + 1 != count:
            return origin
        start = breaks[at - 1].end() if at else origin.start
        return Span(start, breaks[at].start() if at < len(breaks) else origin.end)


def _lines(children: Sequence[Token]) -> tuple[list[str], PieceStyle]:
    """The words of a run, a line for each hard break outside a sentence, and how they are set."""
    text = ""
    set_how = {"strong": 0, "em": 0, "": 0}
    open_tags: list[str] = []
    hidden = ""
    for child in children:
        if child.type == "html_inline":
            hidden, broken = _inline_tag(child.content, hidden)
            text += broken
        elif child.nesting:
            open_tags = [*open_tags, child.tag] if child.nesting > 0 else open_tags[:-1]
        elif child.type in {"softbreak", "hardbreak"}:
            text += " " if child.type == "softbreak" else "\n"
        elif child.type in {"text", "code_inline"} and not hidden:
            text += child.content
            how = "strong" if "strong" in open_tags else "em" if "em" in open_tags else ""
            set_how[how] += len(child.content.strip())
    lines = [line for line in map(tidy, text.split("\n")) if line]
    return [" ".join(lines[group]) for group in unbroken(lines)], _style(set_how)


def _inline_tag(tag: str, hidden: str) -> tuple[str, str]:
    """What is hidden after this tag (the name of an open script or style); a line break where it is one."""
    name = re.sub(r"[</>\s].*", "", tag.lstrip("</")).lower()
    if hidden:
        return ("", "") if tag.startswith("</") and name == hidden else (hidden, "")
    if name in {"script", "style"} and not tag.startswith("</"):
        return name, ""
    return "", "\n" if name == "br" else ""


def _style(set_how: dict[str, int]) -> PieceStyle:
    if set_how[""] or (set_how["strong"] and set_how["em"]):
        return ""
    return "strong" if set_how["strong"] else "emphasis" if set_how["em"] else ""
