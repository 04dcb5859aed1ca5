"""Which items make a quiz when there are more than it may ask: spread over sections, fresh ones first."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that may be chosen. `group` is what the choice is spread over: its section."""

    id: int
    group: Hashable
    type: str


def choose(
    candidates: Sequence[Candidate], limit: int, seed: int, seen: Mapping[int, int] | None = None
) -> list[Candidate]:
    """At most `limit` of the candidates, in the order given; the same seed chooses the same.

    Groups take turns, so that none has two more than another that still has some. In its turn a group gives
    an item that was never seen before one that was, one seen longer ago before one seen later (`seen`: id ->
    the number of the attempt that asked it last), and a type it has not given before one it has.
    """
    chance, seen = Random(seed), seen or {}
    waiting: dict[Hashable, list[Candidate]] = {}
    for candidate in chance.sample(candidates, len(candidates)):
        waiting.setdefault(candidate.group, []).append(candidate)
    chosen: set[int] = set()
    given: dict[Hashable, list[str]] = {group: [] for group in waiting}
    while len(chosen) < min(limit, len(candidates)):
        for group in [group for group, left in waiting.items() if left]:
            if len(chosen) == limit:
                break
            best = min(
                waiting[group], key=lambda one: (seen.get(one.id, 0), given[one.group].count(one.type))
            )
            waiting[group].remove(best)
            given[group].append(best.type)
            chosen.add(best.id)
    return [candidate for candidate in candidates if candidate.id in chosen]
