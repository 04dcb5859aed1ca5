"""Checks 7 to 13: whether the stem can be read and answered by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from questions.generation.checks.base import (
    GAP_TYPES,
    NEGATIVE,
    Context,
    Note,
    distractors,
    hard,
    has_choices,
    is_negative,
    is_statement_choice,
    key_texts,
    warning,
    without_blank,
)
from questions.generation.checks.grammar import article_errors, broken_parse, verb_errors
from questions.generation.checks.pronouns import dangling_pronouns
from questions.generation.checks.readability import grade
from questions.generation.checks.reference import word_run
from questions.generation.words import content_stems, words
from questions.items.base import BLANK, Item

FEWEST_WORDS = 5
_POINTING = frozenset(("this", "these", "that", "those", "such"))
FEWEST_SAID = 4
"""Words from which on an answer that stands in the question by its one content word is told by it."""
MOST_WORDS = 40
MOST_WORDS_WITH_GAP = 45
GRADES_ABOVE_TEXT = 3

_DEICTIC = re.compile(
    r"\b(?:as follows|the following(?! (?:day|week|month|year|morning|night|spring|summer|autumn|winter))"
    r"|hereafter)\b"
    r"|\b(?:the above|see (?:above|below)|above[- ]mentioned|aforementioned)\b"
    r"|\bthe (?:latter|former)(?=[.,;?!]|$|\s+(?:is|was|are|were|has|have|had|does|did)\b)"
    r"|\bhere\b",
    re.IGNORECASE,
)
_AFTER_WHAT = re.compile(
    r"(?:After|Before|Since|Until|By|Despite|Because of|At) (?:that|this|then)"
    r"(?=,| (?:the|an?|he|she|it|they)\b| [A-Z])"
)
"""An opening that points back to a sentence which is not there."""
_REFERENCE = re.compile(
    r"\b(?:figs?\.|figure|table|box|appendix|chapter|equation|eq\.)\s*\(?\d"
    r"|\(see\b|\bsee (?:the |also )?(?:section|figure|table|chapter)\b|\[\d+\]",
    re.IGNORECASE,
)
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffd]")
_BULLET = re.compile(r"[•▪◦●■▸►‣\u2043]|^\s*[-*]\s")
_OPEN_END = re.compile(
    r"(?:,|\b(?:and|or|but|nor|the|an?|of|than|that|with|from|into|if|when|while|because|own|very|my|your|his|its|their|our))[.?]$",
    re.IGNORECASE,
)
_CUT_OFF = re.compile(
    r"(?:,|\b(?:the|an?|and|or|but|nor|than|because|whatever|whoever|whichever))$", re.IGNORECASE
)
"""What nothing ends with, be it a statement, a question or a choice without a full stop."""
_ENDS_IN_BE = re.compile(r"\b(?:is|are|was|were|been|be)\.$", re.IGNORECASE)
_HAS_CLAUSE = re.compile(
    r"\b(?:how|what|where|who|which|that|than|as|when|why|they|he|she|it|we|you|i)\b", re.IGNORECASE
)
_ENDS_IN_PREPOSITION = re.compile(r" (?:to|of|into|between|from)$", re.IGNORECASE)
_ASKS_INSIDE = re.compile(r"\b(?:how|what|where|who|which|that|than|as|when|why)\b", re.IGNORECASE)
_CLAUSE_IN_FRONT = re.compile(
    r"((?:After|Although|As|Because|Before|If|Once|Since|Though|Until|When|While) [^,]+), "
    r"(?=(?:the|an?|[A-Z]\w*) )",
)
_REPEATED = re.compile(r"\b([^\W\d_]+)\s+\1\b", re.IGNORECASE)
_MAY_REPEAT = frozenset(("had", "that"))


def stem_has_form(item: Item, context: Context) -> Iterator[Note]:
    """7. The stem is a question, a sentence with one gap or a statement, not too short and not too long."""
    count = len(without_blank(item.stem).split())
    limit = MOST_WORDS_WITH_GAP if item.type in GAP_TYPES else MOST_WORDS
    if count > limit:
        yield hard("stem", f"The question has {count} words; more than {limit} are hard to hold in mind.")
    if count < FEWEST_WORDS and (context.is_generated or not item.stem.strip()):
        yield hard("stem", f"The question has {count} words; fewer than {FEWEST_WORDS} say too little.")
    if item.type in GAP_TYPES and item.stem.count(BLANK) != 1:
        yield hard("stem", f"Mark the gap with five underscores ({BLANK}), exactly once.")
    if item.type == "multiple_choice" and not item.stem.rstrip("”\"' ").endswith("?"):
        yield hard("stem", "A multiple-choice question ends with a question mark.")
    if item.type == "true_false" and not item.stem.rstrip("”\"' ").endswith((".", "!")):
        yield hard("stem", "A statement to judge true or false ends with a full stop.")


def stem_stands_alone(item: Item, context: Context) -> Iterator[Note]:
    """8. No pronoun or pointer in the stem without what it stands for."""
    filled = item.stem.replace(BLANK, next(iter(key_texts(item)), ""))
    text = filled if item.type in GAP_TYPES else item.stem
    open_ones = dangling_pronouns(text, context.reference.place_words, context.reference.person_words)
    for pronoun in open_ones if context.is_recorded or not _is_told_after(text, open_ones) else ():
        yield hard("stem", f"“{pronoun}” does not say what it stands for: name it.")
    for index, option in enumerate(item.options if is_statement_choice(item) else ()):
        first = option.text.partition(" ")[0]
        if first.casefold() in _POINTING and dangling_pronouns(option.text) != []:
            yield hard(f"option-{index}", f"“{first}” does not say what it stands for: name it.")
    pointer = _DEICTIC.search(item.stem) or _AFTER_WHAT.match(item.stem)
    if pointer:
        yield hard("stem", f"“{pointer[0]}” points to a place that the learner does not see.")


def _is_told_after(text: str, open_ones: list[str]) -> bool:
    """Whether the one open pronoun stands in a clause in front, and the sentence then says who or what."""
    clause = _CLAUSE_IN_FRONT.match(text)
    return clause is not None and len(open_ones) == 1 and open_ones[0].casefold() in words(clause[1])


def wording_is_clean(item: Item, _: Context) -> Iterator[Note]:
    """9. No reference to figures, no bullet, no open bracket or quotation mark, no doubled space or word."""
    for place, text in [("stem", item.stem), *((f"option-{i}", o.text) for i, o in enumerate(item.options))]:
        for message in flaws_of_wording(text):
            yield hard(place, message)


def flaws_of_wording(text: str) -> Iterator[str]:
    """What is wrong with how a text is written, each in a sentence."""
    reference = _REFERENCE.search(text)
    if reference:
        yield f"“{reference[0].strip()}” refers to something that the learner does not see."
    if _BULLET.search(text):
        yield "A list mark was left in the text."
    if _INVISIBLE.search(text):
        yield "There is a sign in it that nobody sees, or that could not be read."
    if "  " in text or "\n" in text or text != text.strip():
        yield "There is a doubled, leading or trailing space."
    if re.search(r"\s[,;.?!](?:\s|$)", text):
        yield "There is a space before a punctuation mark."
    is_cut = _OPEN_END.search(text) or _CUT_OFF.search(text.rstrip(".?!")) or _is_left_open(text)
    if is_cut or (_ENDS_IN_BE.search(text) and not _ASKS_INSIDE.search(text)):
        yield "It stops in the middle of a sentence."
    yield from (f"Only one of {pair} is there." for pair in unbalanced_pairs(text))
    repeated = _REPEATED.search(text)
    if repeated and repeated[1].casefold() not in _MAY_REPEAT:
        yield f"The word “{repeated[1]}” stands twice."


def _is_left_open(text: str) -> bool:
    """Whether a clause without a full stop ends with a preposition that nothing before it belongs to."""
    ends = _ENDS_IN_PREPOSITION.search(text)
    return bool(ends) and len(text.split()) >= FEWEST_SAID - 1 and not _HAS_CLAUSE.search(text)


def unbalanced_pairs(text: str) -> list[str]:
    """The pairs of brackets and quotation marks of which one side is missing."""
    pairs = [
        f"{left} {right}" for left, right in ("()", "[]", "{}", "“”") if text.count(left) != text.count(right)
    ]
    return pairs + (['" "'] if text.count('"') % 2 else [])


def articles_fit(item: Item, _: Context) -> Iterator[Note]:
    """10. A and an fit the words after them, in the stem, the options, and an option put into the gap."""
    for place, text in [("stem", item.stem), *((f"option-{i}", o.text) for i, o in enumerate(item.options))]:
        for wrong in article_errors(text):
            yield hard(place, f"“{wrong}”: a and an do not fit.")
    if item.type == "gap_list":
        yield from _articles_before_gap(item)
    filled = item.stem.replace(BLANK, next(iter(key_texts(item)), BLANK))
    for wrong in verb_errors(filled):
        yield hard("stem", f"“{wrong}” is not English.")


def statements_are_whole(item: Item, context: Context) -> Iterator[Note]:
    """10. A statement that is a new wording parses as one sentence with one finite root."""
    for place, option in new_statements(item, context):
        text = as_statement(option)
        problem = broken_parse(context.reference.parse(text), is_question=text.endswith("?"))
        if problem:
            yield hard(place, f"“{text[:60]}” does not read as one whole sentence: {problem}.")


def as_statement(text: str) -> str:
    """The statement in an answer to why: without its "Because"."""
    lead, _, rest = text.partition(" ")
    return rest[:1].upper() + rest[1:] if lead == "Because" else text


def _articles_before_gap(item: Item) -> Iterator[Note]:
    article = re.search(rf"\b(an?) {BLANK}", item.stem, re.IGNORECASE)
    for index, option in enumerate(item.options if article else ()):
        if article and any(article_errors(f"{article[1]} {option.text}")):
            yield hard(f"option-{index}", f"“{article[1]}” before the gap does not fit “{option.text}”.")


def new_statements(item: Item, context: Context) -> Iterator[tuple[str, str]]:
    """The statements that are new wordings, with their fields; the text's own sentences are none."""
    texts = [("stem", item.stem)] if item.type == "true_false" else []
    if item.type == "multiple_choice":
        texts += [(f"option-{index}", option.text) for index, option in enumerate(item.options)]
    for place, text in texts:
        is_statement = text.endswith(".") and len(text.split()) >= FEWEST_WORDS
        said = as_statement(text)
        if is_statement and not any(said in section.text for section in context.reference.article.sections):
            yield place, text


def key_is_not_told(item: Item, _: Context) -> Iterator[Note]:
    """11. The stem does not hand out the key's words."""
    if item.type not in {"multiple_choice", "gap_list", "gap_text"}:
        return
    stem = without_blank(item.stem)
    for text in key_texts(item):
        if words(text) and word_run(text) in word_run(stem):
            yield hard("stem", f"The answer “{text[:60]}” stands in the question.")
            return
    if has_choices(item) and _is_told_in_other_words(item):
        yield hard("stem", "Every word of the right answer, and of no other, stands in the question.")
        return
    shared = content_stems(stem) & content_stems(next(iter(key_texts(item)), ""))
    elsewhere = frozenset().union(*(content_stems(option.text) for _, option in distractors(item)))
    if has_choices(item) and shared - elsewhere:
        yield warning("stem", f"Only the right answer repeats “{min(shared - elsewhere)}” of the question.")


def _is_told_in_other_words(item: Item) -> bool:
    """Whether the stem has all that the right answer says, and not all that any wrong one says."""
    stem = content_stems(without_blank(item.stem))
    right = content_stems(key_texts(item)[0])
    others = [content_stems(option.text) for _, option in distractors(item)]
    is_said = len(right) > 1 or (right and len(words(key_texts(item)[0])) >= FEWEST_SAID)
    return bool(is_said) and right <= stem and not any(other <= stem for other in others)


def stem_is_positive(item: Item, _: Context) -> Iterator[Note]:
    """12. A negative question is rare, and its NOT is written large."""
    negative = NEGATIVE.search(item.stem) if item.type == "multiple_choice" else None
    negated = sum(is_negative(option.text) for option in item.options)
    if negative and negated > len(item.options) / 2:
        yield hard("stem", "The question is negative, and so are most choices: ask the other way.")
    elif negative and negative[0] != "NOT":
        yield warning(
            "stem", f"The question is negative: write “{negative[0]}” in capitals, or ask the other way."
        )
    elif negative:
        yield warning("stem", "The question is negative, which is easily overlooked.")


def stem_is_readable(item: Item, context: Context) -> Iterator[Note]:
    """13. The stem is not much harder to read than the section."""
    section = context.reference.sections.get(item.evidence[0].section) if item.evidence else None
    if section and grade(without_blank(item.stem)) > grade(section.text) + GRADES_ABOVE_TEXT:
        yield warning("stem", "The question is harder to read than the text it asks about.")
