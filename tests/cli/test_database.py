"""`db`: exit statuses, problems on stderr, copies and their return."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import make_url, text

from app.cli.database import db as group
from app.cli.database import libpq_address
from app.cli.parts import Parts, only_process
from app.config import Settings
from app.db import Database
from app.models import Question
from app.services.identity import Person
from tests.conftest import Clock
from tests.people import add_review

Command = Callable[..., Result]


@pytest.fixture
def command(settings: Settings, db: Database, clock: Clock) -> Command:
    """Return a function that runs `db` with arguments on the test's database, or on another one."""

    def run(*arguments: object, on: Database | None = None) -> Result:
        parts = Parts(clock=clock)
        parts.__dict__.update(settings=settings, database=on or db)
        return CliRunner().invoke(group, [str(one) for one in arguments], obj=parts)

    return run


@pytest.fixture
def answered(
    db: Database, clock: Clock, make_user: Callable[..., Person], make_question: Callable[..., Question]
) -> int:
    """A card with one answer; its id."""
    who, what = make_user(), make_question()
    with db.writing() as session:
        return add_review(session, who, what, clock()).id


@pytest.fixture
def postgres() -> Database:
    """A PostgreSQL database that nothing connects to."""
    return Database("postgresql+psycopg://nobody@127.0.0.1:1/nowhere")


def test_upgrading_says_from_where_to_where(command: Command, tmp_path: Path) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")

    first, second = command("upgrade", on=empty), command("upgrade", on=empty)

    empty.dispose()
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout.startswith("schema empty -> ")
    assert "->" not in second.stdout


def make_newer(database: Database) -> None:
    """Pretend that a later version has migrated the database."""
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))


@pytest.mark.parametrize("name", ["upgrade", "check"])
def test_a_database_of_a_newer_version_is_left_alone(name: str, command: Command, db: Database) -> None:
    make_newer(db)

    result = command(name)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Error: the database is of a newer version of Rappel (schema 9999): "
        "use that version again, or a copy made before it (`db restore`)\n"
    )


def test_a_copy_of_a_newer_version_replaces_nothing(
    command: Command, db: Database, tmp_path: Path, answered: int
) -> None:
    command("backup", tmp_path / "copy.db")
    newer = Database(f"sqlite:///{tmp_path / 'copy.db'}")
    make_newer(newer)
    newer.dispose()
    db.dispose()

    result = command("restore", tmp_path / "copy.db")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "copy.db is of a newer version of Rappel (schema 9999)" in result.stderr
    assert command("check").stdout == "no problem found\n"
    assert not list(tmp_path.glob("*.before-restore-*"))


def test_a_database_of_a_newer_version_is_copied(command: Command, db: Database, tmp_path: Path) -> None:
    make_newer(db)

    result = command("backup", tmp_path / "copy.db")

    assert (result.exit_code, result.stderr) == (0, "")
    assert (tmp_path / "copy.db").stat().st_size > 0


def test_a_sound_database_has_no_problem(command: Command, answered: int) -> None:
    result = command("check")

    assert (result.exit_code, result.stdout, result.stderr) == (0, "no problem found\n", "")


def test_a_card_that_differs_from_its_log_is_a_problem(command: Command, db: Database, answered: int) -> None:
    with db.writing() as session:
        session.execute(text("UPDATE card SET interval_days = 9"))

    result = command("check")

    assert (result.exit_code, result.stdout) == (1, "1 problem\n")
    assert result.stderr == f"card {answered}: interval_days is 9, its log gives 1\n"


def test_the_problems_are_a_list_for_a_script(command: Command, db: Database, answered: int) -> None:
    with db.writing() as session:
        session.execute(text("UPDATE card SET interval_days = 9"))

    result = command("check", "--json")

    assert result.exit_code == 1
    assert json.loads(result.stdout) == [f"card {answered}: interval_days is 9, its log gives 1"]


def test_a_row_that_lost_its_parent_is_a_problem(command: Command, db: Database, answered: int) -> None:
    with db.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute("PRAGMA query_only=OFF")
        driver.execute("DELETE FROM user_account")
        driver.execute("PRAGMA foreign_keys=ON")

    result = command("check")

    assert result.exit_code == 1
    assert "names a missing user_account" in result.stderr


def test_a_database_without_a_schema_is_not_checked(command: Command, tmp_path: Path) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")

    result = command("check", on=empty)

    empty.dispose()
    assert result.exit_code == 1
    assert "db upgrade" in result.stderr


def test_a_file_that_is_no_database_is_one_line(command: Command, tmp_path: Path) -> None:
    (tmp_path / "junk.db").write_text("something else\n" * 1000, encoding="utf-8")
    junk = Database(f"sqlite:///{tmp_path / 'junk.db'}")

    result = command("check", on=junk)

    junk.dispose()
    assert (result.exit_code, result.stderr) == (1, "Error: the database cannot be used: file is not a database\n")


def test_a_server_that_is_away_is_one_line(command: Command, postgres: Database) -> None:
    result = command("check", on=postgres)

    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1


def test_a_copy_comes_back(command: Command, db: Database, tmp_path: Path, answered: int) -> None:
    copied = command("backup", tmp_path / "copy.db")
    with db.writing() as session:
        session.execute(text("DELETE FROM review_log"))
    db.dispose()

    restored = command("restore", tmp_path / "copy.db")

    assert (copied.exit_code, restored.exit_code) == (0, 0)
    with db.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM review_log")) == 1


def test_a_copy_never_replaces_a_file(command: Command, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("precious", encoding="utf-8")

    result = command("backup", tmp_path / "copy.db")

    assert result.exit_code == 1
    assert (tmp_path / "copy.db").read_text(encoding="utf-8") == "precious"


def test_a_copy_into_a_folder_that_is_not_there_is_one_line(command: Command, tmp_path: Path) -> None:
    result = command("backup", tmp_path / "nowhere" / "copy.db")

    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1


def test_a_database_that_a_server_holds_is_not_replaced(command: Command, db: Database, tmp_path: Path) -> None:
    command("backup", tmp_path / "copy.db")
    db.dispose()

    with only_process(db.path):
        result = command("restore", tmp_path / "copy.db")

    assert result.exit_code == 1
    assert "in use" in result.stderr


@pytest.mark.parametrize("arguments", [("backup",), ("restore",), ("check", "extra"), ("dump",)])
def test_wrong_arguments_are_a_usage_error(command: Command, arguments: tuple[str, ...]) -> None:
    assert command(*arguments).exit_code == 2


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("backup", "pg_dump --format=custom --file=a.dump --dbname=postgresql://nobody@127.0.0.1:1/nowhere"),
        ("restore", "pg_restore --clean --if-exists a.dump --dbname=postgresql://nobody@127.0.0.1:1/nowhere"),
    ],
)
def test_postgresql_has_its_own_tool_and_the_line_to_type_is_told(
    command: Command, postgres: Database, name: str, line: str
) -> None:
    result = command(name, "a.dump", on=postgres)

    assert result.exit_code == 2
    assert result.stderr == f"Error: this database is PostgreSQL, which has its own tool: {line}\n"


def test_the_line_for_postgresql_is_quoted_for_a_shell_and_holds_no_password(command: Command) -> None:
    database = Database("postgresql+psycopg://anna:s3cret@db/rappel?sslmode=require&password=s3cret&host=/run/pg")

    result = command("backup", "my copy.dump", on=database)

    assert "--file='my copy.dump' --dbname='postgresql://anna@db/rappel?" in result.stderr
    assert "sslmode=require" in result.stderr and "host=%2Frun%2Fpg" in result.stderr
    assert "s3cret" not in result.stderr


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("postgresql+psycopg://127.0.0.1/rappel", "postgresql://127.0.0.1/rappel"),
        ("postgresql+psycopg://a%40b:x@[::1]:5433/r%3Fs", "postgresql://a%40b@[::1]:5433/r%3Fs"),
        ("postgresql+psycopg:///rappel", "postgresql:///rappel"),
    ],
)
def test_an_address_is_written_as_postgresqls_tools_read_it(url: str, address: str) -> None:
    assert libpq_address(make_url(url)) == address
