"""The rows of an exam's files: everybody's marks as the tables of `app.formats.score_tables` take them."""

import hashlib
import hmac
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.exam import given, scoring
from app.exam.itemstats import ExamStatistics
from app.formats import score_words
from app.formats.score_tables import Answer, ItemLine, Score, Student, Style, Try
from app.models import Exam, RosterLine
from app.services import exam_people, marks
from app.services.exam_people import Known
from app.services.marks import FrozenExam, FrozenItem, MarkedAttempt, MarkedItem, StudentMarks

FINISHED, IN_PROGRESS, NOT_STARTED, ABSENT = "finished", "in_progress", "not_started", "absent"
DELETED = "deleted"
_ALIAS_DIGITS = 12  # hexadecimal: two of 10 000 students are alike once in five million exams


@dataclass(frozen=True, slots=True)
class Aliases:
    """What students are called without their names: by a secret of the exam, the same in all of its files."""

    secret: str

    def __call__(self, whose: str) -> str:
        """The pseudonym of the student whom marks call `whose`."""
        return hmac.new(self.secret.encode(), whose.encode(), hashlib.sha256).hexdigest()[:_ALIAS_DIGITS]


@dataclass(frozen=True, slots=True)
class Source:
    """One exam as a file reads it: at one instant, for one kind of reader; each method reads the marks anew."""

    session: Session
    exam: FrozenExam
    now: datetime
    style: Style
    aliases: Aliases | None
    emails: Mapping[int, str]

    def scores(self) -> Iterator[Score]:
        """One row a student: everybody who started, then the members of the class who have not."""
        for student in self._students():
            yield self._score(student)
        others = exam_people.not_started(self.session, self.exam)
        expected = exam_people.expected(self.session, self.exam, self.now, others)
        rows = [(self._named(one), self._without(one, expected)) for one in others]
        if self.aliases:
            rows.sort(key=lambda row: row[0].id)
        for who, state in rows:
            scale = self.exam.scale_hundredths
            yield Score(who, state, 0, None, None, None, None, None, scale, None)

    def _without(self, one: Known, expected: Collection[int]) -> str:
        """The state of somebody without an attempt."""
        if one.learner_id in expected:
            return NOT_STARTED
        return DELETED if exam_people.may_have_taken(self.exam, one) else ABSENT

    def tries(self) -> Iterator[Try]:
        """One row an attempt."""
        for student in self._students():
            for one in student.attempts:
                yield Try(
                    self._student(one),
                    one.number,
                    FINISHED if one.over else IN_PROGRESS,
                    self.local(one.started_at),
                    one.deadline and self.local(one.deadline),
                    one.ended_at and self.local(one.ended_at),
                    one.closed_by,
                    one.adjustment_hundredths,
                    one.score,
                    one.form,
                )

    def answers(self) -> Iterator[Answer]:
        """One row a question of an attempt, unanswered ones too."""
        for student in self._students():
            for attempt in student.attempts:
                who = self._student(attempt)
                for one in attempt.items:
                    yield self._answer(who, attempt.number, one)

    def items(self, found: ExamStatistics) -> Iterator[ItemLine]:
        """One row a question of the exam, with its statistics."""
        by_slug = {one.id: one for one in found.items}
        for item in self.exam.items.values():
            about, asking = self._item(item), item.forms or None
            if one := by_slug.get(item.slug):
                yield ItemLine(
                    *about,
                    one.attempts,
                    one.facility,
                    one.deviation,
                    one.guess,
                    one.intended_weight,
                    one.effective_weight,
                    one.discrimination,
                    one.efficiency,
                    asking,
                )
            else:
                yield ItemLine(*about, forms=asking)

    def student_id(self, whose: str) -> str:
        """What a student is called in every table."""
        return self.aliases(whose) if self.aliases else whose.removeprefix("#")

    def _students(self) -> Iterator[StudentMarks]:
        return marks.students(self.session, self.exam, self.now, self.aliases)

    def _score(self, student: StudentMarks) -> Score:
        counted = next(reversed(marks.counting(student, self.exam.keep)), None)  # for an average, the last finished
        shown = counted or student.attempts[-1]
        threshold = self.exam.pass_hundredths
        return Score(
            student=self._student(student.first),
            state=FINISHED if counted else IN_PROGRESS,
            attempts=len(student.attempts),
            attempt=counted.number if counted else None,
            started_at=self.local(shown.started_at),
            ended_at=shown.ended_at and self.local(shown.ended_at),
            closed_by=shown.closed_by,
            score=student.score,
            scale=self.exam.scale_hundredths,
            passed=None if threshold is None or student.score is None else student.score >= threshold,
            form=shown.form,
        )

    def _student(self, one: MarkedAttempt) -> Student:
        name = self.student_id(one.whose)
        if self.aliases:
            return Student(name)
        return Student(name, one.name, one.institution_id, one.login, _address(self.emails, one))

    def _named(self, one: Known) -> Student:
        name = self.student_id(f"#{one.learner_id}")
        if self.aliases:
            return Student(name)
        return Student(name, one.name, one.institution_id, one.login, _address(self.emails, one))

    def _answer(self, who: Student, attempt: int, one: MarkedItem) -> Answer:
        item, counts = one.item, marks.item_credit(one)
        return Answer(
            who,
            attempt,
            one.position,
            item.slug,
            item.version,
            item.topic,
            item.type,
            item.level,
            item.points,
            self._given(one),
            one.response,
            one.answered,
            one.stored,
            one.credit,
            None if counts is None else scoring.points(counts, self.exam.rules),
            one.saved_at and self.local(one.saved_at),
        )

    def _given(self, one: MarkedItem) -> str:
        language = self.style.locale or "en"
        lines = given.lines(one.item.body, one.response, language)
        if one.item.type == "true_false":
            lines = tuple(score_words.word(line, language) for line in lines)
        return "\n".join(lines)

    def _item(self, item: FrozenItem) -> tuple[int, str, int, str, str, int, str, int, str, bool, int]:
        text = item.body.text.in_(self.style.locale or "en")
        about = (item.position, item.slug, item.version, item.topic, item.objective, item.level, item.type, item.points)
        return (*about, text, item.dropped, len(item.changes))

    def local(self, instant: datetime) -> datetime:
        """An instant as the exam’s zone tells it, to the second."""
        return instant.astimezone(ZoneInfo(self.exam.zone)).replace(microsecond=0)


def source(session: Session, exam: FrozenExam, now: datetime, style: Style) -> Source:
    """An exam for a file in the names that `style` wants."""
    aliases = None
    if not style.named:
        aliases = Aliases(session.scalar(select(Exam.seed).where(Exam.id == exam.id)) or "")
    return Source(session, exam, now, style, aliases, emails(session, exam.class_id) if style.named else {})


def people(session: Session, exam: FrozenExam) -> list[Student]:
    """Everybody whom a gradebook can know, by name: who started and who has not, but who erased their account."""
    addresses = emails(session, exam.class_id)
    return [
        Student(str(one.learner_id), one.name, one.institution_id, one.login, _address(addresses, one))
        for one in exam_people.everybody(session, exam)
    ]


def members(session: Session, class_id: int) -> dict[int, Student]:
    """The members of a class as its files name them, by user id."""
    addresses = emails(session, class_id)
    return {
        one.learner_id: Student(str(one.learner_id), one.name, one.institution_id, one.login, _address(addresses, one))
        for one in exam_people.members(session, class_id)
    }


def emails(session: Session, class_id: int) -> Mapping[int, str]:
    """The addresses that the roster of a class has for its members, by user id."""
    rows = session.execute(
        select(RosterLine.user_id, RosterLine.email).where(
            RosterLine.class_id == class_id, RosterLine.user_id.is_not(None), RosterLine.email.is_not(None)
        )
    )
    return {user_id: email for user_id, email in rows if email and user_id is not None}


def _address(addresses: Mapping[int, str], one: MarkedAttempt | Known) -> str | None:
    """The roster's address of somebody, else their login name when it is one."""
    if one.learner_id is not None and one.learner_id in addresses:
        return addresses[one.learner_id]
    return one.login if one.login and "@" in one.login else None
