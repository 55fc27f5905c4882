"""The id under which an uploaded course or question was sent, when the folder has taken it since."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("uploaded_course", "uploaded_question"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("sent_as", sa.String(), nullable=True))


def downgrade() -> None:
    for table in ("uploaded_question", "uploaded_course"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("sent_as")
