"""What changed between two wordings of an item, part by part, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from questions.items.base import Item
from questions.items.registry import item_type

Change = Literal["same", "gone", "new"]
CLOSE = 0.6
"""How alike two texts of an option are at least, when one is the other with a mistake mended."""
_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an item that changed: its name ("stem", "option 2", ...) and its words."""

    name: str
    number: int
    words: Sequence[tuple[Change, str]]


def differences(before: Item, after: Item) -> list[Part]:
    """Every part in which two wordings differ; empty where nothing that a learner meets does."""
    kind, other = item_type(before.type), item_type(after.type)
    pairs = [("stem", 0, before.stem, after.stem)]
    count = max(len(before.options), len(after.options))
    pairs += [("option", place + 1, _option(before, place), _option(after, place)) for place in range(count)]
    pairs += [
        ("key", 0, kind.key_text(before), other.key_text(after)),
        ("explanation", 0, before.explanation, after.explanation),
    ]
    return [Part(name, number, list(_words(old, new))) for name, number, old, new in pairs if old != new]


def _option(item: Item, place: int) -> str:
    return item.options[place].text if place < len(item.options) else ""


def _words(old: str, new: str) -> Iterator[tuple[Change, str]]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    for what, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            yield "same", "".join(before[a:b])
            continue
        if a < b:
            yield "gone", "".join(before[a:b])
        if c < d:
            yield "new", "".join(after[c:d])


def has_same_options(before: Item, after: Item) -> bool:
    """Whether a key by places means the same in both: as many options, each by and large the same words."""
    if before.type != after.type or len(before.options) != len(after.options):
        return False
    return all(
        SequenceMatcher(None, one.text.casefold(), other.text.casefold(), autojunk=False).ratio() >= CLOSE
        for one, other in zip(before.options, after.options, strict=True)
    )


def changes_worth(before: Item, after: Item) -> bool:
    """Whether an answer may earn something else by the new wording than by the old."""
    return before.key != after.key or not has_same_options(before, after)
