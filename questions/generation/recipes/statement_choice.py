"""Which statement does the section support? One that it makes, among falsified ones of other sentences."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from questions.generation.distractors import Falsified
from questions.generation.facts import ArticleFacts, Clause, SectionFacts
from questions.generation.falsehoods import falsehoods, of_length, together
from questions.generation.proposal import Level, Proposal, Tier
from questions.generation.realise import best_clauses, choice, false_option, named, proof
from questions.generation.recipes.base import Examples
from questions.items.base import Option

STEMS = (
    "Which statement is supported by {section}?",
    "Which of these statements does {section} make?",
    "According to {section}, which statement is true?",
    "Which statement below agrees with what {section} says?",
    "Going by {section}, which one of these statements is correct?",
)
"""Each section asks once in each form: two questions of an article with the same words are one too many."""
MIN_WORDS, MAX_WORDS = 6, 26
OTHERS, FEWEST_OTHERS = 3, 2
SHORTEST, LONGEST = 0.6, 1.6
"""How long a distractor may be, measured by the key."""
MOST_PROPOSALS = 6


class StatementChoice:
    """The distractors are made false in different ways, are of like length, and at most one says "not"."""

    name = "statement_choice"
    level: Level = "integrate"
    best_tier: Tier = "auto"
    needs_parse = True

    def propose(
        self, facts: ArticleFacts, section: SectionFacts, stream: random.Random
    ) -> Iterator[Proposal]:
        """Proposals for this section, in reading order."""
        keys = best_clauses(section.clauses, MIN_WORDS, MAX_WORDS)
        statements = of_length(section, MIN_WORDS, MAX_WORDS)
        made = [false for clause in statements for false in falsehoods(facts, section, clause, stream)]
        pool = [false for false in made if false.kind != "negation"]  # a bare "not" is seen to be put in
        chosen = sorted(stream.sample(range(len(keys)), min(len(keys), MOST_PROPOSALS)))
        used: set[int] = set()
        for number, place in enumerate(chosen):
            key = keys[place]
            like = [one for one in pool if _is_like(one, key)]
            unused = [one for one in like if one.clause.sentence not in used]
            others = together(section, unused, key, OTHERS, stream)
            if len(others) < OTHERS:
                others = together(section, like, key, OTHERS, stream)
            used.update(one.clause.sentence for one in others)
            if len(others) >= FEWEST_OTHERS:
                stem = STEMS[(number + section.index) % len(STEMS)].format(section=named(section))
                yield self._proposal(section, stem, key, others)

    def _proposal(
        self, section: SectionFacts, stem: str, key: Clause, others: Sequence[Falsified]
    ) -> Proposal:
        options = [Option(key.text, "key", "The text makes this statement.")]
        options += [false_option(other) for other in others]
        derivations = {"option-0": key.derivation}
        derivations |= {f"option-{place}": one.derivation for place, one in enumerate(others, start=1)}
        return choice(section, self.name, self.level, stem, options, proof(key), derivations)

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={
                "The council rejected the plan for a second bridge. "
                "The harbour of Marlow has 340 berths for boats. "
                "The keepers lit the lamp of the lighthouse on 14 March 1902. "
                "The ferry company carries letters and milk to the shore.": (
                    "The council rejected the plan for a second bridge.",
                    "The harbour of Marlow has 340 berths for boats.",
                    "The keepers lit the lamp of the lighthouse on 14 March 1902.",
                    "The ferry company carries letters and milk to the shore.",
                ),
            },
            abstains={
                "The council rejected the plan for a second bridge.": "one sentence gives no distractors",
                "Is there a plan for a second bridge? Who wants it? Where would it stand?": "only questions",
            },
        )


def _is_like(one: Falsified, key: Clause) -> bool:
    """Whether it is about as long as the key."""
    return SHORTEST * len(key.text) <= len(one.text) <= LONGEST * len(key.text)
