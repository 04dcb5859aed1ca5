"""Does a statement stand on its own? Finds the word in it that points to something outside of it.

Strict on purpose: a statement that a reader has to look up is no statement to be judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from questions.generation import wordnet
from questions.generation.facts import Token
from questions.generation.lexicon import country_forms, words
from questions.generation.tree import SUBJECTS, Tree

FIRST_PERSON = frozenset({"i", "me", "my", "mine", "myself", "we", "ours", "ourselves"})
"""Without "our" and "us", which in expository prose are everybody's."""
MASCULINE = frozenset({"he", "him", "his", "himself"})
FEMININE = frozenset({"she", "her", "hers", "herself"})
NEUTER = frozenset({"it", "its", "itself"})
PLURAL = frozenset({"they", "them", "their", "theirs", "themselves"})
OBJECT_FORMS = frozenset({"him", "her", "it", "them"})
LOWER_CLAUSES = frozenset({"ccomp", "advcl", "acl", "relcl", "conj"})
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
TIME_NOUNS = frozenset({"year", "day", "week", "month", "decade", "century", "morning", "evening", "night"})


NOMINAL = frozenset({"NOUN", "PROPN"})


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
            or _is_open_demonstrative(tree, number, known)
            or _is_open_quantity(tree, number)
            or _is_open_definite(tree, number, inside, known)
            or _is_relative_time(tree, number)
            or _is_open_ordinal(tree, number)
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


def _is_open_demonstrative(tree: Tree, number: int, known: AbstractSet[str]) -> bool:
    token = tree.tokens[number]
    word = token.text.lower()
    if word == "such":
        following = tree.tokens[number + 1 : number + 2]
        return not (following and following[0].text.lower() == "as")
    if word not in DEMONSTRATIVES or token.tag != "DT" or token.dep == "mark":
        return False
    lemma = tree.tokens[token.head].lemma.lower()
    if token.dep == "det" and word in {"this", "these"} and lemma in known:
        return False
    said_before = any(one.lemma.lower() == lemma for one in tree.tokens[: token.head] if one.pos in NOMINAL)
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
    return not of and not tree.children(number, "relcl", "nummod", "amod", "compound", "acl")


def _is_open_definite(tree: Tree, number: int, inside: AbstractSet[int], known: AbstractSet[str]) -> bool:
    token = tree.tokens[number]
    lemma = token.lemma.lower()
    if token.pos != "NOUN" or {lemma, f"a {lemma}"} & known or not _must_be_known(tree, number):
        return False
    if token.dep in {"compound", "nmod"}:
        return False
    kids = tree.children(number)
    if not any(tree.tokens[kid].text.lower() == "the" for kid in kids):
        return False
    telling = [
        kid for kid in kids if tree.tokens[kid].dep not in {"det", "punct", "cc", "case", "predet", "appos"}
    ]
    said_before = any(
        one < number and tree.tokens[one].lemma == token.lemma and one in inside for one in range(number)
    )
    return not telling and not said_before


def _is_open_ordinal(tree: Tree, number: int) -> bool:
    """Whether "the second option" stands without what it is the second of."""
    token = tree.tokens[number]
    if token.text.lower() not in ORDINALS or token.dep != "amod":
        return False
    head = tree.tokens[token.head]
    kids = {tree.tokens[kid].text.lower() for kid in tree.children(token.head)}
    is_told = tree.children(token.head, "prep", "relcl", "acl", "compound") or head.dep in {"attr", "oprd"}
    return "the" in kids and head.dep in SUBJECTS and not is_told


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
