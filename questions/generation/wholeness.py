"""Is a stretch of a sentence a whole statement? Half of one, a command and an example are not."""

from __future__ import annotations

from questions.generation.lexicon import words
from questions.generation.pieces import Piece
from questions.generation.tree import Tree

SUPPOSING = frozenset({"think", "imagine", "consider", "suppose", "recall", "picture", "say"})
NOBODY = frozenset({"someone", "somebody"})
JOINERS = frozenset({"and", "or", "but", "nor", "&", "/"})
ASKING = frozenset({"that", "how", "what", "why", "who", "whether", "maybe", "perhaps"})
CONTRASTING = frozenset({"while", "although", "though", "whereas"})


def is_whole(tree: Tree, piece: Piece) -> bool:
    """Whether a piece states something by itself, with a main verb and every list to its end."""
    first = tree.tokens[piece.numbers[0]]
    low = first.text.lower()
    lost_its_verb = low in ASKING or (low in CONTRASTING and first.dep != "mark")
    asks = tree.tokens[piece.verb].lemma == "be" and _has_open_question(tree, piece.verb)
    return not (
        lost_its_verb
        or asks
        or _ends_early(tree, piece)
        or _is_spliced(tree, piece)
        or _is_subordinate(tree, piece)
        or _supposes(tree, piece)
        or _is_broken_list(tree, piece)
        or _tells_to_do(tree, piece)
        or _is_an_example(tree, piece)
    )


def _ends_early(tree: Tree, piece: Piece) -> bool:
    """Whether the noun is missing at the end: "a region of heated"."""
    last = tree.tokens[piece.numbers[-1]]
    return last.dep == "pobj" and last.pos in {"ADJ", "VERB"} and last.tag != "VBG"


def _tells_to_do(tree: Tree, piece: Piece) -> bool:
    """Whether it goes over into a command: "basil is tender so don't plant it"."""
    return any(
        tree.tokens[one].text.lower() == "so"
        and tree.tokens[other].text.lower() == "do"
        and tree.tokens[third].text.lower() in {"n't", "n\u2019t", "not"}
        for one, other, third in zip(piece.numbers, piece.numbers[1:], piece.numbers[2:], strict=False)
    )


def _is_subordinate(tree: Tree, piece: Piece) -> bool:
    """Whether its own verb is led in by if, when or where: then it is half of a sentence."""
    return piece.kind in {"sentence", "coordinate"} and any(
        kid in piece.numbers
        and kid < piece.subject
        and (tree.tokens[kid].dep == "mark" or tree.tokens[kid].tag == "WRB")
        for kid in tree.children(piece.verb, "mark", "advmod")
    )


def _supposes(tree: Tree, piece: Piece) -> bool:
    """Whether a case is made up: "we can think of a divorce", "someone falls on the ground"."""
    subject, verb = (tree.tokens[one] for one in (piece.subject, piece.verb))
    is_nobody, is_reader = subject.text.lower() in NOBODY, subject.text.lower() in {"we", "you", "one"}
    return is_nobody or (is_reader and verb.lemma.lower() in SUPPOSING)


def _is_broken_list(tree: Tree, piece: Piece) -> bool:
    """Whether a list lost its end: "double vision, blurred vision"."""
    inside = set(piece.numbers)
    for number in piece.numbers:
        if tree.tokens[number].dep == "conj":
            continue
        row = [number]
        for one in row:
            row += [kid for kid in tree.children(one, "conj") if kid in inside]
        has_joiner = any(kid in inside for one in row for kid in tree.children(one, "cc", "preconj"))
        between = {tree.tokens[one].text.lower() for one in range(row[0], row[-1] + 1)}
        if len(row) > 1 and not has_joiner and not between & JOINERS:
            return True
    return False


def _is_an_example(tree: Tree, piece: Piece) -> bool:
    """Whether it calls itself an example of what was said before."""
    text = " ".join(tree.tokens[number].text.lower() for number in piece.numbers)
    return "for example" in text or "for instance" in text


def _is_spliced(tree: Tree, piece: Piece) -> bool:
    """Whether a second main clause hangs on by a comma alone, its "and" gone with what was left out."""
    for kid in tree.children(piece.verb, "ccomp", "parataxis", "dep"):
        stands_free = not tree.children(kid, "mark") and tree.is_finite(kid) and tree.subject(kid) is not None
        before = min(tree.subtree(kid)) < piece.verb
        if kid in piece.numbers and stands_free and before:
            place = piece.numbers.index(
                min(one for one in tree.subtree(piece.subject) if one in piece.numbers)
            )
            has_comma = place > 0 and tree.tokens[piece.numbers[place - 1]].text == ","
            return not has_comma or tree.tokens[piece.verb].lemma.lower() not in words("report_verbs")
    return False


def _has_open_question(tree: Tree, verb: int) -> bool:
    """Whether a complement asks how, whether or why."""
    return any(
        tree.tokens[one].tag == "WRB" or tree.tokens[one].text.lower() == "whether"
        for kid in tree.children(verb, "ccomp")
        for one in tree.subtree(kid)[:1]
    )
