"""Compile WordNet's database files into the small table that `questions.generation.wordnet` reads.

Run by hand, when WordNet or the choice below changes:

    python -m questions.generation.data.compile_wordnet /usr/share/wordnet

The table keeps, for single words and two-word terms, which synsets a lemma belongs to (most frequent first),
and for every synset its class and its hypernyms; and pairs of antonyms. Names of
people, works and species are left out: a reading test never needs them, and they are most of the bulk.
"""

from __future__ import annotations

import lzma
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OUTPUT = Path(__file__).with_name("wordnet_classes.txt.xz")
PARTS_OF_SPEECH = {"n": "noun", "v": "verb", "a": "adj"}
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
UP = {"@", "@i"}
LEFT_OUT_NAMES = {5, 18, 20, 14, 10, 6, 4}
"""Classes whose capitalised lemmas are names of species, people, bodies, works, things and events."""
LEFT_OUT_TERMS = {5, 8, 13, 18, 20, 26, 27}
"""Classes whose two-word terms say no more than their last word: kinds of animal, plant, food, illness."""
MOST_SENSES = 6
TOPS = 3
CLASS_OF_TOP = {
    "act": 4, "animal": 5, "artifact": 6, "attribute": 7, "body": 8, "cognition": 9, "communication": 10,
    "event": 11, "feeling": 12, "food": 13, "group": 14, "location": 15, "motive": 16, "object": 17,
    "person": 18, "phenomenon": 19, "plant": 20, "possession": 21, "process": 22, "measure": 23,
    "relation": 24, "shape": 25, "state": 26, "substance": 27, "time": 28,
}  # fmt: skip
"""The class that a word of WordNet's top level is the head of."""


@dataclass(frozen=True, slots=True)
class Synset:
    """One line of a data file: class number, words as written, hypernyms, antonyms (word, their word)."""

    offset: str
    lexname: int
    words: tuple[str, ...]
    up: tuple[str, ...]
    antonyms: tuple[tuple[int, str, int], ...]


def read_synsets(path: Path) -> Iterator[Synset]:
    """The synsets of one data file."""
    for line in path.read_text(encoding="latin-1").splitlines():
        if line.startswith("  "):
            continue  # the licence
        fields = line.split(" | ", 1)[0].split()
        count = int(fields[3], 16)
        words = tuple(word.split("(")[0] for word in fields[4 : 4 + 2 * count : 2])
        at = 5 + 2 * count
        pointers = [fields[i : i + 4] for i in range(at, at + 4 * int(fields[at - 1]), 4)]
        yield Synset(
            offset=fields[0],
            lexname=_class_number(int(fields[1]), words),
            words=words,
            up=tuple(target for symbol, target, pos, _ in pointers if symbol in UP and pos != "a"),
            antonyms=tuple(
                (int(pair, 16) >> 8, target, int(pair, 16) & 0xFF)
                for symbol, target, _, pair in pointers
                if symbol == "!"
            ),
        )


def _class_number(lexname: int, words: tuple[str, ...]) -> int:
    if lexname != TOPS:
        return lexname
    return next((CLASS_OF_TOP[word] for word in words if word in CLASS_OF_TOP), TOPS)


def read_index(path: Path) -> Iterator[tuple[str, list[str]]]:
    """Lemma and synset offsets, most frequent sense first."""
    for line in path.read_text(encoding="latin-1").splitlines():
        if line.startswith("  "):
            continue
        fields = line.split()
        yield fields[0], fields[-int(fields[2]) :]


def wanted(word: str, synset: Synset) -> bool:
    """Whether the table keeps this lemma of this synset."""
    if word.count("_") > 1 or any(char.isdigit() for char in word):
        return False
    if "_" in word and synset.lexname in LEFT_OUT_TERMS:
        return False
    return not (word[0].isupper() and synset.lexname in LEFT_OUT_NAMES)


def base36(number: int) -> str:
    """A number in few characters."""
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = DIGITS[rest] + digits
        if not number:
            return digits


def compile_part(folder: Path, pos: str, name: str) -> Iterator[str]:
    """The lines of one part of speech: synsets, then lemmas, then antonyms."""
    synsets = {synset.offset: synset for synset in read_synsets(folder / f"data.{name}")}
    kept = {
        offset: {word.lower() for word in synset.words if wanted(word, synset)}
        for offset, synset in synsets.items()
    }
    used = {offset for offset, words in kept.items() if words}
    for offset in sorted(used):
        used.update(synsets[offset].up)
    number = {offset: base36(n) for n, offset in enumerate(sorted(used))}
    yield f"#{pos} synsets"
    for offset in sorted(used):
        synset = synsets[offset]
        yield " ".join([base36(synset.lexname), *(number[up] for up in synset.up if up in number)])
    yield f"#{pos} lemmas"
    for lemma, offsets in sorted(read_index(folder / f"index.{name}")):
        senses = [number[offset] for offset in offsets if lemma in kept.get(offset, ())]
        if senses:
            yield f"{lemma}\t{' '.join(senses[:MOST_SENSES])}"
    yield f"#{pos} antonyms"
    yield from sorted(antonym_pairs(synsets))


def antonym_pairs(synsets: dict[str, Synset]) -> set[str]:
    """Each antonym pair once, as `word<TAB>other`, words in alphabetical order."""
    pairs = set()
    for synset in synsets.values():
        for mine, target, theirs in synset.antonyms:
            pair = sorted([synset.words[mine - 1].lower(), synsets[target].words[theirs - 1].lower()])
            pairs.add("\t".join(pair))
    return pairs


def main(folder: Path) -> None:
    """Write the table beside this script."""
    lines = [line for pos, name in PARTS_OF_SPEECH.items() for line in compile_part(folder, pos, name)]
    packed = lzma.compress("\n".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME)
    OUTPUT.write_bytes(packed)
    sys.stderr.write(f"{len(lines)} lines, {len(packed)} bytes\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
