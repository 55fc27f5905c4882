"""XLSX: the one format that a spreadsheet reads alike in every country.

Texts are stored as texts whatever they begin with, numbers as numbers, days as days: nothing needs
an apostrophe. The bytes depend on the table and on `made_on` alone.
"""

import io
import re
from collections.abc import Sequence
from datetime import date, datetime, time

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


def write(table: Table, made_on: date) -> bytes:
    """The table as a workbook of one sheet, its header frozen and filterable."""
    target = io.BytesIO()
    with Workbook(target, _OPTIONS) as book:
        book.set_properties({"title": printable(table.title), "created": datetime.combine(made_on, time())})
        sheet = book.add_worksheet(_sheet_name(table.title))
        formats = [book.add_format({"num_format": _number_format(column)}) for column in table.columns]
        _fill(sheet, table, formats, book.add_format({"num_format": _DAY_FORMAT}))
        _head(sheet, table, book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}))
    return target.getvalue()


def _head(sheet: Worksheet, table: Table, bold: Format) -> None:
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, printable(column.title), bold)
        sheet.set_column(place, place, _width(table, place))
    sheet.freeze_panes(1, 1)
    if table.columns:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _fill(sheet: Worksheet, table: Table, formats: Sequence[Format], day_format: Format) -> None:
    for line, row in enumerate(table.rows, 1):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, place, printable(cell)[:_LONGEST_CELL])
            elif isinstance(cell, date):
                sheet.write_datetime(line, place, cell, day_format)
            elif cell is not None:
                sheet.write_number(line, place, cell, formats[place])


def _number_format(column: Column) -> str:
    return "0." + "0" * column.decimals if column.decimals else "0"


def _width(table: Table, place: int) -> int:
    """Wide enough for most cells, in characters; a long header wraps at its words."""
    longest_word = max((len(word) for word in table.columns[place].title.split()), default=0)
    longest_cell = max((len(_shown(row[place])) for row in table.rows), default=0)
    return min(max(longest_word, longest_cell, _NARROWEST) + 2, _WIDEST)


def _shown(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def _sheet_name(title: str) -> str:
    """At most 31 characters, none of those that Excel refuses, no apostrophe at its ends."""
    words = " ".join(_NOT_IN_SHEET_NAMES.sub(" ", printable(title)).split())
    name = words.strip("'")[:_LONGEST_SHEET_NAME].strip("' ")
    return f"{name} 1" if name.casefold() == "history" else name or "Rappel"
