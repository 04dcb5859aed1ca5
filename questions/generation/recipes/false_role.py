"""True or false: a statement with the two parties exchanged."""

from __future__ import annotations

import random
from collections.abc import Iterator

from questions.generation.distractors import shortest
from questions.generation.distractors_roles import (
    comparison_swaps,
    rather_than_swaps,
    role_swaps,
    subject_swaps,
)
from questions.generation.facts import ArticleFacts, SectionFacts
from questions.generation.proposal import Level, Proposal, Tier
from questions.generation.realise import judged
from questions.generation.recipes.base import Examples

MIN_WORDS, MAX_WORDS = 5, 28


class FalseRole:
    """Who does it and whom it is done to, what is more and what less, what is and what is not: exchanged."""

    name = "false_role"
    level: Level = "retrieve"
    best_tier: Tier = "auto"
    needs_parse = True

    def propose(
        self, facts: ArticleFacts, section: SectionFacts, stream: random.Random
    ) -> Iterator[Proposal]:
        """Proposals for this section, in reading order."""
        fit = [clause for clause in section.clauses if MIN_WORDS <= clause.word_count <= MAX_WORDS]
        found = []
        for clause in fit:
            found += [*role_swaps(facts, section, clause), *comparison_swaps(section, clause)]
            found += [*rather_than_swaps(section, clause), *subject_swaps(facts, section, clause)]
        for false in shortest(found, stream):
            yield judged(section, self.name, self.level, false.clause, false)

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={"Sweden attacked Denmark in the spring of 1657.": ("False",)},
            abstains={
                "Sweden met Denmark in the final of the old cup.": "meeting is the same from both sides",
                "The storm damaged the roof of the old church.": "the two are not of one kind",
            },
        )
