"""A statement in two halves: what it is about, and what it says of it; each half with its own derivation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from questions.generation import wordnet
from questions.generation.facts import Clause, SectionFacts, Token
from questions.generation.lexicon import words
from questions.generation.proposal import Derivation, Edit
from questions.generation.tree import Tree, is_stretch
from questions.reading.article import Span

MAX_SUBJECT_WORDS = 8
MAX_FRONT_TOKENS = 8
MIN_PREDICATE_WORDS, MAX_PREDICATE_WORDS = 3, 18
FEWEST_TELLING = 3
"""Fewer telling words than these, and no name and no number: what is said may hold of much else."""
POINTING = words("pointing_words")
"""Words by which a statement leans on another one, or on what it is compared with."""
NUMBERED = frozenset(["it", "its", "itself", "they", "them", "their", "theirs", "themselves"])
"""Pronouns of things that tell how many there are."""
VAGUE = words("vague_determiners")
"""Before a noun they name nobody in particular."""


@dataclass(frozen=True, slots=True)
class Halves:
    """A statement cut behind its subject.

    `shows_number` says whether the predicate's form tells that it is about one, or about many.
    """

    clause: Clause
    prompt: str
    answer: str
    prompt_derivation: Derivation
    answer_derivation: Derivation
    head: Token
    sort: str
    """Somebody with a name ("name"), somebody without ("somebody"), or something ("thing")."""
    tense: str
    is_many: bool
    shows_number: bool
    said: frozenset[str]
    """Lemmas of the predicate."""
    names: frozenset[str]
    """Lemmas of the nouns and names of the subject."""


def halves(section: SectionFacts, clause: Clause) -> Halves | None:
    """The two halves of a statement, where both are plain; None where they are not."""
    tokens = section.sentences[clause.sentence].tokens
    tree = Tree(tokens)
    front, subject, predicate = _cut(tree, clause)
    head = next((number for number in subject if tokens[number].head not in subject), None)
    if head is None or not predicate or clause.is_negated or clause.is_hedged:
        return None
    nouns = [number for number in (*front, *subject) if tokens[number].pos in {"NOUN", "PROPN"}]
    is_plain = _is_plain_subject(tree, subject, head) and _is_plain_front(tree, front)
    if not is_plain or not _is_telling(tree, predicate) or _has_second_subject(tree, predicate):
        return None
    derived = _derived(section, clause, tokens[subject[-1]].end, tokens[predicate[0]].start, predicate)
    if derived is None:
        return None
    prompt, answer = (one.replay(section.section.text) for one in derived)
    is_whole = f"{prompt} {answer}." == clause.text
    if not is_whole or not MIN_PREDICATE_WORDS <= len(answer.split()) <= MAX_PREDICATE_WORDS:
        return None
    return Halves(
        clause,
        prompt,
        answer,
        *derived,
        tokens[head],
        _sort(tokens[head]),
        _tense(tree, clause),
        _is_many(tree, clause, head),
        _shows_number(tree, clause, predicate),
        frozenset(_lemmas(tree, predicate)),
        frozenset(_lemmas(tree, nouns)),
    )


def _cut(tree: Tree, clause: Clause) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """The tokens before the subject, its own, and those after it (none where they are no predicate)."""
    subject = clause.subject
    if not subject or not is_stretch(subject) or not set(subject) <= set(clause.tokens):
        return (), subject, ()
    place = clause.tokens.index(subject[0])
    front, rest = clause.tokens[:place], clause.tokens[place + len(subject) :]
    while rest and tree.tokens[rest[-1]].pos == "PUNCT":
        rest = rest[:-1]
    goes_on = rest and tree.tokens[rest[0]].pos in {"VERB", "AUX", "ADV"}
    return front, subject, rest if goes_on else ()


def _is_plain_front(tree: Tree, front: tuple[int, ...]) -> bool:
    """Whether nothing stands before the subject, or a few words of place or time and a comma."""
    if not front:
        return True
    parts = [tree.tokens[number] for number in front]
    leans = any(
        part.pos in {"PRON", "VERB", "AUX", "SCONJ"} or part.tag == "PRP$" or part.text.lower() in POINTING
        for part in parts
    )
    return parts[-1].text == "," and len(parts) <= MAX_FRONT_TOKENS and parts[0].pos == "ADP" and not leans


def _is_plain_subject(tree: Tree, subject: tuple[int, ...], head: int) -> bool:
    """Whether it is a short noun phrase that says of what is spoken, whatever was told before."""
    tokens = tree.tokens
    low = {tokens[number].text.lower() for number in subject}
    is_named = tokens[head].pos == "PROPN"
    is_alone = len([one for one in subject if tokens[one].pos != "DET"]) == 1
    is_definite = tokens[subject[0]].text.lower() == "the"
    lemma = tokens[head].lemma.lower()
    return (
        sum(tokens[number].pos != "PUNCT" for number in subject) <= MAX_SUBJECT_WORDS
        and tokens[head].pos in {"NOUN", "PROPN"}
        and not low & (VAGUE | POINTING | {"this", "that", "these", "those"})
        and all(_may_name(tokens[number]) for number in subject)
        and (is_named or lemma not in words("generic_heads"))
        and (is_named or not (is_alone and is_definite) or lemma in words("unique_definites"))
    )


def _may_name(token: Token) -> bool:
    """Whether a word of a subject is none that counts, stands for another, or begins a clause."""
    if token.pos == "VERB":
        return token.dep in {"amod", "compound"}
    return token.pos not in {"PRON", "NUM"} and token.tag != "PRP$" and token.text not in {",", "(", ")"}


def _is_telling(tree: Tree, predicate: tuple[int, ...]) -> bool:
    """Whether a predicate says so much that it holds of nothing else, and leans on nothing else."""
    parts = [tree.tokens[number] for number in predicate]
    if any(part.tag in {"PRP", "PRP$"} and part.text.lower() not in NUMBERED for part in parts):
        return False
    if any(
        part.text.lower() in POINTING or part.text.lower() in {"this", "these", "those"} for part in parts
    ):
        return False
    told = {part.lemma.lower() for part in parts if part.pos in {"NOUN", "VERB", "ADJ", "PROPN", "NUM"}}
    is_exact = any(part.pos in {"PROPN", "NUM"} for part in parts)
    return len(told) >= FEWEST_TELLING - is_exact


def _has_second_subject(tree: Tree, predicate: tuple[int, ...]) -> bool:
    """Whether the predicate goes on with a clause about somebody or something else."""
    return any(
        tree.tokens[number].dep in {"nsubj", "nsubjpass"}
        and tree.tokens[tree.tokens[number].head].dep == "conj"
        for number in predicate
    )


def _derived(
    section: SectionFacts, clause: Clause, split: int, start: int, predicate: tuple[int, ...]
) -> tuple[Derivation, Derivation] | None:
    """The derivations of the halves; None where an edit reaches over the cut."""
    whole = clause.derivation
    end = section.sentences[clause.sentence].tokens[predicate[-1]].end
    first: list[Edit] = []
    second: list[Edit] = []
    for edit in whole.edits:
        if edit.start >= end or (split <= edit.start and edit.end <= start):
            continue  # the full stop, or what was left out between the halves
        if edit.end <= split:
            first.append(edit)
        elif edit.start >= start and edit.end <= end:
            second.append(edit)
        else:
            return None
    if not whole.span.start < split:
        return None
    return (
        replace(whole, span=Span(whole.span.start, split), edits=tuple(first)),
        replace(whole, span=Span(start, end), edits=tuple(second)),
    )


def _is_many(tree: Tree, clause: Clause, head: int) -> bool:
    """Whether the verb, or else the noun, is one for many."""
    verbs = [tree.tokens[number] for number in (*tree.auxiliaries(clause.root), clause.root)]
    if any(verb.tag == "VBP" or verb.text.lower() == "were" for verb in verbs):
        return True
    if any(verb.tag == "VBZ" or verb.text.lower() == "was" for verb in verbs):
        return False
    is_joined = any(kid in clause.subject for kid in tree.children(head, "conj"))
    return is_joined or tree.tokens[head].tag in {"NNS", "NNPS"}


def _shows_number(tree: Tree, clause: Clause, predicate: tuple[int, ...]) -> bool:
    """Whether the verb, or a pronoun, tells how many the statement is about."""
    verbs = {*tree.auxiliaries(clause.root), clause.root}
    return any(
        tree.tokens[number].text.lower() in NUMBERED | {"was", "were"}
        or (number in verbs and tree.tokens[number].tag in {"VBZ", "VBP"})
        for number in predicate
    )


def _sort(head: Token) -> str:
    """Somebody with a name, somebody without, or something."""
    if head.pos == "PROPN":
        return "name" if head.ent == "PERSON" else "thing"
    return "somebody" if wordnet.is_person(head.lemma.lower()) else "thing"


def _tense(tree: Tree, clause: Clause) -> str:
    """The tense of the finite verb: statements of one tense do not tell each other apart."""
    verbs = [*tree.auxiliaries(clause.root), clause.root]
    tags = {tree.tokens[number].tag for number in verbs}
    return "past" if "VBD" in tags else "present"


def _lemmas(tree: Tree, numbers: Iterable[int]) -> set[str]:
    return {tree.tokens[number].lemma.lower() for number in numbers if tree.tokens[number].pos != "PUNCT"}
