"""CSV as a spreadsheet opens it with a double click, in French or in English.

RFC 4180 (CRLF, doubled quotes) in UTF-8 with a byte order mark, without which Excel reads accents
wrong. French Excel parts columns at `;` and reads `22.5` as a day of May: its decimals have a comma.
A text that a spreadsheet would compute gets an apostrophe in front (OWASP, "CSV Injection").
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.formats.tables import Cell, Column, Table, printable

_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
_COMPUTED = frozenset("=+-@\t\r\n＝＋－＠")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What parts two cells, and what parts a number from its decimals."""

    separator: str
    decimal: str


DIALECTS = {"fr": Dialect(";", ","), "en": Dialect(",", ".")}


def write(table: Table, locale: str) -> bytes:
    """The table as a CSV file for "fr" or "en"; raises KeyError for another locale."""
    dialect = DIALECTS[locale]
    head = dialect.separator.join(_text(column.title) for column in table.columns)
    lines = [head, *(_line(row, table.columns, dialect) for row in table.rows)]
    return (_MARK + "".join(f"{line}\r\n" for line in lines)).encode()


def _line(row: Sequence[Cell], columns: Sequence[Column], dialect: Dialect) -> str:
    return dialect.separator.join(_cell(cell, column, dialect) for cell, column in zip(row, columns, strict=True))


def _cell(cell: Cell, column: Column, dialect: Dialect) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _text(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell:.{column.decimals}f}".replace(".", dialect.decimal)


def _text(text: str) -> str:
    safe = harmless(printable(text)).replace('"', '""')
    return f'"{safe}"'


def harmless(text: str) -> str:
    """The text, with an apostrophe in front when a spreadsheet could take it for a formula.

    Spaces and invisible signs before the first one that counts do not hide it.
    """
    for sign in text:
        if sign in _COMPUTED:
            return f"'{text}"
        if not sign.isspace() and unicodedata.category(sign) != "Cf":
            break
    return text
