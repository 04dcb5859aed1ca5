"""Two choices that say the same in other words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from questions.generation import wordnet
from questions.generation.checks.base import Note, hard
from questions.items.base import Item

_ARTICLE = re.compile(r"^(?:an?|the) (?=[a-z])", re.IGNORECASE)
_OF = re.compile(r"(?:(?:an?|the) )?(\w+) (?:of|for|from|in) (?:(?:an?|the) )?(\w+)", re.IGNORECASE)
_PAIR = re.compile(r"(?:(?:an?|the) )?(\w+) (\w+)", re.IGNORECASE)


def said_twice(item: Item) -> Iterator[Note]:
    """3. Choices of one word that mean the same, as they are mostly meant, and "a church bell" twice."""
    for (first, one), (second, other) in combinations(enumerate(item.options), 2):
        if _same_word(one.text, other.text) or _same_phrase(one.text, other.text):
            yield hard(f"option-{second}", f"Choices {first + 1} and {second + 1} mean the same.")


def _same_word(one: str, other: str) -> bool:
    one, other = _ARTICLE.sub("", one), _ARTICLE.sub("", other)
    are_plain = all(text.isalpha() and text.islower() for text in (one, other))
    return are_plain and (wordnet.same_meaning(one, other) or wordnet.is_kind_of(one, other))


def _same_phrase(one: str, other: str) -> bool:
    """Whether one says "bell for the church" and the other "church bell"."""
    return _turned_round(one, other) or _turned_round(other, one)


def _turned_round(long: str, short: str) -> bool:
    parts, pair = _OF.fullmatch(long.casefold()), _PAIR.fullmatch(short.casefold())
    return bool(parts and pair and (parts[2], parts[1]) == (pair[1], pair[2]))
