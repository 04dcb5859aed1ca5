"""What people and cohorts are granted beside the rules of quizzes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, bindparam, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.models.account import Account
from webapp.models.course import Cohort, Enrolment
from webapp.models.quiz import Quiz, QuizOverride
from webapp.repositories.attempts import modules, quizzes

overrides = cast("Table", QuizOverride.__table__)
enrolments = cast("Table", Enrolment.__table__)


class GrantRow(NamedTuple):
    """The granted fields of one override, in the order of services.quiz_rules.Grant."""

    opens_at: Any
    due_at: Any
    closes_at: Any
    time_limit_s: int | None
    attempts_allowed: int | None
    time_percent: int | None
    extra_s: int | None


_GRANTS = (
    select(*(overrides.c[name] for name in GrantRow._fields))
    .join(modules, modules.c.course_id == overrides.c.course_id)
    .join(quizzes, quizzes.c.module_id == modules.c.id)
    .where(
        quizzes.c.id == bindparam("quiz_id"),
        or_(overrides.c.quiz_id.is_(None), overrides.c.quiz_id == quizzes.c.id),
        or_(
            overrides.c.account_id == bindparam("account_id"),
            overrides.c.cohort_id.in_(
                select(enrolments.c.cohort_id).where(
                    enrolments.c.course_id == overrides.c.course_id,
                    enrolments.c.account_id == bindparam("account_id"),
                )
            ),
        ),
    )
    .order_by(overrides.c.account_id.is_(None), overrides.c.quiz_id.is_(None), overrides.c.id)
)


def list_grants(session: Session, quiz_id: int, account_id: int) -> list[GrantRow]:
    """What a learner is granted at a quiz: their own before their cohort's, for this quiz before for all."""
    rows: Iterable[Any] = session.execute(_GRANTS, {"quiz_id": quiz_id, "account_id": account_id})
    return [GrantRow._make(row) for row in rows]


def get_override(session: Session, override_id: int) -> QuizOverride | None:
    """One override, as it is now."""
    return session.get(QuizOverride, override_id, populate_existing=True)


def find_override(
    session: Session,
    course_id: int,
    quiz_id: int | None,
    *,
    account_id: int | None = None,
    cohort_id: int | None = None,
) -> QuizOverride | None:
    """What one person or cohort is granted already, at this quiz or (None) at all of the course."""
    query = select(QuizOverride).where(
        QuizOverride.course_id == course_id,
        QuizOverride.quiz_id.is_(None) if quiz_id is None else QuizOverride.quiz_id == quiz_id,
        QuizOverride.account_id == account_id
        if account_id is not None
        else QuizOverride.cohort_id == cohort_id,
    )
    return session.scalars(query).one_or_none()


def list_overrides(
    session: Session, course_id: int, quiz_ids: Sequence[int]
) -> list[tuple[QuizOverride, Account | None, Cohort | None]]:
    """The overrides of these quizzes and of the whole course, each with whom it is for."""
    rows = session.execute(
        select(QuizOverride, Account, Cohort)
        .outerjoin(Account, Account.id == QuizOverride.account_id)
        .outerjoin(Cohort, Cohort.id == QuizOverride.cohort_id)
        .where(
            QuizOverride.course_id == course_id,
            or_(QuizOverride.quiz_id.is_(None), QuizOverride.quiz_id.in_(quiz_ids)),
        )
        .order_by(QuizOverride.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def add_override(session: Session, override: QuizOverride) -> bool:
    """Add one; False where somebody granted the same people something there since we looked."""
    try:
        with session.begin_nested():
            session.add(override)
    except IntegrityError:
        if (
            find_override(
                session,
                override.course_id,
                override.quiz_id,
                account_id=override.account_id,
                cohort_id=override.cohort_id,
            )
            is None
        ):
            raise
        return False
    return True


def delete_override(session: Session, override: QuizOverride) -> None:
    """Take one away."""
    session.delete(override)
    session.flush()


def list_course_quiz_ids(session: Session, course_id: int) -> Sequence[int]:
    """Every quiz of every module of a course."""
    return session.scalars(
        select(Quiz.id)
        .join(modules, modules.c.id == Quiz.module_id)
        .where(modules.c.course_id == course_id)
        .order_by(Quiz.id)
    ).all()
