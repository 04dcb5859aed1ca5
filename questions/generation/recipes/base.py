"""What every recipe must answer."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from questions.generation.facts import ArticleFacts, SectionFacts
from questions.generation.proposal import Level, Proposal, Tier


@dataclass(frozen=True, slots=True)
class Examples:
    """A recipe's own worked examples, for its tests and the manual.

    `makes` maps a short text (paragraphs with blank lines between) to the key texts of which it must give
    at least one; `abstains` are texts of which it must make nothing, each with the reason.
    """

    makes: Mapping[str, Sequence[str]]
    abstains: Mapping[str, str]


class Recipe(Protocol):
    """Turns facts of one section into proposals of one kind. Instances hold no state.

    It over-generates cheaply, in reading order; `verify`, `rank` and `select` choose. Every decision that is
    left to chance uses `stream`, which belongs to this section and recipe alone.
    """

    name: str
    level: Level
    best_tier: Tier
    needs_parse: bool

    def propose(
        self, facts: ArticleFacts, section: SectionFacts, stream: random.Random
    ) -> Iterator[Proposal]:
        """Proposals for this section, in reading order."""
        ...

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        ...
