"""Which of the verified proposals make the set: a greedy choice, section by section in turns.

Each turn every section takes the candidate that is worth most to it now: its score, less for what is there
already (type, recipe, sentence, answer, level), more for a third of the section without an item. What a rule
of the set forbids (checks 12, 22, 23, 25 and 28, and the caps of recipes) is passed over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush, heapreplace

from questions.generation.candidate import Candidate
from questions.generation.checks.sets import (
    LONG_SECTION,
    LONG_SECTION_ITEMS,
    SHORT_SECTION,
    TRUE_SHARE,
    TYPE_SHARE,
)
from questions.generation.clashes import clash
from questions.generation.exchange import IsSound, Want, exchange, floor_of, rivals
from questions.generation.growing_set import FEWEST_OF_A_KIND, GrowingSet, Kind, kind_of, repetition
from questions.generation.pairs import Remembered

WORDS_PER_ITEM, MOST_WORDS_PER_ITEM = 30, 35
MIDDLE_SECTION, MIDDLE_SECTION_ITEMS = 100, 3
LEAST_OF_PAIRS = 3
TYPE_SHARES = (TYPE_SHARE, 0.40, 0.45, 0.50)
"""The share that one type may have of a set; the first with which sections get what they need is taken."""

RIVALRIES = (1.0, 0.4, 2.0)
"""How much it counts that an item keeps others out: greedy choice finds now this, now that."""
SMALLEST_SET = 45
"""Up to so many items each of these is tried, and the largest set taken."""
SMALL_SET = 60
"""Up to so many items two more or less are felt, and trying is cheap; beyond, the first guess has to do."""

ENOUGH = 0.75
"""The share of the items wanted below which none is given back for the sake of shares."""

_Entry = tuple[float, int, str, Candidate]


def wanted_items(prose_words: int, pairs: int = 0) -> Want:
    """What a section of so much prose, and so many questions that it answers itself, wants."""
    least = prose_words // MOST_WORDS_PER_ITEM if prose_words >= SHORT_SECTION else 0
    for length, count in ((LONG_SECTION, LONG_SECTION_ITEMS), (MIDDLE_SECTION, MIDDLE_SECTION_ITEMS)):
        if prose_words >= length:
            least = max(least, count)
    most = max(round(prose_words / WORDS_PER_ITEM), least)
    return Want(least + min(pairs, LEAST_OF_PAIRS), most + pairs)


def select(
    candidates: Mapping[str, Sequence[Candidate]],
    wanted: Mapping[str, Want],
    is_sound: IsSound,
) -> dict[str, list[Candidate]]:
    """The chosen candidates by section, in reading order.

    `is_sound` is asked about whatever is about to be taken (the costly checks). No type gets more than its
    share, unless sections would stay without the items they need: then the share grows by small steps.
    """
    supply = _supply(candidates)
    total = sum(want.most for want in wanted.values())
    apart, alike = (Remembered(clash), Remembered(repetition)) if total <= SMALL_SET else (clash, repetition)
    kept_out = rivals(candidates, apart)

    def grown(share: float, rivalry: float) -> GrowingSet:
        weights = {name: rivalry * value for name, value in kept_out.items()}
        return _balanced(
            candidates, wanted, GrowingSet(share, 0, supply, weights, clash=apart, repetition=alike), is_sound
        )

    rivalries = RIVALRIES if total <= SMALLEST_SET else RIVALRIES[:1]
    best: GrowingSet | None = None
    for share in TYPE_SHARES:
        made = max((grown(share, by) for by in rivalries), key=_worth)
        if best is None or made.size > best.size:
            best = made
        if _suffices(made, candidates, wanted):
            break
    chosen = _trimmed(best.chosen, wanted) if best else {}
    return {section: sorted(some, key=_reading_order) for section, some in chosen.items()}


def _worth(grown: GrowingSet) -> tuple[int, float]:
    """The larger set is the better one; of two as large, the one of the better items."""
    return (grown.size, sum(one.score for some in grown.chosen.values() for one in some))


def _trimmed(
    chosen: Mapping[str, Sequence[Candidate]], wanted: Mapping[str, Want]
) -> Mapping[str, Sequence[Candidate]]:
    """The set without some items that no section needs, if that brings every type down to its share."""
    left = {section: list(some) for section, some in chosen.items()}
    needed = int(ENOUGH * sum(want.most for want in wanted.values()))
    while kind := _largest_excess(left):
        spare = [
            candidate
            for section, some in left.items()
            for candidate in some
            if len(some) > wanted[section].least
            and candidate.item.type == kind
            and _stays_balanced(left, candidate)
        ]
        if not spare or sum(map(len, left.values())) <= needed:
            return chosen
        worst = min(spare, key=lambda one: (one.score, -one.order, one.id))
        left[worst.section.id].remove(worst)
    return left


def _largest_excess(chosen: Mapping[str, Sequence[Candidate]]) -> str:
    """The type that has most above its share; empty where none has."""
    types = Counter(one.item.type for some in chosen.values() for one in some)
    kind, count = max(types.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
    return kind if count > max(int(TYPE_SHARE * types.total()), FEWEST_OF_A_KIND) else ""


def _stays_balanced(chosen: Mapping[str, Sequence[Candidate]], without: Candidate) -> bool:
    """Whether true and false statements keep their shares without this one (check 25)."""
    verdicts = Counter(one.verdict for some in chosen.values() for one in some if one is not without)
    less, more = sorted((verdicts["True"], verdicts["False"]))
    return not without.verdict or more <= less + 1 or more <= TRUE_SHARE[1] * (more + less)


def _supply(candidates: Mapping[str, Sequence[Candidate]]) -> Counter[str]:
    """How many pieces of evidence there are for each type."""
    asked = {(one.item.type, one.section.id, one.places) for some in candidates.values() for one in some}
    return Counter(kind for kind, _, _ in asked)


def _suffices(
    grown: GrowingSet, candidates: Mapping[str, Sequence[Candidate]], wanted: Mapping[str, Want]
) -> bool:
    """Whether every section has the items it needs, or as many as it has evidence for."""
    return all(
        len(grown.chosen[section])
        >= min(want.least, len({one.places for one in candidates.get(section, ())}))
        for section, want in wanted.items()
    )


def _balanced(
    candidates: Mapping[str, Sequence[Candidate]],
    wanted: Mapping[str, Want],
    empty: GrowingSet,
    is_sound: IsSound,
) -> GrowingSet:
    """The set for the limits of an empty one; chosen again, smaller, while a kind has too much of it.

    How far it must shrink is only known roughly, as other kinds gain when one has less room: so by halves.
    """
    total = sum(want.most for want in wanted.values())
    is_small = total <= SMALL_SET
    while True:
        grown = GrowingSet(
            empty.type_share,
            total,
            empty.supply,
            empty.rivals,
            clash=empty.clash,
            repetition=empty.repetition,
        )
        _fill(grown, candidates, wanted, is_sound)
        is_due = is_small or not grown.is_lopsided
        if is_due and exchange(grown, candidates, wanted, is_sound):
            _fill(grown, candidates, wanted, is_sound)
        if not grown.is_lopsided:
            return grown
        least = min(_reachable(grown), total - 1)
        halfway = grown.size if grown.size < total else max(least, (least + total - 1) // 2)
        total = halfway if is_small else least


def _reachable(grown: GrowingSet) -> int:
    """How large a set may be, when types that did not fill their share have no more to give."""
    full = grown.type_cap(grown.total)
    for size in range(grown.total, 0, -1):
        cap = grown.type_cap(size)
        if sum(cap if count >= full else min(count, cap) for count in grown.types.values()) >= size:
            return size
    return 0


def _fill(
    grown: GrowingSet,
    candidates: Mapping[str, Sequence[Candidate]],
    wanted: Mapping[str, Want],
    is_sound: IsSound,
) -> None:
    """Turns until no section can take anything more."""
    queues = {section: _Queue(grown, candidates.get(section, ())) for section in wanted}
    has_moved = True
    while has_moved:
        has_moved = False
        for section, want in wanted.items():
            count = len(grown.chosen[section])
            if count < want.most and grown.size < grown.total:
                has_moved |= queues[section].take(floor_of(count, want), is_sound)


class _Queue:
    """A section's candidates by worth, a heap for each kind.

    What the set's growth takes off a whole kind is not looked at candidate by candidate. What it takes off
    single ones only grows, so that in each heap only the first is looked at again.
    """

    def __init__(self, grown: GrowingSet, candidates: Sequence[Candidate]) -> None:
        self.grown = grown
        self.heaps: dict[Kind, list[_Entry]] = {}
        for candidate in candidates:
            self.heaps.setdefault(kind_of(candidate), []).append(self._entry(candidate))
        for heap in self.heaps.values():
            heapify(heap)

    def _entry(self, candidate: Candidate) -> _Entry:
        return (-self.grown.own_worth(candidate), candidate.order, candidate.id, candidate)

    def take(self, floor: float, is_sound: IsSound) -> bool:
        """Move the best candidate that may be taken now into the set; drop those that never may."""
        firsts = [self._first(kind) for kind, heap in self.heaps.items() if self._may_give(heap)]
        heapify(firsts)
        while firsts:
            kind = heappop(firsts)[-1]
            heap = self.heaps[kind]
            entry = self._entry(heap[0][-1])
            if entry > heap[0]:
                heapreplace(heap, entry)
                heappush(firsts, self._first(kind))
                continue
            candidate = entry[-1]
            if self.grown.merit(candidate) < floor or not self.grown.has_room_for(candidate):
                del self.heaps[kind]  # none of a kind is worth more than its first, and none will be again
                continue
            heappop(heap)
            if not self.grown.clashes(candidate) and is_sound(candidate):
                self.grown.add(candidate)
                return True
            if heap:
                heappush(firsts, self._first(kind))
        return False

    def _may_give(self, heap: list[_Entry]) -> bool:
        return bool(heap) and self.grown.allows(heap[0][-1])

    def _first(self, kind: Kind) -> tuple[float, int, str, Kind]:
        """Where the first of a kind stands among all, if it is worth what it was when last looked at."""
        own, order, name, candidate = self.heaps[kind][0]
        return (own - self.grown.common_worth(candidate), order, name, kind)


def _reading_order(candidate: Candidate) -> tuple[int, int, str]:
    start = min((span.start for span in candidate.item.evidence), default=0)
    return (start, candidate.order, candidate.id)
