"""What a pronoun of a sentence stands for within it, as far as grammar tells beyond doubt."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from questions.generation import wordnet
from questions.generation.facts import Token
from questions.generation.lexicon import country_forms
from questions.generation.tree import SUBJECTS, Tree

MASCULINE = frozenset({"he", "him", "his", "himself"})
FEMININE = frozenset({"she", "her", "hers", "herself"})
NEUTER = frozenset({"it", "its", "itself"})
PLURAL = frozenset({"they", "them", "their", "theirs", "themselves"})
OBJECT_FORMS = frozenset({"him", "her", "it", "them"})
LOWER_CLAUSES = frozenset({"ccomp", "advcl", "acl", "relcl", "conj"})
TIME_NOUNS = frozenset({"year", "day", "week", "month", "decade", "century", "morning", "evening", "night"})


def agrees(tree: Tree, noun: int, pronoun: str) -> bool:
    """Whether a noun may be what a third-person pronoun stands for."""
    token = tree.tokens[noun]
    if token.pos not in {"NOUN", "PROPN"} or _is_time(token) or token.lemma.lower() in {"one", "other"}:
        return False
    plural = token.tag in {"NNS", "NNPS"} or bool(tree.children(noun, "conj")) or token.ent == "NORP"
    person = token.ent == "PERSON" or (token.pos == "NOUN" and wordnet.is_person(token.lemma))
    is_actor = token.pos == "PROPN" and token.dep in SUBJECTS and not _is_place(tree, noun)
    if is_actor and token.ent in {"ORG", "GPE", ""}:
        person = pronoun not in NEUTER  # parsers take surnames for towns; the pronoun knows better
    if pronoun in PLURAL:
        return plural
    if plural:
        return False
    return not person if pronoun in NEUTER else person


def _is_place(tree: Tree, noun: int) -> bool:
    """Whether a name is surely a place: a country or capital, or something that one is in or comes from."""
    low = tree.tokens[noun].text.lower()
    before = tree.tokens[noun - 1].text.lower() if noun else ""
    return low in country_forms() or before in {"in", "at", "from", "near", "to"}


def _is_time(token: Token) -> bool:
    return token.ent in {"DATE", "TIME"} or token.lemma.lower() in TIME_NOUNS


def antecedent(tree: Tree, number: int, inside: AbstractSet[int]) -> int | None:
    """What a third-person pronoun stands for within the kept tokens, where that is beyond doubt."""
    token = tree.tokens[number]
    word = token.text.lower()
    if token.tag == "PRP$" and tree.tokens[token.head].dep == "attr":
        return None  # "Victory was their goal"
    if word in MASCULINE | FEMININE and _other_gender(tree, word):
        return None  # who is who, only the text around it can tell
    before = {one for one in inside if one < number and number not in tree.subtree(one)}
    if word in OBJECT_FORMS and token.tag == "PRP":
        own = tree.subject(_with_subject(tree, tree.governing_verb(number)))
        before -= {own}
    for one in _subjects_above(tree, number):
        if one in before and agrees(tree, one, word):
            return one
    ahead = _subject_ahead(tree, number, word)
    if ahead in inside:
        return ahead
    if token.dep in SUBJECTS and token.head in tree.roots:
        return None  # "Without money, it could not pay": what stands in front of a subject is seldom meant
    found = [one for one in sorted(before) if is_head(tree, one) and agrees(tree, one, word)]
    distinct = {tree.tokens[one].text for one in found}
    return found[-1] if len(distinct) == 1 else None


def _subject_ahead(tree: Tree, number: int, word: str) -> int | None:
    """The main subject, where a phrase in front of it has a pronoun: "After its repair, the ship sailed"."""
    subject = tree.subject(tree.roots[0])
    own = tree.subject(tree.governing_verb(number))
    if subject is None or number > subject or number in tree.subtree(subject) or own not in {None, subject}:
        return None
    is_rival = any(is_head(tree, one) and agrees(tree, one, word) for one in range(number))
    return subject if agrees(tree, subject, word) and not is_rival else None


def _other_gender(tree: Tree, word: str) -> bool:
    """Whether the sentence speaks of a man and of a woman by pronouns."""
    other = FEMININE if word in MASCULINE else MASCULINE
    return any(token.text.lower() in other for token in tree.tokens)


def _subjects_above(tree: Tree, number: int) -> Iterator[int]:
    """The subjects that a pronoun may stand for: of its own verb, of the clause above, of one in front."""
    token = tree.tokens[number]
    word = token.text.lower()
    verb = _with_subject(tree, tree.governing_verb(number))
    own = tree.subject(verb)
    upper = tree.subject(_with_subject(tree, tree.governing_verb(verb)))
    is_object = word in OBJECT_FORMS and token.tag == "PRP"
    if own is not None and own != number and not is_object:
        yield own
    is_rival = own is not None and own != number and agrees(tree, own, word)
    if upper is not None and tree.tokens[verb].dep in LOWER_CLAUSES and not is_rival:
        yield upper
    fronted = _fronted_subject(tree, verb)
    if fronted is not None and own == number:
        yield fronted


def _fronted_subject(tree: Tree, verb: int) -> int | None:
    """The subject of a clause before the main one: "When a bog dries, it shrinks"."""
    for kid in tree.children(verb, "advcl"):
        subject = tree.subject(kid)
        if kid < verb and subject is not None and tree.is_finite(kid):
            return subject
    return None


def _with_subject(tree: Tree, verb: int) -> int:
    """The verb whose subject acts: an infinitive, participle or joined verb takes that of the verb above."""
    while tree.subject(verb) is None and tree.tokens[verb].dep in {"xcomp", "conj", "pcomp", "advcl"}:
        upper = tree.governing_verb(verb)
        if upper == verb or (tree.tokens[verb].dep == "xcomp" and tree.children(upper, "dobj")):
            return verb
        verb = upper
    return verb


def is_head(tree: Tree, number: int) -> bool:
    """Whether a noun is one of its own, not a part of the name or noun after it."""
    return tree.tokens[number].dep not in {"compound", "amod", "nmod"}
