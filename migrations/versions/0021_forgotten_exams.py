"""When the attempts at an exam were deleted: nobody may be called absent from it afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("exam", sa.Column("forgotten_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("exam") as batch:
        batch.drop_column("forgotten_at")
