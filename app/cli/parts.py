"""What every command works with, made only when a command asks for it."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import click
from sqlalchemy.exc import ArgumentError, DBAPIError

from app.clock import utc_now
from app.config import Settings, SettingsError, courses_from_env
from app.db import Database
from app.errors import Busy
from app.services.migrating import SchemaProblem


class Refusal(click.ClickException):
    """What the command line or the environment asks for cannot be done as asked: exit status 2, no traceback."""

    exit_code = 2


class ToldGroup(click.Group):
    """Commands whose trouble with the database is one line, not a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a database that is away, full, newer or not one ends it with exit status 1."""
        with database_trouble_told():
            return super().invoke(ctx)


@dataclass
class Parts:
    """The settings, the database and the clock of one run of the command line."""

    clock: Callable[[], datetime] = field(default=utc_now)

    @cached_property
    def settings(self) -> Settings:
        """The settings of the environment; every problem there is told at once (exit status 2)."""
        try:
            return Settings.from_env()
        except SettingsError as error:
            raise Refusal(str(error)) from error
        except OSError as error:
            raise Refusal(f"RAPPEL_INSTANCE: {error.filename}: {error.strerror}") from error

    @property
    def courses(self) -> tuple[Path, ...]:
        """The folders of the courses that the environment names, all the project's if it names none."""
        try:
            return courses_from_env()
        except SettingsError as error:
            raise Refusal(str(error)) from error

    @cached_property
    def database(self) -> Database:
        """The database that the settings name."""
        try:
            database = Database(self.settings.database_url)
        except (ArgumentError, ModuleNotFoundError) as error:  # without the address: it may hold a password
            raise Refusal("RAPPEL_DATABASE_URL: not like postgresql+psycopg://name@host/database") from error
        if database.path:
            try:
                database.path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise Refusal(f"RAPPEL_DATABASE_URL: {error.filename}: {error.strerror}") from error
        return database


@contextmanager
def database_trouble_told() -> Iterator[None]:
    """Turn a database's own error, or its schema's, into one line; raises ClickException."""
    try:
        yield
    except Busy as error:
        raise click.ClickException(f"the database cannot be used: {_reason(error.__cause__)}") from error
    except DBAPIError as error:
        raise click.ClickException(f"the database cannot be used: {_reason(error)}") from error
    except SchemaProblem as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def only_process(path: Path | None) -> Iterator[None]:
    """Hold the SQLite file `path` for one server or one restore at a time; the kernel lets go when it dies.

    Raises ClickException when another process holds it.
    """
    if path is None:
        yield
        return
    with _lock_file(path) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise click.ClickException(
                f"{path} is in use by a running server: SQLite takes one process (several need PostgreSQL and Redis)"
            ) from error
        yield


def _lock_file(path: Path) -> BinaryIO:
    """A file beside the database, for nothing but the lock: SQLite's own locks are on the database itself."""
    try:
        return path.with_name(path.name + ".lock").open("ab")
    except OSError as error:
        raise click.ClickException(f"{path.parent} cannot be written to: {error.strerror}") from error


def _reason(error: BaseException | None) -> str:
    if isinstance(error, DBAPIError):
        return str(error.orig).strip().splitlines()[0]
    return "it did not answer in time"
