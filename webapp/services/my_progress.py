"""A person's own progress: every module they have been in, how far they are, and where to go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.repositories import progress, reading
from webapp.repositories.progress import QuizAttemptRow, VisitedModuleRow
from webapp.repositories.reading import SectionRow
from webapp.services.catalogue import SectionLine, section_line, where_to_go_on
from webapp.services.progress import SectionScores, section_scores

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MODULES_A_PAGE = 10


@dataclass(frozen=True, slots=True)
class QuizScores:
    """The person's finished attempts at a module's quiz."""

    latest_id: int
    scores: SectionScores


@dataclass(frozen=True, slots=True)
class ModuleProgress:
    """One module somebody has been in."""

    id: int
    slug: str
    title: str
    sections: Sequence[SectionLine]
    completed_count: int
    next_section: SectionLine | None
    quiz: QuizScores | None


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """One page of somebody's own progress."""

    modules: Sequence[ModuleProgress]
    page: int = 1
    has_more: bool = False


def my_progress(session: Session, account_id: int, page: int = 1) -> ProgressPage:
    """The modules this person has been in, the latest first; three queries however many there are."""
    visited = progress.list_visited_modules(
        session, account_id, limit=MODULES_A_PAGE + 1, offset=(page - 1) * MODULES_A_PAGE
    )
    shown = visited[:MODULES_A_PAGE]
    ids = [module.id for module in shown]
    sections: dict[int, list[SectionRow]] = {}
    for row in reading.list_sections_of_modules(session, ids, account_id):
        sections.setdefault(row.module_id, []).append(row)
    quizzes: dict[int, list[QuizAttemptRow]] = {}
    for attempt in progress.list_module_quiz_attempts(session, account_id, ids):
        quizzes.setdefault(attempt.module_id, []).append(attempt)
    modules = [_module(module, sections.get(module.id, []), quizzes.get(module.id, [])) for module in shown]
    return ProgressPage(modules, page, has_more=len(visited) > MODULES_A_PAGE)


def _module(
    module: VisitedModuleRow, rows: Sequence[SectionRow], quiz: Sequence[QuizAttemptRow]
) -> ModuleProgress:
    lines = [section_line(row, number) for number, row in enumerate(rows, start=1)]
    finished = [(attempt.points, attempt.points_possible, attempt.submitted_at) for attempt in quiz]
    return ModuleProgress(
        id=module.id,
        slug=module.slug,
        title=module.title,
        sections=lines,
        completed_count=sum(line.stage == "completed" for line in lines),
        next_section=where_to_go_on(rows, lines),
        quiz=QuizScores(quiz[-1].attempt_id, section_scores(finished)) if quiz else None,
    )
