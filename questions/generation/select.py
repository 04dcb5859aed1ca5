"""Which of the verified proposals make the set: a greedy choice, section by section in turns.

Each turn every section takes the candidate that is worth most to it now: its score, less for what is there
already (type, recipe, sentence, answer, level), more for a third of the section without an item. What a rule
of the set forbids (checks 12, 22, 23, 25 and 28, and the caps of recipes) is passed over.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from questions.generation.candidate import Candidate
from questions.generation.checks.base import asks_for_unsupported, has_choices
from questions.generation.checks.reference import Reference
from questions.generation.checks.sets import (
    MOST_PER_SENTENCE,
    NEGATIVE_SHARE,
    RECIPE_SHARE,
    TYPE_SHARE,
    evidence_passages,
    gives_away,
    key_is_extreme,
    same_words,
    third,
)
from questions.generation.words import words

WORDS_PER_ITEM = 30
FEWEST_OF_A_KIND = 3
"""In a small set a share of a quarter would be less than one item: so many of a kind are always allowed."""
MOST_PER_SECTION: Mapping[str, int] = {"next_sentence": 1, "heading": 1, "ordering": 1, "statement_choice": 2}

PENALTIES: Mapping[str, float] = {
    "type": -0.5,
    "recipe": -0.7,
    "sentence": -0.9,
    "answer": -0.8,
    "level": -0.15,
    "type_share": -0.8,
    "recipe_share": -0.8,
    "length_cue": -0.8,
    "new_third": 0.8,
}


def wanted_items(word_count: int) -> int:
    """How many items a section of so many words of prose should have."""
    if word_count < WORDS_PER_ITEM // 2:
        return 0
    return max(1, round(word_count / WORDS_PER_ITEM))


@dataclass
class _Choice:
    """What has been chosen so far, and what that forbids."""

    reference: Reference
    total: int
    chosen: dict[str, list[Candidate]] = field(default_factory=lambda: defaultdict(list))
    types: Counter[str] = field(default_factory=Counter)
    recipes: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    sentences: Counter[tuple[str, int]] = field(default_factory=Counter)
    negative: int = 0
    extremes: Counter[int] = field(default_factory=Counter)
    stems: dict[str, list[set[str]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, candidate: Candidate) -> None:
        """Take it into the set."""
        item = candidate.item
        self.chosen[candidate.section.id].append(candidate)
        self.types[item.type] += 1
        self.recipes[candidate.recipe] += 1
        self.verdicts[candidate.verdict] += 1
        self.sentences.update(self._sentences(candidate))
        self.negative += _is_negative(candidate)
        stem = set(words(item.stem))
        for word in _prefix(stem):
            self.stems[word].append(stem)
        if has_choices(item):
            self.extremes.update(sign for sign in (1, -1) if key_is_extreme(item, sign))

    def allows(self, candidate: Candidate) -> bool:
        """Whether the set may still take this kind of item."""
        of_type, of_recipe = self.types[candidate.item.type], self.recipes[candidate.recipe]
        in_section = sum(other.recipe == candidate.recipe for other in self.chosen[candidate.section.id])
        other_verdict = {"True": "False", "False": "True"}.get(candidate.verdict, "")
        return (
            of_type < _cap(TYPE_SHARE, self.total)
            and of_recipe < _cap(RECIPE_SHARE, self.total)
            and in_section < MOST_PER_SECTION.get(candidate.recipe, self.total)
            and (not other_verdict or self.verdicts[candidate.verdict] <= self.verdicts[other_verdict])
            and (not _is_negative(candidate) or self.negative < max(1, int(NEGATIVE_SHARE * self.total)))
        )

    def clashes(self, candidate: Candidate) -> bool:
        """Whether it repeats, or tells, or is told by, something chosen: it can never be taken any more."""
        if any(self.sentences[place] >= MOST_PER_SENTENCE for place in self._sentences(candidate)):
            return True
        stem = set(words(candidate.item.stem))
        if any(same_words(stem, other) for word in _prefix(stem) for other in self.stems.get(word, ())):
            return True
        return any(_pair_clashes(candidate, other) for other in self.chosen[candidate.section.id])

    def worth(self, candidate: Candidate) -> float:
        """Its score, with what it would add to and repeat in the set."""
        here = self.chosen[candidate.section.id]
        item = candidate.item
        seen = {
            "type": sum(other.item.type == item.type for other in here),
            "recipe": sum(other.recipe == candidate.recipe for other in here),
            "sentence": sum(self.sentences[place] for place in self._sentences(candidate)),
            "answer": sum(bool(candidate.answers & other.answers) for other in here),
            "level": sum(other.proposal.level == candidate.proposal.level for other in here),
            "type_share": self.types[item.type] / _cap(TYPE_SHARE, self.total),
            "recipe_share": self.recipes[candidate.recipe] / _cap(RECIPE_SHARE, self.total),
            "length_cue": self._length_cue(candidate),
            "new_third": _third(candidate) not in {_third(other) for other in here},
        }
        return candidate.score + sum(PENALTIES[name] * count for name, count in seen.items())

    def _length_cue(self, candidate: Candidate) -> float:
        if not has_choices(candidate.item):
            return 0.0
        so_far = self.types["multiple_choice"] + self.types["gap_list"] + 1
        return sum(
            (self.extremes[sign] + 1) / so_far for sign in (1, -1) if key_is_extreme(candidate.item, sign)
        )

    def _sentences(self, candidate: Candidate) -> set[tuple[str, int]]:
        passages = evidence_passages(candidate.item, self.reference)
        return {(passage.section, passage.span.start) for passage in passages}


def _cap(share: float, total: int) -> int:
    return max(int(share * total), FEWEST_OF_A_KIND)


def _is_negative(candidate: Candidate) -> bool:
    return candidate.item.type == "multiple_choice" and asks_for_unsupported(candidate.item)


def _prefix(stem: set[str]) -> list[str]:
    """Words of which two nearly equal stems share at least one: the longest fifth and one more."""
    return sorted(stem, key=lambda word: (-len(word), word))[: len(stem) // 5 + 1]


def _pair_clashes(one: Candidate, other: Candidate) -> bool:
    asks_the_same = one.places == other.places and one.proposal.key_texts == other.proposal.key_texts
    if asks_the_same or one.id == other.id:
        return True
    told = gives_away(one.item, one.evidence_stems, other.item)
    return told or gives_away(other.item, other.evidence_stems, one.item)


def _third(candidate: Candidate) -> int:
    return third(candidate.item, len(candidate.section.text))


def select(
    candidates: Mapping[str, Sequence[Candidate]],
    wanted: Mapping[str, int],
    reference: Reference,
    is_sound: Callable[[Candidate], bool],
) -> dict[str, list[Candidate]]:
    """The chosen candidates by section, in reading order.

    `is_sound` is asked about whatever is about to be taken (the costly checks). Where sections cannot give all that
    is wanted, the set is chosen again for the size that was reached, so that shares are of what is there.
    """
    total = sum(wanted.values())
    while True:
        choice = _fill(candidates, wanted, _Choice(reference, total), is_sound)
        reached = sum(map(len, choice.chosen.values()))
        if reached >= total or not _over(choice, reached):
            break
        total = min(reached, total - 1)
    return {section: sorted(chosen, key=_reading_order) for section, chosen in choice.chosen.items()}


def _over(choice: _Choice, reached: int) -> bool:
    """Whether some kind has more than its share of the set as it came out."""
    return any(count > _cap(TYPE_SHARE, reached) for count in choice.types.values()) or any(
        count > _cap(RECIPE_SHARE, reached) for count in choice.recipes.values()
    )


def _fill(
    candidates: Mapping[str, Sequence[Candidate]],
    wanted: Mapping[str, int],
    choice: _Choice,
    is_sound: Callable[[Candidate], bool],
) -> _Choice:
    open_to: dict[str, list[Candidate]] = {
        section: list(candidates.get(section, ())) for section, count in wanted.items() if count
    }
    while open_to and sum(map(len, choice.chosen.values())) < choice.total:
        for section in list(open_to):
            taken = _take_best(open_to[section], choice, is_sound)
            if taken is None or len(choice.chosen[section]) >= wanted[section]:
                del open_to[section]
    return choice


def _take_best(
    left: list[Candidate], choice: _Choice, is_sound: Callable[[Candidate], bool]
) -> Candidate | None:
    """Move the best candidate that may be taken from `left` into the choice; drop those that never may."""
    ranked = sorted(left, key=lambda one: (-choice.worth(one), one.order, one.id))
    for candidate in ranked:
        if choice.clashes(candidate):
            left.remove(candidate)
        elif choice.allows(candidate):
            left.remove(candidate)
            if is_sound(candidate):
                choice.add(candidate)
                return candidate
    return None


def _reading_order(candidate: Candidate) -> tuple[int, int, str]:
    start = min((span.start for span in candidate.item.evidence), default=0)
    return (start, candidate.order, candidate.id)
