"""Other statements of the text, in the form that a question needs: true, but no answer to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from questions.generation.derive import rederive
from questions.generation.distractors import sentence_of
from questions.generation.facts import Clause, SectionFacts
from questions.generation.inflect import inflected
from questions.generation.lexicon import words
from questions.generation.proposal import Derivation
from questions.generation.tree import Tree

FEWEST_WORDS = 5
SHORTEST, LONGEST = 0.55, 1.7
"""How long another statement may be, measured by the key."""
STATIVE = frozenset(
    {"want", "need", "know", "believe", "seem", "appear", "consist", "belong", "mean", "like"}
)


def of_like_length(clauses: Iterable[Clause], key: Clause, leave: Iterable[int]) -> list[Clause]:
    """Statements of other sentences, one of each, the nearest in length first."""
    left = set(leave)
    length = len(key.text)
    fit = [
        clause
        for clause in clauses
        if clause.sentence not in left
        and clause.word_count >= FEWEST_WORDS
        and SHORTEST * length <= len(clause.text) <= LONGEST * length
    ]
    fit.sort(key=lambda clause: (abs(len(clause.text) - length), clause.sentence, clause.text))
    found: dict[int, Clause] = {}
    for clause in fit:
        found.setdefault(clause.sentence, clause)
    return list(found.values())


def with_modal(
    section: SectionFacts, clauses: Sequence[Clause], modal: str
) -> Iterator[tuple[Clause, Derivation, str]]:
    """Statements as what may happen: those that have a modal verb, then others with it put in."""
    fit = [clause for clause in clauses if not _tells_saying(section, clause)]
    for clause in fit:
        if _has_modal(section, clause):
            yield clause, clause.derivation, clause.text
    for clause in fit:
        made = None if _has_modal(section, clause) else _modalised(section, clause, modal)
        if made:
            yield clause, made[0], made[1]


def _tells_saying(section: SectionFacts, clause: Clause) -> bool:
    return section.sentences[clause.sentence].tokens[clause.root].lemma.lower() in words("report_verbs")


def _has_modal(section: SectionFacts, clause: Clause) -> bool:
    return bool(Tree(sentence_of(section, clause).tokens).modal(clause.root))


def _modalised(section: SectionFacts, clause: Clause, modal: str) -> tuple[Derivation, str] | None:
    """The clause with a modal verb before its present-tense verb."""
    tree = Tree(sentence_of(section, clause).tokens)
    verb = tree.tokens[clause.root]
    plain = verb.tag in {"VBZ", "VBP"} and not tree.auxiliaries(clause.root) and not clause.is_negated
    joined = any(kid in clause.tokens for kid in tree.children(clause.root, "conj"))
    if not plain or joined or verb.lemma in STATIVE or tree.children(clause.root, "expl"):
        return None
    base = "be" if verb.lemma == "be" else inflected(verb.lemma, "VB")
    return rederive(section.section, clause.derivation, [(verb.start, verb.end, f"{modal} {base}")])
