"""Statements made false by a small word: how many, how often, how much at least, whether it must be.

Such words decide what a sentence says, and are read over easily. All other words stay those of the text.
"""

from __future__ import annotations

from collections.abc import Iterator

from questions.generation.derive import Change
from questions.generation.distractors import Falsified, falsified, is_partitive, sentence_of
from questions.generation.facts import Clause, NumberFact, SectionFacts
from questions.generation.tree import Tree

MANY = frozenset({"many", "most", "all", "several", "numerous", "countless"})
MORE_THAN = {"more": "than", "greater": "than", "at": "least"}
LESS_THAN = {"less": "than", "fewer": "than", "smaller": "than", "at": "most", "up": "to"}
OVER, UNDER = frozenset({"over"}), frozenset({"under"})
MEASURES = frozenset(
    {"kilometer", "kilometre", "mile", "meter", "metre", "gram", "kilogram", "ton", "tonne", "liter", "litre"}
    | {
        "percent",
        "dollar",
        "euro",
        "pound",
        "degree",
        "year",
        "month",
        "week",
        "day",
        "hour",
        "minute",
        "second",
    }
)
"""Of these there is less, not fewer."""
MUST = frozenset({"must"})
BOUND_LENGTH = 2


def scope_changes(section: SectionFacts, clause: Clause) -> Iterator[Falsified]:
    """The clause with one such word turned round, in reading order of its kinds."""
    if clause.is_negated:
        return
    tree = Tree(sentence_of(section, clause).tokens)
    changes = [_duty(tree, clause), _count(tree, clause)]
    changes += [_bound(tree, clause, fact) for fact in section.numbers if _is_inside(clause, fact)]
    changes += [_amount(tree, clause, number) for number in clause.tokens]
    for change in changes:
        if change:
            said = (section.section.text[change[0] : change[1]], change[2])
            one = falsified(section, clause, "scope", [change], said)
            if one:
                yield one


def _is_inside(clause: Clause, fact: NumberFact) -> bool:
    return fact.sentence == clause.sentence and {fact.first, fact.last} <= set(clause.tokens)


def _duty(tree: Tree, clause: Clause) -> Change | None:
    """As "need not" for "must"."""
    for number in tree.auxiliaries(clause.root):
        token = tree.tokens[number]
        next_one = tree.tokens[number + 1]
        if number in clause.tokens and token.text.lower() in MUST and next_one.lemma != "have":
            return (token.start, token.end, "need not")
    return None


def _count(tree: Tree, clause: Clause) -> Change | None:
    """As "few planets" for "most planets", where the whole statement is about so many of them."""
    if not clause.subject:
        return None
    first = tree.tokens[clause.subject[0]]
    if is_partitive(tree, clause) and first.text.lower() not in MANY:
        return None
    head = tree.tokens[first.head]
    plain = first.dep in {"amod", "det"} and first.head in clause.subject and head.tag == "NNS"
    later = {tree.tokens[number].text.lower() for number in clause.tokens if number not in clause.subject}
    if not plain or later & {"but", "few", "some", "others", "only", "nor", "most"}:
        return None
    if first.text.lower() in MANY:
        return (first.start, first.end, "few")
    is_few = first.text.lower() == "few" and clause.subject[0] == clause.tokens[0]
    return (first.start, first.end, "many") if is_few else None


def _bound(tree: Tree, clause: Clause, fact: NumberFact) -> Change | None:
    """As "fewer than 300" for "more than 300" and for "at least 300"."""
    if fact.first < BOUND_LENGTH or fact.hedge not in {"at_least", "at_most"}:
        return None
    one, other = tree.tokens[fact.first - 2], tree.tokens[fact.first - 1]
    if not {fact.first - 2, fact.first - 1} <= set(clause.tokens) or _is_bounded_otherwise(tree, fact):
        return None
    pair = (one.text.lower(), other.text.lower())
    after = tree.tokens[min(fact.last + 1, len(tree.tokens) - 1)]
    fewer = "fewer" if after.tag == "NNS" and after.lemma.lower() not in MEASURES else "less"
    if MORE_THAN.get(pair[0]) == pair[1]:
        return (one.start, other.end, f"{fewer} than")
    if LESS_THAN.get(pair[0]) == pair[1]:
        return (one.start, other.end, "more than")
    if pair[1] in OVER:
        return (other.start, other.end, "under")
    return (other.start, other.end, "over") if pair[1] in UNDER else None


def _is_bounded_otherwise(tree: Tree, fact: NumberFact) -> bool:
    """Whether "no more than" and the like already turn the bound round, or it is one of two."""
    before = {token.text.lower() for token in tree.tokens[max(0, fact.first - 4) : fact.first - 1]}
    return bool(before & {"no", "not", "n't", "never", "from", "between", "and"})


def _amount(tree: Tree, clause: Clause, number: int) -> Change | None:
    """As "more pressure" for "less pressure", where that is what the main verb acts on."""
    token = tree.tokens[number]
    low = token.text.lower()
    if low not in {"more", "less", "fewer"} or token.dep != "amod" or number in clause.subject:
        return None
    head = tree.tokens[token.head]
    after = tree.tokens[number + 1].text.lower()
    is_object = head.dep in {"dobj", "attr"} and head.head == clause.root
    if (
        not is_object
        or after == "than"
        or any(tree.tokens[one].text.lower() == "than" for one in tree.subtree(token.head))
    ):
        return None
    new = "more" if low in {"less", "fewer"} else ("fewer" if head.tag == "NNS" else "less")
    return (token.start, token.end, new)
