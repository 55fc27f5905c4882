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
  text: {fr: Nommez le réseau qui isole un conteneur., en: Name the network that isolates a container.}
  choices:
    - {id: a, text: host, why: {fr: Il partage tout., en: It shares everything.}}
    - {id: b, correct: true, text: none}
    - {id: c, text: bridge, why: {fr: Il relie., en: It connects.}}
  explanation: {fr: Il n’a que l’interface de boucle locale., en: It only has the loopback interface.}
"""
PLACE = re.compile(r"^(.+\.yaml):(\d+):(\d+): .+")

REMARKS = [
    ("a container.}", "a container}", "whole-stem", 1),
    ("interface.}", "interface!}", "sober-tone", 0),
]

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
    assert result.stdout.splitlines() == [
        "network   1 question    0 errors   0 warnings   0 infos  score 100.0",
        "1 question, 0 problems (0 errors, 0 warnings, 0 infos)",
    ]


def test_counts_stand_below_each_other_in_real_plurals(command: Command, folder: Path) -> None:
    path = folder / "network.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("level: 2", "level: 9"), encoding="utf-8")

    result = command("check", folder)

    assert "network   1 question    1 error    0 warnings   0 infos  score   0.0" in result.stdout.splitlines()


def test_every_problem_is_told_with_its_file_line_and_column(command: Command, folder: Path) -> None:
    spoil(folder)

    result = command("check", folder)

    lines = [line for line in result.stderr.splitlines() if PLACE.match(line)]
    assert result.exit_code == 1
    assert len(lines) >= 2
    assert {PLACE.match(line)[2] for line in lines} >= {"5", "11"}  # type: ignore[index]


def test_the_problems_and_scores_are_a_document_for_a_script(command: Command, folder: Path) -> None:
    spoil(folder)

    result = command("check", folder, "--json")

    document = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (1, "")
    assert set(document) == {"problems", "topics", "statistics"}
    assert set(document["problems"][0]) == {"file", "line", "column", "severity", "message", "hint", "rule"}
    assert {problem["line"] for problem in document["problems"]} >= {5, 11}
    (topic,) = document["topics"]
    assert topic == {
        "course": "docker",
        "id": "network",
        "questions": 1,
        "errors": len(document["problems"]),
        "warnings": 0,
        "infos": 0,
        "score": 0.0,
    }


def test_the_figures_of_a_bank_are_in_the_document_under_its_folder(command: Command, folder: Path) -> None:
    figures = json.loads(command("check", folder, "--json").stdout)["statistics"]["docker"]

    assert (figures["questions"], figures["types"]["single"], figures["levels"]) == (1, 1, {"1": 0, "2": 1, "3": 0})
    assert figures["written"]["counts"] == [0, 1, 0]
    assert set(figures["longest"]) == {"questions", "longest", "share", "by_chance"}


def test_figures_are_printed_when_asked_for(command: Command, folder: Path) -> None:
    quiet, told = command("check", folder), command("check", folder, "--statistics")

    assert told.stdout.startswith(quiet.stdout)
    assert "docker: 1 question, 0 kept for exams" in told.stdout
    assert "key by position as written:  0 1 0 (chi-square 2.0, 9.2 once in a hundred)" in told.stdout


@pytest.mark.parametrize(("old", "new", "rule", "status"), REMARKS)
def test_a_warning_is_something_to_mend_and_an_info_is_not(
    command: Command, folder: Path, old: str, new: str, rule: str, status: int
) -> None:
    path = folder / "network.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    result = command("check", folder)

    assert result.exit_code == status
    assert f"[{rule}]" in result.stderr


def test_sentences_of_the_course_are_told_when_it_is_given(command: Command, folder: Path, tmp_path: Path) -> None:
    course = tmp_path / "COURSE.md"
    course.write_text("Please name the network that isolates a container from all the others.", encoding="utf-8")
    path = folder / "network.yaml"
    longer = "Name the network that isolates a container from all the others."
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Name the network that isolates a container.", longer), encoding="utf-8")

    assert "[course-words]" not in command("check", folder).stderr
    assert "[course-words]" in command("check", folder, "--against", course).stderr


def test_the_projects_own_bank_is_checked_when_no_folder_is_named(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RAPPEL_COURSES", raising=False)

    result = command("check")

    assert re.fullmatch(r"\d+ questions, \d+ problems \(.+\)", result.stdout.splitlines()[-1])


def test_the_courses_of_the_environment_are_checked_and_formatted_when_no_folder_is_named(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAPPEL_COURSES", str(folder))

    checked, formatted = command("check"), command("format", "--check")

    assert checked.stdout.splitlines()[-1].startswith("1 question, 0 problems")
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
    (folder / "network.yaml").write_text(QUESTIONS.replace("{id: b, correct", '{id: "b", correct'), "utf-8")
    assert command("format", folder).exit_code == 0

    result = command("format", folder, "--check")

    assert (result.exit_code, result.stdout) == (0, "0 would change, 0 problems\n")
    assert "- {id: b, correct: true, text: none}" in (folder / "network.yaml").read_text("utf-8")


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
