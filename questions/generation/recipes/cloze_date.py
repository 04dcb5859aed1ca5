"""Gap: the date of a statement, to be chosen or (a year) typed."""

from __future__ import annotations

import random
from collections.abc import Iterator

from questions.generation.dates import MONTHS
from questions.generation.distractors_numbers import date_options
from questions.generation.facts import ArticleFacts, Clause, DateFact, SectionFacts
from questions.generation.proposal import Level, Proposal, Tier
from questions.generation.realise import clause_around, gap
from questions.generation.recipes.base import Examples
from questions.items.base import Option

LAST_DAY = 31
ASKED = frozenset({"day", "day_month", "month", "year", "decade"})
WITH_YEAR = frozenset({"year", "month", "day"})


class ClozeDate:
    """Day and month, month and year, or year and decade vary together, so that no option stands out."""

    name = "cloze_date"
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
        for date in section.dates:
            clause = clause_around(section, date.sentence, date.first, date.last)
            if clause is None or date.granularity not in ASKED or not _stands_free(section, clause, date):
                continue
            blank = (date.span.start, date.span.end)
            others = [text for text in date_options(date, stream) if text not in clause.text]
            if len(others) > 1:
                yield gap(section, self.name, clause, blank, _options(date, others))
            year = _year_span(date)
            if year:
                yield gap(section, self.name, clause, year, [str(date.year)])

    def examples(self) -> Examples:
        """Texts that it must and must not make items of."""
        return Examples(
            makes={"The keepers lit the lamp of the lighthouse on 14 March 1902.": ("14 March 1902",)},
            abstains={
                "The probe landed near asteroid 2012 DA14 without any damage.": "it is part of a name",
                "The lighthouse has 1902 steps from the door to the lamp.": "the number counts something",
            },
        )


def _year_span(date: DateFact) -> tuple[int, int] | None:
    """Where the year stands: to be typed, as nobody can guess how much of a date a gap wants."""
    at = date.text.find(str(date.year)) if date.year and date.granularity in WITH_YEAR else -1
    start = date.span.start + at
    return None if at < 0 else (start, start + len(str(date.year)))


def _stands_free(section: SectionFacts, clause: Clause, date: DateFact) -> bool:
    """Whether the rest of the clause does not tell the date: no second one of its kind, no span of time."""
    told = [one for one in section.dates if one.sentence == clause.sentence and one.first in clause.tokens]
    tokens = section.sentences[clause.sentence].tokens
    lead = tokens[date.first - 1].text.lower() if date.first else ""
    alike = sum(one.granularity == date.granularity for one in told)
    year_once = date.year is None or clause.text.count(str(date.year)) == 1
    return alike == 1 and year_once and lead not in {"and", "between", "to", "from", "or"}


def _options(date: DateFact, others: list[str]) -> list[Option]:
    """The right date among the others, in order of time."""
    reason = f"The text names another date: {date.text}."
    options = [Option(text, "misreading", reason) for text in others]
    options.append(Option(date.text, "key", "This is the date that the text names."))
    return sorted(options, key=lambda option: _in_time(option.text))


def _in_time(text: str) -> tuple[int, int, int]:
    numbers = [int("".join(sign for sign in word if sign.isdigit()) or 0) for word in text.split()]
    year = max((number for number in numbers if number > LAST_DAY), default=0)
    day = max((number for number in numbers if 0 < number <= LAST_DAY), default=0)
    month = next((place for place, name in enumerate(MONTHS, start=1) if name in text), 0)
    return (year, month, day)
