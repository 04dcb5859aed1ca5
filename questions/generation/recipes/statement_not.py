"""Which statement does the section NOT make? A falsified one, among statements that it makes."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from questions.generation.distractors import Falsified
from questions.generation.facts import ArticleFacts, Clause, SectionFacts
from questions.generation.falsehoods import falsehoods, is_negative, keeps_words, of_length
from questions.generation.proposal import Level, Proposal, Tier
from questions.generation.realise import best_clauses, choice, named, why_false
from questions.generation.recipes.base import Examples
from questions.items.base import Option

STEM = "Which of these statements does {section} NOT make?"
MIN_WORDS, MAX_WORDS = 6, 24
OTHERS = 3
SHORTEST, LONGEST = 0.6, 1.6
"""How long a true statement may be, measured by the key."""
MOST_PROPOSALS = 2


class StatementNot:
    """Three true statements of other sentences, and one that the text contradicts without a "not"."""

    name = "statement_not"
    level: Level = "integrate"
    best_tier: Tier = "review"
    needs_parse = True

    def propose(
        self, facts: ArticleFacts, section: SectionFacts, stream: random.Random
    ) -> Iterator[Proposal]:
        """Proposals for this section, in reading order."""
        statements = of_length(section, MIN_WORDS, MAX_WORDS)
        pool = [
            false
            for clause in statements
            for false in falsehoods(facts, section, clause, stream)
            if not is_negative(false.text) and false.kind != "negation"
        ]
        stream.shuffle(pool)
        pool.sort(key=lambda one: not keeps_words(section, one))
        made: set[int] = set()
        for false in pool:
            if len(made) == MOST_PROPOSALS or false.clause.sentence in made:
                continue
            others = _others(section, false, stream)
            if len(others) == OTHERS:
                made.add(false.clause.sentence)
                yield self._proposal(section, false, others)

    def _proposal(self, section: SectionFacts, false: Falsified, others: Sequence[Clause]) -> Proposal:
        options = [Option(false.text, "key", why_false(false, "this"))]
        options += [Option(other.text, "elsewhere", "The text makes this statement.") for other in others]
        derivations = {"option-0": false.derivation}
        derivations |= {f"option-{place}": one.derivation for place, one in enumerate(others, start=1)}
        stem = STEM.format(section=named(section))
        proving = [false.clause.sentence, *(one.sentence for one in others)]
        return choice(
            section, self.name, self.level, stem, options, proving, derivations, why_false(false, "this")
        )

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={
                "The council rejected the plan for a second bridge. "
                "The keepers of the lighthouse lit the lamp every evening. "
                "The ferry company carries letters and milk to the shore. "
                "The engineers of Marlow inspected the tunnel in spring.": (
                    "The council accepted the plan for a second bridge.",
                ),
            },
            abstains={
                "The council rejected the plan for a second bridge. The ferry carries letters.": (
                    "too few true statements"
                ),
            },
        )


def _others(section: SectionFacts, false: Falsified, stream: random.Random) -> list[Clause]:
    """True statements of other sentences, of like length, without "not" and without a name put in."""
    length = len(false.text)
    found = [
        clause
        for clause in best_clauses(section.clauses, MIN_WORDS, MAX_WORDS)
        if clause.sentence != false.clause.sentence
        and clause.told_in is None
        and not clause.is_negated
        and SHORTEST * length <= len(clause.text) <= LONGEST * length
    ]
    chosen = stream.sample(found, min(OTHERS, len(found)))
    return sorted(chosen, key=lambda clause: clause.sentence)
