"""What the application asks of its database: the statements, in their order."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from app.db import Database


@contextmanager
def counted(db: Database) -> Iterator[list[str]]:
    """The statements run meanwhile, transactions left out."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(("SELECT", "WITH", "INSERT", "UPDATE")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)
