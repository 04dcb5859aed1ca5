"""Checks 1 and 2: where the item's words come from, and that its key follows from the evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from questions.generation.checks.answers import answer_stands
from questions.generation.checks.base import (
    GAP_TYPES,
    Context,
    Note,
    hard,
    is_statement_choice,
    key_indexes,
    key_texts,
    right_pairs,
    statement_of,
    warning,
)
from questions.generation.checks.quantities import is_quantity
from questions.generation.checks.rows import fits_better, numbers_in_order
from questions.generation.checks.statements import (
    filled_gap_follows,
    says,
    stated_key_follows,
    statement_follows,
    true_statements,
)
from questions.generation.checks.steps import steps_out_of_order, steps_without_evidence
from questions.generation.proposal import Derivation
from questions.items.base import Item


def evidence_stands(item: Item, context: Context) -> Iterator[Note]:
    """1. Every evidence span stands in the text as it is quoted."""
    if not item.evidence:
        note = "There is no evidence: mark the sentence of the text that proves the answer."
        yield hard("evidence", note) if context.is_generated else warning("evidence", note)
    for span in item.evidence:
        section = context.reference.sections.get(span.section)
        if section is None:
            yield hard("evidence", f"The evidence “{span.quote[:60]}” names a section that is not there.")
        elif not 0 <= span.start < span.end or section.text[span.start : span.end] != span.quote:
            yield hard("evidence", f"The text does not say “{span.quote[:60]}” at the place of the evidence.")


def key_is_entailed(item: Item, context: Context) -> Iterator[Note]:
    """2. The words of the key come from the evidence, and declared edits give exactly the item's words."""
    yield from _edits_replay(item, context)
    for index in key_indexes(item):
        if item.options[index].role not in {"", "key"}:
            yield hard(f"option-{index}", "This choice is marked as a wrong one, and as the right one.")
    for name, text in true_statements(item):
        yield from statement_follows(name, text, item, context)
    if item.type in GAP_TYPES and not context.is_recorded:
        yield from filled_gap_follows(item, context)
    if item.type == "multiple_choice" and not is_statement_choice(item):
        yield from stated_key_follows(item, context)
    if item.type != "true_false" and not is_statement_choice(item):
        yield from answer_stands(item, context)
    if "stem" not in context.derivations and not numbers_in_order(item):
        yield hard("key", "With this answer the numbers stand in another order than in the evidence.")
    yield from _pairs_follow(item, context)
    if item.type == "ordering" and not context.is_recorded:
        yield from _steps_follow(item)


def _edits_replay(item: Item, context: Context) -> Iterator[Note]:
    for name, derivation in context.derivations.items():
        words_of = _named_words(item, name)
        if words_of is None or _replayed(derivation, context) != words_of:
            yield hard(name, "These words are not what the recorded edits make of the text.")


def _steps_follow(item: Item) -> Iterator[Note]:
    """The evidence speaks of most steps, and its years do not run against the key."""
    if steps_out_of_order(item):
        yield hard("key", "The years in the evidence give another order.")
    if item.evidence and 2 * steps_without_evidence(item) > len(item.options):
        yield hard("evidence", "The evidence speaks of something else than most of the steps.")


def _pairs_follow(item: Item, context: Context) -> Iterator[Note]:
    """Each prompt with its answer follows from one piece of evidence; with another's answer it is nowhere."""
    pairs = right_pairs(item)
    for prompt, answer in pairs:
        yield from statement_follows(f"option-{prompt}", statement_of(item, prompt, answer), item, context)
        for _, other in pairs:
            text = statement_of(item, prompt, other)
            if not context.is_recorded and _is_number_of(item, prompt, other, answer):
                yield hard(f"option-{prompt}", f"“{item.options[other].text}” fits it better.")
            if other != answer and says(text, context):
                yield hard(f"option-{prompt}", f"The text does say “{text[:60]}” too.")


def _is_number_of(item: Item, prompt: int, number: int, other: int) -> bool:
    """Whether one of two numbers belongs to a prompt rather than the other, by the clauses they stand in."""
    one, two = item.options[number].text, item.options[other].text
    quotes = [span.quote for span in item.evidence]
    are_numbers = is_quantity(one) and is_quantity(two) and one != two
    return are_numbers and fits_better(one, two, item.options[prompt].text, quotes)


def _named_words(item: Item, name: str) -> str | None:
    if name == "stem":
        return item.stem
    if name == "key":
        return next(iter(key_texts(item)), None)
    index = int(name.removeprefix("option-")) if re.fullmatch(r"option-\d+", name) else -1
    return item.options[index].text if 0 <= index < len(item.options) else None


def _replayed(derivation: Derivation, context: Context) -> str | None:
    section = context.reference.sections.get(derivation.section)
    try:
        return derivation.replay(section.text) if section else None
    except ValueError:
        return None
