"""XLSX: the one format that a spreadsheet reads alike in every country.

Texts are stored as texts whatever they begin with, numbers as numbers, days as days, instants as the local
time of their zone: nothing needs an apostrophe. The bytes depend on the tables and on `made_on` alone.
"""

import io
import re
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.formats.tables import Cell, Column, Table, printable

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_LONGEST_CELL = 32_767  # Excel's own limit
_LONGEST_SHEET_NAME = 31
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\]+")
_NARROWEST, _WIDEST = 8, 40
_DAY_FORMAT = "yyyy-mm-dd"
_INSTANT_FORMAT = "yyyy-mm-dd hh:mm:ss"
_LONGEST_SHOWN = 19  # an instant


def write(table: Table, made_on: date) -> bytes:
    """The table as a workbook of one sheet, its header frozen and filterable."""
    target = io.BytesIO()
    write_book(target, [table], table.title, made_on)
    return target.getvalue()


def write_book(target: BinaryIO, tables: Iterable[Table], title: str, made_on: date, sparing: bool = False) -> None:
    """A workbook with one sheet a table. `sparing` keeps its rows on the disk instead of in memory."""
    options = _OPTIONS | ({"constant_memory": True, "in_memory": False} if sparing else {})
    with Workbook(target, options) as book:
        book.set_properties({"title": printable(title), "created": datetime.combine(made_on, time())})
        styles = _Styles(book)
        for table in tables:
            _fill(book.add_worksheet(_sheet_name(table.title)), table, styles)


class _Styles:
    """The few formats of one workbook."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._numbers: dict[str, Format] = {}
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.day = book.add_format({"num_format": _DAY_FORMAT})
        self.instant = book.add_format({"num_format": _INSTANT_FORMAT})

    def number(self, column: Column) -> Format:
        wanted = _number_format(column)
        if wanted not in self._numbers:
            self._numbers[wanted] = self._book.add_format({"num_format": wanted})
        return self._numbers[wanted]


def _fill(sheet: Worksheet, table: Table, styles: _Styles) -> None:
    """Line by line, for a workbook that spares memory forgets a line once the next one has begun."""
    formats = [styles.number(column) for column in table.columns]
    widths = [max((len(word) for word in column.title.split()), default=0) for column in table.columns]
    line = 0
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, printable(column.title), styles.head)
    for line, row in enumerate(table.rows, 1):
        for place, cell in enumerate(row):
            _write(sheet, (line, place), cell, formats[place], styles)
            widths[place] = max(widths[place], len(_shown(cell)))
    for place, width in enumerate(widths):
        sheet.set_column(place, place, min(max(width, _NARROWEST) + 2, _WIDEST))
    sheet.freeze_panes(1, 1)
    if table.columns:
        sheet.autofilter(0, 0, line, len(table.columns) - 1)


def _write(sheet: Worksheet, at: tuple[int, int], cell: Cell, number: Format, styles: _Styles) -> None:
    if isinstance(cell, str):
        sheet.write_string(*at, printable(cell)[:_LONGEST_CELL])
    elif isinstance(cell, datetime):
        sheet.write_datetime(*at, cell.replace(tzinfo=None, microsecond=0), styles.instant)
    elif isinstance(cell, date):
        sheet.write_datetime(*at, cell, styles.day)
    elif cell is not None:
        sheet.write_number(*at, cell, number)


def _number_format(column: Column) -> str:
    return "0." + "0" * column.decimals if column.decimals else "0"


def _shown(cell: Cell) -> str:
    return "" if cell is None else cell if isinstance(cell, str) else str(cell)[:_LONGEST_SHOWN]


def _sheet_name(title: str) -> str:
    """At most 31 characters, none of those that Excel refuses, no apostrophe at its ends."""
    words = " ".join(_NOT_IN_SHEET_NAMES.sub(" ", printable(title)).split())
    name = words.strip("'")[:_LONGEST_SHEET_NAME].strip("' ")
    return f"{name} 1" if name.casefold() == "history" else name or "Rappel"
