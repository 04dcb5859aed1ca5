"""What a language model may answer: strict shapes, read from JSON. What does not fit is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from questions.generation.providers.chat import BadAnswer

ROLES = ("key", "misreading", "elsewhere", "unsupported")
MOST_ITEMS = 12
FEWEST_OPTIONS, MOST_OPTIONS = 3, 5
MOST_QUOTES = 2
LONGEST_QUESTION, LONGEST_OPTION, LONGEST_QUOTE = 400, 300, 1_000


@dataclass(frozen=True, slots=True)
class RawOption:
    """One choice, and what it is said to be."""

    text: str
    role: str


@dataclass(frozen=True, slots=True)
class RawItem:
    """A question as a model gave it: one option is the key, and the quotes are said to stand in the text."""

    question: str
    options: tuple[RawOption, ...]
    quotes: tuple[str, ...]


def read_items(words: str) -> list[RawItem | BadAnswer]:
    """The items of an answer, in order; for each that has a wrong shape, what is wrong. Raises BadAnswer."""
    content = _object(_json(words), {"items"}, "the answer")
    raw = _list(content["items"], 0, MOST_ITEMS, "items")
    found: list[RawItem | BadAnswer] = []
    for one in raw:
        try:
            found.append(_item(one))
        except BadAnswer as problem:
            found.append(problem)
    return found


def read_right(words: str, count: int) -> frozenset[int]:
    """Which of so many options, counted from 1, a solver holds to be right. Raises BadAnswer."""
    content = _object(_json(words), {"right"}, "the answer")
    return frozenset(_number(one, count) for one in _list(content["right"], 0, count, "right"))


def read_choice(words: str, count: int) -> int:
    """The one option that a solver chose. Raises BadAnswer."""
    return _number(_object(_json(words), {"choice"}, "the answer")["choice"], count)


def _item(raw: object) -> RawItem:
    content = _object(raw, {"question", "options", "quotes"}, "a question")
    options = tuple(
        _option(one) for one in _list(content["options"], FEWEST_OPTIONS, MOST_OPTIONS, "options")
    )
    if sum(option.role == "key" for option in options) != 1:
        raise BadAnswer("not exactly one option is marked as the key")
    quotes = tuple(
        _text(one, LONGEST_QUOTE, "a quote") for one in _list(content["quotes"], 1, MOST_QUOTES, "quotes")
    )
    return RawItem(_text(content["question"], LONGEST_QUESTION, "a question", plain=True), options, quotes)


def _option(raw: object) -> RawOption:
    content = _object(raw, {"text", "role"}, "an option")
    if content["role"] not in ROLES:
        raise BadAnswer("an option has a role that there is not")
    return RawOption(_text(content["text"], LONGEST_OPTION, "an option", plain=True), content["role"])


def _json(words: str) -> object:
    """The value of a JSON text, with or without one fence around it; no name stands twice in an object."""
    text = words.strip()
    if text.startswith("```") and text.endswith("```") and "\n" in text:
        text = text.partition("\n")[2].removesuffix("```")
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise BadAnswer("the answer is not JSON") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _object(raw: object, names: set[str], what: str) -> dict[str, Any]:
    if not isinstance(raw, dict) or set(raw) != names:
        raise BadAnswer(f"{what} does not have exactly the fields {', '.join(sorted(names))}")
    return raw


def _list(raw: object, least: int, most: int, what: str) -> list[Any]:
    if not isinstance(raw, list) or not least <= len(raw) <= most:
        raise BadAnswer(f"{what} is not a list of {least} to {most}")
    return raw


def _number(raw: object, count: int) -> int:
    if type(raw) is not int or not 1 <= raw <= count:
        raise BadAnswer("an option is named that there is not")
    return raw


def _text(raw: object, longest: int, what: str, *, plain: bool = False) -> str:
    """A text that is there and not too long; a plain one has no sign that cannot be seen."""
    if not isinstance(raw, str) or not raw.strip() or len(raw) > longest:
        raise BadAnswer(f"{what} is not a text of 1 to {longest} characters")
    if plain and not raw.isprintable():
        raise BadAnswer(f"{what} has signs that cannot be seen")
    return raw
