"""JSON of a table, read back."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.formats import json_file
from app.formats.tables import Cell, Column, Table


def read(*cells: Cell) -> list[dict[str, object]]:
    table = Table("scores", [Column("value")], iter([[cell] for cell in cells]))
    return json.loads(b"".join(json_file.stream(table, {"exam": "É"})))["rows"]  # type: ignore[no-any-return]


def test_an_empty_table_is_still_json() -> None:
    assert read() == []


def test_a_score_is_a_number_and_an_absence_is_null() -> None:
    assert [row["value"] for row in read(Decimal("16.75"), None, True)] == [16.75, None, True]


def test_days_and_instants_are_iso_8601() -> None:
    made = read(date(2026, 11, 24), datetime(2026, 11, 24, 9, tzinfo=UTC))

    assert [row["value"] for row in made] == ["2026-11-24", "2026-11-24T09:00:00+00:00"]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert read(text)[0]["value"] == text
