"""The statements that an item makes, and whether the text makes them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from questions.generation.checks.base import (
    GAP_TYPES,
    Context,
    Note,
    asks_for_unsupported,
    hard,
    is_statement_choice,
    key_indexes,
    key_texts,
)
from questions.generation.checks.entailment import breaks_off, departure
from questions.generation.checks.reference import Passage, word_run
from questions.generation.checks.rewording import Told, contradiction
from questions.generation.words import content_stems, words
from questions.items.base import BLANK, Item

_TASK = re.compile(r"^Complete with [^:]*: ")
"""What a gap that asks for words of the text begins with."""
_WHY = re.compile(r"\bwhy\b", re.IGNORECASE)
_LEAD = re.compile(r"^(?:Because|To) ")
"""What an answer to why begins with, and the text need not say in the same place."""
SHORT_OPTION_WORDS = 5


def stated_key_follows(item: Item, context: Context) -> Iterator[Note]:
    """A key that is a statement follows from the evidence, word by word; a misreading of it does not."""
    quotes = [span.quote for span in item.evidence]
    for text in key_texts(item) if quotes and not context.is_recorded else ():
        if _stands_elsewhere(text, item, context):
            yield hard("key", f"“{text[:60]}” stands in the text, but not in the evidence.")
    for index, text in stated(item) if quotes else ():
        is_key = index in key_indexes(item)
        follows = any(not departure(text, quote) for quote in [*quotes, " ".join(quotes)])
        if is_key and not follows and (context.is_recorded or _contradicts(text, item, context)):
            yield hard(f"option-{index}", f"The evidence does not say “{text[:60]}” in these words.")
        if not is_key and follows and item.options[index].role == "misreading":
            yield hard(f"option-{index}", f"The evidence does say “{text[:60]}”.")


def _is_statement(text: str) -> bool:
    return text.endswith(".") and len(text.split()) >= SHORT_OPTION_WORDS


def stated(item: Item) -> list[tuple[int, str]]:
    """The options that are statements, with their numbers; in answers to why, without "Because" or "To"."""
    is_why = bool(_WHY.search(item.stem))
    found = [
        (index, _LEAD.sub("", option.text) if is_why else option.text)
        for index, option in enumerate(item.options)
    ]
    return [(index, text) for index, text in found if _is_statement(text) or text != item.options[index].text]


def _stands_elsewhere(text: str, item: Item, context: Context) -> bool:
    """Whether the words stand so in a sentence that is no evidence, and in none that is."""
    run = word_run(text)
    if len(words(text)) < SHORT_OPTION_WORDS or any(run in word_run(span.quote) for span in item.evidence):
        return False
    return any(run in passage.run for passage in other_passages(item, context))


def true_statements(item: Item) -> list[tuple[str, str]]:
    """The statements of the item that must be true, with their fields."""
    if item.type == "true_false":
        return [("stem", item.stem)] if key_texts(item)[:1] == ("True",) else []
    if not is_statement_choice(item):
        return []
    keys = set(key_indexes(item))
    wants_key = not asks_for_unsupported(item)
    return [(f"option-{i}", o.text) for i, o in enumerate(item.options) if (i in keys) == wants_key]


def statement_follows(name: str, text: str, item: Item, context: Context) -> Iterator[Note]:
    """Whether some evidence makes the statement, or all of it together does."""
    quotes = [span.quote for span in item.evidence]
    reasons = [departure(text, quote) for quote in [*quotes, " ".join(quotes)]] if quotes else [""]
    if "" not in reasons:
        reason = reasons[0] if name in context.derivations else _contradicts(text, item, context)
        if reason:
            yield hard(name, f"The evidence does not say “{text[:60]}”: {reason}.")
    elif quotes and all(breaks_off(text, quote) for quote in quotes if not departure(text, quote)):
        yield hard(name, f"“{text[:60]}” stops where the sentence of the text goes on.")


def filled_gap_follows(item: Item, context: Context) -> Iterator[Note]:
    """A gap that is filled with its key contradicts nothing that the evidence says."""
    for text in key_texts(item)[:1]:
        filled = _TASK.sub("", item.stem).replace(BLANK, text)
        follows = any(not departure(filled, span.quote) for span in item.evidence)
        reason = "" if follows else _contradicts(filled, item, context)
        if reason:
            yield hard("key", f"With “{text[:60]}” in the gap the evidence does not say it: {reason}.")


def _contradicts(text: str, item: Item, context: Context) -> str:
    """Why a statement that nobody recorded the making of cannot be what the evidence says."""
    sections = {context.reference.sections.get(span.section): None for span in item.evidence}
    told = Told(
        tuple(span.quote for span in item.evidence),
        " ".join(part for one in sections if one for part in (one.heading + ".", one.text)),
        context.reference.stems,
    )
    return contradiction(
        text, told, is_answer=item.type in {"multiple_choice", *GAP_TYPES} and not is_statement_choice(item)
    )


def says(statement: str, context: Context) -> bool:
    """Whether some sentence of the article makes the statement."""
    passages = context.reference.with_all(content_stems(statement))
    return any(not departure(statement, passage.text) for passage in passages)


def other_passages(item: Item, context: Context) -> list[Passage]:
    """The sentences of the sections of the evidence that are none of it."""
    return [
        passage
        for section in dict.fromkeys(span.section for span in item.evidence)
        for passage in context.reference.passages_of(section)
        if not any(passage.text in span.quote or span.quote in passage.text for span in item.evidence)
    ]
