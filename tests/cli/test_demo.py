"""The demonstration class, and the files of `export`."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from openpyxl import load_workbook
from sqlalchemy import func, select, text

from app.cli.demo import demo
from app.cli.export import export
from app.db import Database
from app.models import Card, Class, QuestionFlag, ReviewLog, User
from app.services import checking, class_progress, classes
from app.services.class_progress import ClassProgress
from app.services.identity import Person
from tests.cli.conftest import EVENING, Run


def read(db: Database) -> ClassProgress:
    with db.reading() as session:
        class_id = session.scalars(select(Class.id)).one()
        return class_progress.read(session, classes.any_class(session, class_id, "fr"), EVENING, "fr")


def log(db: Database) -> list[tuple[object, ...]]:
    with db.reading() as session:
        columns = (ReviewLog.answer_id, ReviewLog.kind, ReviewLog.grade, ReviewLog.answered_at, ReviewLog.response)
        return [tuple(row) for row in session.execute(select(*columns).order_by(ReviewLog.id))]


def test_the_class_has_thirty_learners_with_a_history(db: Database, made: None) -> None:
    assert len(read(db).members) == 30
    assert len(log(db)) > 1000


def test_every_card_is_the_replay_of_its_log(db: Database, made: None) -> None:
    with db.reading() as session:
        assert list(checking.problems(session)) == []


def test_learners_differ(db: Database, made: None) -> None:
    shares = sorted(member.retention for member in read(db).members if member.retention is not None)

    assert shares[-1] - shares[0] > 0.2


def test_some_learners_dropped_out_and_one_never_started(db: Database, made: None) -> None:
    members = read(db).members

    assert sum(1 for member in members if member.silent_days >= 7) >= 4
    assert sum(1 for member in members if member.last_day is None) == 1


def test_a_few_questions_were_reported_and_some_reports_answered(db: Database, made: None) -> None:
    with db.reading() as session:
        flags = session.scalars(select(QuestionFlag)).all()

    assert len(flags) >= 4
    assert {flag.status for flag in flags} >= {"open", "mended", "other"}
    assert max(flag.changed_at for flag in flags) <= EVENING


def test_nothing_was_answered_in_the_future(db: Database, made: None) -> None:
    assert max(row[3] for row in log(db)) <= EVENING  # type: ignore[type-var]


def test_the_history_has_answers_graded_anew_and_declared_right(db: Database, made: None) -> None:
    assert read(db).overrides > 0
    with db.reading() as session:
        assert session.scalar(select(func.count()).where(ReviewLog.regrades.is_not(None)))


def test_the_same_seed_gives_the_same_history(db: Database, tiny: Result, run: Run) -> None:
    first = log(db)

    run(demo)

    assert log(db) == first


def test_a_seed_that_is_no_number_is_said_so(run: Run) -> None:
    result = run(demo, "--seed", "abc")

    assert result.exit_code == 2
    assert "'abc' is not a valid whole number." in result.stderr


def test_another_seed_gives_another_history(db: Database, tiny: Result, run: Run) -> None:
    first = log(db)

    run(demo, "--seed", 2)

    assert log(db) != first


def test_run_again_it_replaces_its_own_class(db: Database, tiny: Result, run: Run) -> None:
    assert run(demo).exit_code == 0
    with db.reading() as session:
        people = session.scalar(select(func.count()).select_from(User))
        assert (session.scalar(select(func.count()).select_from(Class)), people) == (1, 31)


def test_it_refuses_to_mix_with_real_people(
    db: Database, store: Callable[[int], None], run: Run, make_user: Callable[..., Person]
) -> None:
    store(1)
    make_user("ada@example.org")

    refused = run(demo)

    assert refused.exit_code == 1
    assert "real accounts" in refused.output
    assert log(db) == []


def test_guests_do_not_stand_in_its_way(
    db: Database, store: Callable[[int], None], run: Run, make_user: Callable[..., Person]
) -> None:
    store(1)
    guest = make_user()

    assert run(demo).exit_code == 0
    with db.reading() as session:
        assert session.get(User, guest.id) is not None


def test_without_a_bank_it_says_what_to_do(db: Database, course: object, run: Run) -> None:
    refused = run(demo)

    assert refused.exit_code == 1
    assert "bank is empty" in refused.output


def test_passwords_are_new_each_time_and_told_once(tiny: Result, run: Run) -> None:
    def told(output: str) -> list[str]:
        return [line.rsplit(maxsplit=1)[-1] for line in output.splitlines() if "password" in line and "@" in line]

    first, second = told(tiny.output), told(run(demo).output)

    assert len(set(first + second)) == 4
    assert all(len(password) == 14 for password in first)


def test_a_class_is_exported_as_a_workbook(db: Database, made: None, run: Run, tmp_path: Path) -> None:
    target = tmp_path / "class.xlsx"

    result = run(export, "progress", read(db).of.id, "--output", target)

    assert result.exit_code == 0, result.output
    sheet: Any = load_workbook(target).active
    assert (sheet.max_row, sheet["A1"].value) == (31, "Nom")


def test_a_class_is_exported_as_english_csv(db: Database, made: None, run: Run, tmp_path: Path) -> None:
    target = tmp_path / "class.csv"

    run(export, "progress", read(db).of.id, "--format", "csv", "--locale", "en", "--output", target)

    rows = list(csv.reader(io.StringIO(target.read_text(encoding="utf-8-sig"))))
    assert (len(rows), rows[0][0]) == (31, "Name")


@pytest.mark.parametrize(("name", "begins"), [("c-fr.csv", b"\xef\xbb\xbf"), ("c.XLSX", b"PK")])
def test_the_name_of_the_file_says_the_format(
    name: str, begins: bytes, db: Database, made: None, run: Run, tmp_path: Path
) -> None:
    result = run(export, "class", read(db).of.id, "--output", tmp_path / name)

    assert result.exit_code == 0
    assert (tmp_path / name).read_bytes().startswith(begins)


@pytest.mark.parametrize("arguments", [("c.csv", "--format", "xlsx"), ("c.xlsx", "--format", "csv"), ("c.txt",)])
def test_a_format_that_is_not_clear_is_a_usage_error(
    arguments: tuple[str, ...], db: Database, made: None, run: Run, tmp_path: Path
) -> None:
    result = run(export, "class", read(db).of.id, "--output", tmp_path / arguments[0], *arguments[1:])

    assert (result.exit_code, list(tmp_path.glob("c.*"))) == (2, [])


def test_a_file_is_written_over_only_by_force(db: Database, made: None, run: Run, tmp_path: Path) -> None:
    target = tmp_path / "class.csv"
    target.write_text("precious", encoding="utf-8")

    refused = run(export, "progress", read(db).of.id, "--output", target)
    kept = target.read_text(encoding="utf-8")
    forced = run(export, "class", read(db).of.id, "--output", target, "--force")

    assert (refused.exit_code, kept) == (1, "precious")
    assert "--force" in refused.stderr
    assert forced.exit_code == 0
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")


def test_what_is_no_number_of_a_class_is_said_so(run: Run, tmp_path: Path) -> None:
    result = run(export, "class", "abc", "--output", tmp_path / "x.xlsx")

    assert result.exit_code == 2
    assert "'abc' is not a valid number." in result.stderr


def test_a_class_that_is_not_there_is_not_exported(db: Database, run: Run, tmp_path: Path) -> None:
    result = run(export, "class", 99, "--output", tmp_path / "x.xlsx")

    assert result.exit_code == 1
    assert not (tmp_path / "x.xlsx").exists()


@pytest.mark.parametrize(
    ("revision", "words"), [("9999", "newer version of Rappel (schema 9999)"), ("0001", "upgrade")]
)
def test_a_database_of_another_version_is_not_exported(
    revision: str, words: str, db: Database, tiny: Result, run: Run, tmp_path: Path
) -> None:
    with db.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})

    result = run(export, "class", read(db).of.id, "--output", tmp_path / "x.xlsx")

    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (1, "", 1)
    assert words in result.stderr
    assert not (tmp_path / "x.xlsx").exists()


def test_a_file_that_cannot_be_written_is_said(db: Database, made: None, run: Run, tmp_path: Path) -> None:
    result = run(export, "class", read(db).of.id, "--output", tmp_path / "nowhere" / "x.xlsx")

    assert result.exit_code == 1
    assert "x.xlsx" in result.output


def test_every_card_has_its_learner_among_the_members(db: Database, made: None) -> None:
    members = {member.user_id for member in read(db).members}

    with db.reading() as session:
        assert set(session.scalars(select(Card.learner_id))) <= members
