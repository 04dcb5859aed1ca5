"""Similar questions after a mistake: a rule of quizzes, and the places of attempts that ask them.

Quizzes for practice that give feedback question by question offer them from now on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "2026_11_25_similar_questions"
down_revision = "2026_11_24_rules_of_quizzes"
branch_labels = None
depends_on = None

RETRIES = "retry_of IS NULL OR (retry_of < position AND points_possible = 0)"
IS_RETRY = sa.text("retry_of IS NOT NULL")
PRACTICE = "UPDATE quiz SET offers_similar = true WHERE mode = 'practice' AND behaviour <> 'deferred'"
FORGET = (
    "DELETE FROM {0} WHERE EXISTS (SELECT 1 FROM attempt_slot AS slot WHERE slot.attempt_id = {0}.attempt_id"
    " AND slot.position = {0}.position AND slot.retry_of IS NOT NULL)"
)


def upgrade() -> None:
    """Add the rule, and what tells a similar question from the questions of the quiz."""
    with op.batch_alter_table("quiz", recreate="never") as table:
        table.add_column(
            sa.Column("offers_similar", sa.Boolean, nullable=False, server_default=sa.text("false"))
        )
    op.execute(PRACTICE)
    with op.batch_alter_table("attempt_slot") as table:
        table.add_column(sa.Column("retry_of", sa.Integer))
        table.create_check_constraint(op.f("ck_attempt_slot_retry_of"), RETRIES)
    op.create_index(
        "uq_attempt_slot_retry_of",
        "attempt_slot",
        ["attempt_id", "retry_of"],
        unique=True,
        sqlite_where=IS_RETRY,
        postgresql_where=IS_RETRY,
    )


def downgrade() -> None:
    """Take them away again. Similar questions go with their answers, of which no score was made."""
    for table_name in ("answer_event", "slot_check"):
        op.execute(FORGET.format(table_name))
    op.execute("DELETE FROM attempt_slot WHERE retry_of IS NOT NULL")
    op.drop_index("uq_attempt_slot_retry_of", "attempt_slot")
    with op.batch_alter_table("attempt_slot") as table:
        table.drop_constraint(op.f("ck_attempt_slot_retry_of"), type_="check")
        table.drop_column("retry_of")
    with op.batch_alter_table("quiz", recreate="never") as table:
        table.drop_column("offers_similar")
