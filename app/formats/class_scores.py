"""The scores of a class over a period: one row a student and one column an exam, or one row a student and exam."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.formats import score_words
from app.formats.score_tables import Student, Style
from app.formats.tables import Cell, Column, Table, hundredths

_NAMED = ("name", "institution_id", "login", "email")


@dataclass(frozen=True, slots=True)
class ExamColumn:
    """One exam; its scale is in hundredths."""

    id: int
    title: str
    scale: int


@dataclass(frozen=True, slots=True)
class Line:
    """A student's scores in hundredths by exam; an exam without one was not taken, or is not finished."""

    student: Student
    scores: Mapping[int, int]


def table(title: str, exams: Sequence[ExamColumn], lines: Iterable[Line], style: Style) -> Table:
    """For people, one column an exam; for programs (`style.locale` is None), one row a student and exam."""
    named = _NAMED if style.named else ("student_id",)
    if style.locale is None:
        who = ("student_id", *_NAMED) if style.named else named
        names = (*who, "exam_id", "exam", "score", "scale")
        columns = [Column(name, 2 if name in ("score", "scale") else 0) for name in names]
        return Table(title, columns, (row for line in lines for row in _long(line, exams, who)))
    columns = [Column(score_words.title(name, style.locale)) for name in named]
    columns += [Column(f"{exam.title} (/{_scale(exam.scale, style.locale)})", 2) for exam in exams]
    return Table(title, columns, (_wide(line, exams, named) for line in lines))


def _wide(line: Line, exams: Sequence[ExamColumn], who: Sequence[str]) -> list[Cell]:
    return [*_whose(line, who), *(_score(line, exam) for exam in exams)]


def _long(line: Line, exams: Sequence[ExamColumn], who: Sequence[str]) -> Iterable[list[Cell]]:
    for exam in exams:
        yield [*_whose(line, who), exam.id, exam.title, _score(line, exam), hundredths(exam.scale)]


def _whose(line: Line, who: Sequence[str]) -> list[Cell]:
    return [line.student.id if name == "student_id" else getattr(line.student, name) for name in who]


def _score(line: Line, exam: ExamColumn) -> Cell:
    return hundredths(line.scores[exam.id]) if exam.id in line.scores else None


def _scale(scale: int, locale: str) -> str:
    text = f"{hundredths(scale):.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if locale == "fr" else text
