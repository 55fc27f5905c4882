"""What Moodle 4.3 did with files of scores, observed on a real one: enough of it to test ours against."""

import csv
import io
from dataclasses import dataclass


class Refused(Exception):
    """Nothing was imported."""


@dataclass(frozen=True)
class Column:
    """Where a teacher maps a column of scores to: a new item is out of 100."""

    new: bool = False
    most: float = 20
    comma: bool = False  # a French user


def imported(content: bytes, key: str, title: str, known: set[str], column: Column) -> dict[str, float | None]:
    """The marks after an import, by what tells people apart; raises Refused as Moodle does."""
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    if unknown := [row[key] for row in rows if row[key].casefold() not in known]:
        raise Refused(f"unknown user {unknown[0]}")
    return {row[key].casefold(): _grade(row[title], column) for row in rows}


def _grade(text: str, column: Column) -> float | None:
    if text in ("", "-"):
        return None
    if column.comma and not column.new:
        text = text.replace(",", ".")
    elif "," in text and column.comma:
        text = text.replace(",", "")  # the new item takes 16,75 for 1675
    try:
        value = float(text)
    except ValueError as error:
        raise Refused("supplied grade is invalid") from error
    if value > 100:
        raise Refused("larger than the maximum of 100")
    return value if column.new else min(value, column.most)
