"""What the tests of the teacher's pages share."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy import event

from app.db import Database


@pytest.fixture
def count_statements() -> Callable[[Database], AbstractContextManager[list[str]]]:
    """Return a context manager that collects the queries run inside it."""

    @contextmanager
    def counted(db: Database) -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            if statement.startswith(("SELECT", "WITH", "INSERT", "UPDATE")):
                seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        yield seen
        event.remove(db.engine, "before_cursor_execute", note)

    return counted
