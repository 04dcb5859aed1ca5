"""One item out, two in: what a greedy choice leaves behind where its first pick keeps others out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from questions.generation.candidate import Candidate
from questions.generation.clashes import clash
from questions.generation.growing_set import GrowingSet

IsSound = Callable[[Candidate], bool]
NEEDED_MERIT = -12.0
"""Below this nothing is taken, though a section goes without: a spare for whoever asks for one."""

LEAST_MERIT = -2.0
"""Below this an item that a section does not need would only repeat what is there."""

MOST_TRIED = 12
"""So many candidates that one item keeps out are tried in its place, the best first."""


@dataclass(frozen=True, slots=True)
class Want:
    """How many items a section needs, and how many it should have if it can give them."""

    least: int
    most: int


def floor_of(count: int, want: Want) -> float:
    """The merit below which a section with so many items takes nothing more."""
    return NEEDED_MERIT if count < want.least else LEAST_MERIT


def exchange(
    grown: GrowingSet,
    candidates: Mapping[str, Sequence[Candidate]],
    wanted: Mapping[str, Want],
    is_sound: IsSound,
) -> int:
    """Replace single items by two others of their section wherever the set's rules allow it; how often."""
    count = 0
    for section, want in wanted.items():
        chosen = grown.chosen[section]
        has_room = len(chosen) < want.most and grown.size < grown.total
        kept_out = _kept_out(grown, section, candidates.get(section, ())) if has_room else {}
        for place, others in sorted(kept_out.items()):
            if len(chosen) >= want.most or grown.size >= grown.total:
                break
            count += _try(grown, place, others, want, is_sound)
    return count


def rivals(
    candidates: Mapping[str, Sequence[Candidate]], are_apart: Callable[[Candidate, Candidate], bool] = clash
) -> dict[str, float]:
    """The root of how many candidates of its section each would keep out, by id."""
    count: Counter[str] = Counter()
    for some in candidates.values():
        for one, other in combinations(some, 2):
            if are_apart(one, other):
                count.update((one.id, other.id))
    return {name: math.sqrt(number) for name, number in count.items()}


def _kept_out(grown: GrowingSet, section: str, candidates: Sequence[Candidate]) -> dict[str, list[Candidate]]:
    """The candidates that exactly one chosen item keeps out, best first, by that item's id."""
    chosen = list(grown.chosen[section])
    found: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        if candidate in chosen:
            continue
        blockers = [one for one in chosen if grown.clash(candidate, one)][:2]
        if len(blockers) == 1:
            found.setdefault(blockers[0].id, []).append(candidate)
    for some in found.values():
        some.sort(key=lambda one: (-one.score, one.order, one.id))
    return {place: some[:MOST_TRIED] for place, some in found.items() if len(some) > 1}


def _try(grown: GrowingSet, place: str, others: Sequence[Candidate], want: Want, is_sound: IsSound) -> bool:
    """Whether two of the others took the place of an item; the set is as it was where not."""
    section = others[0].section.id
    out = next((one for one in grown.chosen[section] if one.id == place), None)
    if out is None:
        return False
    grown.remove(out)
    taken: list[Candidate] = []
    for other in others:
        is_worth = grown.merit(other) >= floor_of(len(grown.chosen[section]), want)
        fits = is_worth and grown.allows(other) and grown.has_room_for(other) and not grown.clashes(other)
        if fits and is_sound(other):
            grown.add(other)
            taken.append(other)
        if len(taken) > 1:
            return True
    for other in taken:
        grown.remove(other)
    grown.add(out)
    return False
