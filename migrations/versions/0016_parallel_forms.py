"""Parallel forms of an exam: how many, which questions each has, who is given which."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_ONE_OF_THEM = "form BETWEEN 1 AND 8"


def upgrade() -> None:
    # Only adds columns, so that no table is copied.
    op.add_column(
        "exam",
        sa.Column(
            "forms",
            sa.Integer(),
            sa.CheckConstraint("forms = 0 OR forms BETWEEN 2 AND 8", name=op.f("ck_exam_forms")),
            server_default="0",
            nullable=False,
        ),
    )
    op.add_column("exam_item", sa.Column("forms", sa.JSON(), nullable=True))
    for table in ("exam_allowance", "attempt"):
        check = sa.CheckConstraint(_ONE_OF_THEM, name=op.f(f"ck_{table}_form"))
        op.add_column(table, sa.Column("form", sa.Integer(), check, nullable=True))
    op.create_table(
        "given_form",
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.CheckConstraint(_ONE_OF_THEM, name=op.f("ck_given_form_form")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_given_form_exam_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["user_account.id"], name=op.f("fk_given_form_learner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("exam_id", "learner_id", name=op.f("pk_given_form")),
    )
    op.create_index(op.f("ix_given_form_learner_id"), "given_form", ["learner_id"])


def downgrade() -> None:
    op.drop_table("given_form")
    for table, column in (("attempt", "form"), ("exam_allowance", "form"), ("exam_item", "forms"), ("exam", "forms")):
        op.drop_column(table, column)
