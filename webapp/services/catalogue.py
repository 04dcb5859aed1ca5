"""What there is to read, and how far somebody is in it: the catalogue and the contents of one module."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeVar

from webapp.repositories import attempts, quizzes, reading
from webapp.repositories.attempt_rows import AttemptRow
from webapp.repositories.reading import NOBODY, ModuleRow, SectionRow
from webapp.services import clock
from webapp.services.errors import NotFound
from webapp.services.gates import closed_gate
from webapp.services.offers import Offer, module_offer
from webapp.services.overdue import in_time
from webapp.services.quizzes import MODULE_ITEM_LIMIT, SECTION_ITEM_LIMIT
from webapp.services.shown_points import shows_best
from webapp.services.visibility import EVERYTHING, Shown, shown

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.services.access import AnyModule

WORDS_A_MINUTE = 220
"""How fast an attentive adult reads non-fiction."""
MODULES_A_PAGE = 30

Row = TypeVar("Row")
Stage = Literal["not_started", "in_progress", "completed"]


@dataclass(frozen=True, slots=True)
class SectionLine:
    """One section in the contents of a module."""

    id: int
    number: int
    heading: str
    minutes: int
    stage: Stage
    version_id: int
    last_slot: int
    first_points: Decimal | None
    best_points: Decimal | None
    points_possible: Decimal | None
    attempts_finished: int
    question_count: int | None = None
    """How many questions its check asks; None where nobody counted."""


@dataclass(frozen=True, slots=True)
class ModulePage:
    """The contents of a module, and where to go on."""

    sections: Sequence[SectionLine]
    minutes: int
    completed_count: int
    next_section: SectionLine | None
    """Where the reader goes on; None where every section is completed (or none is there)."""
    is_begun: bool
    quiz_question_count: int
    quiz_attempt: AttemptRow | None
    quiz_offer: Offer | None = None
    """What starting the module's quiz would mean; None where one is under way or it has no questions."""
    quiz_locked_by: int | None = None
    """The place of the section whose check has to be passed before the module's quiz can be started."""
    quiz_shown: Shown = EVERYTHING


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """One page of the catalogue."""

    modules: Sequence[ModuleRow]
    page: int
    has_more: bool


def minutes_to_read(word_count: int) -> int:
    """Minutes, rounded up; a text takes at least one."""
    return max(1, -(-word_count // WORDS_A_MINUTE))


def list_catalogue(session: Session, account_id: int | None, page: int = 1) -> CataloguePage:
    """The modules this person may read, the newest first."""
    rows = reading.list_readable_modules(
        session,
        account_id or NOBODY,
        limit=MODULES_A_PAGE + 1,
        offset=(page - 1) * MODULES_A_PAGE,
    )
    return CataloguePage(rows[:MODULES_A_PAGE], page, has_more=len(rows) > MODULES_A_PAGE)


def open_module(
    session: Session, module: AnyModule, account_id: int | None, *, is_staff: bool = False
) -> ModulePage:
    """The contents of a module with this person's progress; `is_staff` may always try its quiz."""
    rows = reading.list_sections(session, module.id, account_id or NOBODY)
    counts = quizzes.count_items_by_section(session, module.id)
    lines = [
        section_line(row, number, min(counts.get(row.id, 0), SECTION_ITEM_LIMIT))
        for number, row in enumerate(rows, start=1)
    ]
    attempt = (
        in_time(attempts.get_newest_module_attempt(session, module.id, account_id)) if account_id else None
    )
    available = sum(counts.values())
    is_under_way = attempt is not None and attempt.is_open
    offer = None
    if available and not is_under_way:
        offer = module_offer(session, module.id, account_id, available, is_staff=is_staff)
    gate = None if is_staff else closed_gate(rows[:-1], counts)
    return ModulePage(
        sections=lines,
        minutes=minutes_to_read(sum(row.word_count for row in rows)),
        completed_count=sum(line.stage == "completed" for line in lines),
        next_section=where_to_go_on(rows, lines),
        is_begun=any(line.stage != "not_started" for line in lines),
        quiz_question_count=offer.question_count if offer else min(available, MODULE_ITEM_LIMIT),
        quiz_attempt=attempt,
        quiz_offer=offer,
        quiz_locked_by=gate,
        quiz_shown=shown(attempt, clock.now()) if attempt else EVERYTHING,
    )


def section_line(row: SectionRow, number: int, question_count: int | None = None) -> SectionLine:
    """A row of the contents as pages show it: points only where they may be seen by now."""
    is_told = shows_best(row.show_points, row.handed_in_at, row.closes_at, clock.now())
    return SectionLine(
        id=row.id,
        number=number,
        heading=row.heading,
        minutes=minutes_to_read(row.word_count),
        stage=stage_of(row),
        version_id=row.version_id,
        last_slot=row.last_slot or 0,
        first_points=row.first_points if is_told else None,
        best_points=row.best_points if is_told else None,
        points_possible=row.points_possible,
        attempts_finished=row.attempts_finished or 0,
        question_count=question_count,
    )


def stage_of(row: SectionRow) -> Stage:
    """How far the person is in a section."""
    if row.completed_at is not None:
        return "completed"
    return "in_progress" if row.opened_at is not None else "not_started"


def where_to_go_on(rows: Sequence[SectionRow], lines: Sequence[SectionLine]) -> SectionLine | None:
    """The section the person was in last, or the next unfinished one after it, or the first unfinished."""
    visited = [(row.last_at, line) for row, line in zip(rows, lines, strict=True) if row.last_at is not None]
    last = max(visited, key=lambda pair: pair[0])[1].number if visited else 1
    unfinished = [line for line in lines if line.stage != "completed"]
    return next((line for line in unfinished if line.number >= last), unfinished[0] if unfinished else None)


def section_at(rows: Sequence[Row], number: int) -> Row:
    """The section at that place, counted from 1. Raises NotFound."""
    if not 1 <= number <= len(rows):
        raise NotFound
    return rows[number - 1]
