"""Whether a question is asked at all, in the index by which a class's cards are added up."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_FORMER = "ix_question_course_id_topic_id"
_NOW = "ix_question_course_id_topic_id_retired_reserved_draft"


def upgrade() -> None:
    op.create_index(_NOW, "question", ["course_id", "topic_id", "retired", "reserved", "draft"])
    op.drop_index(_FORMER, "question")


def downgrade() -> None:
    op.create_index(_FORMER, "question", ["course_id", "topic_id"])
    op.drop_index(_NOW, "question")
