"""What can be counted on an item and on what the checks said of it: what ranking and fitting see of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from questions.generation.checks.base import has_choices, without_blank
from questions.generation.words import content_stems
from questions.items.base import Item


def features(item: Item) -> dict[str, float]:
    """What can be counted on an item and says something of its worth."""
    stem_words = len(without_blank(item.stem).split())
    longest_option = max((len(option.text.split()) for option in item.options), default=0)
    evidence_words = sum(len(span.quote.split()) for span in item.evidence)
    tells = item.type != "multiple_choice"
    return {
        "words_over_24": max(0, stem_words - 24),
        "words_under_8": max(0, 8 - stem_words) if tells else 0,
        "fourth_option": has_choices(item) and len(item.options) > len("abc"),
        "evidence_words_over_40": max(0, evidence_words - 40),
        "option_words_over_20": max(0, longest_option - 20),
        "content_words_under_4": max(0, 4 - len(content_stems(item.stem))) if tells else 0,
        "quotation_in_stem": "“" in item.stem,
        "gap_with_options": item.type == "gap_list",
    }


def named(recipe: str, level: str, checks: Collection[int], counted: Mapping[str, float]) -> dict[str, float]:
    """Everything that has a weight, by the name it has in a file of weights, and how much of it there is.

    `checks` are the numbers of the warnings, one for each.
    """
    found = {f"recipe:{recipe}": 1.0, f"level:{level}": 1.0}
    for check in checks:
        name = f"warning:{check}"
        found[name] = found.get(name, 0.0) + 1.0
    return found | {f"feature:{name}": float(value) for name, value in counted.items() if value}
