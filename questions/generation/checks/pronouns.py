"""Pronouns that nothing before them can be meant by, as far as the form of a text shows."""

from __future__ import annotations

import re

from questions.generation import wordnet
from questions.generation.words import STOP_WORDS, WORD

_PERSON_PRONOUNS = frozenset(("he", "him", "his", "himself", "she", "her", "hers", "herself"))
_OTHER_PRONOUNS = frozenset(("it", "its", "itself", "they", "them", "their", "theirs", "themselves"))
_DEMONSTRATIVES = frozenset(("this", "these", "those", "such"))
_OBJECTS = frozenset(("it", "them", "him"))
_AFTER_AN_OBJECT = frozenset(
    (
        "",
        "as",
        "at",
        "by",
        "down",
        "for",
        "from",
        "in",
        "into",
        "on",
        "out",
        "to",
        "up",
        "with",
        "until",
        "when",
    )
)
"""Words that follow an object and no subject: after them "it" has been somebody's or something's object."""
_OWN_NOUN = re.compile(
    r"(?:section|text|article|passage|sentence|question|answer|statement|heading|event|word|part|step|stage)s?"
)
"""What a stem may point at with "this": things the learner has before them."""


def dangling_pronouns(
    stem: str, places: frozenset[str] = frozenset(), persons: frozenset[str] = frozenset()
) -> list[str]:
    """The pronouns of a text that nothing before them can be the antecedent of, as far as form shows.

    A word with a capital may name a person, unless it is among `places`; and a thing, unless among `persons`.
    """
    found: list[str] = []
    before: list[str] = []
    raw = WORD.findall(stem)
    for place, word in enumerate(raw):
        folded = word.casefold().partition("'")[0].partition("\u2019")[0]
        after = raw[place + 1].casefold() if place + 1 < len(raw) else ""
        if folded in _DEMONSTRATIVES or (folded == "that" and place == 0):
            is_open = not _is_bound_demonstrative(folded, after)
        else:
            is_object = _is_object(folded, raw[place - 1 : place], after)
            nouns = _without_clause(before) if is_object else before
            is_open = not _has_antecedent(folded, nouns, places, persons)
        if is_open:
            found.append(word)
        if folded not in STOP_WORDS or word == "US":
            before.append(word)
    return found


def _is_object(word: str, ahead: list[str], after: str) -> bool:
    """Whether a pronoun is what a verb right before it acts on."""
    is_after_verb = bool(ahead) and ahead[0].casefold() not in STOP_WORDS
    return is_after_verb and word in _OBJECTS and (word != "it" or after in _AFTER_AN_OBJECT)


def _without_clause(nouns: list[str]) -> list[str]:
    """The words before an object without its verb; and without a lone subject, which cannot be meant too."""
    left = nouns[:-1]
    return left if len(left) > 1 else []


def _is_bound_demonstrative(word: str, after: str) -> bool:
    if word == "such":
        return after in {"as", "a", "an"}
    return bool(_OWN_NOUN.fullmatch(after)) or _is_relative_those(word, after)


def _has_antecedent(word: str, nouns: list[str], places: frozenset[str], persons: frozenset[str]) -> bool:
    """Whether a word is no personal pronoun, or something before it may be what it stands for."""
    if word in _PERSON_PRONOUNS:
        return any(_may_be_person(noun, places) for noun in nouns)
    if word in {"it", "its", "itself"}:
        return any(noun.casefold() not in persons and not _is_somebody(noun) for noun in nouns)
    return word not in _OTHER_PRONOUNS or bool(nouns)


def _is_somebody(noun: str) -> bool:
    return noun[0].islower() and wordnet.is_person(noun)


def _may_be_person(noun: str, places: frozenset[str]) -> bool:
    is_name = noun[0].isupper() and noun.casefold().removesuffix("'s") not in places
    return is_name or wordnet.is_person(noun)


def _is_relative_those(word: str, after: str) -> bool:
    """Whether the pronoun is bound by what follows ("those who", "those of")."""
    return word == "those" and after in {"who", "whose", "that", "of", "in", "on", "with", "which"}
