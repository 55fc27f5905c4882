"""What teachers do to an exam or for one of its students, and when an attempt was heard of last."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exam_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_exam_event_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_event_exam_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["user_account.id"], name=op.f("fk_exam_event_learner_id"), ondelete="CASCADE"
        ),
        sa.CheckConstraint("kind IN ('time_given', 'allowed', 'withdrawn')", name=op.f("ck_exam_event_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_event")),
    )
    for column in ("exam_id", "learner_id", "by_id"):
        op.create_index(op.f(f"ix_exam_event_{column}"), "exam_event", [column])
    op.add_column("attempt", sa.Column("heard_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("attempt", "heard_at")
    op.drop_table("exam_event")
