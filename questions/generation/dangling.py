"""Does a statement stand on its own? Finds the word in it that points to something outside of it.

Strict on purpose: a statement that a reader has to look up is no statement to be judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from questions.generation import wordnet
from questions.generation.binding import (
    FEMININE,
    MASCULINE,
    NEUTER,
    PLURAL,
    TIME_NOUNS,
    antecedent,
)
from questions.generation.facts import Token
from questions.generation.lexicon import words
from questions.generation.tree import SUBJECTS, Tree

FIRST_PERSON = frozenset({"i", "me", "my", "mine", "myself", "we", "ours", "ourselves"})
"""Without "our" and "us", which in expository prose are everybody's."""
DEMONSTRATIVES = frozenset({"this", "that", "these", "those"})
FINAL_HEADS = frozenset(
    {"former", "latter", "other", "others", "same", "rest", "opposite", "ones", "reverse", "converse"}
)
QUANTIFIERS = frozenset(
    {"some", "many", "most", "few", "several", "all", "any", "none", "both", "either", "neither", "each"}
    | {"another", "much", "more", "less", "fewer", "half", "such", "one", "two", "three", "first", "second"}
    | {"third", "nothing", "enough", "plenty"}
)
COMPARING = frozenset(
    {"similar", "same", "equivalent", "corresponding", "respective", "aforementioned", "said"}
)
POINTING_ADVERBS = frozenset(
    {"here", "there", "instead", "otherwise", "similarly", "likewise", "respectively", "vice", "versa", "so"}
    | {"yesterday", "tomorrow", "tonight", "elsewhere", "afterwards", "afterward", "beforehand", "thereby"}
    | {"above", "below", "thereafter", "conversely"}
)
RELATIVE_TIMES = frozenset({"following", "next", "previous", "preceding", "later", "earlier", "same"})
ORDINALS = frozenset({"first", "second", "third", "fourth", "fifth", "last", "final", "remaining", "next"})
TOLD_CLASSES = frozenset({"act", "communication", "cognition", "event", "motive", "relation"})
"""Classes of nouns that mean, with "the" alone, one that was told of."""


NOMINAL = frozenset({"NOUN", "PROPN"})
BESIDE_OTHERS = frozenset({"the", "no", "any", "and", "or", "each", "every", "many", "like", "as", "unlike"})
"""Before "other" these say that it is what stands beside, or everything else."""
SHELLS = frozenset(
    {"situation", "explanation", "problem", "issue", "question", "answer", "solution", "reason", "result"}
    | {"effect", "idea", "theory", "argument", "debate", "option", "factor", "feature", "trend", "condition"}
    | {"circumstance", "phenomenon", "difference", "change", "approach", "case"}
)
"""Nouns that only sum up what was told (Schmid's shell nouns): "the explanation" has as many as the text."""
PLACING = frozenset(
    {"in", "on", "at", "within", "during", "under", "near", "among", "after", "before", "for"}
)
COMPARED_WITH = frozenset({"than", "when", "if", "compared", "even"})
OF_SOMETHING = frozenset({"example", "exception"})


def dangling(tree: Tree, kept: Sequence[int], known: AbstractSet[str] = frozenset()) -> str:
    """The first word that points outside of the kept tokens; empty when there is none.

    `known` holds nouns that need no name here: those of the article's title and headings, and, as "a museum",
    those that the section has brought in.
    """
    inside = set(kept)
    for number in kept:
        token = tree.tokens[number]
        if (
            _is_open_pronoun(tree, number, inside)
            or _is_open_demonstrative(tree, number, inside, known)
            or _is_open_quantity(tree, number)
            or _is_open_definite(tree, number, inside, known)
            or _is_relative_time(tree, number)
            or _is_open_ordinal(tree, number)
            or _is_one_of_two_cases(tree, number)
            or _is_open_comparison(tree, number, inside)
            or _is_of_something(tree, number)
            or _is_untold_measure(tree, number, inside)
            or _is_pointing_adverb(tree, number)
        ):
            return token.text
    return ""


def _is_pointing_adverb(tree: Tree, number: int) -> bool:
    """Whether an adverb points to what was told before; "so small" and ", so the ship sank" do not."""
    token = tree.tokens[number]
    word = token.text.lower()
    if word not in POINTING_ADVERBS or token.tag not in {"RB", "FW"} or token.dep == "expl":
        return False
    return word != "so" or not (tree.tokens[token.head].pos in {"ADJ", "ADV"} or token.dep in {"cc", "mark"})


def _is_open_pronoun(tree: Tree, number: int, inside: AbstractSet[int]) -> bool:
    token = tree.tokens[number]
    word = token.text.lower()
    if word in FIRST_PERSON and token.pos == "PRON" and not token.ent:
        return not (word == "we" and tree.modal(token.head) in {"can", "may", "might", "could"})
    if word not in MASCULINE | FEMININE | NEUTER | PLURAL or token.tag not in {"PRP", "PRP$"}:
        return False
    if word == "it" and _is_empty_it(tree, number):
        return False
    return antecedent(tree, number, inside) is None


def _is_empty_it(tree: Tree, number: int) -> bool:
    """Whether "it" only keeps the place of what follows: "it is clear that", "made it hard to see"."""
    tokens = tree.tokens
    place = number + 1
    while place < len(tokens) and tokens[place].pos in {"AUX", "ADV", "PART"}:
        place += 1
    if (
        place < len(tokens)
        and tokens[place].tag == "VBN"
        and tokens[place].lemma.lower() in words("report_verbs")
    ):
        return place + 1 < len(tokens) and tokens[place + 1].text.lower() == "that"  # "it is believed that"
    is_graded = place < len(tokens) and tokens[place].pos == "ADJ"
    after = tokens[place + 1].text.lower() if place + 1 < len(tokens) else ""
    return is_graded and (
        after == "that"
        or (after in {"to", "for"} and tokens[place].text.lower() in words("judging_adjectives"))
    )


def _is_open_demonstrative(
    tree: Tree, number: int, inside: AbstractSet[int], known: AbstractSet[str]
) -> bool:
    token = tree.tokens[number]
    word = token.text.lower()
    if word == "such":
        following = tree.tokens[number + 1 : number + 2]
        return not (following and following[0].text.lower() == "as")
    if word not in DEMONSTRATIVES or token.tag != "DT" or token.dep == "mark":
        return False
    lemma = tree.tokens[token.head].lemma.lower()
    if token.dep == "det" and word in {"this", "these"} and lemma in known and lemma not in SHELLS:
        return False
    nouns = [tree.tokens[one] for one in inside if one < token.head and tree.tokens[one].pos in NOMINAL]
    said_before = any(one.lemma.lower() == lemma for one in nouns)
    if token.dep == "det" and said_before:
        return False  # "the age of a surface from the craters on that surface"
    specified = tree.children(number, "prep", "relcl", "acl", "amod")
    return not (word in {"that", "those"} and specified and token.dep != "det")


def _is_open_quantity(tree: Tree, number: int) -> bool:
    """A quantity, "the former", "others" and the like without the noun that they count."""
    token = tree.tokens[number]
    word = token.text.lower()
    if word in COMPARING and token.dep == "amod":
        following = {one.text.lower() for one in tree.tokens[number + 1 : number + 4]}
        return not following & {"to", "as", "that"}
    if token.dep not in SUBJECTS | {"dobj", "pobj", "attr", "conj"}:
        return False
    if word not in FINAL_HEADS | QUANTIFIERS or token.pos in {"VERB", "ADV"}:
        return False
    of = any(tree.tokens[kid].text.lower() == "of" for kid in tree.children(number, "prep"))
    if word == "other" and number and tree.tokens[number - 1].text.lower() == "each":
        return False
    return not of and not tree.children(number, "relcl", "nummod", "amod", "compound", "acl")


def _is_open_definite(tree: Tree, number: int, inside: AbstractSet[int], known: AbstractSet[str]) -> bool:
    token = tree.tokens[number]
    lemma = token.lemma.lower()
    is_one_of_several = f"several {lemma}" in known and lemma not in known
    is_told = lemma not in SHELLS and not is_one_of_several and bool({lemma, f"a {lemma}"} & known)
    kids = tree.children(number)
    counts = {tree.tokens[kid].text.lower() for kid in kids if tree.tokens[kid].dep == "nummod"}
    is_counted = bool(counts - {"two", "one"})  # "the 800 rows": of what?
    must_be_known = is_counted or is_one_of_several or _must_be_known(tree, number)
    if token.pos != "NOUN" or is_told or not must_be_known or token.dep in {"compound", "nmod"}:
        return False
    if not any(tree.tokens[kid].text.lower() == "the" for kid in kids):
        return False
    silent = {"det", "punct", "cc", "case", "predet", "appos", "nummod" if is_counted else ""}
    telling = [kid for kid in kids if tree.tokens[kid].dep not in silent]
    said_before = any(
        one < number and tree.tokens[one].lemma == token.lemma and one in inside for one in range(number)
    )
    return not telling and not said_before


def _is_open_comparison(tree: Tree, number: int, inside: AbstractSet[int]) -> bool:
    """Whether something is other or different without that from which it is."""
    token = tree.tokens[number]
    kept = {tree.tokens[one].text.lower() for one in inside}
    if kept & {"than", "from", "such"} or token.dep != "amod":
        return False
    ahead = tree.tokens[number - 1].text.lower() if number else ""
    said_before = any(
        tree.tokens[one].lemma == tree.tokens[token.head].lemma for one in inside if one < number
    )
    is_other = token.text.lower() == "other" and ahead not in BESIDE_OTHERS and not said_before
    is_second = token.text.lower() == "other" and ahead == "the" and tree.tokens[token.head].tag == "NN"
    is_second = is_second and "one" not in kept  # "at the other end of the line"
    return is_other or is_second or (token.text.lower() == "different" and ahead in {"a", "an"})


def _is_untold_measure(tree: Tree, number: int, inside: AbstractSet[int]) -> bool:
    """Whether something is more, or somebody had more, without than what: "leadership is more overt".

    What grows or moves faster is measured by itself; so is what holds when or where something is the case.
    """
    token = tree.tokens[number]
    low = {tree.tokens[one].text.lower() for one in inside}
    if low & COMPARED_WITH:
        return False
    if token.tag == "JJR" and token.text.lower() in {"more", "less", "fewer"} and token.dep == "amod":
        noun = tree.tokens[token.head]
        verb = tree.tokens[noun.head]
        return noun.dep == "dobj" and verb.lemma.lower() == "have" and verb.tag == "VBD"
    is_graded = token.tag == "JJR" or (
        token.pos == "ADJ"
        and any(tree.tokens[kid].text.lower() in {"more", "less"} for kid in tree.children(number, "advmod"))
    )
    verb = tree.tokens[token.head]
    if token.dep != "acomp" or not is_graded or verb.lemma.lower() != "be" or verb.dep != "ROOT":
        return False
    beside = [
        tree.tokens[kid]
        for one in (token.head, number)
        for kid in tree.children(one, "prep", "advcl", "npadvmod")
    ]
    return not any(one.text.lower() in PLACING or one.dep != "prep" for one in beside)


def _is_of_something(tree: Tree, number: int) -> bool:
    """Whether examples are named without what they are examples of."""
    token = tree.tokens[number]
    is_subject = token.dep in SUBJECTS and token.lemma.lower() in OF_SOMETHING
    return is_subject and not tree.children(number, "prep", "poss", "relcl", "acl")


def _is_open_ordinal(tree: Tree, number: int) -> bool:
    """Whether "the second option" stands without what it is the second of."""
    token = tree.tokens[number]
    if token.text.lower() not in ORDINALS or token.dep != "amod":
        return False
    head = tree.tokens[token.head]
    kids = {tree.tokens[kid].text.lower() for kid in tree.children(token.head)}
    is_told = tree.children(token.head, "prep", "relcl", "acl", "compound") or head.dep in {"attr", "oprd"}
    return "the" in kids and head.dep in SUBJECTS and not is_told


def _is_one_of_two_cases(tree: Tree, number: int) -> bool:
    """Whether "in either case" stands without the two cases."""
    token = tree.tokens[number]
    is_either = token.text.lower() in {"either", "neither"} and token.dep == "det"
    return is_either and tree.tokens[token.head].lemma.lower() in SHELLS | {"way", "event"}


def _must_be_known(tree: Tree, number: int) -> bool:
    """Whether "the" before this noun says that one has been told which: not "the sea", not "the heart"."""
    lemma = tree.tokens[number].lemma.lower()
    if lemma in words("bare_definites"):
        return True
    if lemma in words("unique_definites"):
        return False
    return wordnet.main_class(lemma) in TOLD_CLASSES


def _is_relative_time(tree: Tree, number: int) -> bool:
    token: Token = tree.tokens[number]
    if token.text.lower() not in RELATIVE_TIMES:
        return False
    if token.text.lower() in {"later", "earlier"}:
        before = tree.tokens[number - 1].lemma.lower() if number else ""
        return before in TIME_NOUNS
    following = tree.tokens[number + 1 : number + 2]
    return bool(following) and following[0].text.lower() in TIME_NOUNS
