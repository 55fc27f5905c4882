"""Indexes of the few rows of the log that undo another one or that were declared right: most rows are neither.

Every reader of the log asks of each answer whether it was taken back.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    undoing = sa.text("undoes IS NOT NULL")
    op.create_index(
        "ix_review_log_card_id_undoes",
        "review_log",
        ["card_id", "undoes"],
        sqlite_where=undoing,
        postgresql_where=undoing,
    )
    op.create_index(
        "ix_review_log_learner_id",
        "review_log",
        ["learner_id"],
        sqlite_where=sa.text("overridden = 1"),
        postgresql_where=sa.text("overridden"),
    )


def downgrade() -> None:
    op.drop_index("ix_review_log_learner_id", "review_log")
    op.drop_index("ix_review_log_card_id_undoes", "review_log")
