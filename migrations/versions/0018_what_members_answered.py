"""What was answered before today, as the pages of classes show it: one row a learner and course, made by the
application as it goes; and indexes that tell who of a class did something since, and what of each topic.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "member_sum",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Date(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("firsts", sa.LargeBinary(), nullable=False),
        sa.Column("ends", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_member_sum_course_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["user_account.id"], name=op.f("fk_member_sum_learner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("learner_id", "course_id", name=op.f("pk_member_sum")),
    )
    op.create_index(op.f("ix_member_sum_course_id"), "member_sum", ["course_id"])
    op.create_index(
        op.f("ix_card_learner_id_version_last_answered_at_log_length"),
        "card",
        ["learner_id", "version", "last_answered_at", "log_length"],
    )
    op.create_index(op.f("ix_question_course_id_topic_id"), "question", ["course_id", "topic_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_question_course_id_topic_id"), "question")
    op.drop_index(op.f("ix_card_learner_id_version_last_answered_at_log_length"), "card")
    op.drop_table("member_sum")
