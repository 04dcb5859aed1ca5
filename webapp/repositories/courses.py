"""Courses, who is in them in which role, and modules together with one person's rights in their course."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import and_, bindparam, select, update
from sqlalchemy.orm import Session

from webapp.models.course import OPEN_COURSE_SLUG, Course, Enrolment
from webapp.models.module import Module


class ModuleWithRights(NamedTuple):
    """A module, whether its course is open, and the role of one person in that course (None: not in it)."""

    module: Module
    is_open: bool
    enrolment_role: str | None


# Built once: every page of a module asks this first.
_WITH_RIGHTS = (
    select(Module, Course.is_open, Enrolment.role)
    .join(Course, Course.id == Module.course_id)
    .outerjoin(
        Enrolment,
        and_(Enrolment.course_id == Module.course_id, Enrolment.account_id == bindparam("account_id")),
    )
)
_BY_SLUG = _WITH_RIGHTS.where(Module.slug == bindparam("slug"))
_BY_ID = _WITH_RIGHTS.where(Module.id == bindparam("module_id"))


def get_module_with_rights(
    session: Session, account_id: int | None, *, module_id: int | None = None, slug: str | None = None
) -> ModuleWithRights | None:
    """The module of that id or slug, deleted or not, with the rights of one person, in one query."""
    if slug is not None:
        row = session.execute(_BY_SLUG, {"account_id": account_id, "slug": slug}).one_or_none()
    else:
        row = session.execute(_BY_ID, {"account_id": account_id, "module_id": module_id}).one_or_none()
    return ModuleWithRights(*row) if row else None


def get_course(session: Session, course_id: int) -> Course | None:
    """The course of that id."""
    return session.get(Course, course_id)


def get_open_course(session: Session) -> Course:
    """The course of public modules, made by the first migration."""
    return session.scalars(select(Course).where(Course.slug == OPEN_COURSE_SLUG)).one()


def get_enrolment_role(session: Session, account_id: int, course_id: int) -> str | None:
    """The role of this account in this course; None: not in it."""
    return session.scalar(
        select(Enrolment.role).where(Enrolment.account_id == account_id, Enrolment.course_id == course_id)
    )


def list_taught_course_ids(session: Session, account_id: int) -> list[int]:
    """The courses in which this account is an instructor."""
    return list(
        session.scalars(
            select(Enrolment.course_id)
            .where(Enrolment.account_id == account_id, Enrolment.role == "instructor")
            .order_by(Enrolment.course_id)
        )
    )


def get_enrolment(session: Session, account_id: int, course_id: int) -> Enrolment | None:
    """The enrolment of this account in this course."""
    return session.scalar(
        select(Enrolment).where(Enrolment.account_id == account_id, Enrolment.course_id == course_id)
    )


def add_enrolment(session: Session, enrolment: Enrolment) -> Enrolment:
    """Put somebody into a course."""
    session.add(enrolment)
    session.flush()
    return enrolment


def list_enrolments(session: Session, account_id: int) -> list[tuple[Enrolment, Course]]:
    """Every course this account is in, by title."""
    query = (
        select(Enrolment, Course)
        .join(Course, Course.id == Enrolment.course_id)
        .where(Enrolment.account_id == account_id)
        .order_by(Course.title, Course.id)
    )
    return [(enrolment, course) for enrolment, course in session.execute(query)]


def stop_teaching(session: Session, account_id: int) -> None:
    """Make an instructor a learner in every course."""
    session.execute(
        update(Enrolment)
        .where(Enrolment.account_id == account_id, Enrolment.role == "instructor")
        .values(role="learner")
    )
