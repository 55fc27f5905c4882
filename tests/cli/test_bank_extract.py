"""`bank extract`: from a file to a folder, exit statuses, what is printed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.bank.extract import folder
from app.bank.extract.earlier import Ledger
from app.cli.bank import bank

COURSE = "# Ropes\n\n**Sheet**: a rope that pulls a sail\n\nA dinghy does not need a licence at sea.\n"

Command = Callable[..., Result]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of two facts."""
    path = tmp_path / "Sailing course.md"
    path.write_text(COURSE, "utf-8")
    return path


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Return a function that runs `bank` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(bank, [str(one) for one in arguments])


def test_the_bank_goes_into_a_folder_called_as_the_course(command: Command, course: Path, tmp_path: Path) -> None:
    result = command("extract", course)

    assert (result.exit_code, result.stderr) == (0, "")
    assert sorted(path.name for path in (tmp_path / "sailing-course").iterdir()) == [
        "course.yaml",
        "extract.json",
        "ropes.yaml",
    ]
    assert result.stdout.splitlines() == [
        "language: English",
        "ropes.yaml: 2 new drafts",
        "2 drafts in the course: 2 new, 0 questions of yours left as they are, 0 that you took out left out",
    ]


def test_bank_check_takes_the_result(command: Command, course: Path, tmp_path: Path) -> None:
    command("extract", course, "-o", tmp_path / "boats")

    result = command("check", tmp_path / "boats")

    assert result.exit_code == 0
    assert "a draft: “fr” is missing in 3 texts" in result.stderr


def test_what_changed_is_told(command: Command, course: Path, tmp_path: Path) -> None:
    command("extract", course, "-o", tmp_path / "boats")
    course.write_text(COURSE.replace("pulls", "trims").replace("# Ropes", "# Ropes\n\n## Kinds"), "utf-8")

    result = command("extract", course, "-o", tmp_path / "boats")

    assert "moved: ropes-a-dinghy-does-not-need-a-licence-at-statement, from ropes to ropes/kinds" in result.stdout
    assert "new section: ropes/kinds" in result.stdout


def test_a_script_gets_json(command: Command, course: Path, tmp_path: Path) -> None:
    result = command("extract", course, "-o", tmp_path / "boats", "--json")

    told = json.loads(result.stdout)
    assert told["new"] == ["ropes-sheet-card", "ropes-a-dinghy-does-not-need-a-licence-at-statement"]
    assert told["drafts"][0] == {
        "id": "ropes-sheet-card",
        "state": "new",
        "file": "ropes.yaml",
        "type": "flashcard",
        "section": "ropes",
        "line": 3,
        "confidence": 0.9,
        "fingerprint": told["drafts"][0]["fingerprint"],
    }
    assert told["files"] == ["course.yaml", "ropes.yaml"]
    assert {"language", "moved", "changed", "vanished", "dismissed", "look_again", "sections"} <= set(told)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"# Caf\xe9\n", "1:6: error: this byte is not UTF-8 (0xE9)"),
        (b"", "1:1: error: there is no text here"),
        (b"a\0", "1:1: error: this is not a text file"),
    ],
)
def test_a_file_that_is_no_course_is_told_and_writes_nothing(
    command: Command, tmp_path: Path, content: bytes, line: str
) -> None:
    path = tmp_path / "c.md"
    path.write_bytes(content)

    result = command("extract", path, "-o", tmp_path / "boats")

    assert result.exit_code == 1
    assert result.stderr.startswith(f"{path}:{line}")
    assert result.stderr.endswith("nothing was written\n")
    assert not (tmp_path / "boats").exists()


def test_a_bank_with_an_error_is_left_as_it_is(command: Command, course: Path, tmp_path: Path) -> None:
    command("extract", course, "-o", tmp_path / "boats")
    file = tmp_path / "boats" / "ropes.yaml"
    file.write_text(file.read_text("utf-8").replace("level: 1", "level: 9"), "utf-8")
    before = file.read_bytes()

    result = command("extract", course, "-o", tmp_path / "boats")

    assert result.exit_code == 1
    assert f"{file}:4:10: error: level: this must be at most 3" in result.stderr
    assert file.read_bytes() == before


def test_the_language_can_be_told(command: Command, course: Path, tmp_path: Path) -> None:
    result = command("extract", course, "-o", tmp_path / "boats", "--language", "fr")

    assert result.stdout.startswith("language: French\n")


@pytest.mark.parametrize("arguments", [("nowhere.md",), ("c.md", "--language", "de"), ()])
def test_wrong_arguments_are_a_usage_error(command: Command, arguments: tuple[str, ...]) -> None:
    assert command("extract", *arguments).exit_code == 2


def test_a_folder_of_ones_own_that_does_not_fit_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "course.yaml").write_text("id: boats\n", "utf-8")

    problems = folder.write(tmp_path, {"ropes.yaml": "- id: one\n- id: two\n"}, Ledger())

    assert [(problem.file, "not made by `bank extract`" in problem.message) for problem in problems] == [
        (str(tmp_path / "course.yaml"), True)
    ]


def test_what_does_not_load_is_told_where_the_file_is(tmp_path: Path) -> None:
    problems = folder.write(tmp_path, {"course.yaml": "id: boats\n", "ropes.yaml": "- id: one\n"}, Ledger())

    assert {problem.file for problem in problems} <= {str(tmp_path / "course.yaml"), str(tmp_path / "ropes.yaml")}
    assert problems
