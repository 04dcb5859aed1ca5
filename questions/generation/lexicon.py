"""Word lists of general English, kept as data beside this file: lexicon, antonyms, countries."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True)
class Country:
    """A state: usual name, what else it is called, adjective, people, capital and part of the world."""

    name: str
    aliases: tuple[str, ...]
    adjective: str
    people: str
    capital: str
    region: str

    @property
    def forms(self) -> frozenset[str]:
        """Every word under which it may be meant, its capital (which stands for its government) included."""
        forms = {self.name.removeprefix("the "), *self.aliases, self.adjective, self.people, self.capital}
        return frozenset(form for form in forms if form)


@lru_cache(maxsize=1)
def _lists() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in (DATA / "lexicon.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            current = found.setdefault(line.lstrip("# ").split(":")[0], [])
        elif "," in line:
            current += [part.strip() for part in line.split(",") if part.strip()]
        else:
            current += line.split()
    return {name: tuple(words) for name, words in found.items()}


@lru_cache(maxsize=64)
def words(name: str) -> frozenset[str]:
    """The words (or, where the list has commas, phrases) of a list. KeyError where there is no such list."""
    return frozenset(_lists()[name])


@dataclass(frozen=True, slots=True)
class Opposite:
    """A word that definitely denies another; for verbs, the frames (T, I, X) in which both can stand."""

    word: str
    frames: str = ""


@lru_cache(maxsize=1)
def opposites() -> dict[tuple[str, str], Opposite]:
    """(part of speech, form or lemma) -> its opposite."""
    found: dict[tuple[str, str], Opposite] = {}
    pos = ""
    for line in (DATA / "antonyms.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            pos = line.lstrip("# ").split(":")[0]
        elif line:
            body, _, frames = line.rstrip("]").partition(" [")
            one, sign, other = body.partition(" = ") if " = " in body else body.partition(" > ")
            found.setdefault((pos, one), Opposite(other, frames))
            if sign == " = ":
                found.setdefault((pos, other), Opposite(one, frames))
    return found


@lru_cache(maxsize=1)
def countries() -> tuple[Country, ...]:
    """The states of the world, in the order of the list."""
    found = []
    for line in (DATA / "countries.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, aliases, adjective, people, capital, region = line.split("|")
            others = tuple(alias.strip() for alias in aliases.split(",") if alias.strip())
            found.append(Country(name, others, adjective, people, capital, region))
    return tuple(found)


@lru_cache(maxsize=1)
def country_forms() -> dict[str, Country]:
    """Any form of a country (lower case) -> the country; a capital shared with another name is left out."""
    found: dict[str, Country] = {}
    for country in countries():
        for form in country.forms:
            found.setdefault(form.lower(), country)
    return found
