"""Courses, cohorts, and who is in them in which role."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, one_of

ENROLMENT_ROLES = ("learner", "assistant", "instructor")
OPEN_COURSE_SLUG = "open-reading"


class Course(Base):
    """What people enrol in. In an open course everybody may read what is published."""

    __tablename__ = "course"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    is_open: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Cohort(Base):
    """A group inside a course."""

    __tablename__ = "cohort"
    __table_args__ = (UniqueConstraint("course_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]


class Enrolment(Base):
    """One person in one course, with a role."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("course_id", "account_id"),
        CheckConstraint(one_of("role", *ENROLMENT_ROLES), name="role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id", ondelete="SET NULL"))
    role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]

    course: Mapped[Course] = relationship()
