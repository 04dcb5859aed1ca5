"""Other numbers and dates: as exact and round as the right one, and not made true by "at least"."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Iterator, Sequence

from questions.generation.dates import written
from questions.generation.distractors import Falsified, falsified, sentence_of
from questions.generation.facts import Clause, DateFact, NumberFact, SectionFacts, Token
from questions.generation.numbers import like
from questions.generation.tree import Tree

LARGER = (1.55, 2.0, 3.0)
SMALLER = (0.58, 0.4, 0.25)
BLUR = 0.06
MAX_PERCENT, MAX_DAY, MONTHS_IN_YEAR = 100, 28, 12
SMALL_NUMBER = 12
MIN_FALSE_VALUE = 2
MONTHS_APART = (1, 2, 3, 4)
DAYS_APART = (2, 3, 5, 7, 9)
YEARS_APART = (2, 3, 4, 6)
DECADES_APART = 10
MONOTONE_DATES = frozenset({"since", "until", "till", "by", "before", "after"})
LINKING = frozenset({"and", "between", "to", "from", "or"})
"""Before one of two dates that belong together."""
FIRST_YEAR, LATEST_YEAR = 1000, 2099
YEAR_DIGITS = 4
YEARS_AWAY = (4, 9, 23)
LONGEST_LIST = 6
_ALWAYS = re.compile(
    r"(?:24|twenty-four) hours a day|(?:7|seven) days a week|36[56] days"
    r"|[\w:.]+ ?(?:[ap]\.?m\b|o.clock)"
    r"|[\w,.-]+ (?:hours (?:a|per|each|every) day|days (?:a|per|each|every) week|months (?:a|per) year)",
    re.IGNORECASE,
)
"""Figures that everybody knows, and those with a bound that everybody knows."""
BOUND = frozenset({"both", "either", "neither", "each"})
MIN_RATIO, MAX_RATIO = 1.15, 10


def number_options(fact: NumberFact, count: int, stream: random.Random) -> list[str]:
    """That many other values written like the right one, its rank among them drawn at random."""
    blur = stream.uniform(1 - BLUR, 1 + BLUR)  # exact multiples would tell which number they were made of
    smaller, larger = ([factor * blur for factor in factors] for factors in (SMALLER, LARGER))
    below = sorted({like(fact.text, value) for value in _values(fact, smaller, -1)} - {fact.text})
    above = sorted({like(fact.text, value) for value in _values(fact, larger, 1)} - {fact.text})
    stream.shuffle(below)
    stream.shuffle(above)
    count = min(count, len(below) + len(above))
    rank = stream.randint(max(0, count - len(above)), min(count, len(below)))
    return [*below[:rank], *above[: count - rank]]


WHOLES = {
    "second": frozenset({"minute", "hour", "day"}),
    "minute": frozenset({"hour", "day"}),
    "hour": frozenset({"day", "week"}),
    "day": frozenset({"week", "month", "year"}),
    "week": frozenset({"month", "year"}),
    "month": frozenset({"year"}),
}
"""What a unit of time is a part of."""
BEFORE_YEARS = frozenset({"for", "in", "of", "since", "by", "from", "until", "the", "early", "late"})
_YEAR = re.compile(r"[12]\d{3}")


def false_numbers(section: SectionFacts, clause: Clause, stream: random.Random) -> Iterator[Falsified]:
    """The clause with a number changed so far that it cannot be meant."""
    kept = set(clause.tokens)
    for fact in section.numbers:
        inside = fact.sentence == clause.sentence and set(range(fact.first, fact.last + 1)) <= kept
        if not inside or fact.value < MIN_FALSE_VALUE or not is_telling(section, clause, fact):
            continue
        ahead = section.sentences[clause.sentence].tokens[max(0, fact.first - 1)].text.lower()
        if fact.unit in {"degree", "degrees"} or (_YEAR.fullmatch(fact.text) and ahead in BEFORE_YEARS):
            continue  # nothing turns by 560, and no count is of 3119
        if fact.hedge in {"at_least", "at_most"} or ahead in MONOTONE_DATES | {"within", "top"}:
            continue  # "at least 9" does not deny "at least 12"; what is done after 5 minutes is so after 6
        new = _other_number(section, fact, stream)
        if new and new not in section.sentences[clause.sentence].text:
            change = (fact.span.start, fact.span.end, new)
            sign = "%" if fact.unit == "%" else ""
            one = falsified(section, clause, "number", [change], (fact.text + sign, new + sign))
            if one:
                yield one


def _other_number(section: SectionFacts, fact: NumberFact, stream: random.Random) -> str:
    """A number that the section gives of another thing in the same unit, or one far from the right one."""
    told = sorted(
        {
            like(fact.text, other.value)
            for other in section.numbers
            if other.unit == fact.unit
            and other.hedge == "exact"
            and other.value >= MIN_FALSE_VALUE  # "one votes"
            and _is_near(other.value, fact.value)
        }
        - {fact.text}
    )
    if told and fact.unit and fact.hedge == "exact":
        return stream.choice(told)
    up = stream.random() < 1 / 2
    sides = [(LARGER, 1), (SMALLER, -1)] if up else [(SMALLER, -1), (LARGER, 1)]
    values = [value for factors, sign in sides for value in _values(fact, factors, sign)]
    return next((like(fact.text, value) for value in values if like(fact.text, value) != fact.text), "")


def _is_near(one: float, other: float) -> bool:
    """Whether two numbers are of one size, and not as good as equal."""
    low, high = sorted((one, other))
    return low > 0 and MIN_RATIO * low <= high <= MAX_RATIO * low


def date_options(date: DateFact, stream: random.Random) -> list[str]:
    """Three other dates that make, with the right one, a square of two changes: none stands in the middle."""
    first, second = _steps(date, stream)
    both = (first[0] + second[0], first[1] + second[1], first[2] + second[2])
    texts = [_moved(date, step) for step in (first, second, both)]
    good = all(texts) and len({date.text, *texts}) == len(texts) + 1
    return [text for text in texts if text] if good else []


def false_dates(section: SectionFacts, clause: Clause, stream: random.Random) -> Iterator[Falsified]:
    """The clause with another date, where "since" and the like do not keep it true."""
    tree = Tree(sentence_of(section, clause).tokens)
    kept = set(clause.tokens)
    told = [date for date in section.dates if date.sentence == clause.sentence and date.first in kept]
    if clause.is_negated or len(told) != 1:
        return
    for date in told:
        inside = set(range(date.first, date.last + 1)) <= kept
        if not inside or date.granularity == "month_only":
            continue
        if date.first and tree.tokens[date.first - 1].text.lower() in MONOTONE_DATES | LINKING:
            continue
        step = _steps(date, stream)[0]
        new = _moved(date, step)
        others = {one.text for one in section.dates if one.sentence == clause.sentence}
        if new and new not in others:
            change = (date.span.start, date.span.end, new)
            one = falsified(section, clause, "date", [change], (date.text, new))
            if one:
                yield one


def _values(fact: NumberFact, factors: Sequence[float], sign: int) -> list[float]:
    """Other values on one side of the right one, as round as it is."""
    if _is_year(fact):
        return [year for step in YEARS_AWAY if (year := fact.value + sign * step) <= LATEST_YEAR]
    small = fact.value <= SMALL_NUMBER and fact.value == int(fact.value) and fact.unit != "%"
    raw = [fact.value + sign * step for step in (1, 2, 3)] if small else [fact.value * one for one in factors]
    if small and fact.hedge != "exact":
        raw = [fact.value + sign * math.ceil(fact.value * part) for part in (0.4, 0.7, 1.0)]
    if fact.unit == "%" and fact.hedge == "exact" and sign > 0 and fact.value * factors[0] >= MAX_PERCENT:
        # no room for multiples: as much nearer to the whole, or a large share would always be the largest
        raw = [MAX_PERCENT - (MAX_PERCENT - fact.value) / one for one in factors]
    rounded = [value if small else _as_round(value, fact) for value in raw]
    least = 1 if fact.value == int(fact.value) else 0
    fits = [value for value in rounded if value > least]
    if fact.unit == "%":
        fits = [value for value in fits if value < MAX_PERCENT]
    return list(dict.fromkeys(fits))


def _is_year(fact: NumberFact) -> bool:
    """Whether a bare figure of four digits is a year, as in "as early as 1838"."""
    is_bare = not fact.unit and fact.text.isdecimal() and len(fact.text) == YEAR_DIGITS
    return is_bare and FIRST_YEAR <= fact.value <= LATEST_YEAR


def _as_round(value: float, fact: NumberFact) -> float:
    """A value as round as the right one: in figures with as many digits (two at least), in words as exact."""
    if value == 0:
        return 0.0
    if fact.text[:1].isalpha():  # "eight thousand seven hundred" would stand out beside "fifteen thousand"
        return round(value, -_exponent(fact.value))
    decimals = max(0, -_exponent(fact.value))
    digits = max(2, len(f"{fact.value:.{decimals}f}".replace(".", "").strip("0")))
    places = digits - 1 - math.floor(math.log10(abs(value)))
    return round(value, places)


def _exponent(value: float) -> int:
    """The power of ten of the last digit of a value that is not zero."""
    whole, _, decimals = f"{value:.6f}".rstrip("0").partition(".")
    return -len(decimals) if decimals else len(whole) - len(whole.rstrip("0"))


def is_telling(section: SectionFacts, clause: Clause, fact: NumberFact) -> bool:
    """Whether the number says something by itself: not "the two leaders", nor one end of a span."""
    tokens = section.sentences[clause.sentence].tokens
    before = tokens[fact.first - 1].text.lower() if fact.first else ""
    kept = set(clause.tokens)
    same_unit = [
        one
        for one in section.numbers
        if one.sentence == clause.sentence and one.unit == fact.unit and one.first in kept - {fact.first}
    ]
    is_set = bool(_ALWAYS.match(section.section.text, fact.span.start))
    nearby = {token.text.lower() for token in tokens[max(0, fact.first - 2) : fact.first]}
    is_bound = before in {"the", "these", "those", "all", "other", "'s", "a", "an"} or nearby & BOUND
    is_free = not is_bound and not same_unit and not _is_age(tokens, fact) and not _is_common(tokens, fact)
    is_free = is_free and not _is_supposed(tokens, fact)
    return is_free and not is_set and not _counts_a_list(tokens, clause, fact)


def _is_age(tokens: Sequence[Token], fact: NumberFact) -> bool:
    """Whether the number stands between commas, as the age of somebody whom a report quotes."""
    around = (tokens[fact.first - 1 : fact.first], tokens[fact.last + 1 : fact.last + 2])
    return bool(fact.first) and all(part and part[0].text == "," for part in around)


def _is_supposed(tokens: Sequence[Token], fact: NumberFact) -> bool:
    """Whether it only stands for any number: "if a factory makes 100 cars"."""
    verb = fact.last
    while tokens[verb].head != verb and tokens[verb].dep != "advcl":
        verb = tokens[verb].head
    return any(one.head == verb and one.dep == "mark" and one.text.lower() == "if" for one in tokens)


def _is_common(tokens: Sequence[Token], fact: NumberFact) -> bool:
    """Whether it is how many days a month has, or hours a day: everybody knows, and no other is believed."""
    wholes = WHOLES.get(fact.unit.rstrip("s"), frozenset())
    return any(token.dep in {"nsubj", "poss"} and token.lemma.lower() in wholes for token in tokens)


def _counts_a_list(tokens: Sequence[Token], clause: Clause, fact: NumberFact) -> bool:
    """Whether as many things are named as the number says: "two flights, on Monday and Friday"."""
    if fact.value > LONGEST_LIST:
        return False
    rows = [
        number for number in clause.tokens if tokens[number].dep == "conj" and tokens[number].pos != "VERB"
    ]
    return bool(rows) and len(rows) + 1 == fact.value


def _steps(date: DateFact, stream: random.Random) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    """Two changes of (year, month, day) for a date of this granularity."""
    near = stream.choice((-1, 1)) * stream.choice(YEARS_APART)
    far = stream.choice((-1, 1)) * DECADES_APART
    months = _within(date.month or 1, MONTHS_APART, MONTHS_IN_YEAR, stream)
    days = _within(date.day or 1, DAYS_APART, MAX_DAY, stream)
    return {
        "day": ((0, months, 0), (0, 0, days)),
        "day_month": ((0, months, 0), (0, 0, days)),
        "month": ((0, months, 0), (near, 0, 0)),
        "year": ((near, 0, 0), (far, 0, 0)),
        "decade": ((DECADES_APART * stream.choice((-1, 1)), 0, 0), (-2 * DECADES_APART, 0, 0)),
        "month_only": ((0, months, 0), (0, months * 2, 0)),
    }[date.granularity]


def _within(place: int, apart: Sequence[int], most: int, stream: random.Random) -> int:
    """A change that goes back or on with equal chance where the year, or the month, has room for both.

    One that went over its end would come out earlier, and the right date would be the last one too often.
    """
    sign = stream.choice((-1, 1))
    for way in (sign, -sign):
        fits = [way * step for step in apart if 1 <= place + way * step <= most]
        if fits:
            return stream.choice(fits)
    return sign * apart[0]


def _moved(date: DateFact, step: tuple[int, int, int]) -> str:
    """The date with a step made; empty where that leaves the calendar or the present."""
    year = date.year + step[0] if date.year is not None else None
    month = (date.month + step[1] - 1) % MONTHS_IN_YEAR + 1 if date.month is not None else None
    day = (date.day + step[2] - 1) % MAX_DAY + 1 if date.day is not None else None
    if year is not None and year > LATEST_YEAR:
        return ""
    return written(day, month, year, date)
