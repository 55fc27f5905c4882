"""Rows that copy what the log says, so that it need not be read again: to lose one costs time alone."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.models import Base


def put(session: Session, model: type[Base], key: Mapping[str, Any], told: Mapping[str, Any]) -> None:
    """Write a row in place of what was stored under its key; nothing when what it is about is gone meanwhile."""
    insert_into: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[session.connection().dialect.name]
    statement = insert_into(model).values(**key, **told).on_conflict_do_update(index_elements=list(key), set_=told)
    try:
        with session.begin_nested():
            session.execute(statement)
    except IntegrityError:
        return
