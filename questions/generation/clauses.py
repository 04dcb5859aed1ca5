"""Statements that a text makes and that stand on their own: the clause gates, numbered as in the design."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from questions.generation import wordnet
from questions.generation.antecedents import Naming
from questions.generation.core import core
from questions.generation.dangling import dangling
from questions.generation.derive import Change, derive, dropping
from questions.generation.facts import Clause, Token
from questions.generation.lexicon import words
from questions.generation.pieces import CLOSING, LEADING, Piece, is_correlative, is_negative, pieces, trimmed
from questions.generation.tree import SUBJECTS, Tree
from questions.generation.wholeness import is_whole
from questions.reading.article import Section

MIN_WORDS, MIN_PART_WORDS, MAX_WORDS = 5, 7, 34
BAD_SUBJECT_STARTS = frozenset({"another", "other", "such", "one", "what", "whatever", "who", "how", "why"})
UNCERTAIN = frozenset({"may", "might", "could", "would", "should"})
SHARED_WORDS = frozenset({"aux", "auxpass", "neg", "prep", "advmod", "npadvmod", "punct", "advcl"})
RELATIVE_TAGS = frozenset({"WRB", "WP", "WDT"})
DISPENSABLE = frozenset({"punct", "cc", "conj", "mark", "advcl", "relcl", "preconj"})
SINGULAR_TAGS, PLURAL_TAGS = frozenset({"NN", "NNP"}), frozenset({"NNS", "NNPS"})
_BROKEN = re.compile(r",\s*[,.;]|\(\s|\s\)|\s{2}|^\W|\b(\w+) \1\b", re.IGNORECASE)


def clauses(
    section: Section,
    sentence: int,
    tree: Tree,
    known: AbstractSet[str] = frozenset(),
    naming: Naming | None = None,
) -> tuple[Clause, ...]:
    """The statements of one sentence, the whole sentence first, each once.

    With `naming`, the tree has the noun that a pronoun stands for, and every statement names it.
    """
    found: dict[str, Clause] = {}
    for piece in _tried(tree):
        if holds(tree, piece, known):
            clause = realised(section, sentence, tree, piece, naming)
            if clause and clause.text not in found:
                found[clause.text] = clause
    return tuple(found.values())


def _tried(tree: Tree) -> Iterator[Piece]:
    for piece in pieces(tree):
        if piece.numbers:
            yield piece
            yield from trimmed(tree, piece)


def holds(tree: Tree, piece: Piece, known: AbstractSet[str], least: int = 0) -> bool:
    """Whether a piece passes every gate; `least` takes the place of the usual number of words."""
    numbers = piece.numbers
    if not numbers or piece.subject not in numbers or piece.subject > piece.verb:
        return False
    length = sum(tree.tokens[number].pos != "PUNCT" for number in numbers)
    least = least or (MIN_WORDS if piece.kind == "sentence" else MIN_PART_WORDS)
    if not least <= length <= MAX_WORDS:
        return False
    if piece.kind != "sentence" and (is_correlative(tree, range(len(tree.tokens)))):
        return False
    return (
        _is_bounded(tree, piece)
        and _is_closed(tree, piece)
        and _subject_is_plain(tree, piece)
        and _agrees(tree, piece)
        and _is_joined_well(tree, piece)
        and _is_factual(tree, piece)
        and is_whole(tree, piece)
        and not dangling(tree, _unnamed(piece), known)
    )


def _unnamed(piece: Piece) -> list[int]:
    return [number for number in piece.numbers if piece.named is None or number != piece.subject]


def _is_joined_well(tree: Tree, piece: Piece) -> bool:
    """C7: no single comma between subject and verb, no preposition before it, no bare number as subject."""
    subject = tree.tokens[piece.subject]
    if subject.pos == "NUM" and not tree.children(piece.subject, "prep"):
        return False
    commas = [number for number in piece.numbers if tree.tokens[number].text == ","]
    is_cut = piece.kind != "sentence" and sum(piece.subject < comma < piece.verb for comma in commas) == 1
    if is_cut and not tree.children(piece.subject, "conj") and subject.dep != "csubj":
        return False
    start = piece.numbers.index(min(one for one in tree.subtree(piece.subject) if one in piece.numbers))
    return start == 0 or tree.tokens[piece.numbers[start - 1]].pos != "ADP"


def _is_factual(tree: Tree, piece: Piece) -> bool:
    """Whether it says what is the case, not what would be the case in a world that is told elsewhere."""
    low = {tree.tokens[number].text.lower() for number in piece.numbers}
    if tree.modal(piece.verb) == "would" and not low & {"if", "unless"}:
        return False
    is_you = tree.tokens[piece.subject].text.lower() == "you"
    return not is_you or bool(low & {"if", "can", "cannot", "may", "must", "should"})


def _is_bounded(tree: Tree, piece: Piece) -> bool:
    """C1, C2: before and after the piece stand punctuation or a joining word."""
    numbers = piece.numbers
    after = tree.tokens[numbers[-1] + 1 : numbers[-1] + 2]
    is_condition = piece.kind == "result" and after and after[0].dep == "mark"
    if after and not is_condition and piece.kind != "effect" and not _is_boundary(after[0]):
        return False
    before = tree.tokens[numbers[0] - 1] if numbers[0] and piece.kind != "relative" else None
    if piece.kind == "result" and before is not None and before.text.lower() == "so":
        return True
    return before is None or _is_boundary(before) or before.dep == "mark" or before.tag == "WRB"


def _is_boundary(token: Token) -> bool:
    return token.pos == "PUNCT" or token.dep == "cc" or token.tag in CLOSING


def _is_closed(tree: Tree, piece: Piece) -> bool:
    """No word of it hangs on a word left out, and what is left out is an addition."""
    inside, usable = set(piece.numbers), set(core(tree))
    subject = set(tree.subtree(piece.subject))
    for number in piece.numbers:
        token = tree.tokens[number]
        hangs_outside = number != piece.verb and token.head not in inside
        if hangs_outside and number not in subject and token.dep not in SHARED_WORDS:
            return False
        left = [kid for kid in tree.kids[number] if kid not in inside and kid in usable]
        if any(
            tree.tokens[kid].dep not in DISPENSABLE
            and tree.tokens[kid].tag not in RELATIVE_TAGS
            and tree.tokens[kid].text.lower() not in LEADING
            for kid in left
        ):
            return False
    return True


def _subject_is_plain(tree: Tree, piece: Piece) -> bool:
    """C5, C6: one subject, which says by itself what it is about."""
    subjects = [kid for kid in tree.children(piece.verb, *SUBJECTS) if kid in piece.numbers]
    if len(subjects) > 1:
        return False
    start = min(tree.subtree(piece.subject))
    first = tree.tokens[start]
    if first.text.lower() == "one" and (tree.tokens[start + 1].text.lower() == "of" or _is_kind(tree, piece)):
        return True
    return first.text.lower() not in BAD_SUBJECT_STARTS and first.tag not in {"WP", "WDT", "WRB"}


def _is_kind(tree: Tree, piece: Piece) -> bool:
    """Whether "one" counts a noun that says what of: "one effect of the storm"."""
    noun = tree.tokens[piece.subject]
    return noun.pos == "NOUN" and bool(tree.children(piece.subject, "prep", "acl", "relcl", "compound"))


def _agrees(tree: Tree, piece: Piece) -> bool:
    """Whether subject and verb agree; where not, the parse went astray."""
    subject = tree.tokens[piece.subject]
    aux = [kid for kid in tree.auxiliaries(piece.verb) if kid in piece.numbers]
    verb = tree.tokens[min([*aux, piece.verb])]
    if tree.children(piece.subject, "conj") or subject.pos not in {"NOUN", "PROPN"}:
        return True
    if verb.text.lower() == "were" and subject.tag in SINGULAR_TAGS:
        return wordnet.main_class(subject.lemma.lower()) == "group" or subject.text.endswith("s")
    if verb.tag == "VBZ":
        return (
            subject.tag not in PLURAL_TAGS or subject.pos == "PROPN" or subject.text.lower().endswith("ics")
        )
    if verb.tag == "VBP":
        is_body = wordnet.main_class(subject.lemma.lower()) == "group"
        return subject.tag not in SINGULAR_TAGS or is_body or bool(tree.children(piece.subject, "prep"))
    return True


def realised(
    section: Section, sentence: int, tree: Tree, piece: Piece, naming: Naming | None = None
) -> Clause | None:
    """The piece as a statement in words; None where they come out broken."""
    tokens = tree.tokens
    numbers = list(piece.numbers)
    if tokens[-1].text == "." and numbers[-1] != len(tokens) - 1:
        numbers.append(len(tokens) - 1)
    span, changes = dropping(tokens, numbers)
    changes += _naming(section, tree, piece)
    named = naming if naming and naming.number in numbers else None
    if named:
        pronoun = tokens[named.number]
        changes.append((pronoun.start, pronoun.end, named.name))
    derivation, text = derive(section, span, changes)
    if _BROKEN.search(text):
        return None
    return Clause(
        section=section.id,
        sentence=sentence,
        kind=piece.kind,
        text=text,
        derivation=derivation,
        tokens=tuple(piece.numbers),
        root=piece.verb,
        subject=tuple(number for number in tree.subtree(piece.subject) if number in piece.numbers),
        is_negated=is_negative(tree, piece.numbers),
        is_hedged=_is_hedged(tree, piece),
        told_in=named.told_in if named else None,
    )


def _naming(section: Section, tree: Tree, piece: Piece) -> list[Change]:
    """Names in the place of a pronoun subject, and "the" for "this" before what the article is about."""
    changes: list[Change] = []
    if piece.named is not None:
        phrase = tree.subtree(piece.named)
        name = section.text[tree.tokens[phrase[0]].start : tree.tokens[phrase[-1]].end]
        pronoun = tree.tokens[piece.subject]
        changes.append((pronoun.start, pronoun.end, name))
    for number in piece.numbers:
        token = tree.tokens[number]
        if token.text.lower() in {"this", "these"} and token.dep == "det" and token.tag == "DT":
            changes.append((token.start, token.end, "the"))
    return changes


def _is_hedged(tree: Tree, piece: Piece) -> bool:
    low = {tree.tokens[number].text.lower() for number in piece.numbers}
    return bool(low & words("hedges")) or tree.modal(piece.verb) in {
        "may",
        "might",
        "could",
        "would",
        "should",
    }
