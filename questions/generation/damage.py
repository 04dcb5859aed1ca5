"""Text that came to harm, or is no text at all: scans misread, words lost, talk written down.

From a damaged sentence no statement is taken, whatever the parser makes of it; from a section in which many
are damaged nothing is taken at all, because what is wrong with the others only does not show.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from questions.generation import wordnet
from questions.generation.facts import Sentence
from questions.generation.lexicon import words

DAMAGE = frozenset({"lower_case", "capitals", "noise", "gap_in_words", "strange_words"})
"""The blockers that tell of a text which is not as its author wrote it."""
MOST_DAMAGED = 1 / 3
FEWEST_DAMAGED = 3
STRANGE_IN_SENTENCE, STRANGE_SHARE = 2, 0.08
STRANGE_IN_SECTION, STRANGE_SECTION_SHARE = 5, 0.04
FEWEST_SPEECHES = 3
FEWEST_LETTERS = 3
"""Of a prefix's rest and of the halves of a compound; shorter strings are parts of anything."""

_INNER_CAPITAL = re.compile(r"[\"'(\[]*[a-z]{1,3}[-']?[A-Z]")
_NUMBERED = re.compile(r"\(?(?:\d+(?:\.\d+)+[.)]?|\d+\)|[a-z]\)|[ivx]+\))\s+[\"'(A-Z]|\d+(?:\.\d+)*\.\s")
_DIGIT_INSIDE = re.compile(r"[a-z]\d+[a-z]")
_STRAY_LETTER = re.compile(r"(?<!\d )(?<![\w'.&/-])[b-z](?![\w'.&/)-])")
_SPACED_STOP = re.compile(r"\w [.,;](?:\s|$)")
_GAP = re.compile(
    r"\b(?:[Tt]he|[Aa]n?)\s+(?:of|to|in|by|at|on|from|for|with|and|but|is|was|are|were|been|has|have|had"
    r"|the|an?|that|which|who|he|she|they|we)(?![\w'&/-])|\b(?:the|an)\s*[,.;:!?]"
)
"""An article with no noun: a word is missing, or words changed their places."""
_SPEAKER = re.compile(
    r"(?:[\[(]?\d[\d:.]+[\])]?\s*)?(?P<name>[A-Z][\w.'\u2019-]*(?:\s[A-Z\d][\w.'\u2019-]*){0,3}):\s"
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_PREFIX = re.compile(
    "(?:un|re|non|pre|post|over|under|inter|anti|micro|macro|multi|de|dis|mis|out|sub|super|semi|co|bio|geo)"
)
_SUFFIXES = (
    ("ically", "ic"), ("ically", "ical"), ("ily", "y"), ("bly", "ble"), ("ly", ""), ("ly", "le"),
    ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e"), ("ness", ""), ("less", ""), ("like", ""), ("er", ""),
    ("er", "e"), ("est", ""), ("est", "e"),
)  # fmt: skip


def damage_blockers(plain: str) -> list[str]:
    """Reason codes of a sentence (normalised) that its bare words show to be damaged or to be no sentence."""
    checks = {
        "lower_case": plain.lstrip("\"'([")[:1].islower() and not _INNER_CAPITAL.match(plain),
        "numbered": bool(_NUMBERED.match(plain)),
        "noise": bool(
            _DIGIT_INSIDE.search(plain) or _STRAY_LETTER.search(plain) or _SPACED_STOP.search(plain)
        ),
        "gap_in_words": bool(_GAP.search(plain)),
    }
    return [code for code, applies in checks.items() if applies]


def spoken(paragraphs: Iterable[str]) -> frozenset[str]:
    """The paragraphs of an article that are somebody's words after the speaker's name, as in a transcript.

    A label that stands once may be anything ("Note:"); speakers speak again.
    """
    found = {text: match["name"] for text in paragraphs if (match := _SPEAKER.match(text))}
    speakers = Counter(found.values())
    if speakers.total() < FEWEST_SPEECHES or len(speakers) == speakers.total():
        return frozenset()
    return frozenset(found)


def strange_words(sentences: Iterable[Sentence]) -> frozenset[str]:
    """Words in small letters that are no English words as far as is known, and that the article has once.

    A technical term, a dialect word or a foreign one that matters comes again; a misprint does not.
    """
    counted = Counter(word for one in sentences if _is_text(one) for word in _small_words(one))
    return frozenset(word for word, count in counted.items() if count == 1)


def with_strange_words(sentence: Sentence, strange: frozenset[str]) -> tuple[str, ...]:
    """The blockers of a parsed sentence, with that of strange words where it has too many of them."""
    count = len(strange & set(_small_words(sentence))) if _is_text(sentence) else 0
    length = len(sentence.text.split())
    if count < STRANGE_IN_SENTENCE or count < STRANGE_SHARE * length:
        return sentence.blockers
    return (*sentence.blockers, "strange_words")


def is_damaged(sentences: Sequence[Sentence], strange: frozenset[str]) -> bool:
    """Whether so many of a section's sentences are damaged that the rest cannot be trusted."""
    prose = [one for one in sentences if _is_text(one)]
    hurt = sum(bool(DAMAGE & set(one.blockers)) for one in prose)
    if hurt >= FEWEST_DAMAGED and hurt >= MOST_DAMAGED * len(prose):
        return True
    odd = sum(len(strange & set(_small_words(one))) for one in prose)
    length = sum(len(one.text.split()) for one in prose)
    return odd >= STRANGE_IN_SECTION and odd >= STRANGE_SECTION_SHARE * length


def _is_text(sentence: Sentence) -> bool:
    """Whether it should be a plain sentence: English prose, or a question with its answer."""
    return not any(code.startswith("not_") and code != "not_prose:faq" for code in sentence.blockers)


def _small_words(sentence: Sentence) -> list[str]:
    """The unknown words of a parsed sentence that are written in small letters."""
    return [
        token.text
        for token in sentence.tokens
        if token.text.islower() and _WORD.fullmatch(token.text) and not _is_known(token.text, token.lemma)
    ]


@lru_cache(maxsize=20_000)
def _is_known(word: str, lemma: str) -> bool:
    return _is_listed(word) or _is_listed(lemma.lower()) or _is_formed(word)


def _is_listed(word: str) -> bool:
    if word in words("stop_words") or word in words("small_words"):
        return True
    return any(wordnet.knows(word, pos) for pos in ("n", "v", "a"))


def _is_formed(word: str) -> bool:
    """Whether a word is made of known ones: by an ending, a prefix, or of two."""
    for ending, instead in _SUFFIXES:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= FEWEST_LETTERS and _is_listed(stem + instead):
            return True
    prefix = _PREFIX.match(word)
    if prefix and len(word) - prefix.end() > FEWEST_LETTERS and _is_listed(word[prefix.end() :]):
        return True
    return any(
        _is_listed(word[:cut]) and _is_listed(word[cut:])
        for cut in range(FEWEST_LETTERS, len(word) - FEWEST_LETTERS + 1)
    )
