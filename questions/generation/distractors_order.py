"""Statements with the right words in the wrong places: what acts and what is acted on, cause and effect.

Role swaps of names stand in `distractors_roles`; these are of things, for verbs that cannot go both ways.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from questions.generation.distractors import Falsified, exchanged, sentence_of
from questions.generation.facts import Clause, SectionFacts
from questions.generation.lexicon import words
from questions.generation.tree import Tree, is_stretch

MAX_PHRASE_TOKENS = 7
MIN_CLAUSE_TOKENS = 4
PRONOUN_TAGS = frozenset({"PRP", "PRP$", "WP", "WDT", "WP$"})
AUXILIARY_TAGS = frozenset({"VBD", "MD"})


def thing_swaps(section: SectionFacts, clause: Clause) -> Iterator[Falsified]:
    """As "wind causes waves" as "waves cause wind", where the verb says who acts on what."""
    tree = Tree(sentence_of(section, clause).tokens)
    if clause.is_negated or clause.is_hedged or _has_pronoun(tree, clause.tokens):
        return
    pair = _actor_and_object(tree, clause.root)
    if pair is None or not _may_change_places(tree, clause, *pair):
        return
    one = exchanged(section, clause, tree, (tree.subtree(pair[0]), tree.subtree(pair[1])), "role")
    if one:
        yield one


def _actor_and_object(tree: Tree, verb: int) -> tuple[int, int] | None:
    """The heads of what acts and of what is acted on."""
    token = tree.tokens[verb]
    if token.lemma.lower() not in words("one_way_verbs") | {"cause"} or tree.children(verb, "prt"):
        return None
    subject = tree.child(verb, "nsubj", "nsubjpass")
    if subject is None or subject > verb:
        return None
    other = tree.child(verb, "dobj")
    if tree.tokens[subject].dep == "nsubjpass":
        agent = tree.child(verb, "agent")
        other = tree.child(agent, "pobj") if agent is not None else None
    if other is None and token.lemma.lower() in words("one_way_prepositions"):
        prep = next(
            (
                kid
                for kid in tree.children(verb, "prep")
                if tree.tokens[kid].text.lower() in {"to", "from", "in", "on"}
            ),
            None,
        )
        other = tree.child(prep, "pobj") if prep is not None else None
    return (subject, other) if other is not None and other > verb else None


def _may_change_places(tree: Tree, clause: Clause, subject: int, other: int) -> bool:
    """Whether both are short phrases of one number around a common noun, whole inside the clause."""
    kept = set(clause.tokens)
    for head in (subject, other):
        phrase = tree.subtree(head)
        token = tree.tokens[head]
        if (
            token.pos != "NOUN"
            or not is_stretch(phrase)
            or len(phrase) > MAX_PHRASE_TOKENS
            or not set(phrase) <= kept
        ):
            return False
        if any(
            tree.tokens[one].pos in {"NUM", "PRON"} or tree.tokens[one].ent in {"PERCENT", "QUANTITY", "DATE"}
            for one in phrase
        ):
            return False
        if tree.children(head, "conj", "relcl", "acl", "appos", "advcl"):
            return False
    first, second = tree.tokens[subject], tree.tokens[other]
    same_number = (first.tag == "NNS") == (second.tag == "NNS")
    return (same_number or _is_uninflected(tree, clause.root)) and first.lemma != second.lemma


def _is_uninflected(tree: Tree, verb: int) -> bool:
    """Whether the verb's form is the same for one and for many."""
    aux = tree.auxiliaries(verb)
    first = tree.tokens[aux[0]] if aux else tree.tokens[verb]
    return first.tag == "MD" or (first.tag == "VBD" and first.lemma != "be")


def cause_swaps(section: SectionFacts, clause: Clause) -> Iterator[Falsified]:
    """As "A, because B" as "B, because A"."""
    tree = Tree(sentence_of(section, clause).tokens)
    if clause.is_negated or _has_pronoun(tree, clause.tokens):
        return
    for verb in tree.children(clause.root, "advcl"):
        marks = [kid for kid in tree.children(verb, "mark") if tree.tokens[kid].text.lower() == "because"]
        cause = tree.subtree(verb)
        if len(marks) != 1 or marks[0] != cause[0] or not is_stretch(cause) or verb < clause.root:
            continue
        inner = cause[1:]
        effect = [number for number in clause.tokens if number < cause[0]]
        while effect and tree.tokens[effect[-1]].pos == "PUNCT":
            effect.pop()
        whole = set(cause) <= set(clause.tokens) and is_stretch(effect) and cause[-1] == clause.tokens[-1]
        if (
            not whole
            or min(len(effect), len(inner)) < MIN_CLAUSE_TOKENS
            or not _is_plain_because(tree, marks[0])
        ):
            continue
        one = exchanged(section, clause, tree, (effect, inner), "role")
        if one:
            yield one


def _is_plain_because(tree: Tree, number: int) -> bool:
    before = tree.tokens[number - 1].text.lower()
    return before not in {"only", "part", "partly", "not", "just", "mainly", "largely", "simply", "and", "or"}


def _has_pronoun(tree: Tree, numbers: Sequence[int]) -> bool:
    return any(tree.tokens[number].tag in PRONOUN_TAGS for number in numbers)
