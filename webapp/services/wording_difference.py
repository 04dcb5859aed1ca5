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
WORTH_COMPARING = 0.4
"""Where two texts share less, the one is shown whole beside the other."""
_WORDS = re.compile(r"\s+|[^\s]+")
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an item that changed: its name ("stem", "option 2", ...) and its words."""

    name: str
    number: int
    words: Sequence[tuple[Change, str]]


def differences(before: Item, after: Item) -> list[Part]:
    """Every part in which two wordings differ; empty where nothing that a learner meets does."""
    pairs = [("stem", 0, before.stem, after.stem)]
    count = max(len(before.options), len(after.options))
    pairs += [("option", place + 1, _option(before, place), _option(after, place)) for place in range(count)]
    pairs += [
        ("accepted" if _is_typed(after) else "key", 0, _key(before), _key(after)),
        ("explanation", 0, before.explanation, after.explanation),
    ]
    return [Part(name, number, list(_words(old, new))) for name, number, old, new in pairs if old != new]


def _is_typed(item: Item) -> bool:
    """Whether its key is a list of accepted answers."""
    return all(isinstance(part, str) for part in item.key)


def _key(item: Item) -> str:
    """The right answer in words: every accepted one, where answers are typed."""
    return " / ".join(map(str, item.key)) if _is_typed(item) else item_type(item.type).key_text(item)


def _option(item: Item, place: int) -> str:
    return item.options[place].text if place < len(item.options) else ""


def _words(old: str, new: str) -> Iterator[tuple[Change, str]]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if _shared(matcher, before, after) < WORTH_COMPARING:
        whole: list[tuple[Change, str]] = [("gone", old), ("new", new)]
        yield from (one for one in whole if one[1])
        return
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            yield "same", "".join(before[a:b])
            continue
        if a < b:
            yield "gone", "".join(before[a:b])
        if c < d:
            yield "new", "".join(after[c:d])


def _shared(matcher: SequenceMatcher[str], before: Sequence[str], after: Sequence[str]) -> float:
    """The part of the shorter text that the other has too, word by word."""
    kept = sum(len("".join(before[a : a + size]).strip()) for a, _, size in matcher.get_matching_blocks())
    shorter = min(len("".join(words)) for words in (before, after))
    return kept / shorter if shorter else 0


def has_same_options(before: Item, after: Item) -> bool:
    """Whether a key by places means the same in both: the same options in the same order, but for typos."""
    if before.type != after.type or len(before.options) != len(after.options):
        return False
    texts = [option.text for option in after.options]
    return all(_stays(option.text, place, texts) for place, option in enumerate(before.options))


def _stays(text: str, place: int, texts: Sequence[str]) -> bool:
    """Whether the option at that place is still this one: near enough, its numbers the same, none nearer."""
    if text == texts[place]:
        return True
    if _NUMBERS.findall(text) != _NUMBERS.findall(texts[place]):
        return False
    near = _likeness(text, texts[place])
    return near >= CLOSE and all(
        _likeness(text, other) < near for number, other in enumerate(texts) if number != place
    )


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False).ratio()


def changes_worth(before: Item, after: Item) -> bool:
    """Whether an answer may earn something else by the new wording than by the old."""
    return before.key != after.key or not has_same_options(before, after)
