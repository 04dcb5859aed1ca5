"""Dates in sentences, by their written form: a parser's labels mistake numbers for dates, and the reverse."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from questions.generation.facts import DateFact, Granularity, Sentence, Token
from questions.generation.nlp import normalised
from questions.reading.article import Span

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
MONTH_NUMBERS = {name: number for number, name in enumerate(MONTHS, start=1)}
_MONTH = "(?P<month>" + "|".join(MONTHS) + ")"
_DAY = r"(?P<day>[12]?\d|3[01])(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>1\d{3}|20\d{2})"
_PATTERNS: tuple[tuple[Granularity, re.Pattern[str]], ...] = (
    ("day", re.compile(rf"\b{_DAY} {_MONTH},? {_YEAR}\b")),
    ("day", re.compile(rf"\b{_MONTH} {_DAY},? {_YEAR}\b")),
    ("month", re.compile(rf"\b{_MONTH},? (?:of )?{_YEAR}\b")),
    ("day_month", re.compile(rf"\b{_DAY} {_MONTH}\b")),
    ("day_month", re.compile(rf"\b{_MONTH} {_DAY}\b(?!,? \d)")),
    ("decade", re.compile(r"\b(?P<decade>1\d{2}0|20\d0)s\b")),
    ("year", re.compile(rf"(?<![\w.,/$£€-]){_YEAR}(?![\w%/]|[.,:]\d|-|\u2013)")),
    ("month_only", re.compile(rf"(?<=[Ii]n |[Bb]y ){_MONTH}\b")),
)
YEAR_LEADS = frozenset(
    {
        "in",
        "since",
        "by",
        "until",
        "till",
        "from",
        "of",
        "during",
        "before",
        "after",
        "late",
        "early",
        "mid",
        "year",
    }
    | {
        "summer",
        "autumn",
        "fall",
        "winter",
        "spring",
        "to",
        "and",
        "between",
        "around",
        "about",
        "circa",
        "for",
        "(",
    }
)


def dates(sentence: Sentence) -> Iterator[DateFact]:
    """The dates of a sentence in reading order, the fullest form of each."""
    taken: list[Span] = []
    found = []
    for granularity, pattern in _PATTERNS:
        for match in pattern.finditer(normalised(sentence.text)):
            span = Span(sentence.span.start + match.start(), sentence.span.start + match.end())
            if any(span.start < other.end and other.start < span.end for other in taken):
                continue
            places = _tokens_in(sentence.tokens, span)
            if not places or not _is_date(sentence.tokens, places, granularity):
                continue
            taken.append(span)
            found.append(_fact(sentence, span, match, granularity, places))
    yield from sorted(found, key=lambda fact: fact.span)


def written(day: int | None, month: int | None, year: int | None, like: DateFact) -> str:
    """A date in the form of another one, its days and months and years changed."""
    text = like.text
    if like.year is not None and year is not None:
        text = text.replace(str(like.year), str(year))
    if like.month is not None and month is not None:
        text = text.replace(MONTHS[like.month - 1], MONTHS[month - 1])
    if like.day is not None and day is not None:
        text = re.sub(rf"\b{like.day}(?:st|nd|rd|th)?\b", lambda match: _day(day, match[0]), text, count=1)
    return text


def _day(day: int, like: str) -> str:
    if like.isdigit():
        return str(day)
    last = {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{'th' if day in {11, 12, 13} else last}"


def _tokens_in(tokens: Sequence[Token], span: Span) -> list[int]:
    return [
        number for number, token in enumerate(tokens) if span.start <= token.start and token.end <= span.end
    ]


def _is_date(tokens: Sequence[Token], places: Sequence[int], granularity: Granularity) -> bool:
    """Whether a bare year is one: after a word that leads to years, not before what it would count."""
    before = tokens[places[0] - 1] if places[0] else None
    after = tokens[places[-1] + 1] if places[-1] + 1 < len(tokens) else None
    if granularity != "year":
        return not (after and after.text == "-")
    if after and after.pos in {"NOUN", "PROPN", "SYM", "NUM"}:
        return False
    return before is not None and before.text.lower() in YEAR_LEADS


def _fact(
    sentence: Sentence, span: Span, match: re.Match[str], granularity: Granularity, places: Sequence[int]
) -> DateFact:
    groups = match.groupdict()
    year = groups.get("year") or groups.get("decade")
    return DateFact(
        section=sentence.section,
        sentence=sentence.index,
        span=span,
        text=match[0],
        granularity=granularity,
        year=int(year) if year else None,
        month=MONTH_NUMBERS.get(groups.get("month") or ""),
        day=int(groups["day"]) if groups.get("day") else None,
        first=places[0],
        last=places[-1],
    )
