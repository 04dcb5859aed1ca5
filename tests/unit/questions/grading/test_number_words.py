"""English number words, against numbers spelled by a second hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.grading.number_words import words_to_digits

ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def spelled(number, joiner=" "):
    for scale, word in (
        (10**12, "trillion"),
        (10**9, "billion"),
        (10**6, "million"),
        (1000, "thousand"),
        (100, "hundred"),
    ):
        if number >= scale:
            rest = number % scale
            return f"{spelled(number // scale, joiner)} {word}" + (
                joiner + spelled(rest, joiner) if rest else ""
            )
    if number < 20:
        return ONES[number]
    return TENS[number // 10] + (f" {ONES[number % 10]}" if number % 10 else "")


@given(st.integers(0, 10**15 - 1))
def test_every_number_spelled_out_is_read_back(number):
    assert words_to_digits(spelled(number)) == str(number)
    assert words_to_digits(f"about {spelled(number, ' and ')} boats") == f"about {number} boats"


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("hundred", "100"),
        ("million", "1000000"),
        ("2.5 thousand", "2500"),
        ("0.001 thousand", "1"),
        ("0.0001 thousand", "0.1"),
        ("five", "5"),
        ("five five", "5 5"),
        ("twenty twenty five", "20 25"),
        ("twenty ten", "20 10"),
        ("hundred and", "100 and"),
        ("two thousand and", "2000 and"),
        ("first", "1th"),
        ("twenty zeroth", "20 zeroth"),
        ("thirtieth", "30th"),
        ("thirty third", "33th"),
        ("thirty twelfth", "30 12th"),
        ("5 apples", "5 apples"),
        ("007", "007"),
        ("", ""),
        ("three thousand four million", "3000 4000000"),
        ("three million 400 thousand", "3400000"),
        ("three million 400 boats", "3000400 boats"),
    ],
)
def test_table(words, digits):
    assert words_to_digits(words) == digits
