"""Teachers read the reports of their own classes' learners about questions, and answer them; admins all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.bank.schema import BLANK
from app.errors import Conflict, FieldProblem, Invalid, NotFound
from app.models import Class, Course, Membership, Question, QuestionFlag, QuestionVersion, Topic, User
from app.services.classes import taught_by
from app.services.flagging import Flag, mended_in
from app.services.identity import Person
from app.services.messages import message_problem, tidy_message

OUTCOMES = ("mended", "not_a_fault", "other")


@dataclass(frozen=True, slots=True)
class FlagRow(Flag):
    """One report as a teacher sees it.

    `name` is the learner's in a class, "" when they have none; `question_version` the words it was
    written about; `revision` says what was seen, for `close` and `reopen`.
    """

    id: int
    question_id: int
    name: str
    question_version: int
    revision: int


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """One report and the question it is about: its words, where they are written, its current version and its date."""

    flag: FlagRow
    slug: str
    file: str
    source: str
    text: str
    version: int
    version_at: datetime


def open_counts(session: Session, teacher: Person, course_id: int) -> Mapping[int, int]:
    """How many open reports each question of a course has, by question id; those without are left out."""
    rows = session.execute(
        select(QuestionFlag.question_id, func.count())
        .join(Question, Question.id == QuestionFlag.question_id)
        .where(Question.course_id == course_id, QuestionFlag.status == "open", _visible_to(teacher))
        .group_by(QuestionFlag.question_id)
    )
    return {question: count for question, count in rows}


def open_by_course(session: Session, teacher: Person) -> Mapping[str, int]:
    """How many open reports this teacher can read, by the slug of the course; courses without are left out."""
    rows = session.execute(
        select(Course.slug, func.count())
        .select_from(QuestionFlag)
        .join(Question, Question.id == QuestionFlag.question_id)
        .join(Course, Course.id == Question.course_id)
        .where(QuestionFlag.status == "open", _visible_to(teacher))
        .group_by(Course.slug)
        .order_by(Course.slug)
    )
    return {slug: count for slug, count in rows}


def of_question(session: Session, teacher: Person, question_id: int) -> Sequence[FlagRow]:
    """The reports of one question, open ones first, then the latest."""
    first = case((QuestionFlag.status == "open", 0), else_=1)
    statement = _flags(teacher).where(QuestionFlag.question_id == question_id)
    rows = session.execute(statement.order_by(first, QuestionFlag.changed_at.desc(), QuestionFlag.id.desc()))
    return [FlagRow(*row) for row in rows]


def look(session: Session, teacher: Person, flag_id: int) -> AnswerPage:
    """One report and its question; raises NotFound for one that this teacher does not read."""
    flag = _found(session, teacher, flag_id)
    words = QuestionVersion.body[("text", teacher.locale)].as_string()
    current = and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.version)
    row = session.execute(
        select(
            Question.slug,
            Question.source,
            Topic.slug.label("topic"),
            words.label("words"),
            Question.version,
            QuestionVersion.created_at,
        )
        .join(QuestionVersion, current)
        .join(Topic, Topic.id == Question.topic_id)
        .where(Question.id == flag.question_id)
    ).one()
    return AnswerPage(
        flag, row.slug, file_of(row.topic), row.source, BLANK.sub("…", row.words), row.version, row.created_at
    )


def file_of(topic: str) -> str:
    """The file in which a question of this topic is written, within the folder of its course."""
    return f"{topic}.yaml"


def close(session: Session, teacher: Person, flag_id: int, outcome: str, message: str, seen: int, now: datetime) -> int:
    """Answer a report and close it as `outcome`; return the id of its question.

    "Mended" notes the version of the question that is newer than the report, if there is one, and may
    go without a message. Raises NotFound, Invalid, and Conflict ("flag") when the report is not as it was `seen`.
    """
    flag = _found(session, teacher, flag_id)
    checked = [
        None if outcome in OUTCOMES else FieldProblem("outcome", "not_offered"),
        message_problem(message, needed=outcome != "mended"),
    ]
    if problems := [problem for problem in checked if problem]:
        raise Invalid(problems)
    version = session.scalar(select(Question.version).where(Question.id == flag.question_id)) or 0
    newer = version if outcome == "mended" and version > flag.question_version else None
    changes = {"status": outcome, "answer": tidy_message(message), "answered_by": teacher.id, "answered_at": now}
    _change(session, flag_id, seen, QuestionFlag.status == "open", **changes, mended_version=newer)
    return flag.question_id


def reopen(session: Session, teacher: Person, flag_id: int, seen: int) -> int:
    """Open a closed report again; return the id of its question.

    Raises NotFound, and Conflict: "flag" when it is not as it was `seen`, "flag_open" when its learner
    has a newer report of the same question open.
    """
    flag = _found(session, teacher, flag_id)
    try:
        with session.begin_nested():
            closed = QuestionFlag.status != "open"
            _change(session, flag_id, seen, closed, status="open", answered_at=None, mended_version=None)
    except IntegrityError as error:
        raise Conflict("flag_open") from error
    return flag.question_id


def _change(session: Session, flag_id: int, seen: int, when: ColumnElement[bool], **values: Any) -> None:
    changed = session.execute(
        update(QuestionFlag)
        .where(QuestionFlag.id == flag_id, QuestionFlag.revision == seen, when)
        .values(revision=QuestionFlag.revision + 1, **values)
        .returning(QuestionFlag.id)
    )
    if changed.scalar() is None:
        raise Conflict("flag")


def _found(session: Session, teacher: Person, flag_id: int) -> FlagRow:
    row = session.execute(_flags(teacher).where(QuestionFlag.id == flag_id)).one_or_none()
    if row is None:
        raise NotFound
    return FlagRow(*row)


def _flags(teacher: Person) -> Any:
    flag = QuestionFlag
    name = func.coalesce(_name_in_class(teacher), User.display_name, "")
    return (
        select(
            flag.reason,
            flag.message,
            flag.status,
            flag.changed_at,
            flag.answer,
            flag.answered_at,
            mended_in(),
            flag.id,
            flag.question_id,
            name,
            flag.question_version,
            flag.revision,
        )
        .join(Question, Question.id == flag.question_id)
        .join(User, User.id == flag.learner_id)
        .where(_visible_to(teacher))
    )


def _memberships(teacher: Person) -> tuple[ColumnElement[bool], ...]:
    """The learner of a report in a class of this teacher, of the course that the question is of."""
    return (
        Membership.user_id == QuestionFlag.learner_id,
        Class.id == Membership.class_id,
        Class.course_id == Question.course_id,
        taught_by(teacher),
    )


def _name_in_class(teacher: Person) -> Any:
    return (
        select(func.min(Membership.name))
        .where(*_memberships(teacher))
        .correlate(QuestionFlag, Question)
        .scalar_subquery()
    )


def _visible_to(teacher: Person) -> ColumnElement[bool]:
    if teacher.role == "admin":
        return true()
    return select(Membership.user_id).where(*_memberships(teacher)).correlate(QuestionFlag, Question).exists()
