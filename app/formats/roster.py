"""A school's list of students, as CSV: what each line says, and every problem of every line."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.exam.folding import fold
from app.formats.csv_file import harmless
from app.formats.delimited import FileProblem, Row, Sheet

MOST_STUDENTS = 2_000
MOST_EXTRA_MINUTES = 600  # an hour
THIRD = 20  # minutes an hour: "tiers-temps"
LONGEST_ID = 64
LONGEST_EMAIL = 254
CHOICES = ("name", "last", "first", "email", "id", "extra")
_HOUR = 60
_NO = frozenset({"", "-", "0", "non", "no", "n", "false", "faux", "aucun", "none", "sans"})
_YES = frozenset({"oui", "yes", "o", "y", "x", "true", "vrai", "tiers-temps", "tiers temps", "un tiers"})
_FRACTION = re.compile(r"(\d{1,3})\s*/\s*(\d{1,3})(?:\s*temps)?")
_PERCENT = re.compile(r"\+?\s*(\d{1,3}(?:[.,]\d{1,4})?)\s*%")
_MINUTES = re.compile(r"(\d{1,3})\s*(?:min|mn|minutes?|')?\.?(?:\s*(?:/|par|per|an)\s*(?:h|heure|hour))?")
_THIRDS = (Fraction(33, 100), Fraction(34, 100))  # 33 %, 33.3 %: a third, as people round it


@dataclass(frozen=True, slots=True)
class Entry:
    """One student of the list. A field is None where the list has no such column, empty where the cell is.

    `extra_minutes` are in an hour.
    """

    line: int
    name: str
    institution_id: str | None = None
    email: str | None = None
    extra_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list says: its sound lines in their order, and what is wrong with the others."""

    entries: tuple[Entry, ...]
    problems: tuple[FileProblem, ...]


def read(sheet: Sheet, kinds: Sequence[str | None]) -> Listed:
    """The students of a list whose columns are of `kinds`, one of CHOICES or None each."""
    if not sheet.head.cells:
        return Listed((), sheet.problems)
    columns = {kind: at for at, kind in enumerate(kinds) if kind}
    rows, beyond = sheet.rows[:MOST_STUDENTS], sheet.rows[MOST_STUDENTS:][:1]
    # What is said of later lines, the file's own bounds among it, would contradict that they were not read.
    told = [one for one in sheet.problems if not beyond or (one.line < beyond[0].line and one.code != "file_large")]
    problems = [*told, *_column_problems(kinds, sheet.head.line)]
    entries = []
    if columns.keys() & {"name", "last", "first"}:
        for row in rows:
            entry, found = _entry(row, columns)
            problems += found
            entries += [entry] * (not found)
        problems += _repetitions(entries, columns)
    problems += [FileProblem(row.line, 0, "too_many_rows", (("most", MOST_STUDENTS),)) for row in beyond]
    return Listed(tuple(entries), tuple(sorted(problems, key=lambda one: (one.line, one.column))))


def extra_minutes(text: str) -> int | None:
    """Extra time in minutes an hour: "1/3", "33 %", "20", "oui"; 0 for none, and None for what says neither."""
    words = " ".join(fold(text).replace("%", " %").split())
    if words in _NO | _YES:
        return THIRD if words in _YES else 0
    share = _share(words)
    if share is None or share * _HOUR > MOST_EXTRA_MINUTES:
        return None
    return THIRD if _THIRDS[0] <= share <= _THIRDS[1] else round(share * _HOUR)


def _share(words: str) -> Fraction | None:
    """Extra time as a share of the time that is given."""
    if (found := _FRACTION.fullmatch(words)) and int(found[2]):
        return Fraction(int(found[1]), int(found[2]))
    if found := _PERCENT.fullmatch(words):
        return Fraction(found[1].replace(",", ".")) / 100
    if found := _MINUTES.fullmatch(words):
        return Fraction(int(found[1]), _HOUR)
    return None


def _column_problems(kinds: Sequence[str | None], line: int) -> Iterator[FileProblem]:
    for at, kind in enumerate(kinds):
        if kind and kind in kinds[:at]:
            yield FileProblem(line, at + 1, "column_twice")
    if not set(kinds) & {"name", "last", "first"}:
        yield FileProblem(line, 0, "no_name_column")


def _entry(row: Row, columns: Mapping[str, int]) -> tuple[Entry, list[FileProblem]]:
    cells = {kind: " ".join(row.cell(at).split()) for kind, at in columns.items()}
    problems = [
        FileProblem(row.line, columns[kind] + 1, code, params)
        for kind, text in cells.items()
        if kind != "extra"
        for code, params in _text_problems(kind, text)
    ]
    name = cells.get("name") or " ".join(part for part in (cells.get("first"), cells.get("last")) if part)
    if not name:
        problems.append(
            FileProblem(
                row.line, 1 + min(columns[k] for k in ("name", "last", "first") if k in columns), "name_missing"
            )
        )
    extra = extra_minutes(cells["extra"]) if "extra" in cells else None
    if "extra" in cells and extra is None:
        problems.append(FileProblem(row.line, columns["extra"] + 1, "extra_unclear", (("found", cells["extra"][:40]),)))
    return Entry(row.line, name, cells.get("id"), cells.get("email"), extra), problems


def _text_problems(kind: str, text: str) -> Iterator[tuple[str, tuple[tuple[str, str | int], ...]]]:
    if harmless(text) != text:  # a spreadsheet that opens our files one day would compute it
        yield "formula", (("found", text[:40]),)
    if kind == "email" and text and (text.count("@") != 1 or " " in text or text[0] == "@" or text[-1] == "@"):
        yield "email_shape", (("found", text[:40]),)
    most = {"id": LONGEST_ID, "email": LONGEST_EMAIL}.get(kind)
    if most and len(text) > most:
        yield "cell_long", (("most", most),)


def _repetitions(entries: Sequence[Entry], columns: Mapping[str, int]) -> Iterator[FileProblem]:
    """Two lines with one id or one address, or with one name and nothing that tells them apart."""
    seen: dict[tuple[str, str], int] = {}
    at = {"id": columns.get("id", 0), "email": columns.get("email", 0)}
    at["name"] = min(columns[kind] for kind in ("name", "last", "first") if kind in columns)
    for entry in entries:
        for kind, key in _keys(entry):
            first = seen.setdefault((kind, key), entry.line)
            if first != entry.line:
                yield FileProblem(entry.line, at[kind] + 1, f"{kind}_twice", (("first", first),))


def _keys(entry: Entry) -> Iterator[tuple[str, str]]:
    if entry.institution_id:
        yield "id", entry.institution_id
    if entry.email:
        yield "email", entry.email.casefold()
    if not entry.institution_id and not entry.email:
        yield "name", fold(entry.name)
