"""Solvers without understanding: what they get right, an item gives away by its form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from questions.generation.checks.base import has_choices, key_indexes, without_blank
from questions.generation.words import content_stems, jaccard
from questions.items.base import Item
from questions.reading.passage import sentences

MOST_POSITIONS = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """A choice item as a guesser sees it; `text` is its section, for the solver that may look."""

    stem: str
    options: tuple[str, ...]
    key: int
    text: str
    recipe: str = ""


Guesser = Callable[[Asked], Sequence[float]]
"""Gives every option a figure; the guess is the highest."""


def _longest(asked: Asked) -> list[float]:
    return [len(option) for option in asked.options]


def _shortest(asked: Asked) -> list[float]:
    return [-len(option) for option in asked.options]


def _like_stem(asked: Asked) -> list[float]:
    stem = content_stems(asked.stem)
    return [jaccard(stem, content_stems(option)) for option in asked.options]


def _central(asked: Asked) -> list[float]:
    stems = [content_stems(option) for option in asked.options]
    return [sum(jaccard(one, other) for other in stems) for one in stems]


CUES: Mapping[str, Guesser] = {
    "longest": _longest,
    "shortest": _shortest,
    "stem overlap": _like_stem,
    "most central": _central,
}


def word_overlap(asked: Asked) -> list[float]:
    """The share of an option's and the stem's content words that one sentence of the text has."""
    passages = [content_stems(span.of(asked.text)) for span in sentences(asked.text)]
    stem = content_stems(asked.stem)
    figures = []
    for option in asked.options:
        both = stem | content_stems(option)
        best = max((len(both & passage) for passage in passages), default=0)
        figures.append(best / len(both) if both else 0.0)
    return figures


def accuracy(asked: Iterable[Asked], guesser: Guesser) -> float:
    """The share of items that the guesser gets right; between equals it gets its share."""
    right = total = 0.0
    for one in asked:
        figures = guesser(one)
        top = max(figures)
        best = [place for place, figure in enumerate(figures) if figure == top]
        right += (one.key in best) / len(best)
        total += 1
    return right / total if total else 0.0


def best_position(asked: Sequence[Asked]) -> float:
    """What a guesser gets that always takes one place: the best of them."""
    count = len(asked)
    shares = [sum(one.key == place for one in asked) / count for place in range(MOST_POSITIONS) if count]
    return max(shares, default=0.0)


def as_asked(item: Item, text: str, recipe: str = "") -> Asked | None:
    """A choice item for the guessers; None for other types."""
    if not has_choices(item):
        return None
    options = tuple(option.text for option in item.options)
    return Asked(without_blank(item.stem), options, key_indexes(item)[0], text, recipe)
