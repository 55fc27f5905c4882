"""What was answered before this week, added up: one row a learner and course, made by the application as it goes."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "study_sum",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Date(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_study_sum_course_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["user_account.id"], name=op.f("fk_study_sum_learner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", "course_id", name=op.f("pk_study_sum")),
    )
    op.create_index(op.f("ix_study_sum_course_id"), "study_sum", ["course_id"])


def downgrade() -> None:
    op.drop_table("study_sum")
