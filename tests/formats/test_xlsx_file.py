"""Workbooks, read back by openpyxl."""

import io
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from app.formats import xlsx_file
from app.formats.tables import Cell, Column, Table

TODAY = date(2026, 11, 24)


def sheet(
    *rows: tuple[Cell, ...], columns: tuple[Column, ...] = (Column("Name"), Column("Score", 2)), title: str = "A"
) -> Any:
    return load_workbook(io.BytesIO(xlsx_file.write(Table(title, columns, rows), TODAY))).active


@pytest.mark.parametrize(
    "text", ["=1+1", "+3", "-2", "@SUM(A1)", "http://example.org", "007", "1e5", "'quoted", "{=1}"]
)
def test_a_text_stays_a_text_whatever_it_looks_like(text: str) -> None:
    cell = sheet((text, 1))["A2"]

    assert (cell.data_type, cell.value, cell.hyperlink) == ("s", text, None)


def test_a_number_stays_a_number_shown_with_its_decimals() -> None:
    cell = sheet(("Ada", 16.75))["B2"]

    assert (cell.data_type, cell.value, cell.number_format) == ("n", 16.75, "0.00")


def test_a_day_stays_a_day() -> None:
    cell = sheet((TODAY, 1))["A2"]

    assert (cell.is_date, cell.value) == (True, datetime(2026, 11, 24))  # noqa: DTZ001 what openpyxl gives


def test_an_absent_value_is_an_empty_cell() -> None:
    assert sheet(("Ada", None))["B2"].value is None


def test_the_header_stays_in_sight_and_filters() -> None:
    made = sheet(("Ada", 1), ("Bob", 2))

    assert (made.freeze_panes, made.auto_filter.ref) == ("B2", "A1:B3")


def test_a_column_is_as_wide_as_its_longest_name() -> None:
    assert sheet(("Lou-Anne Saint-Hilaire", 1)).column_dimensions["A"].width > 22


@pytest.mark.parametrize("title", ["B2: [Docker] / groupe *1?", "x" * 60, "'quoted'", "", "History", "\x00"])
def test_any_class_name_gives_a_sheet_that_opens(title: str) -> None:
    assert 0 < len(sheet(title=title).title) <= 31


def test_a_text_beyond_what_a_cell_holds_is_cut() -> None:
    assert len(sheet(("x" * 40_000, 1))["A2"].value) == 32_767


def test_the_same_table_gives_the_same_bytes() -> None:
    table = Table("A", (Column("Name"),), (("Ada",),))

    assert xlsx_file.write(table, TODAY) == xlsx_file.write(table, TODAY)


def test_ten_thousand_rows_are_written() -> None:
    made = sheet(*((f"Name {number}", number / 4) for number in range(10_000)))

    assert (made["A10001"].value, made["B10001"].value) == ("Name 9999", 2499.75)


@given(st.text(min_size=1))
def test_whatever_is_typed_gives_a_workbook_that_opens(text: str) -> None:
    cell = sheet((text, 1))["A2"]

    assert cell.data_type in {"s", "n"}  # "n" is how openpyxl calls an empty cell


def test_an_instant_is_a_date_in_its_own_zone() -> None:
    cell = sheet((datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("Europe/Paris")), 1))["A2"]

    assert (cell.is_date, cell.value) == (True, datetime(2026, 11, 24, 9, 30))  # noqa: DTZ001 what openpyxl gives


@pytest.mark.parametrize("sparing", [False, True])
def test_a_book_has_a_sheet_a_table_also_when_it_spares_memory(sparing: bool) -> None:
    target = io.BytesIO()
    tables = [Table(name, [Column("Name")], iter([["=1+1"], ["Ada"]])) for name in ("A", "B")]

    xlsx_file.write_book(target, tables, "T", TODAY, sparing)

    book = load_workbook(target)
    assert [(one.title, one["A2"].value, one.auto_filter.ref) for one in book] == [
        ("A", "=1+1", "A1:A3"),
        ("B", "=1+1", "A1:A3"),
    ]
