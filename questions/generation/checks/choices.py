"""Checks 14 to 21: whether the options look alike, so that only the text tells them apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from statistics import median

from questions.generation import wordnet
from questions.generation.checks.base import (
    Context,
    Note,
    distractors,
    hard,
    has_choices,
    key_indexes,
    warning,
)
from questions.generation.checks.quantities import is_quantity, place_in_order, shape
from questions.generation.words import content_stems, jaccard
from questions.items.base import Item

FEWEST, MOST = 3, 5
TOO_LONG, RATHER_LONG, TOO_SHORT = 1.5, 1.3, 0.5
OUTLIER = 2.0
SENTENCE_WORDS = 5
PHRASE_WORDS = 3
SHORT_TEXT = 20
"""Characters within which a difference of length tells a reader nothing."""
_DETERMINER = re.compile(r"(?i:the|an?|this|that|these|those|its|their|his|her)\s+(?=[^A-Z])")
_ALL_OR_NONE = re.compile(
    r"\b(?:all|none|neither|both|any) of (?:the above|these|them|the (?:other )?(?:answer|option|choice)s)\b"
    r"|^(?:both )?[A-E1-5] (?:and|or) [A-E1-5]$",
    re.IGNORECASE,
)
_ABSOLUTE = re.compile(
    r"\b(?:all|always|never|only|every|none|nobody|nothing|completely|entirely)\b", re.IGNORECASE
)
_ASKS_WHO = re.compile(r"(?:According to [^,]+, )?who\b", re.IGNORECASE)
_NOT = re.compile(r"\bnot\b|n['\u2019]t\b|\bcannot\b", re.IGNORECASE)


def _right(item: Item) -> str:
    return item.options[key_indexes(item)[0]].text


def enough_options(item: Item, _: Context) -> Iterator[Note]:
    """14. Three to five options."""
    if has_choices(item) and not FEWEST <= len(item.options) <= MOST:
        yield hard("options", f"Give {FEWEST} to {MOST} choices; there are {len(item.options)}.")


def options_are_alike(item: Item, _: Context) -> Iterator[Note]:
    """15. All options are of one kind, with the same capital, the same determiner, the same final stop."""
    if not has_choices(item):
        return
    right = _right(item)
    for index, option in distractors(item):
        for name, form in (
            ("ends in a full stop", _final_stop),
            ("begins with a capital", _has_capital),
            ("is a whole sentence", _is_sentence),
            ("is a number or a date", is_quantity),
        ):
            if form(option.text) != form(right):
                which = "the right answer" if form(right) else f"choice {index + 1}"
                yield hard(
                    f"option-{index}", f"Between the right answer and this choice, only {which} {name}."
                )

    yield from _articles_agree(item)


def _articles_agree(item: Item) -> Iterator[Note]:
    """Short choices all have an article or none; of longer ones, the right one is not alone in this."""
    right = _has_determiner(_right(item))
    differs = [_has_determiner(option.text) != right for _, option in distractors(item)]
    are_short = all(len(option.text.split()) <= PHRASE_WORDS for option in item.options)
    if all(differs) or (are_short and any(differs)):
        yield hard(
            "options", "Let all choices begin with an article, or none: here the right one stands out."
        )


def _final_stop(text: str) -> bool:
    return text.endswith((".", "!"))


def _has_capital(text: str) -> bool:
    """Whether the first word that says something has a capital; figures count as capitals do."""
    bare = re.sub(r"^(?:the|an?)\s+(?=[A-Z])", "", text).lstrip("“\"'(")
    return not bare[:1].islower()


def _has_determiner(text: str) -> bool:
    return len(text.split()) <= SENTENCE_WORDS and bool(_DETERMINER.match(text))


def _is_sentence(text: str) -> bool:
    return text.endswith((".", "?", "!")) and len(text.split()) >= SENTENCE_WORDS


def key_has_length_of_others(item: Item, _: Context) -> Iterator[Note]:
    """16. The key is neither much longer nor much shorter than the distractors."""
    if not has_choices(item) or not any(letter.isalpha() for letter in _right(item)):
        return  # of two figures the shorter is only the smaller
    key, others = len(_right(item)), [len(option.text) for _, option in distractors(item)]
    if key >= TOO_LONG * max(others):
        yield hard("options", "The right answer is much longer than the others, which gives it away.")
    elif key >= RATHER_LONG * max(others):
        yield warning("options", "The right answer is longer than the others, which may give it away.")
    if key <= TOO_SHORT * min(others):
        yield hard("options", "The right answer is much shorter than the others, which gives it away.")


def no_cue_words(item: Item, _: Context) -> Iterator[Note]:
    """17. No "all of the above"; absolute words not only in distractors; "not" in one option, or in half."""
    if not has_choices(item):
        return
    texts = [option.text for option in item.options]
    for index, text in enumerate(texts):
        if _ALL_OR_NONE.search(text):
            yield hard(f"option-{index}", f"“{text}” is no answer of its own.")
    absolute = [bool(_ABSOLUTE.search(text)) for text in texts]
    if any(absolute) and not absolute[key_indexes(item)[0]]:
        yield warning("options", "Words like “all” or “never” stand only in wrong answers.")
    negated = sum(bool(_NOT.search(text)) for text in texts)
    if 1 < negated < len(texts) / 2:
        yield hard("options", f"{negated} of {len(texts)} choices say “not”: let it be one, or half of them.")


def options_are_of_one_class(item: Item, context: Context) -> Iterator[Note]:
    """18. Numbers and dates are written alike; after "Who" all are actors; names are of one kind."""
    if not has_choices(item):
        return
    right = _right(item)
    label = context.reference.label_of(right)
    for index, option in distractors(item):
        if is_quantity(right) and shape(option.text) != shape(right):
            yield hard(f"option-{index}", f"“{option.text}” is not written as “{right}” is.")
        other = context.reference.label_of(option.text)
        if label and other and label != other:
            severe = hard if context.is_recorded else warning
            yield severe(f"option-{index}", f"“{option.text}” is of another kind than “{right}”.")
        if item.type == "gap_list" and _of_other_class(option.text, right):
            yield hard(f"option-{index}", f"“{option.text}” is another kind of word than “{right}”.")
    if _ASKS_WHO.match(item.stem):
        for index, option in enumerate(item.options):
            if not _may_act(option.text, context):
                yield hard(f"option-{index}", f"“{option.text}” is nobody, and the question asks who.")


def _may_act(text: str, context: Context) -> bool:
    last = text.rpartition(" ")[2]
    if last[:1].islower():
        return wordnet.may_be_person(last) or wordnet.main_class(last) == "group"
    return context.reference.label_of(text) not in {"PLACE", "NORP"}


def _of_other_class(one: str, other: str) -> bool:
    """Whether two words of small letters have no part of speech in common, as far as they are known."""
    if not (one.isalpha() and other.isalpha() and one.islower() and other.islower()):
        return False
    mine, theirs = ({pos for pos in ("n", "a") if wordnet.knows(word, pos)} for word in (one, other))
    return bool(mine and theirs and not mine & theirs)


def no_option_stands_out(item: Item, _: Context) -> Iterator[Note]:
    """19. No option is an outlier in length."""
    if not has_choices(item):
        return
    lengths = [len(option.text) for option in item.options]
    for index, length in enumerate(lengths):
        middle = median(lengths[:index] + lengths[index + 1 :])
        if max(lengths) > SHORT_TEXT and (length > OUTLIER * middle or middle > OUTLIER * length):
            yield warning(f"option-{index}", "This choice is much longer or shorter than the others.")


def key_is_not_central(item: Item, _: Context) -> Iterator[Note]:
    """20. The key does not share most with all other options, as when each is the key with one change."""
    if not has_choices(item) or len(item.options) <= FEWEST - 1:
        return
    stems = [content_stems(option.text) for option in item.options]
    sums = [sum(jaccard(one, other) for other in stems) for one in stems]
    best = max(sums)
    if sums[key_indexes(item)[0]] == best and sums.count(best) == 1:
        yield warning(
            "options", "The right answer has most in common with the others, which may give it away."
        )


def options_are_in_order(item: Item, context: Context) -> Iterator[Note]:
    """21. Numbers and dates stand in ascending order."""
    if not has_choices(item):
        return
    places = [place_in_order(option.text) for option in item.options]
    known = [place for place in places if place is not None]
    are_alike = len({shape(option.text) for option in item.options}) == 1  # not "eight days", "two weeks"
    if len(known) == len(places) and are_alike and any(one > other for one, other in pairwise(known)):
        note = "Sort the numbers or dates in ascending order."
        yield hard("options", note) if context.is_generated else warning("options", note)
