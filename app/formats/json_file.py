"""JSON of a table for programs: facts about it first, then one object a row, in the order of the columns."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from app.formats.tables import Cell, Table

FORMAT = "rappel-table/1"
Fact = str | int | float | bool | None


def stream(table: Table, facts: Mapping[str, Fact]) -> Iterator[bytes]:
    """A JSON object in UTF-8, a row at a time; the titles of the columns are the names of the values."""
    head = {"format": FORMAT, "table": table.title, **facts}
    yield json.dumps(head, ensure_ascii=False)[:-1].encode() + b', "rows": ['
    names = [column.title for column in table.columns]
    before = b"\n"
    for row in table.rows:
        values = {name: _value(cell) for name, cell in zip(names, row, strict=True)}
        yield before + json.dumps(values, ensure_ascii=False).encode("utf-8", "replace")
        before = b",\n"
    yield b"\n]}\n"


def _value(cell: Cell) -> Fact:
    if isinstance(cell, Decimal):
        return float(cell)
    return cell.isoformat() if isinstance(cell, date) else cell
