"""How far people are: the counter rows of sections, and the modules somebody has been in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select, union_all, update
from sqlalchemy.orm import Session

from webapp.repositories.attempts import attempts, modules, quizzes
from webapp.repositories.conflicts import ConflictInsert
from webapp.repositories.reading import MAY_READ, courses, section_progress


class VisitedModuleRow(NamedTuple):
    """A module somebody has been in, and may still read."""

    id: int
    slug: str
    title: str
    last_at: datetime


class QuizAttemptRow(NamedTuple):
    """One finished attempt at a module's quiz."""

    module_id: int
    attempt_id: int
    points: Decimal
    points_possible: Decimal
    submitted_at: datetime
    closes_at: datetime | None
    show_points: int


_VISIT = ConflictInsert(
    section_progress,
    lambda statement: statement.on_conflict_do_update(
        index_elements=["account_id", "section_id"],
        set_={"last_at": statement.excluded.last_at},
    ),
)
_ROW = (
    section_progress.c.account_id == bindparam("b_account_id"),
    section_progress.c.section_id == bindparam("b_section_id"),
)
_LOCK = select(section_progress.c.id).where(*_ROW).with_for_update()
_CHANGE = update(section_progress).where(*_ROW)
_BE_AT = _CHANGE.values(last_at=bindparam("last_at"), last_slot=bindparam("last_slot"))
_BEEN_THERE = union_all(
    select(section_progress.c.module_id, section_progress.c.last_at).where(
        section_progress.c.account_id == bindparam("account_id")
    ),
    select(quizzes.c.module_id, attempts.c.started_at.label("last_at"))
    .join(quizzes, quizzes.c.id == attempts.c.quiz_id)
    .where(attempts.c.account_id == bindparam("account_id")),
).subquery()
_VISITED = (
    select(modules.c.id, modules.c.slug, modules.c.title, func.max(_BEEN_THERE.c.last_at).label("last_at"))
    .join(_BEEN_THERE, _BEEN_THERE.c.module_id == modules.c.id)
    .join(courses, courses.c.id == modules.c.course_id)
    .where(MAY_READ)
    .group_by(modules.c.id, modules.c.slug, modules.c.title)
    .order_by(func.max(_BEEN_THERE.c.last_at).desc(), modules.c.id)
    .limit(bindparam("limit"))
    .offset(bindparam("offset"))
)
_QUIZ_ATTEMPTS = (
    select(
        quizzes.c.module_id,
        attempts.c.id,
        attempts.c.points,
        attempts.c.points_possible,
        attempts.c.submitted_at,
        attempts.c.closes_at,
        quizzes.c.show_points,
    )
    .join(quizzes, quizzes.c.id == attempts.c.quiz_id)
    .where(
        quizzes.c.kind == "module",
        quizzes.c.module_id.in_(bindparam("module_ids", expanding=True)),
        attempts.c.account_id == bindparam("account_id"),
        attempts.c.state == "released",
        attempts.c.reset_at.is_(None),
        attempts.c.is_preview.is_(False),
    )
    .order_by(quizzes.c.module_id, attempts.c.number)
)


def visit(session: Session, values: Mapping[str, Any]) -> None:
    """Record that a person is in a section; makes the row on the first visit."""
    session.execute(_VISIT.on(session), dict(values))


def be_at(session: Session, account_id: int, section_id: int, slot: int, at: datetime) -> None:
    """Record at which question of a section a person is."""
    session.execute(
        _BE_AT, {"b_account_id": account_id, "b_section_id": section_id, "last_at": at, "last_slot": slot}
    )


def lock_progress(session: Session, account_id: int, section_id: int) -> None:
    """Keep others from counting here until the transaction ends (SQLite has one writer anyway)."""
    if session.get_bind().dialect.name != "sqlite":
        session.execute(_LOCK, {"b_account_id": account_id, "b_section_id": section_id})


def change_progress(session: Session, account_id: int, section_id: int, values: Mapping[str, Any]) -> None:
    """Change columns of a counter row."""
    session.execute(
        _CHANGE.values({name: bindparam(name) for name in values}),
        {"b_account_id": account_id, "b_section_id": section_id, **values},
    )


def get_completed_at(session: Session, account_id: int, section_id: int) -> datetime | None:
    """When the person first completed the section."""
    return session.scalar(
        select(section_progress.c.completed_at).where(
            section_progress.c.account_id == account_id, section_progress.c.section_id == section_id
        )
    )


def list_visited_modules(
    session: Session, account_id: int, *, limit: int, offset: int = 0
) -> Sequence[VisitedModuleRow]:
    """The modules a person has been in and may still read, the latest first."""
    rows: Iterable[Any] = session.execute(
        _VISITED, {"account_id": account_id, "limit": limit, "offset": offset}
    )
    return [VisitedModuleRow._make(row) for row in rows]


def list_module_quiz_attempts(
    session: Session, account_id: int, module_ids: Sequence[int]
) -> Sequence[QuizAttemptRow]:
    """The person's finished attempts at the quizzes of these modules, in order."""
    rows: Iterable[Any] = session.execute(
        _QUIZ_ATTEMPTS, {"account_id": account_id, "module_ids": list(module_ids)}
    )
    return [QuizAttemptRow._make(row) for row in rows]
