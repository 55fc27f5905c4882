"""Take back what was uploaded: some questions, or a whole course. Nothing is deleted, and sent again it is back.

Whoever may change an uploaded question may withdraw it: the teacher it belongs to, and admins. A course goes
with all its questions or not at all, so that nobody takes down what somebody else added to it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, SQLColumnExpression, and_, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.bank.schema import BLANK
from app.errors import FieldProblem, Invalid, NotFound
from app.models import (
    Card,
    Class,
    Course,
    Exam,
    ExamItem,
    Question,
    QuestionVersion,
    UploadedCourse,
    UploadedQuestion,
)
from app.services.course_rows import UPLOAD
from app.services.identity import Person


@dataclass(frozen=True, slots=True)
class Own:
    """A course in which the teacher has something to withdraw: `questions` of them, maybe the course itself."""

    slug: str
    title: str
    questions: int
    is_own: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One question to withdraw: how many learners have its card, in how many published exams it is."""

    id: int
    slug: str
    text: str
    upload_id: int
    learners: int
    exams: int


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What the teacher may withdraw of a course, and whom it touches.

    `is_own` says that the course itself came by an upload of theirs, `others` how many questions of other people
    keep it there. `learners` have a card of some of the questions, `exams` (published) some of them, and
    `classes` study the course.
    """

    slug: str
    title: str
    lines: Sequence[Line]
    is_own: bool
    others: int
    learners: int
    exams: int
    classes: int

    @property
    def whole(self) -> bool:
        """Whether the course itself may be withdrawn."""
        return self.is_own and not self.others


def courses(session: Session, teacher: Person) -> Sequence[Own]:
    """The courses in which the teacher has something to withdraw, in their language."""
    title = Course.title_fr if teacher.locale == "fr" else Course.title_en
    mine = (
        select(Question.course_id, func.count().label("number"))
        .join(UploadedQuestion, UploadedQuestion.question_id == Question.id)
        .where(*_asked(), _belongs(teacher, UploadedQuestion.owner_id))
        .group_by(Question.course_id)
        .subquery()
    )
    brought = UploadedCourse.course_id.is_not(None) & _belongs(teacher, UploadedCourse.owner_id)
    rows = session.execute(
        select(Course.slug, title, func.coalesce(mine.c.number, 0), func.coalesce(brought, False))
        .outerjoin(mine, mine.c.course_id == Course.id)
        .outerjoin(UploadedCourse, UploadedCourse.course_id == Course.id)
        .where(Course.retired.is_(False), brought | mine.c.number.is_not(None))
        .order_by(Course.id)
    )
    return [Own(slug, text, number, bool(own)) for slug, text, number, own in rows]


def look(session: Session, teacher: Person, slug: str) -> Withdrawal:
    """What the teacher may withdraw of a course, before they do; raises NotFound when there is nothing."""
    course = session.scalar(select(Course).where(Course.slug == slug, Course.retired.is_(False)))
    if course is None:
        raise NotFound
    rows = _rows(session, teacher, course.id)
    is_own = _is_own(session, teacher, course.id)
    if not rows and not is_own:
        raise NotFound
    ids = [row.id for row in rows]
    learners, exams = _cards(session, ids), _exams(session, ids)
    text = "fr" if teacher.locale == "fr" else "en"
    return Withdrawal(
        slug,
        course.title_fr if teacher.locale == "fr" else course.title_en,
        [
            Line(
                row.id,
                row.slug,
                BLANK.sub("…", row.body["text"][text]),
                row.upload_id,
                learners.get(row.id, 0),
                exams.get(row.id, 0),
            )
            for row in rows
        ],
        is_own,
        _others(session, course.id, ids),
        _distinct(session, Card.learner_id, Card.question_id.in_(ids)),
        _distinct(session, ExamItem.exam_id, ExamItem.question_id.in_(ids), *_PUBLISHED),
        _distinct(session, Class.id, Class.course_id == course.id, Class.archived_at.is_(None)),
    )


def withdraw_questions(session: Session, teacher: Person, slug: str, chosen: Collection[int] | None) -> int:
    """Retire the chosen questions of a course, or all that the teacher may (None); return how many.

    One that is retired already counts for nothing. Raises NotFound for a question that is not theirs.
    """
    course = _locked(session, slug)
    own = select(Question).join(UploadedQuestion, UploadedQuestion.question_id == Question.id)
    mine = own.where(Question.course_id == course.id, _belongs(teacher, UploadedQuestion.owner_id))
    rows = {row.id: row for row in session.scalars(mine)}
    if not rows or (chosen is not None and not rows.keys() >= set(chosen)):
        raise NotFound
    going = [row for key, row in rows.items() if not row.retired and (chosen is None or key in chosen)]
    for row in going:
        row.retired = True
    return len(going)


def withdraw_course(session: Session, teacher: Person, slug: str) -> int:
    """Retire a course that the teacher uploaded, with its questions; return how many.

    Raises NotFound when it is not theirs, and Invalid while somebody else's questions are in it.
    """
    course = _locked(session, slug)
    if not _is_own(session, teacher, course.id):
        raise NotFound
    ids = [row.id for row in _rows(session, teacher, course.id)]
    if _others(session, course.id, ids):
        raise Invalid([FieldProblem("what", "others_there")])
    count = withdraw_questions(session, teacher, slug, None) if ids else 0
    course.retired = True
    return count


_PUBLISHED = (ExamItem.exam_id == Exam.id, Exam.published_at.is_not(None))


def _asked() -> tuple[ColumnElement[bool], ...]:
    return Question.source == UPLOAD, Question.retired.is_(False)


def _belongs(teacher: Person, owner: SQLColumnExpression[int | None]) -> ColumnElement[bool]:
    """Whether what has this owner is the teacher's to change."""
    return true() if teacher.role == "admin" else owner == teacher.id


def _is_own(session: Session, teacher: Person, course_id: int) -> bool:
    own = select(UploadedCourse.course_id).where(UploadedCourse.course_id == course_id)
    return session.scalar(own.where(_belongs(teacher, UploadedCourse.owner_id))) is not None


def _locked(session: Session, slug: str) -> Course:
    """The course's row, for which whoever stores a part of it waits."""
    course = session.scalar(select(Course).where(Course.slug == slug, Course.retired.is_(False)).with_for_update())
    if course is None:
        raise NotFound
    return course


def _rows(session: Session, teacher: Person, course_id: int) -> Sequence[Row[Any]]:
    current = and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.version)
    return session.execute(
        select(Question.id, Question.slug, QuestionVersion.body, UploadedQuestion.upload_id)
        .join(UploadedQuestion, UploadedQuestion.question_id == Question.id)
        .join(QuestionVersion, current)
        .where(Question.course_id == course_id, *_asked(), _belongs(teacher, UploadedQuestion.owner_id))
        .order_by(Question.position, Question.id)
    ).all()


def _others(session: Session, course_id: int, own: Collection[int]) -> int:
    """How many questions are asked in a course beside those."""
    there = select(func.count()).where(Question.course_id == course_id, Question.retired.is_(False))
    return session.scalar(there.where(Question.id.not_in(own))) or 0


def _cards(session: Session, ids: Collection[int]) -> Mapping[int, int]:
    """How many learners have the card of each question."""
    counted = select(Card.question_id, func.count()).where(Card.question_id.in_(ids)).group_by(Card.question_id)
    return {question_id: number for question_id, number in session.execute(counted)}


def _exams(session: Session, ids: Collection[int]) -> Mapping[int, int]:
    """How many published exams have each question."""
    counted = select(ExamItem.question_id, func.count()).where(ExamItem.question_id.in_(ids), *_PUBLISHED)
    return {question_id: number for question_id, number in session.execute(counted.group_by(ExamItem.question_id))}


def _distinct(
    session: Session,
    column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
    *which: ColumnElement[bool],
) -> int:
    return session.scalar(select(func.count(column.distinct())).where(*which)) or 0
