"""Where the key of each selected item stands: evenly over the positions, never long in one."""

from __future__ import annotations

import random
from collections.abc import Sequence

from questions.generation.candidate import Candidate
from questions.generation.checks.base import key_indexes
from questions.generation.checks.quantities import number_in
from questions.generation.checks.sets import LONGEST_RUN, longest_run
from questions.items.base import Item


def arrange(chosen: Sequence[Candidate], stream: random.Random) -> list[Candidate]:
    """The same candidates, in the same order, with the options of each choice item put into place."""
    fixed = [candidate.position if has_natural_order(candidate.item) else None for candidate in chosen]
    counts = [fixed.count(position) for position in range(_most_options(chosen))]
    placed: list[Candidate] = []
    taken: list[int] = []
    for candidate, natural in zip(chosen, fixed, strict=True):
        if candidate.position is None:
            placed.append(candidate)
        elif natural is not None:
            taken.append(natural)
            placed.append(candidate)
        else:
            place = _next_position(len(candidate.item.options), counts, taken, stream)
            counts[place] += 1
            taken.append(place)
            placed.append(candidate.in_order(_order(candidate.item, place, stream)))
    return placed


def has_natural_order(item: Item) -> bool:
    """Whether the options are numbers or dates, which stand in ascending order."""
    return bool(item.options) and all(number_in(option.text) is not None for option in item.options)


def _most_options(chosen: Sequence[Candidate]) -> int:
    return max((len(candidate.item.options) for candidate in chosen), default=0)


def _next_position(count: int, counts: list[int], taken: list[int], stream: random.Random) -> int:
    """One of the least used positions, at random, that makes no run too long."""
    places = list(range(count))
    stream.shuffle(places)
    places.sort(key=lambda place: counts[place])
    recent = taken[-LONGEST_RUN:]
    for place in places:
        if longest_run([*recent, place]) <= LONGEST_RUN:
            return place
    return places[0]


def _order(item: Item, place: int, stream: random.Random) -> list[int]:
    """The options' numbers with the key's at `place` and the others shuffled around it."""
    key = key_indexes(item)[0]
    order = [index for index in range(len(item.options)) if index != key]
    stream.shuffle(order)
    order.insert(place, key)
    return order
