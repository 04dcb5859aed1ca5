"""Rules of quizzes and grants for tests, written straight into the tables and committed at once."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from tests.factories.attempts import make_quiz
from webapp.models.account import Account
from webapp.models.module import Module, Section
from webapp.models.quiz import Quiz, QuizOverride
from webapp.services import clock


def set_rules(session: Session, place: Section | int, **rules: Any) -> Quiz:
    """Give the check of a section (or the quiz of a module, given its id) these rules."""
    quiz = make_quiz(session, place)
    for name, value in rules.items():
        setattr(quiz, name, value)
    session.commit()
    return quiz


def grant(
    session: Session, module: Module, account: Account, quiz: Quiz | None = None, **fields: Any
) -> QuizOverride:
    """Grant a learner something at one quiz, or at every one of the module's course."""
    now = clock.now()
    override = QuizOverride(
        course_id=module.course_id,
        quiz_id=quiz.id if quiz else None,
        account_id=account.id,
        created_at=now,
        updated_at=now,
        **fields,
    )
    session.add(override)
    session.commit()
    return override
