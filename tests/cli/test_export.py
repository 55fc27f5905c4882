"""`export`: files of scores by command."""

import csv
import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from app.cli import outputs
from app.cli.export import export
from app.cli.parts import Parts
from app.db import Database
from app.models import Download
from app.services.identity import Person
from tests.conftest import Clock
from tests.hall import Hall, sit

Run = Callable[..., Result]


@pytest.fixture
def run(db: Database, clock: Clock) -> Run:
    """Return a function that runs `export` on the test's database."""
    parts = Parts(clock)
    parts.__dict__["database"] = db

    def call(*line: object) -> Result:
        return CliRunner().invoke(export, [str(word) for word in line], obj=parts)

    return call


@pytest.fixture
def hall(make_hall: Callable[..., Hall], make_user: Callable[..., Person]) -> Hall:
    """Alice handed in one right answer of four."""
    hall = make_hall()
    alice = sit(hall, make_user, "Alice")
    attempt = hall.start(alice)
    hall.answer(alice, attempt, 1, "b")
    hall.submit(alice, attempt)
    return hall


def test_an_exam_becomes_the_file_that_its_name_says(run: Run, hall: Hall, tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.csv", "a.json", "a.zip"):
        done = run("exam", hall.exam_id, "--output", tmp_path / name)
        assert done.exit_code == 0, done.output

    sheet: Any = load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert sheet["A2"].value == "Alice"
    assert zipfile.ZipFile(tmp_path / "a.zip").testzip() is None


def test_a_gradebooks_file_is_asked_by_its_name(run: Run, hall: Hall, tmp_path: Path) -> None:
    run("exam", hall.exam_id, "--for", "canvas", "--output", tmp_path / "a.csv")

    rows = list(csv.reader(io.StringIO((tmp_path / "a.csv").read_text("utf-8"))))
    assert rows[2][0] == "Alice"


def test_a_gradebook_without_names_is_refused(run: Run, hall: Hall, tmp_path: Path) -> None:
    line = ("exam", hall.exam_id, "--for", "canvas", "--without-names", "--output", tmp_path / "a.csv")

    assert run(*line).exit_code == 2


def test_moodles_file_asks_what_students_are_found_by(run: Run, hall: Hall, tmp_path: Path) -> None:
    line = ("exam", hall.exam_id, "--for", "moodle", "--output", tmp_path / "a.csv")

    assert run(*line).exit_code == 2
    assert run(*line, "--key", "username").exit_code == 0
    assert (tmp_path / "a.csv").read_text("utf-8").splitlines()[1] == "alice,5.00,"


def test_whom_moodles_file_leaves_out_is_named(run: Run, hall: Hall, tmp_path: Path) -> None:
    done = run("exam", hall.exam_id, "--for", "moodle", "--key", "email", "--output", tmp_path / "a.csv")

    assert "left out: Alice" in done.stderr


def test_a_class_becomes_scores_and_progress(run: Run, hall: Hall, tmp_path: Path) -> None:
    run("class", hall.taught.id, "--csv", "tidy", "--from", "2026-11-01", "--output", tmp_path / "c.csv")
    run("progress", hall.taught.id, "--output", tmp_path / "p.csv")

    assert ",Partiel,5.00,20.00" in (tmp_path / "c.csv").read_text("utf-8")
    assert '"Alice";;2026-11-23;' in (tmp_path / "p.csv").read_text("utf-8")


def test_a_file_that_is_there_stays(run: Run, hall: Hall, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("mine")

    done = run("exam", hall.exam_id, "--output", tmp_path / "a.csv")

    assert done.exit_code == 1
    assert (tmp_path / "a.csv").read_text() == "mine"


def test_an_exam_that_is_not_leaves_nothing(run: Run, hall: Hall, tmp_path: Path) -> None:
    done = run("exam", 999, "--output", tmp_path / "a.csv")

    assert (done.exit_code, "there is no exam 999" in done.output) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_a_file_by_command_is_written_down_too(run: Run, db: Database, hall: Hall, tmp_path: Path) -> None:
    run("exam", hall.exam_id, "--output", tmp_path / "a.csv")

    with db.reading() as session:
        assert session.query(Download.by_id, Download.what).one() == (None, "scores.fr")


def test_a_dash_is_the_standard_output_and_the_words_go_elsewhere(run: Run, hall: Hall) -> None:
    done = run("exam", hall.exam_id, "--format", "json", "--output", "-")

    assert done.exit_code == 0
    assert json.loads(done.stdout)["exam"] == "Partiel"
    assert "scores.json" in done.stderr


def test_a_reader_who_has_left_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    source, target = os.pipe()
    os.close(source)
    with os.fdopen(target, "w") as closed:
        monkeypatch.setattr("sys.stdout", closed)
        outputs.say(Path("a.csv"), "a.csv: scores.fr, 10 bytes")
        assert os.path.samestat(os.fstat(target), Path(os.devnull).stat())


@pytest.mark.parametrize(
    "line",
    [
        ("exam", "1", "--table", "items", "--for", "canvas", "--output", "a.csv"),
        ("exam", "1", "--table", "responses", "--output", "a.zip"),
        ("exam", "1", "--csv", "tidy", "--output", "a.zip"),
        ("exam", "1", "--csv", "tidy", "--for", "canvas", "--output", "a.csv"),
        ("progress", "1", "--csv", "tidy", "--output", "a.xlsx"),
        ("class", "1", "--from", "2026-12-01", "--to", "2026-11-01", "--output", "a.csv"),
    ],
)
def test_options_that_cannot_hold_together_are_refused(run: Run, line: tuple[str, ...]) -> None:
    assert run(*line).exit_code == 2
