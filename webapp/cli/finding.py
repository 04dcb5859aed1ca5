"""Modules and courses as an operator names them: by number, or by the last part of an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webapp.repositories import courses
from webapp.repositories import modules as rows
from webapp.services.errors import NotFound

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from webapp.models.course import Course
    from webapp.models.module import Module

NUMBER_DIGITS_MAX = 18
"""A longer number is no module's: databases count to 2^63."""


def find_module(session: Session, name: str) -> Module:
    """The module of that number or short name. Raises NotFound."""
    module = (
        rows.get_module(session, int(name)) if _is_number(name) else rows.get_module_by_slug(session, name)
    )
    if module is None or module.deleted_at is not None:
        raise NotFound(f"There is no module {name}.")
    return module


def find_course(session: Session, name: str) -> Course:
    """The course of that number or short name. Raises NotFound."""
    course = courses.get_course(session, int(name)) if _is_number(name) else None
    course = course or courses.get_course_by_slug(session, name)
    if course is None:
        raise NotFound(f"There is no course {name}.")
    return course


def _is_number(name: str) -> bool:
    return name.isdecimal() and len(name) <= NUMBER_DIGITS_MAX
