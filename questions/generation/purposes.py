"""What somebody does something for: "To settle the dispute, the council offered a prize"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from questions.generation import wordnet
from questions.generation.antecedents import Naming
from questions.generation.causes import LEAD, bound, leaving_out
from questions.generation.clauses import holds, realised
from questions.generation.core import core
from questions.generation.dangling import dangling
from questions.generation.derive import derive
from questions.generation.facts import Cause, Clause, Sentence, Token
from questions.generation.inversion import asked
from questions.generation.lexicon import words
from questions.generation.pieces import Piece, trimmed
from questions.generation.tree import Tree, is_stretch
from questions.reading.article import Section, Span

MIN_EFFECT_WORDS, MIN_PURPOSE_TOKENS, MAX_PURPOSE_TOKENS = 4, 3, 18
AGENTS = ("worker", "team")
AGENT_LABELS = frozenset({"PERSON", "ORG", "NORP", "GPE"})
NOT_ACTING = frozenset(
    {"be", "have", "need", "require", "take", "cost", "give", "call", "lead", "encourage", "rely", "depend"}
    | {"use", "allow", "enable", "permit", "force", "cause", "get", "want", "ask", "tell", "invite", "order"}
    | {
        "urge",
        "persuade",
        "teach",
        "help",
        "expect",
        "suppose",
        "think",
        "believe",
        "know",
        "say",
        "consider",
    }
    | {"seem", "appear", "tend", "happen", "continue", "come", "go", "live", "fail", "find", "bring", "see"}
    | {
        "owe",
        "charge",
        "show",
        "prove",
        "leave",
        "remain",
        "like",
        "hate",
        "love",
        "prefer",
        "advise",
        "warn",
    }
)
"""Verbs after which "to" seldom says what for."""
TO_NOUNS = frozenset(
    {
        "chance",
        "opportunity",
        "power",
        "right",
        "ability",
        "time",
        "way",
        "need",
        "attempt",
        "effort",
        "money",
    }
    | {"permission", "authority", "reason", "plan", "decision", "freedom", "desire", "wish", "duty", "order"}
    | {"license", "licence", "capacity", "tendency", "willingness", "failure", "promise", "offer", "proposal"}
    | {"courage", "strength", "energy", "skill", "skills", "means", "space", "room", "data", "tool", "tools"}
)
"""Nouns that an infinitive belongs to, so that it says of them which, and not what for."""
UNCERTAIN = frozenset({"may", "might", "could", "would"})
MEASURING = frozenset({"despite", "spite", "enough", "too", "so", "sufficient", "sufficiently"})


def purposes(
    section: Section,
    sentence: Sentence,
    tree: Tree,
    known: AbstractSet[str],
    naming: Naming | None = None,
) -> Iterator[Cause]:
    """What this sentence says something is done for."""
    for verb, token in enumerate(tree.tokens):
        if token.tag == "VB" and token.dep in {"advcl", "acl"} and _to(tree, verb) is not None:
            found = _purpose(section, sentence, tree, verb, known, naming)
            if found:
                yield found


def _purpose(
    section: Section,
    sentence: Sentence,
    tree: Tree,
    verb: int,
    known: AbstractSet[str],
    naming: Naming | None,
) -> Cause | None:
    top = _in_order(tree, verb)
    acting = tree.tokens[top].head
    phrase = [number for number in tree.subtree(verb) if number >= (_to(tree, verb) or 0)]
    whole = tree.subtree(top)
    after = tree.tokens[whole[-1] + 1 : whole[-1] + 2]
    is_whole = is_stretch(whole) and not (after and after[0].pos != "PUNCT")
    if not is_whole or not MIN_PURPOSE_TOKENS <= len(phrase) <= MAX_PURPOSE_TOKENS:
        return None
    if tree.tokens[top].dep == "acl" or not _is_done(tree, acting, whole, is_marked=top != verb):
        return None
    effect = _effect(tree, acting, whole)
    effect = _shortest(tree, effect) if effect else None
    if effect is None or not holds(leaving_out(tree, top), effect, known, MIN_EFFECT_WORDS):
        return None
    if dangling(bound(tree, effect.numbers, phrase), phrase, known):
        return None
    result = realised(section, sentence.index, tree, effect, naming)
    question = asked(section, tree, result, LEAD) if result else None
    if result is None or question is None or _is_guess(tree, effect.numbers):
        return None
    purpose = _stated(section, sentence, tree, verb, phrase)
    return Cause(section.id, sentence.index, "purpose", result, purpose, question[1], question[0])


def _to(tree: Tree, verb: int) -> int | None:
    """The "to" before an infinitive."""
    return next((kid for kid in tree.children(verb, "aux") if tree.tokens[kid].tag == "TO"), None)


def _in_order(tree: Tree, verb: int) -> int:
    """The head of "in order to", where the infinitive stands after it; else the infinitive."""
    above = tree.tokens[verb].head
    if tree.tokens[verb].dep == "acl" and tree.tokens[above].text.lower() == "order":
        head = tree.tokens[above].head
        if tree.tokens[head].text.lower() == "in" and above == head + 1:
            return head
    return verb


def _is_done(tree: Tree, verb: int, whole: Sequence[int], *, is_marked: bool) -> bool:
    """Whether somebody does what the verb says, so that "to" can say what for."""
    token = tree.tokens[verb]
    subject = tree.child(verb, "nsubj", "nsubjpass")
    if token.dep not in {"ROOT", "conj"} or token.pos != "VERB" or subject is None or subject > verb:
        return False
    is_unsure = tree.is_negated(verb) or tree.modal(verb) in UNCERTAIN or not tree.is_finite(verb)
    if is_unsure or _is_entangled(tree, verb, whole):
        return False
    if is_marked or whole[0] < subject:
        return token.lemma.lower() not in {"take", "cost", "need"}
    return _acts(tree, verb, subject)


def _is_entangled(tree: Tree, verb: int, whole: Sequence[int]) -> bool:
    """Whether "to" may belong to "enough", to another verb, or to one that stands between."""
    before = {one.text.lower() for one in tree.tokens[max(0, whole[0] - 3) : whole[0]]}
    between = {one.text.lower() for one in tree.tokens[verb : whole[0]]}
    before |= between & {"despite", "spite"}  # "stood firm despite attempts to take the port"
    is_early = any(kid < whole[-1] for kid in tree.children(verb, "conj"))
    is_far = any(min(tree.subtree(kid)) > verb + 1 for kid in tree.children(verb, "xcomp"))
    return bool(before & MEASURING or is_early or is_far or tree.children(verb, "ccomp", "parataxis"))


def _acts(tree: Tree, verb: int, subject: int) -> bool:
    """Whether a bare "to" after the verb can only say what for."""
    things = [subject, *tree.children(verb, "dobj")]
    if tree.tokens[verb].lemma.lower() in NOT_ACTING or tree.children(verb, "xcomp", "prt"):
        return False
    if any(tree.tokens[one].lemma.lower() in TO_NOUNS for one in things):
        return False
    if tree.tokens[subject].dep == "nsubjpass":
        return not tree.children(verb, "dobj", "oprd")
    return len(things) > 1 and _is_agent(tree.tokens[subject])


def _is_agent(token: Token) -> bool:
    lemma = token.lemma.lower()
    return token.ent in AGENT_LABELS or any(wordnet.same_class(lemma, one) for one in AGENTS)


def _effect(tree: Tree, verb: int, whole: Sequence[int]) -> Piece | None:
    subject = tree.subject(verb)
    joined = [
        one for kid in tree.children(verb, "conj", "cc") for one in tree.subtree(kid) if kid > whole[-1]
    ]
    usable = set(core(tree)) - set(whole) - set(joined)
    part = [number for number in tree.subtree(verb) if number in usable]
    while part and (tree.tokens[part[0]].pos == "PUNCT" or tree.tokens[part[0]].dep == "cc"):
        part.pop(0)
    while part and tree.tokens[part[-1]].pos == "PUNCT":
        part.pop()
    inside = [one for one in core(tree) if part and part[0] <= one <= part[-1]]
    others = [kid for kid in tree.children(verb, "advcl") if _to(tree, kid) is not None and kid in part]
    if subject is None or part != inside or others:
        return None
    return Piece("effect", verb, subject, tuple(part))


def _shortest(tree: Tree, piece: Piece) -> Piece:
    """The piece without ", which ..." at its end."""
    for shorter in trimmed(tree, piece):
        if shorter.numbers == piece.numbers[: len(shorter.numbers)]:
            piece = replace(piece, numbers=shorter.numbers)
    return piece


def _is_guess(tree: Tree, numbers: Sequence[int]) -> bool:
    return any(tree.tokens[one].text.lower() in words("hedges") for one in numbers)


def _stated(section: Section, sentence: Sentence, tree: Tree, verb: int, phrase: Sequence[int]) -> Clause:
    """The purpose in words: "To settle the dispute"."""
    span = Span(tree.tokens[phrase[0]].start, tree.tokens[phrase[-1]].end)
    derivation, text = derive(section, span, stop="")
    return Clause(section.id, sentence.index, "purpose", text, derivation, tuple(phrase), verb, ())
