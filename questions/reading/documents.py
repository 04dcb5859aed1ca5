"""Files and pasted text become articles, or are refused with a message that says what is wrong and where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from questions.reading.article import Article
from questions.reading.cutting import SECTION_LIMIT, cut_article
from questions.reading.decoding import decode, without_controls
from questions.reading.docx_text import docx_pieces
from questions.reading.html_text import html_pieces
from questions.reading.markdown_text import looks_like_markdown, markdown_pieces
from questions.reading.pieces import Piece
from questions.reading.plain_text import plain_pieces
from questions.reading.refusal import DocumentError

__all__ = [
    "BYTE_LIMIT",
    "EXTENSIONS",
    "SECTION_LIMIT",
    "WORD_LIMIT",
    "DocumentError",
    "read_document",
    "read_text",
]

BYTE_LIMIT = 2_000_000
WORD_LIMIT = 100_000
_KINDS = {
    ".txt": "plain",
    ".text": "plain",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".docx": "docx",
}
EXTENSIONS: tuple[str, ...] = tuple(_KINDS)
"""The endings of the files that can be read."""

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)


def read_document(data: bytes, filename: str) -> Article:
    """The article in a file. Raises DocumentError for anything that is none."""
    kind = _kind(filename)
    _check_size(len(data), "This file")
    if not data.strip():
        raise DocumentError("This file is empty. Give one that holds the article's text.", 1)
    name = _name(filename)
    if kind == "docx":
        return _within_limits(cut_article(docx_pieces(data), "", fallback=name))
    declared = _CHARSET.search(data[:2048]) if kind == "html" else None
    text, notes = decode(data, declared[1].decode("ascii") if declared else None)
    article = _read(text, kind, fallback=name)
    return replace(article, notes=notes + article.notes)


def read_text(text: str) -> Article:
    """The article in pasted text: plain, or Markdown where its headings are marked. Raises DocumentError."""
    _check_size(len(text.encode("utf-8", "replace")), "This text")
    if not text.strip():
        raise DocumentError("There is no text yet. Paste the article's text.", 1)
    return _read(without_controls(text.removeprefix("\ufeff")), "plain")


def _read(text: str, kind: str, fallback: str = "") -> Article:
    title = ""
    pieces: Sequence[Piece]
    if kind != "html":
        _check_words(len(text.split()))
    if kind == "html":
        pieces, title = html_pieces(text)
    elif kind == "markdown" or looks_like_markdown(text):
        pieces, title = markdown_pieces(text)
    else:
        pieces = plain_pieces(text)
    _check_words(sum(len(piece.text.split()) for piece in pieces))  # cutting far too many would take long
    return _within_limits(cut_article(pieces, text, title=title, fallback=fallback))


def _kind(filename: str) -> str:
    suffix = PurePath(filename).suffix.lower()
    if suffix in _KINDS:
        return _KINDS[suffix]
    what = (
        f"Files of the kind {suffix[:20]!r} cannot be read"
        if suffix
        else "The name of this file has no ending"
    )
    hint = " Save the old .doc as .docx." if suffix == ".doc" else ""
    raise DocumentError(f"{what}: give .txt, .md, .html or .docx.{hint}")


def _name(filename: str) -> str:
    """The file's name as a title: without folders and ending, with spaces."""
    stem = PurePath(filename.replace("\\", "/")).stem
    return " ".join(re.sub(r"[_\-]+", " ", stem).split())[:120]


def _check_size(size: int, what: str) -> None:
    if size > BYTE_LIMIT:
        raise DocumentError(
            f"{what} has {size:,} bytes; the limit is 2 MB ({BYTE_LIMIT:,} bytes, "
            f"{size - BYTE_LIMIT:,} too many). Split it into several articles."
        )


def _check_words(count: int) -> None:
    if count > WORD_LIMIT:
        raise DocumentError(
            f"This text has {count:,} words; the limit is {WORD_LIMIT:,} ({count - WORD_LIMIT:,} too many). "
            "Split it into several articles."
        )


def _within_limits(article: Article) -> Article:
    _check_words(len(article.standfirst.split()) + article.word_count)
    return article
