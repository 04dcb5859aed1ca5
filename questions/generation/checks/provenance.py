"""Checks 1 to 6: where the item's words come from, and that the key alone is right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from questions.generation import wordnet
from questions.generation.checks.base import (
    GAP_TYPES,
    Context,
    Note,
    asks_for_unsupported,
    distractors,
    hard,
    has_choices,
    is_statement_choice,
    key_indexes,
    key_texts,
    right_pairs,
    statement_of,
    warning,
    without_blank,
)
from questions.generation.checks.belonging import (
    evidence_proves_it_wrong,
    numbers_in_order,
)
from questions.generation.checks.entailment import breaks_off, departure
from questions.generation.checks.quantities import breaks_bound, is_quantity
from questions.generation.proposal import Derivation
from questions.generation.words import content_stems, same_form, words
from questions.items.base import Item
from questions.reading.article import Section

SHARE_OF_STEM = 0.6
"""A sentence with a distractor and this share of the stem's content words may make the distractor right."""
SHARE_OF_KEY, SHARE_OF_GAP = 0.5, 0.8
"""What of a key's words must stand in the section of its evidence, and of a gap's in the evidence itself."""
FEWEST_STEM_WORDS = 3
_WHY = re.compile(r"\bwhy\b", re.IGNORECASE)
_LEAD = re.compile(r"^(?:Because|To) ")
"""What an answer to why begins with, and the text need not say in the same place."""
SHORT_OPTION_WORDS = 5


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
    for name, derivation in context.derivations.items():
        words_of = _named_words(item, name)
        if words_of is None or _replayed(derivation, context) != words_of:
            yield hard(name, "These words are not what the recorded edits make of the text.")
    for index in key_indexes(item):
        if item.options[index].role not in {"", "key"}:
            yield hard(f"option-{index}", "This choice is marked as a wrong one, and as the right one.")
    for name, text in _true_statements(item):
        yield from _statement_follows(name, text, item)
    if item.type == "multiple_choice" and not is_statement_choice(item):
        yield from _stated_key_follows(item)
    if item.type != "true_false" and not is_statement_choice(item):
        yield from _key_stands(item, context)
    if "stem" not in context.derivations and not numbers_in_order(item):
        yield hard("key", "With this answer the numbers stand in another order than in the evidence.")
    yield from _pairs_follow(item, context)


def _pairs_follow(item: Item, context: Context) -> Iterator[Note]:
    """Each prompt with its answer follows from one piece of evidence; with another's answer it is nowhere."""
    pairs = right_pairs(item)
    for prompt, answer in pairs:
        yield from _statement_follows(f"option-{prompt}", statement_of(item, prompt, answer), item)
        for _, other in pairs:
            text = statement_of(item, prompt, other)
            if other != answer and _says(text, context):
                yield hard(f"option-{prompt}", f"The text does say “{text[:60]}” too.")


def _is_statement(text: str) -> bool:
    return text.endswith(".") and len(text.split()) >= SHORT_OPTION_WORDS


def _stated(item: Item) -> list[tuple[int, str]]:
    """The options that are statements, with their numbers; in answers to why, without "Because" or "To"."""
    is_why = bool(_WHY.search(item.stem))
    found = [
        (index, _LEAD.sub("", option.text) if is_why else option.text)
        for index, option in enumerate(item.options)
    ]
    return [(index, text) for index, text in found if _is_statement(text) or text != item.options[index].text]


def _stated_key_follows(item: Item) -> Iterator[Note]:
    """A key that is a statement follows from the evidence, word by word; a misreading of it does not."""
    quotes = [span.quote for span in item.evidence]
    for index, text in _stated(item) if quotes else ():
        is_key = index in key_indexes(item)
        follows = any(not departure(text, quote) for quote in [*quotes, " ".join(quotes)])
        if is_key and not follows:
            yield hard(f"option-{index}", f"The evidence does not say “{text[:60]}” in these words.")
        if not is_key and follows and item.options[index].role == "misreading":
            yield hard(f"option-{index}", f"The evidence does say “{text[:60]}”.")


def _true_statements(item: Item) -> list[tuple[str, str]]:
    """The statements of the item that must be true, with their fields."""
    if item.type == "true_false":
        return [("stem", item.stem)] if key_texts(item)[:1] == ("True",) else []
    if not is_statement_choice(item):
        return []
    keys = set(key_indexes(item))
    wants_key = not asks_for_unsupported(item)
    return [(f"option-{i}", o.text) for i, o in enumerate(item.options) if (i in keys) == wants_key]


def _statement_follows(name: str, text: str, item: Item) -> Iterator[Note]:
    """Whether some evidence makes the statement, or all of it together does."""
    quotes = [span.quote for span in item.evidence]
    reasons = [departure(text, quote) for quote in [*quotes, " ".join(quotes)]] if quotes else [""]
    if "" not in reasons:
        yield hard(name, f"The evidence does not say “{text[:60]}”: {reasons[0]}.")
    elif quotes and all(breaks_off(text, quote) for quote in quotes if not departure(text, quote)):
        yield hard(name, f"“{text[:60]}” stops where the sentence of the text goes on.")


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


def _words_at_hand(item: Item, context: Context) -> frozenset[str]:
    """The content words of the evidence and its headings; of whole sections, where a key may reword them."""
    sections = [context.reference.sections.get(span.section) for span in item.evidence]
    texts = {part for one in sections if one for part in _said_by(one, whole=item.type not in GAP_TYPES)}
    return content_stems(" ".join([*(span.quote for span in item.evidence), *sorted(texts)]))


def _said_by(section: Section, *, whole: bool) -> tuple[str, ...]:
    return (section.heading, section.text) if whole else (section.heading,)


def _key_stands(item: Item, context: Context) -> Iterator[Note]:
    at_hand = _words_at_hand(item, context)
    share = SHARE_OF_GAP if item.type in GAP_TYPES else SHARE_OF_KEY
    for text in key_texts(item)[: 1 if item.type in GAP_TYPES else None]:
        stems = content_stems(text)
        if len(stems & at_hand) < share * len(stems):
            yield hard("key", f"The answer “{text[:60]}” does not stand in the evidence.")


def one_key(item: Item, context: Context) -> Iterator[Note]:
    """3. Exactly one option is right, and no option says the same as another."""
    if item.type in {"multiple_choice", "gap_list", "true_false"} and len(key_indexes(item)) != 1:
        yield hard("key", "Mark exactly one choice as the right one.")
    seen: dict[str, int] = {}
    for index, option in enumerate(item.options):
        name = context.reference.name_of(option.text) or same_form(option.text)
        first = seen.setdefault(name, index)
        if first != index:
            yield hard(f"option-{index}", f"Choices {first + 1} and {index + 1} say the same.")
    yield from _synonyms(item)
    if has_choices(item):
        yield from _contained_names(item)


def _synonyms(item: Item) -> Iterator[Note]:
    """Two choices of one word each that mean the same, as they are mostly meant."""
    plain = [
        (index, one.text)
        for index, one in enumerate(item.options)
        if one.text.isalpha() and one.text.islower()
    ]
    for (first, one), (second, other) in combinations(plain, 2):
        if wordnet.same_sense(one, other):
            yield hard(f"option-{second}", f"Choices {first + 1} and {second + 1} mean the same.")


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
    stem = content_stems(without_blank(item.stem))
    said = dict(_stated(item))
    for index, option in distractors(item):
        if _fits_elsewhere(said.get(index, option.text), stem, context):
            yield hard(
                f"option-{index}", f"“{option.text[:60]}” may be right too: the text says so elsewhere."
            )
        elif _means_the_same(option.text, right):
            yield hard(f"option-{index}", f"“{option.text}” means nearly the same as “{right}”.")


def _fits_elsewhere(text: str, stem: frozenset[str], context: Context) -> bool:
    """The swap test: some sentence has this option, and most of what the stem says."""
    stem = stem - content_stems(text)
    if len(stem) < FEWEST_STEM_WORDS:
        return False
    return any(
        len(passage.stems & stem) >= SHARE_OF_STEM * len(stem)
        for form in context.reference.called(text)
        for passage in context.reference.saying(form)
    )


def _means_the_same(one: str, other: str) -> bool:
    """Whether the last words of two lower-case noun phrases are relatives in WordNet."""
    mine, theirs = one.split(), other.split()
    if not mine or not theirs or max(len(mine), len(theirs)) > SHORT_OPTION_WORDS or is_quantity(one):
        return False
    heads = mine[-1], theirs[-1]
    if heads[0] == heads[1] and mine[:-1] != theirs[:-1]:
        return False  # "a coal business" is no "sugar business"
    return all(head.isalpha() and head.islower() for head in heads) and wordnet.related(*heads)


def _statements_apart(item: Item, context: Context) -> Iterator[Note]:
    """Among statements, those that the text must not make are not made anywhere in it."""
    unsupported = key_indexes(item) if asks_for_unsupported(item) else [i for i, _ in distractors(item)]
    for index in unsupported:
        text = item.options[index].text
        if _says(text, context):
            yield hard(f"option-{index}", f"The text does say “{text[:60]}”.")


def _says(statement: str, context: Context) -> bool:
    """Whether some sentence of the article makes the statement."""
    passages = context.reference.with_all(content_stems(statement))
    return any(not departure(statement, passage.text) for passage in passages)


def false_statement_is_false(item: Item, context: Context) -> Iterator[Note]:
    """5. A statement marked false is changed, and the text does not make the changed statement anywhere."""
    if item.type != "true_false" or key_texts(item)[:1] != ("False",):
        return
    if _says(item.stem, context):
        yield hard("stem", "The statement is marked false, but the text makes it.")
    derivation = context.derivations.get("stem")
    if derivation is None:
        if not evidence_proves_it_wrong(item):
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


def _overlaps(start: int, end: int, derivation: Derivation) -> bool:
    return start < derivation.span.end and derivation.span.start < end


def bounds_hold(item: Item, context: Context) -> Iterator[Note]:
    """6. A wrong number is not made true by "at least", "up to" and the like."""
    for name, derivation in sorted(context.derivations.items()):
        section = context.reference.sections.get(derivation.section)
        for edit in derivation.edits if section else ():
            if section and breaks_bound(section.text[: edit.start], edit.before, edit.after):
                yield hard(name, f"“{edit.after}” is still true where the text says “{edit.before}”.")
    if item.type == "gap_list" and has_choices(item):
        before = item.stem.partition("_")[0]
        right = item.options[key_indexes(item)[0]].text
        for index, option in distractors(item):
            if breaks_bound(before, right, option.text):
                yield hard(f"option-{index}", f"“{option.text}” is true as well where “{right}” is.")
