"""Numbers and dates of a text: what they are, what they are not, and how another one is written like them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.generation.analyse import analyse
from questions.generation.dates import written
from questions.generation.nlp import load_nlp
from questions.generation.numbers import in_words, like, parsed
from questions.reading.article import Article, Block, Section, Span


def facts_of(text):
    section = Section("s1", "", text, (Block("prose", Span(0, len(text))),))
    return analyse(Article("", "", (section,)), load_nlp()).sections[0]


@given(st.integers(0, 999_999))
def test_words_and_value_are_each_others_inverse(value):
    assert parsed(in_words(value)) == value


@given(st.integers(1, 10**9))
def test_figures_and_value_are_each_others_inverse(value):
    assert parsed(like("1,000", value)) == value
    assert parsed(like("1000", value)) == value


@pytest.mark.parametrize(
    ("text", "value", "written_so"),
    [
        ("12,760", 19140, "19,140"),
        ("2900", 4400, "4400"),
        ("900", 1800, "1,800"),
        ("0.3", 0.9, "0.9"),
        ("5.5 million", 8_200_000, "8.2 million"),
        ("thirty-two thousand", 48_000, "forty-eight thousand"),
        ("Seven", 9, "Nine"),
        ("one hundred", 250, "two hundred and fifty"),
    ],
)
def test_writes_another_number_alike(text, value, written_so):
    assert like(text, value) == written_so


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The port has 340 berths.", [("340", 340, "berth", "exact")]),
        ("The port has at least 340 berths.", [("340", 340, "berth", "at_least")]),
        ("The port has more than 340 berths.", [("340", 340, "berth", "at_least")]),
        ("The port has up to 340 berths.", [("340", 340, "berth", "at_most")]),
        ("She scored in the last 20 minutes.", [("20", 20, "minute", "at_most")]),
        ("The port has about 340 berths.", [("340", 340, "berth", "about")]),
        ("The port has just over 340 berths.", [("340", 340, "berth", "about")]),
        ("It has stood for at least the past 340 years.", [("340", 340, "year", "at_least")]),
        ("Ice covers 45% of the bay.", [("45", 45, "%", "exact")]),
        (
            "Thirty-two thousand soldiers came to the town.",
            [("Thirty-two thousand", 32_000, "soldier", "exact")],
        ),
        ("The wall is 20 to 70 metres thick.", []),
        ("Between 30 and 40 boats came.", []),
        ("The asteroid 2012 DA14 came near.", []),
        ("They paid $5 million and then \u00a320m for it.", []),
        ("A one-year truce began.", []),
        ("The first lamp burned in 1902.", []),
        ("Explorer 1 recorded it.", []),
    ],
)
def test_finds_plain_numbers(text, found):
    numbers = facts_of(text).numbers
    assert [(one.text, one.value, one.unit, one.hedge) for one in numbers] == found
    assert all(text[one.span.start : one.span.end] == one.text for one in numbers)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The call came on 24 November 2025.", [("24 November 2025", "day", 2025, 11, 24)]),
        ("On September 16, 1776, the forces met.", [("September 16, 1776", "day", 1776, 9, 16)]),
        ("It closed in March 1776.", [("March 1776", "month", 1776, 3, None)]),
        ("On October 28 the forces met.", [("October 28", "day_month", None, 10, 28)]),
        ("It opened in 1902.", [("1902", "year", 1902, None, None)]),
        ("It was built in the 1950s.", [("1950s", "decade", 1950, None, None)]),
        ("It has 1902 steps.", []),
        ("The asteroid 2012 DA14 came near.", []),
        ("The winter of 1777\u20131778 was cold.", []),
        ("It lies 2900 kilometres deep.", []),
    ],
)
def test_finds_dates(text, found):
    dates = facts_of(text).dates
    assert [(one.text, one.granularity, one.year, one.month, one.day) for one in dates] == found


@pytest.mark.parametrize(
    ("text", "changes", "expected"),
    [
        ("It came on 24 November 2025.", (3, 4, 2025), "3 April 2025"),
        ("It came on September 16, 1776.", (20, 1, 1779), "January 20, 1779"),
        ("It came on September 2nd, 1776.", (3, 9, 1776), "September 3rd, 1776"),
        ("It came in March 1776.", (None, 12, 1776), "December 1776"),
    ],
)
def test_writes_another_date_alike(text, changes, expected):
    day, month, year = changes
    assert written(day, month, year, facts_of(text).dates[0]) == expected
