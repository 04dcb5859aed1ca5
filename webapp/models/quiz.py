"""Quizzes with their rules, what people or cohorts are granted beside them, and rulings about items."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, one_of

MODES = ("practice", "check", "graded")
BEHAVIOURS = ("deferred", "immediate", "tries")
CONFIDENCES = ("off", "asked", "marked")
COUNTED = ("highest", "average", "first", "last")
OVERDUE = ("submit", "expire")
RELEASES = ("at_once", "by_hand")
RULINGS = ("key", "either", "full", "drop")
DURING, JUST_AFTER, LATER, AFTER_CLOSE = 1, 2, 4, 8
"""The four moments at which something can be shown, as bits of the `show_*` columns: while answering (of a
question that was checked), in the first minutes after handing in, afterwards, and once the quiz is closed."""
ALWAYS = DURING | JUST_AFTER | LATER | AFTER_CLOSE


class Quiz(Base):
    """Items chosen for a section (its check) or for the whole module, with rules."""

    __tablename__ = "quiz"
    __table_args__ = (
        CheckConstraint(one_of("kind", "section", "module"), name="kind"),
        CheckConstraint("(kind = 'section') = (section_id IS NOT NULL)", name="place"),
        CheckConstraint(one_of("mode", *MODES), name="mode"),
        CheckConstraint(one_of("behaviour", *BEHAVIOURS), name="behaviour"),
        CheckConstraint(one_of("confidence", *CONFIDENCES), name="confidence"),
        CheckConstraint(one_of("counted", *COUNTED), name="counted"),
        CheckConstraint(one_of("overdue", *OVERDUE), name="overdue"),
        CheckConstraint(one_of("release", *RELEASES), name="release"),
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

    mode: Mapped[str] = mapped_column(String(20), default="check", server_default="check")
    """Which of the three presets the rules began from; what counts is each rule by itself."""
    behaviour: Mapped[str] = mapped_column(String(20), default="immediate", server_default="immediate")
    """deferred: graded when handed in; immediate: each question is checked, once; tries: several times."""
    tries_allowed: Mapped[int] = mapped_column(default=1, server_default="1")
    try_penalty: Mapped[int] = mapped_column(default=0, server_default="0")
    """Percent of full credit that each further try can earn less."""
    offers_similar: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Whether who missed a question can ask for a similar one, as extra practice that earns nothing."""
    confidence: Mapped[str] = mapped_column(String(20), default="off", server_default="off")
    """asked: "how sure are you" without effect; marked: certainty-based marking."""
    is_counted: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    """Whether its attempts reach scores and exports."""
    counted: Mapped[str] = mapped_column(String(20), default="highest", server_default="highest")
    """Which of several attempts makes the score."""
    attempt_delay_s: Mapped[int] = mapped_column(default=0, server_default="0")
    """Between handing in and the next start."""
    shuffles_options: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    shuffles_questions: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    one_per_page: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    allows_back: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    """Whether who has gone on from a question may come back to it; only where each has a page of its own."""
    shows_text: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    """Whether the section's text can be read while its questions are answered."""
    access_code: Mapped[str] = mapped_column(String(80), default="", server_default="")
    pass_percent: Mapped[int | None]
    is_gate: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Whether the next section stays locked until this check is passed."""
    opens_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    late_credit: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """After the due time: `[{"until": "2026-11-30T12:00:00+00:00", "percent": 80}]`, in order of time."""
    time_limit_s: Mapped[int | None]
    overdue: Mapped[str] = mapped_column(String(20), default="submit", server_default="submit")
    """What becomes of an attempt whose time is up: handed in as it is, or closed without a score."""
    release: Mapped[str] = mapped_column(String(20), default="at_once", server_default="at_once")
    show_response: Mapped[int] = mapped_column(default=ALWAYS, server_default="15")
    show_correctness: Mapped[int] = mapped_column(default=ALWAYS, server_default="15")
    show_points: Mapped[int] = mapped_column(default=ALWAYS, server_default="15")
    show_explanation: Mapped[int] = mapped_column(default=ALWAYS, server_default="15")
    show_key: Mapped[int] = mapped_column(default=ALWAYS, server_default="15")


class QuizOverride(Base):
    """What one learner or one cohort is granted beside a quiz's rules: each field counts unless it is NULL.

    Without a quiz it holds in every quiz of the course (extra time is mostly given like that).
    """

    __tablename__ = "quiz_override"
    __table_args__ = (
        CheckConstraint("(account_id IS NULL) <> (cohort_id IS NULL)", name="whom"),
        CheckConstraint("time_percent IS NULL OR time_percent BETWEEN 100 AND 1000", name="time_percent"),
        CheckConstraint("extra_s IS NULL OR extra_s >= 0", name="extra_s"),
        *(
            Index(
                f"uq_quiz_override_{place}_{whom}",
                f"{place}_id",
                f"{whom}_id",
                unique=True,
                sqlite_where=text(condition),
                postgresql_where=text(condition),
            )
            for whom in ("account", "cohort")
            for place, condition in (
                ("quiz", f"quiz_id IS NOT NULL AND {whom}_id IS NOT NULL"),
                ("course", f"quiz_id IS NULL AND {whom}_id IS NOT NULL"),
            )
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    quiz_id: Mapped[int | None] = mapped_column(ForeignKey("quiz.id", ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id", ondelete="CASCADE"))
    opens_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    time_limit_s: Mapped[int | None]
    attempts_allowed: Mapped[int | None]
    time_percent: Mapped[int | None]
    """200: twice the time limit."""
    extra_s: Mapped[int | None]
    """On top of that, and of the window where there is no time limit."""
    note: Mapped[str] = mapped_column(Text, default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Ruling(Base):
    """What an instructor decided about an item that had been asked already: how its answers are graded since.

    It holds for every slot that asked a version of the item up to `up_to_version`. Undoing keeps the row.
    """

    __tablename__ = "ruling"
    __table_args__ = (
        CheckConstraint(one_of("kind", *RULINGS), name="kind"),
        CheckConstraint(
            "(kind IN ('key', 'either')) = (graded_by_id IS NOT NULL)",
            name="graded_by",
        ),
        CheckConstraint("undone_at IS NOT NULL OR undone_by_id IS NULL", name="undone"),
        Index("ix_ruling_item_id", "item_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    """key: by the newer version; either: by whichever earns more; full: full credit; drop: not counted."""
    up_to_version: Mapped[int]
    graded_by_id: Mapped[int | None] = mapped_column(ForeignKey("item_version.id"))
    never_lowers: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")
    changes: Mapped[list[Any]] = mapped_column(default=list)
    """What it changed, for the record: `[{"attempt": 7, "before": "3", "after": "4"}]` in points."""
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    undone_at: Mapped[datetime | None]
