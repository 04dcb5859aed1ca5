"""Gap: who it was, to be chosen among persons of the article or typed."""

from __future__ import annotations

import random
from collections.abc import Iterator

from questions.generation.facts import ArticleFacts, SectionFacts
from questions.generation.name_gaps import gaps
from questions.generation.proposal import Level, Proposal, Tier
from questions.generation.recipes.base import Examples


class ClozePerson:
    """Other persons only from the article itself; with fewer than two of them, only to be typed."""

    name = "cloze_person"
    level: Level = "retrieve"
    best_tier: Tier = "auto"
    needs_parse = True

    def propose(
        self, facts: ArticleFacts, section: SectionFacts, stream: random.Random
    ) -> Iterator[Proposal]:
        """Proposals for this section, in reading order."""
        yield from gaps(facts, section, stream, self.name, "PERSON")

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={
                "Ada Holm repaired the lamp of the lighthouse in 1902. Olaf Berg built the new pier in 1911. "
                "Maria Lind bought the old ferry of Marlow in 1920.": ("Ada Holm", "Olaf Berg", "Maria Lind"),
            },
            abstains={
                "The Holm family repaired the lamp of the lighthouse in 1902.": "it stands before a noun",
                "Neither Ada Holm nor her brother repaired the lamp in 1902.": "it may be true of others",
            },
        )
