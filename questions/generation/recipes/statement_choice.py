"""Which statement does the section support? One that it makes, among falsified ones of other sentences."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from questions.generation.distractors import Falsified
from questions.generation.distractors_names import swaps
from questions.generation.distractors_numbers import false_dates, false_numbers
from questions.generation.distractors_polarity import affirmations, negations
from questions.generation.distractors_roles import (
    comparison_swaps,
    rather_than_swaps,
    role_swaps,
    subject_swaps,
)
from questions.generation.distractors_words import antonyms
from questions.generation.facts import ArticleFacts, Clause, SectionFacts
from questions.generation.proposal import Level, Proposal, Tier
from questions.generation.realise import best_clauses, choice, false_option, named
from questions.generation.recipes.base import Examples
from questions.items.base import Option

STEMS = (
    "Which statement is supported by {section}?",
    "Which of these statements does {section} make?",
    "According to {section}, which statement is true?",
)
"""Each section asks once in each form: two questions of an article with the same words are one too many."""
MIN_WORDS, MAX_WORDS = 6, 26
OTHERS, FEWEST_OTHERS = 3, 2
SHORTEST, LONGEST = 0.6, 1.6
"""How long a distractor may be, measured by the key."""
MOST_PROPOSALS = 4
NEGATIVE = (" not ", "n't ", "n\u2019t ", "cannot ", " never ", " no ")


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
        pool = [false for clause in _fit(section) for false in _false(facts, section, clause, stream)]
        chosen = sorted(stream.sample(range(len(keys)), min(len(keys), MOST_PROPOSALS)))
        for number, place in enumerate(chosen):
            others = _distractors(keys[place], pool, stream)
            if sum(other.kind != "negation" for other in others) >= FEWEST_OTHERS:
                stem = STEMS[number % len(STEMS)].format(section=named(section))
                yield self._proposal(section, stem, keys[place], others)

    def _proposal(
        self, section: SectionFacts, stem: str, key: Clause, others: Sequence[Falsified]
    ) -> Proposal:
        options = [Option(key.text, "key", "The text makes this statement.")]
        options += [false_option(other) for other in others]
        derivations = {"option-0": key.derivation}
        derivations |= {f"option-{place}": one.derivation for place, one in enumerate(others, start=1)}
        return choice(section, self.name, self.level, stem, options, [key.sentence], derivations)

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


def _fit(section: SectionFacts) -> list[Clause]:
    return [clause for clause in section.clauses if MIN_WORDS <= clause.word_count <= MAX_WORDS]


def _false(
    facts: ArticleFacts, section: SectionFacts, clause: Clause, stream: random.Random
) -> Iterator[Falsified]:
    """The clause made false in every way there is, the plain "not" last."""
    yield from role_swaps(facts, section, clause)
    yield from comparison_swaps(section, clause)
    yield from rather_than_swaps(section, clause)
    yield from subject_swaps(facts, section, clause)
    yield from antonyms(facts, section, clause)
    yield from affirmations(section, clause)
    yield from false_numbers(section, clause, stream)
    yield from false_dates(section, clause, stream)
    yield from swaps(facts, section, clause)
    yield from negations(section, clause)


def _distractors(key: Clause, pool: Sequence[Falsified], stream: random.Random) -> list[Falsified]:
    """False statements of other sentences: kinds as different, lengths as like the key's as may be."""
    chosen: list[Falsified] = []
    length = len(key.text)
    fit = [
        one
        for one in pool
        if one.clause.sentence != key.sentence and SHORTEST * length <= len(one.text) <= LONGEST * length
    ]
    stream.shuffle(fit)
    while len(chosen) < OTHERS:
        left = [one for one in fit if _goes_with(one, key, chosen)]
        if not left:
            break
        kinds = [one.kind for one in chosen]
        chosen.append(
            min(left, key=lambda one: (one.kind == "negation", kinds.count(one.kind), _distance(one, length)))
        )
    return sorted(chosen, key=lambda one: one.clause.sentence)


def _distance(one: Falsified, length: int) -> int:
    """How far its length is from the key's, in steps that leave something to chance."""
    return abs(len(one.text) - length) // 12


def _goes_with(one: Falsified, key: Clause, chosen: Sequence[Falsified]) -> bool:
    """Another sentence than the others', and no second "not"."""
    if any(one.clause.sentence == other.clause.sentence for other in chosen):
        return False
    texts = [key.text, *(other.text for other in chosen)]
    return not (_is_negative(one.text) and any(_is_negative(text) for text in texts))


def _is_negative(text: str) -> bool:
    return any(word in f" {text.lower()}" for word in NEGATIVE)
