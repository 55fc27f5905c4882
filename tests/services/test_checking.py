"""`db check`: what is sound is called sound, and every kind of damage is found."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from app.db import Database
from app.models import Question
from app.services import checking
from app.srs.sm2 import Grade
from tests.conftest import Clock
from tests.desk import NONE, RIGHT, WRONG, Desk


@pytest.fixture
def desk(make_desk: Callable[..., Desk], make_question: Callable[..., Question], clock: Clock) -> Desk:
    """A learner with a card of five rows, one of them an undo."""
    desk, question = make_desk(), make_question()
    desk.answer(question, RIGHT)
    clock.advance(days=1)
    desk.answer(question, WRONG)
    desk.answer(question, RIGHT)
    desk.undo(question, 2)
    clock.advance(days=6)
    desk.answer(question, RIGHT)
    return desk


def damage(db: Database, statement: str) -> None:
    """Change rows behind the services' back."""
    with db.engine.begin() as connection:
        connection.execute(text(statement))


def test_an_empty_database_is_sound(db: Database) -> None:
    with db.reading() as session:
        assert list(checking.problems(session)) == []


def test_cards_with_new_grades_undos_and_an_override_are_sound(
    desk: Desk, make_question: Callable[..., Question]
) -> None:
    typed, chosen = make_question(**NONE), make_question()
    desk.override(desk.answer(typed, {"text": "bridge"}).answer_id)
    answer = desk.answer(chosen)
    desk.regrade(answer.answer_id, Grade.EASY)
    desk.undo(chosen, 1)

    assert desk.problems() == []


@pytest.mark.parametrize(
    "column",
    [
        "streak = 9",
        "interval_days = 9",
        "ease_permille = 1300",
        "lapses = 9",
        "due = '2031-01-01'",
        "drill_day = '2026-11-30'",
        "introduced_day = '2026-11-20'",
        "last_day = '2026-11-20'",
        "last_answered_at = 1",
        "reviews = 9",
        "last_number = 1",
    ],
)
def test_a_card_that_is_not_its_log_is_found(desk: Desk, db: Database, column: str) -> None:
    damage(db, f"UPDATE card SET {column}")  # noqa: S608

    assert [column.partition(" ")[0] in problem for problem in desk.problems()] == [True]


@pytest.mark.parametrize(
    "change",
    [
        "grade = 3 WHERE number = 5",
        "grade = 5 WHERE number = 1",
        "study_day = '2026-11-29' WHERE number = 5",
        "kind = 'early' WHERE number = 5",
        "answered_at = 1 WHERE number = 5",
        "due = '2031-01-01' WHERE number = 1",
        "lapses = 3 WHERE number = 4",
    ],
)
def test_a_changed_row_of_the_log_is_found(desk: Desk, db: Database, change: str) -> None:
    damage(db, f"UPDATE review_log SET {change}")  # noqa: S608

    assert desk.problems()


@pytest.mark.parametrize("number", [1, 3, 5])
def test_a_lost_row_of_the_log_is_found(desk: Desk, db: Database, number: int) -> None:
    damage(db, f"DELETE FROM review_log WHERE number = {number}")  # noqa: S608

    assert ["the card counts 5" in problem for problem in desk.problems()] == [True]


def test_a_whole_lost_log_is_found(desk: Desk, db: Database) -> None:
    damage(db, "DELETE FROM review_log")

    assert ["the card counts 5" in problem for problem in desk.problems()] == [True]


@pytest.mark.parametrize("undoes", [3, 4, 9])
def test_an_undo_of_what_does_not_stand_is_found(desk: Desk, db: Database, undoes: int) -> None:
    damage(db, f"UPDATE review_log SET undoes = {undoes} WHERE number = 4")  # noqa: S608

    problems = desk.problems()

    assert problems
    assert any("cannot be replayed" in problem for problem in problems) == (undoes != 3)


def test_a_row_of_another_learner_is_found(desk: Desk, db: Database, make_desk: Callable[..., Desk]) -> None:
    stranger = make_desk().person.id
    damage(db, f"UPDATE review_log SET learner_id = {stranger} WHERE number = 1")  # noqa: S608

    assert ["another learner" in problem for problem in desk.problems()] == [True]


def test_an_answer_marked_by_a_version_that_is_missing_is_found(desk: Desk, db: Database) -> None:
    damage(db, "UPDATE review_log SET question_version = 7 WHERE number = 5")

    assert ["row 5 was marked by version 7" in problem for problem in desk.problems()] == [True]


def test_a_question_without_its_words_is_found(db: Database, make_question: Callable[..., Question]) -> None:
    make_question("lost-words")
    damage(db, "UPDATE question SET version = 2")

    with db.reading() as session:
        assert list(checking.problems(session)) == ["question lost-words: its version 2 is missing"]


def test_every_faulty_card_is_named_once(desk: Desk, db: Database, make_question: Callable[..., Question]) -> None:
    for _ in range(3):
        desk.answer(make_question())
    damage(db, "UPDATE card SET reviews = reviews + 1")

    assert len({problem.split(":")[0] for problem in desk.problems()}) == len(desk.problems()) == 4


def test_a_reference_to_nothing_is_found(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.db"
    shutil.copy(sqlite_template, path)
    with closing(sqlite3.connect(path)) as connection, connection:  # its foreign keys are off
        connection.execute(
            "INSERT INTO card (learner_id, question_id, version, streak, interval_days, ease_permille,"
            " lapses, reviews, log_length, suspended) VALUES (404, 404, 0, 0, 0, 2500, 0, 0, 0, 0)"
        )
    database = Database(f"sqlite:///{path}")

    with database.reading() as session:
        problems = sorted(checking.problems(session))

    database.dispose()
    assert problems == [f"foreign key: card row 1 names a missing {table}" for table in ("question", "user_account")]


def test_a_damaged_file_is_found(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.db"
    shutil.copy(sqlite_template, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("DELETE FROM sqlite_master WHERE name = 'ix_card_question_id'")
    database = Database(f"sqlite:///{path}")

    with database.reading() as session:
        problems = list(checking.problems(session))

    database.dispose()
    assert problems
    assert all(problem.startswith("integrity: ") for problem in problems)
