"""Statements of what happened when: the one date taken out, so that they can be put in order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from questions.generation.derive import CLINGING, rederive
from questions.generation.facts import Clause, DatedEvent, DateFact, Sentence
from questions.generation.tree import Tree
from questions.reading.article import Section, Span

DATE_LEADS = frozenset({"in", "on"})
_TIME_LEFT = re.compile(
    r"\b(?:1\d{3}|20\d{2})\b|\b(?:before|after|until|since|when|while|once|later|earlier|then|again|already|ago"
    r"|first|last|next|following|previous|subsequent(?:ly)?|meanwhile|eventually|finally|still|now)\b",
    re.IGNORECASE,
)
"""Words left in an event that would give its place away or make no sense out of order."""
MIN_EVENT_WORDS, MAX_EVENT_WORDS = 5, 22


def events(
    section: Section, sentence: Sentence, tree: Tree, dates: Sequence[DateFact]
) -> Iterator[DatedEvent]:
    """The past event of a sentence that has one date, and that a full one: one event at most."""
    for clause in sorted(sentence.clauses, key=lambda clause: len(clause.text)):
        told = [date for date in dates if date.first in clause.tokens]
        if len(told) != 1 or not _is_full(told[0]) or told[0].last not in clause.tokens:
            continue
        event = _without_date(section, tree, clause, told[0]) if _is_past(tree, clause) else None
        if event:
            date = told[0]
            when = (date.year or 0, date.month or 0, date.day or 0)
            yield DatedEvent(sentence.section, sentence.index, when, date, event)
            return


def _is_full(date: DateFact) -> bool:
    return bool(date.year) and date.granularity in {"day", "month", "year"}


def _is_past(tree: Tree, clause: Clause) -> bool:
    if clause.is_negated or clause.is_hedged:
        return False
    verbs = [clause.root, *tree.auxiliaries(clause.root)]
    return any(tree.tokens[number].tag == "VBD" for number in verbs)


def _without_date(section: Section, tree: Tree, clause: Clause, date: DateFact) -> Clause | None:
    """The clause without "in 1777," at its start or " on 3 May 1901" at its end."""
    lead = date.first - 1
    if lead < 0 or lead not in clause.tokens or tree.tokens[lead].text.lower() not in DATE_LEADS:
        return None
    is_fronted = lead == clause.tokens[0] and tree.tokens[date.last + 1].text == ","
    is_in_subject = bool(clause.subject) and clause.subject[0] < lead < clause.root
    if is_in_subject or (tree.tokens[lead].head != clause.root and not is_fronted):
        return None
    kept = [number for number in clause.tokens if not lead <= number <= date.last]
    after = [number for number in kept if number > date.last]
    before = [number for number in kept if number < lead]
    if before and after and tree.tokens[before[-1]].text == "," and tree.tokens[after[0]].text == ",":
        after = after[1:]
    if not before and after and tree.tokens[after[0]].text == ",":
        after = after[1:]
    if not after and before and tree.tokens[before[-1]].text == ",":
        before = before[:-1]
    if not before and not after:
        return None
    derivation, text = rederive(section, clause.derivation, [_cut(section, tree, clause, before, after)])
    if _TIME_LEFT.search(text) or not MIN_EVENT_WORDS <= len(text.split()) <= MAX_EVENT_WORDS:
        return None
    return Clause(
        section=clause.section,
        sentence=clause.sentence,
        kind=clause.kind,
        text=text,
        derivation=derivation,
        tokens=(*before, *after),
        root=clause.root,
        subject=clause.subject,
    )


def _cut(
    section: Section, tree: Tree, clause: Clause, before: Sequence[int], after: Sequence[int]
) -> tuple[int, int, str]:
    """The change that takes out what lies between the last token before the date and the first after it."""
    span: Span = clause.derivation.span
    start = tree.tokens[before[-1]].end if before else span.start
    if after:
        end = tree.tokens[after[0]].start
        clings = section.text[end : end + 1] in CLINGING
        return (start, end, " " if before and not clings else "")
    end = span.end - 1 if section.text[span.end - 1] == "." else span.end
    return (start, end, "")
