"""Statements made false by "not", by taking it away, or by "still" for "no longer"."""

from __future__ import annotations

from collections.abc import Iterator

from questions.generation.derive import Change
from questions.generation.distractors import Falsified, falsified, is_partitive, sentence_of
from questions.generation.facts import Clause, SectionFacts
from questions.generation.inflect import inflected
from questions.generation.lexicon import words
from questions.generation.tree import AUXILIARIES, Tree

UNSURE = frozenset({"may", "might", "could", "would", "should", "must", "shall"})
ATTITUDES = frozenset(
    {"sadly", "fortunately", "unfortunately", "luckily", "surprisingly", "thankfully", "hopefully"}
    | {"regrettably", "sure", "obviously", "clearly"}
)
"""What is said with regret is not said of its opposite."""


def affirmations(section: SectionFacts, clause: Clause) -> Iterator[Falsified]:
    """The clause without its "not", or with "still" for "no longer", where nothing else depends on it."""
    tree = Tree(sentence_of(section, clause).tokens)
    low = {tree.tokens[number].text.lower() for number in clause.tokens}
    has_attitude = any(
        tree.tokens[kid].text.lower() in ATTITUDES for kid in tree.children(clause.root, "advmod")
    )
    is_of_some = any(tree.tokens[one].text.lower() in {"some", "many", "few"} for one in clause.subject)
    if not clause.is_negated or is_of_some or has_attitude or low & (words("polar_words") | {"nor", "or"}):
        return
    found = [
        kid for kid in tree.children(clause.root, "neg") if tree.tokens[kid].text.lower() in {"not", "n't"}
    ]
    change = _without_not(tree, clause, found[0]) if len(found) == 1 else _still(tree, clause)
    if change:
        said = (section.section.text[change[0] : change[1]], change[2])
        one = falsified(section, clause, "affirmation", [change], said)
        if one:
            yield one


def _still(tree: Tree, clause: Clause) -> Change | None:
    """As "still" in the place of "no longer"."""
    for number in clause.tokens[:-1]:
        one, other = tree.tokens[number], tree.tokens[number + 1]
        is_main = other.head == clause.root or tree.tokens[other.head].head == clause.root
        if (one.text.lower(), other.text.lower()) == ("no", "longer") and is_main:
            return (one.start, other.end, "still")
    return None


def _without_not(tree: Tree, clause: Clause, negation: int) -> Change | None:
    aux = [kid for kid in tree.children(clause.root, *AUXILIARIES) if kid < negation]
    tokens = tree.tokens
    first = aux[-1] if aux else negation - 1
    if first < 0 or first + 1 != negation:
        return None
    if tokens[first].lemma.lower() == "do":
        between = range(negation + 1, clause.root)
        if any(tokens[number].text.lower() != "yet" for number in between):
            return None
        verb = inflected(tokens[clause.root].lemma, tokens[first].tag)
        return (tokens[first].start, tokens[clause.root].end, verb)
    if tokens[first].lemma.lower() in {"be", "have"} or tokens[first].text.lower() in {"will", "can", "ca"}:
        word = "can" if tokens[first].text.lower() == "ca" else tokens[first].text
        end = tokens[negation].end
        after = tokens[negation + 1] if negation + 1 < len(tokens) else None
        if after and after.text.lower() == "yet":
            end = after.end
        return (tokens[first].start, end, word)
    return None


def negations(section: SectionFacts, clause: Clause) -> Iterator[Falsified]:
    """The clause with "not", where that is its plain opposite."""
    tree = Tree(sentence_of(section, clause).tokens)
    tokens = tree.tokens
    low = {tokens[number].text.lower() for number in clause.tokens}
    joined = any(kid in clause.tokens for kid in tree.children(clause.root, "conj", "advcl"))
    unsure = clause.is_negated or clause.is_hedged or is_partitive(tree, clause)
    if unsure or joined or low & words("scope_words"):
        return
    change = _with_not(tree, clause)
    if change:
        said = (section.section.text[change[0] : change[1]], change[2])
        one = falsified(section, clause, "negation", [change], said)
        if one:
            yield one


def refusals(section: SectionFacts, clause: Clause) -> Iterator[Falsified]:
    """What somebody says may happen as what will not: for claims, which are somebody's very words."""
    tree = Tree(sentence_of(section, clause).tokens)
    for kid in tree.auxiliaries(clause.root):
        token = tree.tokens[kid]
        if kid in clause.tokens and token.text.lower() in {"may", "might", "could"} and not clause.is_negated:
            said = (token.text, "will not")
            one = falsified(section, clause, "negation", [(token.start, token.end, "will not")], said)
            if one:
                yield one


def _with_not(tree: Tree, clause: Clause) -> Change | None:
    tokens = tree.tokens
    root = tokens[clause.root]
    aux = [kid for kid in tree.auxiliaries(clause.root) if kid in clause.tokens]
    if any(kid <= clause.root + 1 for kid in tree.children(clause.root, "advmod")):
        return None
    if tree.children(clause.root, "expl") or (root.lemma == "be" and tree.children(clause.root, "xcomp")):
        return None  # "is not to run until March"
    if aux or root.lemma == "be":
        first = tokens[aux[0]] if aux else root
        if first.text.lower() in UNSURE or first.text.startswith("'"):
            return None
        word = "cannot" if first.text.lower() == "can" else f"{first.text} not"
        return (first.start, first.end, word)
    support = {"VBZ": "does not", "VBD": "did not", "VBP": "do not"}.get(root.tag)
    return (root.start, root.end, f"{support} {root.lemma}") if support and root.lemma else None
