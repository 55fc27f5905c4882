"""Whether the application can serve: asked by machines, answered in a word."""

from sqlalchemy import text
from sqlalchemy.orm import Session


def ready(session: Session, head: str | None) -> bool:
    """Whether the database answers and has the schema revision `head` of this code."""
    found: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
    return found == head
