"""Tolerant comparison: what is the same answer written otherwise, and what is another answer."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.grading.text_match import comparable, texts_agree

SAME = [
    # writing
    ("Paris", " pARIS. "),
    ("the mantle", "Mantle"),
    ("an atom", "atom"),
    ("café", "cafe"),
    ("naïve", "NAÏVE"),
    ("Straße", "strasse"),
    ("Łódź", "Lodz"),
    ("smørrebrød", "smorrebrod"),
    ("İzmir", "izmir"),
    ("œuvre", "oeuvre"),
    ("Ελλάδα", "ελλαδα"),
    ("ёлка", "елка"),
    ("كِتَاب", "كتاب"),
    ("שָׁלוֹם", "שלום"),
    ("ｆｕｌｌ", "full"),
    ("the ship’s log", "the ship's log"),
    ("the ship`s log", "the ship´s log"),
    ("“quoted”", "quoted"),
    ("«cité»", '"cite"'),
    ("'single'", "single"),
    ("rare-earth", "rare earth"),
    ("rare\u2011earth", "rare\u2013earth"),
    ("COVID-19", "covid 19"),
    ("U.S.", "US"),
    ("e.g", "eg"),
    ("St. Andrews", "St Andrews"),
    ("two\u00a0\u2009words", "two words"),
    ("soft\u00adware", "software"),
    ("\u200eleft", "left"),
    ("東京。", "東京"),
    ("x₂", "x2"),
    ("10²", "10^2"),
    ("2½", "2 1/2"),
    # numbers
    ("1,000", "1000"),
    ("1,000", "1 000"),
    ("1,000", "1\u202f000"),
    ("1,000", "1'000"),
    ("1,000", "1’000"),
    ("1,000", "one thousand"),
    ("1,000", "a thousand"),
    ("1,000,000", "1.000.000"),
    ("1,234.5", "1.234,5"),
    ("12,34,567", "1234567"),
    ("2.5 million", "2,500,000"),
    ("2.5 million", "two million five hundred thousand"),
    ("two million and five", "2,000,005"),
    ("twelve hundred", "1200"),
    ("0.5", ".5"),
    ("0.5", "0,5"),
    ("0.125", ".125"),
    ("3", "3.0"),
    ("twenty-one", "21"),
    ("ninety nine", "99"),
    ("zero", "0"),
    ("30%", "30 percent"),
    ("30%", "thirty per cent"),
    ("30 %", "30％"),
    ("30–40%", "30 - 40 %"),
    ("$5 million", "$5,000,000"),
    ("$5", "5 $"),
    ("€ 5", "5€"),
    ("-5", "−5"),
    ("-5", "minus five"),
    ("-2 million", "minus 2,000,000"),
    ("12,760 kilometers", "12760kilometers"),
    ("twelve kilometers", "12 kilometers"),
    ("twenty-first", "21st"),
    ("twentieth", "20th"),
    ("twelfth", "12th"),
    ("22nd", "twenty second"),
    ("three hundred and five people", "305 people"),
    ("five and six", "5 and 6"),
    ("١٢٣", "123"),
    # dates
    ("24 November 2025", "November 24, 2025"),
    ("24 November 2025", "nov. 24th 2025"),
    ("24 November 2025", "the 24th of November, 2025"),
    ("24 November 2025", "2025-11-24"),
    ("24 November 2025", "24.11.2025"),
    ("3 Sept 1999", "September 3rd, 1999"),
    ("May 5", "5th May"),
    ("March 1776", "Mar. 1776"),
]
OTHER = [
    ("Paris", "Pariss"),
    ("resign", "re-sign"),
    ("1,000", "1.000"),
    ("1,000", "10,00"),
    ("1,000", "1,001"),
    ("1,000", "1,000,000"),
    ("1.000", "1"),
    ("1.5", "15"),
    ("1.000 million", "1 million"),
    ("3.142", "3142"),
    ("-5", "5"),
    ("temperature -5", "temperature 5"),
    ("5%", "5"),
    ("$5", "5"),
    ("$5", "€5"),
    ("10²", "102"),
    ("2½", "21/2"),
    ("6.5", "65"),
    ("3.14.15", "3.1415"),
    ("twenty", "twenty-one"),
    ("twenty first", "twenty one"),
    ("five hundred", "five thousand"),
    ("nineteen eighty", "1980000"),
    ("two three", "23"),
    ("5 2 thousand", "7000"),
    ("24 November 2025", "25 November 2025"),
    ("24 November 2025", "24 November"),
    ("24 November 2025", "November 2025"),
    ("March 1776", "March 1777"),
    ("24 November 2025", "24 October 2025"),
    ("40 November 2025", "2025-11-40x"),
    ("0.5 seconds", "5 seconds"),
    ("C++", "C"),
    ("が", "か"),
    ("йод", "иод"),
    ("कि", "का"),
    ("the", ""),
    ("?", ""),
    ("", ""),
    ("thousand million", "1,000,000,000"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_written_otherwise(one, other):
    assert comparable(one) == comparable(other)
    assert texts_agree(other, ["something else", one])


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_another_answer(one, other):
    assert not texts_agree(other, [one])
    assert not texts_agree(one, [other])


@pytest.mark.parametrize("text", ["99 November 2025", "2025-13-01", "2025-00-10"])
def test_what_is_no_day_is_no_date(text):
    assert not texts_agree("1 January 2025", [text])
    assert texts_agree(text, [text])


@given(st.text(max_size=60))
def test_case_and_spacing_never_matter(text):
    assert comparable(text) == comparable(f"  {text}\n")
    assert comparable(unicodedata.normalize("NFC", text)) == comparable(unicodedata.normalize("NFD", text))


@given(st.integers(0, 10**12), st.integers(0, 10**12))
def test_two_whole_numbers_agree_only_when_they_are_equal(one, other):
    for written in (f"{one:,}", f"{one:,}".replace(",", " "), f"{one:,}".replace(",", "'"), f"{one}.0"):
        assert texts_agree(written, [str(one)])
        assert texts_agree(written, [str(other)]) == (one == other)


@given(st.decimals(0, 10**6, places=2), st.decimals(0, 10**6, places=2))
def test_two_decimals_agree_only_when_they_are_equal(one, other):
    for written in (f"{one:,}", str(one), str(one).replace(".", ",")):
        assert texts_agree(written, [str(other)]) == (one == other)
    assert texts_agree(f"{one:,}", [str(one)])
