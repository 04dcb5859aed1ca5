"""Sound items spoilt on purpose, to see whether `verify` refuses them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from questions.generation.checks.base import (
    Context,
    distractors,
    has_choices,
    is_statement_choice,
    key_indexes,
    key_texts,
)
from questions.generation.checks.reference import Reference
from questions.generation.checks.verify import refusals, verify
from questions.items.base import Item, Option

Spoil = Callable[[Item, Reference], Item | None]
"""Gives the item with its flaw; None where the item cannot have this one."""

CUT_WORDS = 2
FEWEST_STEMS = 5
FEWEST_WORDS_TO_CUT = 9


def two_right(item: Item, reference: Reference) -> Item | None:
    """A second right option: the key in another writing, or a sentence of the text beside a true one."""
    if not has_choices(item):
        return None
    index, key = distractors(item)[0][0], item.options[key_indexes(item)[0]].text
    twin = f"{key[:1].swapcase()}{key[1:]}"
    if is_statement_choice(item):
        used = {span.quote for span in item.evidence}
        others = reference.passages_of(item.evidence[0].section)
        twin = next(
            (one.text for one in others if one.text not in used and len(one.stems) >= FEWEST_STEMS), twin
        )
    return _with_option(item, index, twin)


def _with_option(item: Item, index: int, text: str) -> Item:
    options = list(item.options)
    options[index] = replace(options[index], text=text)
    return replace(item, options=tuple(options))


def swapped_key(item: Item, _: Reference) -> Item | None:
    """A distractor marked as the key, roles and all; true and false exchanged."""
    right = key_indexes(item)
    if len(right) != 1 or not distractors(item):
        return None
    wrong = (right[0] + 1) % len(item.options)
    options = list(item.options)
    roles = options[right[0]].role, options[wrong].role
    options[right[0]] = Option(options[right[0]].text, roles[1])
    options[wrong] = Option(options[wrong].text, roles[0])
    return replace(item, options=tuple(options), key=(wrong,))


def truncated(item: Item, _: Reference) -> Item | None:
    """A true statement that stops before its end."""
    words = item.stem.rstrip(".").split()
    is_true = item.type == "true_false" and key_texts(item)[:1] == ("True",)
    if not is_true or len(words) < FEWEST_WORDS_TO_CUT:
        return None
    return replace(item, stem=" ".join(words[:-CUT_WORDS]) + ".")


def lost_negation(item: Item, _: Reference) -> Item | None:
    """A true statement without its "not"."""
    stem = re.sub(r"\bcannot\b", "can", re.sub(r"\s(?:not|never)\b|n['\u2019]t\b", "", item.stem))
    is_true = item.type == "true_false" and key_texts(item)[:1] == ("True",)
    return replace(item, stem=stem) if is_true and stem != item.stem else None


def dangling_pronoun(item: Item, _: Reference) -> Item | None:
    """A stem whose first name or noun has become a pronoun."""
    if item.type not in {"true_false", "gap_text", "gap_list"} or item.stem.startswith("_"):
        return None
    rest = re.sub(r"^(?:(?:The|A|An)\s+)?\S+", "", item.stem)
    return replace(item, stem=f"They{rest}")


def option_cue(item: Item, _: Reference) -> Item | None:
    """A key that is far longer than everything beside it."""
    if not has_choices(item):
        return None
    longest = max(len(option.text) for option in item.options)
    index = key_indexes(item)[0]
    text, addition = item.options[index].text.rstrip("."), ", as careful readers will not have overlooked"
    while len(text) < 1.6 * longest:
        text += addition
    return _with_option(item, index, text + ("." if item.options[index].text.endswith(".") else ""))


FLAWS: Mapping[str, Spoil] = {
    "two right options": two_right,
    "swapped key": swapped_key,
    "truncated clause": truncated,
    "lost negation": lost_negation,
    "dangling pronoun": dangling_pronoun,
    "option cue": option_cue,
}


def planted(items: Iterable[Item], reference: Reference) -> Iterator[tuple[str, Item, bool]]:
    """Every flaw in every item that can have it, and whether `verify` refused it, without recorded edits."""
    for item in items:
        for name, spoil in FLAWS.items():
            spoilt = spoil(item, reference)
            if spoilt is not None:
                yield name, spoilt, bool(refusals(verify(spoilt, Context(reference, "generated"))))
