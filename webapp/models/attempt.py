"""Quizzes, attempts at them, and every answer that was ever given."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, BigId, one_of

ATTEMPT_STATES = ("open", "submitted", "graded", "released", "expired")
SLOT_STATUSES = ("correct", "partly", "incorrect", "unanswered", "needs_review")


class Quiz(Base):
    """Items chosen for a section (its check) or for the whole module, with rules."""

    __tablename__ = "quiz"
    __table_args__ = (
        CheckConstraint(one_of("kind", "section", "module"), name="kind"),
        CheckConstraint("(kind = 'section') = (section_id IS NOT NULL)", name="place"),
        UniqueConstraint("module_id", "section_id"),
        Index(
            "uq_quiz_module_kind",
            "module_id",
            unique=True,
            sqlite_where=text("kind = 'module'"),
            postgresql_where=text("kind = 'module'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id", ondelete="CASCADE"))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    item_limit: Mapped[int]
    """At most this many items in one attempt."""
    attempts_allowed: Mapped[int | None]
    """None: as many as the learner likes."""


class Attempt(Base):
    """One go at a quiz. What it asks is pinned when it starts (see AttemptSlot)."""

    __tablename__ = "attempt"
    __table_args__ = (
        CheckConstraint(one_of("state", *ATTEMPT_STATES), name="state"),
        CheckConstraint("(state = 'open') = (submitted_at IS NULL)", name="submitted"),
        UniqueConstraint("quiz_id", "account_id", "number"),
        Index(
            "uq_attempt_open",
            "quiz_id",
            "account_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_attempt_account_id_quiz_id", "account_id", "quiz_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quiz.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="open")
    seed: Mapped[int]
    sequence: Mapped[int] = mapped_column(default=0)
    """The server's own count of saves in this attempt: orders saves of different browsers."""
    slot_count: Mapped[int]
    answered_count: Mapped[int] = mapped_column(default=0)
    checked_count: Mapped[int] = mapped_column(default=0)
    points: Mapped[Decimal] = mapped_column(default=Decimal(0))
    points_possible: Mapped[Decimal]
    started_at: Mapped[datetime]
    saved_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    reset_at: Mapped[datetime | None]
    """Set when an instructor took the attempt out of the count; it stays in the history."""

    quiz: Mapped[Quiz] = relationship()


class AttemptSlot(Base):
    """One place of an attempt: the pinned wording, the pinned order of its options, the current response."""

    __tablename__ = "attempt_slot"
    __table_args__ = (
        UniqueConstraint("attempt_id", "position"),
        CheckConstraint("status IS NULL OR " + one_of("status", *SLOT_STATUSES), name="status"),
        CheckConstraint("(status IS NULL) = (checked_at IS NULL)", name="checked"),
        Index("ix_attempt_slot_item_version_id", "item_version_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    position: Mapped[int]
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_version.id"))
    option_order: Mapped[list[Any]]
    points_possible: Mapped[Decimal]
    response: Mapped[dict[str, Any] | None]
    """The item type's stored form; None or `{}`: not answered."""
    sequence: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    status: Mapped[str | None] = mapped_column(String(20))
    score: Mapped[Decimal | None]


class AnswerEvent(Base):
    """One acknowledged save, for ever. The idempotency key is (attempt, client id, client sequence)."""

    __tablename__ = "answer_event"
    __table_args__ = (UniqueConstraint("attempt_id", "client_id", "client_sequence"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    position: Mapped[int]
    client_id: Mapped[str] = mapped_column(String(40))
    client_sequence: Mapped[int]
    sequence: Mapped[int]
    response: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]


class SectionProgress(Base):
    """How far one person is in one section: a counter row, kept in the transaction of what it counts."""

    __tablename__ = "section_progress"
    __table_args__ = (
        UniqueConstraint("account_id", "section_id"),
        Index("ix_section_progress_module_id_account_id", "module_id", "account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    module_id: Mapped[int] = mapped_column(ForeignKey("module.id", ondelete="CASCADE"))
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id", ondelete="CASCADE"))
    opened_at: Mapped[datetime]
    last_at: Mapped[datetime]
    """When the person was last here: the largest in a module is where to continue."""
    last_slot: Mapped[int] = mapped_column(default=0)
    """The question they were at; 0: in the text."""
    completed_at: Mapped[datetime | None]
    first_points: Mapped[Decimal | None]
    best_points: Mapped[Decimal | None]
    points_possible: Mapped[Decimal | None]
    attempts_finished: Mapped[int] = mapped_column(default=0)
