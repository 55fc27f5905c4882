"""Bring a database to the code's schema, safely: nothing is lost, and only one process does it."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, inspect, select, table

from app.config import packaged
from app.db import Database
from app.errors import RappelError

_ADVISORY_LOCK = 0x72617070  # "rapp": one migration at a time on PostgreSQL


class SchemaProblem(RappelError):
    """The database cannot be brought to this code's schema; nothing was changed."""


def current_revision(database: Database) -> str | None:
    """The revision the database is at, or None when it has no schema yet."""
    with database.engine.connect().execution_options(rappel_begin="DEFERRED") as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head_revision() -> str | None:
    """The revision this code expects."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def known_revisions() -> frozenset[str]:
    """Every revision this code can start from."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def refuse_newer(name: str, revision: str | None) -> None:
    """Raise SchemaProblem when the database called `name` is at a revision of a newer version."""
    if revision is not None and revision not in known_revisions():
        raise SchemaProblem(
            f"{name} is of a newer version of Rappel (schema {revision}): "
            "use that version again, or a copy made before it (`db restore`)"
        )


def require_head(database: Database) -> None:
    """Raise SchemaProblem when the database is not at the revision this code expects."""
    found = current_revision(database)
    refuse_newer("the database", found)
    if found != head_revision():
        raise SchemaProblem("the schema is not this version's yet: run `db upgrade` first")


def upgrade(database: Database, revision: str = "head") -> tuple[str | None, str | None]:
    """Run the migrations that are missing up to `revision`, in one transaction; return those before and after.

    Raises SchemaProblem when the database is newer than the code, when a migration breaks a
    reference, or when it loses rows: the transaction is then rolled back.
    """
    with _exclusive(database) as connection:
        before = MigrationContext.configure(connection).get_current_revision()
        refuse_newer("the database", before)
        rows = _row_counts(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        _refuse_losses(connection, rows)
        return before, MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(packaged("migrations")))
    return config


@contextmanager
def _exclusive(database: Database) -> Iterator[Connection]:
    """One transaction that no other migration shares; foreign keys rest while SQLite copies tables."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            _foreign_keys(connection, "OFF")  # has no effect inside a transaction: before BEGIN
        try:
            with connection.begin():
                if not database.is_sqlite:
                    connection.execute(select(func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
                yield connection
        finally:
            if database.is_sqlite:
                _foreign_keys(connection, "ON")


def _foreign_keys(connection: Connection, state: str) -> None:
    driver = connection.connection.driver_connection
    if driver is not None:
        driver.execute(f"PRAGMA foreign_keys={state}")


def _row_counts(connection: Connection) -> dict[str, int]:
    names = inspect(connection).get_table_names()
    return {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in names}


def _refuse_losses(connection: Connection, before: dict[str, int]) -> None:
    after = _row_counts(connection)
    lost = [name for name, rows in before.items() if after.get(name, rows) < rows and name != "alembic_version"]
    if lost:
        raise SchemaProblem(f"a migration would lose rows of {', '.join(sorted(lost))}")
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise SchemaProblem(f"a migration breaks {len(broken)} references")
