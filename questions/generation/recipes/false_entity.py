"""True or false: a statement with one name replaced by another."""

from __future__ import annotations

import random
from collections.abc import Iterator

from questions.generation.distractors import shortest
from questions.generation.distractors_names import swaps
from questions.generation.facts import ArticleFacts, SectionFacts
from questions.generation.proposal import Level, Proposal, Tier
from questions.generation.realise import judged
from questions.generation.recipes.base import Examples

MIN_WORDS, MAX_WORDS = 5, 28


class FalseEntity:
    """A person, country, place or people exchanged for another that the article names."""

    name = "false_entity"
    level: Level = "retrieve"
    best_tier: Tier = "auto"
    needs_parse = True

    def propose(
        self, facts: ArticleFacts, section: SectionFacts, stream: random.Random
    ) -> Iterator[Proposal]:
        """Proposals for this section, in reading order."""
        fit = [clause for clause in section.clauses if MIN_WORDS <= clause.word_count <= MAX_WORDS]
        found = [false for clause in fit for false in swaps(facts, section, clause)]
        for false in shortest(found, stream):
            yield judged(section, self.name, self.level, false.clause, false)

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={
                "Iceland, Portugal and Norway fish for cod. Norway sold the harbour to Portugal in 1911.": (
                    "False",
                ),
            },
            abstains={
                "The committee closed the harbour of the old town in 1911.": "it names nobody",
                "Norway may sell the harbour to Portugal.": "what is only possible is not denied",
            },
        )
