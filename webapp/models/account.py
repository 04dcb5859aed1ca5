"""Accounts, their roles, and the rows that make a sign-in revocable."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_security import AsaList, RoleMixin, UserMixin
from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, Text
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, one_of

ROLE_NAMES = ("administrator", "instructor", "learner")

account_role = Table(
    "account_role",
    Base.metadata,
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Base, RoleMixin):
    """What an account may do on the whole site; course rights stand in enrolment."""

    __tablename__ = "role"
    __table_args__ = (CheckConstraint(one_of("name", *ROLE_NAMES), name="name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    permissions: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()), default=None)


class Account(Base, UserMixin):
    """A person, or a guest's browser (`is_guest`), who reads, answers or teaches.

    A guest has neither username, e-mail nor password until somebody claims it by signing up.
    """

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("is_guest OR username IS NOT NULL OR email IS NOT NULL", name="nameable"),
        CheckConstraint("NOT is_guest OR password IS NULL", name="guest_has_no_password"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str | None] = mapped_column(String(64), unique=True)
    """In the form that sign-in compares: NFKC, case-folded."""
    email: Mapped[str | None] = mapped_column(String(255), unique=True)  # type: ignore[assignment] # may be absent
    display_name: Mapped[str] = mapped_column(String(120), default="")
    password: Mapped[str | None] = mapped_column(String(255))
    is_guest: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How this person likes to read: theme, text size, spacing, typeface."""
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    """Set when the person's data were deleted: the row stays for the numbers, the person does not."""

    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment] # the mixin says RoleMixin
        secondary=account_role, lazy="selectin"
    )


class LoginSession(Base):
    """One sign-in on one browser. The signed cookie carries its id; ending the row ends the sign-in."""

    __tablename__ = "login_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    user_agent: Mapped[str] = mapped_column(String(200), default="")


class AccessLink(Base):
    """A link that works once: first administrator, instructor's invitation, password reset.

    Only the hash of its secret is kept.
    """

    __tablename__ = "access_link"
    __table_args__ = (
        CheckConstraint(one_of("purpose", "first_administrator", "invitation", "reset"), name="purpose"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(30))
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    role_name: Mapped[str | None] = mapped_column(String(40))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    """For a reset: whose password it sets."""
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInFailure(Base):
    """One failed sign-in, kept for a while so that limits hold over all workers."""

    __tablename__ = "sign_in_failure"

    id: Mapped[int] = mapped_column(primary_key=True)
    identity: Mapped[str] = mapped_column(String(255), index=True)
    """A keyed hash of the name that was tried, so that the table is no list of names."""
    address: Mapped[str] = mapped_column(String(64), index=True)
    failed_at: Mapped[datetime] = mapped_column(index=True)
