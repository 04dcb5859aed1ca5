"""Random items of every type, other keys for the same wording, and answers to them."""

from __future__ import annotations

from random import Random
from typing import Any

from questions.items.base import BLANK, Item, Option

WORDS = ("harbour", "lantern", "Veltmar", "granite", "salt tax", "northern wall", "Anna Krol", "pilot boat")
TYPES = ("multiple_choice", "true_false", "gap_text", "gap_list", "matching", "ordering")
WRITINGS = ("{}", "{}.", "  {} ", "The {}", "a {}", "THE  {}.")
"""Writings of a typed answer that are tolerated, by the documentation of the type."""


def make_content(rng: Random, kind: str, number: int) -> Item:
    """A random item of this type."""
    stem = f"Question {number} about the harbour {BLANK if 'gap' in kind else ''}"
    if kind == "gap_text":
        return Item(kind, stem, (), tuple(rng.sample(WORDS, rng.randint(1, 2))))
    if kind == "true_false":
        return Item(kind, stem, (Option("True"), Option("False")), (rng.randrange(2),))
    if kind == "matching":
        pairs = rng.randint(2, 7)
        options = tuple(Option(f"Half {place}") for place in range(2 * pairs))
        return Item(kind, stem, options, tuple(enumerate(_mixed(rng, pairs, 2 * pairs))))
    if kind == "ordering":
        count = rng.randint(2, 7)
        return Item(
            kind, stem, tuple(Option(f"Event {place}") for place in range(count)), _mixed(rng, 0, count)
        )
    count = rng.randint(2, 5)
    return Item(
        kind, stem, tuple(Option(f"Choice {place}") for place in range(count)), (rng.randrange(count),)
    )


def other_key(rng: Random, content: dict[str, Any]) -> dict[str, Any]:
    """The same wording with another key."""
    kind, key = content["type"], content["key"]
    count = len(content["options"])
    if kind == "gap_text":
        new = rng.sample(WORDS, rng.randint(1, 2))
    elif kind == "matching":
        new = [list(pair) for pair in enumerate(_mixed(rng, count // 2, count))]
    elif kind == "ordering":
        new = list(_mixed(rng, 0, count))
    else:
        new = [rng.choice([place for place in range(count) if place not in key])]
    return {**content, "key": new}


def make_answer(rng: Random, content: dict[str, Any]) -> dict[str, Any]:
    """A response in its stored form: often right, sometimes taken back, else any."""
    chance = rng.random()
    if chance < 0.08:
        return {}
    kind, is_right = content["type"], chance < 0.45
    count = len(content["options"])
    if kind == "gap_text":
        word = rng.choice(content["key"] if is_right else WORDS)
        return {"text": rng.choice(WRITINGS).format(rng.choice([word, word.upper(), word.lower()]))}
    if kind == "matching":
        right = [answer for _, answer in content["key"]]
        return {"match": right if is_right else list(_mixed(rng, count // 2, count))}
    if kind == "ordering":
        return {"order": list(content["key"]) if is_right else list(_mixed(rng, 0, count))}
    return {"choice": content["key"][0] if is_right else rng.randrange(count)}


def _mixed(rng: Random, start: int, end: int) -> tuple[int, ...]:
    return tuple(rng.sample(range(start, end), end - start))
