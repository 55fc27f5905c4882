"""The progress of a class as a table."""

from datetime import date

import pytest

from app.formats import csv_file
from app.formats.class_table import ClassRow, long_table, table
from app.formats.score_tables import Student

ROW = ClassRow(
    student=Student("7", "Ada", "E001", "ada"),
    joined=date(2026, 11, 1),
    last=None,
    active=0,
    total=10,
    seen=4,
    mature=1,
    due=2,
    retention=0.8333,
    topics=[(4, 1), (0, 0)],
)


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_every_row_has_a_cell_for_every_column(locale: str) -> None:
    made = table("B2", [("Réseau", 6), ("Volumes", 4)], [ROW], locale)

    assert [len(row) for row in made.rows] == [len(made.columns)]


def test_retention_is_a_percentage_with_one_decimal() -> None:
    content = csv_file.write(table("B2", [("Réseau", 6), ("Volumes", 4)], [ROW], "fr"), "fr").decode("utf-8-sig")

    assert content.splitlines()[1] == '"Ada";"E001";2026-11-01;;0;10;4;1;2;83,3;4;1;0;0'


def test_headers_speak_the_language_of_the_file() -> None:
    assert [table("B2", [("Réseau", 6)], [], locale).columns[10].title for locale in ("fr", "en")] == [
        "Réseau (vues sur 6)",
        "Réseau (seen out of 6)",
    ]


def test_programs_tell_learners_by_id_and_topics_by_slug() -> None:
    made = long_table("B2", [("network", 6), ("volumes", 4)], [ROW])

    heads = [column.title for column in made.columns]
    assert [dict(zip(heads, row, strict=True))["topic"] for row in made.rows] == ["network", "volumes"]
    assert [row[:4] for row in made.rows] == [["7", "Ada", "E001", "ada"]] * 2


def test_without_names_programs_have_the_pseudonym_alone() -> None:
    assert [column.title for column in long_table("B2", [], [], named=False).columns][:2] == ["student_id", "joined"]
