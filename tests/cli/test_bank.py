"""`bank check` and `bank sync`: exit statuses, and every problem with its place."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from app.cli.bank import bank
from app.cli.parts import Parts
from app.config import Settings
from app.db import Database
from tests.conftest import Clock

COURSE = """
id: docker
title: {fr: Docker, en: Docker}
licence: CC BY-SA 4.0
credit: A teacher
topics:
  - id: network
    title: {fr: Réseau, en: Network}
objectives:
  - {id: network.none, topic: network, section: Réseau, weight: 2, text: {fr: Un fait., en: A fact.}}
"""
QUESTIONS = """
- id: network-none
  objectives: [network.none]
  type: single
  level: 2
  text: {fr: Nommez le réseau qui isole tout., en: Name the network that isolates everything.}
  choices:
    - {id: a, text: host}
    - {id: b, correct: true, text: none}
    - {id: c, text: bridge}
  explanation: {fr: Il n’a que la boucle locale., en: It only has the loopback.}
"""
PLACE = re.compile(r"^(.+\.yaml):(\d+):(\d+): .+")

Command = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A course of one question."""
    made = tmp_path / "docker"
    made.mkdir()
    (made / "course.yaml").write_text(COURSE, encoding="utf-8")
    (made / "network.yaml").write_text(QUESTIONS, encoding="utf-8")
    return made


@pytest.fixture
def command(settings: Settings, db: Database, clock: Clock) -> Command:
    """Return a function that runs `bank` with arguments on the test's database."""

    def run(*arguments: object) -> Result:
        parts = Parts(clock=clock)
        parts.__dict__.update(settings=settings, database=db)
        return CliRunner().invoke(bank, [str(one) for one in arguments], obj=parts)

    return run


def spoil(folder: Path) -> None:
    """Put two mistakes into the questions."""
    path = folder / "network.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("level: 2", "level: 9").replace("explanation:", "explication:"), encoding="utf-8")


def test_a_sound_course_has_no_problem(command: Command, folder: Path) -> None:
    result = command("check", folder)

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "1 question, 0 problems\n"


def test_every_problem_is_told_with_its_file_line_and_column(command: Command, folder: Path) -> None:
    spoil(folder)

    result = command("check", folder)

    lines = [line for line in result.stderr.splitlines() if PLACE.match(line)]
    assert result.exit_code == 1
    assert len(lines) >= 2
    assert {PLACE.match(line)[2] for line in lines} >= {"5", "11"}  # type: ignore[index]


def test_the_problems_are_a_list_for_a_script(command: Command, folder: Path) -> None:
    spoil(folder)

    result = command("check", folder, "--json")

    problems = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (1, "")
    assert {"file", "line", "column", "message", "hint"} <= set(problems[0])
    assert {problem["line"] for problem in problems} >= {5, 11}


def test_the_projects_own_bank_is_checked_when_no_folder_is_named(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RAPPEL_COURSES", raising=False)

    result = command("check")

    assert re.fullmatch(r"\d{3,} questions, \d+ problems\n", result.stdout)


def test_the_courses_of_the_environment_are_checked_and_formatted_when_no_folder_is_named(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAPPEL_COURSES", str(folder))

    checked, formatted = command("check"), command("format", "--check")

    assert checked.stdout == "1 question, 0 problems\n"
    assert formatted.stdout == "2 would change, 0 problems\n"


@pytest.mark.parametrize("name", ["check", "format"])
def test_courses_that_are_not_there_are_one_line(command: Command, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPPEL_COURSES", "/nowhere")

    result = command(name)

    assert (result.exit_code, result.stderr) == (2, "Error: RAPPEL_COURSES: /nowhere has no course.yaml\n")


@pytest.mark.parametrize("arguments", [("check", "/nowhere"), ("sync", "/nowhere"), ("check", "--yaml"), ("delete",)])
def test_wrong_arguments_are_a_usage_error(command: Command, arguments: tuple[str, ...]) -> None:
    assert command(*arguments).exit_code == 2


def test_a_course_is_stored_once(command: Command, db: Database, folder: Path) -> None:
    first, second = command("sync", folder), command("sync", folder)

    assert (first.exit_code, first.stdout) == (0, "docker: 1 added\n")
    assert (second.exit_code, second.stdout) == (0, "docker: no change\n")
    with db.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM question")) == 1


def test_a_course_with_a_mistake_changes_nothing(command: Command, db: Database, folder: Path) -> None:
    spoil(folder)

    result = command("sync", folder)

    assert result.exit_code == 1
    assert all(PLACE.match(line) for line in result.stderr.splitlines())
    with db.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM question")) == 0


def test_a_database_of_a_newer_version_is_one_line(command: Command, db: Database, folder: Path) -> None:
    with db.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    result = command("sync", folder)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: the database is of a newer version of Rappel (schema 9999): ")
    assert len(result.stderr.splitlines()) == 1


def test_a_file_is_put_in_the_canonical_form(command: Command, folder: Path) -> None:
    (folder / "network.yaml").write_text(QUESTIONS.replace("{id: a, text: host}", '{id: "a", text: host}'), "utf-8")
    assert command("format", folder).exit_code == 0

    result = command("format", folder, "--check")

    assert (result.exit_code, result.stdout) == (0, "0 would change, 0 problems\n")
    assert "- {id: a, text: host}" in (folder / "network.yaml").read_text("utf-8")


def test_checking_the_form_names_the_files_and_changes_nothing(command: Command, folder: Path) -> None:
    before = (folder / "network.yaml").read_bytes()

    result = command("format", folder / "network.yaml", "--check")

    assert result.exit_code == 1
    assert result.stderr == f"{folder / 'network.yaml'}: would change\n"
    assert (folder / "network.yaml").read_bytes() == before


def test_a_file_that_cannot_be_read_stays_and_the_others_are_put_in_order(command: Command, folder: Path) -> None:
    (folder / "other.yaml").write_text("- id: 80:80\n- {\n", "utf-8")

    result = command("format", folder)

    assert result.exit_code == 1
    assert all(PLACE.match(line) for line in result.stderr.splitlines())
    assert (folder / "other.yaml").read_text("utf-8") == "- id: 80:80\n- {\n"
    assert command("format", folder / "network.yaml", "--check").exit_code == 0


def test_a_formatted_file_keeps_its_permissions(command: Command, folder: Path) -> None:
    path = folder / "network.yaml"
    path.chmod(0o640)

    command("format", path)

    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(file.name for file in folder.iterdir()) == ["course.yaml", "network.yaml"]


@pytest.mark.parametrize("name", ["questions", "course"])
def test_a_schema_is_printed_as_json(command: Command, name: str) -> None:
    result = command("schema", name)

    assert result.exit_code == 0
    assert json.loads(result.stdout)["$schema"].startswith("https://json-schema.org/")
