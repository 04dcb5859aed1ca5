"""Words that a sentence explains: "X is a Y that", "X refers to Y", "Y is called X", "X, a Y that"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from questions.generation import wordnet
from questions.generation.core import core
from questions.generation.lexicon import words
from questions.generation.terms import (
    FEWEST_TOLD,
    TERM_POS,
    head,
    is_apart,
    is_meaning,
    is_plural,
    is_term,
    says_enough,
    shortened,
    without_aside,
)
from questions.generation.tree import Tree, is_stretch

WELL_TOLD = 10
"""Tokens from which on a kind of a thing is told from others even without a clause."""
FEWEST_NAMED = 2
"""Tokens of a thing that has another name too."""
NAMING_FORMS: Mapping[str, tuple[str, ...]] = {
    "called": (), "termed": (), "named": (), "known": ("as",), "referred": ("to", "as"),
}  # fmt: skip
"""Verbs that lead to a name, and what stands between."""
OFTEN = frozenset({"also", "often", "sometimes", "commonly", "usually", "generally", "now", "then", "or"})
MEANING_VERBS = frozenset({"refer", "define", "mean", "denote"})
KINDS = frozenset({"kind", "type", "form", "sort", "variety", "class", "group", "branch"})
PROCESSES = frozenset({"process", "practice", "study", "science", "art", "ability", "condition", "loss"})
PLACED = frozenset({"found", "seen", "located"})
WORDS = frozenset({"word", "term", "name", "phrase", "expression", "title"})
"""What is said with them is said of the word, and not of the thing."""
ARTICLES = frozenset({"a", "an", "the"})
QUOTES = frozenset({'"', "\u201c", "\u201d", "'", "\u2018", "\u2019"})
SETTING_OFF = frozenset({",", "(", "\u2014", "\u2013"})
MOST_LEADING = 5


@dataclass(frozen=True, slots=True)
class Definition:
    """A word without its article and what the sentence says it is, as numbers of tokens."""

    term: tuple[int, ...]
    meaning: tuple[int, ...]
    is_second: bool = False
    """Whether the thing has a name already, and this is what it is called too."""


Found = tuple[list[int], list[int]]


def definitions(tree: Tree, small: AbstractSet[str] = frozenset()) -> Iterator[Definition]:
    """What this sentence explains or names, each word once.

    `small` are words that the text writes with a small letter, so that their capital here is no name's.
    """
    seen: set[tuple[int, ...]] = set()
    found = _named(tree) if _has_names(tree) else (*_said_to_be(tree), *_in_apposition(tree))
    for named, told in found:
        term = tuple(_bare(tree, named))
        meaning = tuple(shortened(tree, without_aside(tree, told))) if told else ()
        is_second = bool(term) and _is_second(tree, term[0])
        is_new = term not in seen and not set(term) & set(meaning)
        fewest = FEWEST_NAMED if is_second else FEWEST_TOLD
        is_clear = is_new and is_term(tree, term, small) and is_meaning(tree, meaning, fewest)
        if is_clear and is_apart(tree, term, meaning) and (is_second or says_enough(tree, meaning)):
            seen.add(term)
            yield Definition(term, meaning, is_second)


def _said_to_be(tree: Tree) -> Iterator[Found]:
    """As "A nutrient is a substance that ..." and "Tomography refers to imaging by sections"."""
    root = tree.roots[0]
    token = tree.tokens[root]
    subject = tree.child(root, "nsubj", "nsubjpass")
    inside = set(core(tree))
    if subject is None or subject > root or token.tag not in {"VBZ", "VBP", "VBN"} or tree.is_negated(root):
        return
    term = [one for one in tree.subtree(subject) if one in inside]
    after = tree.tokens[term[-1] + 1] if term else token
    is_ended = after.pos in {"AUX", "VERB"} or after.text.lower() in OFTEN | {"("}
    if not is_ended or _is_restricted(tree, root, subject):
        return
    said = None
    if token.lemma == "be" and not tree.auxiliaries(root):
        said = tree.child(root, "attr")
        said = said if said is not None and _explains(tree, subject, said) else None
    elif token.lemma.lower() in MEANING_VERBS and not tree.modal(root):
        said = _meant(tree, root)
        defined = tree.child(root, "dobj")
        if token.lemma.lower() == "define" and defined is not None:
            term = tree.subtree(defined)
    is_many = token.lemma == "be" and token.tag == "VBP"
    if said is not None and (is_plural(tree, [said]) or not is_many):
        yield term, [one for one in tree.subtree(said) if one in inside]


def _is_restricted(tree: Tree, verb: int, subject: int) -> bool:
    """Whether words in front say for whom or when it holds: "in the older view, ..."."""
    return any(kid < subject for kid in tree.children(verb, "prep", "advcl", "npadvmod"))


def _has_names(tree: Tree) -> bool:
    """Whether a sentence calls something by a name: by that one it could be called as well."""
    return any(token.text.lower() in NAMING_FORMS for token in tree.tokens)


def _meant(tree: Tree, verb: int) -> int | None:
    """What "refers to", "is defined as" and "means" lead to, where the sentence ends with it."""
    if tree.children(verb, "advcl", "conj", "ccomp"):
        return None
    lemma = tree.tokens[verb].lemma.lower()
    if lemma in {"mean", "denote"}:
        return tree.child(verb, "dobj")
    to = "to" if lemma == "refer" else "as"
    prep = next((kid for kid in tree.children(verb, "prep") if tree.tokens[kid].text == to), None)
    return None if prep is None else tree.child(prep, "pobj")


def _explains(tree: Tree, subject: int, said: int) -> bool:
    """Whether "is a ..." says what a thing is, and not how one finds it."""
    noun = tree.tokens[said]
    low = {tree.tokens[kid].text.lower() for kid in tree.children(said, "det")}
    is_plural = noun.tag == "NNS" and not low
    if noun.pos != "NOUN" or not (low & {"a", "an"} or is_plural) or tree.children(said, "conj", "appos"):
        return False
    graded = tree.children(said, "amod")
    if any(tree.tokens[one].tag in {"JJR", "JJS"} or tree.children(one, "advmod") for one in graded):
        return False
    if noun.lemma.lower() in KINDS:
        return _is_told(tree, tree.subtree(said)) or len(tree.subtree(said)) >= WELL_TOLD
    if noun.lemma.lower() in words("generic_heads") | WORDS:
        return False
    is_kind_of = wordnet.related(tree.tokens[subject].lemma.lower(), noun.lemma.lower())
    return _is_told(tree, tree.subtree(said)) or (is_kind_of and bool(tree.children(said, "prep")))


def _named(tree: Tree) -> Iterator[Found]:
    """As "Muscle loss in old age is called sarcopenia" and "the deepest part, called the pool,"."""
    inside = set(core(tree))
    for verb, token in enumerate(tree.tokens):
        between = NAMING_FORMS.get(token.text.lower())
        if between is None:
            continue
        start = verb + 1 + len(between)
        if tuple(one.text for one in tree.tokens[verb + 1 : start]) != between:
            continue
        term = _name_from(tree, start)
        subject = tree.child(verb, "nsubjpass")
        comma = _set_off(tree, verb)
        if subject is not None and token.dep == "ROOT":
            if tree.is_negated(verb) or _is_restricted(tree, verb, subject):
                continue
            yield term, [one for one in tree.subtree(subject) if one in inside]
        elif comma is not None:
            yield term, _before(tree, comma, are_many=is_plural(tree, term))


def _name_from(tree: Tree, start: int) -> list[int]:
    """The words of a name from here, in quotation marks or not, to where the phrase ends."""
    is_quoted = start < len(tree.tokens) and tree.tokens[start].text in QUOTES
    start += is_quoted
    end = start
    while end < len(tree.tokens) and (
        tree.tokens[end].pos in {"DET", *TERM_POS} or tree.tokens[end].text == "-"
    ):
        end += 1
    name, after = list(range(start, end)), tree.tokens[end : end + 1]
    if is_quoted:
        return name if after and after[0].text in {*QUOTES, ",", "."} else []
    is_loose = bool(after) and after[0].pos in {"ADP", "SCONJ"} and after[0].head not in name
    is_ended = not after or after[0].text in {",", ".", ")", "(", "\u2014", ";"}
    return name if is_ended or (is_loose and after[0].text.lower() != "of") else []


def _is_second(tree: Tree, number: int) -> bool:
    """Whether words before a name lead to it as to another one: ", also known as"."""
    leading: list[str] = []
    for token in reversed(tree.tokens[max(0, number - MOST_LEADING) : number]):
        if token.text == ",":
            break
        leading.append(token.text.lower())
    return "also" in leading and any(one in NAMING_FORMS for one in leading)


def _set_off(tree: Tree, verb: int) -> int | None:
    """The comma or dash before ", called ..." or ", often known as ..."."""
    at = verb - 1
    while at > 0 and tree.tokens[at].text.lower() in OFTEN:
        at -= 1
    return at if at > 0 and tree.tokens[at].text in {",", "\u2014"} else None


def _before(tree: Tree, comma: int, *, are_many: bool) -> list[int]:
    """The longest noun phrase that ends before the comma and is of the same number."""
    found: list[int] = []
    for number in range(comma):
        if tree.tokens[number].pos in {"NOUN", "PROPN"} and is_plural(tree, [number]) == are_many:
            phrase = [one for one in tree.subtree(number) if one < comma]
            if phrase[-1] == comma - 1 and is_stretch(phrase) and len(phrase) > len(found):
                found = phrase
    is_clear = not any(tree.tokens[one].text == "," or _may_be_it(tree, found, one) for one in found)
    return found if is_clear else []


def _may_be_it(tree: Tree, phrase: Sequence[int], number: int) -> bool:
    """Whether the name after a phrase may be that of this noun in it: "a mix of salts, called brines"."""
    is_one = tree.tokens[number].pos == "NOUN" and number != head(tree, phrase)
    is_the = any(tree.tokens[kid].text.lower() == "the" for kid in tree.children(number, "det"))
    same = is_plural(tree, [number]) == is_plural(tree, [head(tree, phrase)])
    return is_one and same and not is_the and tree.tokens[number].dep != "compound"


def _in_apposition(tree: Tree) -> Iterator[Found]:
    """As "differentiation, the process of sorting by density"."""
    for said, token in enumerate(tree.tokens):
        if token.dep != "appos" or token.pos != "NOUN" or said < token.head:
            continue
        meaning = tree.subtree(said)
        after = tree.tokens[meaning[-1] + 1 : meaning[-1] + 2]
        is_set_off = tree.tokens[meaning[0] - 1].text in SETTING_OFF and (
            not after or after[0].pos == "PUNCT"
        )
        first = tree.tokens[meaning[0]].text.lower()
        term = _last_noun(tree, meaning[0] - 2)
        if token.lemma.lower() in WORDS or not term or not _is_kind(tree, term[-1], said):
            continue
        is_told = _is_told(tree, meaning) or (first == "the" and bool(tree.children(said, "prep")))
        if is_set_off and is_told and (first in ARTICLES or token.tag == "NNS"):
            yield term, meaning


def _is_kind(tree: Tree, term: int, said: int) -> bool:
    """Whether the apposition says what the noun before it is, and not what the whole clause comes to."""
    noun, kind = tree.tokens[term].lemma.lower(), tree.tokens[said].lemma.lower()
    if kind in KINDS | PROCESSES:
        return True
    return wordnet.related(noun, kind) or (not wordnet.knows(noun) and kind not in words("generic_heads"))


def _last_noun(tree: Tree, end: int) -> list[int]:
    """The plain noun phrase that ends here."""
    if end < 0 or tree.tokens[end].pos != "NOUN" or tree.tokens[end].dep == "conj":
        return []
    phrase = [one for one in tree.subtree(end) if one <= end]
    return phrase if is_stretch(phrase) and tree.tokens[phrase[0]].text.lower() != "the" else []


def _is_told(tree: Tree, meaning: Sequence[int]) -> bool:
    """Whether a clause in it says more of the thing than where it is."""
    return any(
        tree.tokens[one].dep in {"relcl", "acl"} and tree.tokens[one].text.lower() not in PLACED
        for one in meaning
    )


def _bare(tree: Tree, term: Sequence[int]) -> Sequence[int]:
    return term[1:] if term and tree.tokens[term[0]].text.lower() in ARTICLES else term
