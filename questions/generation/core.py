"""A sentence without what only ties it to others or interrupts it: links, brackets, asides between dashes."""

from __future__ import annotations

from itertools import pairwise

from questions.generation.lexicon import words
from questions.generation.tree import SUBJECTS, Tree

MAX_OPENER_TOKENS = 5
EM_DASH = "\u2014"
DASHES = frozenset({"\u2013", "-", "--"})
RESTRICTING = frozenset(
    {"except", "but", "unless", "if", "not", "though", "although", "or", "at", "only", "when"}
)
PAIR = 2


def asides(tree: Tree) -> set[int]:
    """Tokens in brackets, between two dashes, or after a single dash that only adds something."""
    found: set[int] = set()
    bracket: list[int] = []
    for number, token in enumerate(tree.tokens):
        if bracket or token.text == "(":
            bracket.append(number)
        if token.text == ")":
            is_doubt = any(tree.tokens[one].text.lower() in words("hedges") for one in bracket)
            found.update(() if is_doubt else bracket)
            bracket = []
    found.update(bracket)
    dashes = [number for number in range(1, len(tree.tokens)) if _is_dash(tree, number)]
    if len(dashes) == PAIR:
        found.update(range(dashes[0], dashes[1] + 1))
    if len(dashes) == 1 and _adds(tree, dashes[0] + 1):
        found.update(range(dashes[0], len(tree.tokens)))
    return found


def _is_dash(tree: Tree, number: int) -> bool:
    token = tree.tokens[number]
    return token.text == EM_DASH or (token.text in DASHES and tree.tokens[number - 1].end < token.start)


def _adds(tree: Tree, start: int) -> bool:
    return not any(token.text.lower() in RESTRICTING for token in tree.tokens[start : start + 2])


def core(tree: Tree) -> list[int]:
    """The sentence without asides, final stop, fronted links to the sentence before and inner links."""
    aside = asides(tree)
    numbers = [number for number in range(len(tree.tokens)) if number not in aside]
    while numbers and tree.tokens[numbers[-1]].text in {".", '"', "'", ","}:
        numbers.pop()
    last = [tree.tokens[number].text.lower() for number in numbers[-2:]]
    if last == ["as", "well"]:
        numbers = numbers[:-2]
    elif last[-1:] == ["too"]:
        numbers = numbers[:-1]
    return _without_inner_links(tree, _without_inner_phrases(tree, without_openers(tree, numbers)))


def without_openers(tree: Tree, numbers: list[int]) -> list[int]:
    """The tokens without words in front that tie them to what was told before: "but, sadly, ..."."""
    tokens = tree.tokens
    changed_something = True
    while changed_something and numbers:
        changed_something = False
        first = tokens[numbers[0]]
        if first.dep == "cc" or first.text.lower() in words("bare_openers"):
            numbers = numbers[1:]
            changed_something = True
        length = _opener_length(tree, numbers)
        if length:
            numbers = numbers[length:]
            changed_something = True
        if numbers and tokens[numbers[0]].text == ",":
            numbers = numbers[1:]
    return numbers


def _opener_length(tree: Tree, numbers: list[int]) -> int:
    for length in range(1, min(MAX_OPENER_TOKENS, len(numbers) - 1) + 1):
        if tree.tokens[numbers[length]].text == ",":
            phrase = " ".join(tree.tokens[number].text.lower() for number in numbers[:length])
            if phrase in words("discourse_openers"):
                return length + 1
    return 0


def _without_inner_phrases(tree: Tree, numbers: list[int]) -> list[int]:
    """Without ", however," and ", of course,": one comma stays where it ends a fronted phrase."""
    place = 0
    while place < len(numbers):
        length = _opener_length(tree, numbers[place + 1 :]) if tree.tokens[numbers[place]].text == "," else 0
        if length and tree.tokens[numbers[place + 1]].dep != "cc":
            before = numbers[max(0, place - 1)]
            keeps_comma = (
                place > 0 and tree.tokens[before].dep != "cc" and not _is_subject_or_verb(tree, before)
            )
            numbers = [*numbers[: place + keeps_comma], *numbers[place + 1 + length :]]
        place += 1
    last = [tree.tokens[number].text.lower() for number in numbers[-2:]]
    is_closed_by_link = last[:1] == [","] and last[-1] in words("discourse_openers")
    return numbers[:-2] if is_closed_by_link else numbers


def _is_subject_or_verb(tree: Tree, number: int) -> bool:
    """Whether a token is a verb or the end of a subject: no comma belongs after it."""
    if tree.tokens[number].pos in {"VERB", "AUX"}:
        return True
    while tree.tokens[number].head != number:
        if tree.tokens[number].dep in SUBJECTS:
            return True
        number = tree.tokens[number].head
    return False


def _without_inner_links(tree: Tree, numbers: list[int]) -> list[int]:
    """Without "also" and the like: an adverb that hangs on a verb, with no comma after it."""
    kept = []
    low = [tree.tokens[number].text.lower() for number in numbers]
    if ("not", "only") in set(pairwise(low)):
        return numbers  # "not only ... but also"
    for place, number in enumerate(numbers):
        token = tree.tokens[number]
        before = tree.tokens[numbers[place - 1]].text.lower() if place else ""
        after = tree.tokens[numbers[place + 1]].text if place + 1 < len(numbers) else ","
        is_link = token.text.lower() in words("inner_links") and token.dep == "advmod"
        if not (is_link and before not in {"but", "not", "only", "n't"} and after != ","):
            kept.append(number)
    return kept
