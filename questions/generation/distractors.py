"""Statements made false by one change, and what every kind of change needs."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from questions.generation.derive import Change, rederive
from questions.generation.facts import ArticleFacts, Clause, SectionFacts, Sentence
from questions.generation.proposal import Derivation
from questions.generation.support import is_supported
from questions.generation.tree import Tree, is_stretch

FalseKind = Literal[
    "entity",
    "number",
    "date",
    "antonym",
    "role",
    "rather_than",
    "subject",
    "negation",
    "affirmation",
    "scope",
]
MAX_VARIANTS = 3
EXEMPLARY = frozenset(
    {"as", "like", "including", "especially", "particularly", "notably", "mainly", "mostly"}
)
_A = re.compile(r"^[aeiou]", re.IGNORECASE)
_SOUNDS_LIKE_YOU = re.compile(r"^(?:uni(?!n|mp)|us[eu]|eu|one\b|once\b)", re.IGNORECASE)
_SILENT_H = re.compile(r"^(?:hour|honest|honou?r|heir)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Falsified:
    """A statement that the text contradicts: `before` was replaced by `after`."""

    clause: Clause
    kind: FalseKind
    before: str
    after: str
    derivation: Derivation
    text: str


def falsified(
    section: SectionFacts, clause: Clause, kind: FalseKind, changes: Iterable[Change], said: tuple[str, str]
) -> Falsified | None:
    """The clause with these changes; None where they do not fit it or leave it as it was."""
    try:
        derivation, text = rederive(section.section, clause.derivation, changes)
    except ValueError:
        return None
    if text == clause.text or "  " in text:
        return None
    return Falsified(clause, kind, said[0], said[1], derivation, text)


def exchanged(
    section: SectionFacts,
    clause: Clause,
    tree: Tree,
    phrases: tuple[Sequence[int], Sequence[int]],
    kind: FalseKind,
) -> Falsified | None:
    """The clause with two phrases in each other's place; None where one of them is no whole stretch."""
    first, second = phrases
    if not is_stretch(first) or not is_stretch(second):
        return None
    inside = [inside_sentence(section, tree, phrase) for phrase in phrases]
    changes = [
        (tree.tokens[first[0]].start, tree.tokens[first[-1]].end, inside[1]),
        (tree.tokens[second[0]].start, tree.tokens[second[-1]].end, inside[0]),
    ]
    said = (raw_words(section, tree, first), raw_words(section, tree, second))
    return falsified(section, clause, kind, changes, said)


def raw_words(section: SectionFacts, tree: Tree, phrase: Sequence[int]) -> str:
    """A phrase as the text has it."""
    return section.section.text[tree.tokens[phrase[0]].start : tree.tokens[phrase[-1]].end]


def inside_sentence(section: SectionFacts, tree: Tree, phrase: Sequence[int]) -> str:
    """A phrase as it is written when it does not begin the sentence: names keep their capital."""
    text, first = raw_words(section, tree, phrase), tree.tokens[phrase[0]]
    keeps = first.pos == "PROPN" or first.ent or (first.text.isupper() and len(first.text) > 1)
    return text if keeps else text[:1].lower() + text[1:]


def sentence_of(section: SectionFacts, clause: Clause) -> Sentence:
    """The sentence that a clause was taken from."""
    return section.sentences[clause.sentence]


def article_change(section: SectionFacts, tree: Tree, number: int, new: str) -> list[Change]:
    """What "a" or "an" before a token must become when the token becomes `new`."""
    if not number:
        return []
    before = tree.tokens[number - 1]
    low = before.text.lower()
    if low not in {"a", "an"}:
        return []
    right = indefinite(new)
    if right == low:
        return []
    raw = section.section.text[before.start : before.end]
    return [(before.start, before.end, right.capitalize() if raw[:1].isupper() else right)]


def indefinite(word: str) -> str:
    """The indefinite article that goes before a word."""
    vowel = bool(_A.match(word)) and not _SOUNDS_LIKE_YOU.match(word)
    return "an" if vowel or _SILENT_H.match(word) else "a"


def rest_of(sentence: Sentence, clause: Clause, changed: Iterable[int]) -> frozenset[str]:
    """The content of a clause without the tokens that are changed."""
    left = set(changed)
    lemmas = {sentence.tokens[number].lemma.lower() for number in clause.tokens if number not in left}
    return frozenset(lemmas & sentence.content)


def is_said_elsewhere(
    facts: ArticleFacts, section: SectionFacts, clause: Clause, changed: Iterable[int], new: Iterable[str]
) -> bool:
    """Whether the article says the changed clause in another sentence."""
    sentence = sentence_of(section, clause)
    place = (section.index, sentence.index)
    return is_supported(facts, new, rest_of(sentence, clause, changed), leave=place)


def is_exemplary(tree: Tree, clause: Clause, number: int) -> bool:
    """Whether a token stands in a list of examples ("such as", "including"), which excludes nothing."""
    above = number
    while tree.tokens[above].head != above and above != clause.root:
        above = tree.tokens[above].head
        near = {above, *tree.children(above, "advmod")} - {number}
        if any(tree.tokens[one].text.lower() in EXEMPLARY for one in near):
            return True
    return False


def is_partitive(tree: Tree, clause: Clause) -> bool:
    """Whether the subject is "one of" or "some of" several: others of them may be anything."""
    first = tree.tokens[clause.subject[0]].text.lower() if clause.subject else ""
    low = [tree.tokens[number].text.lower() for number in clause.tokens]
    return (
        first in {"one", "some", "many", "several"} or "among" in low or ("one", "of") in set(pairwise(low))
    )


def shortest(found: Iterable[Falsified], stream: random.Random) -> list[Falsified]:
    """Of the ways to say the same falsehood, the shortest; of each place in the text, one falsehood."""
    by_place: dict[tuple[int, str, str], list[Falsified]] = {}
    for one in found:
        by_place.setdefault((one.clause.sentence, one.kind, one.before), []).append(one)
    chosen = []
    for place in sorted(by_place):
        best = min((len(one.clause.text), one.clause.text) for one in by_place[place])
        same = [one for one in by_place[place] if one.clause.text == best[1]]
        chosen.append(stream.choice(same[:MAX_VARIANTS]))
    return chosen
