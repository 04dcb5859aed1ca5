"""An item as its author types it, and the way from there to an item and back: pure, no rows."""

from __future__ import annotations

import hashlib
import random
import re
from dataclasses import dataclass, field, replace
from itertools import permutations

from questions.items.base import Evidence, Item, KeyPart, Option
from questions.items.registry import item_type
from questions.reading.article import Section
from webapp.services.errors import Refused

OPTIONS_MAX = 6
PAIRS_MAX = 5
CHOICE_TYPES = frozenset({"multiple_choice", "gap_list"})
STATEMENT_WORDS = ("True", "False")
OPTIONS_FIELD = "options"


@dataclass(frozen=True, slots=True)
class ItemFields:
    """What the form of an item holds. Which fields count depends on the type."""

    type: str
    stem: str = ""
    options: tuple[str, ...] = ()
    """Choice types: the options; ordering: the steps, in the right order; matching: what to match."""
    feedback: tuple[str, ...] = ()
    """Beside each option of a choice type: why it tempts."""
    key: int | None = None
    """Choice types and true/false: the number of the right option."""
    answers: tuple[str, ...] = ()
    """Typed gap: everything that is right; matching: what belongs to each of the options."""
    explanation: str = ""
    quotes: tuple[str, ...] = field(default=())
    """The words of the section that prove the answer."""


def item_of(fields: ItemFields, section: Section, former: Item | None = None) -> Item:
    """The item that was typed. Raises Refused with the field and what would do.

    `former` is the wording that is being edited: what the form cannot show (roles of options that were kept)
    is taken over from it.
    """
    item = Item(
        type=fields.type,
        stem=_one_line(fields.stem),
        options=_options(fields, former),
        key=_key(fields),
        explanation=fields.explanation.strip(),
        evidence=evidence_of(fields.quotes, section, former),
    )
    if fields.type == "ordering":
        item = _out_of_order(item)
    if fields.type == "matching":
        item = _apart(item)
    for problem in item_type(item.type).problems(item):
        raise Refused(_form_field(problem.field), problem.message)
    return item


def fields_of(item: Item) -> ItemFields:
    """An item as its author would have typed it."""
    options, feedback, key = item.options, tuple(option.feedback for option in item.options), None
    answers = tuple(part for part in item.key if isinstance(part, str))
    if item.type == "matching":
        pairs = [part for part in item.key if isinstance(part, tuple)]
        options = tuple(item.options[prompt] for prompt, _ in pairs)
        answers = tuple(item.options[answer].text for _, answer in pairs)
        feedback = ()
    elif item.type == "ordering":
        options = tuple(item.options[part] for part in item.key if isinstance(part, int))
        feedback = ()
    elif item.key and isinstance(item.key[0], int):
        key = item.key[0]
    return ItemFields(
        type=item.type,
        stem=item.stem,
        options=tuple(option.text for option in options),
        feedback=feedback,
        key=key,
        answers=answers,
        explanation=item.explanation,
        quotes=tuple(span.quote for span in item.evidence),
    )


def evidence_of(
    quotes: tuple[str, ...], section: Section, former: Item | None = None
) -> tuple[Evidence, ...]:
    """Where the quoted words stand in the section. Raises Refused for words that are not there."""
    known = {span.quote: span for span in former.evidence} if former else {}
    spans = []
    for quote in quotes:
        words = quote.split()
        if not words:
            continue
        span = known.get(quote)
        if span is not None and section.text[span.start : span.end] == quote:
            spans.append(replace(span, section=section.id))
            continue
        # A line break or a second space in what was pasted is no other wording.
        found = re.search(r"\s+".join(re.escape(word) for word in words), section.text)
        if found is None:
            raise Refused("evidence", f"These words do not stand in the section: “{_short(quote)}”.")
        spans.append(Evidence(section.id, found.start(), found.end(), found[0]))
    if not spans:
        raise Refused("evidence", "Copy the sentence that proves the answer from the section.")
    return tuple(spans)


def _options(fields: ItemFields, former: Item | None) -> tuple[Option, ...]:
    if fields.type == "gap_text":
        return ()
    if fields.type == "true_false":
        texts: tuple[str, ...] = STATEMENT_WORDS
    else:
        pairs = fields.answers if fields.type == "matching" else ()
        texts = tuple(_one_line(text) for text in (*fields.options, *pairs))
    roles = {option.text: option.role for option in former.options} if former else {}
    key = fields.key
    options = []
    for index, text in enumerate(texts):
        feedback = fields.feedback[index].strip() if index < len(fields.feedback) else ""
        role = "key" if index == key else roles.get(text, "")
        options.append(Option(text, "" if role == "key" and index != key else role, feedback))
    return tuple(options)


def _key(fields: ItemFields) -> tuple[KeyPart, ...]:
    if fields.type == "gap_text":
        answers = tuple(dict.fromkeys(_one_line(answer) for answer in fields.answers if answer.strip()))
        if not answers:
            raise Refused("answers", "Give at least one right answer, one a line.")
        return answers
    if fields.type == "ordering":
        return tuple(range(len(fields.options)))
    if fields.type == "matching":
        count = len(fields.options)
        return tuple((index, count + index) for index in range(count))
    if fields.key is None:
        raise Refused("key", "Say which answer is right.")
    if fields.type in CHOICE_TYPES and not (
        fields.key < len(fields.options) and fields.options[fields.key].strip()
    ):
        raise Refused("key", "The answer marked as right is empty.")
    return (fields.key,)


def _out_of_order(item: Item) -> Item:
    """The steps stored in an order that is not the right one, the same for the same words."""
    count = len(item.options)
    order = _other_order(item, count)
    return replace(
        item,
        options=tuple(item.options[index] for index in order),
        key=tuple(order.index(index) for index in range(count)),
    )


def _apart(item: Item) -> Item:
    """The answers stored in an order that does not put each beside its prompt."""
    count = len(item.options) // 2
    order = _other_order(item, count)
    return replace(
        item,
        options=(*item.options[:count], *(item.options[count + index] for index in order)),
        key=tuple((index, count + order.index(index)) for index in range(count)),
    )


def _other_order(item: Item, count: int) -> tuple[int, ...]:
    """An order of `count` things that is not the rising one, the same for the same words."""
    digest = hashlib.sha256("\x00".join((item.stem, *(option.text for option in item.options))).encode())
    orders = [order for order in permutations(range(count)) if list(order) != sorted(order)]
    return random.Random(digest.digest()).choice(orders) if orders else tuple(range(count))


def _form_field(problem_field: str) -> str:
    """The form's own name for what an item type complains of."""
    if problem_field.startswith("option"):
        return OPTIONS_FIELD
    return problem_field if problem_field in {"stem", "key", "explanation", "evidence"} else "stem"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _short(text: str, limit: int = 80) -> str:
    words = _one_line(text)
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"
