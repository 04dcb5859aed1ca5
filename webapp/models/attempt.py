"""Attempts at quizzes, and every answer that was ever given."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, BigId, one_of
from webapp.models.quiz import BEHAVIOURS, CONFIDENCES, Quiz

ATTEMPT_STATES = ("open", "submitted", "graded", "released", "expired")
SLOT_STATUSES = ("correct", "partly", "incorrect", "unanswered", "needs_review", "dropped")
ENDINGS = ("learner", "deadline", "instructor")
TAKEN_BACK, HANDED_AGAIN = "taken:back", "handed:again"
"""Client ids of an instructor's own events, which no browser can send: what was handed in from a learner's
file is taken back, and handed in once more. Their client sequence is the sequence of what they undo."""


class Attempt(Base):
    """One go at a quiz. What it asks is pinned when it starts (see AttemptSlot)."""

    __tablename__ = "attempt"
    __table_args__ = (
        CheckConstraint(one_of("state", *ATTEMPT_STATES), name="state"),
        CheckConstraint("(state = 'open') = (submitted_at IS NULL)", name="submitted"),
        CheckConstraint(one_of("behaviour", *BEHAVIOURS), name="behaviour"),
        CheckConstraint(one_of("confidence", *CONFIDENCES), name="confidence"),
        CheckConstraint("ended_by IS NULL OR " + one_of("ended_by", *ENDINGS), name="ended_by"),
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
        Index(
            "ix_attempt_deadline_at",
            "deadline_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
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
    """How many questions it asks. This and the next two leave similar questions (`retry_of`) out."""
    answered_count: Mapped[int] = mapped_column(default=0)
    checked_count: Mapped[int] = mapped_column(default=0)
    points: Mapped[Decimal] = mapped_column(default=Decimal(0))
    points_possible: Mapped[Decimal]
    started_at: Mapped[datetime]
    saved_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    reset_at: Mapped[datetime | None]
    """Set when an instructor took the attempt out of the count; it stays in the history."""

    behaviour: Mapped[str] = mapped_column(String(20), default="immediate", server_default="immediate")
    """This and the next three are the quiz's rules of grading when the attempt was started."""
    tries_allowed: Mapped[int] = mapped_column(default=1, server_default="1")
    try_penalty: Mapped[int] = mapped_column(default=0, server_default="0")
    confidence: Mapped[str] = mapped_column(String(20), default="off", server_default="off")
    deadline_at: Mapped[datetime | None]
    """When it ends by itself: its time limit or the quiz's end, with whatever the learner was granted."""
    closes_at: Mapped[datetime | None]
    """When the quiz closes for this learner."""
    credit_percent: Mapped[int] = mapped_column(default=100, server_default="100")
    """What handing in late left of the credit."""
    ended_by: Mapped[str | None] = mapped_column(String(20))
    at_position: Mapped[int] = mapped_column(default=1, server_default="1")
    """The question the learner is at, where each has a page of its own."""
    is_preview: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """An instructor's own try: never counted, never exported."""

    quiz: Mapped[Quiz] = relationship()


class AttemptSlot(Base):
    """One place of an attempt: the pinned wording, the pinned order of its options, the current response."""

    __tablename__ = "attempt_slot"
    __table_args__ = (
        UniqueConstraint("attempt_id", "position"),
        CheckConstraint("status IS NULL OR " + one_of("status", *SLOT_STATUSES), name="status"),
        CheckConstraint("(status IS NULL) = (checked_at IS NULL)", name="checked"),
        CheckConstraint("retry_of IS NULL OR (retry_of < position AND points_possible = 0)", name="retry_of"),
        Index("ix_attempt_slot_item_version_id", "item_version_id"),
        Index(
            "uq_attempt_slot_retry_of",
            "attempt_id",
            "retry_of",
            unique=True,
            sqlite_where=text("retry_of IS NOT NULL"),
            postgresql_where=text("retry_of IS NOT NULL"),
        ),
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
    confidence: Mapped[int | None]
    """1 to 3, where the learner was asked."""
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often it was checked while answering."""
    ruling_id: Mapped[int | None] = mapped_column(ForeignKey("ruling.id", ondelete="SET NULL"))
    """The newest ruling that its grade follows; None: graded as it was asked."""
    retry_of: Mapped[int | None]
    """The position of the question that was missed, where this is a similar one: extra, without points."""


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
    confidence: Mapped[int | None]
    handed_in_by_id: Mapped[int | None]
    """The instructor who handed in what a browser could not send; None: saved by the learner's browser."""


class SlotCheck(Base):
    """One time a learner had a question checked, for ever, with what was answered then: one try."""

    __tablename__ = "slot_check"
    __table_args__ = (UniqueConstraint("attempt_id", "position", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    position: Mapped[int]
    number: Mapped[int]
    response: Mapped[dict[str, Any]]
    confidence: Mapped[int | None]
    checked_at: Mapped[datetime]


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
