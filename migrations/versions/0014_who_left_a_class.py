"""Who left a class: their exams go on hiding their keys, and what the school noted waits for them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_member",
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("institution_id", sa.String(), nullable=True),
        sa.Column("extra_minutes", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("extra_minutes BETWEEN 0 AND 600", name=op.f("ck_former_member_extra_minutes")),
        sa.ForeignKeyConstraint(["class_id"], ["class.id"], name=op.f("fk_former_member_class_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["line_id"], ["roster_line.id"], name=op.f("fk_former_member_line_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_former_member_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("class_id", "user_id", name=op.f("pk_former_member")),
    )
    for column in ("user_id", "line_id"):
        op.create_index(op.f(f"ix_former_member_{column}"), "former_member", [column])


def downgrade() -> None:
    op.drop_table("former_member")
