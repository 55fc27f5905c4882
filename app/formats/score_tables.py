"""The tables of an exam's scores: the same values for people (titles in French or English) and for programs.

A program's names never change; what a column means is `score_words.MEANINGS`, which the read-me of a workbook and
the dictionary of an archive print. Scores come in hundredths of the scale and leave as exact decimals.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Generic, TypeVar

from app.formats import score_words
from app.formats.tables import Cell, Column, Table, hundredths

Row = TypeVar("Row")
_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Student:
    """Whose row it is: `id` is theirs in all tables of the exam; without names, it is all there is."""

    id: str
    name: str | None = None
    institution_id: str | None = None
    login: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """One student's score, None for whoever was absent or is still at work; instants are in the exam's zone.

    `attempt` is the number of the attempt that the score comes from (the last one, for an average); `form` is the
    letter of its parallel form, None where the exam has none.
    """

    student: Student
    state: str
    attempts: int
    attempt: int | None
    started_at: datetime | None
    ended_at: datetime | None
    closed_by: str | None
    score: int | None
    scale: int
    passed: bool | None
    form: str | None = None

    @property
    def duration_s(self) -> int | None:
        """How long the attempt took, in seconds."""
        if self.started_at is None or self.ended_at is None:
            return None
        return int((self.ended_at - self.started_at).total_seconds())


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt; `score` is what it is worth alone, its adjustment included, both in hundredths of the scale."""

    student: Student
    number: int
    state: str
    started_at: datetime
    deadline: datetime | None
    ended_at: datetime | None
    closed_by: str | None
    adjustment: int
    score: int
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One question of one attempt; `credit` counts the regrades and is None once the question was dropped."""

    student: Student
    attempt: int
    position: int
    question: str
    version: int
    topic: str
    type: str
    level: int
    points: int
    given: str
    response: Mapping[str, Any] | None
    answered: bool
    first_credit: Fraction
    credit: Fraction | None
    won: Fraction | None
    saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One question of the exam and how it behaved; percentages, None where the number does not exist."""

    position: int
    question: str
    version: int
    topic: str
    objective: str
    level: int
    type: str
    points: int
    text: str
    dropped: bool
    changes: int
    attempts: int | None = None
    facility: float | None = None
    deviation: float | None = None
    guess: float | None = None
    intended_weight: float | None = None
    effective_weight: float | None = None
    discrimination: float | None = None
    efficiency: float | None = None
    forms: str | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """For whom a table is: people reading "fr" or "en", or programs (None); with or without names."""

    locale: str | None = None
    named: bool = True


@dataclass(frozen=True)
class Field(Generic[Row]):
    """A column: its name for programs, its value, and who gets it.

    `on`: "all", "people", "programs", "named" (left out without names) or "key" (for programs, and people without
    names).
    """

    name: str
    value: Callable[[Row, Style], Cell]
    decimals: int = 0
    on: str = "all"


def _shown(field: "Field[Any]", style: Style) -> bool:
    return {
        "people": style.locale is not None,
        "programs": style.locale is None,
        "named": style.named,
        "key": style.locale is None or not style.named,
    }.get(field.on, True)


def _word(code: str | None, style: Style) -> Cell:
    return score_words.word(code, style.locale) if code is not None and style.locale else code


def _yes(value: bool | None, style: Style) -> Cell:
    return value if style.locale is None or value is None else score_words.word("yes" if value else "no", style.locale)


def _percent(row: Score) -> float | None:
    return None if row.score is None else 100 * row.score / row.scale


def _score(count: int | None) -> Decimal | None:
    return None if count is None else hundredths(count)


def _exact(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _student(*, everywhere: bool = False) -> tuple[Field[Any], ...]:
    who = (
        Field[Any]("student_id", lambda row, _: row.student.id, on="key"),
        Field[Any]("name", lambda row, _: row.student.name, on="named"),
        Field[Any]("institution_id", lambda row, _: row.student.institution_id, on="named"),
    )
    more = (
        Field[Any]("login", lambda row, _: row.student.login, on="named"),
        Field[Any]("email", lambda row, _: row.student.email, on="named"),
    )
    return who + more if everywhere else who


SCORES: tuple[Field[Score], ...] = (
    *_student(everywhere=True),
    Field("state", lambda row, style: _word(row.state, style)),
    Field("attempts", lambda row, _: row.attempts),
    Field("attempt", lambda row, _: row.attempt),
    Field("started_at", lambda row, _: row.started_at),
    Field("ended_at", lambda row, _: row.ended_at),
    Field("duration_s", lambda row, _: row.duration_s, on="programs"),
    Field(
        "duration_min", lambda row, _: None if row.duration_s is None else row.duration_s / _MINUTE_S, 1, on="people"
    ),
    Field("closed_by", lambda row, style: _word(row.closed_by, style)),
    Field("score", lambda row, _: _score(row.score), 2),
    Field("scale", lambda row, _: hundredths(row.scale), 2),
    Field("percent", lambda row, _: _percent(row), 2),
    Field("passed", lambda row, style: _yes(row.passed, style)),
    Field("form", lambda row, _: row.form),
)
ATTEMPTS: tuple[Field[Try], ...] = (
    *_student(),
    Field("attempt", lambda row, _: row.number),
    Field("state", lambda row, style: _word(row.state, style)),
    Field("started_at", lambda row, _: row.started_at),
    Field("deadline", lambda row, _: row.deadline),
    Field("ended_at", lambda row, _: row.ended_at),
    Field("closed_by", lambda row, style: _word(row.closed_by, style)),
    Field("adjustment", lambda row, _: hundredths(row.adjustment), 2),
    Field("score", lambda row, _: hundredths(row.score), 2),
    Field("form", lambda row, _: row.form),
)
RESPONSES: tuple[Field[Answer], ...] = (
    *_student(),
    Field("attempt", lambda row, _: row.attempt),
    Field("position", lambda row, _: row.position),
    Field("question", lambda row, _: row.question),
    Field("question_version", lambda row, _: row.version),
    Field("topic", lambda row, _: row.topic),
    Field("type", lambda row, style: _word(row.type, style)),
    Field("level", lambda row, _: row.level),
    Field("points", lambda row, _: row.points),
    Field("answered", lambda row, style: _yes(row.answered, style)),
    Field("response", lambda row, _: row.given or None),
    Field("response_json", lambda row, _: _json(row.response), on="programs"),
    Field("first_credit", lambda row, _: _exact(row.first_credit), on="programs"),
    Field("credit", lambda row, style: _float(row.credit) if style.locale else _exact(row.credit), 4),
    Field("points_won", lambda row, _: _float(row.won), 4),
    Field("saved_at", lambda row, _: row.saved_at),
)
ITEMS: tuple[Field[ItemLine], ...] = (
    Field("position", lambda row, _: row.position),
    Field("question", lambda row, _: row.question),
    Field("question_version", lambda row, _: row.version),
    Field("topic", lambda row, _: row.topic),
    Field("objective", lambda row, _: row.objective),
    Field("level", lambda row, _: row.level),
    Field("type", lambda row, style: _word(row.type, style)),
    Field("points", lambda row, _: row.points),
    Field("text", lambda row, _: row.text),
    Field("dropped", lambda row, style: _yes(row.dropped, style)),
    Field("changes", lambda row, _: row.changes),
    Field("attempts_met", lambda row, _: row.attempts),
    Field("facility", lambda row, _: row.facility, 2),
    Field("deviation", lambda row, _: row.deviation, 2),
    Field("guess", lambda row, _: row.guess, 2),
    Field("intended_weight", lambda row, _: row.intended_weight, 2),
    Field("effective_weight", lambda row, _: row.effective_weight, 2),
    Field("discrimination", lambda row, _: row.discrimination, 2),
    Field("efficiency", lambda row, _: row.efficiency, 2),
    Field("forms", lambda row, _: row.forms),
)


def table(name: str, fields: Iterable[Field[Row]], rows: Iterable[Row], style: Style) -> Table:
    """A table of `rows`, read as they are asked for; `name` is scores, attempts, responses or items."""
    shown = [field for field in fields if _shown(field, style)]
    columns = [Column(_title(field.name, style), field.decimals) for field in shown]
    title = score_words.word(name, style.locale) if style.locale else name
    return Table(title, columns, ([field.value(row, style) for field in shown] for row in rows))


def dictionary(tables: Mapping[str, Iterable[Field[Any]]], locale: str, style: Style) -> Table:
    """What every column of some tables means, in a language: one row a column."""
    titles = [score_words.word(code, locale) for code in ("sheet", "column", "meaning")]
    rows = [
        [score_words.word(name, locale) if style.locale else name, _title(field.name, style), meaning]
        for name, fields in tables.items()
        for field in fields
        if _shown(field, style)
        for meaning in [score_words.meaning(field.name, locale)]
    ]
    return Table(score_words.word("read_me", locale), [Column(title) for title in titles], rows)


def _title(name: str, style: Style) -> str:
    return score_words.title(name, style.locale) if style.locale else name


def _json(response: Mapping[str, Any] | None) -> str | None:
    return None if response is None else json.dumps(response, ensure_ascii=False, sort_keys=True)
