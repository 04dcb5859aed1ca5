"""The set of items while it is chosen: what is in it, what that forbids, what would be worth most next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from questions.generation.candidate import Candidate
from questions.generation.checks.base import GAP_TYPES, asks_for_unsupported
from questions.generation.checks.sets import (
    MOST_PER_SENTENCE,
    NEGATIVE_SHARE,
    RECIPE_SHARE,
    TRUE_SHARE,
    same_words,
)
from questions.generation.clashes import clash, overlap, same_claim, vary_one_statement
from questions.generation.neighbours import Neighbours
from questions.generation.words import words

FEWEST_OF_A_KIND = 3
"""In a small set a share of a quarter would be less than one item: so many of a kind are always allowed."""
WORDS_FOR_ONE: Mapping[str, int] = {
    "next_sentence": 350,
    "evidence_sentence": 350,
    "heading": 600,
    "ordering": 600,
    "matching_statements": 250,
    "statement_choice": 120,
    "statement_not": 400,
    "cloze_link": 350,
}
"""Recipes of which a section gets one for so many words, and at least one."""
FEWEST_IN_SECTION: Mapping[str, int] = {"statement_choice": 2}
Kind = tuple[str, str, str, str, int, tuple[int, ...], bool]
OPPOSITE = {"True": "False", "False": "True"}

WORTH: Mapping[str, float] = {
    "type": -0.5,
    "recipe": -0.7,
    "sentence": -0.9,
    "answer": -0.8,
    "answer_elsewhere": -0.8,
    "level": -0.15,
    "verdict": -0.3,
    "touched": -0.1,
    "variant": -1.6,
    "wording": -1.5,
    "claim": -3.0,
    "type_share": -2.5,
    "recipe_share": -0.8,
    "length_cue": -0.8,
    "new_third": 0.8,
    "rare_type": 2.0,
    "rivals": -0.6,
}
"""What each repetition costs, and what a third without an item, or a type with few candidates, adds."""


def repetition(one: Candidate, other: Candidate) -> float:
    """What it costs that two items of a section repeat each other."""
    seen = {
        "answer": bool(one.answers & other.answers),
        "claim": same_claim(one, other),
        "wording": bool(one.wordings & other.wordings),
        "variant": vary_one_statement(one, other),
        "touched": overlap(one, other),
    }
    return sum(WORTH[name] * count for name, count in seen.items())


@dataclass
class GrowingSet:
    """`total` is the size that shares are taken of; `supply` how many pieces of evidence each type has.

    `rivals` tells of a candidate's id how many others it would keep out (the root of their number).
    """

    type_share: float
    total: int
    supply: Mapping[str, int]
    rivals: Mapping[str, float] = field(default_factory=dict)
    clash: Callable[[Candidate, Candidate], bool] = clash
    repetition: Callable[[Candidate, Candidate], float] = repetition
    chosen: dict[str, list[Candidate]] = field(default_factory=lambda: defaultdict(list))
    types: Counter[str] = field(default_factory=Counter)
    recipes: Counter[str] = field(default_factory=Counter)
    _verdicts: Counter[str] = field(default_factory=Counter)
    _sentences: Counter[tuple[str, int]] = field(default_factory=Counter)
    _extremes: Counter[int] = field(default_factory=Counter)
    _answers: Counter[str] = field(default_factory=Counter)
    _stems: dict[str, list[set[str]]] = field(default_factory=lambda: defaultdict(list))
    _sections: dict[str, Neighbours] = field(default_factory=lambda: defaultdict(Neighbours))
    _lengths: dict[str, int] = field(default_factory=dict)
    _negative: int = 0

    def of_size(self, total: int) -> GrowingSet:
        """An empty set with the same rules and another size."""
        return GrowingSet(
            self.type_share, total, self.supply, self.rivals, clash=self.clash, repetition=self.repetition
        )

    @property
    def size(self) -> int:
        """How many items are in it."""
        return self.types.total()

    def type_cap(self, size: int) -> int:
        """How many of one type a set of this size may have."""
        return max(int(self.type_share * size), FEWEST_OF_A_KIND)

    def recipe_cap(self, size: int) -> int:
        """How many of one recipe a set of this size may have."""
        return max(int(RECIPE_SHARE * size), FEWEST_OF_A_KIND)

    @property
    def is_lopsided(self) -> bool:
        """Whether some kind has more than its share of the set as it came out."""
        types, recipes = max(self.types.values(), default=0), max(self.recipes.values(), default=0)
        return types > self.type_cap(self.size) or recipes > self.recipe_cap(self.size)

    def add(self, candidate: Candidate) -> None:
        """Take it into the set."""
        item = candidate.item
        self.chosen[candidate.section.id].append(candidate)
        self._sections[candidate.section.id].add(candidate)
        self.types[item.type] += 1
        self.recipes[candidate.recipe] += 1
        self._verdicts[candidate.verdict] += 1
        self._sentences.update(candidate.sentences)
        self._negative += _is_negative(candidate)
        stem = set(words(item.stem))
        for word in _prefix(stem):
            self._stems[word].append(stem)
        self._extremes.update(candidate.extremes)
        self._answers.update(_typed(candidate))

    def remove(self, candidate: Candidate) -> None:
        """Take it out of the set again."""
        section, item = candidate.section.id, candidate.item
        self.chosen[section].remove(candidate)
        self._sections[section] = Neighbours()
        for left in self.chosen[section]:
            self._sections[section].add(left)
        self.types[item.type] -= 1
        self.recipes[candidate.recipe] -= 1
        self._verdicts[candidate.verdict] -= 1
        self._sentences.subtract(candidate.sentences)
        self._negative -= _is_negative(candidate)
        stem = set(words(item.stem))
        for word in _prefix(stem):
            self._stems[word].remove(stem)
        self._extremes.subtract(candidate.extremes)
        self._answers.subtract(_typed(candidate))

    def allows(self, candidate: Candidate) -> bool:
        """Whether the set may take a statement with this verdict now."""
        opposite = OPPOSITE.get(candidate.verdict, "")
        return not opposite or self._keeps_balance(candidate.verdict, opposite)

    def has_room_for(self, candidate: Candidate) -> bool:
        """Whether its type and recipe have not got their share; what is full stays full."""
        in_section = self._sections[candidate.section.id].recipes[candidate.recipe]
        return (
            self.types[candidate.item.type] < self.type_cap(self.total)
            and self.recipes[candidate.recipe] < self.recipe_cap(self.total)
            and in_section < self._section_cap(candidate)
            and (not _is_negative(candidate) or self._negative < max(1, int(NEGATIVE_SHARE * self.total)))
        )

    def _section_cap(self, candidate: Candidate) -> int:
        """How many items of this recipe the candidate's section may have."""
        words_for_one = WORDS_FOR_ONE.get(candidate.recipe)
        if words_for_one is None:
            return self.total
        least = FEWEST_IN_SECTION.get(candidate.recipe, 1)
        return max(least, self._words_of(candidate) // words_for_one)

    def _words_of(self, candidate: Candidate) -> int:
        """How long the candidate's section is; counted once."""
        section = candidate.section
        if section.id not in self._lengths:
            self._lengths[section.id] = section.word_count
        return self._lengths[section.id]

    def _keeps_balance(self, verdict: str, opposite: str) -> bool:
        """Whether true and false statements stay within their shares with one more of these (check 25)."""
        mine, theirs = self._verdicts[verdict] + 1, self._verdicts[opposite]
        return mine <= theirs + 1 or mine <= TRUE_SHARE[1] * (mine + theirs)

    def clashes(self, candidate: Candidate) -> bool:
        """Whether it repeats, or tells, or is told by, something chosen: it can never be taken any more."""
        if any(self._sentences[place] >= MOST_PER_SENTENCE for place in candidate.sentences):
            return True
        stem = set(words(candidate.item.stem))
        if any(same_words(stem, other) for word in _prefix(stem) for other in self._stems.get(word, ())):
            return True
        others = self._sections[candidate.section.id].telling(candidate)
        return any(self.clash(candidate, other) for other in others)

    def worth(self, candidate: Candidate) -> float:
        """Its score, with what it would add to the set and repeat in it."""
        return self.own_worth(candidate) + self.common_worth(candidate)

    def own_worth(self, candidate: Candidate) -> float:
        """Its score, less for each item near it that it repeats, and for those that it would keep out.

        Only ever falls while the set grows.
        """
        return self._unrepeated(candidate) + WORTH["rivals"] * self.rivals.get(candidate.id, 0.0)

    def _unrepeated(self, candidate: Candidate) -> float:
        near = self._sections[candidate.section.id].near(candidate)
        seen = {
            "sentence": sum(self._sentences[place] for place in candidate.sentences),
            "answer_elsewhere": max((self._answers[text] for text in _typed(candidate)), default=0),
        }
        repeated = sum(self.repetition(candidate, other) for other in near)
        return candidate.score + repeated + sum(WORTH[name] * count for name, count in seen.items())

    def common_worth(self, candidate: Candidate) -> float:
        """What is added and taken off for all candidates of one kind alike (see `kind_of`)."""
        item = candidate.item
        seen = {
            "type_share": self.types[item.type] / self.type_cap(self.total),
            "recipe_share": self.recipes[candidate.recipe] / self.recipe_cap(self.total),
            "rare_type": self.supply.get(item.type, 0) < self.type_cap(self.total),
            "length_cue": self._length_cue(candidate),
        }
        return self._worth_here(candidate) + sum(WORTH[name] * count for name, count in seen.items())

    def merit(self, candidate: Candidate) -> float:
        """Its score, with what it would add to its section and repeat there."""
        return self._unrepeated(candidate) + self._worth_here(candidate)

    def _worth_here(self, candidate: Candidate) -> float:
        here = self._sections[candidate.section.id]
        seen = {
            "type": here.types[candidate.item.type],
            "recipe": here.recipes[candidate.recipe],
            "level": here.levels[candidate.proposal.level],
            "verdict": here.verdicts[candidate.verdict] if candidate.verdict else 0,
            "new_third": candidate.third not in here.thirds,
        }
        return sum(WORTH[name] * count for name, count in seen.items())

    def _length_cue(self, candidate: Candidate) -> float:
        """What share of choice items would have the key as the longest or shortest option."""
        so_far = self.types["multiple_choice"] + self.types["gap_list"] + 1
        return sum((self._extremes[sign] + 1) / so_far for sign in candidate.extremes)


def kind_of(candidate: Candidate) -> Kind:
    """All that decides of a candidate's common worth, and of the room for it."""
    item = candidate.item
    return (
        candidate.verdict,
        item.type,
        candidate.recipe,
        candidate.proposal.level,
        candidate.third,
        candidate.extremes,
        _is_negative(candidate),
    )


def _typed(candidate: Candidate) -> frozenset[str]:
    """What is to be filled in, if it is a gap: the same word again and again is no task any more."""
    return candidate.answers if candidate.item.type in GAP_TYPES else frozenset()


def _is_negative(candidate: Candidate) -> bool:
    return candidate.item.type == "multiple_choice" and asks_for_unsupported(candidate.item)


def _prefix(stem: set[str]) -> list[str]:
    """Words of which two nearly equal stems share at least one: the longest fifth and one more."""
    return sorted(stem, key=lambda word: (-len(word), word))[: len(stem) // 5 + 1]
