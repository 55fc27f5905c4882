"""The progress of a class as a table: one row a learner, one pair of columns a topic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.formats.score_tables import Student
from app.formats.tables import Cell, Column, Table

_WORDS = {
    "fr": {
        "name": "Nom",
        "institution_id": "N° d’établissement",
        "joined": "Inscription",
        "last": "Dernière réponse",
        "active": "Jours actifs sur 7",
        "total": "Cartes du cours",
        "seen": "Cartes vues",
        "mature": "Cartes acquises",
        "due": "À revoir aujourd’hui",
        "retention": "Justes du premier coup sur 28 jours (%)",
        "topic_seen": "{} (vues sur {})",
        "topic_mature": "{} (acquises)",
    },
    "en": {
        "name": "Name",
        "institution_id": "Institution ID",
        "joined": "Joined",
        "last": "Last answer",
        "active": "Active days out of 7",
        "total": "Cards of the course",
        "seen": "Cards seen",
        "mature": "Cards settled",
        "due": "Due today",
        "retention": "Right first time over 28 days (%)",
        "topic_seen": "{} (seen out of {})",
        "topic_mature": "{} (settled)",
    },
}
_FIRST = ("joined", "last", "active", "total", "seen", "mature", "due")
_NAMED = ("name", "institution_id")


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One learner; `retention` is a share (0 to 1), `topics` their (seen, settled) in the order of the titles."""

    student: Student
    joined: date
    last: date | None
    active: int
    total: int
    seen: int
    mature: int
    due: int
    retention: float | None
    topics: Sequence[tuple[int, int]]


def table(
    title: str, topics: Sequence[tuple[str, int]], rows: Sequence[ClassRow], locale: str, *, named: bool = True
) -> Table:
    """The table of a class, with its headers in "fr" or "en"; `topics` are titles and numbers of cards.

    Not `named`, the name is a pseudonym and stands alone.
    """
    words, who = _WORDS[locale], _NAMED if named else _NAMED[:1]
    columns = [*(Column(words[name]) for name in (*who, *_FIRST)), Column(words["retention"], decimals=1)]
    for topic, total in topics:
        columns += [Column(words["topic_seen"].format(topic, total)), Column(words["topic_mature"].format(topic))]
    return Table(title, columns, [_cells(row, who) for row in rows])


def _cells(row: ClassRow, who: Sequence[str]) -> list[Cell]:
    percent = None if row.retention is None else round(100 * row.retention, 1)
    topics = [count for pair in row.topics for count in pair]
    return [*_whose(row, who), *(getattr(row, name) for name in _FIRST), percent, *topics]


_PROGRAMS = ("id", "name", "institution_id", "login", "email")
_LONG = (*_FIRST[:3], "retention", "topic", "topic_total", "topic_seen", "topic_mature")


def long_table(title: str, topics: Sequence[tuple[str, int]], rows: Sequence[ClassRow], *, named: bool = True) -> Table:
    """The same for programs: stable names, one row a learner and topic; `retention` is a share.

    `topics` are slugs and numbers of cards. A learner is the same by `student_id` in all rows.
    """
    who = _PROGRAMS if named else _PROGRAMS[:1]
    names = ("student_id", *who[1:], *_LONG)
    columns = [Column(name, 4 if name == "retention" else 0) for name in names]
    return Table(title, columns, [line for row in rows for line in _long(row, who, topics)])


def _long(row: ClassRow, who: Sequence[str], topics: Sequence[tuple[str, int]]) -> list[list[Cell]]:
    first = [*_whose(row, who), *(getattr(row, name) for name in _LONG[:4])]
    return [
        [*first, topic, total, seen, mature] for (topic, total), (seen, mature) in zip(topics, row.topics, strict=True)
    ]


def _whose(row: ClassRow, who: Sequence[str]) -> list[Cell]:
    return [getattr(row.student, name) for name in who]
