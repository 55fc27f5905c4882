"""The database's own promises: fair turns, safe settings, no lost update, a clear word when it cannot write."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.db import Database, FairQueue
from app.errors import Busy
from app.models import Card, Course, User
from app.services.identity import Person

IMPATIENT_S = 0.05


@pytest.fixture
def impatient(database_url: str) -> Iterator[Database]:
    """The same database as `db`, whose writers wait for a moment only."""
    database = Database(database_url, patience_s=IMPATIENT_S)
    yield database
    database.dispose()


@contextmanager
def busy(database: Database) -> Iterator[None]:
    """Another thread of this process is in the middle of a write."""
    inside, leave = threading.Event(), threading.Event()

    def write() -> None:
        with database.writing():
            inside.set()
            leave.wait()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(write)
        inside.wait()
        try:
            yield
        finally:
            leave.set()
        done.result()


def rename(database: Database, person: Person, name: str) -> None:
    with database.writing() as session:
        session.execute(update(User).where(User.id == person.id).values(display_name=name))


def name_of(database: Database, person: Person) -> str | None:
    with database.reading() as session:
        return session.scalar(select(User.display_name).where(User.id == person.id))


def close_connections(database: Database, dialect: str) -> None:
    """On PostgreSQL the server closes two connections that wait in the pool; SQLite's files do not go away."""
    if dialect != "postgresql":
        return
    with database.reading() as one, database.reading() as two:
        pids = [session.scalar(text("SELECT pg_backend_pid()")) for session in (one, two)]
    other = Database(database.engine.url.render_as_string(hide_password=False))
    with other.writing() as session:
        session.execute(text("SELECT pg_terminate_backend(pid, 5000) FROM unnest(:pids) AS pid"), {"pids": pids})
    other.dispose()


def test_writers_pass_in_the_order_they_came() -> None:
    queue = FairQueue(patience_s=30)
    passed: list[int] = []

    def enter(number: int) -> None:
        with queue:
            passed.append(number)

    with ThreadPoolExecutor(8) as pool:
        with queue:
            futures: list[Future[None]] = []
            for number in range(8):
                futures.append(pool.submit(enter, number))
                while len(queue._waiting) <= number:
                    threading.Event().wait(0.001)
        wait(futures)

    assert passed == list(range(8))


def test_a_writer_that_gave_up_does_not_hold_the_others_back() -> None:
    queue = FairQueue(patience_s=IMPATIENT_S)
    with queue, pytest.raises(Busy), queue:
        pass

    with queue:
        assert not queue._waiting


def test_a_writer_that_waited_too_long_is_told_so(impatient: Database) -> None:
    with busy(impatient), pytest.raises(Busy), impatient.writing():
        pass


def test_a_write_passes_again_after_one_was_refused(impatient: Database, make_user: Callable[..., Person]) -> None:
    person = make_user()
    with busy(impatient), pytest.raises(Busy):
        rename(impatient, person, "Chloé")

    rename(impatient, person, "Alice")

    assert name_of(impatient, person) == "Alice"


@pytest.mark.both
def test_a_reader_does_not_wait_for_a_writer(db: Database, make_user: Callable[..., Person]) -> None:
    person = make_user(display_name="Alice")

    with db.writing() as session:
        session.execute(update(User).values(display_name="Chloé"))

        assert name_of(db, person) == "Alice"


@pytest.mark.both
def test_a_reader_sees_one_instant(db: Database, make_user: Callable[..., Person]) -> None:
    person = make_user(display_name="Alice")
    name = select(User.display_name).where(User.id == person.id)

    with db.reading() as session:
        before = session.scalar(name)
        rename(db, person, "Chloé")

        assert (before, session.scalar(name)) == ("Alice", "Alice")


@pytest.mark.both
def test_what_is_looked_up_is_what_was_stored_last(db: Database, make_user: Callable[..., Person]) -> None:
    person = make_user("alice", display_name="Alice")
    name = select(User.display_name).where(User.id == person.id)

    rename(db, person, "Zoé")

    assert db.look_up(lambda connection: connection.scalar(name)) == "Zoé"


@pytest.mark.both
def test_looking_up_leaves_the_connection_as_it_was(db: Database, make_user: Callable[..., Person]) -> None:
    person = make_user("alice", display_name="Alice")
    db.look_up(lambda connection: connection.scalar(select(User.id)))

    with pytest.raises(ZeroDivisionError), db.writing() as session:
        session.execute(update(User).values(display_name="Zoé"))
        raise ZeroDivisionError

    assert name_of(db, person) == "Alice"


@pytest.mark.both
def test_a_connection_that_the_server_closed_in_its_sleep_is_replaced(
    db: Database, dialect: str, make_user: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    person = make_user("alice", display_name="Alice")
    close_connections(db, dialect)

    monkeypatch.setattr("app.db._AWAKE_S", 0.0)

    assert name_of(db, person) == "Alice"


@pytest.mark.both
def test_a_connection_that_the_server_closed_a_moment_ago_is_replaced_for_what_is_looked_up(
    db: Database, dialect: str, make_user: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    person = make_user("alice", display_name="Alice")
    monkeypatch.setattr("app.db._AWAKE_S", 60.0)
    close_connections(db, dialect)

    name = db.look_up(lambda connection: connection.scalar(select(User.display_name).where(User.id == person.id)))

    assert (name, name_of(db, person)) == ("Alice", "Alice")


@pytest.mark.both
def test_a_reader_cannot_write(db: Database, make_user: Callable[..., Person]) -> None:
    person = make_user(display_name="Alice")

    with pytest.raises((Busy, DBAPIError)), db.reading() as session:
        session.execute(update(User).values(display_name="Chloé"))

    assert name_of(db, person) == "Alice"


@pytest.mark.both
def test_a_connection_that_read_may_write_next(db: Database, make_user: Callable[..., Person]) -> None:
    person = make_user()
    for name in ("Alice", "Chloé"):
        name_of(db, person)
        rename(db, person, name)

    assert name_of(db, person) == "Chloé"


@pytest.mark.both
def test_an_exception_rolls_everything_back(db: Database, make_user: Callable[..., Person]) -> None:
    person = make_user(display_name="Alice")

    with pytest.raises(KeyError), db.writing() as session:
        session.execute(update(User).values(display_name="Chloé"))
        raise KeyError

    assert name_of(db, person) == "Alice"


@pytest.mark.both
def test_a_reference_to_nothing_is_refused(db: Database) -> None:
    with pytest.raises(IntegrityError), db.writing() as session:
        session.add(Card(learner_id=404, question_id=404))


def test_every_connection_has_the_safe_settings(db: Database) -> None:
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "trusted_schema")

    for begin in (db.writing, db.reading):
        with begin() as session:
            settings = [session.execute(text(f"PRAGMA {name}")).scalar() for name in names]
            assert settings == ["wal", 2, 1, 5000, 0]


def test_a_writer_waits_for_another_process(db: Database, make_user: Callable[..., Person]) -> None:
    person = make_user()
    with closing(sqlite3.connect(str(db.path), isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(0.1, other.execute, ["COMMIT"]).start()

        rename(db, person, "Alice")

    assert name_of(db, person) == "Alice"


def test_a_lock_that_another_process_keeps_is_told_as_busy(db: Database, make_user: Callable[..., Person]) -> None:
    person = make_user(display_name="Alice")
    with db.writing() as session:  # the pool hands the same connection out again
        session.connection().exec_driver_sql("PRAGMA busy_timeout=50")
    with closing(sqlite3.connect(str(db.path), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(Busy):
            rename(db, person, "Chloé")

    rename(db, person, "Nora")
    assert name_of(db, person) == "Nora"


@pytest.mark.both
def test_no_update_is_lost(db: Database, make_user: Callable[..., Person]) -> None:
    person = make_user(new_per_day=0)
    at_once = threading.Barrier(8)

    def add_one() -> None:
        at_once.wait()
        for _ in range(5):
            with db.writing() as session:
                limit = session.scalars(select(User.new_per_day).where(User.id == person.id).with_for_update()).one()
                session.execute(update(User).where(User.id == person.id).values(new_per_day=limit + 1))

    with ThreadPoolExecutor(8) as pool:
        for future in [pool.submit(add_one) for _ in range(8)]:
            future.result()

    with db.reading() as session:
        assert session.scalar(select(User.new_per_day)) == 40


def test_a_full_disk_is_told_as_busy_and_is_got_over(db: Database, course: Course) -> None:
    with db.writing() as session:  # the pool hands the same connection out again
        pages = session.execute(text("PRAGMA page_count")).scalar()
        session.execute(text(f"PRAGMA max_page_count={pages}"))
    with pytest.raises(Busy), db.writing() as session:
        session.execute(update(Course).values(document={"credit": "x" * 1_000_000}))

    with db.writing() as session:
        session.execute(text("PRAGMA max_page_count=1000000"))
        session.execute(update(Course).values(title_en="Docker, again"))

    with db.reading() as session:
        assert session.execute(select(Course.title_en, Course.document)).one() == ("Docker, again", {})
        assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"


def test_a_database_that_cannot_be_opened_is_told_as_busy(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'missing' / 'rappel.db'}")

    with pytest.raises(Busy), database.writing() as session:
        session.execute(text("SELECT 1"))
