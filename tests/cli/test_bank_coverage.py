"""`bank coverage`: holes first, an honest exit status, a document for scripts."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli.bank import bank
from app.cli.parts import Parts
from tests.cli.test_bank import COURSE, QUESTIONS

MORE = "  - {id: network.host, topic: network, section: Hôte, weight: 3, text: {fr: Un fait., en: A fact.}}\n"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Return a factory of a course of one question."""

    def make(course: str = COURSE, questions: str = QUESTIONS) -> Path:
        (tmp_path / "course.yaml").write_text(course, encoding="utf-8")
        (tmp_path / "network.yaml").write_text(questions, encoding="utf-8")
        return tmp_path

    return make


def run(*arguments: object) -> Result:
    """`bank coverage` with arguments."""
    return CliRunner().invoke(bank, ["coverage", *(str(one) for one in arguments)], obj=Parts())


def test_a_course_with_a_question_for_each_objective_is_a_success(write: Callable[..., Path]) -> None:
    result = run(write())

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("docker: 1 of 1 objectives have a question, 1 have enough\n1 question: 1 to study")


def test_an_objective_without_a_question_is_told_first_and_is_a_failure(write: Callable[..., Path]) -> None:
    result = run(write(COURSE + MORE))

    lines = result.stdout.splitlines()
    assert result.exit_code == 1
    assert lines[3].startswith("Without a question: 1")
    assert lines[4].split() == ["3", "network.host", "Hôte"]


def test_an_objective_with_too_few_is_told_and_is_no_failure(write: Callable[..., Path]) -> None:
    result = run(write(COURSE.replace("weight: 2", "weight: 3")))

    assert result.exit_code == 0
    assert "1 of 2 questions" in result.stdout


def test_the_courses_of_the_environment_are_counted_when_no_folder_is_named(
    write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAPPEL_COURSES", str(write(COURSE.replace("id: docker", "id: sailing"))))

    assert list(json.loads(run("--json").stdout)) == ["sailing"]


def test_courses_that_are_not_there_are_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAPPEL_COURSES", "/nowhere")

    result = run()

    assert (result.exit_code, result.stderr) == (2, "Error: RAPPEL_COURSES: /nowhere has no course.yaml\n")


def test_the_projects_own_bank_fits_a_hundred_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAPPEL_COURSES", raising=False)

    result = run()

    assert max(len(line) for line in result.stdout.splitlines()) <= 100
    assert "Topics (* core)" in result.stdout


def test_the_document_has_a_course_a_key(write: Callable[..., Path]) -> None:
    result = run(write(COURSE + MORE), "--json")

    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [one["id"] for one in told["docker"]["objectives"]] == ["network.host", "network.none"]


def test_a_question_with_a_mistake_is_told_and_not_counted(write: Callable[..., Path]) -> None:
    result = run(write(questions=QUESTIONS.replace("level: 2", "level: 9")))

    assert result.exit_code == 1
    assert "network.yaml:5:" in result.stderr
    assert "0 of 1 objectives" in result.stdout


def test_a_course_that_cannot_be_read_is_a_failure(write: Callable[..., Path]) -> None:
    result = run(write(course="id: 12\n"))

    assert (result.exit_code, result.stdout) == (1, "")
    assert "course.yaml" in result.stderr
