"""Whether a word is one to ask for, and whether what is said of it is understood by itself."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from questions.generation import wordnet
from questions.generation.core import asides
from questions.generation.dangling import ORDINALS, dangling
from questions.generation.lexicon import words
from questions.generation.tree import Tree, is_stretch
from questions.generation.words import content_stems

MAX_TERM_TOKENS = 5
FEWEST_TOLD, MOST_TOLD = 4, 28
"""Tokens of a meaning that says enough, and not more than one can hold in mind."""
FEWEST_WORDS = 4
"""Content words of a meaning."""
TERM_POS = frozenset({"NOUN", "PROPN", "ADJ"})
JUDGING = frozenset(
    {"good", "bad", "great", "perfect", "key", "important", "major", "main", "common", "low", "high", "true"}
    | {"real", "clear", "big", "huge", "wonderful", "excellent", "popular", "famous", "beautiful", "nice"}
    | {"crucial", "vital", "essential", "necessary", "useful", "interesting", "other"}
)
"""Adjectives that say what somebody thinks of a thing, and not what it is."""
POINTING = frozenset(
    {"this", "that", "these", "those", "such", "other", "another", "same", "similar", "some", "many", "most"}
    | {"all", "several", "few", "more", "no", "any", "specifically", "namely", "especially", "one"}
)
RELATIVES = frozenset({"that", "which", "who", "whom", "whose"})


def head(tree: Tree, numbers: Sequence[int]) -> int:
    """The word of a phrase on which the others hang."""
    inside = set(numbers)
    return next(one for one in numbers if tree.tokens[one].head not in inside or one in tree.roots)


def is_plural(tree: Tree, term: Sequence[int]) -> bool:
    """Whether a phrase names more than one."""
    return bool(term) and tree.tokens[term[-1]].tag in {"NNS", "NNPS"}


def is_term(tree: Tree, term: Sequence[int], small: AbstractSet[str]) -> bool:
    """Whether it is a short plain name of a thing: no person, no proper name, nothing that points."""
    if not term or not is_stretch(term) or len(term) > MAX_TERM_TOKENS:
        return False
    tokens = [tree.tokens[one] for one in term]
    last = tokens[-1]
    is_name = (
        last.pos == "PROPN"
        and not last.text.islower()
        and last.text.lower() not in small
        and (len(term) == 1 or not wordnet.knows(last.text.lower()) or last.ent)
    )
    if last.pos not in {"NOUN", "PROPN"} or last.ent in {"PERSON", "DATE", "CARDINAL"} or is_name:
        return False
    is_plain = all(one.pos in TERM_POS or one.text in {"-", "/"} or one.tag == "VBG" for one in tokens)
    low = {one.text.lower() for one in tokens} | {one.tag for one in tokens if one.tag in {"JJR", "JJS"}}
    vague = words("generic_heads") | words("sky")
    if len({one.lemma.lower() for one in tokens}) < len(tokens):
        return False  # a heading that ran into its text
    return is_plain and not low & (POINTING | {"JJR", "JJS"}) and last.lemma.lower() not in vague


def without_aside(tree: Tree, meaning: Sequence[int]) -> list[int]:
    """The meaning without ", which ..." or ", a ..." at its end."""
    for number in meaning:
        token = tree.tokens[number]
        tail = tree.subtree(number)
        is_last = token.dep in {"appos", "relcl"} and tail[-1] == meaning[-1] and tail[0] > meaning[0] + 2
        shorter = [one for one in meaning if one < tail[0] - 1]
        if is_last and tree.tokens[tail[0] - 1].text == "," and len(shorter) >= FEWEST_TOLD:
            return shorter
    return list(meaning)


def shortened(tree: Tree, meaning: Sequence[int]) -> list[int]:
    """The meaning without clauses at its end that say more of its last words, as far as it is too long."""
    left = list(meaning)
    while left and len(left) > MOST_TOLD:
        main = head(tree, left)
        tails = [
            tree.subtree(one)[0]
            for one in left
            if tree.tokens[one].dep in {"relcl", "acl"}
            and tree.tokens[one].head != main
            and tree.tokens[tree.tokens[one].head].dep != "conj"
            and tree.subtree(one)[-1] == left[-1]
        ]
        cut = max((one for one in tails if one > left[0] + FEWEST_TOLD), default=None)
        if cut is None:
            break
        left = [one for one in left if one < cut]
        while left and (tree.tokens[left[-1]].pos in {"PUNCT", "ADP", "CCONJ"}):
            left.pop()
    return left


def is_meaning(tree: Tree, meaning: Sequence[int], fewest: int) -> bool:
    """Whether a reader understands it without the text around it."""
    left_out = set(range(meaning[0], meaning[-1])) - set(meaning) if meaning else set()
    if not fewest <= len(meaning) <= MOST_TOLD or not left_out <= asides(tree):
        return False
    first, last = tree.tokens[meaning[0]], tree.tokens[meaning[-1] + 1 : meaning[-1] + 2]
    is_ended = not last or last[0].pos in {"PUNCT", "AUX", "VERB"} or last[0].text.lower() in RELATIVES
    if first.text.lower() in POINTING or not is_ended:
        return False
    if meaning[0] == 0 and first.pos == "PROPN":
        return False  # nobody knows whether its capital is meant
    if not tree.tokens[meaning[-1]].text[-1:].isalnum() or _is_denied(tree, meaning):
        return False
    main = head(tree, meaning)
    graded = {tree.tokens[kid].text.lower() for kid in tree.children(main, "amod")}
    if graded & (JUDGING | ORDINALS) or tree.children(main, "conj") or _repeats(tree, meaning):
        return False
    has_aside = any(
        tree.tokens[one].text in {'"', "\u201c", "\u201d", "(", ")", "\u2014", ";", ":"} for one in meaning
    )
    return not has_aside and not dangling(tree, meaning)


def _is_denied(tree: Tree, meaning: Sequence[int]) -> bool:
    """Whether it says what a thing cannot do: that is known of it, but does not tell what it is."""
    told = [one for one in meaning if tree.tokens[one].dep == "relcl"]
    return any(tree.is_negated(one) and tree.modal(one) for one in told)


def says_enough(tree: Tree, meaning: Sequence[int]) -> bool:
    """Whether it tells the thing from others: "a compound that deters pests", "the soft inside" do not."""
    is_the = tree.tokens[meaning[0]].text.lower() == "the"
    if is_the and not tree.children(head(tree, meaning), "prep", "relcl", "acl"):
        return False
    return len(content_stems(_text(tree, meaning))) >= FEWEST_WORDS - is_the


def _text(tree: Tree, numbers: Sequence[int]) -> str:
    return " ".join(tree.tokens[one].text for one in numbers)


def _repeats(tree: Tree, meaning: Sequence[int]) -> bool:
    """Whether "the group" stands in it for a group that it named."""
    nouns = [tree.tokens[one].lemma for one in meaning if tree.tokens[one].pos == "NOUN"]
    told = [tree.tokens[one].head for one in meaning if tree.tokens[one].text.lower() == "the"]
    return any(nouns.count(tree.tokens[one].lemma) > 1 for one in told)


def is_apart(tree: Tree, term: Sequence[int], meaning: Sequence[int]) -> bool:
    """Whether the meaning explains the word by others, and both are one or both are many."""
    if is_plural(tree, term) != is_plural(tree, [head(tree, meaning)]):
        return False
    return not content_stems(_text(tree, term)) & content_stems(_text(tree, meaning))
