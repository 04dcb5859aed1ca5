"""Gap: where it was, to be chosen among places of one kind or typed."""

from __future__ import annotations

import random
from collections.abc import Iterator

from questions.generation.facts import ArticleFacts, SectionFacts
from questions.generation.name_gaps import gaps
from questions.generation.proposal import Level, Proposal, Tier
from questions.generation.recipes.base import Examples


class ClozePlace:
    """Towns among towns, rivers among rivers, all of the article; else only to be typed."""

    name = "cloze_place"
    level: Level = "retrieve"
    best_tier: Tier = "auto"
    needs_parse = True

    def propose(
        self, facts: ArticleFacts, section: SectionFacts, stream: random.Random
    ) -> Iterator[Proposal]:
        """Proposals for this section, in reading order."""
        yield from gaps(facts, section, stream, self.name, "PLACE")

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={
                "The hungry army left Boston in March 1776. The fleet came to Montreal in May 1776. "
                "The officers of the army met in Philadelphia in June 1776.": (
                    "Boston",
                    "Montreal",
                    "Philadelphia",
                ),
            },
            abstains={
                "A Boston hotel bought the old harbour of Marlow in 1911.": "it stands before a noun",
                "The army did not come near any town in 1911.": "no place has a name",
            },
        )
