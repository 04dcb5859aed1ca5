"""What WordNet knows of a word: its classes, its relatives, its opposites. Loaded when first asked.

Lemmas are single words or two words with a space or an underscore. A plural that is no lemma itself is looked
up by its singular. Senses come most frequent first; rare senses beyond the sixth are not in the table.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

PartOfSpeech = Literal["n", "v", "a"]

TABLE = Path(__file__).with_name("data") / "wordnet_classes.txt.xz"
MAIN_SENSES = 2
"""How many of a word's senses count as what it usually means."""
HYPERNYM_DEPTH = 3
VAGUE_DEPTH = 3
"""Synsets this close to the top ("entity", "thing") relate everything to everything: they do not count."""

LEXNAMES = {
    3: "Tops", 4: "act", 5: "animal", 6: "artifact", 7: "attribute", 8: "body", 9: "cognition",
    10: "communication", 11: "event", 12: "feeling", 13: "food", 14: "group", 15: "location",
    16: "motive", 17: "object", 18: "person", 19: "phenomenon", 20: "plant", 21: "possession",
    22: "process", 23: "quantity", 24: "relation", 25: "shape", 26: "state", 27: "substance", 28: "time",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Part:
    """The table of one part of speech: sorted lines `lemma<TAB>synset numbers in base 36`, synset lines."""

    lemmas: str
    synsets: list[str]
    antonyms: dict[str, tuple[str, ...]]

    def senses(self, lemma: str) -> list[int]:
        """Synset numbers of a lemma, most frequent first, found by halving the sorted lines."""
        low, high = 0, len(self.lemmas)
        while low < high:
            start = self.lemmas.rfind("\n", low, (low + high) // 2) + 1 or low
            end = self.lemmas.find("\n", start, high)
            end = high if end < 0 else end
            found, _, numbers = self.lemmas[start:end].partition("\t")
            if found == lemma:
                return [int(number, 36) for number in numbers.split()]
            low, high = (end + 1, high) if found < lemma else (low, start)
        return []

    def lexname(self, synset: int) -> int:
        """The class number of a synset."""
        return int(self.synsets[synset].split(" ", 1)[0], 36)

    def up(self, synset: int) -> list[int]:
        """The synsets directly above one."""
        return [int(number, 36) for number in self.synsets[synset].split()[1:]]


@lru_cache(maxsize=1)
def _table() -> dict[str, _Part]:
    bodies: dict[str, str] = {}
    for part in lzma.decompress(TABLE.read_bytes()).decode().removeprefix("#").split("\n#"):
        name, _, body = part.partition("\n")
        bodies[name] = body
    return {
        pos: _Part(
            lemmas=bodies[f"{pos} lemmas"],
            synsets=bodies[f"{pos} synsets"].split("\n"),
            antonyms=_both_ways(bodies[f"{pos} antonyms"].split("\n")),
        )
        for pos in ("n", "v", "a")
    }


def _both_ways(rows: list[str]) -> dict[str, tuple[str, ...]]:
    pairs: dict[str, tuple[str, ...]] = {}
    for row in filter(None, rows):
        one, other = row.split("\t")
        pairs[one] = (*pairs.get(one, ()), other)
        pairs[other] = (*pairs.get(other, ()), one)
    return pairs


def _forms(lemma: str) -> Iterator[str]:
    """The lemma as the table writes it, and what it may be the plural of."""
    word = lemma.strip().lower().replace(" ", "_")
    if word.endswith("men"):
        yield word[:-3] + "man"
    yield word
    if word.endswith("ies"):
        yield word[:-3] + "y"
    if word.endswith("s") and not word.endswith("ss"):
        yield word[:-1]
    if word.endswith("es"):
        yield word[:-2]


@lru_cache(maxsize=20_000)
def _entry(lemma: str, pos: PartOfSpeech) -> tuple[str, tuple[int, ...]]:
    """The lemma under which the table has a word, and its senses; empty where it has none."""
    plain = lemma.strip().lower().replace(" ", "_")
    for form in _forms(lemma) if pos == "n" else (plain,):
        senses = _table()[pos].senses(form)
        if senses:
            return form, tuple(senses)
    return "", ()


def _found(lemma: str, pos: PartOfSpeech) -> str:
    return _entry(lemma, pos)[0]


def _senses(lemma: str, pos: PartOfSpeech) -> tuple[int, ...]:
    return _entry(lemma, pos)[1]


def knows(lemma: str, pos: PartOfSpeech = "n") -> bool:
    """Whether the table has this word."""
    return bool(_senses(lemma, pos))


def lexnames(lemma: str) -> frozenset[str]:
    """The classes of all senses of a noun ("person", "act", "time", ...); empty for an unknown word."""
    part = _table()["n"]
    return frozenset(LEXNAMES[part.lexname(sense)] for sense in _senses(lemma, "n"))


def main_class(lemma: str) -> str:
    """The class of a noun's most frequent sense; empty for an unknown word."""
    senses = _senses(lemma, "n")
    return LEXNAMES[_table()["n"].lexname(senses[0])] if senses else ""


def is_person(lemma: str) -> bool:
    """Whether a noun, as it is mostly meant, is somebody ("farmer", "officials")."""
    return main_class(lemma) == "person"


def may_be_person(lemma: str) -> bool:
    """Whether a noun is somebody in one of its main senses."""
    part = _table()["n"]
    return "person" in {LEXNAMES[part.lexname(sense)] for sense in _senses(lemma, "n")[:MAIN_SENSES]}


def same_class(one: str, other: str) -> bool:
    """Whether two nouns share a class among their main senses; False when either is unknown."""
    return bool(_main_classes(one) & _main_classes(other))


def _main_classes(lemma: str) -> set[int]:
    part = _table()["n"]
    return {part.lexname(sense) for sense in _senses(lemma, "n")[:MAIN_SENSES]}


def same_sense(one: str, other: str) -> bool:
    """Whether two nouns share the sense that each mostly has."""
    return bool(set(_senses(one, "n")[:1]) & set(_senses(other, "n")[:1]))


def same_meaning(one: str, other: str) -> bool:
    """Whether two nouns share the sense that each mostly has, or one shares the only sense it has."""
    mine, theirs = _senses(one, "n"), _senses(other, "n")
    is_only = min(len(mine), len(theirs)) == 1
    return same_sense(one, other) or (is_only and bool(set(mine) & set(theirs)))


def is_kind_of(one: str, other: str) -> bool:
    """Whether one of two nouns, as they are mostly meant, stands directly above the other."""
    part = _table()["n"]
    mine, theirs = (_senses(word, "n")[:1] for word in (one, other))
    if not mine or not theirs:
        return False
    return mine[0] in part.up(theirs[0]) or theirs[0] in part.up(mine[0])


def near(one: str, other: str) -> bool:
    """Whether a reader may take either of two nouns, as they are mostly meant.

    They share a sense, or one is directly above the other, or both are kinds of one thing ("lamp", "torch").
    """
    if _found(one, "n") and _found(one, "n") == _found(other, "n"):
        return True
    part = _table()["n"]
    mine, theirs = (_senses(word, "n")[: MAIN_SENSES + 1] for word in (one, other))
    if set(mine) & set(theirs):
        return True
    if not mine or not theirs:
        return False
    first, second = mine[0], theirs[0]
    above, beside = (
        {up for up in part.up(sense) if _depth(up, "n") > VAGUE_DEPTH} for sense in (first, second)
    )
    return first in beside or second in above or bool(above & beside)


def related(one: str, other: str, pos: PartOfSpeech = "n") -> bool:
    """Whether two words may stand for each other: same lemma, a shared sense, or one a kind of the other."""
    if _found(one, pos) and _found(one, pos) == _found(other, pos):
        return True
    mine, theirs = set(_senses(one, pos)), set(_senses(other, pos))
    return bool(mine & _with_hypernyms(theirs, pos) or theirs & _with_hypernyms(mine, pos))


def _with_hypernyms(senses: set[int], pos: PartOfSpeech) -> set[int]:
    part = _table()[pos]
    found, edge = set(senses), set(senses)
    for _ in range(HYPERNYM_DEPTH):
        edge = {above for sense in edge for above in part.up(sense)} - found
        found |= {above for above in edge if _depth(above, pos) > VAGUE_DEPTH}
    return found


@lru_cache(maxsize=20_000)
def _depth(synset: int, pos: PartOfSpeech) -> int:
    """How far a synset lies below the top by its shortest way (verbs and adjectives: never vague)."""
    if pos != "n":
        return VAGUE_DEPTH + 1
    above = _table()[pos].up(synset)
    return 1 + min((_depth(parent, pos) for parent in above), default=0)


def antonyms(lemma: str, pos: PartOfSpeech) -> tuple[str, ...]:
    """The words that WordNet names as a word's opposites, in alphabetical order of its file."""
    return tuple(other.replace("_", " ") for other in _table()[pos].antonyms.get(lemma.lower(), ()))
