"""The list of people of Moodle or Canvas: who is who there, and the file of scores that each imports.

What they do with a file was observed on a real Moodle 4.3 and read in Canvas's source: Moodle imports nothing when
one person is unknown to it, reads a decimal comma wrong in a new column, and matches people by a column that the
teacher points at; Canvas wants its own rows and columns back, with scores under `Title (assignment id)`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.exam.folding import fold
from app.formats import delimited, headers
from app.formats.csv_file import harmless
from app.formats.delimited import FileProblem, Row, Sheet

MOODLE, CANVAS = "moodle", "canvas"
KEYS = ("email", "id", "login")  # what Moodle can tell people by
_ASSIGNMENT = re.compile(r"(.*\S)\s*\((\d+)\)")
_POINTS = "points possible"
_NO_WORD = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Participant:
    """One person of the target; `row` counts the file's rows from 0, `login` is Canvas's SIS Login ID."""

    row: int
    line: int
    name: str
    institution_id: str
    email: str
    login: str


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
class Student:
    """Somebody of the class; `score` is in hundredths of the scale, None without a mark."""

    key: str
    name: str
    institution_id: str | None
    emails: tuple[str, ...]
    score: int | None
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A student and the participant they are, told "id", "email" or "name"."""

    student: Student
    participant: Participant
    by: str


@dataclass(frozen=True, slots=True)
class Matching:
    """Who is who: `sure` by id or address, `named` by name alone, `unclear` where a name fits several.

    `missing` are students with a mark whom the target does not have, `strangers` participants who are no student.
    """

    sure: tuple[Pair, ...]
    named: tuple[Pair, ...]
    unclear: tuple[tuple[Student, tuple[Participant, ...]], ...]
    missing: tuple[Student, ...]
    strangers: tuple[Participant, ...]


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
    lacks = [] if columns.keys() & set(KEYS) else [FileProblem(1, 0, "no_key_column")]
    return Target(MOODLE, sheet, columns, people, problems=(*sheet.problems, *lacks))


def match(students: Sequence[Student], people: Sequence[Participant]) -> Matching:
    """Who is who, by id, then by address, then by name without accents, case and order; one to one."""
    sure: list[Pair] = []
    left, free = list(students), list(people)
    for by, of_student, of_person in _TELLING[:2]:
        found = _one_to_one(left, free, by, of_student, of_person)
        sure += found
        left, free = _without(left, free, found)
    by, of_student, of_person = _TELLING[2]
    named = _one_to_one(left, free, by, of_student, of_person)
    left, free = _without(left, free, named)
    unclear = [(one, tuple(person for person in free if set(of_person(person)) & set(of_student(one)))) for one in left]
    return Matching(
        tuple(sure),
        tuple(named),
        tuple((one, fitting) for one, fitting in unclear if fitting and one.score is not None),
        tuple(one for one, fitting in unclear if not fitting and one.score is not None),
        tuple(free),
    )


def settle(matching: Matching, chosen: Mapping[str, int]) -> tuple[list[Pair], set[int]]:
    """The pairs that hold once the teacher has `chosen` a row for a student's key, and the rows chosen twice.

    What was not offered is not taken.
    """
    offered = [(one.student, one.participant) for one in matching.named]
    offered += [(student, person) for student, people in matching.unclear for person in people]
    pairs = [Pair(who, person, "name") for who, person in offered if chosen.get(who.key) == person.row]
    rows = [one.participant.row for one in pairs]
    return [*matching.sure, *pairs], {row for row in rows if rows.count(row) > 1}


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


def canvas(target: Target, pairs: Sequence[Pair], column: int | None, title: str, scale_hundredths: int) -> ScoreFile:
    """The file for Canvas: the rows and columns it gave, with the scores in one of them, or in a new one (None).

    Whoever has no mark keeps what the column had.
    """
    marked = {one.participant.row: one for one in pairs if one.student.score is not None}
    width = len(target.sheet.head.cells)
    at = width if column is None else column
    rows = []
    for number, row in enumerate((target.sheet.head, *target.sheet.rows), start=-1):
        cells = [row.cell(place) for place in range(max(width, at + 1))]
        if column is None and number < 0:
            cells[at] = spoken(title)
        if column is None and row is target.points:
            cells[at] = decimal(scale_hundredths)
        if number in marked:
            cells[at] = decimal(marked[number].student.score or 0)
        rows.append(cells)
    return ScoreFile(delimited.write(rows), tuple(marked.values()))


def assignment_of(target: Target, title: str) -> int | None:
    """The column of Canvas that has an exam's title; None where there is none, or several."""
    wanted = fold(title)
    found = [at for at in target.assignments if fold(_ASSIGNMENT.sub(r"\1", target.title(at))) == wanted]
    return found[0] if len(found) == 1 else None


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


def _key_of(target: Target, pair: Pair, kind: str) -> str:
    return target.sheet.rows[pair.participant.row].cell(target.columns[kind])


def _words(name: str) -> tuple[str, ...]:
    """A name without accents, case, signs and order: "Lovelace, Ada" is "Ada Lovelace"."""
    words = " ".join(sorted(_NO_WORD.sub(" ", fold(name)).split()))
    return (words,) if words else ()


_Keys = Callable[[Student], Iterable[str]]
_PersonKeys = Callable[[Participant], Iterable[str]]
_TELLING: tuple[tuple[str, _Keys, _PersonKeys], ...] = (
    (
        "id",
        lambda one: [one.institution_id] if one.institution_id else [],
        lambda one: [one.institution_id] * bool(one.institution_id),
    ),
    (
        "email",
        lambda one: [each.casefold() for each in one.emails if each],
        lambda one: [one.email.casefold()] * bool(one.email),
    ),
    ("name", lambda one: _words(one.name), lambda one: _words(one.name)),
)


def _one_to_one(
    students: Sequence[Student], people: Sequence[Participant], by: str, of_student: _Keys, of_person: _PersonKeys
) -> list[Pair]:
    """Those of whom each fits the other and nobody else."""
    persons: dict[str, list[Participant]] = {}
    for person in people:
        for key in of_person(person):
            persons.setdefault(key, []).append(person)
    fits = {one.key: {p.row: p for key in of_student(one) for p in persons.get(key, [])} for one in students}
    wooers: dict[int, int] = {}
    for rows in fits.values():
        for row in rows:
            wooers[row] = wooers.get(row, 0) + 1
    found = []
    for one in students:
        rows = fits[one.key]
        if len(rows) == 1 and wooers[next(iter(rows))] == 1:
            found.append(Pair(one, next(iter(rows.values())), by))
    return found


def _without(
    students: Sequence[Student], people: Sequence[Participant], found: Sequence[Pair]
) -> tuple[list[Student], list[Participant]]:
    keys, rows = {one.student.key for one in found}, {one.participant.row for one in found}
    return [one for one in students if one.key not in keys], [one for one in people if one.row not in rows]
