"""The cast and the stage of every test: a clock one can set, both databases, factories."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.engine import make_url

from app import create_app
from app.bank.schema import content_hash, from_document, to_document
from app.config import Settings
from app.db import Database
from app.models import Base, Course, Objective, Question, QuestionVersion, Topic, User
from app.services import kept, migrating, sessions
from app.services.identity import Person, person_of
from app.web import catalogues, context, limits
from tests.shelf import Shelf, replaced_by

# Property tests are judged by what they find; on a busy machine a slow example is no failure.
hypothesis.settings.register_profile("unhurried", deadline=None, max_examples=50)
hypothesis.settings.load_profile("unhurried")

REQUIRE_ALL = os.environ.get("RAPPEL_REQUIRE_ALL") == "1"
POSTGRES = os.environ.get("RAPPEL_TEST_POSTGRES")
MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BOTH_DATABASES = {"models", "services", "migrations"}


def pytest_configure(config: pytest.Config) -> None:
    """Compile once what every worker and every process of a test needs: the translations and the modules.

    A shell may say that Python keeps no compiled module; then each of these processes compiles the whole application.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    if not hasattr(config, "workerinput"):
        catalogues.compile_stale()


def skip_or_fail(reason: str) -> None:
    """Skip a test whose machine lacks something; where all must be there, fail instead."""
    if REQUIRE_ALL:
        pytest.fail(f"required here, but missing: {reason}")
    pytest.skip(reason)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what takes a minute first: begun last, it would have one worker wait for another."""
    items.sort(key=lambda item: not item.path.name.startswith("test_kill"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What touches the database directly runs on both; pages run once, on SQLite."""
    if "dialect" in metafunc.fixturenames:
        folder = Path(str(metafunc.definition.path)).relative_to(Path(__file__).parent).parts[0]
        both = folder in BOTH_DATABASES or metafunc.definition.get_closest_marker("both")
        metafunc.parametrize("dialect", ["sqlite", "postgresql"] if both else ["sqlite"], scope="session")


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime = MONDAY_MORNING) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def advance(self, **span: float) -> None:
        """Move on by a timedelta's arguments."""
        self.at += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    """Monday 23 November 2026, 10:00 in Paris."""
    return Clock()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file; each test works on a copy."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    database = Database(f"sqlite:///{path}")
    migrating.upgrade(database)
    with database.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
    database.dispose()
    return path


@pytest.fixture(scope="session")
def memory_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in memory, where the system has one: there SQLite's commits, each to the disk, take no time."""
    memory = Path("/dev/shm")  # noqa: S108 what is made there has a name of its own
    if not os.access(memory, os.W_OK):
        yield tmp_path_factory.mktemp("memory")
        return
    with TemporaryDirectory(prefix="rappel-tests-", dir=memory) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def worker_sqlite(memory_folder: Path) -> Iterator[Database]:
    """The SQLite database of this worker: what its engine compiled once serves all tests."""
    folder = memory_folder / "database"
    folder.mkdir()
    database = Database(f"sqlite:///{folder / 'rappel.db'}")
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def worker_postgresql(worker_id: str) -> Iterator[Database]:
    """The migrated PostgreSQL database of this worker; each test leaves it empty."""
    if not POSTGRES:
        skip_or_fail("RAPPEL_TEST_POSTGRES names no PostgreSQL server")
    name = f"rappel_worker_{worker_id}_{uuid4().hex[:8]}"
    with _postgres_admin() as run:
        run(f"CREATE DATABASE {name}")
    database = Database(_postgres_url(name))
    migrating.upgrade(database)
    yield database
    database.dispose()
    with _postgres_admin() as run:
        run(f"DROP DATABASE {name} WITH (FORCE)")


def _empty(engine: Engine) -> None:
    """Take every row out and count from 1 again: many times faster than a new database."""
    tables = [*reversed(Base.metadata.sorted_tables)]
    deletions = "; ".join(f"DELETE FROM {table.name}" for table in tables)  # noqa: S608
    counted = [table.name for table in tables if "id" in table.columns]
    restarts = ", ".join(f"setval(pg_get_serial_sequence('{name}', 'id'), 1, false)" for name in counted)
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    with engine.begin() as connection:
        connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))  # noqa: S608
        connection.exec_driver_sql(f"{deletions}; SELECT {restarts}")


def _postgres_url(name: str) -> str:
    return make_url(POSTGRES or "").set(database=name).render_as_string(hide_password=False)


class _postgres_admin:
    def __enter__(self) -> Callable[[str], None]:
        self.engine = create_engine(POSTGRES or "", isolation_level="AUTOCOMMIT")
        self.connection = self.engine.connect()
        return self.run

    def run(self, statement: str) -> None:
        self.connection.execute(text(statement))

    def __exit__(self, *_: object) -> None:
        self.connection.close()
        self.engine.dispose()


@pytest.fixture
def db(dialect: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A fresh, migrated database."""
    database: Database = request.getfixturevalue(f"worker_{dialect}")
    kept.forget()  # its figures are of the people of another test
    if database.path:
        replaced_by(database.path, request.getfixturevalue("sqlite_template"))
    yield database
    if database.path or database.engine.pool.checkedin() != 1:  # type: ignore[attr-defined]
        database.dispose()
    if not database.path:  # by the one connection there is: a new one costs more than the rest
        _empty(database.engine)


@pytest.fixture(scope="session")
def shelf(memory_folder: Path) -> Shelf:
    """The arrangements of this worker."""
    (memory_folder / "shelf").mkdir()
    return Shelf(memory_folder / "shelf")


@pytest.fixture
def database_url(db: Database) -> str:
    """The address of the fresh, migrated database."""
    return db.engine.url.render_as_string(hide_password=False)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """A private installation's settings."""
    return _private(tmp_path, database_url)


def _private(instance: Path, database_url: str) -> Settings:
    return Settings(instance=instance, database_url=database_url, secret_key="a secret of the tests", courses=())


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Where each template is compiled once, not once a test."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def new_app(settings: Settings, clock: Clock, db: Database, compiled_templates: FileSystemBytecodeCache) -> Flask:
    """An application of the test's own, to which it may add; CSRF protection is off."""
    application = create_app(settings, clock, db)
    application.jinja_env.bytecode_cache = compiled_templates
    application.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    return application


@pytest.fixture(scope="session")
def worker_app(tmp_path_factory: pytest.TempPathFactory, compiled_templates: FileSystemBytecodeCache) -> Flask:
    """The application of this worker: its routes are compiled once for all tests."""
    folder = tmp_path_factory.mktemp("instance")
    application = create_app(_private(folder, f"sqlite:///{folder / 'nothing.db'}"))
    application.jinja_env.bytecode_cache = compiled_templates
    return application


@pytest.fixture
def app(settings: Settings, clock: Clock, db: Database, worker_app: Flask) -> Iterator[Flask]:
    """The application, with this test's parts; CSRF protection is off but where a test turns it on."""
    before = dict(worker_app.config)
    worker_app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    context.give(worker_app, settings, db, clock)
    limits.limiter.reset()
    yield worker_app
    worker_app.config.clear()
    worker_app.config.update(before)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()


@pytest.fixture
def make_course(db: Database) -> Callable[..., Course]:
    """Return a factory of courses with one topic and one objective a name."""

    def make(slug: str = "docker", topics: tuple[str, ...] = ("network", "volumes")) -> Course:
        with db.writing() as session:
            course = Course(slug=slug, title_fr="Docker", title_en="Docker", document={})
            session.add(course)
            session.flush()
            for position, name in enumerate(topics):
                titles = {"title_fr": name.title(), "title_en": name.title()}
                topic = Topic(course_id=course.id, slug=name, position=position, core=True, **titles)
                session.add(topic)
                session.flush()
        return course

    return make


@pytest.fixture
def course(db: Database, make_course: Callable[..., Course]) -> Course:
    """The course everybody studies unless a test says otherwise."""
    return make_course()


@pytest.fixture
def make_user(db: Database, clock: Clock, course: Course) -> Callable[..., Person]:
    """Return a factory of people; a login name makes them more than a guest."""

    def make(login: str | None = None, role: str = "learner", **fields: Any) -> Person:
        if login is None and role != "learner":
            login = f"{role}-{uuid4().hex[:6]}"
        named = {"login": login, "login_key": login.casefold(), "password_hash": "unusable"} if login else {}
        with db.writing() as session:
            user = User(role=role, created_at=clock(), seen_at=clock(), **{"course_id": course.id, **named, **fields})
            session.add(user)
            session.flush()
            return person_of(user)

    return make


@pytest.fixture
def log_in(client: FlaskClient, db: Database, clock: Clock, make_user: Callable[..., Person]) -> Callable[..., Person]:
    """Return a function that logs a person in on `client` (a new learner if none is given)."""

    def enter(who: Person | None = None, browser: FlaskClient | None = None, **fields: Any) -> Person:
        who = who or make_user(**fields)
        with db.writing() as session:
            token = sessions.start(session, who.id, clock())
        with (browser or client).session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return who

    return enter


SINGLE: dict[str, Any] = {
    "type": "single",
    "level": 2,
    "text": {"fr": "Quel réseau isole tout ?", "en": "Which network isolates everything?"},
    "choices": [
        {"id": "a", "text": "`host`", "why": {"fr": "Il partage tout.", "en": "It shares everything."}},
        {"id": "b", "correct": True, "text": "`none`"},
        {"id": "c", "text": "`bridge`"},
    ],
    "explanation": {"fr": "`none` n’a que la boucle locale.", "en": "`none` only has the loopback."},
}


@pytest.fixture
def make_question(db: Database, clock: Clock, course: Course) -> Callable[..., Question]:
    """Return a factory of stored questions; `body` gives or changes the fields of its words."""

    def make(slug: str | None = None, topic: str = "network", of: Course | None = None, **body: Any) -> Question:
        flags = {name: body.pop(name, False) for name in ("reserved", "retired", "draft")}
        slug = slug or f"question-{uuid4().hex[:8]}"
        objective = body.pop("objective", f"{topic}.{slug}")
        words = body if "type" in body else {**SINGLE, **body}
        parsed = from_document({"id": slug, "objectives": [objective], **words})
        with db.writing() as session:
            course_id = (of or course).id
            topic_id = session.scalars(select(Topic.id).where(Topic.course_id == course_id, Topic.slug == topic)).one()
            goal = session.scalar(
                select(Objective).where(Objective.course_id == course_id, Objective.slug == objective)
            )
            if goal is None:
                texts = {"text_fr": "Un fait.", "text_en": "A fact.", "section": "Réseau", "complement": False}
                goal = Objective(course_id=course_id, topic_id=topic_id, slug=objective, weight=2, **texts)
                session.add(goal)
                session.flush()
            position = len(session.scalars(select(Question.id)).all())
            identity = {"course_id": course_id, "slug": slug, "topic_id": topic_id, "objective_id": goal.id}
            question = Question(type=parsed.type, level=parsed.level, position=position, **identity, **flags)
            session.add(question)
            session.flush()
            session.add(
                QuestionVersion(
                    question_id=question.id,
                    number=1,
                    content_hash=content_hash(parsed),
                    body=to_document(parsed),
                    created_at=clock(),
                )
            )
            return question

    return make


@pytest.fixture
def make_desk(db: Database, clock: Clock, make_user: Callable[..., Person]) -> Callable[..., Any]:
    """Return a factory of learners in front of the services; `person` comes back on another device."""
    from tests.desk import Desk  # noqa: PLC0415 it takes its clock from here

    def make(person: Person | None = None, **fields: Any) -> Desk:
        return Desk(db, clock, person or make_user(**fields))

    return make


@pytest.fixture
def make_hall(
    db: Database, clock: Clock, make_user: Callable[..., Person], make_question: Callable[..., Question]
) -> Callable[..., Any]:
    """Return a factory of exam halls: an exam that is open now for two hours and lasts one, on four questions."""
    from app.services.exams import Draft  # noqa: PLC0415
    from tests.classroom import open_class  # noqa: PLC0415
    from tests.hall import Hall  # noqa: PLC0415 it takes its clock from here

    def make(**changed: Any) -> Hall:
        teacher = make_user(role="teacher")
        listed = tuple(make_question().id for _ in range(4))
        now = clock()
        draft = Draft("Partiel", "exam", now, now + timedelta(hours=2), 3600, questions=listed)
        return Hall(db, clock, teacher, open_class(db, teacher, now), replace(draft, **changed))

    return make
