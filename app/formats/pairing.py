"""Who of a class is who in a list of people: by what they have in common, and never against a second sign.

An id, an address or a name may each be wrong (one column of a spreadsheet that slipped is enough): where one of them
says somebody else, on either side, nobody is believed and the teacher chooses.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.exam.folding import fold

ID, EMAIL, NAME = "id", "email", "name"
_BY = (ID, EMAIL, NAME)  # the surest first
DISAGREE, TWICE, NAMES = "disagree", "twice", "names"
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
    """A student and the participant they are, told by "id", "email" or "name"."""

    student: Student
    participant: Participant
    by: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A student who may be one of several people, or whose row may be another student's: `options`, the surest first.

    `why`: DISAGREE, one key says one and another key another; TWICE, an id or an address is there more than once;
    NAMES, a name alone fits several.
    """

    student: Student
    options: tuple[Pair, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Matching:
    """Who is who: `sure` by id or address, `named` by name alone, `unclear` where the teacher chooses.

    `missing` are students with a mark whom the target does not have, `strangers` participants who are no student.
    """

    sure: tuple[Pair, ...]
    named: tuple[Pair, ...]
    unclear: tuple[Doubt, ...]
    missing: tuple[Student, ...]
    strangers: tuple[Participant, ...]


class _Fits:
    """Which rows each student fits, and which students each row fits, key by key."""

    def __init__(self, students: Sequence[Student], people: Sequence[Participant]) -> None:
        self.rows: dict[str, dict[str, list[int]]] = {one.key: {} for one in students}
        self.keys: dict[int, dict[str, list[str]]] = {one.row: {} for one in people}
        for by in _BY:
            places: dict[str, list[int]] = {}
            for person in people:
                for text in _of_person(person, by):
                    places.setdefault(text, []).append(person.row)
            for one in students:
                rows = dict.fromkeys(row for text in _of_student(one, by) for row in places.get(text, ()))
                if rows:
                    self.rows[one.key][by] = list(rows)
                for row in rows:
                    self.keys[row].setdefault(by, []).append(one.key)

    def options(self, key: str) -> dict[int, str]:
        """The rows that a student fits, each with the surest key that says so."""
        found: dict[int, str] = {}
        for by, rows in self.rows[key].items():
            for row in rows:
                found.setdefault(row, by)
        return found

    def disputed(self, key: str) -> bool:
        """Whether keys disagree on who a student is, or on whose the row is that they fit best."""
        rows = self.rows[key]
        best = next(iter(rows.values()), ())
        return _disagree(rows.values()) or any(_disagree(self.keys[row].values()) for row in best)

    def alone(self, key: str, by: str, students: set[str], free: set[int]) -> int | None:
        """The free row that a student fits by one key, when each of the two fits nobody else who is left."""
        rows = [row for row in self.rows[key].get(by, ()) if row in free]
        if len(rows) == 1 and sum(each in students for each in self.keys[rows[0]][by]) == 1:
            return rows[0]
        return None


def match(students: Sequence[Student], people: Sequence[Participant]) -> Matching:
    """Who is who, by id, then by address, then by name without accents, case and order; one to one."""
    fits, at = _Fits(students, people), {one.row: one for one in people}
    left = {one.key: one for one in students if not fits.disputed(one.key)}
    disputed = {one.key for one in students} - left.keys()
    free = at.keys() - {row for key in disputed for row in fits.options(key)}
    found: dict[str, list[Pair]] = {}
    for by in _BY:
        keys, open_rows = set(left), set(free)
        rows = {key: row for key in left if (row := fits.alone(key, by, keys, open_rows)) is not None}
        found[by] = [Pair(left.pop(key), at[row], by) for key, row in rows.items()]
        free -= set(rows.values())
    taken = {pair.participant.row for pairs in found.values() for pair in pairs}
    doubts = []
    for one in students:
        options = fits.options(one.key) if one.key in left or one.key in disputed else {}
        offered = tuple(Pair(one, at[row], by) for row, by in options.items() if row not in taken)
        if offered:
            doubts.append(Doubt(one, offered, _why(fits, one.key, offered)))
    known = {one.student.key for one in doubts}
    return Matching(
        (*found[ID], *found[EMAIL]),
        tuple(found[NAME]),
        tuple(one for one in doubts if one.student.score is not None),
        tuple(one for key, one in left.items() if key not in known and one.score is not None),
        tuple(at[row] for row in sorted(free - {pair.participant.row for one in doubts for pair in one.options})),
    )


def settle(matching: Matching, chosen: Mapping[str, int]) -> tuple[list[Pair], set[int]]:
    """The pairs that hold once the teacher has `chosen` a row for a student's key, and the rows chosen twice.

    What was not offered is not taken.
    """
    offered = [*matching.named, *(pair for one in matching.unclear for pair in one.options)]
    pairs = [one for one in offered if chosen.get(one.student.key) == one.participant.row]
    rows = [one.participant.row for one in pairs]
    return [*matching.sure, *pairs], {row for row in rows if rows.count(row) > 1}


def _disagree(found: Iterable[Sequence[object]]) -> bool:
    """Whether two keys have nobody in common."""
    sets = [set(one) for one in found]
    return any(not one & other for at, one in enumerate(sets) for other in sets[:at])


def _why(fits: _Fits, key: str, offered: Sequence[Pair]) -> str:
    if fits.disputed(key):
        return DISAGREE
    return NAMES if offered[0].by == NAME else TWICE


def _of_student(one: Student, by: str) -> Iterable[str]:
    if by == ID:
        return [one.institution_id] if one.institution_id else []
    return [each.casefold() for each in one.emails if each] if by == EMAIL else _words(one.name)


def _of_person(one: Participant, by: str) -> Iterable[str]:
    if by == ID:
        return [one.institution_id] if one.institution_id else []
    return [one.email.casefold()] * bool(one.email) if by == EMAIL else _words(one.name)


def _words(name: str) -> tuple[str, ...]:
    """A name without accents, case, signs and order: "Lovelace, Ada" is "Ada Lovelace"."""
    words = " ".join(sorted(_NO_WORD.sub(" ", fold(name)).split()))
    return (words,) if words else ()
