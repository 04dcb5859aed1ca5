"""What an item is, and what every item type must answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, Protocol

from questions.grading.outcome import Outcome

Role = Literal["key", "misreading", "elsewhere", "unsupported", ""]
"""Why an option is there: the right one, a misreading of the evidence, true of another place, or nowhere."""

KeyPart = int | str | tuple[int, int]
Response = Mapping[str, Any]
"""What a learner answered, as plain data in the type's own form; `{}` is "not answered"."""

BLANK = "_____"
"""Five underscores stand for the gap in the stem of a gap item, exactly once."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice. `feedback` says why it tempts and what is wrong with it (or why it is right)."""

    text: str
    role: Role = ""
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of a section's text that proves the key: `text[start:end] == quote`."""

    section: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Item:
    """One wording of one question, complete in itself.

    `key` is a list whatever the type: option indexes (choice: one; ordering: all, in the right order),
    accepted strings (typed), pairs of option indexes (matching: prompt, answer).
    """

    type: str
    stem: str
    options: tuple[Option, ...]
    key: tuple[KeyPart, ...]
    explanation: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an item or a response: the field, and a sentence for its author."""

    field: str
    message: str


class ResponseError(ValueError):
    """A response that no page of ours can have sent (another option count, a foreign field)."""


@dataclass(frozen=True, slots=True)
class Examples:
    """A type's own worked examples: for its tests, its page in the manual, and the property tests."""

    item: Item
    right: Response
    wrong: Response
    invalid: Mapping[str, Sequence[str]]


class ItemType(Protocol):
    """The verbs of an item type. Instances hold no state.

    `fields` is what a browser sent for one item: field name -> values, in the order sent.
    """

    name: str
    label: str

    def problems(self, item: Item) -> list[Problem]:
        """Everything that makes the item unfit to be asked, by field; empty when it is sound."""
        ...

    def read(self, item: Item, fields: Mapping[str, Sequence[str]]) -> Response:
        """The response in its stored form; `{}` when nothing was answered. Raises ResponseError."""
        ...

    def check_response(self, item: Item, response: Response) -> None:
        """Refuse a stored-form response that does not fit the item. Raises ResponseError."""
        ...

    def grade(self, item: Item, response: Response) -> Outcome:
        """What the response earns. Pure: the same item and response give the same outcome for ever."""
        ...

    def guess(self, item: Item) -> Fraction:
        """The expected score of a blind guesser."""
        ...

    def key_text(self, item: Item) -> str:
        """The right answer in words."""
        ...

    def response_text(self, item: Item, response: Response) -> str:
        """A response in words, for results and exports; empty when not answered."""
        ...

    def examples(self) -> Examples:
        """One sound item with a right, a wrong and an invalid answer."""
        ...
