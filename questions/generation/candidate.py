"""A proposal that passed the checks, with what ranking and selecting look at."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from questions.generation.checks.base import (
    GAP_TYPES,
    has_choices,
    key_indexes,
)
from questions.generation.checks.sets import key_is_extreme, third
from questions.generation.proposal import Finding, Proposal
from questions.generation.words import content_stems, same_form, words
from questions.items.base import BLANK, Item
from questions.reading.article import Section

ID_DIGITS = 16
STRETCH = 400
"""Code points of a section that count as one place: spans that overlap touch a common stretch."""
GRAIN = 40
"""Code points: statements of one sentence share a piece of the text of this length, others seldom."""

_TASK = re.compile(r"^Complete with [^:]*: ")


@dataclass(frozen=True)
class Candidate:
    """A verified proposal. `order` is its place in the section's proposals, the last tie-breaker."""

    id: str
    section: Section
    proposal: Proposal
    findings: tuple[Finding, ...] = ()
    score: float = 0.0
    order: int = 0
    sentences: frozenset[tuple[str, int]] = frozenset()
    """The sentences that its evidence touches: section and start."""

    @property
    def item(self) -> Item:
        """The item proposed."""
        return self.proposal.item

    @property
    def recipe(self) -> str:
        """The recipe that made it."""
        return self.proposal.recipe

    @cached_property
    def answers(self) -> frozenset[str]:
        """The right answers' words as they are compared; none for true/false, where they say nothing."""
        if self.item.type in {"true_false", "ordering", "matching"}:
            return frozenset()
        return frozenset(same_form(text) for text in self.proposal.key_texts)

    @cached_property
    def verdict(self) -> str:
        """What a statement to judge is ("True" or "False"); empty for every other type."""
        return self.proposal.key_texts[0] if self.item.type == "true_false" else ""

    @cached_property
    def places(self) -> frozenset[tuple[int, int]]:
        """The evidence spans."""
        return frozenset((span.start, span.end) for span in self.item.evidence)

    @cached_property
    def third(self) -> int:
        """In which third of its section its evidence begins (0, 1 or 2)."""
        return third(self.item, len(self.section.text))

    @cached_property
    def extremes(self) -> tuple[int, ...]:
        """Of a choice item: 1 where its key is the longest option, -1 where the shortest."""
        return tuple(sign for sign in (1, -1) if has_choices(self.item) and key_is_extreme(self.item, sign))

    @cached_property
    def touched(self) -> frozenset[tuple[int, int]]:
        """The spans of the text that any of its words come from, distractors included."""
        made = self.proposal.derivations.values()
        return self.places | {(one.span.start, one.span.end) for one in made}

    @cached_property
    def touched_sentences(self) -> frozenset[int]:
        """Where the statements that its words are made of begin, near enough to tell them apart."""
        return frozenset(
            point for start, end in self.touched for point in range(start // GRAIN, end // GRAIN + 1)
        )

    @cached_property
    def wordings(self) -> frozenset[str]:
        """Its stem and its options that are whole sentences, as they are compared."""
        texts = [self.item.stem, *(option.text for option in self.item.options)]
        return frozenset(same_form(text) for text in texts if text.endswith((".", "?", "!")))

    @cached_property
    def claims(self) -> list[frozenset[str]]:
        """The words of what a learner asserts or denies: the statement, the key, the filled gap."""
        keys = self.proposal.key_texts
        if self.item.type == "true_false":
            return [frozenset(words(self.item.stem))]
        if self.item.type in GAP_TYPES:
            return [frozenset(words(self.item.stem.replace(BLANK, text))) for text in keys[:1]]
        return [frozenset(words(text)) for text in keys]

    @cached_property
    def shown(self) -> list[frozenset[str]]:
        """The words of every whole statement that a learner sees in it, true or false."""
        texts = [self.item.stem, *(option.text for option in self.item.options)]
        told = self._told_pairs
        return told + [frozenset(words(text)) for text in texts if text.endswith(".") and BLANK not in text]

    @cached_property
    def gapped(self) -> frozenset[str]:
        """The words around a gap; none for every other type."""
        if BLANK not in self.item.stem:
            return frozenset()
        return frozenset(words(_TASK.sub("", self.item.stem).replace(BLANK, " ")))

    @cached_property
    def _told_pairs(self) -> list[frozenset[str]]:
        """The words of what the pairs of a matching item say."""
        return self.claims if self.item.type == "matching" else []

    @cached_property
    def evidence_stems(self) -> frozenset[str]:
        """The content words of the evidence."""
        return content_stems(" ".join(span.quote for span in self.item.evidence))

    @cached_property
    def marks(self) -> frozenset[tuple[str, object]]:
        """What it may share with another item of its section: a sentence, a place, a wording, an answer."""
        named: dict[str, Iterable[object]] = {
            "id": [self.id],
            "sentence": self.sentences,
            "place": self.places,
            "wording": self.wordings,
            "answer": self.answers,
            "stretch": [
                at for start, end in self.touched for at in range(start // STRETCH, end // STRETCH + 1)
            ],
        }
        return frozenset((name, one) for name, some in named.items() for one in some)

    @property
    def position(self) -> int | None:
        """Where the key stands among the options; None where that says nothing."""
        right = key_indexes(self.item)
        return right[0] if self.item.type in {"multiple_choice", "gap_list"} and right else None

    def in_order(self, order: Sequence[int]) -> Candidate:
        """The same candidate with its options in another order: old numbers in their new places."""
        item, place = self.item, {old: new for new, old in enumerate(order)}
        moved = replace(
            item,
            options=tuple(item.options[old] for old in order),
            key=tuple(place[part] if isinstance(part, int) else part for part in item.key),
        )
        names = {f"option-{old}": f"option-{new}" for old, new in place.items()}
        derivations = {names.get(name, name): made for name, made in self.proposal.derivations.items()}
        return replace(self, proposal=replace(self.proposal, item=moved, derivations=derivations))


def candidate_id(section: Section, proposal: Proposal) -> str:
    """The same for the same section text, recipe, evidence and key, whenever and wherever it is made."""
    spans = sorted((span.start, span.end) for span in proposal.item.evidence)
    content = json.dumps([section.content_hash, proposal.recipe, spans, sorted(proposal.key_texts)])
    return hashlib.sha256(content.encode()).hexdigest()[:ID_DIGITS]
