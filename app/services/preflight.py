"""Scores on their way to Moodle or Canvas: who is who there is settled before a file is written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import FieldProblem, Invalid
from app.exam.scoring import Keep
from app.formats import pairing, participants
from app.formats.pairing import Matching, Student
from app.formats.participants import ScoreFile, Target
from app.models import Download, RosterLine
from app.services import exam_people, marks
from app.services.identity import Person
from app.services.marks import FrozenExam, StudentMarks

Words = Callable[[int, int], str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the teacher decided: a row of the target by a student's key, Canvas's column (None: a new one).

    `feedback` titles a column of words for Moodle; None for no such column. `over_excuses`: a mark goes to whoever
    is excused there. `other_points`: the column of Canvas that takes scores though it is out of something else.
    """

    chosen: Mapping[str, int]
    column: int | None = None
    feedback: str | None = None
    over_excuses: bool = False
    other_points: int | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """An exam's scores beside the people of a target."""

    exam: FrozenExam
    target: Target
    matching: Matching
    at_work: int

    def other_points(self, column: int | None) -> Decimal | None:
        """What a column of Canvas is out of where the exam is out of something else, else None."""
        points = participants.points_of(self.target, column)
        return None if points is None or points * 100 == self.exam.scale_hundredths else points


def look(session: Session, teacher: Person, exam_id: int, content: bytes, words: Words, now: datetime) -> Ready:
    """Who of the class is who in the file; `words` say how many answers of how many are right. Raises NotFound."""
    exam = marks.frozen(session, teacher, exam_id)
    target = participants.read(content)
    students = list(_students(session, exam, words, now))
    at_work = sum(one.score is None for one in students)
    others = [
        Student(f"#{one.learner_id}", one.name, one.institution_id, _addresses(one.login), None)
        for one in exam_people.not_started(session, exam)
    ]
    told = _of_roster(session, exam.class_id)
    every = [_with_address(one, told) for one in (*students, *others)]
    return Ready(exam, target, pairing.match(every, target.participants), at_work)


def write(session: Session, teacher: Person, ready: Ready, wanted: Wanted, now: datetime) -> ScoreFile:
    """The file that imports; the download is logged.

    Raises Invalid for a row chosen twice, a column of nobody's, and one of other points that was not confirmed: the
    score of an exam is the same number everywhere.
    """
    pairs, twice = pairing.settle(ready.matching, wanted.chosen)
    if twice:
        raise Invalid([FieldProblem("file", "chosen_twice")])
    exam, target = ready.exam, ready.target
    if target.problems or (wanted.column is not None and wanted.column not in target.assignments):
        raise Invalid([FieldProblem("file", "not_offered")])
    if wanted.other_points != wanted.column and ready.other_points(wanted.column) is not None:
        raise Invalid([FieldProblem("file", "other_points")])
    if target.kind == participants.MOODLE:
        made = participants.moodle(target, pairs, exam.title, wanted.feedback)
    else:
        scale, over = exam.scale_hundredths, wanted.over_excuses
        made = participants.canvas(target, pairs, wanted.column, exam.title, scale, over_excuses=over)
    told = {"target": target.kind, "students": len(made.pairs), "named": True}
    session.add(
        Download(class_id=exam.class_id, exam_id=exam.id, by_id=teacher.id, at=now, what="preflight", details=told)
    )
    session.flush()
    return made


def _students(session: Session, exam: FrozenExam, words: Words, now: datetime) -> Iterator[Student]:
    for one in marks.students(session, exam, now):
        first = one.first
        feedback = words(*_right(one, exam.keep)) if one.score is not None else ""
        yield Student(first.whose, first.name, first.institution_id, _addresses(first.login), one.score, feedback)


def _right(marked: StudentMarks, keep: Keep) -> tuple[int, int]:
    """Of the attempts that give the score: how many answers have all of their credit, of how many asked."""
    counted = [item.credit for one in marks.counting(marked, keep) for item in one.items if item.credit is not None]
    return sum(credit == 1 for credit in counted), len(counted)


def _addresses(login: str | None) -> tuple[str, ...]:
    return (login,) if login and "@" in login else ()


def _of_roster(session: Session, class_id: int) -> dict[str, str]:
    """The school's own address of each student who has a line of the roster."""
    rows = session.execute(
        select(RosterLine.user_id, RosterLine.email).where(
            RosterLine.class_id == class_id, RosterLine.user_id.is_not(None), RosterLine.email.is_not(None)
        )
    )
    return {f"#{user_id}": email for user_id, email in rows if email}


def _with_address(one: Student, told: Mapping[str, str]) -> Student:
    """The school's address goes before the one that a student chose as a login name."""
    address = told.get(one.key)
    emails = (address,) if address else one.emails
    return Student(one.key, one.name, one.institution_id, emails, one.score, one.feedback)
