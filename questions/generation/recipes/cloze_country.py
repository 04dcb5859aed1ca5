"""Gap: which country it was, to be chosen among countries or typed."""

from __future__ import annotations

import random
from collections.abc import Iterator

from questions.generation.facts import ArticleFacts, SectionFacts
from questions.generation.name_gaps import gaps
from questions.generation.proposal import Level, Proposal, Tier
from questions.generation.recipes.base import Examples


class ClozeCountry:
    """Countries and their adjectives: of the article first, then ones that every reader knows."""

    name = "cloze_country"
    level: Level = "retrieve"
    best_tier: Tier = "auto"
    needs_parse = True

    def propose(
        self, facts: ArticleFacts, section: SectionFacts, stream: random.Random
    ) -> Iterator[Proposal]:
        """Proposals for this section, in reading order."""
        yield from gaps(facts, section, stream, self.name, "COUNTRY", "NORP")

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={
                "Portugal and Norway fish for cod. Norway sold the harbour to Portugal in 1911. "
                "Iceland built a second harbour for the fleet in 1920.": ("Norway", "Portugal", "Iceland"),
            },
            abstains={
                "A Norway spruce fell on the old harbour of Marlow in 1911.": "it stands before a noun",
                "No ship of Norway came to the harbour of Marlow in 1911.": "it may be true of others",
            },
        )
