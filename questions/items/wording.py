"""What any wording must be, whatever its type: checks of stem, options and explanation, told to authors."""

from __future__ import annotations

import re
from collections.abc import Iterable

from questions.grading.text_match import comparable
from questions.items.base import BLANK, Item, Option, Problem

STEM_LIMIT = 2_000
OPTION_LIMIT = 1_000
EXPLANATION_LIMIT = 5_000
OPTIONS_MINIMUM = 2
OPTIONS_MAXIMUM = 10

_UNDERSCORES = re.compile("_{2,}")


def wording_problems(item: Item) -> list[Problem]:
    """What is wrong with the stem, the explanation or the evidence."""
    found = []
    if not item.stem.strip():
        found.append(Problem("stem", "Write the question."))
    elif len(item.stem) > STEM_LIMIT:
        found.append(Problem("stem", _too_long("The question", len(item.stem), STEM_LIMIT)))
    if len(item.explanation) > EXPLANATION_LIMIT:
        found.append(
            Problem("explanation", _too_long("The explanation", len(item.explanation), EXPLANATION_LIMIT))
        )
    found += [
        Problem(
            "evidence", f"The evidence “{span.quote[:40]}” does not have the length of its place in the text."
        )
        for span in item.evidence
        if span.start < 0 or span.end - span.start != len(span.quote) or not span.quote
    ]
    return found


def blank_problems(item: Item) -> list[Problem]:
    """What is wrong with the gap in the stem of a gap item."""
    if item.stem.strip() and _UNDERSCORES.findall(item.stem) != [BLANK]:
        return [Problem("stem", f"Mark the gap with five underscores ({BLANK}), exactly once.")]
    return []


def option_problems(item: Item) -> list[Problem]:
    """What is wrong with the options of a type that shows a list of them."""
    found = []
    if not OPTIONS_MINIMUM <= len(item.options) <= OPTIONS_MAXIMUM:
        found.append(
            Problem(
                "options",
                f"Give {OPTIONS_MINIMUM} to {OPTIONS_MAXIMUM} choices; there are {len(item.options)}.",
            )
        )
    seen: dict[str, int] = {}
    for index, option in enumerate(item.options):
        found += _one_option(index, option, seen)
    return found


def _one_option(index: int, option: Option, seen: dict[str, int]) -> Iterable[Problem]:
    field = f"option-{index}"
    if not option.text.strip():
        yield Problem(field, f"Choice {index + 1} is empty: write it, or remove it.")
        return
    if len(option.text) > OPTION_LIMIT:
        yield Problem(field, _too_long(f"Choice {index + 1}", len(option.text), OPTION_LIMIT))
    if len(option.feedback) > EXPLANATION_LIMIT:
        yield Problem(
            field, _too_long(f"The feedback of choice {index + 1}", len(option.feedback), EXPLANATION_LIMIT)
        )
    first = seen.setdefault(comparable(option.text), index)
    if first != index:
        yield Problem(field, f"Choices {first + 1} and {index + 1} say the same.")


def _too_long(what: str, length: int, limit: int) -> str:
    return f"{what} is too long: {length:,} characters, {length - limit:,} more than the {limit:,} allowed."
