"""Scores as gradebooks import them."""

import pytest

from app.formats import csv_file, gradebooks
from app.formats.score_tables import Score, Student
from tests.formats.moodle_importer import Column, imported

ADA = Student("1", "Ada", "E001", "ada", "ada@example.org")
MAX = Student("2", "Max", None, "Max@Example.org", "Max@Example.org")
ZOE = Student("3", "Zoé", "E003", "zoe", None)
CLASS = (ADA, MAX, ZOE)


def score(who: Student, points: int | None = 1000) -> Score:
    state = "absent" if points is None else "finished"
    return Score(who, state, 1, 1, None, None, None, points, 2000, None)


def told(key: str, *people: Student) -> list[tuple[str | None, str]]:
    return [(one.student.name, one.why) for one in gradebooks.left_out(people, key)]


def written(key: str, *people: Student) -> bytes:
    table = gradebooks.moodle("Partiel", map(score, people), "fr", key, gradebooks.left_out(people, key))
    return csv_file.write(table, "gradebook")


@pytest.mark.parametrize(
    ("key", "missing"), [("idnumber", [("Max", "lacking")]), ("email", [("Zoé", "lacking")]), ("username", [])]
)
def test_whoever_lacks_the_column_that_moodle_is_told_by_is_left_out_and_named(
    key: str, missing: list[tuple[str, str]]
) -> None:
    assert told(key, *CLASS) == missing


@pytest.mark.parametrize(
    ("key", "known"),
    [
        ("idnumber", {"e001", "e003"}),
        ("email", {"ada@example.org", "max@example.org"}),
        ("username", {"ada", "max@example.org", "zoe"}),
    ],
)
def test_moodle_imports_a_mixed_class_by_each_of_its_columns(key: str, known: set[str]) -> None:
    grades = imported(written(key, *CLASS), key, "Partiel", known, Column())

    assert grades == dict.fromkeys(known, 10.0)


@pytest.mark.parametrize("sign", "=+-@")
def test_an_address_that_would_be_made_harmless_is_left_out_and_named(sign: str) -> None:
    one = Student("9", "Odd", f"{sign}1", f"{sign}1@example.org", f"{sign}1@example.org")

    for key in gradebooks.MOODLE_KEYS:
        assert told(key, ADA, one) == [("Odd", "computed")]
        assert b"1@" not in written(key, one)


@pytest.mark.parametrize(
    ("key", "alike"),
    [
        ("email", Student("4", "Twin", "E004", "twin", "ADA@example.org")),
        ("username", Student("4", "Twin", "E004", "ADA", None)),
    ],
)
def test_two_students_whom_moodle_takes_for_one_are_both_left_out(key: str, alike: Student) -> None:
    assert told(key, ADA, alike) == [("Ada", "shared"), ("Twin", "shared")]


def test_moodle_tells_ids_of_another_case_apart() -> None:
    assert told("idnumber", ADA, Student("4", "Twin", "e001")) == []


def test_no_score_is_a_dash_with_its_reason() -> None:
    made = gradebooks.moodle("Partiel", [score(ADA, None)], "en", "email", [])

    assert [column.title for column in made.columns] == ["email", "Partiel", "Comment"]
    assert [*made.rows] == [["ada@example.org", "-", "absent"]]


@pytest.mark.parametrize(
    ("title", "shown"), [("Partiel (2026)", "Partiel [2026]"), ("Partiel (mai)", "Partiel (mai)"), ("(1) A", "(1) A")]
)
def test_a_year_in_the_title_is_not_the_number_of_an_assignment(title: str, shown: str) -> None:
    assert gradebooks.canvas_title(title) == shown
