"""Quizzes: one for each section of a module and one for its end, and what an attempt at one of them asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.repositories import quizzes
from webapp.repositories.quizzes import QuizRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.module import Module

SECTION_ITEM_LIMIT = 8
MODULE_ITEM_LIMIT = 10


def ensure_quizzes(session: Session, module: Module) -> None:
    """Give every present section of the module its check, and the module its quiz. Harmless when repeated."""
    rows = [_values(module.id, section_id) for section_id in quizzes.list_section_ids(session, module.id)]
    quizzes.add_quizzes(session, [*rows, _values(module.id, None)])


def section_quiz(session: Session, module_id: int, section_id: int) -> QuizRow:
    """The check of a section, made now if it was not there."""
    return quizzes.get_section_quiz(session, section_id) or _add(session, module_id, section_id)


def module_quiz(session: Session, module_id: int) -> QuizRow:
    """The quiz of a module, made now if it was not there."""
    return quizzes.get_module_quiz(session, module_id) or _add(session, module_id, None)


def _add(session: Session, module_id: int, section_id: int | None) -> QuizRow:
    quizzes.add_quizzes(session, [_values(module_id, section_id)])
    found = (
        quizzes.get_module_quiz(session, module_id)
        if section_id is None
        else quizzes.get_section_quiz(session, section_id)
    )
    if found is None:
        raise RuntimeError("a quiz that was just added is not there")
    return found


def _values(module_id: int, section_id: int | None) -> dict[str, object]:
    return {
        "module_id": module_id,
        "section_id": section_id,
        "kind": "module" if section_id is None else "section",
        "item_limit": MODULE_ITEM_LIMIT if section_id is None else SECTION_ITEM_LIMIT,
        "attempts_allowed": None,
        "behaviour": "deferred",
    }
