"""CSV for whoever reads it: a spreadsheet in French or in English, a gradebook, a program.

RFC 4180 (CRLF, doubled quotes) in UTF-8. Excel needs a byte order mark, without which it reads accents wrong;
in French it parts columns at `;` and reads `22.5` as a day of May: its decimals have a comma. There, a text that
a spreadsheet would compute gets an apostrophe in front (OWASP, "CSV Injection"). Gradebooks would keep the
apostrophe: for them it is a space. A program gets what is stored, untouched. Numbers never get anything.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.formats.tables import Cell, Column, Table, printable

_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
_COMPUTED = frozenset("=+-@\t\r\n＝＋－＠")
_NO_SCORE = "-"  # what gradebooks read as "no score"
_QUOTED = frozenset(',;"\r\n')


@dataclass(frozen=True, slots=True)
class Dialect:
    """What parts two cells, and a number from its decimals; what stands in front of a text that would be computed.

    `quoted` texts are in quotes whatever they hold. An instant is local time as a spreadsheet reads it, or
    ISO 8601 with its offset from UTC (`offset`).
    """

    separator: str
    decimal: str
    guard: str = "'"
    mark: bool = True
    quoted: bool = True
    offset: bool = False


DIALECTS = {
    "fr": Dialect(";", ","),
    "en": Dialect(",", "."),
    "gradebook": Dialect(",", ".", guard=" ", mark=False, quoted=False),
    "tidy": Dialect(",", ".", guard="", mark=False, quoted=False, offset=True),
}


def write(table: Table, dialect: str) -> bytes:
    """The table as a CSV file for one of DIALECTS; raises KeyError for another."""
    return b"".join(stream(table, dialect))


def stream(table: Table, dialect: str) -> Iterator[bytes]:
    """The same file, a line at a time."""
    spoken = DIALECTS[dialect]
    head = spoken.separator.join(_text(column.title, spoken) for column in table.columns)
    yield f"{_MARK if spoken.mark else ''}{head}\r\n".encode()
    for row in table.rows:
        yield f"{_line(row, table.columns, spoken)}\r\n".encode()


def _line(row: Sequence[Cell], columns: Sequence[Column], dialect: Dialect) -> str:
    return dialect.separator.join(_cell(cell, column, dialect) for cell, column in zip(row, columns, strict=True))


def _cell(cell: Cell, column: Column, dialect: Dialect) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _text(cell, dialect)
    if isinstance(cell, datetime):
        return cell.isoformat() if dialect.offset else f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return str(cell).lower()
    return f"{cell:.{column.decimals}f}".replace(".", dialect.decimal)


def _text(text: str, dialect: Dialect) -> str:
    safe = printable(text)
    if dialect.guard and not (safe == _NO_SCORE and dialect.guard == " "):
        safe = harmless(safe, dialect.guard)
    if dialect.quoted or _QUOTED.intersection(safe) or safe != safe.strip():
        return '"' + safe.replace('"', '""') + '"'
    return safe


def harmless(text: str, guard: str = "'") -> str:
    """The text, with an apostrophe (or another `guard`) in front when a spreadsheet could take it for a formula.

    Spaces and invisible signs before the first one that counts do not hide it.
    """
    for sign in text:
        if sign in _COMPUTED:
            return f"{guard}{text}"
        if not sign.isspace() and unicodedata.category(sign) != "Cf":
            break
    return text
