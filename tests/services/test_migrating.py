"""From no schema to this code's, once, whole or not at all."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import delete, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from app.config import packaged
from app.db import Database
from app.models import Base, Card, CardCopy, Course, MemberSum, Question, StudySum, Topic, User
from app.services import migrating
from app.services.identity import Person
from app.services.migrating import SchemaProblem
from tests.conftest import MONDAY_MORNING
from tests.desk import Desk

REVISION = """
import sqlalchemy as sa
from alembic import op

revision = "next"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    {change}
"""


@pytest.fixture
def empty(dialect: str, database_url: str, tmp_path: Path) -> Iterator[Database]:
    """A database without a schema."""
    if dialect == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield database
        database.dispose()
        return
    name = f"empty_{uuid4().hex[:8]}"
    owner = Database(database_url)
    with owner.writing() as session:
        session.execute(text(f"CREATE SCHEMA {name}"))
    url = make_url(database_url).update_query_dict({"options": f"-csearch_path={name}"})
    database = Database(url.render_as_string(hide_password=False))
    yield database
    database.dispose()
    with owner.writing() as session:
        session.execute(text(f"DROP SCHEMA {name} CASCADE"))
    owner.dispose()


@pytest.fixture
def next_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that gives this code one more migration, of one statement."""

    def add(change: str) -> None:
        folder = tmp_path / "migrations"
        shutil.copytree(packaged("migrations"), folder, ignore=shutil.ignore_patterns("__pycache__"))
        revision = REVISION.format(head=migrating.head_revision(), change=change)
        (folder / "versions" / "next.py").write_text(revision, encoding="utf-8")
        monkeypatch.setattr(migrating, "packaged", lambda _name: folder)

    return add


@pytest.fixture
def learned(db: Database, make_desk: Callable[..., Desk], make_question: Callable[..., Question]) -> Desk:
    """Somebody with a card and its log."""
    desk = make_desk()
    desk.answer(make_question())
    return desk


def test_an_empty_database_gets_the_whole_schema(empty: Database) -> None:
    assert migrating.current_revision(empty) is None

    assert migrating.upgrade(empty) == (None, migrating.head_revision())

    assert migrating.current_revision(empty) == migrating.head_revision()
    assert set(inspect(empty.engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_the_migrations_leave_nothing_for_the_models_to_ask(db: Database) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, Base.metadata) == []


def test_an_upgrade_twice_changes_nothing(empty: Database) -> None:
    migrating.upgrade(empty)

    assert migrating.upgrade(empty) == (migrating.head_revision(),) * 2


def test_two_processes_that_start_at_once_migrate_once(empty: Database) -> None:
    with ThreadPoolExecutor(2) as pool:
        results = [future.result() for future in [pool.submit(migrating.upgrade, empty) for _ in range(2)]]

    head = migrating.head_revision()
    assert sorted(results, key=str) == sorted([(None, head), (head, head)], key=str)


def test_a_newer_database_is_refused(empty: Database) -> None:
    migrating.upgrade(empty)
    with empty.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SchemaProblem, match="9999"):
        migrating.upgrade(empty)

    assert migrating.current_revision(empty) == "9999"


def test_a_migration_that_loses_rows_is_refused(empty: Database, next_revision: Callable[[str], None]) -> None:
    migrating.upgrade(empty)
    with empty.writing() as session:
        session.add(Course(slug="docker", title_fr="Docker", title_en="Docker", document={}))
    head = migrating.head_revision()
    next_revision('op.execute("DELETE FROM course")')

    with pytest.raises(SchemaProblem, match="lose rows of course"):
        migrating.upgrade(empty)

    assert migrating.current_revision(empty) == head
    with empty.reading() as session:
        assert session.scalars(select(Course.slug)).all() == ["docker"]


def test_a_migration_that_fails_half_way_changes_nothing(empty: Database, next_revision: Callable[[str], None]) -> None:
    migrating.upgrade(empty)
    head = migrating.head_revision()
    next_revision('op.add_column("course", sa.Column("colour", sa.String())); raise RuntimeError("half way")')

    with pytest.raises(RuntimeError, match="half way"):
        migrating.upgrade(empty)

    assert migrating.current_revision(empty) == head
    assert "colour" not in {column["name"] for column in inspect(empty.engine).get_columns("course")}


def test_a_migration_that_breaks_a_reference_is_refused(
    learned: Desk, db: Database, next_revision: Callable[[str], None]
) -> None:
    next_revision('op.execute("UPDATE card SET question_id = 404")')

    with pytest.raises((SchemaProblem, IntegrityError)):
        migrating.upgrade(db)

    with db.reading() as session:
        assert session.scalars(select(Card.question_id)).all() != [404]


def test_a_table_that_is_copied_keeps_the_rows_that_hang_on_it(
    empty: Database, next_revision: Callable[[str], None]
) -> None:
    migrating.upgrade(empty)
    with empty.writing() as session:
        session.execute(
            text(
                "INSERT INTO course (slug, title_fr, title_en, document, retired)"
                " VALUES ('docker', 'Docker', 'Docker', '{}', false)"
            )
        )
        session.execute(
            text(
                "INSERT INTO topic (course_id, slug, title_fr, title_en, position, core, retired)"
                " VALUES (1, 'network', 'Réseau', 'Network', 0, true, false)"
            )
        )
    next_revision(
        'with op.batch_alter_table("course", recreate="auto") as table:\n'
        '        table.alter_column("title_fr", existing_type=sa.String(), nullable=True)'
    )

    migrating.upgrade(empty)

    with empty.reading() as session:
        assert session.execute(text("SELECT slug FROM topic")).scalars().all() == ["network"]
    columns = {column["name"]: column["nullable"] for column in inspect(empty.engine).get_columns("course")}
    assert columns["title_fr"] is True


def test_a_bank_of_before_the_links_keeps_its_questions(empty: Database) -> None:
    migrating.upgrade(empty, "0001")
    columns = (
        "course_id, slug, topic_id, objective_id, type, level, position, reserved, draft, retired, source, version"
    )
    with empty.writing() as session:
        for statement in (
            "course (slug, title_fr, title_en, document, retired) VALUES ('docker', 'Docker', 'Docker', '{}', false)",
            "topic (course_id, slug, title_fr, title_en, position, core, retired)"
            " VALUES (1, 'network', 'Réseau', 'Network', 0, true, false)",
            "objective (course_id, topic_id, slug, section, weight, text_fr, text_en, complement, retired)"
            " VALUES (1, 1, 'network.none', 'Réseau', 3, 'Un fait.', 'A fact.', false, false)",
            f"question ({columns}) VALUES (1, 'none', 1, 1, 'single', 1, 0, false, false, false, 'folder', 1)",
        ):
            session.execute(text(f"INSERT INTO {statement}"))

    migrating.upgrade(empty)

    with empty.reading() as session:
        assert [(row.slug, row.links) for row in session.scalars(select(Question))] == [("none", {})]


@pytest.mark.parametrize("change", ["pass", 'raise RuntimeError("half way")', 'op.execute("DELETE FROM course")'])
def test_references_hold_again_after_a_migration_whatever_it_did(
    empty: Database, next_revision: Callable[[str], None], change: str
) -> None:
    migrating.upgrade(empty)
    with empty.writing() as session:
        session.add(Course(slug="docker", title_fr="Docker", title_en="Docker", document={}))
    next_revision(change)
    with suppress(RuntimeError, SchemaProblem):
        migrating.upgrade(empty)

    for _ in range(2):  # on every connection of the pool
        with pytest.raises(IntegrityError, match=r"(?i)foreign key"), empty.writing() as session:
            session.add(Topic(course_id=404, slug="wind", title_fr="", title_en="", position=0, core=True))


STUDY = {"fingerprint": "of the log", "content": b"sums"}
MEMBER = {"since": MONDAY_MORNING, "counted": 1, "firsts": b"sums", "ends": b"sums"}
SUMS = pytest.mark.parametrize(("model", "columns"), [(StudySum, STUDY), (MemberSum, MEMBER)])


@SUMS
def test_the_sums_of_the_log_come_and_go(empty: Database, model: type[Base], columns: dict[str, Any]) -> None:
    migrating.upgrade(empty)
    with empty.writing() as session:
        learner = User(role="learner", created_at=MONDAY_MORNING, seen_at=MONDAY_MORNING)
        session.add_all([course := Course(slug="docker", title_fr="", title_en="", document={}), learner])
        session.flush()
        session.add(model(learner_id=learner.id, course_id=course.id, mark=MONDAY_MORNING.date(), **columns))
    config = Config()
    config.set_main_option("script_location", str(packaged("migrations")))

    with empty.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0016")
        there = inspect(connection).get_table_names()
    migrating.upgrade(empty)

    with empty.reading() as session:
        assert model.__tablename__ not in there
        assert session.scalars(select(model)).all() == []
        assert session.scalars(select(User.role)).all() == ["learner"]


def test_copies_of_cards_come_and_go(empty: Database) -> None:
    migrating.upgrade(empty)
    with empty.writing() as session:
        session.add(learner := User(role="learner", created_at=MONDAY_MORNING, seen_at=MONDAY_MORNING))
        session.flush()
        session.add(CardCopy(learner_id=learner.id, read_at=MONDAY_MORNING, content=b"cards"))
    config = Config()
    config.set_main_option("script_location", str(packaged("migrations")))

    with empty.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0019")
        there = inspect(connection).get_table_names()
    migrating.upgrade(empty)

    with empty.reading() as session:
        assert "card_copy" not in there
        assert session.scalars(select(CardCopy)).all() == []
        assert session.scalars(select(User.role)).all() == ["learner"]


@SUMS
def test_the_sums_of_the_log_go_with_their_course(
    db: Database, make_user: Callable[..., Person], model: type[Base], columns: dict[str, Any]
) -> None:
    learner = make_user()
    with db.writing() as session:
        session.add(course := Course(slug="wind", title_fr="Vent", title_en="Wind", document={}))
        session.flush()
        session.add(model(learner_id=learner.id, course_id=course.id, mark=MONDAY_MORNING.date(), **columns))

    with db.writing() as session:
        session.execute(delete(Course).where(Course.slug == "wind"))

    with db.reading() as session:
        assert session.scalars(select(model)).all() == []
