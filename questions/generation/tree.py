"""A sentence's tokens as a tree: who depends on whom, and which stretch of words hangs together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from questions.generation.facts import Token

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"})
AUXILIARIES = frozenset({"aux", "auxpass"})
FINITE_TAGS = frozenset({"VBD", "VBP", "VBZ", "MD"})
MODALS = frozenset({"may", "might", "can", "could", "will", "would", "shall", "should", "must"})


class Tree:
    """Children, stretches and verbs of one sentence; built once, in one pass."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.kids: list[list[int]] = [[] for _ in tokens]
        self.roots: list[int] = []
        for number, token in enumerate(tokens):
            if token.head == number:
                self.roots.append(number)
            else:
                self.kids[token.head].append(number)

    def children(self, number: int, *deps: str) -> list[int]:
        """Its dependents, all or those with one of these relations."""
        return [kid for kid in self.kids[number] if not deps or self.tokens[kid].dep in deps]

    def child(self, number: int, *deps: str) -> int | None:
        """Its first dependent with one of these relations."""
        return next(iter(self.children(number, *deps)), None)

    def subtree(self, number: int) -> list[int]:
        """The token and everything below it, in reading order."""
        found = [number]
        for one in found:
            found += self.kids[one]
        return sorted(found)

    def stripped(self, numbers: Sequence[int]) -> list[int]:
        """The tokens without punctuation and joining words at both ends."""
        left = list(numbers)
        while left and self._only_joins(left[0]):
            left = left[1:]
        while left and self._only_joins(left[-1]):
            left = left[:-1]
        return left

    def _only_joins(self, number: int) -> bool:
        return self.tokens[number].pos == "PUNCT" or self.tokens[number].dep == "cc"

    def phrase(self, number: int, leave: Iterable[str] = ()) -> list[int]:
        """The token and what is below it, without dependents of the token with one of these relations."""
        left = set(leave)
        found = [number]
        for kid in self.kids[number]:
            if self.tokens[kid].dep not in left:
                found += self.subtree(kid)
        return sorted(found)

    def subject(self, verb: int) -> int | None:
        """The subject of a verb, wherever it stands."""
        return next((kid for kid in self.kids[verb] if self.tokens[kid].dep in SUBJECTS), None)

    def auxiliaries(self, verb: int) -> list[int]:
        """Its auxiliaries, in reading order."""
        return self.children(verb, *AUXILIARIES)

    def is_finite(self, verb: int) -> bool:
        """Whether a verb has a tense or a modal of its own."""
        token = self.tokens[verb]
        if token.pos not in {"VERB", "AUX"}:
            return False
        aux = self.auxiliaries(verb)
        if aux:
            return any(self.tokens[kid].tag in FINITE_TAGS for kid in aux)
        return token.tag in FINITE_TAGS

    def is_negated(self, verb: int) -> bool:
        """Whether "not", "never" or a like word hangs on the verb or on one of its auxiliaries."""
        places = [verb, *self.auxiliaries(verb)]
        return any(
            self.tokens[kid].dep == "neg" or self.tokens[kid].text.lower() in NEGATIONS
            for place in places
            for kid in self.kids[place]
        )

    def modal(self, verb: int) -> str:
        """Its modal verb in lower case, or empty."""
        return next(
            (
                self.tokens[kid].text.lower()
                for kid in self.auxiliaries(verb)
                if self.tokens[kid].text.lower() in MODALS
            ),
            "",
        )

    def governing_verb(self, number: int) -> int:
        """The nearest verb above a token (or the root)."""
        while self.tokens[number].head != number:
            number = self.tokens[number].head
            if self.tokens[number].pos in {"VERB", "AUX"}:
                return number
        return number


NEGATIONS = frozenset(
    {"not", "n't", "never", "no", "hardly", "scarcely", "barely", "rarely", "seldom", "nor"}
)


def is_stretch(numbers: Sequence[int]) -> bool:
    """Whether sorted token numbers follow each other without a hole."""
    return bool(numbers) and numbers[-1] - numbers[0] + 1 == len(numbers)
