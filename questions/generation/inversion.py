"""From a statement to a question about it: the auxiliary before the subject, or "do" where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from questions.generation import wordnet
from questions.generation.derive import Change, rederive
from questions.generation.facts import Clause
from questions.generation.inflect import inflected
from questions.generation.proposal import Derivation
from questions.generation.tree import Tree, is_stretch
from questions.reading.article import Section, Span

DO_FORMS = {"VBD": "did", "VBZ": "does", "VBP": "do"}
MAX_FRONT_TOKENS = 6
CONTRACTED = ("'", "\u2019")


def asked(section: Section, tree: Tree, clause: Clause, lead: str) -> tuple[Derivation, str] | None:
    """The question that begins with `lead` ("why") and asks about the clause; None where none can be made.

    "The ferry stopped in 1902" becomes "why did the ferry stop in 1902?".
    """
    if any(kid in clause.tokens for kid in tree.children(clause.root, "parataxis", "expl")):
        return None
    if any(tree.tokens[one].dep == "conj" and tree.is_finite(one) for one in clause.tokens):
        return None  # two predicates: one auxiliary cannot ask about both
    front = [number for number in clause.tokens if number < clause.subject[0]]
    verb = _fronted_verb(tree, clause)
    if verb is None or not is_stretch(clause.subject) or not _is_movable(tree, clause, front):
        return None
    word, changes = verb
    start = tree.tokens[clause.subject[0]]
    changes.append(
        (start.start, start.end, f"{lead} {word} {_inside(section, tree, clause, clause.subject[0])}")
    )
    last = tree.tokens[clause.tokens[-1]].end
    if front:
        changes.append((tree.tokens[front[0]].start, start.start, ""))
        changes.append((last, last, " " + _moved(section, tree, front)))
    return rederive(section, _unstopped(clause, last), changes, stop="?")


def led_by(section: Section, tree: Tree, clause: Clause, lead: str) -> tuple[Derivation, str]:
    """The statement with words in front of it ("Because"), its first letter small."""
    start = tree.tokens[clause.tokens[0]].start
    word = _inside(section, tree, clause, clause.tokens[0])
    end = tree.tokens[clause.tokens[0]].end
    if word[1:] == section.text[start + 1 : end]:
        word, end = word[:1], start + 1
    return rederive(section, clause.derivation, [(start, end, f"{lead} {word}")])


def _inside(section: Section, tree: Tree, clause: Clause, number: int) -> str:
    """A word of the statement as it stands inside a sentence: itself, or the name put in its place."""
    token = tree.tokens[number]
    own = {(edit.start, edit.end): edit.after for edit in clause.derivation.edits}
    name = own.get((token.start, token.end))
    if name is None:
        return _lowered(tree, number, section.text[token.start : token.end])
    is_name = tree.tokens[clause.subject[0]].pos == "PROPN" if clause.subject else False
    is_name = is_name or (len(name) > 1 and name.isupper()) or name == "I"
    return name if is_name else name[:1].lower() + name[1:]


def _unstopped(clause: Clause, end: int) -> Derivation:
    """The derivation of the clause up to its last word, without the full stop."""
    base = clause.derivation
    edits = tuple(edit for edit in base.edits if edit.end <= end and edit.start < end)
    return replace(base, span=Span(base.span.start, end), edits=edits)


def _fronted_verb(tree: Tree, clause: Clause) -> tuple[str, list[Change]] | None:
    """The word that goes before the subject, and what that changes at its own place."""
    tokens, root = tree.tokens, tree.tokens[clause.root]
    aux = [kid for kid in tree.auxiliaries(clause.root) if kid in clause.tokens]
    if not aux and root.lemma != "be":
        if root.tag not in DO_FORMS:
            return None
        return DO_FORMS[root.tag], [(root.start, root.end, inflected(root.lemma.lower(), "VB"))]
    first = aux[0] if aux else clause.root
    if first < clause.subject[-1] or tokens[first].text.startswith(CONTRACTED) or tokens[first].text == "ca":
        return None
    following = [number for number in clause.tokens if number > first]
    if not following:
        return None
    after = tokens[following[0]]
    changes: list[Change] = [(tokens[first].start, after.start, "")]
    if after.text.lower() in {"n't", "n\u2019t"}:
        changes.append((after.start, after.end, "not"))
        if tokens[first].text.lower() in {"wo", "sha"}:
            return None
    return tokens[first].text.lower(), changes


def _is_movable(tree: Tree, clause: Clause, front: Sequence[int]) -> bool:
    """Whether what stands before the subject is one short phrase that may as well stand at the end."""
    if not front:
        return True
    words = front[:-1] if tree.tokens[front[-1]].text == "," else front
    heads = [number for number in words if tree.tokens[number].head not in words]
    if not words or len(words) > MAX_FRONT_TOKENS or not is_stretch(front) or len(heads) != 1:
        return False
    if front[-1] + 1 != clause.subject[0]:
        return False
    head = tree.tokens[heads[0]]
    return head.dep in {"prep", "npadvmod"} and head.head == clause.root


def _moved(section: Section, tree: Tree, front: Sequence[int]) -> str:
    words = front[:-1] if tree.tokens[front[-1]].text == "," else front
    text = section.text[tree.tokens[words[0]].start : tree.tokens[words[-1]].end]
    return _lowered(tree, words[0], text)


def _lowered(tree: Tree, number: int, text: str) -> str:
    """Words from the start of a sentence as they stand inside one."""
    first = tree.tokens[number]
    is_name = first.pos == "PROPN" and (first.ent or number > 0 or not wordnet.knows(first.text.lower()))
    keeps = is_name or first.text == "I" or (first.text.isupper() and len(first.text) > 1)
    return text if keeps else text[:1].lower() + text[1:]
