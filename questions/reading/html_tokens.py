"""HTML as a stream of tags and text with their places, in one pass whatever the input.

Our own, because offsets into the original must be exact (lxml knows lines only) and because time must stay
linear on hostile input (the parser of the standard library does not on unclosed comments). What a browser
would make of broken nesting does not matter here: only which words stand between which block tags.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Literal

_MARKUP = re.compile(r"<(?=/?[a-zA-Z]|[!?]|/.)", re.DOTALL)
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9-]*)")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
_TAG_PART = re.compile("[\"'>]")
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "noembed", "noframes", "iframe"})
_ENDLESS_NUMBER = re.compile(r"&#[0-9]{1000,};?")
"""Numbers of thousands of digits name no character, and Python refuses to read them."""
MAX_TAG = 100_000


@dataclass(frozen=True, slots=True)
class Token:
    """A start tag, an end tag, or text (entities replaced); `start` and `end` count in the source."""

    kind: Literal["start", "end", "text"]
    name: str
    start: int
    end: int
    attributes: dict[str, str] = field(default_factory=dict)


def html_tokens(source: str) -> Iterator[Token]:
    """The tokens of a document or a piece of one, in order. Never raises."""
    at = 0
    while at < len(source):
        found = _MARKUP.search(source, at)
        tag = found.start() if found else len(source)
        if tag > at:
            yield Token("text", _unescape(source[at:tag]), at, tag)
        if not found:
            return
        name = _NAME.match(source, tag)
        if name:
            end = _tag_end(source, name.end())
            token = _tag(source, tag, end, name)
            yield token
            at = end
            if token.kind == "start" and token.name in _RAW:
                at = yield from _raw_text(source, token)
        else:
            at = _after(source, "-->" if source.startswith("<!--", tag) else ">", tag + 2)


def _after(source: str, mark: str, start: int) -> int:
    """The place after the next mark; the end where it never comes, so that nothing is searched twice."""
    found = source.find(mark, start)
    return len(source) if found < 0 else found + len(mark)


def _tag_end(source: str, at: int) -> int:
    """The place after the tag's closing bracket, brackets in quoted values aside."""
    limit = min(len(source), at + MAX_TAG)
    while part := _TAG_PART.search(source, at, limit):
        if part[0] == ">":
            return part.end()
        closing = source.find(part[0], part.end(), limit)
        if closing < 0:
            break
        at = closing + 1
    simple = source.find(">", at, limit)
    return limit if simple < 0 else simple + 1


def _tag(source: str, start: int, end: int, name: re.Match[str]) -> Token:
    if source[start + 1] == "/":
        return Token("end", name[1].lower(), start, end)
    attributes = {
        match[1].lower(): _unescape(match[2] or match[3] or match[4] or "")
        for match in _ATTRIBUTE.finditer(source, name.end(), end - 1)
    }
    return Token("start", name[1].lower(), start, end, attributes)


def _raw_text(source: str, tag: Token) -> Generator[Token, None, int]:
    closing = re.compile(f"</{tag.name}[\\s/>]", re.IGNORECASE).search(source, tag.end)
    end = closing.start() if closing else len(source)
    yield Token("text", _unescape(source[tag.end : end]), tag.end, end)
    return end


def _unescape(text: str) -> str:
    return unescape(_ENDLESS_NUMBER.sub("\ufffd", text))
