"""The marks of an exam as one table: a row for every student, also those who never started."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from app.exam.folding import fold
from app.exam.summary import Summary, summarise
from app.services import exam_people, marks
from app.services.exam_people import Known
from app.services.identity import Person
from app.services.marks import FrozenExam, MarkedAttempt, StudentMarks


class State(StrEnum):
    """Where a student stands, by the last attempt they started; DELETED once nobody knows if there was one."""

    ABSENT = "absent"
    DELETED = "deleted"
    AT_WORK = "at_work"
    HANDED_IN = "student"
    BY_TIME = "time"
    BY_TEACHER = "teacher"


@dataclass(frozen=True, slots=True)
class Try:
    """One attempt in its student's row; `score` (hundredths) is None while they are at work."""

    id: int
    number: int
    score: int | None
    adjustment: int
    state: State
    form: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One student: the score that counts (None before an end) and whether it passes (None without a pass mark).

    A name that two students have is followed by what tells them apart.
    """

    name: str
    erased: bool
    score: int | None
    tries: Sequence[Try]
    state: State
    passed: bool | None

    @property
    def forms(self) -> str:
        """The parallel forms of the attempts, "" without any."""
        return ", ".join(dict.fromkeys(one.form for one in self.tries if one.form))

    @property
    def adjustment(self) -> int:
        """Points given and taken by hand in all attempts, in hundredths."""
        return sum(one.adjustment for one in self.tries)


@dataclass(frozen=True, slots=True)
class MarkTable:
    """The rows by name, and the scores that count in a few numbers."""

    exam: FrozenExam
    rows: Sequence[Row]
    summary: Summary

    def count(self, state: State) -> int:
        """How many students are in a state."""
        return sum(row.state is state for row in self.rows)


def read(session: Session, teacher: Person, exam_id: int, now: datetime) -> MarkTable:
    """The marks of an exam of this teacher; raises NotFound."""
    exam = marks.frozen(session, teacher, exam_id)
    shown = exam_people.namesakes(session, exam)
    rows = [_row(exam, one, shown) for one in marks.students(session, exam, now)]
    if exam.published_at is not None:
        rows += [
            Row(shown.get(one.learner_id, one.name), False, None, (), _without(exam, one), None)
            for one in exam_people.not_started(session, exam)
        ]
    rows.sort(key=lambda row: (row.erased, fold(row.name)))
    scores = [row.score for row in rows if row.score is not None]
    return MarkTable(exam, rows, summarise(scores, exam.pass_hundredths))


def state_of(attempt: MarkedAttempt) -> State:
    """Where an attempt stands."""
    return State(attempt.closed_by or "student") if attempt.over else State.AT_WORK


def _without(exam: FrozenExam, one: Known) -> State:
    """The state of somebody without an attempt."""
    return State.DELETED if exam_people.may_have_taken(exam, one) else State.ABSENT


def _row(exam: FrozenExam, student: StudentMarks, shown: Mapping[int, str]) -> Row:
    tries = tuple(
        Try(one.id, one.number, one.score if one.over else None, one.adjustment_hundredths, state_of(one), one.form)
        for one in student.attempts
    )
    passed = None
    if student.score is not None and exam.pass_hundredths is not None:
        passed = student.score >= exam.pass_hundredths
    erased = student.first.pseudonym is not None
    name = shown.get(student.first.learner_id or 0, student.first.name)
    return Row(name, erased, student.score, tries, tries[-1].state, passed)
