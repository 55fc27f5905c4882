"""A table on its way to a spreadsheet: typed cells under titled columns, and the name of its file."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

Cell: TypeAlias = str | int | float | Decimal | date | None  # a datetime is a date; it brings its zone

_LONGEST_STEM = 80
_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|]+')
_KEPT_CONTROLS = "\t\r\n"


@dataclass(frozen=True, slots=True)
class Column:
    """A titled column; `decimals` is how many its numbers are shown with."""

    title: str
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, one a column. A text stays a text and a number a number; None is an empty cell.

    The rows may be read once only, as they come out of a database.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]


def hundredths(count: int) -> Decimal:
    """A score in hundredths as the number it is: 1675 is 16.75, exactly."""
    return Decimal(count).scaleb(-2)


def printable(text: str) -> str:
    """The text without what no file may hold: NUL and other controls, halves of surrogate pairs, non-characters.

    Tabs and ends of lines stay.
    """
    return "".join(sign for sign in text if sign in _KEPT_CONTROLS or not _is_refused(sign))


def file_name(stem: str, day: date, extension: str) -> str:
    """The name of a file made on `day`, as every system takes it: "B2 Docker 2026-11-24.csv"."""
    kept = _NOT_IN_FILE_NAMES.sub("-", printable(unicodedata.normalize("NFC", stem)))
    words = " ".join(kept.split()).strip(". ")[:_LONGEST_STEM].strip(". ")
    return f"{words or 'export'} {day.isoformat()}.{extension}"


def _is_refused(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cs"} or ord(sign) & 0xFFFE == 0xFFFE  # noqa: PLR2004 U+nFFFE, U+nFFFF
