"""Quizzes, and the items that one of them may ask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from webapp.repositories.attempts import item_versions, items, quizzes, sections
from webapp.repositories.conflicts import ConflictInsert


class QuizRow(NamedTuple):
    """One quiz and its rules."""

    id: int
    module_id: int
    section_id: int | None
    kind: str
    item_limit: int
    attempts_allowed: int | None
    behaviour: str
    tries_allowed: int
    try_penalty: int
    confidence: str
    attempt_delay_s: int
    shuffles_options: bool
    shuffles_questions: bool
    access_code: str
    pass_percent: int | None
    is_gate: bool
    opens_at: datetime | None
    due_at: datetime | None
    closes_at: datetime | None
    late_credit: list[Any]
    time_limit_s: int | None
    overdue: str
    release: str
    mode: str
    shows_text: bool


class CandidateRow(NamedTuple):
    """An accepted item that a quiz may ask, in the wording it has now."""

    item_id: int
    item_version_id: int
    section_id: int
    content: dict[str, Any]


_QUIZ = select(*(quizzes.c[name] for name in QuizRow._fields))
_ADD = ConflictInsert(quizzes, lambda statement: statement.on_conflict_do_nothing())
_ASKABLE = (items.c.state == "accepted", items.c.current_version_id.is_not(None))
_CANDIDATES = (
    select(items.c.id, item_versions.c.id, items.c.section_id, item_versions.c.content)
    .join(item_versions, item_versions.c.id == items.c.current_version_id)
    .join(sections, sections.c.id == items.c.section_id)
    .where(*_ASKABLE, sections.c.removed_at.is_(None))
    .order_by(sections.c.position, sections.c.id, items.c.position, items.c.id)
)
_COUNT_BY_SECTION = (
    select(items.c.section_id, func.count())
    .join(sections, sections.c.id == items.c.section_id)
    .where(*_ASKABLE, sections.c.removed_at.is_(None), items.c.module_id == bindparam("module_id"))
    .group_by(items.c.section_id)
)
_COUNT_IN_SECTION = select(func.count()).where(*_ASKABLE, items.c.section_id == bindparam("section_id"))

_QUIZ_AND_COUNT = _QUIZ.add_columns(_COUNT_IN_SECTION.scalar_subquery()).where(
    quizzes.c.section_id == bindparam("section_id")
)


def get_section_quiz_and_count(session: Session, section_id: int) -> tuple[QuizRow | None, int]:
    """The check of a section and how many accepted items the section has."""
    row: Any = session.execute(_QUIZ_AND_COUNT, {"section_id": section_id}).first()
    if row is None:
        return None, count_items_of_section(session, section_id)
    return QuizRow._make(row[:-1]), row[-1]


def get_section_quiz(session: Session, section_id: int) -> QuizRow | None:
    """The check of a section."""
    row: Any = session.execute(_QUIZ.where(quizzes.c.section_id == section_id)).first()
    return QuizRow._make(row) if row else None


def get_module_quiz(session: Session, module_id: int) -> QuizRow | None:
    """The quiz at the end of a module."""
    row: Any = session.execute(
        _QUIZ.where(quizzes.c.module_id == module_id, quizzes.c.kind == "module")
    ).first()
    return QuizRow._make(row) if row else None


def get_quiz(session: Session, quiz_id: int) -> QuizRow | None:
    """One quiz."""
    row: Any = session.execute(_QUIZ.where(quizzes.c.id == quiz_id)).first()
    return QuizRow._make(row) if row else None


def hold_rules(session: Session, quiz: QuizRow) -> QuizRow:
    """The quiz as it is now; nobody changes its rules or what is granted there before this transaction ends.

    Any number may hold them at once. SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "sqlite":
        return quiz
    held = _QUIZ.where(quizzes.c.id == quiz.id).with_for_update(read=True, key_share=True)
    return QuizRow._make(session.execute(held).one())


def add_quizzes(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add the quizzes that are not there yet; those that are stay as they are."""
    statement = _ADD.on(session)
    for row in rows:
        session.execute(statement, dict(row))


def list_section_candidates(session: Session, section_id: int) -> Sequence[CandidateRow]:
    """The accepted items of a section."""
    rows: Iterable[Any] = session.execute(_CANDIDATES.where(items.c.section_id == section_id))
    return [CandidateRow._make(row) for row in rows]


def list_module_candidates(session: Session, module_id: int) -> Sequence[CandidateRow]:
    """The accepted items of a module's present sections, in the order of the sections."""
    rows: Iterable[Any] = session.execute(_CANDIDATES.where(items.c.module_id == module_id))
    return [CandidateRow._make(row) for row in rows]


def count_items_by_section(session: Session, module_id: int) -> dict[int, int]:
    """Section id -> how many accepted items it has; sections without any are left out."""
    rows: Iterable[Any] = session.execute(_COUNT_BY_SECTION, {"module_id": module_id})
    return {row[0]: row[1] for row in rows}


def count_items_of_section(session: Session, section_id: int) -> int:
    """How many accepted items a section has."""
    return session.execute(_COUNT_IN_SECTION, {"section_id": section_id}).scalar_one()


def list_section_ids(session: Session, module_id: int) -> Sequence[int]:
    """The present sections of a module, in order."""
    return session.scalars(
        select(sections.c.id)
        .where(sections.c.module_id == module_id, sections.c.removed_at.is_(None))
        .order_by(sections.c.position, sections.c.id)
    ).all()
