"""What two items of one section have in common, and what of it they must not have."""

from __future__ import annotations

from questions.generation.candidate import Candidate
from questions.generation.checks.base import GAP_TYPES, is_statement_choice
from questions.generation.checks.sets import SAME_STEM, gives_away
from questions.generation.words import jaccard, words

TWIN = 0.5
VARIANT = 0.7
"""Two statements that share more of their words than this are two forms of one."""
SHORTER = 0.75
"""The same for the shorter of two, where one is a choice of statements: it may leave out half of one."""
FILLED = 0.8
"""The same for a statement and one with a gap, which has a word or two fewer."""


def clash(one: Candidate, other: Candidate) -> bool:
    """Whether both cannot stand in one set: one repeats the other, or tells its answer."""
    asks_the_same = one.places == other.places and one.proposal.key_texts == other.proposal.key_texts
    if asks_the_same or one.id == other.id:
        return True
    if _ask_for_one_word(one, other):
        return True
    if one.wordings & other.wordings or vary_one_statement(one, other):
        return True
    if one.sentences & other.sentences and _tell_each_other(one, other):
        return True
    told = gives_away(one.item, one.evidence_stems, other.item)
    return told or gives_away(other.item, other.evidence_stems, one.item)


def _ask_for_one_word(one: Candidate, other: Candidate) -> bool:
    """Whether two gaps of a section want the same words: who filled one fills the other unread."""
    are_gaps = one.item.type in GAP_TYPES and other.item.type in GAP_TYPES
    return are_gaps and bool(one.answers & other.answers)


def vary_one_statement(one: Candidate, other: Candidate) -> bool:
    """Whether both show one statement of the text in whatever forms, so that each tells which was changed."""
    if not one.touched_sentences & other.touched_sentences:
        return False
    if any(jaccard(mine, theirs) > VARIANT for mine in one.shown for theirs in other.shown):
        return True
    if (is_statement_choice(one.item) or is_statement_choice(other.item)) and any(
        len(mine & theirs) > SHORTER * min(len(mine), len(theirs))
        for mine in one.shown
        for theirs in other.shown
        if mine and theirs
    ):
        return True
    return _shows_with_gap(one, other) or _shows_with_gap(other, one)


def _shows_with_gap(one: Candidate, gapped: Candidate) -> bool:
    """Whether a choice of one item, true or false, is the other's statement with its gap filled."""
    return not one.verdict and any(
        len(mine & gapped.gapped) > FILLED * len(mine) for mine in one.shown if gapped.gapped
    )


def _tell_each_other(one: Candidate, other: Candidate) -> bool:
    """Whether one of two items on one sentence answers the other, or is the same statement to be judged."""
    if not (one.verdict or other.verdict):
        return False
    return _is_twin(one, other) or _shows(one, other) or _shows(other, one) or same_claim(one, other)


def _shows(one: Candidate, judged: Candidate) -> bool:
    """Whether the stem of one item tells how a statement to judge stands in the text."""
    if one.verdict or not judged.verdict:
        return False
    statement = set(words(judged.item.stem))
    return len(statement & set(words(one.item.stem))) >= SAME_STEM * len(statement)


def same_claim(one: Candidate, other: Candidate) -> bool:
    """Whether two items ask about the same statement of the text, in whatever form."""
    return bool(one.sentences & other.sentences) and any(
        len(mine & theirs) >= SAME_STEM * min(len(mine), len(theirs))
        for mine in one.claims
        for theirs in other.claims
        if mine and theirs
    )


def _is_twin(one: Candidate, other: Candidate) -> bool:
    """Whether two statements to judge differ in so little that each answers the other."""
    if not (one.verdict and other.verdict):
        return False
    return jaccard(frozenset(words(one.item.stem)), frozenset(words(other.item.stem))) > TWIN


def overlap(one: Candidate, other: Candidate) -> int:
    """How many pairs of spans that their words come from overlap."""
    return sum(
        start < other_end and other_start < end
        for start, end in one.touched
        for other_start, other_end in other.touched
    )
