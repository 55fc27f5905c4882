"""Scores out, for a class: its exams over a period, and where its members stand in their revision."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import BinaryIO
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.exam.folding import fold
from app.formats import class_scores, csv_file, json_file, xlsx_file
from app.formats.class_scores import ExamColumn, Line
from app.formats.score_tables import Student, Style
from app.formats.tables import Table
from app.models import Exam
from app.services import class_progress, marks, score_rows
from app.services.class_progress import ClassProgress
from app.services.classes import Taught
from app.services.score_rows import Aliases

CONTENTS = ("exams", "progress")
FORMS = ("xlsx", "fr", "en", "tidy", "json")
FILES = tuple(f"{content}.{form}" for content in CONTENTS for form in FORMS)


@dataclass(frozen=True, slots=True)
class Period:
    """Days, both included; None is without a bound."""

    first: date | None = None
    last: date | None = None

    @property
    def is_empty(self) -> bool:
        """Whether its first day is after its last."""
        return self.first is not None and self.last is not None and self.first > self.last

    def holds(self, day: date) -> bool:
        """Whether a day is in the period."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which file: "exams" or "progress" and its form: xlsx, fr, en (CSV for Excel), tidy or json."""

    file: str
    locale: str = "fr"
    named: bool = True
    period: Period = Period()

    @property
    def content(self) -> str:
        """What it holds."""
        return self.file.split(".")[0]

    @property
    def form(self) -> str:
        """In which form."""
        return self.file.split(".")[-1]

    @property
    def extension(self) -> str:
        """How the name of the file ends."""
        return self.form if self.form in ("xlsx", "json") else "csv"

    @property
    def style(self) -> Style:
        """For whom its table is."""
        if self.form in ("tidy", "json"):
            return Style(None, self.named)
        return Style(self.form if self.form in ("fr", "en") else self.locale, self.named)


def write(session: Session, of: Taught, wanted: Wanted, now: datetime, today: date, target: BinaryIO) -> None:
    """Write one file of a class into `target`; the caller may see the class.

    Pseudonyms are made for each file anew: two files of a class cannot be joined.
    """
    aliases = None if wanted.named else Aliases(secrets.token_hex(16))
    if wanted.content == "exams":
        table = _exams(session, of, wanted, now, aliases)
    else:
        read = class_progress.read(session, of, now, wanted.style.locale or "en")
        people = None if aliases else score_rows.members(session, of.id)
        table = class_progress.table_of(_without_names(read, aliases), wanted.style.locale, people)
    if wanted.form == "xlsx":
        target.write(xlsx_file.write(table, today))
        return
    if wanted.style.locale is None:
        table = replace(table, title=wanted.content)
    facts: dict[str, json_file.Fact] = {
        "class_id": of.id,
        "class": of.name,
        "named": wanted.named,
        "made_at": now.isoformat(),
    }
    parts = json_file.stream(table, facts) if wanted.form == "json" else csv_file.stream(table, wanted.form)
    for part in parts:
        target.write(part)


def _exams(session: Session, of: Taught, wanted: Wanted, now: datetime, aliases: Aliases | None) -> Table:
    exams = _in(session, of.id, wanted.period)
    found: dict[str, tuple[str, Line]] = {}
    for row in exams:
        exam = marks.any_exam(session, row.id)
        source = replace(score_rows.source(session, exam, now, Style(None)), aliases=None)
        for one in source.scores():
            _, line = found.get(one.student.id, ("", Line(one.student, {})))
            scores = {**line.scores, **({} if one.score is None else {row.id: one.score})}
            found[one.student.id] = (fold(one.student.name or ""), Line(one.student, scores))
    lines = [line for _, line in sorted(found.values(), key=lambda pair: (pair[0], pair[1].student.id))]
    if aliases:
        hidden = [Line(Student(aliases(line.student.id)), line.scores) for line in lines]
        lines = sorted(hidden, key=lambda line: line.student.id)
    return class_scores.table(of.name, exams, lines, wanted.style)


def _in(session: Session, class_id: int, period: Period) -> Sequence[ExamColumn]:
    """The exams of the period, by the day they opened (else were published) where they are."""
    rows = session.execute(
        select(Exam.id, Exam.title, Exam.scale_hundredths, Exam.opens_at, Exam.published_at, Exam.zone).where(
            Exam.class_id == class_id, Exam.published_at.is_not(None)
        )
    )
    dated = [(row.opens_at or row.published_at, row) for row in rows]
    return [
        ExamColumn(row.id, row.title, row.scale_hundredths)
        for at, row in sorted(dated, key=lambda pair: (pair[0], pair[1].id))
        if period.holds(at.astimezone(ZoneInfo(row.zone)).date())
    ]


def _without_names(read: ClassProgress, aliases: Aliases | None) -> ClassProgress:
    if aliases is None:
        return read
    hidden = [replace(member, name=aliases(str(member.user_id))) for member in read.members]
    return replace(read, members=sorted(hidden, key=lambda member: member.name))
