"""True or false: a statement that the text makes."""

from __future__ import annotations

import random
from collections.abc import Iterator

from questions.generation.facts import ArticleFacts, SectionFacts
from questions.generation.proposal import Level, Proposal, Tier
from questions.generation.realise import best_clauses, judged
from questions.generation.recipes.base import Examples

MIN_WORDS, MAX_WORDS = 6, 28


class TrueStatement:
    """One statement of each sentence, as short as it stands alone."""

    name = "true_statement"
    level: Level = "retrieve"
    best_tier: Tier = "auto"
    needs_parse = True

    def propose(
        self,
        facts: ArticleFacts,  # noqa: ARG002 - the verb of every recipe
        section: SectionFacts,
        stream: random.Random,  # noqa: ARG002 - nothing is left to chance
    ) -> Iterator[Proposal]:
        """Proposals for this section, in reading order."""
        for clause in best_clauses(section.clauses, MIN_WORDS, MAX_WORDS):
            yield judged(section, self.name, self.level, clause)

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={"The lighthouse keeper repaired the old lamp before the storm.": ("True",)},
            abstains={
                "It was repaired by them before the storm came.": "the pronouns have no antecedent",
                "Why did the keeper repair the lamp before the storm?": "a question states nothing",
                "Therefore, the lamp shines twice as far as before.": "it holds under conditions told before",
            },
        )
