"""A person's own progress: every module they have been in, how far they are, and where to go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from webapp.repositories import progress, reading
from webapp.repositories.progress import QuizAttemptRow, VisitedModuleRow
from webapp.repositories.reading import SectionRow
from webapp.services import clock
from webapp.services.catalogue import SectionLine, section_line, where_to_go_on
from webapp.services.progress import SectionScores, section_scores
from webapp.services.shown_points import shows_best

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MODULES_A_PAGE = 10


@dataclass(frozen=True, slots=True)
class QuizScores:
    """The person's finished attempts at a module's quiz."""

    latest_id: int
    scores: SectionScores
    """Without points where they may not be seen yet."""


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
    return ModuleProgress(
        id=module.id,
        slug=module.slug,
        title=module.title,
        sections=lines,
        completed_count=sum(line.stage == "completed" for line in lines),
        next_section=where_to_go_on(rows, lines),
        quiz=_quiz_scores(quiz) if quiz else None,
    )


def _quiz_scores(attempts: Sequence[QuizAttemptRow]) -> QuizScores:
    """Of finished attempts in order, at least one."""
    latest = attempts[-1]
    scores = section_scores([(one.points, one.points_possible, one.submitted_at) for one in attempts])
    ends = [one.closes_at for one in attempts if one.closes_at is not None]
    if not shows_best(latest.show_points, latest.submitted_at, max(ends, default=None), clock.now()):
        scores = replace(scores, first_points=None, best_points=None)
    return QuizScores(latest.attempt_id, scores)
