"""What may happen if? The condition asks, its consequence answers."""

from __future__ import annotations

import random
from collections.abc import Iterator

from questions.generation.derive import derive
from questions.generation.distractors import Falsified
from questions.generation.distractors_clauses import of_like_length, with_modal
from questions.generation.distractors_polarity import affirmations
from questions.generation.distractors_roles import rather_than_swaps
from questions.generation.distractors_words import antonyms
from questions.generation.facts import ArticleFacts, Conditional, SectionFacts
from questions.generation.proposal import Derivation, Level, Proposal, Tier
from questions.generation.realise import choice, false_option
from questions.generation.recipes.base import Examples
from questions.items.base import Option

OTHERS, FEWEST_OTHERS = 3, 2


class ConditionalQuestion:
    """The distractors are the consequence made false and other things that may happen in the section."""

    name = "conditional"
    level: Level = "infer"
    best_tier: Tier = "auto"
    needs_parse = True

    def propose(
        self, facts: ArticleFacts, section: SectionFacts, stream: random.Random
    ) -> Iterator[Proposal]:
        """Proposals for this section, in reading order."""
        for condition in section.conditionals:
            found = self._distractors(facts, section, condition, stream)
            if len(found) < FEWEST_OTHERS:
                continue
            stem_derivation, stem = _stem(section, condition)
            key = Option(condition.result.text, "key", "This is what the text says of that case.")
            derivations = {"stem": stem_derivation, "option-0": condition.result.derivation}
            derivations |= {f"option-{place}": one for place, (_, one) in enumerate(found, start=1)}
            options = [key, *(option for option, _ in found)]
            yield choice(section, self.name, self.level, stem, options, [condition.sentence], derivations)

    def _distractors(
        self, facts: ArticleFacts, section: SectionFacts, condition: Conditional, stream: random.Random
    ) -> list[tuple[Option, Derivation]]:
        result = condition.result
        false: list[Falsified] = [
            *rather_than_swaps(section, result),
            *antonyms(facts, section, result, is_claim=True),
        ]
        false += affirmations(section, result)
        found = [(false_option(one), one.derivation) for one in false[:1]]
        others = [one.result for one in section.conditionals]
        others += [*(one.claim for one in section.attributions), *section.clauses]
        for_length = of_like_length(others, result, [condition.sentence])
        stream.shuffle(for_length)
        for clause, derivation, text in with_modal(section, for_length, condition.modal or "can"):
            if len(found) < OTHERS and not clause.is_negated:
                found.append((Option(text, "elsewhere", _elsewhere(text == clause.text)), derivation))
        return found

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={
                "The ferry could stop for good if the council ends the old contract. "
                "The storm may damage the roof of the old church. "
                "A new bridge can shorten the way to the shore. "
                "The council may close the harbour to large ships.": ("The ferry could stop for good.",),
            },
            abstains={
                "The ferry stopped in 1902 because the council ended the contract.": "nothing is conditional",
                "If it does that, the ferry could stop for good.": "the condition points elsewhere",
            },
        )


def _elsewhere(is_verbatim: bool) -> str:  # noqa: FBT001 - one of two reasons
    if is_verbatim:
        return "The section says this, but not of the case asked about."
    return "The section speaks of this, but not as a consequence of the case asked about."


def _stem(section: SectionFacts, condition: Conditional) -> tuple[Derivation, str]:
    """As "According to the section, what could happen if ...?", made of the condition's own words."""
    happens = f"what {condition.modal} happen" if condition.modal else "what happens"
    source = condition.speaker or "the section"
    span = condition.condition
    marker = section.section.text[span.start : span.start + len(condition.marker)]
    lead = (span.start, span.start + len(marker), f"According to {source}, {happens} {condition.marker}")
    return derive(section.section, span, [lead], stop="?")
