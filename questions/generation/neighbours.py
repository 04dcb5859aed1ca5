"""What a section's chosen items have in common with a candidate, found without looking at all of them.

A long section has hundreds of items, and each candidate is weighed again whenever one is added. Two items
have to do with each other only where they share a mark: a sentence, a place, a wording, an answer, a word.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from questions.generation.candidate import Candidate
from questions.generation.words import words

FEW = 24
"""Up to so many items all are looked at, which is faster than looking up which."""
Index = dict[Hashable, set[int]]


@dataclass
class Neighbours:
    """The chosen items of one section, counted, and by what they share with others."""

    chosen: list[Candidate] = field(default_factory=list)
    types: Counter[str] = field(default_factory=Counter)
    recipes: Counter[str] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    thirds: set[int] = field(default_factory=set)
    _marked: Index = field(default_factory=lambda: defaultdict(set))
    _saying: Index = field(default_factory=lambda: defaultdict(set))
    _asking: Index = field(default_factory=lambda: defaultdict(set))

    def add(self, candidate: Candidate) -> None:
        """One more item of the section."""
        number = len(self.chosen)
        self.chosen.append(candidate)
        self.types[candidate.item.type] += 1
        self.recipes[candidate.recipe] += 1
        self.levels[candidate.proposal.level] += 1
        self.verdicts[candidate.verdict] += 1
        self.thirds.add(candidate.third)
        for index, marks in (
            (self._marked, candidate.marks),
            (self._saying, _said(candidate)),
            (self._asking, _asked(candidate)),
        ):
            for mark in marks:
                index[mark].add(number)

    def near(self, candidate: Candidate) -> list[Candidate]:
        """The chosen items that may share a sentence, a place, a wording or an answer with it, in order."""
        if len(self.chosen) <= FEW:
            return self.chosen
        return self._numbered(_found(self._marked, candidate.marks))

    def telling(self, candidate: Candidate) -> list[Candidate]:
        """Those, and the chosen items one of which may have the words of the other's answer."""
        if len(self.chosen) <= FEW:
            return self.chosen
        found = _found(self._marked, candidate.marks)
        found |= _found(self._saying, _asked(candidate)) | _found(self._asking, _said(candidate))
        return self._numbered(found)

    def _numbered(self, numbers: Iterable[int]) -> list[Candidate]:
        return [self.chosen[number] for number in sorted(numbers)]


def _found(index: Index, marks: Iterable[Hashable]) -> set[int]:
    return set().union(*(index.get(mark, ()) for mark in marks))


def _said(candidate: Candidate) -> set[str]:
    """Every word that stands in the item."""
    texts = [candidate.item.stem, *(option.text for option in candidate.item.options)]
    return {word for text in texts for word in words(text)}


def _asked(candidate: Candidate) -> set[str]:
    """One word of each right answer, the longest: where the answer is told, that word stands."""
    found = (words(text) for text in candidate.proposal.key_texts)
    return {max(some, key=lambda word: (len(word), word)) for some in found if some}
