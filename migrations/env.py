"""Alembic's entry: runs the migrations on the connection that the application hands over.

SQLite changes a table by copying it, dropping the old one and renaming the copy; with foreign keys
on, that drop deletes the children of every row. So they are off here, checked before the commit,
and the caller compares row counts (`app.services.migrating`).
"""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

from app.models import Base
from app.models.base import Instant


def run(connection: Connection) -> None:
    """Run the asked revisions inside the caller's transaction."""
    sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=sqlite,
        render_item=_render,
        compare_type=True,
    )
    context.run_migrations()


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Revisions never import the application: its own type is written as what it stores."""
    return "sa.BigInteger()" if kind == "type" and isinstance(item, Instant) else False


run(context.config.attributes["connection"])
