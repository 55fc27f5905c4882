"""Scores out: the files of one exam, written as the marks are read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import BinaryIO
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.formats import csv_file, gradebooks, json_file, score_tables, score_words, xlsx_file
from app.formats.gradebooks import Left
from app.formats.score_tables import ATTEMPTS, ITEMS, RESPONSES, SCORES, Style
from app.formats.tables import Table, hundredths
from app.models import Attempt, AttemptItem
from app.services import exam_people, item_statistics, marks, score_rows
from app.services.exam_people import Known
from app.services.marks import FrozenExam
from app.services.score_rows import Source

MOST_CELLS = 200_000  # of a workbook made while a teacher waits
TABLES = ("scores", "attempts", "responses", "items")
SPREADSHEETS = ("fr", "en")
_FORMATS = ("tidy", "json")
_MOODLE = "moodle"
GRADEBOOKS = (*(f"{_MOODLE}.{key}" for key in gradebooks.MOODLE_KEYS), "canvas")
FILES = (
    "book",
    *(f"{table}.{form}" for table in TABLES for form in (*SPREADSHEETS, *_FORMATS)),
    *GRADEBOOKS,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which file: "book", "canvas", or a table and its form ("scores.fr", "items.tidy", "responses.json").

    For Moodle, it says what students are found by ("moodle.email"). `locale` is the language of what has words.
    A gradebook without names imports nowhere: it always has them.
    """

    file: str
    locale: str = "fr"
    named: bool = True

    @property
    def extension(self) -> str:
        """How the name of the file ends."""
        return {"book": "xlsx"}.get(self.file, "json" if self.file.endswith(".json") else "csv")

    @property
    def table(self) -> str:
        """What the file is about: "scores" for a workbook and for a gradebook."""
        first = self.file.split(".")[0]
        return first if first in TABLES else "scores"

    @property
    def form(self) -> str:
        """In which form: "fr", "en", "tidy", "json", or the name of the file."""
        return self.file.split(".")[-1]

    @property
    def style(self) -> Style:
        """For whom its tables are."""
        if self.form in _FORMATS:
            return Style(None, self.named)
        return Style(self.form if self.form in SPREADSHEETS else self.locale, self.named or self.file in GRADEBOOKS)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What files of an exam would hold; `left` are those whom Moodle's leave out, by what it finds people by.

    Of the `started` some are `at_work`; of the others some are `expected`, who can still start, and the rest `absent`.
    Once attempts were deleted, those who may have had one are `unknown` instead.
    """

    started: int
    at_work: int
    expected: int
    absent: int
    unknown: int
    cells: int
    left: Mapping[str, Sequence[Left]]

    @property
    def too_large(self) -> bool:
        """Whether a workbook would keep everybody waiting."""
        return self.cells > MOST_CELLS


def outlook(session: Session, exam: FrozenExam, now: datetime) -> Outlook:
    """What files of an exam would hold, counted without making them."""
    asked = select(func.count()).select_from(AttemptItem).join(Attempt).where(Attempt.exam_id == exam.id)
    started = select(func.count(func.distinct(Attempt.learner_id)), func.count(func.distinct(Attempt.pseudonym)))
    known, erased = session.execute(started.where(Attempt.exam_id == exam.id)).one()
    at_work = session.scalar(
        select(func.count(func.distinct(Attempt.learner_id)))
        .where(Attempt.exam_id == exam.id, Attempt.submitted_at.is_(None))
        .where(or_(Attempt.deadline.is_(None), Attempt.deadline > now))
    )
    others = exam_people.not_started(session, exam)
    expected, unknown = _counted(session, exam, now, others)
    cells = (session.scalar(asked) or 0) * len(RESPONSES) + (known + erased + len(others)) * len(SCORES)
    return Outlook(
        started=known + erased,
        at_work=at_work or 0,
        expected=expected,
        absent=len(others) - expected - unknown,
        unknown=unknown,
        cells=cells + len(exam.items) * len(ITEMS),
        left=left_out(session, exam),
    )


def _counted(session: Session, exam: FrozenExam, now: datetime, others: Sequence[Known]) -> tuple[int, int]:
    """Of those without an attempt: how many can still start, and of the others how many may have had one."""
    expected = exam_people.expected(session, exam, now, others)
    rest = [one for one in others if one.learner_id not in expected]
    return len(expected), sum(exam_people.may_have_taken(exam, one) for one in rest)


def left_out(session: Session, exam: FrozenExam) -> dict[str, list[Left]]:
    """Whom each file for Moodle leaves out, by what Moodle finds people by."""
    people = score_rows.people(session, exam)
    return {key: gradebooks.left_out(people, key) for key in gradebooks.MOODLE_KEYS}


def write(session: Session, exam: FrozenExam, wanted: Wanted, now: datetime, target: BinaryIO) -> None:
    """Write one file of an exam into `target`, a part at a time but for a workbook of at most MOST_CELLS."""
    if wanted.file == "book":
        sparing = outlook(session, exam, now).too_large
        xlsx_file.write_book(target, _sheets(session, exam, wanted, now), exam.title, day(exam, now), sparing)
        return
    for part in _parts(session, exam, wanted, now):
        target.write(part)


def day(exam: FrozenExam, now: datetime) -> date:
    """The day it is where the exam is, for the name of a file."""
    return now.astimezone(ZoneInfo(exam.zone)).date()


def table_of(source: Source, name: str) -> Table:
    """One of TABLES, its rows read as they are asked for."""
    match name:
        case "scores":
            return score_tables.table(name, SCORES, source.scores(), source.style)
        case "attempts":
            return score_tables.table(name, ATTEMPTS, source.tries(), source.style)
        case "responses":
            return score_tables.table(name, RESPONSES, source.answers(), source.style)
    found = item_statistics.of_students(source.exam, marks.students(source.session, source.exam, source.now))
    return score_tables.table(name, ITEMS, source.items(found), source.style)


def _parts(session: Session, exam: FrozenExam, wanted: Wanted, now: datetime) -> Iterator[bytes]:
    source = score_rows.source(session, exam, now, wanted.style)
    if wanted.file.startswith(f"{_MOODLE}."):
        left = gradebooks.left_out(score_rows.people(session, exam), wanted.form)
        table = gradebooks.moodle(exam.title, _with_names(source), wanted.locale, wanted.form, left)
        return csv_file.stream(table, "gradebook")
    if wanted.file == "canvas":
        rows = _with_names(source)
        return csv_file.stream(gradebooks.canvas(exam.title, exam.class_name, exam.scale_hundredths, rows), "gradebook")
    table = table_of(source, wanted.table)
    if wanted.form == "json":
        return json_file.stream(table, _facts(exam, wanted, now))
    return csv_file.stream(table, wanted.form)


def _with_names(source: Source) -> Iterator[score_tables.Score]:
    """Students that a gradebook can know: who erased their account is known to none.

    Nor those whose attempts were deleted: an empty score would take away the one that the gradebook has.
    """
    named = (one for one in source.scores() if one.student.name != one.student.id)
    return (one for one in named if one.state != score_rows.DELETED)


def _facts(exam: FrozenExam, wanted: Wanted, now: datetime) -> dict[str, json_file.Fact]:
    return {
        "exam_id": exam.id,
        "exam": exam.title,
        "class": exam.class_name,
        "zone": exam.zone,
        "scale": float(hundredths(exam.scale_hundredths)),
        "keep": exam.keep.value,
        "named": wanted.named,
        "made_at": now.isoformat(),
    }


def _sheets(session: Session, exam: FrozenExam, wanted: Wanted, now: datetime) -> Iterator[Table]:
    source = score_rows.source(session, exam, now, wanted.style)
    for name in ("scores", "responses", "items"):
        yield table_of(source, name)
    yield _read_me(source, wanted)


def _read_me(source: Source, wanted: Wanted) -> Table:
    """The facts about the exam, then what each column of the other sheets means."""
    exam, locale = source.exam, wanted.locale
    dropped = ", ".join(item.slug for item in exam.items.values() if item.dropped)
    others = exam_people.not_started(source.session, exam)
    expected, unknown = _counted(source.session, exam, source.now, others)
    threshold, whole = exam.pass_hundredths, "yes" if exam.rules.all_or_nothing else "no"
    facts = {
        score_words.title("exam", locale): exam.title,
        score_words.title("class", locale): exam.class_name,
        score_words.word("date", locale): day(exam, source.now).isoformat(),
        score_words.word("zone", locale): exam.zone,
        score_words.title("scale", locale): _number(exam.scale_hundredths, locale),
        score_words.word("pass_mark", locale): "–" if threshold is None else _number(threshold, locale),
        score_words.word("keep", locale): score_words.word(exam.keep.value, locale),
        score_words.word("penalty", locale): str(int(exam.rules.penalty * 100)),
        score_words.word("all_or_nothing", locale): score_words.word(whole, locale),
        score_words.word("dropped_questions", locale): dropped or "–",
        score_words.word("not_started_students", locale): str(expected),
        score_words.word("absent_students", locale): str(len(others) - expected - unknown),
        **({score_words.word("deleted_students", locale): str(unknown)} if exam.forgotten_at else {}),
    }
    first = [["", name, value] for name, value in facts.items()]
    if not wanted.named:
        first.append(["", score_words.title("student_id", locale), score_words.word("without_names", locale)])
    made = score_tables.dictionary({"scores": SCORES, "responses": RESPONSES, "items": ITEMS}, locale, source.style)
    return replace(made, rows=[*first, *made.rows])


def _number(count: int, locale: str) -> str:
    text = f"{hundredths(count):.2f}"
    return text.replace(".", ",") if locale == "fr" else text
