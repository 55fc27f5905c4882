"""Exams, their attempts and the changes of their marks."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.add_column(sa.Column("institution_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("extra_minutes", sa.Integer(), server_default="0", nullable=False))
        unique = batch_op.f("uq_membership_class_id_institution_id")
        batch_op.create_unique_constraint(unique, ["class_id", "institution_id"])
        batch_op.create_check_constraint(batch_op.f("ck_membership_extra_minutes"), "extra_minutes BETWEEN 0 AND 600")

    op.create_table(
        "exam",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("opens_at", sa.BigInteger(), nullable=True),
        sa.Column("closes_at", sa.BigInteger(), nullable=True),
        sa.Column("duration_s", sa.Integer(), nullable=True),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("keep", sa.String(), nullable=False),
        sa.Column("password", sa.String(), nullable=True),
        sa.Column("demands", sa.JSON(), nullable=True),
        sa.Column("draw", sa.String(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("shuffle_questions", sa.Boolean(), nullable=False),
        sa.Column("shuffle_choices", sa.Boolean(), nullable=False),
        sa.Column("layout", sa.String(), nullable=False),
        sa.Column("go_back", sa.Boolean(), nullable=False),
        sa.Column("scale_hundredths", sa.Integer(), nullable=False),
        sa.Column("pass_hundredths", sa.Integer(), nullable=True),
        sa.Column("penalty_percent", sa.Integer(), nullable=False),
        sa.Column("all_or_nothing", sa.Boolean(), nullable=False),
        sa.Column("show_score", sa.String(), nullable=False),
        sa.Column("show_answers", sa.String(), nullable=False),
        sa.Column("show_explanations", sa.String(), nullable=False),
        sa.CheckConstraint("draw IN ('same', 'each')", name=op.f("ck_exam_draw")),
        sa.CheckConstraint("keep IN ('best', 'last', 'first', 'average')", name=op.f("ck_exam_keep")),
        sa.CheckConstraint("kind IN ('exam', 'practice')", name=op.f("ck_exam_kind")),
        sa.CheckConstraint("layout IN ('page', 'each')", name=op.f("ck_exam_layout")),
        sa.CheckConstraint("show_answers IN ('never', 'submitted', 'closed')", name=op.f("ck_exam_show_answers")),
        sa.CheckConstraint(
            "show_explanations IN ('never', 'submitted', 'closed')", name=op.f("ck_exam_show_explanations")
        ),
        sa.CheckConstraint("show_score IN ('never', 'submitted', 'closed')", name=op.f("ck_exam_show_score")),
        sa.CheckConstraint("attempts BETWEEN 0 AND 100", name=op.f("ck_exam_attempts")),
        sa.CheckConstraint(
            "closes_at IS NULL OR opens_at IS NULL OR closes_at > opens_at", name=op.f("ck_exam_window")
        ),
        sa.CheckConstraint("duration_s IS NULL OR duration_s > 0", name=op.f("ck_exam_duration")),
        sa.CheckConstraint("pass_hundredths BETWEEN 0 AND scale_hundredths", name=op.f("ck_exam_pass_mark")),
        sa.CheckConstraint("penalty_percent BETWEEN 0 AND 100", name=op.f("ck_exam_penalty")),
        sa.CheckConstraint("scale_hundredths BETWEEN 1 AND 100000", name=op.f("ck_exam_scale")),
        sa.ForeignKeyConstraint(["class_id"], ["class.id"], name=op.f("fk_exam_class_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["created_by"], ["user_account.id"], name=op.f("fk_exam_created_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam")),
    )
    with op.batch_alter_table("exam", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exam_class_id"), ["class_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_exam_created_by"), ["created_by"], unique=False)

    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=True),
        sa.Column("pseudonym", sa.String(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("deadline", sa.BigInteger(), nullable=True),
        sa.Column("extra_minutes", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("submitted_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("receipt", sa.String(), nullable=True),
        sa.CheckConstraint("closed_by IN ('student', 'time', 'teacher')", name=op.f("ck_attempt_closed_by")),
        sa.CheckConstraint("(learner_id IS NULL) = (pseudonym IS NOT NULL)", name=op.f("ck_attempt_whose")),
        sa.CheckConstraint("(submitted_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_attempt_closed")),
        sa.CheckConstraint("epoch >= 1", name=op.f("ck_attempt_epoch")),
        sa.CheckConstraint("extra_minutes BETWEEN 0 AND 600", name=op.f("ck_attempt_extra_minutes")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_attempt_exam_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["learner_id"], ["user_account.id"], name=op.f("fk_attempt_learner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("exam_id", "learner_id", "number", name=op.f("uq_attempt_exam_id_learner_id_number")),
        sa.UniqueConstraint("receipt", name=op.f("uq_attempt_receipt")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_learner_id"), ["learner_id"], unique=False)
        batch_op.create_index(
            "uq_attempt_open",
            ["exam_id", "learner_id"],
            unique=True,
            sqlite_where=sa.text("submitted_at IS NULL"),
            postgresql_where=sa.text("submitted_at IS NULL"),
        )

    op.create_table(
        "exam_allowance",
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("extra_attempts", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.BigInteger(), nullable=True),
        sa.Column("closes_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint("extra_attempts >= 0", name=op.f("ck_exam_allowance_extra_attempts")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_allowance_exam_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["user_account.id"], name=op.f("fk_exam_allowance_learner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("exam_id", "learner_id", name=op.f("pk_exam_allowance")),
    )
    with op.batch_alter_table("exam_allowance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exam_allowance_learner_id"), ["learner_id"], unique=False)

    op.create_table(
        "adjustment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("hundredths", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_adjustment_attempt_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_adjustment_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["user_account.id"], name=op.f("fk_adjustment_undone_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment")),
    )
    with op.batch_alter_table("adjustment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_adjustment_attempt_id"), ["attempt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_adjustment_by_id"), ["by_id"], unique=False)

    op.create_table(
        "attempt_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_event_attempt_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_attempt_event_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_event")),
    )
    with op.batch_alter_table("attempt_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_event_attempt_id"), ["attempt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attempt_event_by_id"), ["by_id"], unique=False)

    op.create_table(
        "exam_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("objective", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("reserved", sa.Boolean(), nullable=False),
        sa.Column("gives_away", sa.JSON(), nullable=False),
        sa.CheckConstraint("points BETWEEN 1 AND 100", name=op.f("ck_exam_item_points")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_item_exam_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_exam_item_question_id")),
        sa.ForeignKeyConstraint(["version_id"], ["question_version.id"], name=op.f("fk_exam_item_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_item")),
        sa.UniqueConstraint("exam_id", "question_id", name=op.f("uq_exam_item_exam_id_question_id")),
    )
    with op.batch_alter_table("exam_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exam_item_question_id"), ["question_id"], unique=False)

    op.create_table(
        "attempt_item",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("response", sa.JSON(), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=True),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("credit_parts", sa.Integer(), nullable=False),
        sa.Column("credit_of", sa.Integer(), nullable=False),
        sa.CheckConstraint("credit_parts BETWEEN 0 AND credit_of", name=op.f("ck_attempt_item_credit")),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_item_attempt_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["exam_item.id"], name=op.f("fk_attempt_item_item_id")),
        sa.PrimaryKeyConstraint("attempt_id", "position", name=op.f("pk_attempt_item")),
        sa.UniqueConstraint("attempt_id", "item_id", name=op.f("uq_attempt_item_attempt_id_item_id")),
    )
    with op.batch_alter_table("attempt_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_item_item_id"), ["item_id"], unique=False)

    op.create_table(
        "regrade",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind IN ('key', 'accept', 'everybody', 'drop')", name=op.f("ck_regrade_kind")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_regrade_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["item_id"], ["exam_item.id"], name=op.f("fk_regrade_item_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["user_account.id"], name=op.f("fk_regrade_undone_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regrade")),
    )
    with op.batch_alter_table("regrade", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regrade_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_regrade_item_id"), ["item_id"], unique=False)


def downgrade() -> None:
    op.drop_table("regrade")
    op.drop_table("attempt_item")
    op.drop_table("exam_item")
    op.drop_table("attempt_event")
    op.drop_table("adjustment")
    op.drop_table("exam_allowance")
    op.drop_table("attempt")
    op.drop_table("exam")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_membership_extra_minutes"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_membership_class_id_institution_id"), type_="unique")
        batch_op.drop_column("extra_minutes")
        batch_op.drop_column("institution_id")
