"""Statements made false by exchanging who does and who suffers, or what is and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from questions.generation import wordnet
from questions.generation.distractors import (
    Falsified,
    exchanged,
    falsified,
    inside_sentence,
    is_said_elsewhere,
    raw_words,
    sentence_of,
)
from questions.generation.distractors_names import GENDERED, granularity, is_slot, mentions_in, name_change
from questions.generation.entities import same_referent
from questions.generation.facts import ArticleFacts, Clause, Mention, SectionFacts, Token
from questions.generation.lexicon import words
from questions.generation.tree import Tree, is_stretch

MAX_PHRASE_TOKENS, MAX_SUBJECT_TOKENS = 8, 5
PRONOUNS = GENDERED | {"it", "its", "itself", "they", "them", "their", "themselves"}


def role_swaps(facts: ArticleFacts, section: SectionFacts, clause: Clause) -> Iterator[Falsified]:
    """As "A told B" as "B told A", where it makes a difference who."""
    tree = Tree(sentence_of(section, clause).tokens)
    if clause.is_negated or clause.is_hedged or _has_pronoun(tree, clause):
        return
    verb = tree.tokens[clause.root]
    if verb.lemma.lower() not in words("asymmetric_verbs") or tree.children(clause.root, "prt"):
        return
    subject = tree.child(clause.root, "nsubj", "nsubjpass")
    other = tree.child(clause.root, "dobj", "dative")
    if subject is None or subject > clause.root:
        return
    if tree.tokens[subject].dep == "nsubjpass":
        agent = tree.child(clause.root, "agent")
        other = tree.child(agent, "pobj") if agent is not None else None
    if other is None or not _same_kind(facts, section, clause, tree, (subject, other)):
        return
    one = exchanged(section, clause, tree, (tree.subtree(subject), tree.subtree(other)), "role")
    if one:
        yield one


def exchanges(facts: ArticleFacts, section: SectionFacts, clause: Clause) -> Iterator[Falsified]:
    """Two names of one kind in each other's place: for claims, which are somebody's very words."""
    tree = Tree(sentence_of(section, clause).tokens)
    if clause.is_negated or set(clause.text.lower().rstrip(".").split()) & PRONOUNS:
        return
    found = [one for one in mentions_in(section, clause) if is_slot(facts, tree, one)]
    for first, second in pairwise(found):
        kinds = {granularity(facts.entity(one.entity)) for one in (first, second)}
        between = {token.text.lower() for token in tree.tokens[first.last + 1 : second.first]}
        if len(kinds) != 1 or between <= {"and", "or", ",", "the"} or "between" in between:
            continue
        if same_referent(first.text, second.text):
            continue
        changes = [
            name_change(section, tree, first, second.text),
            name_change(section, tree, second, first.text),
        ]
        one = falsified(section, clause, "role", changes, (first.text, second.text))
        if one:
            yield one


def subject_swaps(facts: ArticleFacts, section: SectionFacts, clause: Clause) -> Iterator[Falsified]:
    """What one half of a sentence says of its subject, said of the subject of the other half."""
    tree = Tree(sentence_of(section, clause).tokens)
    if clause.is_negated or clause.is_hedged or _has_pronoun(tree, clause):
        return
    for other in sentence_of(section, clause).clauses:
        if set(other.tokens) & set(clause.tokens) or not _are_rivals(tree, clause, other):
            continue
        if is_said_elsewhere(facts, section, clause, clause.subject, [_head(tree, other).lemma]):
            continue
        first, last = tree.tokens[clause.subject[0]], tree.tokens[clause.subject[-1]]
        new = inside_sentence(section, tree, other.subject)
        said = (raw_words(section, tree, clause.subject), new)
        one = falsified(section, clause, "subject", [(first.start, last.end, new)], said)
        if one:
            yield one


def _head(tree: Tree, clause: Clause) -> Token:
    return tree.tokens[next(number for number in clause.subject if tree.tokens[number].head == clause.root)]


def _are_rivals(tree: Tree, clause: Clause, other: Clause) -> bool:
    """Whether two subjects are short, of one class and number, and the other is not in this predicate."""
    subjects = (clause.subject, other.subject)
    for one, subject in zip((clause, other), subjects, strict=True):
        named = any(tree.tokens[number].head == one.root for number in subject)
        if not named or not is_stretch(subject) or len(subject) > MAX_SUBJECT_TOKENS:
            return False
    mine, theirs = _head(tree, clause), _head(tree, other)
    said = {tree.tokens[number].lemma.lower() for number in clause.tokens}
    plural = {head.tag in {"NNS", "NNPS"} for head in (mine, theirs)}
    nouns = {mine.pos, theirs.pos} == {"NOUN"} and wordnet.same_class(mine.lemma, theirs.lemma)
    names = {mine.pos, theirs.pos} == {"PROPN"} and mine.ent == theirs.ent != ""
    has_pronoun = any(tree.tokens[number].pos == "PRON" for number in other.subject)
    return len(plural) == 1 and (nouns or names) and theirs.lemma.lower() not in said and not has_pronoun


def comparison_swaps(section: SectionFacts, clause: Clause) -> Iterator[Falsified]:
    """As "A is larger than B" as "B is larger than A", and so with above, below, before."""
    tree = Tree(sentence_of(section, clause).tokens)
    if clause.is_negated or clause.is_hedged or _has_pronoun(tree, clause):
        return
    subject = tree.child(clause.root, "nsubj")
    if subject is None or subject > clause.root or tree.children(clause.root, "advcl", "conj"):
        return
    for other in _compared(tree, clause):
        phrases = (tree.subtree(subject), tree.subtree(other))
        if _are_alike(tree, subject, other):
            one = exchanged(section, clause, tree, phrases, "role")
            if one:
                yield one


def rather_than_swaps(section: SectionFacts, clause: Clause) -> Iterator[Falsified]:
    """As "X rather than Y" as "Y rather than X"."""
    tree = Tree(sentence_of(section, clause).tokens)
    if clause.is_negated:
        return
    for number in clause.tokens[:-1]:
        pair = (tree.tokens[number].text.lower(), tree.tokens[number + 1].text.lower())
        if pair != ("rather", "than"):
            continue
        phrases = _around(tree, number)
        if phrases and all(set(phrase) <= set(clause.tokens) for phrase in phrases):
            one = exchanged(section, clause, tree, phrases, "rather_than")
            if one:
                yield one


def _around(tree: Tree, number: int) -> tuple[list[int], list[int]] | None:
    """The two phrases that "rather than" joins, where they are of one kind."""
    tried = (_joined(tree, number, right) for right in range(number + 2, len(tree.tokens)))
    heads = next(filter(None, tried), None)
    if heads is None:
        return None
    left, right = heads
    after = tree.subtree(right)
    before = [one for one in tree.subtree(left) if one < number and one not in after]
    while before and tree.tokens[before[-1]].pos == "PUNCT":
        before.pop()
    if not before or tree.tokens[left].pos not in {tree.tokens[right].pos, "NOUN", "PROPN"}:
        return None
    whole = is_stretch(before) and is_stretch(after) and after[0] == number + 2 and before[-1] >= number - 2
    return (before, after) if whole and max(len(before), len(after)) <= MAX_PHRASE_TOKENS else None


def _joined(tree: Tree, number: int, right: int) -> tuple[int, int] | None:
    """The heads of both phrases, where `right` is that of the second: joined, or hung on "than"."""
    token = tree.tokens[right]
    if token.pos not in {"NOUN", "PROPN", "ADJ"}:
        return None
    head = token.head if token.dep == "conj" else tree.tokens[number + 1].head
    is_joined = token.dep == "conj" or (token.dep == "pobj" and token.head == number + 1)
    return (head, right) if is_joined and head < number else None


def _has_pronoun(tree: Tree, clause: Clause) -> bool:
    return any(tree.tokens[number].text.lower() in PRONOUNS for number in clause.tokens)


def _same_kind(
    facts: ArticleFacts, section: SectionFacts, clause: Clause, tree: Tree, heads: tuple[int, int]
) -> bool:
    """Whether subject and object are two different names of one kind, with nothing but an article."""
    found = [_mention_at(section, clause, head) for head in heads]
    if found[0] is None or found[1] is None or same_referent(found[0].text, found[1].text):
        return False
    for mention, head in zip(found, heads, strict=True):
        extra = [
            one
            for one in tree.subtree(head)
            if mention is not None and not mention.first <= one <= mention.last
        ]
        if any(tree.tokens[one].text.lower() != "the" for one in extra):
            return False
    kinds = {granularity(facts.entity(mention.entity)) for mention in found if mention is not None}
    return len(kinds) == 1 and kinds != {""}


def _mention_at(section: SectionFacts, clause: Clause, number: int) -> Mention | None:
    return next(
        (
            mention
            for mention in section.mentions
            if mention.sentence == clause.sentence and mention.first <= number <= mention.last
        ),
        None,
    )


def _compared(tree: Tree, clause: Clause) -> Iterator[int]:
    """What the subject is compared with, or placed above or below."""
    for kid in tree.children(clause.root, "acomp", "attr"):
        graded = tree.tokens[kid].tag == "JJR" or any(
            tree.tokens[one].text.lower() in {"more", "less"} for one in tree.children(kid, "advmod")
        )
        for prep in tree.children(kid, "prep") if graded else []:
            if tree.tokens[prep].text.lower() == "than":
                yield from tree.children(prep, "pobj")
    is_place = not tree.children(clause.root, "acomp", "attr")
    if is_place and tree.tokens[clause.root].lemma.lower() in {"be", "lie", "stand", "sit"}:
        for prep in tree.children(clause.root, "prep"):
            if tree.tokens[prep].text.lower() in words("asymmetric_prepositions"):
                yield from tree.children(prep, "pobj")


def _are_alike(tree: Tree, subject: int, other: int) -> bool:
    """Whether both are short, plain, definite phrases of one number, so that either may come first."""
    phrases = (tree.subtree(subject), tree.subtree(other))
    if any(len(phrase) > MAX_PHRASE_TOKENS or not is_stretch(phrase) for phrase in phrases):
        return False
    number = [tree.tokens[one].tag in {"NNS", "NNPS"} for one in (subject, other)]
    nouns = all(tree.tokens[one].pos in {"NOUN", "PROPN"} for one in (subject, other))
    counted = any(tree.tokens[one].pos == "NUM" for phrase in phrases for one in phrase)
    return nouns and number[0] == number[1] and not counted
