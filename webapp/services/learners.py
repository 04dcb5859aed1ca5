"""Learners in a module, as their instructor sees them: how far each is, every attempt, and resetting one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from webapp.repositories import scores as rows_of
from webapp.repositories.answers import list_handed_in_attempts
from webapp.repositories.attempts import lock_attempt
from webapp.repositories.quizzes import list_section_ids
from webapp.repositories.scores import AttemptRow, LearnerRow, QuizRow
from webapp.services import clock
from webapp.services.counting import Score, score_of
from webapp.services.errors import Conflict, NotFound
from webapp.services.grading import close_now
from webapp.services.overdue import settle_first
from webapp.services.progress import begin_again, recount_section
from webapp.services.scores import learner_name, percent

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.attempt import Attempt
    from webapp.models.module import Module
    from webapp.models.quiz import Quiz


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
    attempts: Sequence[AttemptRow]
    score: Score | None
    """What they have there by the quiz's rule; None: nothing is finished."""


@dataclass(frozen=True, slots=True)
class LearnerPage:
    """All that one learner did in one module."""

    learner: LearnerRow
    name: str
    quizzes: Sequence[QuizLine]
    handed_in: Collection[int]
    """The attempts for which an instructor handed something in."""


def list_learners(session: Session, module: Module) -> list[LearnerLine]:
    """Everybody who is enrolled or was here, with the score of each quiz that counts added up.

    What was earned in a section counts on when the section is removed, completing it does not. Raises Overdue
    where attempts must be closed first.
    """
    settle_first(session, [module.id])
    attempts: dict[int, dict[int, list[AttemptRow]]] = {}
    for attempt in rows_of.list_attempts_of_modules(session, [module.id]):
        attempts.setdefault(attempt.account_id, {}).setdefault(attempt.quiz_id, []).append(attempt)
    completed: dict[int, int] = {}
    last: dict[int, datetime] = {}
    present = set(list_section_ids(session, module.id))
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
    scores = [score for own in attempts.values() if (score := score_of(own, "counted")) is not None]
    points = sum((score.points for score in scores), Decimal(0)) if scores else None
    possible = sum((score.points_possible for score in scores), Decimal(0)) if scores else None
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
    """What one learner did in the module, quiz by quiz.

    Raises NotFound for somebody who was never there, Overdue where attempts must be closed first.
    """
    settle_first(session, [module.id])
    learner = rows_of.get_module_learner(session, module.id, account_id)
    if learner is None:
        raise NotFound
    attempts: dict[int, list[AttemptRow]] = {}
    for attempt in rows_of.list_attempts_of_modules(session, [module.id], account_id):
        attempts.setdefault(attempt.quiz_id, []).append(attempt)
    lines = [
        QuizLine(quiz, own, score_of(own, "counted"))
        for quiz in rows_of.list_module_quizzes(session, [module.id])
        if (own := attempts.get(quiz.id, [])) or not quiz.is_removed
    ]
    handed_in = list_handed_in_attempts(session, module.id, account_id)
    return LearnerPage(learner, learner_name(learner), lines, handed_in)


def reset_attempt(session: Session, module: Module, attempt_id: int) -> LearnerRow:
    """Take one attempt out of the count; its answers stay in the history.

    An open one is handed in as it stands: restored, it counts with what was answered.

    The section's first and best score are made anew from the attempts that remain. Raises NotFound for an
    attempt of another module, Conflict for one that was reset already.
    """
    settle_first(session, [module.id])
    attempt, quiz = _attempt_of(session, module, attempt_id)
    if attempt.reset_at is not None:
        raise Conflict("This attempt has been reset already.")
    if attempt.state == "open":
        close_now(session, attempt_id)
        session.refresh(attempt)
    attempt.reset_at = clock.now()
    learner = _count_anew(session, attempt, quiz)
    if quiz.section_id is not None:
        begin_again(session, attempt.account_id, quiz.section_id)
    return learner


def restore_attempt(session: Session, module: Module, attempt_id: int) -> LearnerRow:
    """Undo a reset: the attempt counts again. Raises NotFound, or Conflict where it is not reset."""
    attempt, quiz = _attempt_of(session, module, attempt_id)
    if attempt.reset_at is None:
        raise Conflict("This attempt counts already.")
    attempt.reset_at = None
    return _count_anew(session, attempt, quiz)


def _attempt_of(session: Session, module: Module, attempt_id: int) -> tuple[Attempt, Quiz]:
    """The attempt, kept from other writers, and what it is an attempt at."""
    lock_attempt(session, attempt_id)
    found = rows_of.get_attempt_and_quiz(session, attempt_id)
    if found is None or found[1].module_id != module.id:
        raise NotFound
    return found


def _count_anew(session: Session, attempt: Attempt, quiz: Quiz) -> LearnerRow:
    session.flush()
    if quiz.section_id is not None:
        recount_section(session, attempt.account_id, quiz.section_id, quiz.id)
    return rows_of.get_learner(session, attempt.account_id)
