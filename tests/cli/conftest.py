"""A demonstration class to look at, and a way to make one."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli.demo import demo
from app.db import Database
from app.models import Question
from app.services import backup, passwords
from tests.conftest import Clock

EVENING = datetime(2026, 11, 23, 21, tzinfo=UTC)
Run = Callable[..., Result]


@pytest.fixture
def parts(db: Database, settings: Any, clock: Clock) -> Any:
    clock.at = EVENING
    return SimpleNamespace(settings=settings, database=db, clock=clock)


@pytest.fixture
def run(parts: Any, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command as an operator would; hashing is quick here."""
    monkeypatch.setattr(passwords, "hashed", lambda password: f"hash of {password}")
    return lambda command, *arguments: CliRunner().invoke(command, [str(one) for one in arguments], obj=parts)


@pytest.fixture
def store(make_question: Callable[..., Question]) -> Callable[[int], None]:
    """Return a function that stores a small bank."""

    def make(pairs: int) -> None:
        words = {"text": {"fr": "Quoi ?", "en": "What?"}, "explanation": {"fr": "Ceci.", "en": "This."}}
        for number in range(pairs):
            make_question(topic="network" if number % 2 else "volumes")
            typed = {"type": "short_answer", "level": 1 + number % 3, "accept": [f"docker ps {number}"]}
            make_question(**typed, **words)

    return make


@pytest.fixture
def tiny(db: Database, store: Callable[[int], None], run: Run) -> Result:
    """A demonstration of two questions, for tests that make it again."""
    store(1)
    return run(demo)


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first demonstration is kept for the tests that only read it."""
    return tmp_path_factory.mktemp("demo") / "kept.db"


@pytest.fixture
def made(db: Database, store: Callable[[int], None], run: Run, kept: Path) -> None:
    """A demonstration of sixteen questions."""
    assert db.path is not None
    if kept.exists():
        db.dispose()
        db.path.with_name("rappel.db-wal").unlink(missing_ok=True)
        shutil.copy(kept, db.path)
        return
    store(8)
    run(demo)
    backup.back_up(db.path, kept)
