"""Checks 5 and 6: that a false statement and a wrong number are false."""

from __future__ import annotations

from collections.abc import Iterator

from questions.generation.checks.base import (
    Context,
    Note,
    asks_for_unsupported,
    distractors,
    hard,
    has_choices,
    key_indexes,
    key_texts,
)
from questions.generation.checks.belonging import evidence_proves_it_wrong
from questions.generation.checks.entailment import departure
from questions.generation.checks.quantities import breaks_bound, is_implied
from questions.generation.checks.statements import other_passages, says
from questions.generation.checks.uniqueness import SHARE_OF_STEM
from questions.generation.proposal import Derivation
from questions.generation.words import content_stems, same_form
from questions.items.base import Item

FEWEST_SAID = 3
"""Content words of a sentence from which on a statement that has them all in order says the same."""


def false_statement_is_false(item: Item, context: Context) -> Iterator[Note]:
    """5. A statement marked false is changed, and the text does not make the changed statement anywhere."""
    if item.type != "true_false" or key_texts(item)[:1] != ("False",):
        return
    if says(item.stem, context):
        yield hard("stem", "The statement is marked false, but the text makes it.")
    derivation = context.derivations.get("stem")
    if derivation is None:
        if _says_no_less(item, context):
            yield hard("stem", "The statement is marked false, but it says what its evidence says.")
        if not evidence_proves_it_wrong(item, [one.text for one in other_passages(item, context)]):
            yield hard("evidence", "The evidence speaks of something else than the statement.")
        return
    if not any(same_form(edit.before) != same_form(edit.after) for edit in derivation.edits):
        yield hard("stem", "The statement is marked false, but nothing in it was changed.")
    for edit in derivation.edits:
        rest = content_stems(item.stem) - content_stems(edit.after)
        others = [
            passage
            for passage in context.reference.saying(edit.after)
            if passage.section != derivation.section
            or not _overlaps(passage.span.start, passage.span.end, derivation)
        ]
        if content_stems(edit.after) and any(
            len(passage.stems & rest) >= SHARE_OF_STEM * len(rest) for passage in others
        ):
            yield hard("stem", f"With “{edit.after}” the statement may be true: the text says so elsewhere.")


def _says_no_less(item: Item, context: Context) -> bool:
    """Whether the evidence is the statement with words left out that the article has as well."""
    return content_stems(item.stem) <= context.reference.stems and any(
        len(content_stems(one.quote)) >= FEWEST_SAID and not departure(one.quote, item.stem)
        for one in item.evidence
    )


def _overlaps(start: int, end: int, derivation: Derivation) -> bool:
    return start < derivation.span.end and derivation.span.start < end


def bounds_hold(item: Item, context: Context) -> Iterator[Note]:
    """6. A wrong number is not made true by "at least", "up to" and the like."""
    for name, derivation in sorted(context.derivations.items()):
        section = context.reference.sections.get(derivation.section)
        for edit in derivation.edits if section else ():
            if section and breaks_bound(section.text[: edit.start], edit.before, edit.after):
                yield hard(name, f"“{edit.after}” is still true where the text says “{edit.before}”.")
    if item.type == "multiple_choice" and has_choices(item) and not asks_for_unsupported(item):
        right = item.options[key_indexes(item)[0]].text
        for index, option in distractors(item):
            if is_implied(right, option.text):
                yield hard(f"option-{index}", f"“{option.text}” is true as well where “{right}” is.")
    if item.type == "gap_list" and has_choices(item):
        before = item.stem.partition("_")[0]
        right = item.options[key_indexes(item)[0]].text
        for index, option in distractors(item):
            if breaks_bound(before, right, option.text):
                yield hard(f"option-{index}", f"“{option.text}” is true as well where “{right}” is.")
