"""What is kept no longer goes, however much it is, and nobody has to come for it."""

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from app.cli import housekeeping
from app.cli.parts import Parts
from app.config import Settings
from app.db import Database
from app.models import Attempt, User
from app.services import accounts, classes, retention
from app.services.housekeeping import clean_up
from app.services.identity import Person
from tests.conftest import Clock
from tests.hall import Hall, sit

MakeUser = Callable[..., Person]


def count(db: Database, of: Any) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(of)) or 0


@pytest.fixture
def over(db: Database, clock: Clock, make_hall: Callable[..., Hall], make_user: MakeUser) -> Hall:
    """A class that was put away a year ago, with the attempts of three students."""
    hall = make_hall()
    for name in ("Alice", "Bob", "Carol"):
        student = sit(hall, make_user, name)
        hall.submit(student, hall.start(student))
    with db.writing() as session:
        classes.archive(session, hall.teacher, hall.taught.id, clock())
    clock.advance(days=365)
    return hall


def test_all_that_is_over_goes_at_once_in_several_parts(
    over: Hall, db: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "_ATTEMPTS_AT_ONCE", 1)

    clean_up(db, clock())

    assert count(db, Attempt) == 0


def test_guests_nobody_comes_back_for_go_too(
    db: Database, clock: Clock, make_user: MakeUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "GUESTS_AT_ONCE", 2)
    for _ in range(5):
        make_user()
    clock.advance(days=2)

    clean_up(db, clock())

    assert count(db, User) == 0


@pytest.fixture
def keep_house(db: Database) -> Iterator[Callable[..., None]]:
    """Return a function that keeps house of the database, some hundred thousand times as often as usual."""
    begun: list[threading.Event] = []

    def keep(clock: Callable[[], datetime]) -> None:
        begun.append(housekeeping.keep_house(db, clock, housekeeping.EVERY_S / 300_000))

    yield keep
    for ended in begun:
        ended.set()
    for thread in threading.enumerate():
        if thread.name == "housekeeping":
            thread.join(5)


def test_a_process_cleans_up_by_itself(over: Hall, db: Database, clock: Clock, keep_house: Callable[..., None]) -> None:
    cleaned = threading.Event()

    def told() -> datetime:
        if count(db, Attempt) == 0:
            cleaned.set()
        return clock()

    keep_house(told)

    assert cleaned.wait(5)


def test_what_goes_wrong_is_logged_and_tried_again(
    over: Hall, clock: Clock, keep_house: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    asked, again = [], threading.Event()

    def failing() -> datetime:
        asked.append(1)
        if len(asked) == 1:
            raise OSError("no clock")
        again.set()
        return clock()

    with caplog.at_level(logging.ERROR, "rappel.housekeeping"):
        keep_house(failing)
        assert again.wait(5)

    assert [record.message for record in caplog.records] == [
        "what is kept no longer could not be deleted; tried again in an hour"
    ]


def test_every_process_that_serves_keeps_house(
    db: Database, settings: Settings, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[object] = []
    run = sys.modules["app.cli.run"]  # the package gives this name to the command
    monkeypatch.setattr(run, "keep_house", lambda *given: kept.append(given))
    parts = Parts(clock)
    vars(parts)["settings"] = settings

    run._app(parts, db)

    assert kept == [(db, clock)]
