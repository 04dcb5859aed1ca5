"""Every way to make a statement false, and which false statements go together as the options of one item."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from questions.generation.distractors import Falsified, sentence_of
from questions.generation.distractors_names import swaps
from questions.generation.distractors_numbers import false_dates, false_numbers
from questions.generation.distractors_order import cause_swaps, thing_swaps
from questions.generation.distractors_polarity import affirmations, negations
from questions.generation.distractors_roles import (
    comparison_swaps,
    rather_than_swaps,
    role_swaps,
    subject_swaps,
)
from questions.generation.distractors_scope import scope_changes
from questions.generation.distractors_words import antonyms
from questions.generation.facts import ArticleFacts, Clause, SectionFacts
from questions.generation.words import content_stems

NEGATIVE = (" not ", "n't ", "n\u2019t ", "cannot ", " never ", " no ")


def falsehoods(
    facts: ArticleFacts, section: SectionFacts, clause: Clause, stream: random.Random
) -> Iterator[Falsified]:
    """The clause made false in every way there is, the plain "not" last."""
    yield from role_swaps(facts, section, clause)
    yield from thing_swaps(section, clause)
    yield from cause_swaps(section, clause)
    yield from scope_changes(section, clause)
    yield from comparison_swaps(section, clause)
    yield from rather_than_swaps(section, clause)
    yield from subject_swaps(facts, section, clause)
    yield from antonyms(facts, section, clause)
    yield from affirmations(section, clause)
    yield from false_numbers(section, clause, stream)
    yield from false_dates(section, clause, stream)
    yield from swaps(facts, section, clause)
    yield from negations(section, clause)


def of_length(section: SectionFacts, least: int, most: int) -> list[Clause]:
    """The statements of a section whose number of words is within these bounds."""
    return [clause for clause in section.clauses if least <= clause.word_count <= most]


def is_negative(text: str) -> bool:
    """Whether a statement says "not" or the like."""
    return any(word in f" {text.lower()}" for word in NEGATIVE)


def keeps_words(section: SectionFacts, false: Falsified) -> bool:
    """Whether all words that tell something stand in the sentence: who looks for words alone is misled."""
    return content_stems(false.text) <= content_stems(sentence_of(section, false.clause).text)


def together(
    section: SectionFacts, pool: Sequence[Falsified], beside: Clause, count: int, stream: random.Random
) -> list[Falsified]:
    """Up to `count` false statements of sentences other than `beside`'s, in reading order.

    One of each sentence; of kinds as different, and of lengths as like that of `beside`, as may be; those
    that keep the words of the text first; at most one of all says "not".
    """
    length = len(beside.text)
    left = list(pool)
    stream.shuffle(left)
    chosen: list[Falsified] = []
    while len(chosen) < count:
        left = [one for one in left if _goes_with(one, beside, chosen)]
        if not left:
            break
        kinds = [one.kind for one in chosen]
        best = min(
            left,
            key=lambda one: (
                one.kind == "negation",
                kinds.count(one.kind),
                not keeps_words(section, one),
                abs(len(one.text) - length) // 12,
            ),
        )
        chosen.append(best)
    return sorted(chosen, key=lambda one: one.clause.sentence)


def _goes_with(one: Falsified, beside: Clause, chosen: Sequence[Falsified]) -> bool:
    """Another sentence than the others', and no second "not"."""
    if one.clause.sentence in {beside.sentence, *(other.clause.sentence for other in chosen)}:
        return False
    texts = [beside.text, *(other.text for other in chosen)]
    return not (is_negative(one.text) and any(is_negative(text) for text in texts))
