"""The progress of a class as a table."""

from datetime import date

import pytest

from app.formats import csv_file
from app.formats.class_table import ClassRow, table

ROW = ClassRow(
    name="Ada",
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

    assert content.splitlines()[1] == '"Ada";2026-11-01;;0;10;4;1;2;83,3;4;1;0;0'


def test_headers_speak_the_language_of_the_file() -> None:
    assert [table("B2", [("Réseau", 6)], [], locale).columns[9].title for locale in ("fr", "en")] == [
        "Réseau (vues sur 6)",
        "Réseau (seen out of 6)",
    ]
