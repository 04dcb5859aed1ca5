"""Which passwords will do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.services.passwords import MAX_CHARACTERS, MIN_CHARACTERS, find_fault, normalize


@pytest.mark.parametrize(
    "password",
    [
        "three blue bicycles",
        "Sommerzeit im Garten",
        "мой дядя самых честных правил",
        "石の上にも三年という言葉がある",
        "hgT6!kd92Lqw",
        "🐈🐕🐎🐖🐄🐑🐐🦌🐅🐆🦓🐘",
        "a lower-case sentence without a digit",
        "x7" * 8 + "unrelated words" * 16,
    ],
)
def test_good_ones(password: str) -> None:
    assert len(password) <= MAX_CHARACTERS
    assert find_fault(password) is None


@pytest.mark.parametrize("password", ["", "short", "x" * (MIN_CHARACTERS - 1), "é" * (MIN_CHARACTERS - 1)])
def test_too_short(password: str) -> None:
    assert "at least 12" in str(find_fault(password))


def test_length_is_counted_after_normalizing() -> None:
    decomposed = "e\u0301" * 11
    assert len(decomposed) > MIN_CHARACTERS
    assert "at least 12" in str(find_fault(decomposed))


def test_too_long() -> None:
    assert "at most 256" in str(find_fault("unrelated words " * 17))


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "PassWord1234",
        "passwordpassword",
        "123456789012",
        "abcdefghijkl",
        "qwertyuiop[]",
        "aaaaaaaaaaaa",
        "iloveyou2024!",
        "readcheck2024",
        "readcheckreadcheck",
        "летолетолето",
    ],
)
def test_the_first_to_be_guessed(password: str) -> None:
    assert "among the first" in str(find_fault(password))


@pytest.mark.parametrize("password", ["anna.krol2024", "Anna.Krol!!!!", "krolkrolkrol", "veltmar12345"])
def test_ones_own_names_are_no_secret(password: str) -> None:
    assert find_fault(password, ["anna.krol", "anna@veltmar.example"]) is not None


@given(st.text(max_size=300), st.lists(st.text(max_size=30), max_size=3))
def test_any_text_gets_an_answer(password: str, names: list[str]) -> None:
    fault = find_fault(password, names)
    assert fault is None or fault.endswith((".", "words."))
    assert normalize(normalize(password)) == normalize(password)
