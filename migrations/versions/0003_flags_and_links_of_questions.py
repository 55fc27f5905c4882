"""Flags of learners, and the links of questions: what they touch, resemble and give away."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Filled by the next synchronisation of the bank; only adds a column, so that no table is copied.
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.add_column(sa.Column("links", sa.JSON(), server_default="{}", nullable=False))
    op.create_table(
        "question_flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("question_version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("mended_version", sa.Integer(), nullable=True),
        sa.CheckConstraint("reason IN ('wrong', 'unclear', 'typo', 'other')", name=op.f("ck_question_flag_reason")),
        sa.CheckConstraint(
            "status IN ('open', 'mended', 'not_a_fault', 'other')", name=op.f("ck_question_flag_status")
        ),
        sa.CheckConstraint(
            "(status = 'open') = (answered_at IS NULL)", name=op.f("ck_question_flag_closed_is_answered")
        ),
        sa.CheckConstraint("mended_version IS NULL OR status = 'mended'", name=op.f("ck_question_flag_mended_version")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_question_flag_revision_from_1")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_flag_question_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["user_account.id"], name=op.f("fk_question_flag_learner_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["user_account.id"], name=op.f("fk_question_flag_answered_by"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_flag")),
    )
    with op.batch_alter_table("question_flag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_flag_learner_id"), ["learner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_question_flag_question_id"), ["question_id"], unique=False)
        batch_op.create_index(
            "uq_question_flag_open",
            ["learner_id", "question_id"],
            unique=True,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )


def downgrade() -> None:
    op.drop_table("question_flag")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_column("links")
