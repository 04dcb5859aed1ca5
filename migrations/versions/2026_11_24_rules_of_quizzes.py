"""Rules of quizzes, overrides, checked tries, rulings about items that were asked already.

Nothing changes for what is there: a section's check gives feedback question by question, a module's quiz
after handing in, and nothing is timed.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_24_rules_of_quizzes"
down_revision = "2026_11_23_reports_and_spares"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
BIG_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
YES, NO = sa.text("true"), sa.text("false")
BEHAVIOUR = "behaviour IN ('deferred', 'immediate', 'tries')"
CONFIDENCE = "confidence IN ('off', 'asked', 'marked')"
OLD_STATUS = "status IS NULL OR status IN ('correct', 'partly', 'incorrect', 'unanswered', 'needs_review')"
NEW_STATUS = OLD_STATUS[:-1] + ", 'dropped')"


def _word(name: str, default: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(20), nullable=False, server_default=default)


def _number(name: str, default: int) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, server_default=str(default))


def _yes_no(name: str, default: sa.TextClause) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=default)


def _quiz_columns() -> list[sa.Column[object]]:
    return [
        _word("mode", "check"),
        _word("behaviour", "immediate"),
        _number("tries_allowed", 1),
        _number("try_penalty", 0),
        _word("confidence", "off"),
        _yes_no("is_counted", YES),
        _word("counted", "highest"),
        _number("attempt_delay_s", 0),
        _yes_no("shuffles_options", YES),
        _yes_no("shuffles_questions", NO),
        _yes_no("one_per_page", NO),
        _yes_no("allows_back", YES),
        _yes_no("shows_text", YES),
        sa.Column("access_code", sa.String(80), nullable=False, server_default=""),
        sa.Column("pass_percent", sa.Integer),
        _yes_no("is_gate", NO),
        sa.Column("opens_at", MOMENT),
        sa.Column("due_at", MOMENT),
        sa.Column("closes_at", MOMENT),
        sa.Column("late_credit", JSON, nullable=False, server_default="[]"),
        sa.Column("time_limit_s", sa.Integer),
        _word("overdue", "submit"),
        _word("release", "at_once"),
        _number("show_response", 15),
        _number("show_correctness", 15),
        _number("show_points", 15),
        _number("show_explanation", 15),
        _number("show_key", 15),
    ]


QUIZ_CHECKS = {
    "mode": "mode IN ('practice', 'check', 'graded')",
    "behaviour": BEHAVIOUR,
    "confidence": CONFIDENCE,
    "counted": "counted IN ('highest', 'average', 'first', 'last')",
    "overdue": "overdue IN ('submit', 'expire')",
    "release": "release IN ('at_once', 'by_hand')",
}


def _attempt_columns() -> list[sa.Column[object]]:
    return [
        _word("behaviour", "immediate"),
        _number("tries_allowed", 1),
        _number("try_penalty", 0),
        _word("confidence", "off"),
        sa.Column("deadline_at", MOMENT),
        sa.Column("closes_at", MOMENT),
        _number("credit_percent", 100),
        sa.Column("ended_by", sa.String(20)),
        _number("at_position", 1),
        _yes_no("is_preview", NO),
    ]


ATTEMPT_CHECKS = {
    "behaviour": BEHAVIOUR,
    "confidence": CONFIDENCE,
    "ended_by": "ended_by IS NULL OR ended_by IN ('learner', 'deadline', 'instructor')",
}
DEFERRED = "UPDATE {} SET behaviour = 'deferred' WHERE {}"
OF_MODULES = "quiz_id IN (SELECT id FROM quiz WHERE kind = 'module')"


def upgrade() -> None:
    """Add rules to what is there, and the new tables."""
    with op.batch_alter_table("quiz") as table:
        for column in _quiz_columns():
            table.add_column(column)
        for name, condition in QUIZ_CHECKS.items():
            table.create_check_constraint(op.f(f"ck_quiz_{name}"), condition)
    with op.batch_alter_table("attempt") as table:
        for column in _attempt_columns():
            table.add_column(column)
        for name, condition in ATTEMPT_CHECKS.items():
            table.create_check_constraint(op.f(f"ck_attempt_{name}"), condition)
    is_open = sa.text("state = 'open'")
    op.create_index(
        "ix_attempt_deadline_at", "attempt", ["deadline_at"], sqlite_where=is_open, postgresql_where=is_open
    )
    op.execute(DEFERRED.format("quiz", "kind = 'module'"))
    op.execute(DEFERRED.format("attempt", OF_MODULES))
    _create_ruling()
    with op.batch_alter_table("attempt_slot") as table:
        table.add_column(sa.Column("confidence", sa.Integer))
        table.add_column(_number("tries", 0))
        table.add_column(sa.Column("ruling_id", sa.Integer))
        table.create_foreign_key(
            op.f("fk_attempt_slot_ruling_id_ruling"), "ruling", ["ruling_id"], ["id"], ondelete="SET NULL"
        )
        table.drop_constraint(op.f("ck_attempt_slot_status"), type_="check")
        table.create_check_constraint(op.f("ck_attempt_slot_status"), NEW_STATUS)
    with op.batch_alter_table("answer_event") as table:
        table.add_column(sa.Column("confidence", sa.Integer))
        table.add_column(sa.Column("handed_in_by_id", sa.Integer))
    _create_slot_check()
    _create_quiz_override()


def _create_slot_check() -> None:
    op.create_table(
        "slot_check",
        sa.Column("id", BIG_ID),
        sa.Column("attempt_id", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("response", JSON, nullable=False),
        sa.Column("confidence", sa.Integer),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_slot_check"),
        sa.UniqueConstraint(
            "attempt_id", "position", "number", name="uq_slot_check_attempt_id_position_number"
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name="fk_slot_check_attempt_id_attempt", ondelete="CASCADE"
        ),
    )


def _create_quiz_override() -> None:
    op.create_table(
        "quiz_override",
        sa.Column("id", sa.Integer),
        sa.Column("course_id", sa.Integer, nullable=False),
        sa.Column("quiz_id", sa.Integer),
        sa.Column("account_id", sa.Integer),
        sa.Column("cohort_id", sa.Integer),
        sa.Column("opens_at", MOMENT),
        sa.Column("due_at", MOMENT),
        sa.Column("closes_at", MOMENT),
        sa.Column("time_limit_s", sa.Integer),
        sa.Column("attempts_allowed", sa.Integer),
        sa.Column("time_percent", sa.Integer),
        sa.Column("extra_s", sa.Integer),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("created_by_id", sa.Integer),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quiz_override"),
        sa.CheckConstraint("(account_id IS NULL) <> (cohort_id IS NULL)", name=op.f("ck_quiz_override_whom")),
        sa.CheckConstraint(
            "time_percent IS NULL OR time_percent BETWEEN 100 AND 1000",
            name=op.f("ck_quiz_override_time_percent"),
        ),
        sa.CheckConstraint("extra_s IS NULL OR extra_s >= 0", name=op.f("ck_quiz_override_extra_s")),
        *(
            sa.ForeignKeyConstraint(
                [f"{table}_id"],
                [f"{table}.id"],
                name=f"fk_quiz_override_{table}_id_{table}",
                ondelete="CASCADE",
            )
            for table in ("course", "quiz", "account", "cohort")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["account.id"],
            name="fk_quiz_override_created_by_id_account",
            ondelete="SET NULL",
        ),
    )
    for whom in ("account", "cohort"):
        for place, condition in (
            ("quiz", f"quiz_id IS NOT NULL AND {whom}_id IS NOT NULL"),
            ("course", f"quiz_id IS NULL AND {whom}_id IS NOT NULL"),
        ):
            op.create_index(
                f"uq_quiz_override_{place}_{whom}",
                "quiz_override",
                [f"{place}_id", f"{whom}_id"],
                unique=True,
                sqlite_where=sa.text(condition),
                postgresql_where=sa.text(condition),
            )


def _create_ruling() -> None:
    op.create_table(
        "ruling",
        sa.Column("id", sa.Integer),
        sa.Column("item_id", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("up_to_version", sa.Integer, nullable=False),
        sa.Column("graded_by_id", sa.Integer),
        sa.Column("never_lowers", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("changes", JSON, nullable=False),
        sa.Column("made_by_id", sa.Integer),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("undone_by_id", sa.Integer),
        sa.Column("undone_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_ruling"),
        sa.CheckConstraint("kind IN ('key', 'either', 'full', 'drop')", name=op.f("ck_ruling_kind")),
        sa.CheckConstraint(
            "(kind IN ('key', 'either')) = (graded_by_id IS NOT NULL)", name=op.f("ck_ruling_graded_by")
        ),
        sa.CheckConstraint("undone_at IS NOT NULL OR undone_by_id IS NULL", name=op.f("ck_ruling_undone")),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_ruling_item_id_item", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["graded_by_id"], ["item_version.id"], name="fk_ruling_graded_by_id_item_version"
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], ["account.id"], name=f"fk_ruling_{column}_account", ondelete="SET NULL"
            )
            for column in ("made_by_id", "undone_by_id")
        ),
    )
    op.create_index("ix_ruling_item_id", "ruling", ["item_id"])


def downgrade() -> None:
    """Take them away again. A dropped question becomes an incorrect one."""
    op.drop_table("quiz_override")
    op.drop_table("slot_check")
    with op.batch_alter_table("answer_event") as table:
        table.drop_column("handed_in_by_id")
        table.drop_column("confidence")
    op.execute("UPDATE attempt_slot SET status = 'incorrect', score = 0 WHERE status = 'dropped'")
    with op.batch_alter_table("attempt_slot") as table:
        table.drop_constraint(op.f("ck_attempt_slot_status"), type_="check")
        table.create_check_constraint(op.f("ck_attempt_slot_status"), OLD_STATUS)
        table.drop_constraint(op.f("fk_attempt_slot_ruling_id_ruling"), type_="foreignkey")
        table.drop_column("ruling_id")
        table.drop_column("tries")
        table.drop_column("confidence")
    op.drop_table("ruling")
    op.drop_index("ix_attempt_deadline_at", "attempt")
    for name, checks, columns in (
        ("attempt", ATTEMPT_CHECKS, _attempt_columns()),
        ("quiz", QUIZ_CHECKS, _quiz_columns()),
    ):
        with op.batch_alter_table(name) as table:
            for check in checks:
                table.drop_constraint(op.f(f"ck_{name}_{check}"), type_="check")
            for column in columns:
                table.drop_column(column.name)
