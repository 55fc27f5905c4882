"""SQLite files that tests begin with: one in the place of another, and arrangements that are made once a worker."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeVar

from app.db import Database
from app.services import backup

Arranged = TypeVar("Arranged")


class Settable(Protocol):
    """A clock that a test may set."""

    at: datetime


def replaced_by(path: Path, template: Path) -> None:
    """Put a new file in the old one's place; whoever still has the old one open keeps that one."""
    for old in path.parent.iterdir():
        old.unlink()
    shutil.copy(template, path)


class Shelf:
    """What many tests begin with: arranged once a worker on SQLite, and put back as it was for each of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, tuple[Any, datetime]] = {}

    def take(self, name: str, db: Database, clock: Settable, arrange: Callable[[], Arranged]) -> Arranged:
        """What `arrange` returned the first time, the database and the clock as it left them.

        It returns only what holds in another test: values and ids.
        """
        assert db.path is not None
        file = self._folder / f"{name}.db"
        if name not in self._kept:
            self._kept[name] = arrange(), clock.at
            backup.back_up(db.path, file)
        else:
            db.dispose()
            replaced_by(db.path, file)
        arranged, clock.at = self._kept[name]
        return arranged
