"""The front of an article: which line is its title, whether it stands twice, and the standfirst below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from questions.reading.headings import could_be_title, has_heading_shape
from questions.reading.pieces import Piece, ends_sentence

STANDFIRST_WORDS = 60
FALLBACK_WORDS = 10


@dataclass(frozen=True, slots=True)
class Front:
    """Title and standfirst, and the pieces that are left."""

    title: str
    standfirst: str
    rest: Sequence[Piece]
    notes: tuple[str, ...] = ()


def take_front(pieces: Sequence[Piece], title: str, fallback: str) -> Front:
    """Take title and standfirst off the pieces. `title` is one the file states beside its text."""
    notes: tuple[str, ...] = ()
    repeated = 0
    found = _title_at(pieces, stated=bool(title))
    if found is not None:
        title = pieces[found].text
        below = (
            [replace(piece, apart=True) for piece in pieces[found + 1 : found + 2]] if found else pieces[1:2]
        )
        pieces = [*pieces[:found], *below, *pieces[found + 2 :]]
    if title:
        repeated = _repetitions(pieces, title) if found is not None or len(pieces) > 1 else 0
        pieces = pieces[repeated:]
    else:
        title = fallback or _first_words(pieces[0].text)
        notes = ("No title was found; change this one as you like.",)
    standfirst = _standfirst_at(pieces, touching=found == 0 or repeated > 0)
    if standfirst is None:
        return Front(title, "", pieces, notes)
    rest = [piece for at, piece in enumerate(pieces) if at != standfirst]
    return Front(title, pieces[standfirst].text, rest, notes)


def _title_at(pieces: Sequence[Piece], *, stated: bool) -> int | None:
    """The piece that is the title: one that says so, a lone highest heading on top, a first line like one."""
    said = next((at for at, piece in enumerate(pieces) if piece.role == "title"), None)
    if said is not None:
        return said
    heads = [at for at, piece in enumerate(pieces) if piece.kind == "heading" and piece.level]
    if heads:
        top = min(pieces[at].level for at in heads)
        on_top = [at for at in heads if pieces[at].level == top]
        if len(on_top) == 1 and on_top[0] == heads[0] and (top == 1 or heads[0] == 0):
            return heads[0]
    if stated or not pieces[1:] or (heads and heads[0] == 0):
        return None
    return 0 if could_be_title(pieces[0]) else None


def _standfirst_at(pieces: Sequence[Piece], *, touching: bool) -> int | None:
    """The standfirst: a piece marked as one, or a short line right below the title with a gap after it."""
    said = next((at for at, piece in enumerate(pieces) if piece.role == "standfirst"), None)
    if said is not None and len(pieces) > 1:
        return said
    if not pieces[1:] or pieces[0].kind not in {"prose", "fragment"}:
        return None
    first, second = pieces[0], pieces[1]
    short = len(first.text.split()) <= STANDFIRST_WORDS and first.line
    set_off = (touching and not first.apart and second.apart) or (
        bool(first.style) and second.style != first.style
    )
    heading_like = has_heading_shape(first) and not ends_sentence(first.text) and first.style == "strong"
    return 0 if short and set_off and not heading_like else None


def _repetitions(pieces: Sequence[Piece], title: str) -> int:
    """How often the title stands again on top."""
    words = title.casefold().split()
    return next(
        (at for at, piece in enumerate(pieces) if piece.text.casefold().split() != words), len(pieces)
    )


def _first_words(text: str) -> str:
    words = text.split()
    title = " ".join(words[:FALLBACK_WORDS])[:120]
    return title if len(words) <= FALLBACK_WORDS else f"{title.rstrip(' .,;:')}…"
