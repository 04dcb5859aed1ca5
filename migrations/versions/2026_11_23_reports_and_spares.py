"""What learners report about questions, and generated questions that are kept in hand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "2026_11_23_reports_and_spares"
down_revision = "2026_11_22_first_tables"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
OPEN = sa.text("decision_id IS NULL")


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "item_report",
        sa.Column("id", sa.Integer),
        sa.Column("item_id", sa.Integer, nullable=False),
        sa.Column("item_version_id", sa.Integer, nullable=False),
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("decision_id", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_item_report"),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name="fk_item_report_item_id_item", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["item_version_id"], ["item_version.id"], name="fk_item_report_item_version_id_item_version"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_item_report_account_id_account", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["review_decision.id"], name="fk_item_report_decision_id_review_decision"
        ),
    )
    op.create_index(
        "uq_item_report_open",
        "item_report",
        ["item_id", "account_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_item_report_account_id_item_id", "item_report", ["account_id", "item_id"])
    op.create_index("ix_item_report_decision_id", "item_report", ["decision_id"])
    op.create_table(
        "spare_item",
        sa.Column("id", sa.Integer),
        sa.Column("section_id", sa.Integer, nullable=False),
        sa.Column("section_version_id", sa.Integer, nullable=False),
        sa.Column("generated_id", sa.String(64), nullable=False),
        sa.Column("recipe", sa.String(60), nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("tier", sa.String(20), nullable=False),
        sa.Column("seed", sa.Integer, nullable=False),
        sa.Column("generator_version", sa.String(40), nullable=False),
        sa.Column("warnings", JSON, nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_spare_item"),
        sa.UniqueConstraint("section_id", "generated_id", name="uq_spare_item_section_id_generated_id"),
        sa.ForeignKeyConstraint(
            ["section_id"], ["section.id"], name="fk_spare_item_section_id_section", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["section_version_id"],
            ["section_version.id"],
            name="fk_spare_item_section_version_id_section_version",
        ),
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_table("spare_item")
    op.drop_table("item_report")
