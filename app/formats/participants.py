"""The list of people of Moodle or Canvas, and the file of scores that each imports.

What they do with a file was observed on a real Moodle 4.3 and read in Canvas's source: Moodle imports nothing when
one person is unknown to it, reads a decimal comma wrong in a new column, and matches people by a column that the
teacher points at; Canvas wants its own rows and columns back, with scores under `Title (assignment id)`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.exam.folding import fold
from app.formats import delimited, headers
from app.formats.csv_file import harmless
from app.formats.delimited import FileProblem, Row, Sheet
from app.formats.gradebooks import canvas_title
from app.formats.pairing import Pair, Participant

MOODLE, CANVAS = "moodle", "canvas"
KEYS = ("email", "id", "login")  # what Moodle can tell people by
_ASSIGNMENT = re.compile(r"(.*\S)\s*\((\d+)\)")
_POINTS = "points possible"
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9}|,(?!\d{3}$)\d{1,9})?", re.ASCII)  # "1,000" may be one or a thousand
_EXCUSED = "ex"


@dataclass(frozen=True, slots=True)
class Target:
    """A participants' file that was read; `columns` maps kinds to columns (from 0).

    `assignments` are the columns of Canvas that take scores, `points` the row that holds what each is out of.
    """

    kind: str
    sheet: Sheet
    columns: Mapping[str, int]
    participants: tuple[Participant, ...]
    assignments: tuple[int, ...] = ()
    points: Row | None = None
    problems: tuple[FileProblem, ...] = ()

    def title(self, column: int) -> str:
        """What a column is called in the file."""
        return self.sheet.head.cell(column)


@dataclass(frozen=True, slots=True)
class ScoreFile:
    """A file that imports: `key` is the title of the column that tells Moodle who is who.

    `keyless` are those left out, for they have nothing in that column.
    """

    content: bytes
    pairs: tuple[Pair, ...]
    key: str = ""
    key_kind: str = ""
    keyless: tuple[Pair, ...] = ()


def read(content: bytes) -> Target:
    """The people in a file of Moodle or Canvas; whatever the bytes, nothing is raised."""
    sheet = delimited.read(content)
    titles = [title.casefold() for title in sheet.head.cells]
    if titles[:2] == ["student", "id"] and "section" in titles:
        return _canvas(sheet, titles)
    columns = {kind: at for at, kind in enumerate(headers.guess(sheet.head.cells)) if kind}
    people = tuple(
        Participant(
            at,
            row.line,
            row.cell(columns.get("name"))
            or " ".join(filter(None, (row.cell(columns.get("first")), row.cell(columns.get("last"))))),
            *(row.cell(columns.get(kind)) for kind in ("id", "email", "login")),
        )
        for at, row in enumerate(sheet.rows)
    )
    line = sheet.head.line
    lacks = [FileProblem(line, 0, "no_key_column")] if sheet.head.cells and not columns.keys() & set(KEYS) else []
    return Target(MOODLE, sheet, columns, people, problems=(*sheet.problems, *lacks))


def moodle(target: Target, pairs: Sequence[Pair], title: str, feedback: str | None = None) -> ScoreFile:
    """The file for Moodle: only people it knows, only those with a mark, dots in decimals, commas between cells.

    People are told by the column that most of them have something in. `feedback` titles a column of words.
    """
    marked = [one for one in pairs if one.student.score is not None]
    kinds = [kind for kind in KEYS if kind in target.columns]
    filled = {kind: sum(bool(_key_of(target, one, kind)) for one in marked) for kind in kinds}
    key = max(kinds, key=lambda kind: filled[kind])
    kept = [one for one in marked if _key_of(target, one, key)]
    shown = [key, *(kind for kind in ("email", "id") if kind in kinds and kind != key)]
    head = [*(target.title(target.columns[kind]) for kind in shown), spoken(title)]
    rows = [[*(_key_of(target, one, kind) for kind in shown), decimal(one.student.score or 0)] for one in kept]
    if feedback is not None:
        head.append(spoken(feedback))
        rows = [[*row, spoken(one.student.feedback)] for row, one in zip(rows, kept, strict=True)]
    left_out = tuple(one for one in marked if one not in kept)
    return ScoreFile(delimited.write([head, *rows]), tuple(kept), head[0], key, left_out)


def canvas(
    target: Target,
    pairs: Sequence[Pair],
    column: int | None,
    title: str,
    scale_hundredths: int,
    *,
    over_excuses: bool = False,
) -> ScoreFile:
    """The file for Canvas: the rows and columns it gave, with the scores in one of them, or in a new one (None).

    Whoever has no mark keeps what the column had, as does whoever is excused there, unless `over_excuses`.
    """
    marked = {
        one.participant.row: one
        for one in pairs
        if one.student.score is not None and (over_excuses or not _is_excused(target, one, column))
    }
    width = len(target.sheet.head.cells)
    at = width if column is None else column
    rows = []
    for number, row in enumerate((target.sheet.head, *target.sheet.rows), start=-1):
        cells = [row.cell(place) for place in range(max(width, at + 1))]
        if column is None and number < 0:
            cells[at] = canvas_title(spoken(title))
        if column is None and row is target.points:
            cells[at] = decimal(scale_hundredths)
        if number in marked:
            cells[at] = decimal(marked[number].student.score or 0)
        rows.append(cells)
    return ScoreFile(delimited.write(rows), tuple(marked.values()))


def excused(target: Target, pairs: Sequence[Pair]) -> list[tuple[Pair, str]]:
    """Who has a mark here and an excuse there, each with the title of the column."""
    marked = [one for one in pairs if one.student.score is not None]
    return [(one, target.title(at)) for one in marked for at in target.assignments if _is_excused(target, one, at)]


def assignment_of(target: Target, title: str) -> int | None:
    """The column of Canvas that has an exam's title; None where there is none, or several."""
    wanted = fold(title)
    found = [at for at in target.assignments if fold(_ASSIGNMENT.sub(r"\1", target.title(at))) == wanted]
    return found[0] if len(found) == 1 else None


def points_of(target: Target, column: int | None) -> Decimal | None:
    """What a column of Canvas is out of; None for a new one, and where the file does not say."""
    found = _NUMBER.fullmatch(target.points.cell(column)) if target.points else None
    return Decimal(found[0].replace(",", ".")) if found else None


def decimal(hundredths: int) -> str:
    """A score with a dot and two decimals: the only spelling that every importer reads alike."""
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def spoken(text: str) -> str:
    """Words that no spreadsheet computes, by a space in front: an apostrophe would be imported with them."""
    plain = " ".join(text.split())
    return f" {plain}" if harmless(plain) != plain else plain


def _canvas(sheet: Sheet, titles: Sequence[str]) -> Target:
    places = {"name": "student", "id": "sis user id", "login": "sis login id"}
    columns = {kind: titles.index(title) for kind, title in places.items() if title in titles}
    first = titles.index("section") + 1
    assignments = tuple(at for at in range(first, len(titles)) if _ASSIGNMENT.fullmatch(sheet.head.cell(at)))
    points = next((row for row in sheet.rows[:3] if _POINTS in row.cell(0).casefold()), None)
    people = tuple(
        Participant(
            at,
            row.line,
            row.cell(0),
            row.cell(columns.get("id")),
            login if "@" in (login := row.cell(columns.get("login"))) else "",
            login,
        )
        for at, row in enumerate(sheet.rows)
        if row.cell(0) and row.cell(1)
    )
    return Target(CANVAS, sheet, columns, people, assignments, points, sheet.problems)


def _is_excused(target: Target, pair: Pair, column: int | None) -> bool:
    return target.sheet.rows[pair.participant.row].cell(column).casefold() == _EXCUSED


def _key_of(target: Target, pair: Pair, kind: str) -> str:
    return target.sheet.rows[pair.participant.row].cell(target.columns[kind])
