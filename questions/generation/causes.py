"""What is so because of what: a statement, and what the text gives as its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import pairwise

from questions.generation.antecedents import Naming
from questions.generation.binding import FEMININE, MASCULINE, NEUTER, PLURAL, agrees, is_head
from questions.generation.clauses import holds, realised
from questions.generation.core import core
from questions.generation.facts import Cause, Clause, Sentence
from questions.generation.inversion import asked
from questions.generation.pieces import Piece
from questions.generation.tree import Tree, is_stretch
from questions.reading.article import Section

LEAD = "According to the text, why"
MIN_WORDS = 3
MAX_NAME_TOKENS = 6
THIRD_PERSON = MASCULINE | FEMININE | NEUTER | PLURAL
WEAKENING = frozenset(
    {"not", "n't", "only", "partly", "partially", "part", "just", "simply", "perhaps", "possibly", "probably"}
    | {"maybe", "merely", "even", "mainly", "mostly", "largely", "primarily", "chiefly", "and", "or", "but"}
)
"""Words before the marker that take back that it is the reason, or say that there are others."""
CONCESSIONS = frozenset({"if", "unless", "while", "whereas", "although", "though", "when", "until", "once"})
CLAIMING = frozenset({"ROOT", "conj"})
RESULTING = ("as a result", "therefore", "consequently", "for this reason", "for that reason")
"""How a sentence begins that is so because of what the one before it says."""


def causes(
    section: Section,
    sentence: Sentence,
    tree: Tree,
    known: AbstractSet[str],
    naming: Naming | None = None,
) -> Iterator[Cause]:
    """What this sentence gives a reason for: "... because ...", or "..., so ..."."""
    for verb in range(len(tree.tokens)):
        for kid in tree.children(verb, "advcl"):
            found = _because(section, sentence, tree, (verb, kid), known, naming)
            if found:
                yield found
        for kid in tree.children(verb, "conj", "ccomp"):
            found = _so(section, sentence, tree, (min(verb, kid), max(verb, kid)), known, naming)
            if found:
                yield found


def _because(
    section: Section,
    sentence: Sentence,
    tree: Tree,
    verbs: tuple[int, int],
    known: AbstractSet[str],
    naming: Naming | None,
) -> Cause | None:
    verb, kid = verbs
    whole = tree.subtree(kid)
    reason = tree.stripped(whole)
    if not reason or tree.tokens[reason[0]].text.lower() != "because" or not is_stretch(reason):
        return None
    before = tree.tokens[max(0, reason[0] - 2) : reason[0]]
    if any(token.text.lower() in WEAKENING for token in before) or tree.tokens[verb].dep not in CLAIMING:
        return None
    if tree.is_negated(verb) and not _denies_the_effect(tree, verb, whole[0]):
        return None
    effect = _effect(tree, verb, set(whole))
    because = _piece(tree, kid, reason[1:])
    if effect and because and whole[0] < verb:
        effect = _named(tree, effect, because)
    return _cause(section, sentence, tree, (effect, because), known, naming)


def _denies_the_effect(tree: Tree, verb: int, start: int) -> bool:
    """Whether "not" surely goes with the effect, and not with the reason ("not because ...")."""
    able = tree.modal(verb) in {"can", "could", "may", "must", "should", "will"}
    return able or start < verb or tree.tokens[start - 1].text == ","


def _named(tree: Tree, effect: Piece, reason: Piece) -> Piece:
    """The effect of "Because X is, it ..." with X in the place of the pronoun."""
    pronoun = tree.tokens[effect.subject]
    if pronoun.tag != "PRP" or pronoun.text.lower() not in THIRD_PERSON:
        return effect
    rivals = [one for one in reason.numbers if is_head(tree, one) and agrees(tree, one, pronoun.text.lower())]
    is_short = len(tree.subtree(reason.subject)) <= MAX_NAME_TOKENS
    return replace(effect, named=reason.subject) if reason.subject in rivals[:1] and is_short else effect


def _so(
    section: Section,
    sentence: Sentence,
    tree: Tree,
    verbs: tuple[int, int],
    known: AbstractSet[str],
    naming: Naming | None,
) -> Cause | None:
    """With "A, so B", B is so because of A. "So that" says what for, and "so tall" how tall."""
    first, second = verbs
    low = [token.text.lower() for token in tree.tokens]
    so = next((one for one in range(first + 1, second) if low[one - 1 : one + 1] == [",", "so"]), None)
    if so is None or tree.tokens[so].head not in verbs or low[so + 1] == "that":
        return None
    if tree.tokens[so + 1].pos in {"ADV", "ADJ"} or tree.roots[0] not in verbs:
        return None
    if len(tree.children(first, "conj")) > (tree.tokens[second].head == first):
        return None
    usable = [one for one in core(tree) if one != so]
    reason = [one for one in tree.subtree(first) if one in usable and one < so]
    effect = [one for one in tree.subtree(second) if one in usable and one > so]
    if tree.children(second, "conj", "parataxis"):
        return None
    parts = (_piece(tree, second, tree.stripped(effect)), _piece(tree, first, tree.stripped(reason)))
    return _cause(section, sentence, leaving_out(tree, first, so), parts, known, naming)


def leaving_out(tree: Tree, *numbers: int) -> Tree:
    """The tree in which these parts may be left out, as an adverbial clause may."""
    tokens = list(tree.tokens)
    for number in numbers:
        if tokens[number].head != number:
            tokens[number] = replace(tokens[number], dep="advcl")
    return Tree(tokens)


def _cause(
    section: Section,
    sentence: Sentence,
    tree: Tree,
    parts: tuple[Piece | None, Piece | None],
    known: AbstractSet[str],
    naming: Naming | None,
) -> Cause | None:
    """Both parts as statements, where each stands by itself (the reason: beside the effect)."""
    effect, reason = parts
    if effect is None or reason is None or _is_conceding(tree, (*effect.numbers, *reason.numbers)):
        return None
    if not holds(tree, effect, known, MIN_WORDS):
        return None
    if not holds(bound(tree, effect.numbers, reason.numbers), reason, known, MIN_WORDS):
        return None
    result = realised(section, sentence.index, tree, effect, naming)
    because = realised(section, sentence.index, tree, reason, naming)
    if result is None or because is None:
        return None
    return cause_of(section, tree, result, because)


def bound(tree: Tree, effect: Sequence[int], reason: Sequence[int]) -> Tree:
    """The tree with a name for every pronoun of the reason that the effect has a noun for.

    Whoever is asked why the effect is so reads such a pronoun as in the text: after the very same words.
    """
    tokens = list(tree.tokens)
    nouns = [one for one in effect if is_head(tree, one)]
    for number in reason:
        word = tokens[number].text.lower()
        if tokens[number].tag in {"PRP", "PRP$"} and word in THIRD_PERSON:
            told = {*effect, *reason}
            rivals = [one for one in range(number) if one not in told and is_head(tree, one)]
            is_clear = not any(agrees(tree, one, word) for one in rivals)
            if is_clear and any(agrees(tree, noun, word) for noun in nouns):
                pos, tag = ("PROPN", "NNPS" if word in PLURAL else "NNP")
                pos, tag = ("ADJ", "JJ") if tokens[number].tag == "PRP$" else (pos, tag)
                tokens[number] = replace(tokens[number], text="X", lemma="X", pos=pos, tag=tag)
    return Tree(tokens)


def cause_of(section: Section, tree: Tree, effect: Clause, reason: Clause) -> Cause | None:
    """The two as a cause, where one can ask for it."""
    question = asked(section, tree, effect, LEAD)
    if question is None:
        return None
    return Cause(section.id, effect.sentence, "reason", effect, reason, question[1], question[0])


def consequences(section: Section, sentences: Sequence[Sentence]) -> Iterator[Cause]:
    """What a sentence gives as the result of the one before it: "As a result, ..."."""
    for before, sentence in pairwise(sentences):
        low = sentence.text.lower()
        marker = next((one for one in RESULTING if low.startswith((f"{one},", f"{one} "))), "")
        if not marker or before.block != sentence.block:
            continue
        whole = [
            next((one for one in some.clauses if one.kind == "sentence"), None) for some in (before, sentence)
        ]
        if whole[0] and whole[1] and not low.startswith(f"{marker} of"):
            found = cause_of(section, Tree(sentence.tokens), whole[1], whole[0])
            if found:
                yield found


def _effect(tree: Tree, verb: int, reason: set[int]) -> Piece | None:
    """The clause without its reason; none where it may be the reason of another clause joined to this one."""
    subject = tree.subject(verb)
    if (
        tree.children(verb, "conj", "parataxis")
        or subject is None
        or tree.tokens[subject].text.lower() == "it"
    ):
        return None
    usable = set(core(tree)) - reason
    return _piece(tree, verb, tree.stripped([one for one in tree.subtree(verb) if one in usable]))


def _piece(tree: Tree, verb: int, part: list[int]) -> Piece | None:
    subject = tree.subject(verb)
    inside = [one for one in core(tree) if part and part[0] <= one <= part[-1]]
    if subject is None or not part or not tree.is_finite(verb) or part != inside:
        return None
    return Piece("result", verb, subject, tuple(part), None)


def _is_conceding(tree: Tree, numbers: Sequence[int]) -> bool:
    """Whether another clause in it says under which condition, or in spite of what."""
    return any(
        tree.tokens[one].text.lower() in CONCESSIONS and tree.tokens[one].dep in {"mark", "advmod"}
        for one in numbers
    )
