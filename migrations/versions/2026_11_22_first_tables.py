"""First tables, the three roles, and the course in which everybody may read."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_22_first_tables"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

ROLES = ("administrator", "instructor", "learner")

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

sa.Table(
    "role",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(40), nullable=False, unique=True),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("permissions", sa.UnicodeText),
    sa.CheckConstraint("name IN ('administrator', 'instructor', 'learner')", name="name"),
)
sa.Table(
    "account",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("username", sa.String(64), unique=True),
    sa.Column("email", sa.String(255), unique=True),
    sa.Column("display_name", sa.String(120), nullable=False),
    sa.Column("password", sa.String(255)),
    sa.Column("is_guest", sa.Boolean, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("fs_uniquifier", sa.String(64), nullable=False, unique=True),
    sa.Column("preferences", JSON, nullable=False),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.Column("last_seen_at", MOMENT),
    sa.Column("erased_at", MOMENT),
    sa.CheckConstraint("NOT is_guest OR password IS NULL", name="guest_has_no_password"),
    sa.CheckConstraint("is_guest OR username IS NOT NULL OR email IS NOT NULL", name="nameable"),
)
sa.Table(
    "account_role",
    metadata,
    sa.Column("account_id", sa.ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("role_id", sa.ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)
sa.Table(
    "login_session",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("token", sa.String(64), nullable=False, unique=True),
    sa.Column("account_id", sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.Column("ended_at", MOMENT),
    sa.Column("user_agent", sa.String(200), nullable=False),
)
sa.Table(
    "access_link",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("purpose", sa.String(30), nullable=False),
    sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("role_name", sa.String(40)),
    sa.Column("course_id", sa.ForeignKey("course.id", ondelete="CASCADE")),
    sa.Column("account_id", sa.ForeignKey("account.id", ondelete="CASCADE")),
    sa.Column("created_by_id", sa.ForeignKey("account.id", ondelete="SET NULL")),
    sa.Column("note", sa.String(200), nullable=False),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.Column("expires_at", MOMENT, nullable=False),
    sa.Column("used_at", MOMENT),
    sa.CheckConstraint("purpose IN ('first_administrator', 'invitation', 'reset')", name="purpose"),
)
sa.Table(
    "sign_in_failure",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("identity", sa.String(255), nullable=False, index=True),
    sa.Column("address", sa.String(64), nullable=False, index=True),
    sa.Column("failed_at", MOMENT, nullable=False, index=True),
)
sa.Table(
    "course",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("slug", sa.String(80), nullable=False, unique=True),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("time_zone", sa.String(64), nullable=False),
    sa.Column("is_open", sa.Boolean, nullable=False),
    sa.Column("created_at", MOMENT, nullable=False),
)
sa.Table(
    "cohort",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("course_id", sa.ForeignKey("course.id", ondelete="CASCADE"), nullable=False),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.UniqueConstraint("course_id", "name"),
)
sa.Table(
    "enrolment",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("course_id", sa.ForeignKey("course.id", ondelete="CASCADE"), nullable=False),
    sa.Column("account_id", sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("cohort_id", sa.ForeignKey("cohort.id", ondelete="SET NULL")),
    sa.Column("role", sa.String(20), nullable=False),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.CheckConstraint("role IN ('learner', 'assistant', 'instructor')", name="role"),
    sa.UniqueConstraint("course_id", "account_id"),
)
sa.Table(
    "module",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("course_id", sa.ForeignKey("course.id"), nullable=False, index=True),
    sa.Column("slug", sa.String(120), nullable=False, unique=True),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("standfirst", sa.Text, nullable=False),
    sa.Column("source_note", sa.Text, nullable=False),
    sa.Column("language", sa.String(20), nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("published_at", MOMENT),
    sa.Column("deleted_at", MOMENT),
    sa.Column("created_by_id", sa.ForeignKey("account.id", ondelete="SET NULL")),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.Column("updated_at", MOMENT, nullable=False),
    sa.CheckConstraint("state IN ('draft', 'published')", name="state"),
)
sa.Table(
    "section",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("module_id", sa.ForeignKey("module.id", ondelete="CASCADE"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column(
        "current_version_id",
        sa.ForeignKey(
            "section_version.id", use_alter=True, name="fk_section_current_version_id_section_version"
        ),
    ),
    sa.Column("removed_at", MOMENT),
    sa.CheckConstraint("position >= 1", name="position"),
    sa.Index("ix_section_module_id_position", "module_id", "position"),
)
sa.Table(
    "section_version",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("section_id", sa.ForeignKey("section.id", ondelete="CASCADE"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("heading", sa.String(300), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("blocks", JSON, nullable=False),
    sa.Column("html", sa.Text, nullable=False),
    sa.Column("word_count", sa.Integer, nullable=False),
    sa.Column("content_hash", sa.String(64), nullable=False),
    sa.Column("created_by_id", sa.ForeignKey("account.id", ondelete="SET NULL")),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.UniqueConstraint("section_id", "number"),
)
sa.Table(
    "import_draft",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("account_id", sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("filename", sa.String(255), nullable=False),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("standfirst", sa.Text, nullable=False),
    sa.Column("sections", JSON, nullable=False),
    sa.Column("notes", JSON, nullable=False),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.Column("updated_at", MOMENT, nullable=False),
)
sa.Table(
    "item",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("module_id", sa.ForeignKey("module.id", ondelete="CASCADE"), nullable=False),
    sa.Column("section_id", sa.ForeignKey("section.id", ondelete="CASCADE"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("origin", sa.String(20), nullable=False),
    sa.Column("generated_id", sa.String(64)),
    sa.Column("recipe", sa.String(60)),
    sa.Column("level", sa.String(20)),
    sa.Column("tier", sa.String(20)),
    sa.Column("seed", sa.Integer),
    sa.Column("generator_version", sa.String(40)),
    sa.Column("warnings", JSON, nullable=False),
    sa.Column("stale_note", sa.Text, nullable=False),
    sa.Column(
        "current_version_id",
        sa.ForeignKey("item_version.id", use_alter=True, name="fk_item_current_version_id_item_version"),
    ),
    sa.Column("claimed_by_id", sa.ForeignKey("account.id", ondelete="SET NULL")),
    sa.Column("claimed_until", MOMENT),
    sa.Column("skipped_at", MOMENT),
    sa.Column("created_by_id", sa.ForeignKey("account.id", ondelete="SET NULL")),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.CheckConstraint("origin IN ('generated', 'written', 'imported', 'bundled')", name="origin"),
    sa.CheckConstraint("state IN ('proposed', 'accepted', 'rejected', 'retired')", name="state"),
    sa.Index("ix_item_module_id_state", "module_id", "state"),
    sa.Index("ix_item_section_id_state", "section_id", "state"),
)
sa.Table(
    "item_version",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("item_id", sa.ForeignKey("item.id", ondelete="CASCADE"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("type", sa.String(40), nullable=False),
    sa.Column("content", JSON, nullable=False),
    sa.Column("section_version_id", sa.ForeignKey("section_version.id"), nullable=False),
    sa.Column("created_by_id", sa.ForeignKey("account.id", ondelete="SET NULL")),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.UniqueConstraint("item_id", "number"),
)
sa.Table(
    "review_decision",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("item_id", sa.ForeignKey("item.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("account_id", sa.ForeignKey("account.id", ondelete="SET NULL"), index=True),
    sa.Column("decision", sa.String(20), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("state_before", sa.String(20), nullable=False),
    sa.Column("version_before_id", sa.ForeignKey("item_version.id"), nullable=False),
    sa.Column("version_after_id", sa.ForeignKey("item_version.id"), nullable=False),
    sa.Column("decided_at", MOMENT, nullable=False),
    sa.Column("undone_at", MOMENT),
    sa.CheckConstraint(
        "decision IN ('accept', 'edit', 'reject', 'skip', 'retire', 'restore')", name="decision"
    ),
)
sa.Table(
    "quiz",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("module_id", sa.ForeignKey("module.id", ondelete="CASCADE"), nullable=False),
    sa.Column("section_id", sa.ForeignKey("section.id", ondelete="CASCADE")),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("item_limit", sa.Integer, nullable=False),
    sa.Column("attempts_allowed", sa.Integer),
    sa.CheckConstraint("kind IN ('section', 'module')", name="kind"),
    sa.CheckConstraint("(kind = 'section') = (section_id IS NOT NULL)", name="place"),
    sa.UniqueConstraint("module_id", "section_id"),
    sa.Index(
        "uq_quiz_module_kind",
        "module_id",
        unique=True,
        sqlite_where=sa.text("kind = 'module'"),
        postgresql_where=sa.text("kind = 'module'"),
    ),
)
sa.Table(
    "attempt",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("quiz_id", sa.ForeignKey("quiz.id", ondelete="CASCADE"), nullable=False),
    sa.Column("account_id", sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("state", sa.String(20), nullable=False),
    sa.Column("seed", sa.Integer, nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("slot_count", sa.Integer, nullable=False),
    sa.Column("answered_count", sa.Integer, nullable=False),
    sa.Column("checked_count", sa.Integer, nullable=False),
    sa.Column("points", sa.BigInteger, nullable=False),
    sa.Column("points_possible", sa.BigInteger, nullable=False),
    sa.Column("started_at", MOMENT, nullable=False),
    sa.Column("saved_at", MOMENT),
    sa.Column("submitted_at", MOMENT),
    sa.Column("reset_at", MOMENT),
    sa.CheckConstraint("state IN ('open', 'submitted', 'graded', 'released', 'expired')", name="state"),
    sa.CheckConstraint("(state = 'open') = (submitted_at IS NULL)", name="submitted"),
    sa.UniqueConstraint("quiz_id", "account_id", "number"),
    sa.Index("ix_attempt_account_id_quiz_id", "account_id", "quiz_id"),
    sa.Index(
        "uq_attempt_open",
        "quiz_id",
        "account_id",
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    ),
)
sa.Table(
    "attempt_slot",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    sa.Column("attempt_id", sa.ForeignKey("attempt.id", ondelete="CASCADE"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("item_version_id", sa.ForeignKey("item_version.id"), nullable=False, index=True),
    sa.Column("option_order", JSON, nullable=False),
    sa.Column("points_possible", sa.BigInteger, nullable=False),
    sa.Column("response", JSON),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("saved_at", MOMENT),
    sa.Column("checked_at", MOMENT),
    sa.Column("status", sa.String(20)),
    sa.Column("score", sa.BigInteger),
    sa.CheckConstraint("(status IS NULL) = (checked_at IS NULL)", name="checked"),
    sa.CheckConstraint(
        "status IS NULL OR status IN ('correct', 'partly', 'incorrect', 'unanswered', 'needs_review')",
        name="status",
    ),
    sa.UniqueConstraint("attempt_id", "position"),
)
sa.Table(
    "answer_event",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    sa.Column("attempt_id", sa.ForeignKey("attempt.id", ondelete="CASCADE"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("client_id", sa.String(40), nullable=False),
    sa.Column("client_sequence", sa.Integer, nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("response", JSON, nullable=False),
    sa.Column("saved_at", MOMENT, nullable=False),
    sa.UniqueConstraint("attempt_id", "client_id", "client_sequence"),
)
sa.Table(
    "section_progress",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("account_id", sa.ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    sa.Column("module_id", sa.ForeignKey("module.id", ondelete="CASCADE"), nullable=False),
    sa.Column("section_id", sa.ForeignKey("section.id", ondelete="CASCADE"), nullable=False),
    sa.Column("opened_at", MOMENT, nullable=False),
    sa.Column("last_at", MOMENT, nullable=False),
    sa.Column("last_slot", sa.Integer, nullable=False),
    sa.Column("completed_at", MOMENT),
    sa.Column("first_points", sa.BigInteger),
    sa.Column("best_points", sa.BigInteger),
    sa.Column("points_possible", sa.BigInteger),
    sa.Column("attempts_finished", sa.Integer, nullable=False),
    sa.UniqueConstraint("account_id", "section_id"),
    sa.Index("ix_section_progress_module_id_account_id", "module_id", "account_id"),
)
sa.Table(
    "job",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("payload", JSON, nullable=False),
    sa.Column("state", sa.String(20), nullable=False, index=True),
    sa.Column("progress_done", sa.Integer, nullable=False),
    sa.Column("progress_total", sa.Integer, nullable=False),
    sa.Column("progress_text", sa.String(300), nullable=False),
    sa.Column("outcome", JSON),
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("module_id", sa.ForeignKey("module.id", ondelete="CASCADE"), index=True),
    sa.Column("created_by_id", sa.ForeignKey("account.id", ondelete="SET NULL")),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("created_at", MOMENT, nullable=False),
    sa.Column("started_at", MOMENT),
    sa.Column("finished_at", MOMENT),
    sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state"),
)
sa.Table(
    "audit_entry",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", MOMENT, nullable=False, index=True),
    sa.Column("account_id", sa.ForeignKey("account.id", ondelete="SET NULL")),
    sa.Column("action", sa.String(60), nullable=False),
    sa.Column("subject", sa.String(120), nullable=False),
    sa.Column("detail", JSON, nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
    sa.Column("request_id", sa.String(40), nullable=False),
)


def upgrade() -> None:
    """Create everything, and the rows that the application counts on."""
    connection = op.get_bind()
    metadata.create_all(connection)
    role, course = metadata.tables["role"], metadata.tables["course"]
    op.bulk_insert(role, [{"name": name, "description": ""} for name in ROLES])
    op.bulk_insert(
        course,
        [
            {
                "slug": "open-reading",
                "title": "Open reading",
                "time_zone": "UTC",
                "is_open": True,
                "created_at": datetime.now(UTC),
            }
        ],
    )


def downgrade() -> None:
    """Drop everything."""
    metadata.drop_all(op.get_bind())
