"""Putting items together: evidence, options with their reasons, the words that explain an answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from questions.generation.derive import rederive
from questions.generation.distractors import FalseKind, Falsified
from questions.generation.facts import Clause, SectionFacts
from questions.generation.proposal import Derivation, Edit, Level, Proposal
from questions.items.base import BLANK, Evidence, Item, KeyPart, Option, Role

MAX_QUOTED_WORDS = 40
GOOD_WORDS = range(8, 21)
GAP_WORDS, GAP_IDEAL = range(7, 34), 16
MOST_HEADING_WORDS = 12
SWAPPED: frozenset[FalseKind] = frozenset({"role", "rather_than"})


def evidence(section: SectionFacts, sentences: Iterable[int]) -> tuple[Evidence, ...]:
    """The sentences of a section with these numbers, in reading order, each once."""
    chosen = (section.sentences[number] for number in sorted(set(sentences)))
    return tuple(Evidence(section.section.id, one.span.start, one.span.end, one.text) for one in chosen)


def quoted(text: str) -> str:
    """The text in quotation marks, cut after a while; its own double marks become single ones."""
    inner = text.replace("\u201c", "\u2018").replace("\u201d", "\u2019").replace('"', "'")
    parts = inner.split()
    short = " ".join(parts[:MAX_QUOTED_WORDS]) + " \u2026" if len(parts) > MAX_QUOTED_WORDS else inner
    return f"\u201c{short}\u201d"


def said_so(section: SectionFacts, sentence: int) -> str:
    """The explanation of what the text says: its sentence."""
    return f"The section says: {quoted(section.sentences[sentence].text)}"


def proof(clause: Clause) -> list[int]:
    """The sentences that make a statement: its own, and the one that says whom or what it is about."""
    return [clause.sentence] if clause.told_in is None else [clause.sentence, clause.told_in]


def shown(section: SectionFacts, clause: Clause) -> str:
    """The explanation of what the text says: the sentence of a statement, with what leads to its subject."""
    if clause.told_in is None:
        return said_so(section, clause.sentence)
    told = quoted(section.sentences[clause.told_in].text)
    return f"The section says: {told} And of the same: {quoted(section.sentences[clause.sentence].text)}"


def depth(level: Level, clause: Clause) -> Level:
    """The level of an item on a statement: two sentences that must be put together are an inference."""
    return "infer" if level == "retrieve" and clause.told_in is not None else level


def why_false(false: Falsified, subject: str = "the statement") -> str:
    """What the text says and what the false statement says in its place."""
    if false.kind in SWAPPED:
        return f"The text has it the other way round: {quoted(false.clause.text)}"
    return f"The text says {quoted(false.before)}; {subject} says {quoted(false.after)}."


def judged(
    section: SectionFacts, recipe: str, level: Level, clause: Clause, false: Falsified | None = None
) -> Proposal:
    """A statement to be judged true or false."""
    said = shown(section, clause)
    derivation = false.derivation if false else clause.derivation
    if false:
        wrong = Option("True", "misreading", why_false(false))
        options = (wrong, Option("False", "key", why_false(false)))
    else:
        wrong = Option("False", "misreading", "The text does make this statement.")
        options = (Option("True", "key", "The text makes this statement."), wrong)
    item = Item(
        type="true_false",
        stem=false.text if false else clause.text,
        options=options,
        key=(1 if false else 0,),
        explanation=why_false(false) if false else said,
        evidence=evidence(section, proof(clause)),
    )
    return Proposal(
        section.section.id, recipe, depth(level, clause), item, {"stem": derivation}, ease(clause)
    )


def gap(
    section: SectionFacts,
    recipe: str,
    clause: Clause,
    blank: tuple[int, int],
    answers: Sequence[str] | Sequence[Option],
    asking: str = "",
) -> Proposal:
    """A sentence with a gap: to be typed where `answers` are texts, to be chosen where they are options.

    `asking` is put in front of it.
    """
    derivation, stem = rederive(section.section, clause.derivation, [(blank[0], blank[1], BLANK)])
    if asking:
        start = derivation.span.start
        derivation = replace(derivation, edits=_with_front(derivation.edits, start, asking))
        stem = derivation.replay(section.section.text)
    options = tuple(answer for answer in answers if isinstance(answer, Option))
    accepted = tuple(answer for answer in answers if isinstance(answer, str))
    key: tuple[KeyPart, ...] = (
        tuple(place for place, option in enumerate(options) if option.role == "key") if options else accepted
    )
    item = Item(
        type="gap_list" if options else "gap_text",
        stem=stem,
        options=options,
        key=key,
        explanation=shown(section, clause),
        evidence=evidence(section, proof(clause)),
    )
    level = depth("retrieve", clause)
    return Proposal(section.section.id, recipe, level, item, {"stem": derivation}, ease(clause))


def _with_front(edits: Sequence[Edit], start: int, words: str) -> tuple[Edit, ...]:
    """The edits with words put before whatever stands at the start."""
    first = next((edit for edit in edits if edit.start == start), None)
    if first is None:
        return (Edit(start, start, "", words), *edits)
    return tuple(replace(edit, after=words + edit.after) if edit is first else edit for edit in edits)


def choice(
    section: SectionFacts,
    recipe: str,
    level: Level,
    stem: str,
    options: Sequence[Option],
    sentences: Iterable[int],
    derivations: Mapping[str, Derivation],
    explanation: str = "",
) -> Proposal:
    """A question with one right answer among its options, the one whose role is "key".

    `sentences` are the numbers of those that prove it, the key's own sentence first; it is the explanation
    where no other is given.
    """
    proving = list(sentences)
    item = Item(
        type="multiple_choice",
        stem=stem,
        options=tuple(options),
        key=tuple(place for place, option in enumerate(options) if option.role == "key"),
        explanation=explanation or said_so(section, proving[0]),
        evidence=evidence(section, proving),
    )
    return Proposal(section.section.id, recipe, level, item, derivations)


def false_option(false: Falsified, role: Role = "misreading") -> Option:
    """A false statement as an option."""
    return Option(false.text, role, why_false(false, "this"))


def ease(clause: Clause) -> float:
    """How good a statement is to judge: not the sentence as it stands, neither short nor long."""
    length = clause.word_count
    far = max(0, GOOD_WORDS.start - length, length - GOOD_WORDS.stop)
    return (0.3 if clause.kind != "sentence" else 0.0) - 0.05 * far


def best_clauses(clauses: Sequence[Clause], least: int, most: int) -> list[Clause]:
    """The best statement of each sentence whose length is within these bounds, in reading order."""
    chosen: dict[int, Clause] = {}
    for clause in clauses:
        if least <= clause.word_count <= most:
            other = chosen.get(clause.sentence)
            if other is None or ease(clause) > ease(other):
                chosen[clause.sentence] = clause
    return [chosen[number] for number in sorted(chosen)]


def clause_around(section: SectionFacts, sentence: int, first: int, last: int) -> Clause | None:
    """The best statement of a sentence that holds these tokens and enough around them for a gap."""
    needed = set(range(first, last + 1))
    fit = [
        clause
        for clause in section.sentences[sentence].clauses
        if needed <= set(clause.tokens) and clause.word_count in GAP_WORDS
    ]
    return max(fit, key=lambda clause: (-abs(clause.word_count - GAP_IDEAL), clause.text), default=None)


def named(section: SectionFacts) -> str:
    """The section as a question names it: by its heading, where that is short and plain."""
    heading = section.section.heading
    is_plain = (
        heading and len(heading.split()) <= MOST_HEADING_WORDS and not set(heading) & set('\u201c\u201d"?!')
    )
    return f"the section \u201c{heading}\u201d" if is_plain else "this section"
