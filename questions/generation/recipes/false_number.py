"""True or false: a statement with a number or date changed."""

from __future__ import annotations

import random
from collections.abc import Iterator

from questions.generation.distractors import shortest
from questions.generation.distractors_numbers import false_dates, false_numbers
from questions.generation.facts import ArticleFacts, SectionFacts
from questions.generation.proposal import Level, Proposal, Tier
from questions.generation.realise import judged
from questions.generation.recipes.base import Examples

MIN_WORDS, MAX_WORDS = 5, 28


class FalseNumber:
    """A number so far off that it cannot be meant, or another date."""

    name = "false_number"
    level: Level = "retrieve"
    best_tier: Tier = "auto"
    needs_parse = True

    def propose(
        self,
        facts: ArticleFacts,  # noqa: ARG002 - the verb of every recipe
        section: SectionFacts,
        stream: random.Random,
    ) -> Iterator[Proposal]:
        """Proposals for this section, in reading order."""
        fit = [clause for clause in section.clauses if MIN_WORDS <= clause.word_count <= MAX_WORDS]
        found = [false for clause in fit for false in false_numbers(section, clause, stream)]
        found += [false for clause in fit for false in false_dates(section, clause, stream)]
        for false in shortest(found, stream):
            yield judged(section, self.name, self.level, false.clause, false)

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={"The harbour of Marlow has 340 berths for small boats.": ("False",)},
            abstains={
                "The harbour of Marlow has at least 340 berths.": "more of them would not deny it",
                "The bridge has been closed to lorries since 1911.": "a later year would not deny it",
            },
        )
