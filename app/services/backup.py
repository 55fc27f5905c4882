"""Copies of a SQLite database: taken while it serves, verified, and put in place whole or not at all."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from app.errors import RappelError
from app.services import migrating

_PAGES_A_STEP = 1_000


class BackupProblem(RappelError):
    """The copy could not be made or is not sound; what was there before is unchanged."""


def back_up(source: Path, target: Path) -> None:
    """Copy the database `source` to `target`, online, and verify the copy.

    Raises BackupProblem when `target` exists, or when the copy is not sound.
    """
    if target.exists():
        raise BackupProblem(f"{target} exists already: choose another name")
    _copy(source, target)


def restore(backup: Path, target: Path) -> Path | None:
    """Put a verified copy of `backup` in the place of `target`; return where the old database was kept.

    The server must be stopped: its connections would go on with the old file. Raises BackupProblem
    when `backup` is not a sound database of Rappel, or when `target` is in use; SchemaProblem when
    `backup` is of a newer version.
    """
    _verify(backup)
    migrating.refuse_newer(str(backup), _revision(backup))
    kept = None
    if target.exists():
        _refuse_in_use(target)
        kept = _free_name(target)
        _keep(target, kept)
    incoming = target.with_name(target.name + ".incoming")
    incoming.unlink(missing_ok=True)
    _copy(backup, incoming)
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    incoming.replace(target)
    _sync_folder(target.parent)
    return kept


def _copy(source: Path, target: Path) -> None:
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        _open(source).close()
        partial.touch(mode=0o600)  # readable by nobody else, from its first byte on
        with closing(_open(source)) as origin, closing(sqlite3.connect(partial)) as copy:
            origin.backup(copy, pages=_PAGES_A_STEP)
            copy.execute("PRAGMA journal_mode=DELETE")
        _verify(partial)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(target)
        _sync_folder(target.parent)
    except (sqlite3.Error, OSError) as error:
        raise BackupProblem(f"{source} could not be copied: {error}") from error
    finally:
        partial.unlink(missing_ok=True)


def _keep(target: Path, kept: Path) -> None:
    """What is replaced stays beside it, even when it is too broken to be read."""
    try:
        _copy(target, kept)
    except BackupProblem:
        shutil.copy2(target, kept)


def _open(path: Path) -> sqlite3.Connection:
    if not path.is_file():
        raise BackupProblem(f"{path} does not exist")
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)


def _verify(path: Path) -> None:
    """A sound SQLite file that has Rappel's tables."""
    try:
        with closing(_open(path)) as connection:
            verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except sqlite3.Error as error:
        raise BackupProblem(f"{path} is not a sound database: {error}") from error
    if verdict != "ok":
        raise BackupProblem(f"{path} is not a sound database: {verdict}")
    if not {"review_log", "card", "alembic_version"} <= names:
        raise BackupProblem(f"{path} is a database, but not one of Rappel")


def _revision(path: Path) -> str | None:
    with closing(_open(path)) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def _refuse_in_use(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as connection:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        raise BackupProblem(f"{path} is in use: stop the server first ({error})") from error
    except sqlite3.DatabaseError:
        return  # a broken database is just what a restore replaces


def _free_name(target: Path) -> Path:
    number = 1
    while (kept := target.with_name(f"{target.name}.before-restore-{number}")).exists():
        number += 1
    return kept


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
