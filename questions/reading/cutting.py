"""From pieces to an article: title, standfirst, sections. The same for all formats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from questions.reading.article import Article, Block, Section, Span
from questions.reading.faq import join_definitions, join_plain_pairs, pair_questions
from questions.reading.front import take_front
from questions.reading.headings import guess_headings, merged_heading, styled_headings
from questions.reading.long_lines import split_long_pieces
from questions.reading.pieces import Piece, join_origins, merge_lists, says_something
from questions.reading.refusal import DocumentError, line_at

SECTION_LEVELS = 2
"""Headings of the two highest levels head sections; deeper ones stand in the text as lines of their own."""
SECTION_LIMIT = 500
UNCUT_WORDS = 1_200
PART_WORDS = 600
"""A text without headings that is longer than this is cut into parts of about `PART_WORDS`."""


@dataclass
class _Cut:
    """One section while it grows."""

    heading: str = ""
    pieces: list[Piece] = field(default_factory=list)


def cut_article(pieces: Sequence[Piece], original: str, *, title: str = "", fallback: str = "") -> Article:
    """The article these pieces make.

    `original` is the decoded file, for line numbers; `title` is one the file states beside its text,
    `fallback` what to call it when no line is a title. Raises DocumentError where no text is left.
    """
    pieces = merge_lists(piece for piece in pieces if says_something(piece.text))
    if not pieces:
        raise DocumentError("There is no text in this file. Give one with at least a paragraph of words.")
    pieces = join_plain_pairs(join_definitions(split_long_pieces(pieces, original)))
    front = take_front(pieces, title, fallback)
    rest = _with_headings(front.rest)
    notes = list(front.notes)
    cuts = _cut(_settled(pair_questions(rest, front.title)), original, notes)
    if not cuts:
        raise DocumentError(
            f"There is no text under the title “{front.title[:80]}”. Give the article's text too.", 1
        )
    if len(cuts) > SECTION_LIMIT:
        raise DocumentError(
            f"This text has {len(cuts):,} sections; the limit is {SECTION_LIMIT:,} "
            f"({len(cuts) - SECTION_LIMIT:,} too many). Use fewer headings, or split it in several articles."
        )
    if len(cuts) == 1 and not cuts[0].heading:
        cuts = _parts(cuts[0], notes)
    note_same_names((cut.heading for cut in cuts), notes)
    sections = tuple(
        build_section(f"s{number}", cut.heading, cut.pieces) for number, cut in enumerate(cuts, 1)
    )
    return Article(front.title, front.standfirst, sections, tuple(notes))


def build_section(section_id: str, heading: str, pieces: Iterable[Piece]) -> Section:
    """A section of these pieces, one block each, a blank line between two of them."""
    blocks: list[Block] = []
    texts: list[str] = []
    at = 0
    for piece in _merged_fragments(pieces):
        kind = piece.kind
        if kind == "heading":
            raise ValueError("a heading cannot stand inside a section")
        blocks.append(Block(kind, Span(at, at + len(piece.text)), piece.origin))
        texts.append(piece.text)
        at += len(piece.text) + 2
    return Section(section_id, heading, "\n\n".join(texts), tuple(blocks))


def _with_headings(pieces: Sequence[Piece]) -> list[Piece]:
    """Headings that the file marks win over bold paragraphs, and these over guesses."""
    if any(piece.kind == "heading" and piece.level for piece in pieces):
        return list(pieces)
    styled = styled_headings(pieces)
    return guess_headings(pieces) if styled is None else styled


def _settled(pieces: Sequence[Piece]) -> list[Piece]:
    """Headings too deep for a section as fragments; a heading right above one below it joined with that one.

    A guessed heading is below the guessed one before it.
    """
    levels = sorted({piece.level for piece in pieces if piece.kind == "heading"})[:SECTION_LEVELS]
    settled: list[Piece] = []
    parents: list[Piece] = []
    for at, piece in enumerate(pieces):
        if piece.kind != "heading":
            settled.append(piece)
            continue
        if piece.level not in levels:
            settled.append(replace(piece, kind="fragment", apart=True))
            continue
        if piece.level:
            parents = [parent for parent in parents if parent.level < piece.level]
        if _heads_only_headings(piece, pieces[at + 1 : at + 2], levels[-1]):
            parents.append(piece)
            continue
        settled.append(replace(merged_heading([*parents, piece]), origin=piece.origin))
        parents = [parent for parent in parents if parent.level]
    return settled


def _heads_only_headings(piece: Piece, after: Sequence[Piece], deepest: int) -> bool:
    if not after or after[0].kind != "heading" or after[0].level > deepest:
        return False
    return after[0].level > piece.level or after[0].level == piece.level == 0


def _cut(pieces: Sequence[Piece], original: str, notes: list[str]) -> list[_Cut]:
    cuts = [_Cut()]
    heads: list[Piece | None] = [None]
    for piece in pieces:
        if piece.kind == "heading":
            cuts.append(_Cut(piece.text))
            heads.append(piece)
        else:
            cuts[-1].pieces.append(piece)
    for cut, head in zip(cuts, heads, strict=True):
        if head is not None and not cut.pieces:
            where = f" (line {line_at(original, head.origin.start)})" if head.origin and original else ""
            notes.append(f"The heading “{cut.heading}”{where} has no text under it and was left out.")
    return [cut for cut in cuts if cut.pieces]


def _parts(cut: _Cut, notes: list[str]) -> list[_Cut]:
    """A long text without headings in parts of about equal length, each ending with a paragraph."""
    words = [len(piece.text.split()) for piece in cut.pieces]
    total = sum(words)
    count = min(round(total / PART_WORDS), len(words))
    if total <= UNCUT_WORDS or count <= 1:
        return [cut]
    parts = [_Cut(f"Part {number}") for number in range(1, count + 1)]
    done = 0
    for piece, length in zip(cut.pieces, words, strict=True):
        middle = done + length / 2
        parts[min(int(middle * count / total), count - 1)].pieces.append(piece)
        done += length
    parts = [part for part in parts if part.pieces]
    for number, part in enumerate(parts, 1):
        part.heading = f"Part {number}"
    notes.append(
        f"No headings were found; the text was cut into {len(parts)} parts. Rename or join them as you like."
    )
    return parts


def note_same_names(headings: Iterable[str], notes: list[str]) -> None:
    """Add a note for each heading that stands over several sections."""
    for heading, count in Counter(filter(None, headings)).items():
        if count > 1:
            notes.append(f"{count} sections are called “{heading}”; all were kept.")


def _merged_fragments(pieces: Iterable[Piece]) -> list[Piece]:
    """Fragments on lines that touch are one block, a line each."""
    merged: list[Piece] = []
    for piece in pieces:
        if merged and piece.kind == merged[-1].kind == "fragment" and not piece.apart:
            last = merged[-1]
            merged[-1] = replace(last, text=f"{last.text}\n{piece.text}", origin=join_origins([last, piece]))
        else:
            merged.append(piece)
    return merged
