"""Which stretches of a sentence may be statements of their own, before one asks if they stand alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed
from itertools import pairwise

from questions.generation.binding import agrees, is_head
from questions.generation.core import core, without_openers
from questions.generation.facts import ClauseKind
from questions.generation.tree import NEGATIONS, Tree, is_stretch

ASSERTING = frozenset({"because", "since", "although", "though", "while", "whereas", "as"})
"""Subordinators whose clause is asserted by whoever uses them."""
CONDITIONS = frozenset({"if", "unless", "when", "whenever", "until", "till", "once", "provided", "lest"})
"""Subordinators whose clause may not be dropped (C3)."""
LEADING = frozenset({"especially", "particularly", "even"})
"""Adverbs before such a subordinator."""
JOINING = frozenset({"and", "but", "yet"})
COMPLEMENTS = frozenset({"dobj", "prep", "acomp", "attr", "ccomp", "xcomp", "oprd", "dative", "agent", "prt"})
CLOSING = frozenset({",", ".", ":", "''", "-RRB-"})
MAX_NAME_TOKENS = 6


@dataclass(frozen=True, slots=True)
class Piece:
    """A verb with its words: the tokens that would make the statement, its final full stop left out."""

    kind: ClauseKind
    verb: int
    subject: int
    numbers: tuple[int, ...]
    named: int | None = None
    """Head of the phrase that takes the place of a pronoun subject (the subject of the clause before it)."""


def pieces(tree: Tree) -> Iterator[Piece]:
    """Every stretch worth trying, the whole sentence first."""
    root = tree.roots[0]
    inside = core(tree)
    subject = tree.subject(root)
    if subject is not None and inside:
        yield Piece("sentence", root, subject, tuple(inside))
        mains = list(_coordinated(tree, root, subject, inside, "coordinate"))
        if len(mains) > 1:
            yield from mains
    for verb in inside:
        yield from _subordinate(tree, verb, inside)
        relative = _relative(tree, verb, inside)
        if relative:
            yield relative


def trimmed(tree: Tree, piece: Piece) -> Iterator[Piece]:
    """The piece without a clause at its end or start that only adds to it."""
    shorter = _without_tail(tree, piece)
    for one in (piece, shorter):
        fronted = _without_front(tree, one) if one else None
        if fronted:
            yield fronted
    if shorter:
        yield shorter


def _coordinated(
    tree: Tree, verb: int, subject: int, numbers: Sequence[int], kind: ClauseKind
) -> Iterator[Piece]:
    """The verb's own part, and those of the clauses and predicates joined to it by and, but or yet."""
    joined = _joined_verbs(tree, verb)
    inside = set(numbers)
    own = _own_part(tree, verb, joined, inside)
    if not joined or _ends_well(tree, verb, own, joined[0]):
        yield Piece(kind, verb, subject, own)
    has_condition = _has_fronted(tree, verb, CONDITIONS) or _opens_with_condition(tree)
    for other in joined:
        other_subject = tree.subject(other)
        part = _own_part(tree, other, _joined_verbs(tree, other), inside)
        if other_subject is not None and not has_condition:
            named = subject if _stands_for(tree, other_subject, subject) else None
            yield Piece("conjunct", other, other_subject, part, named)
        elif other_subject is not None:
            continue
        else:
            shared = _shared(tree, verb, subject, other, part, own)
            if shared:
                yield Piece("conjunct", other, subject, shared)


def _stands_for(tree: Tree, pronoun: int, subject: int) -> bool:
    """Whether a pronoun subject can only mean the subject of the clause before it, which has a short name."""
    word = tree.tokens[pronoun].text.lower()
    rivals = [
        number
        for number in range(pronoun)
        if is_head(tree, number) and agrees(tree, number, word) and tree.tokens[number].dep != "attr"
    ]
    is_short = len(tree.subtree(subject)) <= MAX_NAME_TOKENS
    return tree.tokens[pronoun].tag == "PRP" and is_short and rivals == [subject]


def _joined_verbs(tree: Tree, verb: int) -> list[int]:
    """Verbs joined to this one, and to those, in reading order."""
    found: list[int] = []
    edge = [verb]
    while edge:
        edge = [
            kid
            for one in edge
            for kid in tree.children(one, "conj")
            if tree.tokens[kid].pos in {"VERB", "AUX"} and kid > one
        ]
        found += edge
    return sorted(found)


def _own_part(tree: Tree, verb: int, joined: Sequence[int], inside: set[int]) -> tuple[int, ...]:
    """The verb's words without those of the verbs joined to it and the commas and words that join them."""
    left: set[int] = set()
    for other in joined:
        left.update(tree.subtree(other))
    joiners = {kid for one in (verb, *joined) for kid in tree.children(one, "cc") if kid > verb and joined}
    numbers = [one for one in tree.subtree(verb) if one in inside and one not in left and one not in joiners]
    if any(one > joiner and tree.tokens[one].pos != "PUNCT" for joiner in joiners for one in numbers):
        return ()  # "filtered the air and, upon a closer look, found": the look belongs to what is left out
    while numbers and tree.tokens[numbers[-1]].tag in CLOSING:
        numbers.pop()
    while numbers and tree.tokens[numbers[0]].tag in CLOSING:
        numbers.pop(0)
    return tuple(without_openers(tree, numbers))


def _ends_well(tree: Tree, verb: int, own: Sequence[int], joined: int) -> bool:
    """Whether the first of two joined predicates is whole: it has its own complement, or a comma ends it."""
    if not own or own[-1] > joined:
        return False
    between = tree.tokens[own[-1] + 1 : joined]
    if not any(token.dep == "cc" and token.text.lower() in JOINING for token in between) and not (
        between and between[0].text == ","
    ):
        return False
    return between[0].text == "," or any(kid > verb for kid in tree.children(verb, *COMPLEMENTS))


def _shared(
    tree: Tree, verb: int, subject: int, other: int, part: tuple[int, ...], own: Sequence[int]
) -> tuple[int, ...]:
    """The subject of the first verb with the predicate of another; empty where that may be untrue (C4)."""
    if not part or not is_stretch(part):
        return ()
    finite_between = any(
        tree.is_finite(number) and number not in {verb, other} and tree.tokens[number].dep != "conj"
        for number in range(verb + 1, other)
    )
    scoped = [kid for kid in tree.children(verb, "advmod", "npadvmod") if kid < verb and kid > subject]
    if finite_between or scoped:
        return ()
    inherited = _inherited(tree, verb, other)
    if inherited is None:
        return ()
    subject_end = max(tree.subtree(subject))
    prefix = [number for number in own if number <= subject_end]
    return (*prefix, *inherited, *part)


def _inherited(tree: Tree, verb: int, other: int) -> list[int] | None:
    """The auxiliaries (and "not" before "or") that a joined predicate takes over; None where it is unsure."""
    if tree.is_finite(other):
        same = tree.is_finite(verb) and (tree.tokens[other].tag != "VBN")
        return [] if same and not _may_be_participle(tree, verb, other) else None
    aux = [kid for kid in tree.auxiliaries(verb) if kid < verb]
    if not aux or tree.auxiliaries(other) or not _fits_auxiliary(tree, aux[-1], verb, other):
        return None
    negations = [kid for kid in tree.children(verb, "neg") if kid < verb]
    if not negations:
        return aux
    joiner = {tree.tokens[number].text.lower() for number in range(verb, other)}
    return sorted([*aux, *negations]) if joiner & {"or", "nor"} and "and" not in joiner else None


def _may_be_participle(tree: Tree, verb: int, other: int) -> bool:
    """Whether a joined "past tense" may be a participle, as in "includes slurred speech"."""
    if tree.tokens[other].tag != "VBD":
        return False
    is_present = tree.tokens[verb].tag in {"VBZ", "VBP"}
    is_last = not any(kid > other for kid in _joined_verbs(tree, verb))
    has_joiner = any(tree.tokens[one].dep == "cc" for one in range(verb + 1, other))
    return is_present or (is_last and not has_joiner)


def _fits_auxiliary(tree: Tree, aux: int, verb: int, other: int) -> bool:
    """Both verbs have the same form, so the auxiliary of one serves the other."""
    same = tree.tokens[verb].tag == tree.tokens[other].tag
    return same and aux < verb and tree.tokens[other].tag in {"VB", "VBN", "VBG"}


def _has_fronted(tree: Tree, verb: int, markers: frozenset[str]) -> bool:
    return any(
        kid < verb
        and any(tree.tokens[one].text.lower() in markers for one in tree.children(kid, "mark", "advmod"))
        for kid in tree.children(verb, "advcl")
    )


def _opens_with_condition(tree: Tree) -> bool:
    """Whether the sentence begins with "if ...": that binds all its clauses, wherever a parser hangs it."""
    first = next((token for token in tree.tokens if token.pos != "PUNCT"), None)
    return first is not None and first.text.lower() in CONDITIONS and first.dep in {"mark", "advmod"}


def _subordinate(tree: Tree, verb: int, numbers: Sequence[int]) -> Iterator[Piece]:
    """A clause after because, although, ", where" and the like, without that word."""
    token = tree.tokens[verb]
    subject = tree.subject(verb)
    if token.dep not in {"advcl", "relcl"} or subject is None or not tree.is_finite(verb):
        return
    part = [number for number in tree.subtree(verb) if number in set(numbers)]
    if not part:
        return
    led = 1 if tree.tokens[part[0]].text.lower() in LEADING and len(part) > 1 else 0
    first = tree.tokens[part[led]]
    before = tree.tokens[part[0] - 1].text if part[0] else ","
    is_where = token.dep == "relcl" and first.text.lower() == "where" and before == ","
    is_marked = token.dep == "advcl" and first.dep == "mark" and first.text.lower() in ASSERTING
    if not (is_where or is_marked) or len(tree.children(verb, "mark")) > 1:
        return
    is_telling = any(tree.tokens[number].pos in {"PROPN", "NUM"} for number in part)
    if first.text.lower() in {"because", "since", "as"} and not is_telling:
        return  # without its main clause it is often half a thought
    inside = [number for number in numbers if number not in part[: led + 1]]
    yield from _coordinated(tree, verb, subject, inside, "trimmed")


def _relative(tree: Tree, verb: int, numbers: Sequence[int]) -> Piece | None:
    """A name with what ", who ..." says of it: "Ada, who died in 1852, ..." as "Ada died in 1852"."""
    token = tree.tokens[verb]
    pronoun = tree.subject(verb)
    if token.dep != "relcl" or pronoun is None or not tree.is_finite(verb):
        return None
    if tree.tokens[pronoun].text.lower() not in {"who", "which"} or tree.tokens[token.head].pos != "PROPN":
        return None
    part = [number for number in tree.subtree(verb) if number in set(numbers)]
    name = [
        number
        for number in tree.phrase(token.head, leave={"relcl", "punct", "appos", "conj", "cc"})
        if number < pronoun
    ]
    if part[:1] != [pronoun] or not name or len(name) > MAX_NAME_TOKENS or not is_stretch(name):
        return None
    if name[-1] != pronoun - 2 or tree.tokens[pronoun - 1].text != "," or _has_other_pronoun(tree, part[1:]):
        return None
    return Piece("relative", verb, token.head, (*name, *part[1:]))


def _has_other_pronoun(tree: Tree, numbers: Sequence[int]) -> bool:
    return any(tree.tokens[number].tag in {"PRP", "PRP$"} for number in numbers)


def _without_tail(tree: Tree, piece: Piece) -> Piece | None:
    """Without ", showing ...", ", which ..." or ", although ..." at the end."""
    numbers = piece.numbers
    for place in range(len(numbers) - 1, 0, -1):
        if tree.tokens[numbers[place]].text != ",":
            continue
        tail = numbers[place + 1 :]
        if tail and _is_addition(tree, tail, piece):
            return changed(piece, kind="trimmed", numbers=numbers[:place])
    return None


def _is_addition(tree: Tree, tail: Sequence[int], piece: Piece) -> bool:
    heads = [number for number in tail if tree.tokens[number].head not in tail]
    if len(heads) != 1 or not is_stretch(tail):
        return False
    head = heads[0]
    first = tree.tokens[tail[0]].text.lower()
    if tree.tokens[head].dep == "relcl":
        return first in {"which", "who", "where", "whose"}
    if tree.tokens[head].dep == "appos":
        joined = any(tree.tokens[number].dep == "cc" for number in tail)
        return tree.tokens[tail[0]].tag in {"DT", "PRP$"} and not joined
    if tree.tokens[head].dep != "advcl" or tree.tokens[head].head != piece.verb:
        return False
    if tree.tokens[head].tag == "VBG" and head == tail[0]:
        return first not in {"according", "depending", "provided", "providing", "assuming"}
    negated = tree.is_negated(piece.verb)
    return first in ASSERTING and (not negated or first not in {"because", "since", "as"})


def _without_front(tree: Tree, piece: Piece) -> Piece | None:
    """Without "While ...," or "Although ...," at the start."""
    numbers = piece.numbers
    for kid in tree.children(piece.verb, "advcl"):
        part = [number for number in tree.subtree(kid) if number in set(numbers)]
        if not part or part[0] != numbers[0] or not is_stretch(part):
            continue
        first = tree.tokens[part[0]].text.lower()
        rest = numbers[len(part) :]
        adds = first in {"while", "although", "though", "whereas"}
        if adds and rest and tree.tokens[rest[0]].text == ",":
            return changed(piece, kind="trimmed", numbers=rest[1:])
    return None


def is_correlative(tree: Tree, numbers: Sequence[int]) -> bool:
    """Whether "not only", "either ... or" and the like bind its parts, so that none may be left out."""
    low = [tree.tokens[number].text.lower() for number in numbers]
    pairs = set(pairwise(low))
    if ("not", "only") in pairs or ("n't", "only") in pairs or ("not", "just") in pairs:
        return True
    return any(tree.tokens[number].dep == "preconj" for number in numbers) or "neither" in low


def is_negative(tree: Tree, numbers: Sequence[int]) -> bool:
    """Whether a word of negation stands anywhere in it."""
    found = NEGATIONS | {"none", "neither", "nobody", "nothing", "nowhere"}
    return any(
        tree.tokens[number].text.lower() in found or tree.tokens[number].dep == "neg" for number in numbers
    )
