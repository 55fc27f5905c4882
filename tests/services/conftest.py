"""What the tests of uploads share: a course that has a folder, and teachers who add to it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.db import Database
from app.models import Course
from app.services import syncing
from app.services.identity import Person
from tests.bank.packing import course, question, written
from tests.conftest import Clock
from tests.sender import Teacher


@pytest.fixture
def folder(tmp_path: Path, db: Database, clock: Clock) -> Callable[[], syncing.SyncReport]:
    """A course whose folder has one question, stored; call it to write and store it again with others."""
    path = tmp_path / "boats"
    path.mkdir()

    def sync(*questions: dict[str, Any]) -> syncing.SyncReport:
        (path / "course.yaml").write_bytes(written(course()))
        (path / "winds.yaml").write_bytes(written([question("winds-west", "winds.trade"), *questions]))
        return syncing.sync_folder(db, path, clock())

    assert not sync().problems
    return sync


@pytest.fixture
def boats(db: Database, folder: object) -> Course:
    """The course of the folder."""
    with db.reading() as session:
        return session.scalars(select(Course).where(Course.slug == "boats")).one()


@pytest.fixture
def make_teacher(db: Database, clock: Clock, boats: Course, make_user: Callable[..., Person]) -> Callable[..., Teacher]:
    """Return a factory of teachers who send questions for that course."""

    def make(role: str = "teacher", **fields: Any) -> Teacher:
        return Teacher(db, clock, make_user(role=role, **fields), boats.id)

    return make


@pytest.fixture
def bruno(make_teacher: Callable[..., Teacher]) -> Teacher:
    return make_teacher(login="bruno", display_name="Bruno")


@pytest.fixture
def chloe(make_teacher: Callable[..., Teacher]) -> Teacher:
    return make_teacher()


@pytest.fixture
def ada(make_teacher: Callable[..., Teacher]) -> Teacher:
    return make_teacher(role="admin")
