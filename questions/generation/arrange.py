"""Where the key of each selected item stands: evenly over the positions, never long in one."""

from __future__ import annotations

import random
from collections.abc import Sequence

from questions.generation.candidate import Candidate
from questions.generation.checks.base import key_indexes
from questions.generation.checks.quantities import place_in_order
from questions.generation.checks.sets import LONGEST_RUN, longest_run
from questions.items.base import Item


def arrange(chosen: Sequence[Candidate], stream: random.Random) -> list[Candidate]:
    """The same candidates, in the same order, with the options of each choice item put into place."""
    sorted_first = [_in_natural_order(candidate) for candidate in chosen]
    fixed = [candidate.position if candidate else None for candidate in sorted_first]
    counts = [fixed.count(position) for position in range(_most_options(chosen))]
    placed: list[Candidate] = []
    taken: list[int] = []
    for candidate, natural in zip(chosen, sorted_first, strict=True):
        if candidate.position is None:
            placed.append(candidate)
            continue
        if natural is not None:
            placed.append(natural)
        else:
            place = _next_position(len(candidate.item.options), counts, taken, stream)
            counts[place] += 1
            placed.append(candidate.in_order(_order(candidate.item, place, stream)))
        taken.append(placed[-1].position or 0)
    return placed


def _in_natural_order(candidate: Candidate) -> Candidate | None:
    """The candidate with its numbers or dates sorted; None where the options are neither."""
    places = [place_in_order(option.text) for option in candidate.item.options]
    known = [place for place in places if place is not None]
    if candidate.position is None or len(known) < len(places):
        return None
    return candidate.in_order(sorted(range(len(known)), key=lambda index: known[index]))


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
