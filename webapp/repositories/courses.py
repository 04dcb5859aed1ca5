"""Courses, who is in them in which role, and modules together with one person's rights in their course."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Table, and_, bindparam, select, update
from sqlalchemy.orm import Session

from webapp.models.course import OPEN_COURSE_SLUG, Course, Enrolment
from webapp.models.module import Module


class ModuleWithRights(NamedTuple):
    """A module, whether its course is open, and the role of one person in that course (None: not in it)."""

    module: Module
    is_open: bool
    enrolment_role: str | None


class ReadableModule(NamedTuple):
    """What a reader's pages show of a module, with one person's rights in its course."""

    id: int
    slug: str
    title: str
    standfirst: str
    source_note: str
    language: str
    state: str
    deleted_at: datetime | None
    is_open: bool
    enrolment_role: str | None


_modules, _courses, _enrolments = (cast("Table", model.__table__) for model in (Module, Course, Enrolment))
# Plain columns, built once: every page that is read asks this first.
_TO_READ = (
    select(
        *(_modules.c[name] for name in ReadableModule._fields[:-2]),
        _courses.c.is_open,
        _enrolments.c.role,
    )
    .join(_courses, _courses.c.id == _modules.c.course_id)
    .outerjoin(
        _enrolments,
        and_(
            _enrolments.c.course_id == _modules.c.course_id,
            _enrolments.c.account_id == bindparam("account_id"),
        ),
    )
    .where(_modules.c.slug == bindparam("slug"))
)
_WITH_RIGHTS = (
    select(Module, Course.is_open, Enrolment.role)
    .join(Course, Course.id == Module.course_id)
    .outerjoin(
        Enrolment,
        and_(Enrolment.course_id == Module.course_id, Enrolment.account_id == bindparam("account_id")),
    )
)
_BY_ID = _WITH_RIGHTS.where(Module.id == bindparam("module_id"))


def get_readable_module(session: Session, account_id: int | None, slug: str) -> ReadableModule | None:
    """The module of that slug, deleted or not, with the rights of one person, in one query."""
    row: Any = session.execute(_TO_READ, {"account_id": account_id, "slug": slug}).one_or_none()
    return ReadableModule._make(row) if row else None


def get_module_with_rights(
    session: Session, account_id: int | None, module_id: int
) -> ModuleWithRights | None:
    """The module of that id, deleted or not, with the rights of one person, in one query."""
    row = session.execute(_BY_ID, {"account_id": account_id, "module_id": module_id}).one_or_none()
    return ModuleWithRights(*row) if row else None


def get_open_course(session: Session) -> Course:
    """The course of public modules, made by the first migration."""
    return session.scalars(select(Course).where(Course.slug == OPEN_COURSE_SLUG)).one()


def get_course(session: Session, course_id: int) -> Course | None:
    """The course of that id."""
    return session.get(Course, course_id)


def get_course_by_slug(session: Session, slug: str) -> Course | None:
    """The course of that slug."""
    return session.scalar(select(Course).where(Course.slug == slug))


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
