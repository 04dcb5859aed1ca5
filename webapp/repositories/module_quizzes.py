"""The quizzes of a module as whoever teaches it sees them: their rules, and what waits for release."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models.attempt import Attempt
from webapp.models.module import Module, Section, SectionVersion
from webapp.models.quiz import Quiz

_WAITING = (
    Attempt.state == "graded",
    Quiz.release == "by_hand",
    Attempt.reset_at.is_(None),
    Attempt.is_preview.is_(False),
)


class SectionQuiz(NamedTuple):
    """A present section and its check, where that was made already."""

    section_id: int
    heading: str
    quiz: Quiz | None


def get_quiz(session: Session, module_id: int, quiz_id: int) -> Quiz | None:
    """That quiz, if it belongs to the module and its section is still there."""
    return session.scalars(
        select(Quiz)
        .outerjoin(Section, Section.id == Quiz.section_id)
        .where(Quiz.id == quiz_id, Quiz.module_id == module_id, Section.removed_at.is_(None))
    ).one_or_none()


def lock_quiz(session: Session, quiz: Quiz) -> None:
    """Read it anew, and let nobody else change it before this transaction ends."""
    session.refresh(quiz, with_for_update=True)


def lock_quizzes(session: Session, quiz_ids: Sequence[int]) -> None:
    """Let nobody change these, grant something there or start an attempt before this transaction ends."""
    session.scalars(select(Quiz.id).where(Quiz.id.in_(quiz_ids)).order_by(Quiz.id).with_for_update()).all()


def lock_quizzes_of_module(session: Session, module_id: int) -> None:
    """The same, for all of a module; those that were read are read anew."""
    query = select(Quiz).where(Quiz.module_id == module_id).order_by(Quiz.id).with_for_update()
    session.scalars(query.execution_options(populate_existing=True)).all()


def list_section_quizzes(session: Session, module_id: int) -> list[SectionQuiz]:
    """The present sections in order, each with its check."""
    rows = session.execute(
        select(Section.id, func.coalesce(SectionVersion.heading, ""), Quiz)
        .outerjoin(SectionVersion, SectionVersion.id == Section.current_version_id)
        .outerjoin(Quiz, Quiz.section_id == Section.id)
        .where(Section.module_id == module_id, Section.removed_at.is_(None))
        .order_by(Section.position, Section.id)
    )
    return [SectionQuiz(row[0], row[1], row[2]) for row in rows]


def get_module_quiz(session: Session, module_id: int) -> Quiz | None:
    """The quiz at the end of the module."""
    return session.scalars(
        select(Quiz).where(Quiz.module_id == module_id, Quiz.kind == "module")
    ).one_or_none()


def count_waiting(session: Session, module_id: int) -> dict[int, int]:
    """Quiz -> how many of its attempts are graded and wait for somebody to release them."""
    rows: Any = session.execute(
        select(Attempt.quiz_id, func.count())
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Quiz.module_id == module_id, *_WAITING)
        .group_by(Attempt.quiz_id)
    )
    return {row[0]: row[1] for row in rows}


def list_waiting(session: Session, quiz_id: int) -> Sequence[int]:
    """Those attempts of one quiz, the oldest first."""
    return session.scalars(
        select(Attempt.id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Quiz.id == quiz_id, *_WAITING)
        .order_by(Attempt.id)
    ).all()


def list_module_ids(session: Session, course_id: int) -> Sequence[int]:
    """Every module of a course, deleted ones too."""
    return session.scalars(select(Module.id).where(Module.course_id == course_id).order_by(Module.id)).all()
