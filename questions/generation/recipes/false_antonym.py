"""True or false: a statement with one word turned into its opposite."""

from __future__ import annotations

import random
from collections.abc import Iterator

from questions.generation.distractors import shortest
from questions.generation.distractors_polarity import affirmations
from questions.generation.distractors_words import antonyms
from questions.generation.facts import ArticleFacts, SectionFacts
from questions.generation.proposal import Level, Proposal, Tier
from questions.generation.realise import judged
from questions.generation.recipes.base import Examples

MIN_WORDS, MAX_WORDS = 5, 28


class FalseAntonym:
    """An opposite from a list of general English, or a "not" taken away."""

    name = "false_antonym"
    level: Level = "retrieve"
    best_tier: Tier = "auto"
    needs_parse = True

    def propose(
        self, facts: ArticleFacts, section: SectionFacts, stream: random.Random
    ) -> Iterator[Proposal]:
        """Proposals for this section, in reading order."""
        fit = [clause for clause in section.clauses if MIN_WORDS <= clause.word_count <= MAX_WORDS]
        found = [false for clause in fit for false in antonyms(facts, section, clause)]
        found += [false for clause in fit for false in affirmations(section, clause)]
        for false in shortest(found, stream):
            yield judged(section, self.name, self.level, false.clause, false)

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={"The council rejected the plan for a second bridge.": ("False",)},
            abstains={
                "The council discussed the plan for a second bridge.": "no word has a plain opposite",
                "The water is warm enough to swim in the bay.": "it may be cool enough, too",
            },
        )
