"""The archive of an exam: whole, always the same, and it proves its own scores."""

import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.db import Database
from app.exam.blueprint import Demand
from app.models import Adjustment, Regrade
from app.services import marks, score_archive, scores
from app.services.identity import Person
from tests.conftest import Clock
from tests.hall import Hall, answer_all, item_at, sit

MakeUser = Callable[..., Person]


@pytest.fixture
def hall(db: Database, make_hall: Callable[..., Hall], make_user: MakeUser, clock: Clock) -> Hall:
    """Three students with 1 to 3 right answers of four; a penalty, a regrade, an adjustment, one absent."""
    hall = make_hall(penalty_percent=25)
    for count, name in enumerate(("Alice", "Bob", "Cleo"), 1):
        who = sit(hall, make_user, name)
        attempt = hall.start(who)
        for position in range(1, 5):
            hall.answer(who, attempt, position, "b" if position <= count else "a", seq=position)
        hall.submit(who, attempt)
    sit(hall, make_user, "Dan")
    with db.writing() as session:
        item = next(iter(marks.any_exam(session, hall.exam_id).items))
        session.add(Regrade(item_id=item, kind="everybody", details={}, reason="Ambiguë", at=clock()))
        session.add(Adjustment(attempt_id=attempt, hundredths=-50, reason="Retard", at=clock()))
    return hall


def made(hall: Hall, clock: Clock, named: bool = True) -> bytes:
    target = io.BytesIO()
    with hall.db.reading() as session:
        score_archive.write(session, marks.any_exam(session, hall.exam_id), clock(), named, target)
    return target.getvalue()


def unpacked(content: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(folder)
    return folder


def recompute(folder: Path) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-I", str(folder / "recompute.py")]
    return subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)


def test_the_script_inside_finds_the_same_scores_and_statistics(hall: Hall, clock: Clock, tmp_path: Path) -> None:
    found = recompute(unpacked(made(hall, clock), tmp_path))

    assert (found.stdout, found.stderr, found.returncode) == ("Everything agrees: 3 attempts.\n", "", 0)


def test_after_a_drop_in_drawn_papers_the_statistics_and_their_script_agree(
    db: Database, make_hall: Callable[..., Hall], make_user: MakeUser, clock: Clock, tmp_path: Path
) -> None:
    hall = make_hall(demands=(Demand(2),), questions=(), draw="each")
    for name in ("Alice", "Bob", "Cleo", "Dan", "Eve", "Fay", "Gus", "Hal"):
        answer_all(hall, sit(hall, make_user, name), "b", "b")
    with db.writing() as session:
        exam = marks.any_exam(session, hall.exam_id)
        first = next(marks.students(session, exam, clock())).first
        for one in first.items:  # nothing is left of the first paper, something of others
            session.add(Regrade(item_id=one.item.id, kind="drop", details={}, reason="Ambiguë", at=clock()))

    folder = unpacked(made(hall, clock), tmp_path)

    found = json.loads((folder / "statistics.json").read_text("utf-8"))
    assert (found["mean"], found["median"]) == (100.0, 100.0)
    assert recompute(folder).stdout == "Everything agrees: 8 attempts.\n"


def test_when_every_question_is_dropped_each_file_is_made(
    hall: Hall, db: Database, clock: Clock, tmp_path: Path
) -> None:
    with db.writing() as session:
        for item in marks.any_exam(session, hall.exam_id).items:
            session.add(Regrade(item_id=item, kind="drop", details={}, reason="Ambiguë", at=clock()))

    assert recompute(unpacked(made(hall, clock), tmp_path)).stdout == "Everything agrees: 3 attempts.\n"
    with db.reading() as session:
        exam = marks.any_exam(session, hall.exam_id)
        for file in ("book", "items.fr", "items.json"):
            scores.write(session, exam, scores.Wanted(file), clock(), io.BytesIO())


def test_a_mean_of_attempts_is_rounded_once_in_the_archive_too(
    db: Database, make_hall: Callable[..., Hall], make_user: MakeUser, clock: Clock, tmp_path: Path
) -> None:
    hall = make_hall(attempts=2, keep="average", shuffle_questions=False)
    alice = sit(hall, make_user, "Alice")
    answer_all(hall, alice, "b")
    answer_all(hall, alice, "a")
    with db.writing() as session:
        session.add(Regrade(item_id=item_at(hall, 4), kind="drop", details={}, reason="Ambiguë", at=clock()))

    folder = unpacked(made(hall, clock), tmp_path)

    row = next(csv.DictReader(io.StringIO((folder / "scores.csv").read_text("utf-8"))))
    assert row["score"] == "3.33"  # a third of 20, halved: 10/3
    assert recompute(folder).stdout == "Everything agrees: 2 attempts.\n"


def test_the_script_tells_a_credit_that_was_tampered_with(hall: Hall, clock: Clock, tmp_path: Path) -> None:
    path = unpacked(made(hall, clock), tmp_path) / "responses.csv"
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode(), newline="")))
    credit = rows[0].index("credit")
    changed = next(row for row in rows[1:] if row[credit] == "0")
    changed[credit] = "1"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)

    found = recompute(tmp_path)

    assert found.returncode == 1
    assert "responses.csv: changed since the archive was made" in found.stdout
    assert "attempts.csv: " in found.stdout
    assert "statistics.json: mean" in found.stdout


def test_the_script_tells_a_score_that_was_tampered_with(hall: Hall, clock: Clock, tmp_path: Path) -> None:
    path = unpacked(made(hall, clock), tmp_path) / "scores.csv"
    path.write_text(path.read_text("utf-8").replace(",20.00,", ",19.00,"), "utf-8")

    found = recompute(tmp_path)

    assert "scores.csv: changed since the archive was made" in found.stdout


EXAM_FIGURES = ("attempts", "mean", "median", "deviation", "skewness", "kurtosis")
RELIABILITY = ("consistency", "error_ratio", "standard_error")
ITEM_FIGURES = ("attempts", "facility", "deviation", "intended_weight", "effective_weight", "negative_covariance")
SEPARATION = ("discrimination", "efficiency")


def test_the_script_checks_every_figure(
    make_hall: Callable[..., Hall], make_user: MakeUser, clock: Clock, tmp_path: Path
) -> None:
    hall = make_hall(shuffle_questions=False)
    for right, name in enumerate(("Alice", "Bob", "Cleo", "Dan", "Eve")):
        answer_all(hall, sit(hall, make_user, name), *("b" * right + "a" * (4 - right)))
    folder = unpacked(made(hall, clock), tmp_path)
    forge_statistics(folder)

    found = recompute(folder).stdout.splitlines()

    told = {line.split(": ")[-2] for line in found if line.startswith("statistics.json: ")}
    assert told == {*EXAM_FIGURES, *RELIABILITY, *ITEM_FIGURES, *SEPARATION}
    assert len(found) == len((*EXAM_FIGURES, *RELIABILITY, *ITEM_FIGURES, *SEPARATION)) + 1


def forge_statistics(folder: Path) -> None:
    """Change every figure of the exam and of its first question, and the sum that would tell."""
    path, sums = folder / "statistics.json", folder / "SHA256SUMS"
    before, found = path.read_bytes(), json.loads(path.read_text("utf-8"))
    found |= {name: found[name] + 0.01 for name in (*EXAM_FIGURES, *RELIABILITY)}
    first: dict[str, Any] = found["items"][0]
    first |= {name: first[name] + 0.01 for name in (*ITEM_FIGURES, *SEPARATION)}
    path.write_text(json.dumps(found), "utf-8")
    old, new = (hashlib.sha256(content).hexdigest() for content in (before, path.read_bytes()))
    sums.write_text(sums.read_text("utf-8").replace(old, new), "utf-8")


def test_the_same_exam_gives_the_same_bytes_on_another_day(hall: Hall, clock: Clock) -> None:
    clock.advance(hours=3)
    before = made(hall, clock)
    clock.at += timedelta(days=40)

    assert made(hall, clock) == before


def test_without_names_no_file_of_the_archive_holds_one(hall: Hall, clock: Clock, tmp_path: Path) -> None:
    folder = unpacked(made(hall, clock, named=False), tmp_path)

    everything = "".join(path.read_text("utf-8") for path in folder.iterdir())

    assert not any(name in everything for name in ("Alice", "alice", "Bob", "Cleo", "Dan,"))
    assert recompute(folder).returncode == 0


def test_it_tells_why_marks_were_changed(hall: Hall, clock: Clock, tmp_path: Path) -> None:
    folder = unpacked(made(hall, clock), tmp_path)

    assert "everybody" in (folder / "regrades.csv").read_text("utf-8")
    assert ",-50,Retard," in (folder / "adjustments.csv").read_text("utf-8")


def test_the_script_names_a_file_that_is_missing(hall: Hall, clock: Clock, tmp_path: Path) -> None:
    (unpacked(made(hall, clock), tmp_path) / "statistics.json").unlink()

    found = recompute(tmp_path)

    assert (found.returncode, found.stderr) == (1, "")
    assert "statistics.json: missing" in found.stdout
