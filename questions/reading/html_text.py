"""Web pages: the words between the tags, and what the tags say they are, without scripts and controls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from questions.reading.article import Span
from questions.reading.html_tokens import Token, html_tokens
from questions.reading.pieces import (
    Piece,
    PieceRole,
    PieceStyle,
    merge_lists,
    paragraph_kind,
    tidy,
    unbroken,
)

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CONTEXTS = frozenset(
    [
        *_HEADINGS,
        "pre",
        "ul",
        "ol",
        "li",
        "blockquote",
        "table",
        "tr",
        "td",
        "th",
        "dl",
        "dt",
        "dd",
        "details",
        "summary",
    ]
)
_BLOCKS = _CONTEXTS | frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "footer",
        "aside",
        "address",
        "figure",
        "figcaption",
        "form",
        "fieldset",
        "legend",
        "hr",
        "center",
        "body",
        "html",
        "head",
        "menu",
        "caption",
        "thead",
        "tbody",
        "tfoot",
    ]
)
_CONTROLS = frozenset(["button", "select", "datalist", "object"])
_DROPPED = _CONTROLS | frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "iframe",
        "canvas",
        "audio",
        "video",
        "nav",
        "textarea",
        "noembed",
        "noframes",
        "rp",
        "rt",
    ]
)
_CLOSES = {
    "li": ("li", ("ul", "ol")),
    "dt": ("dt", ("dl",)),
    "dd": ("dd", ("dl",)),
    "td": ("td", ("tr", "table")),
    "th": ("td", ("tr", "table")),
    "tr": ("tr", ("table",)),
}
"""Which open element a start tag ends by itself, and which ones guard it: its end tag may be left out."""
_ALIKE = {"th": "td", "dd": "dt"}
_STRONG, _EMPHASIS = frozenset(["b", "strong"]), frozenset(["i", "em", "cite"])
_STANDFIRST = re.compile(
    r"(?i)(?:^|[\s_-])(?:standfirst|dek|deck|lede|lead|subtitle|subhead(?:line)?)(?:$|[\s_-])"
)
_REFERENCE = re.compile(r"\s*[\[(]?(?:\d{1,3}|[a-z*†‡])[\])]?\s*")
_NUMBER = re.compile(r"\d{1,9}")
MAX_NESTING = 200
"""Elements that are open deeper than this count for nothing: each is looked through at every block."""
_MARK_OF_LINK = re.compile(r"\s*[↑^↩¶#§🔗]\ufe0e?\s*")


@dataclass
class _Words:
    """Text gathered for the next piece: each bit with its place, and how many characters were set how."""

    bits: list[tuple[str, int, int]] = field(default_factory=list)
    strong: int = 0
    emphasis: int = 0
    plain: int = 0

    def style(self) -> PieceStyle:
        """How the whole of it is set."""
        if self.plain or (self.strong and self.emphasis):
            return ""
        return "strong" if self.strong else "emphasis" if self.emphasis else ""


def html_pieces(source: str, offset: int = 0) -> tuple[list[Piece], str]:
    """The pieces of a page and the title it states; `offset` is where `source` stands in the original."""
    reader = _Reader(source, offset)
    for token in _kept(source):
        reader.take(token)
    reader.flush()
    return merge_lists(reader.pieces), tidy(reader.title)


def _kept(source: str) -> Iterator[Token]:
    """The tokens without those inside elements that hold no text of the article."""
    dropped, depth = "", 0
    for token in html_tokens(source):
        if not dropped and token.kind == "start" and token.name in _DROPPED:
            dropped, depth = token.name, 1
        elif not dropped:
            yield token
        elif token.name == dropped:
            depth += 1 if token.kind == "start" else -1
            dropped = dropped if depth else ""
        elif dropped in _CONTROLS and token.name in _BLOCKS:
            dropped = ""  # somebody forgot to close it
            yield token


class _Reader:
    """Gathers words between block tags into pieces."""

    def __init__(self, source: str, offset: int) -> None:
        self.title = ""
        self.pieces: list[Piece] = []
        self._source, self._offset = source, offset
        self._words = _Words()
        self._contexts: list[str] = []
        self._numbers: list[int | None] = []
        self._role: PieceRole = ""
        self._strong = self._emphasis = 0
        self._in_title = False
        self._row_before = False
        self._mark: tuple[int, str] = (0, "")
        self._sup: int | None = None
        self._sup_links = False

    def take(self, token: Token) -> None:
        """Read one token."""
        if token.kind == "text":
            self._text(token)
        elif token.name == "title":
            self._in_title = token.kind == "start" and not self.title
        elif token.name == "br":
            self._words.bits.append(("\n", token.start, token.end))
        elif token.name in _BLOCKS:
            self._block(token)
        else:
            self._inline(token)

    def _text(self, token: Token) -> None:
        if self._in_title:
            self.title += token.name
            return
        self._words.bits.append((token.name, token.start, token.end))
        length = len(token.name.strip())
        if self._strong:
            self._words.strong += length
        elif self._emphasis:
            self._words.emphasis += length
        else:
            self._words.plain += length

    def _inline(self, token: Token) -> None:
        step = 1 if token.kind == "start" else -1
        if token.name in _STRONG:
            self._strong = max(0, self._strong + step)
        elif token.name in _EMPHASIS:
            self._emphasis = max(0, self._emphasis + step)
        elif token.name == "sup":
            if step > 0:
                self._sup, self._sup_links = len(self._words.bits), False
            elif self._sup is not None:
                if self._sup_links:
                    self._forget(self._sup, _REFERENCE)
                self._sup = None
        elif token.name == "a":
            if step > 0:
                self._mark = (len(self._words.bits), token.attributes.get("href", ""))
                self._sup_links |= self._mark[1].startswith("#")
            elif self._mark[1].startswith("#"):
                self._forget(self._mark[0], _MARK_OF_LINK)

    def _forget(self, start: int, what: re.Pattern[str]) -> None:
        """Drop the bits from there on when they are only the mark of a footnote or of a place in the page."""
        if what.fullmatch("".join(text for text, _, _ in self._words.bits[start:])):
            del self._words.bits[start:]

    def _block(self, token: Token) -> None:
        inside = self._contexts[-1] if self._contexts else ""
        if token.name in {"p", "div"} and inside in {"li", "td", "th"}:
            self._words.bits.append((" ", token.start, token.start))
            return
        if token.name in {"td", "th"} and "tr" in self._contexts:
            if token.kind == "start" and self._words.bits:
                self._words.bits.append((" | ", token.start, token.start))
        else:
            self.flush()
        if token.name == "table":
            self._row_before = False
        if token.kind == "start":
            self._opens(token)
        elif token.name in self._contexts:
            self._shut(token.name)
        self._role = self._role_of(token)

    def _opens(self, token: Token) -> None:
        if closes := _CLOSES.get(token.name):
            self._shut_until(*closes)
        if len(self._contexts) >= MAX_NESTING:
            return
        if token.name in _CONTEXTS:
            self._contexts.append(token.name)
        if token.name in {"ul", "ol"}:
            start = token.attributes.get("start", "1")
            self._numbers.append(None if token.name == "ul" else _first_number(start))

    def _shut_until(self, name: str, guards: tuple[str, ...]) -> None:
        for context in reversed(self._contexts):
            if context in guards:
                return
            if _ALIKE.get(context, context) == name or context == name:
                self._shut(context)
                return

    def _shut(self, name: str) -> None:
        """Close the innermost context of that name, which must be open, and all inside it."""
        context = ""
        while context != name:
            context = self._contexts.pop()
            if context in {"ul", "ol"} and self._numbers:
                self._numbers.pop()

    def _role_of(self, token: Token) -> PieceRole:
        if token.kind == "end":
            return ""
        names = token.attributes.get("class", "")
        if token.name == "h1" and "title" in names.split():
            return "title"
        return "standfirst" if _STANDFIRST.search(names) and token.name in {"p", "div", "h2", "h3"} else ""

    def flush(self) -> None:
        """Make a piece (or one for each broken line) of the words gathered so far."""
        words, self._words = self._words, _Words()
        self._sup = None
        context = next(
            (name for name in reversed(self._contexts) if name not in {"ul", "ol", "table", "dl"}), ""
        )
        apart = True
        for text, origin in self._lines(
            words, verbatim=context == "pre", whole=context in {"li", "td", *_HEADINGS}
        ):
            self.pieces.append(self._piece(text, origin, context, words.style(), apart=apart))
            apart = False

    def _piece(self, text: str, origin: Span, context: str, style: PieceStyle, *, apart: bool) -> Piece:
        level = _HEADINGS.get(context, 0)
        if level and self._role != "standfirst":
            return Piece("heading", text, origin, level, role=self._role)
        if context == "pre":
            return Piece("code", text, origin, line=False)
        if context == "li":
            return Piece("list", self._numbered(text), origin, line=False)
        role: PieceRole = self._role
        if context in {"dt", "summary"}:
            role = "term"
        elif context == "dd" or "details" in self._contexts:
            role = "detail"
        if context == "blockquote":
            return Piece("quote", text, origin, role=role, line=False)
        if context in {"tr", "td", "th"}:
            apart, self._row_before = not self._row_before, True
        return Piece(paragraph_kind(text), text, origin, apart=apart, role=role, style=style)

    def _numbered(self, text: str) -> str:
        """An item's text with the number a browser would show before it."""
        if not self._numbers or self._numbers[-1] is None:
            return text
        number = self._numbers[-1]
        self._numbers[-1] = number + 1
        return f"{number}. {text}"

    def _lines(self, words: _Words, *, verbatim: bool, whole: bool) -> list[tuple[str, Span]]:
        """The text of each line, and its place in the original; lines broken inside a sentence are joined."""
        lines: list[tuple[str, Span]] = []
        for line in [words.bits] if verbatim or whole else _split_at_breaks(words.bits):
            text = "".join(bit for bit, _, _ in line)
            text = text.strip("\r\n") if verbatim else tidy(text)
            if any(bit.strip() and end > start for bit, start, end in line):
                lines.append((text, self._place(line)))
        if verbatim or whole:
            return lines
        return [
            (
                " ".join(text for text, _ in lines[group]),
                Span(lines[group.start][1].start, lines[group.stop - 1][1].end),
            )
            for group in unbroken([text for text, _ in lines])
        ]

    def _place(self, bits: list[tuple[str, int, int]]) -> Span:
        filled = [(start, end) for text, start, end in bits if text.strip() and end > start]
        (start, first_end), (last_start, end) = filled[0], filled[-1]
        first, last = self._source[start:first_end], self._source[last_start:end]
        start += len(first) - len(first.lstrip())
        end -= len(last) - len(last.rstrip())
        return Span(self._offset + start, self._offset + end)


def _first_number(start: str) -> int:
    """What a list counts from. Browsers take no number of dozens of digits, and Python none of thousands."""
    return int(start) if _NUMBER.fullmatch(start) else 1


def _split_at_breaks(bits: list[tuple[str, int, int]]) -> list[list[tuple[str, int, int]]]:
    lines: list[list[tuple[str, int, int]]] = [[]]
    for bit in bits:
        if bit[0] == "\n" and bit[2] > bit[1] + 1:
            lines.append([])  # a <br>, not a line break of the source
        else:
            lines[-1].append(bit)
    return lines
