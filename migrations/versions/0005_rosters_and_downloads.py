"""What the school announces of a class, the files of scores that were taken, how long attempts are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("class", schema=None) as batch_op:
        batch_op.add_column(sa.Column("retention_days", sa.Integer(), server_default="365", nullable=False))
        batch_op.create_check_constraint(batch_op.f("ck_class_retention_days"), "retention_days BETWEEN 30 AND 3650")

    op.create_table(
        "roster_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("institution_id", sa.String(), nullable=True),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("extra_minutes", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("claimed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("extra_minutes BETWEEN 0 AND 600", name=op.f("ck_roster_line_extra_minutes")),
        sa.CheckConstraint("(user_id IS NULL) OR (claimed_at IS NOT NULL)", name=op.f("ck_roster_line_claimed")),
        sa.ForeignKeyConstraint(["class_id"], ["class.id"], name=op.f("fk_roster_line_class_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_roster_line_user_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_line")),
        sa.UniqueConstraint("class_id", "institution_id", name=op.f("uq_roster_line_class_id_institution_id")),
        sa.UniqueConstraint("class_id", "user_id", name=op.f("uq_roster_line_class_id_user_id")),
        sa.UniqueConstraint("code", name=op.f("uq_roster_line_code")),
    )
    with op.batch_alter_table("roster_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_line_user_id"), ["user_id"], unique=False)

    op.create_table(
        "download",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["class.id"], name=op.f("fk_download_class_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_download_exam_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_download_by_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_download")),
    )
    with op.batch_alter_table("download", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_download_class_id"), ["class_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_download_exam_id"), ["exam_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_download_by_id"), ["by_id"], unique=False)


def downgrade() -> None:
    op.drop_table("download")
    op.drop_table("roster_line")
    with op.batch_alter_table("class", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_class_retention_days"), type_="check")
        batch_op.drop_column("retention_days")
