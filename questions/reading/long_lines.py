"""Paragraphs too long to read on a screen: broken at sentence ends, or refused where there are none."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import itemgetter

from questions.reading.article import Span
from questions.reading.passage import sentences
from questions.reading.pieces import Piece
from questions.reading.refusal import DocumentError, line_at

PARAGRAPH_LIMIT = 5_000
PARAGRAPH_LENGTH = 1_500
"""Characters: a paragraph over the limit (about 800 words) is broken into ones of about this length."""
SENTENCE_LIMIT = 10_000
"""Characters of a single sentence: nothing longer is one."""

_WORD = re.compile(r"\S+")


def split_long_pieces(pieces: Sequence[Piece], original: str) -> list[Piece]:
    """The pieces with overlong paragraphs broken at sentence ends. Raises DocumentError, naming the line."""
    return [part for piece in pieces for part in _parts(piece, original)]


def _parts(piece: Piece, original: str) -> Iterator[Piece]:
    if len(piece.text) <= PARAGRAPH_LIMIT or piece.kind == "code":
        yield piece
        return
    places = _Places(piece, original)
    spans = sentences(piece.text)
    for span in spans:
        if span.end - span.start > SENTENCE_LIMIT:
            raise _endless(span, places.origin_of(span), original)
    if piece.kind == "list":
        yield piece
        return
    begin = 0
    for at, span in enumerate(spans):
        after = spans[at + 1] if at + 1 < len(spans) else None
        if after is None or after.end - spans[begin].start > PARAGRAPH_LENGTH:
            whole = Span(spans[begin].start, span.end)
            apart = piece.apart if begin == 0 else True
            yield replace(
                piece, text=whole.of(piece.text), origin=places.origin_of(whole), apart=apart, line=False
            )
            begin = at + 1


def _endless(span: Span, origin: Span | None, original: str) -> DocumentError:
    line = line_at(original, origin.start) if origin and original else None
    return DocumentError(
        f"{f'Line {line}' if line else 'This text'} goes on for {span.end - span.start:,} characters without "
        f"the end of a sentence; at most {SENTENCE_LIMIT:,} can be read. End its sentences with full stops, "
        "or break it into lines.",
        line,
    )


class _Places:
    """Where the words of a piece stand in the original, by counting them."""

    def __init__(self, piece: Piece, original: str) -> None:
        self._origin = piece.origin
        self._words = [match.span() for match in _WORD.finditer(piece.text)]
        place = piece.origin or Span(0, 0)
        self._places = [match.span() for match in _WORD.finditer(original, place.start, place.end)]

    def origin_of(self, span: Span) -> Span | None:
        """The origin of a span; the whole piece's where markup stands between the words."""
        if self._origin is None or len(self._words) != len(self._places):
            return self._origin
        first, last = self._word_at(span.start), self._word_at(span.end - 1)
        start, end = self._places[first][0], self._places[last][1]
        if not self._has_markup(first):
            start += span.start - self._words[first][0]
        if not self._has_markup(last):
            end -= self._words[last][1] - span.end
        return Span(start, end)

    def _word_at(self, at: int) -> int:
        return bisect_right(self._words, at, key=itemgetter(0)) - 1

    def _has_markup(self, word: int) -> bool:
        (start, end), (place, place_end) = self._words[word], self._places[word]
        return end - start != place_end - place
