"""Learners in a module, as their instructor sees them: how far each is, every attempt, and resetting one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from webapp.repositories import scores as rows_of
from webapp.repositories.scores import AttemptRow, LearnerRow, QuizRow
from webapp.services import clock
from webapp.services.errors import Conflict, NotFound
from webapp.services.scores import chosen_attempt, learner_name, percent

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.module import Module


@dataclass(frozen=True, slots=True)
class LearnerLine:
    """One learner in the list of a module."""

    account_id: int
    name: str
    is_guest: bool
    sections_completed: int
    section_count: int
    attempts_finished: int
    points: Decimal | None
    points_possible: Decimal | None
    percent: Decimal | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class QuizLine:
    """One quiz of a module with all attempts of one learner, oldest first."""

    quiz: QuizRow
    number: int | None
    """The section's place; None for the module quiz."""
    attempts: Sequence[AttemptRow]
    best: AttemptRow | None


@dataclass(frozen=True, slots=True)
class LearnerPage:
    """All that one learner did in one module."""

    learner: LearnerRow
    name: str
    quizzes: Sequence[QuizLine]


def list_learners(session: Session, module: Module) -> list[LearnerLine]:
    """Everybody who is enrolled or was here, with the best of each quiz added up, in five queries."""
    quizzes = rows_of.list_module_quizzes(session, [module.id])
    attempts: dict[int, dict[int, list[AttemptRow]]] = {}
    for attempt in rows_of.list_attempts_of_modules(session, [module.id]):
        attempts.setdefault(attempt.account_id, {}).setdefault(attempt.quiz_id, []).append(attempt)
    completed: dict[int, int] = {}
    last: dict[int, datetime] = {}
    present = {quiz.section_id for quiz in quizzes if quiz.section_id is not None}
    for account_id, section_id, last_at, completed_at in rows_of.list_progress_of_module(session, module.id):
        last[account_id] = max(last_at, last.get(account_id, last_at))
        if completed_at is not None and section_id in present:
            completed[account_id] = completed.get(account_id, 0) + 1
    return [
        _line(
            learner,
            attempts.get(learner.id, {}),
            completed.get(learner.id, 0),
            len(present),
            last.get(learner.id),
        )
        for learner in rows_of.list_score_learners(session, [module.id])
    ]


def _line(
    learner: LearnerRow,
    attempts: dict[int, list[AttemptRow]],
    completed: int,
    section_count: int,
    last_at: datetime | None,
) -> LearnerLine:
    best = [chosen for own in attempts.values() if (chosen := chosen_attempt(own, "best")) is not None]
    points = sum((attempt.points for attempt in best), Decimal(0)) if best else None
    possible = sum((attempt.points_possible for attempt in best), Decimal(0)) if best else None
    return LearnerLine(
        account_id=learner.id,
        name=learner_name(learner),
        is_guest=learner.is_guest,
        sections_completed=completed,
        section_count=section_count,
        attempts_finished=sum(attempt.is_finished for own in attempts.values() for attempt in own),
        points=points,
        points_possible=possible,
        percent=percent(points, possible) if points is not None and possible is not None else None,
        last_at=last_at,
    )


def learner_page(session: Session, module: Module, account_id: int) -> LearnerPage:
    """What one learner did in the module, quiz by quiz. Raises NotFound for somebody who was never there."""
    learner = rows_of.get_module_learner(session, module.id, account_id)
    if learner is None:
        raise NotFound
    attempts: dict[int, list[AttemptRow]] = {}
    for attempt in rows_of.list_attempts_of_modules(session, [module.id], account_id):
        attempts.setdefault(attempt.quiz_id, []).append(attempt)
    lines = []
    number = 0
    for quiz in rows_of.list_module_quizzes(session, [module.id]):
        number += quiz.section_id is not None
        own = attempts.get(quiz.id, [])
        place = number if quiz.section_id is not None else None
        lines.append(QuizLine(quiz, place, own, chosen_attempt(own, "best")))
    return LearnerPage(learner, learner_name(learner), lines)


def reset_attempt(session: Session, module: Module, attempt_id: int) -> LearnerRow:
    """Take one attempt out of the count; its answers stay in the history. An open one is closed.

    The section's first and best score are made anew from the attempts that remain. Raises NotFound for an
    attempt of another module, Conflict for one that was reset already.
    """
    place = rows_of.get_attempt_place(session, attempt_id)
    if place is None or place[1] != module.id:
        raise NotFound
    attempt = place[0]
    if attempt.reset_at is not None:
        raise Conflict("This attempt has been reset already.")
    now = clock.now()
    rows_of.expire_open_attempt(session, attempt_id, now)
    session.refresh(attempt)
    attempt.reset_at = now
    session.flush()
    _recount(session, module, attempt.account_id, attempt.quiz_id)
    return rows_of.get_learner(session, attempt.account_id)


def restore_attempt(session: Session, module: Module, attempt_id: int) -> LearnerRow:
    """Undo a reset: the attempt counts again. Raises NotFound, or Conflict where it is not reset."""
    place = rows_of.get_attempt_place(session, attempt_id)
    if place is None or place[1] != module.id:
        raise NotFound
    attempt = place[0]
    if attempt.reset_at is None:
        raise Conflict("This attempt counts already.")
    attempt.reset_at = None
    session.flush()
    _recount(session, module, attempt.account_id, attempt.quiz_id)
    return rows_of.get_learner(session, attempt.account_id)


def _recount(session: Session, module: Module, account_id: int, quiz_id: int) -> None:
    """Make the learner's counters in one section anew from the attempts that count."""
    quiz = next((row for row in rows_of.list_module_quizzes(session, [module.id]) if row.id == quiz_id), None)
    if quiz is None or quiz.section_id is None:
        return
    progress = rows_of.get_section_progress(session, account_id, quiz.section_id)
    if progress is None:
        return
    attempts = [
        attempt
        for attempt in rows_of.list_attempts_of_modules(session, [module.id], account_id)
        if attempt.quiz_id == quiz_id
    ]
    first, best = chosen_attempt(attempts, "first"), chosen_attempt(attempts, "best")
    progress.first_points = first.points if first else None
    progress.best_points = best.points if best else None
    progress.points_possible = best.points_possible if best else None
    progress.attempts_finished = sum(attempt.is_finished for attempt in attempts)
    if first is None:
        progress.completed_at = None
    elif progress.completed_at is None:
        progress.completed_at = first.submitted_at
    session.flush()
