"""Whether a statement in other words than the text's contradicts its evidence, as far as form shows.

What recipes make can be laid along the text word by word (`entailment`). What a person or a language model
writes often cannot, and is true all the same. That a paraphrase is true no form can show; that it is *not*
shows often: another number, a lost "not", a "will" for a "may", an opposite, a thing the section never names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations

from questions.generation import wordnet
from questions.generation.words import NAMES_LIKE_COMMON_WORDS, STOP_WORDS, WORD, content_stems, stem
from questions.grading.number_words import words_to_digits

SHARE_AT_HAND = 0.3
"""Of a statement's content words: what the section must have, or it speaks of something else."""
SHARE_OF_CLAUSE = 0.6
"""Of a clause's content words, on either side: what makes two clauses say one thing."""
SHARE_OF_VERBATIM = 0.75
"""Of a statement's words, in order: what makes it the text's own sentence with something put in."""
SHARE_OF_MOVED, FEWEST_MOVED = 0.4, 6
"""The same for its order, where all its words stand there."""
LEAST_COMMON, LONGEST_TAIL, SAME_START, DENIED_WORDS = 2, 3, 4, 4
_CLAUSE = re.compile(
    r"[,;:.?!()\u2013\u2014]+\s*"
    r"|\s+(?=and (?:he|she|it|they|we|you|i|the|an?)\b)"
    r"|\s+(?=(?:but|although|though|while|whereas|because|so that|in order to|if|unless)\b)",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"(?:\b(?:not|no|never|nor|neither|cannot|none|nobody|nothing|hardly|without|refus\w+|fail\w*"
    r"|un(?:able|likely))\b|n['\u2019]t\b)(?=(.*))",
    re.IGNORECASE,
)
_MAY = re.compile(r"\b(?:may|might|could|perhaps|possibly|probably)\b", re.IGNORECASE)
_WILL = re.compile(r"\b(?:will|must|would|always|certainly)\b", re.IGNORECASE)
_LIMITS = re.compile(r"\b(?:before|until|unless|except|only)\b", re.IGNORECASE)
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_REASON = re.compile(r"\b(?:because|in order to|so that|due to|as a result of)\b(.+)", re.IGNORECASE)
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w'\u2019-]+")
_THAN = re.compile(r"\bthan\b", re.IGNORECASE)
_LINKS = frozenset(
    (
        "after",
        "although",
        "because",
        "before",
        "despite",
        "during",
        "if",
        "since",
        "unless",
        "until",
        "with",
        "without",
    )
)
"""Words of which one in place of another says something else."""
_BOUNDED = re.compile(
    r"\b(?:more than|less than|fewer than|at least|at most|over|under|about|nearly|almost)\s+\d+(?:\.\d+)?"
)
_GOES_ON = re.compile(
    r"\s+(?!(?:in|on) \d)(?:above|after|against|at|back|before|below|between|by|except|for|from|in|into|of"
    r"|on|over|than|to|under|until|with|within|without)\b",
    re.IGNORECASE,
)
"""What may not follow where a statement ends, as it limits what stands before it (a date may)."""


_MEANS = {
    "week": "7",
    "fortnight": "14",
    "day": "24",
    "hour": "60",
    "minute": "60",
    "dozen": "12",
    "year": "12",
    "decade": "10",
    "centur": "100",
    "full": "100",
    "half": "50",
    "quarter": "25",
    "twice": "2",
}
"""The numbers that may stand for a word."""


@dataclass(frozen=True, slots=True)
class _Clause:
    """What one clause speaks of, and how: with which words denied, or only possible, or certain."""

    stems: frozenset[str]
    words: frozenset[str]
    denied: tuple[frozenset[str], ...]
    is_possible: bool
    is_certain: bool
    is_limited: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What a statement is held against: its evidence, the section of it, the content stems of the article."""

    quotes: tuple[str, ...]
    section: str
    article: frozenset[str]


def contradiction(statement: str, told: Told, *, is_answer: bool = False) -> str:
    """Why a statement cannot be what its evidence says, in a few words; empty where nothing shows it.

    An answer (`is_answer`: a choice, a gap that is filled with its key) may leave out what the sentence of
    the text ends with, and may draw a conclusion in words that the section does not have.
    """
    return next(_reasons(statement, told, is_answer=is_answer), "")


def _reasons(statement: str, told: Told, *, is_answer: bool) -> Iterator[str]:
    said, here = content_stems(statement), content_stems(told.section)
    if not is_answer and len(said & here) < SHARE_AT_HAND * len(said):
        yield "the section speaks of something else"
    yield from _strange_names(statement, told.article)
    yield from _strange_numbers(statement, told)
    yield from _invented_reason(statement, here)
    for clause in _clauses(statement):
        yield from _other_sense(clause, [one for quote in told.quotes for one in _clauses(quote)])
    for quote in told.quotes:
        yield from _put_in(statement, quote)
        if not is_answer and _stops_short(statement, quote):
            yield "it stops where the sentence of the text goes on"


def _clauses(text: str) -> list[_Clause]:
    return [
        _Clause(
            content_stems(part),
            frozenset(word.casefold() for word in WORD.findall(part)) - STOP_WORDS,
            tuple(content_stems(" ".join(one[1].split()[:DENIED_WORDS])) for one in _DENIES.finditer(part)),
            bool(_MAY.search(part)),
            bool(_WILL.search(part)),
            bool(_LIMITS.search(part)),
        )
        for part in _CLAUSE.split(text)
        if content_stems(part)
    ]


def _strange_names(statement: str, article: frozenset[str]) -> Iterator[str]:
    for name in _NAME.findall(statement):
        if content_stems(name) and not content_stems(name) & article:
            yield f"“{name}” is not in the article"


def _strange_numbers(statement: str, told: Told) -> Iterator[str]:
    """Numbers that are neither there nor the sum or the difference of two of the evidence's."""
    there = set(_numbers(told.section))
    there |= {number for word, number in _MEANS.items() if re.search(rf"\b{word}", told.section.casefold())}
    figures = sorted({float(one) for one in _numbers(" ".join(told.quotes))})
    worked_out = {sign * one + other for one, other in combinations(figures, 2) for sign in (1, -1)}
    for number in _numbers(_BOUNDED.sub(" ", _in_digits(statement))):
        if number not in there and float(number) not in worked_out:
            yield f"“{number}” is not in the section"


def _in_digits(text: str) -> str:
    whole = re.sub(r"(?<=\d),(?=\d{3})", "", text.casefold())
    return words_to_digits(re.sub(r"[^\w.]+|\.(?!\d)", " ", whole))


def _numbers(text: str) -> list[str]:
    return [one for one in _FIGURE.findall(_in_digits(text)) if float(one) > 1]


def _invented_reason(statement: str, told: frozenset[str]) -> Iterator[str]:
    reason = _REASON.search(statement)
    if reason and content_stems(reason[1]) and not content_stems(reason[1]) & told:
        yield f"the section gives no such reason as “{reason[1].strip(' .')}”"


def _other_sense(clause: _Clause, told: Sequence[_Clause]) -> Iterator[str]:
    """Whether the clause of the text that speaks of the same denies what this one says, or leaves it open."""
    near = max(told, key=lambda one: _shared(clause, one), default=None)
    if near is None or _shared(clause, near) < SHARE_OF_CLAUSE:
        return
    is_opposite = _has_opposites(clause, near)
    is_limited = clause.is_limited or near.is_limited  # "none might land before" says that they had to wait
    if not is_limited and (_denies(clause, near) ^ _denies(near, clause)) != is_opposite:
        yield "the text says the opposite"
    elif near.is_possible and clause.is_certain:
        yield "the text says only that it may be so"


def _denies(one: _Clause, other: _Clause) -> bool:
    """Whether a clause denies what both speak of ("did not close", and no "ports she had never seen")."""
    return sum(bool(stems & other.stems) for stems in one.denied) % 2 == 1


def _shared(one: _Clause, other: _Clause) -> float:
    """What share of the shorter of two clauses is in the other; a word has its opposite in common."""
    common = len(one.stems & other.stems) + _has_opposites(one, other)
    return 0.0 if common < LEAST_COMMON else common / min(len(one.stems), len(other.stems))


def _has_opposites(one: _Clause, other: _Clause) -> bool:
    mine, theirs = one.words - other.words, other.words - one.words
    return any(opposite in theirs for word in mine for opposite in _opposites(word))


def _opposites(word: str) -> tuple[str, ...]:
    """The opposites of an adjective, and of a verb that is no noun as well ("level")."""
    verbs = () if wordnet.knows(word) else wordnet.antonyms(word, "v")
    return (*wordnet.antonyms(word, "a"), *verbs)


def _put_in(statement: str, quote: str) -> Iterator[str]:
    """Something put into what is otherwise the text's own sentence, in place of something else."""
    mine, theirs = _plain(statement), _plain(quote)
    folded = [[stem(one.casefold()) for one in side] for side in (mine, theirs)]
    match = SequenceMatcher(None, folded[0], folded[1], autojunk=False)
    same = sum(block.size for block in match.get_matching_blocks())
    is_moved = same < len(mine) and len(mine) >= FEWEST_MOVED and set(folded[0]) <= set(folded[1])
    if is_moved and same >= SHARE_OF_MOVED * len(mine) and _THAN.search(statement):
        yield "its words stand there in another order"
    for what, start, end, at, till in match.get_opcodes() if same >= SHARE_OF_MOVED * len(mine) else ():
        new, old = mine[start:end], theirs[at:till]
        is_near = same + len(new) - 1 >= SHARE_OF_VERBATIM * len(mine)
        if set(folded[0][start:end]) <= set(folded[1]):
            continue  # it only stands in another place
        if start == 0:
            old = old[-len(new) :]  # what comes before it there need not be said
        if what == "replace" and is_near and not _may_replace(new, old):
            yield f"it says “{' '.join(new)}” where the text says “{' '.join(old)}”"


def _may_replace(new: Sequence[str], old: Sequence[str]) -> bool:
    """Whether words may stand for others: not a name or a number for another, nor an unrelated word."""
    if max(len(new), len(old)) > LONGEST_TAIL:
        return True
    if all(map(_is_named, (new, old))):
        return bool(content_stems(" ".join(new)) & content_stems(" ".join(old)))
    if len(new) > 1 or len(old) > 1:
        return True
    one, other = new[0].casefold(), old[0].casefold()
    if {one, other} <= _LINKS:
        return False
    if {one, other} & STOP_WORDS or one.startswith(other[:SAME_START]):
        return True
    return any(wordnet.related(one, other, pos) for pos in ("n", "v", "a"))


def _is_named(words: Sequence[str]) -> bool:
    """Whether these are a name, or a number in figures or words."""
    if words[0].casefold() in STOP_WORDS and words[0] not in NAMES_LIKE_COMMON_WORDS:
        return False
    return words[0][:1].isupper() or words_to_digits(words[0].casefold())[:1].isdigit()


def _plain(text: str) -> list[str]:
    return [word for word in WORD.findall(text) if word.casefold() not in {"a", "an", "the"}]


def _stops_short(statement: str, quote: str) -> bool:
    """Whether the statement's last words stand in the quotation, and there the clause goes on."""
    mine, places = [word.casefold() for word in WORD.findall(statement)], list(WORD.finditer(quote))
    theirs = [place[0].casefold() for place in places]
    tail = mine[-LONGEST_TAIL:]
    for at in range(len(theirs) - len(tail)):
        if theirs[at : at + len(tail)] == tail and len(content_stems(" ".join(tail))) >= LEAST_COMMON:
            return bool(_GOES_ON.match(quote[places[at + len(tail) - 1].end() :]))
    return False
