"""Sentences that remember their place, by rules: to mark evidence, and where no language model is at hand."""

from __future__ import annotations

import re

from questions.reading.article import Span
from questions.reading.marks import (
    CLOSERS,
    CLOSING_QUOTES,
    DASHES,
    OPENERS,
    QUESTION_MARKS,
    SPACES,
    STOPS,
    WIDE_STOPS,
)

_END = re.compile(f"\\n+|(?P<stop>[{WIDE_STOPS}]+|[{STOPS}]+)(?P<close>[{re.escape(CLOSERS)}]*)")
_SPACED_CLOSE = re.compile("[ \u00a0\u202f]\u00bb")
_BEFORE_WORD = SPACES + OPENERS + DASHES
_ITEM_DIGITS = 3
_LOOK_BACK = 1_000
_WORD = re.compile(r"[\w.'\u2019-]*")
_DOTTED = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BEFORE_NAME = _words(
    "mr mrs ms mx dr prof st mt ft messrs mme mlle sra gen col lt sgt capt cpt cmdr adm maj rev hon gov sen "
    "rep pres supt insp amb vs cf eg ie e.g i.e viz approx ca al"
)
"""What is followed by a name or goes on in the middle of a sentence: it never ends one."""
_BEFORE_NUMBER = _words(
    "no nos nr fig figs eq eqs vol vols p pp ch sec art para ver cap jan feb mar apr jun jul aug sep sept "
    "c b d fl r oct nov dec mon tue tues wed thu thur thurs fri sat sun"
)
"""What is cut short where a figure follows (No. 5, Dec. 24) and may be a word elsewhere (No. The Sun.)."""
_MAYBE_LAST = _words("inc ltd co corp llc plc bros jr sr dept univ assn ave blvd rd ph.d")
"""What may end a sentence or not, as the dotted ones do (U.S., a.m.): the next word decides."""
_STARTERS = _words(
    "the a an this that these those it its he she they we you i his her their our my there here in on "
    "at by for from with after before when while where as if but and or so yet however although though "
    "because since then thus what who why how which some many most few all both each every no not one "
    "once only even also such to another other others during today now later meanwhile despite until "
    "unless about under over between nearly almost"
)
"""Words that, with a capital after a doubtful full stop, show that a sentence begins."""


def sentences(text: str, start: int = 0, end: int | None = None) -> tuple[Span, ...]:
    """The sentences of `text[start:end]`, in order, without the space around them; a line break ends one."""
    limit = len(text) if end is None else min(end, len(text))
    found: list[Span] = []
    begin = start
    for match in _END.finditer(text, start, limit):
        if match["stop"] is None:
            _add(found, text, begin, match.start())
            begin = match.end()
            continue
        after = _after_close(text, match.end(), limit)
        if _ends(text, begin, match, after, limit):
            _add(found, text, begin, after)
            begin = after
    _add(found, text, begin, limit)
    return tuple(found)


def _add(found: list[Span], text: str, start: int, end: int) -> None:
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    end -= len(words) - len(words.rstrip())
    if start < end:
        found.append(Span(start, end))


def _after_close(text: str, after: int, limit: int) -> int:
    """Past a closing guillemet set off by a space, as French does, where one was opened before."""
    if after + 1 < limit and _SPACED_CLOSE.match(text, after):
        before = text[max(0, after - _LOOK_BACK) : after]
        if before.rfind("«") > before.rfind("»"):
            return after + 2
    return after


def _ends(text: str, begin: int, match: re.Match[str], after: int, limit: int) -> bool:
    """Whether a sentence ends at this stop."""
    stop = match["stop"]
    if after >= limit or stop[0] in WIDE_STOPS:
        return True
    if not text[after].isspace():
        return stop[-1] in QUESTION_MARKS and text[after].isupper() and "://" not in text[begin:after]
    at = after
    while at < limit and text[at] in _BEFORE_WORD:
        at += 1
    if at >= limit or text[at].isspace():
        return True
    if text[at].islower() and not text[at + 1 : at + 2].isupper():
        return False
    if stop != "." or any(char in CLOSING_QUOTES for char in text[match.start("close") : after]):
        return True
    return not _is_abbreviation(text, begin, match.start(), at)


def _is_abbreviation(text: str, begin: int, dot: int, at: int) -> bool:
    """Whether the word before this full stop is cut short, and what follows at `at` goes on with it."""
    word_start = max(text.rfind(" ", begin, dot), text.rfind("\u00a0", begin, dot), begin - 1) + 1
    word = text[word_start:dot].lstrip(_BEFORE_WORD)
    low = word.lower()
    next_word = _word_at(text, at)
    if low in _BEFORE_NAME or (low in _BEFORE_NUMBER and next_word[:1].isdigit()):
        return True
    if word.isdecimal() and len(word) <= _ITEM_DIGITS and not text[begin:word_start].strip():
        return True  # the number of an item
    if low in _MAYBE_LAST or _DOTTED.fullmatch(word):
        return next_word.lower() not in _STARTERS
    if len(word) != 1 or not word.isupper():
        return False
    if word == "I" and not _follows_initial(text, begin, word_start):
        return False
    return next_word.lower() not in _STARTERS


def _word_at(text: str, at: int) -> str:
    match = _WORD.match(text, at, at + 40)
    return match[0].rstrip(".'\u2019-") if match else ""


def _follows_initial(text: str, begin: int, at: int) -> bool:
    """Whether an "I." is somebody's initial: it stands first, or after another initial."""
    before = text[max(begin, at - 3) : at].rstrip()
    return not before or (before.endswith(".") and before[-2:-1].isupper())
