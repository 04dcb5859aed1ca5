"""Checks 3 and 4: that one answer is right, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from questions.generation import wordnet
from questions.generation.checks.answers import SHARE_OF_KEY
from questions.generation.checks.base import (
    Context,
    Note,
    asks_for_unsupported,
    distractors,
    hard,
    has_choices,
    is_statement_choice,
    key_indexes,
    without_blank,
)
from questions.generation.checks.doubles import said_twice
from questions.generation.checks.quantities import is_quantity
from questions.generation.checks.rows import rows_of_the_key
from questions.generation.checks.statements import SHORT_OPTION_WORDS, says, stated
from questions.generation.words import content_stems, same_form, words
from questions.items.base import Item

SHARE_OF_STEM = 0.6
"""A sentence with a distractor and this share of the stem's content words may make the distractor right."""
FEWEST_STEM_WORDS = 3
FEWEST_SAID_TWICE = 2
_ARTICLE = re.compile(r"\b(?:the|an?) ", re.IGNORECASE)


def one_key(item: Item, context: Context) -> Iterator[Note]:
    """3. Exactly one option is right, and no option says the same as another."""
    if item.type in {"multiple_choice", "gap_list", "true_false"} and len(key_indexes(item)) != 1:
        yield hard("key", "Mark exactly one choice as the right one.")
    seen: dict[str, int] = {}
    for index, option in enumerate(item.options):
        name = context.reference.name_of(option.text) or same_form(_ARTICLE.sub("", option.text))
        first = seen.setdefault(name, index)
        if first != index:
            yield hard(f"option-{index}", f"Choices {first + 1} and {index + 1} say the same.")
    yield from said_twice(item)
    if has_choices(item):
        yield from _contained_names(item)


def _contained_names(item: Item) -> Iterator[Note]:
    """A choice that is a part of the right one, as a surname beside the full name."""
    right = item.options[key_indexes(item)[0]].text
    for index, option in distractors(item):
        mine, theirs = set(words(option.text)), set(words(right))
        is_short = max(len(mine), len(theirs)) <= SHORT_OPTION_WORDS
        if is_short and mine and theirs and (mine <= theirs or theirs <= mine):
            yield hard(f"option-{index}", f"“{option.text}” and the right answer “{right}” overlap.")


def no_distractor_supported(item: Item, context: Context) -> Iterator[Note]:
    """4. No wrong option is right after all: by the text, by another name, or by its meaning."""
    if not has_choices(item):
        return
    if is_statement_choice(item):
        yield from _statements_apart(item, context)
        return
    right = item.options[key_indexes(item)[0]].text
    asked = content_stems(without_blank(item.stem))
    said = dict(stated(item))
    for index, option in distractors(item):
        rows = [] if context.is_recorded else rows_of_the_key(item, right, option.text)
        if _fits_elsewhere(said.get(index, option.text), asked, context, rows):
            yield hard(
                f"option-{index}", f"“{option.text[:60]}” may be right too: the text says so elsewhere."
            )
        elif _means_the_same(option.text, right, is_loose=context.is_recorded):
            yield hard(f"option-{index}", f"“{option.text}” means nearly the same as “{right}”.")
        elif not context.is_recorded and _is_named_beside(option.text, right, item, context):
            yield hard(
                f"option-{index}",
                f"The evidence has “{option.text[:60]}” but not, or not only, the right answer.",
            )


def _is_named_beside(text: str, right: str, item: Item, context: Context) -> bool:
    """Whether one sentence of the evidence has all words of a wrong answer, and the right one (no names)."""
    mine, theirs = content_stems(text), content_stems(right)
    is_short = len(words(text)) <= SHORT_OPTION_WORDS
    if not (mine and is_short) or is_quantity(text) or context.reference.name_of(text):
        return False
    told = [content_stems(span.quote) for span in item.evidence]
    is_alone = len(mine) > 1 and not any(theirs & one for one in told)
    return any(mine <= one and (is_alone or len(theirs & one) >= SHARE_OF_KEY * len(theirs)) for one in told)


def _fits_elsewhere(text: str, asked: frozenset[str], context: Context, rows: Sequence[str] = ()) -> bool:
    """The swap test: some sentence, but no row of the evidence, has this option and most of the stem."""
    asked = asked - content_stems(text)
    if len(asked) < FEWEST_STEM_WORDS:
        return False
    return any(
        len(passage.stems & asked) >= SHARE_OF_STEM * len(asked)
        for form in context.reference.called(text)
        for passage in context.reference.saying(form)
        if passage.text not in rows
    )


def _means_the_same(one: str, other: str, *, is_loose: bool) -> bool:
    """Whether the last words of two lower-case noun phrases are relatives in WordNet.

    What else the phrases say tells them apart, but for the strict (`is_loose`) reading of recipes' options.
    """
    mine, theirs = one.split(), other.split()
    if not mine or not theirs or max(len(mine), len(theirs)) > SHORT_OPTION_WORDS or is_quantity(one):
        return False
    heads = mine[-1], theirs[-1]
    if not is_loose and mine[:-1] != theirs[:-1] and len(mine) + len(theirs) > FEWEST_SAID_TWICE:
        return False
    if heads[0] == heads[1] and mine[:-1] != theirs[:-1]:
        return False  # "a coal business" is no "sugar business"
    return all(head.isalpha() and head.islower() for head in heads) and wordnet.related(*heads)


def _statements_apart(item: Item, context: Context) -> Iterator[Note]:
    """Among statements, those that the text must not make are not made anywhere in it."""
    unsupported = key_indexes(item) if asks_for_unsupported(item) else [i for i, _ in distractors(item)]
    for index in unsupported:
        text = item.options[index].text
        if says(text, context):
            yield hard(f"option-{index}", f"The text does say “{text[:60]}”.")
