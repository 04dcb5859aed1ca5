"""Which passwords will do: long ones, of any characters, that are not among the first to be guessed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

MIN_CHARACTERS = 12
MAX_CHARACTERS = 256
NORMAL_FORM: Final = "NFKC"
GUESSES_NEEDED = 10**8
"""Fewer guesses than this, by lists of common passwords, names, words and keyboard walks: too easy."""
MAX_CHARACTERS_JUDGED = 64
"""The work of judging grows with the square of the length."""


def normalize(password: str) -> str:
    """The password in the form that is hashed: the same whatever keyboard or system wrote it."""
    return unicodedata.normalize(NORMAL_FORM, password)


def find_fault(password: str, about_person: Iterable[str] = ()) -> str | None:
    """Why this password will not do, in words; None if it will. `about_person`: names a guesser would try."""
    password = normalize(password)
    if len(password) < MIN_CHARACTERS:
        return f"Use at least {MIN_CHARACTERS} characters. A few unrelated words are easy to remember."
    if len(password) > MAX_CHARACTERS:
        return f"Use at most {MAX_CHARACTERS} characters."
    if _guesses(password, about_person) < GUESSES_NEEDED:
        return (
            "This password is among the first that are tried. "
            "Use a longer one, for example a few unrelated words."
        )
    return None


def _guesses(password: str, about_person: Iterable[str]) -> int:
    from zxcvbn import zxcvbn  # its word lists take a moment to load

    own_words = ["readcheck"]
    for name in about_person:
        own_words += [name, *name.replace("@", " ").replace(".", " ").split()]
    return int(
        zxcvbn(password[:MAX_CHARACTERS_JUDGED], user_inputs=[word for word in own_words if word])["guesses"]
    )
