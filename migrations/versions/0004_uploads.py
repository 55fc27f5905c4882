"""Uploads of teachers, and whose the courses and questions are that came that way."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("retire_missing", sa.Boolean(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("applied_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "(applied_at IS NULL) = (content IS NOT NULL)", name=op.f("ck_upload_content_until_applied")
        ),
        sa.CheckConstraint("(applied_at IS NULL) = (outcome IS NULL)", name=op.f("ck_upload_outcome_once_applied")),
        sa.CheckConstraint("size_bytes BETWEEN 0 AND 2000000", name=op.f("ck_upload_size")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_upload_course_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name=op.f("fk_upload_owner_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "uploaded_course",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_id"], ["course.id"], name=op.f("fk_uploaded_course_course_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name=op.f("fk_uploaded_course_owner_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_uploaded_course_upload_id")),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_uploaded_course")),
    )
    with op.batch_alter_table("uploaded_course", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_uploaded_course_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_uploaded_course_upload_id"), ["upload_id"], unique=False)

    op.create_table(
        "uploaded_question",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["user_account.id"], name=op.f("fk_uploaded_question_owner_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_uploaded_question_question_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_uploaded_question_upload_id")),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_uploaded_question")),
    )
    with op.batch_alter_table("uploaded_question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_uploaded_question_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_uploaded_question_upload_id"), ["upload_id"], unique=False)


def downgrade() -> None:
    op.drop_table("uploaded_question")
    op.drop_table("uploaded_course")
    op.drop_table("upload")
