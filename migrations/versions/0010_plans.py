"""Plans towards an exam: the date, the minutes a day, the days off and the topics left out."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exam_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("exam_on", sa.Date(), nullable=False),
        sa.Column("minutes_a_day", sa.Integer(), nullable=False),
        sa.Column("weekdays_off", sa.Integer(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("extra_day", sa.Date(), nullable=True),
        sa.Column("extra_minutes", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        sa.Column("feed_hash", sa.String(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(extra_day IS NULL) = (extra_minutes = 0)", name=op.f("ck_exam_plan_extra_minutes_have_a_day")
        ),
        sa.CheckConstraint("minutes_a_day BETWEEN 5 AND 180", name=op.f("ck_exam_plan_minutes_a_day")),
        sa.CheckConstraint("weekdays_off BETWEEN 0 AND 126", name=op.f("ck_exam_plan_a_weekday_is_left")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_exam_plan_course_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["user_account.id"], name=op.f("fk_exam_plan_learner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_plan")),
        sa.UniqueConstraint("feed_hash", name=op.f("uq_exam_plan_feed_hash")),
        sa.UniqueConstraint("learner_id", "course_id", name=op.f("uq_exam_plan_learner_id_course_id")),
    )
    with op.batch_alter_table("exam_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exam_plan_course_id"), ["course_id"], unique=False)

    op.create_table(
        "plan_day_off",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["exam_plan.id"], name=op.f("fk_plan_day_off_plan_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("plan_id", "day", name=op.f("pk_plan_day_off")),
    )

    op.create_table(
        "plan_left_out",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["exam_plan.id"], name=op.f("fk_plan_left_out_plan_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_plan_left_out_topic_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("plan_id", "topic_id", name=op.f("pk_plan_left_out")),
    )
    with op.batch_alter_table("plan_left_out", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_left_out_topic_id"), ["topic_id"], unique=False)


def downgrade() -> None:
    op.drop_table("plan_left_out")
    op.drop_table("plan_day_off")
    op.drop_table("exam_plan")
