"""Gap: the number in a statement, to be chosen or typed."""

from __future__ import annotations

import random
from collections.abc import Iterator

from questions.generation.distractors_numbers import is_telling, number_options
from questions.generation.facts import ArticleFacts, NumberFact, SectionFacts
from questions.generation.numbers import SMALL, in_words, parsed
from questions.generation.proposal import Level, Proposal, Tier
from questions.generation.realise import clause_around, gap
from questions.generation.recipes.base import Examples
from questions.items.base import Option

MIN_VALUE = 3
MAX_IN_WORDS = 999_999
OTHERS = 3


class ClozeNumber:
    """The right number among others written like it; behind "at least" and "up to" only to be typed."""

    name = "cloze_number"
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
        for fact in section.numbers:
            clause = clause_around(section, fact.sentence, fact.first, fact.last)
            if clause is None or not _is_worth_it(fact) or not is_telling(section, clause, fact):
                continue
            if clause.text.count(fact.text) != 1:
                continue
            blank = (fact.span.start, fact.span.end)
            made = number_options(fact, OTHERS, stream)
            others = [text for text in made if text not in clause.text and _fits(section, fact, text)]
            if fact.hedge in {"exact", "about"} and len(others) > 1:
                yield gap(section, self.name, clause, blank, _options(fact, others))
            yield gap(section, self.name, clause, blank, _accepted(fact))

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={"The harbour of Marlow has 340 berths for small boats.": ("340",)},
            abstains={
                "The harbour of Marlow has one berth for small boats.": "one is hardly a number",
                "The two brothers repaired the old lamp before the storm.": "the number says nothing new",
                "The harbour has between 30 and 40 berths for small boats.": "a range has two ends",
            },
        )


def _fits(section: SectionFacts, fact: NumberFact, text: str) -> bool:
    """Whether "a" or "an" before the right number suits another, too."""
    tokens = section.sentences[fact.sentence].tokens
    before = tokens[fact.first - 1].text.lower() if fact.first else ""
    return before not in {"a", "an"} or _starts_with_vowel(text) == _starts_with_vowel(fact.text)


def _starts_with_vowel(text: str) -> bool:
    return text[0] in "8aeiou" or text in {"11", "18"}


def _is_worth_it(fact: NumberFact) -> bool:
    return fact.value >= MIN_VALUE or not fact.value.is_integer()


def _options(fact: NumberFact, others: list[str]) -> list[Option]:
    """The right number among the others, in ascending order as they were made."""
    reason = f"The text gives another number: {fact.text}."
    options = [Option(text, "misreading", reason) for text in others]
    options.append(Option(fact.text, "key", "This is the number that the text gives."))
    return sorted(options, key=lambda option: _value(option.text, fact))


def _value(text: str, fact: NumberFact) -> float:
    return fact.value if text == fact.text else parsed(text) or 0.0


def _accepted(fact: NumberFact) -> list[str]:
    """The number as the text writes it, then in figures and in words."""
    forms = [fact.text]
    if fact.value.is_integer() and fact.value <= MAX_IN_WORDS:
        value = int(fact.value)
        forms += [f"{value:,}", in_words(value)] if value < len(SMALL) or fact.text[0].isalpha() else []
    return list(dict.fromkeys(forms))
