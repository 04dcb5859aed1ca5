"""What a check is given and what it gives back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from questions.generation.checks.reference import Reference
from questions.generation.proposal import Derivation, Finding, Severity
from questions.items.base import BLANK, Item, Option

Origin = Literal["generated", "written"]
NEGATIVE = re.compile(r"\bnot\b|n['\u2019]t\b|\bexcept\b|\bnever\b", re.IGNORECASE)
CHOICE_TYPES = frozenset({"multiple_choice", "gap_list"})
GAP_TYPES = frozenset({"gap_text", "gap_list"})


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the item: its article, and how its words were made, if a recipe made them.

    A generated item is held to every check. A written one (by a person, an import or a reviewer) is
    held to what makes it gradable and its evidence true; all else is a warning to its author.
    """

    reference: Reference
    origin: Origin = "written"
    derivations: Mapping[str, Derivation] = field(default_factory=dict)

    @property
    def is_generated(self) -> bool:
        """Whether the strict reading holds."""
        return self.origin == "generated"

    @property
    def is_recorded(self) -> bool:
        """Whether it is known how the words were made; else some checks judge by form and let doubt pass."""
        return bool(self.derivations)


@dataclass(frozen=True, slots=True)
class Check:
    """One entry of the checklist; `number` and `title` are those of the design page."""

    number: int
    title: str
    run: Callable[[Item, Context], Iterator[Note]]
    is_costly: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """What a check says, before it has its number."""

    severity: Severity
    field: str
    message: str

    def finding(self, number: int) -> Finding:
        """The note as a finding of that check."""
        return Finding(number, self.severity, self.field, self.message)


def hard(place: str, message: str) -> Note:
    """A note that refuses the item."""
    return Note("hard", place, message)


def warning(place: str, message: str) -> Note:
    """A note that lowers the item's score and sends it to a person."""
    return Note("warning", place, message)


def key_indexes(item: Item) -> tuple[int, ...]:
    """The right options by number; empty for typed answers."""
    return tuple(part for part in item.key if isinstance(part, int) and 0 <= part < len(item.options))


def key_texts(item: Item) -> tuple[str, ...]:
    """The right answers in words: option texts, or the accepted strings."""
    chosen = tuple(item.options[index].text for index in key_indexes(item))
    return chosen or tuple(part for part in item.key if isinstance(part, str))


def statement_of(item: Item, prompt: int, answer: int) -> str:
    """What a prompt and an answer of a matching item say together."""
    start, end = item.options[prompt].text, item.options[answer].text.rstrip(".")
    told = " ".join(span.quote for span in item.evidence)
    first = end.partition(" ")[0]
    is_name = first in told or not first.istitle()
    return f"{start} {end if is_name else end[:1].lower() + end[1:]}."


def right_pairs(item: Item) -> list[tuple[int, int]]:
    """The pairs (prompt, answer) of a matching item, as far as there are such options."""
    pairs = [part for part in item.key if isinstance(part, tuple)] if item.type == "matching" else []
    return [pair for pair in pairs if all(0 <= index < len(item.options) for index in pair)]


def distractors(item: Item) -> list[tuple[int, Option]]:
    """The wrong options of a choice item, with their numbers."""
    right = set(key_indexes(item))
    return [(index, option) for index, option in enumerate(item.options) if index not in right]


def has_choices(item: Item) -> bool:
    """Whether the item asks to choose one of several wordings (true/false and ordering do not)."""
    return item.type in CHOICE_TYPES and len(key_indexes(item)) == 1 and len(item.options) > 1


def without_blank(stem: str) -> str:
    """The stem without its gap."""
    return stem.replace(BLANK, " ")


def is_statement_choice(item: Item) -> bool:
    """Whether the options are statements of which the stem asks what the text says of them."""
    folded = item.stem.casefold()
    return (
        item.type == "multiple_choice"
        and "which" in folded
        and "statement" in folded
        and any(word in folded for word in ("support", "true", "says", "correct", "stated", "make"))
    )


def is_negative(text: str) -> bool:
    """Whether a text denies or excepts something."""
    return bool(NEGATIVE.search(text))


def asks_for_unsupported(item: Item) -> bool:
    """Whether the stem asks for the one option that the text does not support."""
    return " not " in f" {item.stem.casefold()} "
