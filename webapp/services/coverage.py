"""Which sentences of a module have questions, and what is missing: the map of a section, a line for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from questions.assembly.coverage import Asked, Coverage, cover
from questions.reading.article import Span
from webapp.repositories import items as item_rows
from webapp.repositories import jobs as job_rows
from webapp.repositories import modules as module_rows
from webapp.services import generation
from webapp.services.errors import NotFound
from webapp.services.modules import section_of

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.item import Item
    from webapp.models.module import Module, Section

SHOWN_STATES = ("accepted", "proposed")


@dataclass(frozen=True, slots=True)
class MappedQuestion:
    """A question of the map's list."""

    row: Item
    number: int
    """The one it has in the text."""
    starts: Sequence[int]
    """Where the sentences begin that it is about."""
    is_own: bool
    """False where it is asked after another section and is proved by this one's text as well."""

    @property
    def is_in_use(self) -> bool:
        """Whether learners are asked."""
        return self.row.state == "accepted"

    @property
    def stem(self) -> str:
        """What it asks."""
        return str(self.row.current_version.content["stem"])


@dataclass(frozen=True, slots=True)
class SectionMap:
    """The map of one section, its questions by number, and its neighbours."""

    section: Section
    number: int
    sections: int
    coverage: Coverage
    questions: Sequence[MappedQuestion]
    before: Section | None
    after: Section | None
    is_generating: bool

    @property
    def text(self) -> str:
        """The wording that the map is of."""
        return self.section.current_version.text

    @property
    def placed(self) -> Sequence[MappedQuestion]:
        """Questions that stand at a sentence."""
        return [question for question in self.questions if question.starts]

    @property
    def unplaced(self) -> Sequence[MappedQuestion]:
        """Questions whose sentence the text no longer has, and those that are about none."""
        return [question for question in self.questions if not question.starts]

    @property
    def waiting(self) -> int:
        """How many of the section's own questions wait for a person."""
        return sum(question.is_own and not question.is_in_use for question in self.questions)

    @property
    def number_of(self) -> Mapping[int, MappedQuestion]:
        """The question of an id."""
        return {question.row.id: question for question in self.questions}


def get_map(session: Session, module: Module, section_id: int) -> SectionMap:
    """The map of one section of a module. Raises NotFound; a removed section has none."""
    sections = module_rows.list_sections(session, module.id)
    place = next((at for at, section in enumerate(sections) if section.id == section_id), None)
    if place is None:
        raise NotFound
    section = sections[place]
    rows = item_rows.list_items(session, module.id, states=SHOWN_STATES)
    present = {one.id for one in sections}
    asked = _asked([row for row in rows if row.section_id in present], [section])
    coverage = cover(section_of(section), asked[section.id])
    return SectionMap(
        section=section,
        number=place + 1,
        sections=len(sections),
        coverage=coverage,
        questions=_questions(coverage, {row.id: row for row in rows}, section.id),
        before=sections[place - 1] if place else None,
        after=sections[place + 1] if place + 1 < len(sections) else None,
        is_generating=job_rows.get_unfinished_job(session, module.id, generation.JOB_KIND) is not None,
    )


def list_coverage(session: Session, module: Module, sections: Sequence[Section]) -> Mapping[int, Coverage]:
    """Section id -> its map, for all present sections of the module, in one query."""
    present = {section.id for section in sections}
    rows = item_rows.list_items(session, module.id, states=SHOWN_STATES)
    asked = _asked([row for row in rows if row.section_id in present], sections)
    return {section.id: cover(section_of(section), asked[section.id]) for section in sections}


def _asked(rows: Iterable[Item], sections: Sequence[Section]) -> dict[int, list[Asked]]:
    """The items of each section, and those of others that have evidence there."""
    texts = {str(section.id): section for section in sections}
    asked: dict[int, list[Asked]] = {section.id: [] for section in sections}
    for row in rows:
        evidence = row.current_version.content["evidence"]
        names = {str(row.section_id), *(str(span["section"]) for span in evidence)}
        for section in (texts[name] for name in sorted(names & texts.keys())):
            spans = _standing(row, evidence, section)
            is_own = row.section_id == section.id
            if is_own or spans:
                asked[section.id].append(_item(row, spans, is_own=is_own))
    return asked


def _item(row: Item, spans: Sequence[Span], *, is_own: bool) -> Asked:
    return Asked(row.id, row.state == "accepted", row.current_version.type, row.level, spans, is_own)


def _standing(row: Item, evidence: Iterable[Mapping[str, Any]], section: Section) -> list[Span]:
    """What of the evidence stands in the section's text as it is now. A stale item has no place in it."""
    text, name = section.current_version.text, str(section.id)
    if row.stale_note:
        return []
    return [
        Span(span["start"], span["end"])
        for span in evidence
        if str(span["section"]) == name
        and 0 <= span["start"] < span["end"]
        and text[span["start"] : span["end"]] == span["quote"]
    ]


def _questions(coverage: Coverage, rows: Mapping[int, Item], section_id: int) -> list[MappedQuestion]:
    starts: dict[int, list[int]] = {}
    for sentence in coverage.sentences:
        for item_id in (*sentence.in_use, *sentence.waiting):
            starts.setdefault(item_id, []).append(sentence.span.start)
    return [
        MappedQuestion(rows[item_id], number, starts.get(item_id, []), rows[item_id].section_id == section_id)
        for number, item_id in enumerate(coverage.order, 1)
    ]
