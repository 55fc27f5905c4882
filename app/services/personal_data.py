"""A person's own data: all of it in one document, or erased."""

from collections.abc import Collection
from dataclasses import fields
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, case, delete, or_, select, update
from sqlalchemy.orm import Session

from app.errors import Conflict, NotFound
from app.models import (
    Card,
    Class,
    ClassTeacher,
    Course,
    Download,
    Exam,
    ExamPlan,
    LoginSession,
    Membership,
    PlanDayOff,
    PlanLeftOut,
    Question,
    QuestionFlag,
    ReviewLog,
    Topic,
    Upload,
    User,
)
from app.services import accounts, attempts, exam_data, former_members, hiding
from app.services.accounts import Claim
from app.services.identity import Person
from app.services.settings import Choice

FORMAT = 1
# Columns of cards and of the log that tell whether an answer was right, or let it be worked out.
_TELLING = frozenset(
    {"kind", "overridden", "regrades", "credit_parts", "credit_of", "grade", "streak", "interval_days"}
    | {"ease_permille", "lapses", "due", "drill_day"}
)
_SETTINGS = tuple(field.name for field in fields(Choice) if field.name not in {"course_id", "display_name"})


def export(session: Session, person: Person, now: datetime) -> dict[str, Any]:
    """Everything stored about a person and nothing about anybody else, ready to be written as JSON.

    Instants are in UTC (ISO 8601); `ease_permille` is in thousandths, `…_hundredths` in hundredths of a
    scale; the log is oldest first and complete, undone answers included. Not in it: the password's hash, and what
    `past_store`, `member_sums` and `card_copies` (`app.services`) store, which say nothing that log and cards do not.
    Where an exam hides the key of a question, what would tell whether an answer to it was right is left out
    and `withheld` is true: the same export has it once the exam shows its answers.
    """
    hidden = hiding.hidden_questions(session, person, now)
    user = session.get(User, person.id)
    if user is None:
        raise NotFound
    return {
        "format": FORMAT,
        "exported_at": _plain(now),
        "account": {
            "login": user.login,
            "display_name": user.display_name,
            "role": user.role,
            "created_at": _plain(user.created_at),
            "seen_at": _plain(user.seen_at),
        },
        "settings": {"course": _course(session, user)} | {name: _plain(getattr(user, name)) for name in _SETTINGS},
        "sessions": _sessions(session, person.id),
        "classes": _classes(session, person.id),
        "left_classes": _plain(exam_data.left_classes_of(session, person)),
        "roster_lines": _plain(exam_data.roster_lines_of(session, person)),
        "plans": _plans(session, person.id),
        "cards": _rows(session, Card, person.id, hidden),
        "reviews": _rows(session, ReviewLog, person.id, hidden),
        "flags": _flags(session, person.id, hidden),
        "flag_answers": _flag_answers(session, person.id),
        "uploads": _uploads(session, person.id),
        "downloads": _downloads(session, person.id),
        "allowances": _plain(exam_data.allowances_of(session, person)),
        "given_forms": _plain(exam_data.given_forms_of(session, person)),
        "exam_events": _plain(exam_data.exam_events_of(session, person)),
        "attempts": _plain(exam_data.attempts_of(session, person, hidden, now)),
    }


def erase(session: Session, person: Person, claimed: Claim | None, now: datetime) -> None:
    """Delete a person with their cards, log, sessions, codes, memberships and reports; nothing can come back.

    What they answered to the reports of others stays, without their name; so do their attempts at exams,
    and the questions they uploaded, without the names of the files. A file that was not applied goes with them.
    Lines of rosters that they claimed are as though nobody had: a list of names tells of no account.

    `claimed` is the password they confirmed it with, checked by the caller; a guest has none.
    Raises Conflict when the password changed in the meantime ("password"), when a guest took a
    login name in the meantime ("kept"), for the last admin ("last_admin"), or while they take an exam
    ("at_work"): `exam_data.work_of` says until when.
    """
    if accounts.is_last_admin(session, person.id):
        raise Conflict("last_admin")
    session.scalar(select(User.id).where(User.id == person.id).with_for_update())  # no attempt starts meanwhile
    if exam_data.work_of(session, person, now) is not None:
        raise Conflict("at_work")
    if claimed is not None and (claimed.user_id != person.id or not accounts.stands(session, claimed)):
        raise Conflict("password")
    attempts.forget(session, person.id)
    former_members.release_lines(session, person.id)
    mine = [User.id == person.id] if claimed is not None else [User.id == person.id, User.login.is_(None)]
    session.execute(update(Upload).where(Upload.owner_id == person.id).values(file_name=""))
    gone = session.execute(delete(User).where(*mine).returning(User.id))
    if gone.scalar() is None:
        raise Conflict("kept")
    session.execute(delete(Upload).where(Upload.owner_id.is_(None), Upload.applied_at.is_(None)))


def _course(session: Session, user: User) -> str | None:
    return session.scalar(select(Course.slug).where(Course.id == user.course_id))


def _sessions(session: Session, user_id: int) -> list[dict[str, Any]]:
    rows = session.execute(
        select(LoginSession.created_at, LoginSession.seen_at)
        .where(LoginSession.user_id == user_id)
        .order_by(LoginSession.created_at)
    )
    return [_document(row) for row in rows.mappings()]


def _classes(session: Session, user_id: int) -> list[dict[str, Any]]:
    learns = (
        select(Class.name.label("class"), Membership.name, Membership.joined_at)
        .add_columns(Membership.institution_id, Membership.extra_minutes)
        .join(Membership, Membership.class_id == Class.id)
        .where(Membership.user_id == user_id)
        .order_by(Class.id)
    )
    teaches = (
        select(Class.name.label("class"), Class.created_at)
        .join(ClassTeacher, ClassTeacher.class_id == Class.id)
        .where(ClassTeacher.user_id == user_id)
        .order_by(Class.id)
    )
    return [
        *({"as": "learner"} | _document(row) for row in session.execute(learns).mappings()),
        *({"as": "teacher"} | _document(row) for row in session.execute(teaches).mappings()),
    ]


def _plans(session: Session, user_id: int) -> list[dict[str, Any]]:
    """Their plans towards an exam; the secret address of a calendar is not in it, only whether there is one."""
    rows = session.execute(
        select(Course.slug.label("course"), ExamPlan.id, ExamPlan.exam_on, ExamPlan.minutes_a_day)
        .add_columns(ExamPlan.weekdays_off, ExamPlan.started_on, ExamPlan.extra_day, ExamPlan.extra_minutes)
        .add_columns(ExamPlan.feed_hash.is_not(None).label("has_calendar"), ExamPlan.created_at)
        .join(Course, Course.id == ExamPlan.course_id)
        .where(ExamPlan.learner_id == user_id)
        .order_by(ExamPlan.id)
    )
    found = [_document(row) for row in rows.mappings()]
    for plan in found:
        plan_id = plan.pop("id")
        days = select(PlanDayOff.day).where(PlanDayOff.plan_id == plan_id).order_by(PlanDayOff.day)
        topics = select(Topic.slug).join(PlanLeftOut).where(PlanLeftOut.plan_id == plan_id).order_by(Topic.position)
        plan["days_off"] = _plain(session.scalars(days).all())
        plan["topics_left_out"] = list(session.scalars(topics))
    return found


def _rows(
    session: Session, table: type[Card] | type[ReviewLog], user_id: int, hidden: Collection[int]
) -> list[dict[str, Any]]:
    """The person's rows of a table; questions by their names, for ids of the database mean nothing outside."""
    own = {"id", "learner_id", "question_id", "card_id"}
    columns = [column for column in table.__table__.columns if column.key not in own]
    names = (Question.id.label("question_id"), Course.slug.label("course"), Question.slug.label("question"))
    chosen = select(*names, *columns).select_from(Card)
    if table is ReviewLog:
        chosen = chosen.join(ReviewLog, ReviewLog.card_id == Card.id)
    joined = chosen.join(Question, Question.id == Card.question_id).join(Course, Course.id == Question.course_id)
    mine = joined.where(table.learner_id == user_id).order_by(table.id)
    return [_withholding(_document(row), hidden) for row in session.execute(mine).mappings()]


def _withholding(row: dict[str, Any], hidden: Collection[int]) -> dict[str, Any]:
    """A row of a hidden question without what tells whether an answer to it was right."""
    if row.pop("question_id") not in hidden:
        return row
    return {name: value for name, value in row.items() if name not in _TELLING} | {"withheld": True}


def _flags(session: Session, user_id: int, hidden: Collection[int]) -> list[dict[str, Any]]:
    """Their reports; who answered is not theirs to take away, and an answer withdrawn is not given any more.

    What a teacher answered may tell the key: it waits while an exam hides that.
    """
    left_out = {"id", "learner_id", "question_id", "answered_by", "answer"}
    columns = [column for column in QuestionFlag.__table__.columns if column.key not in left_out]
    unsaid = or_(QuestionFlag.status == "open", QuestionFlag.question_id.in_(hidden))
    answer = case((unsaid, ""), else_=QuestionFlag.answer).label("answer")
    return _about_flags(session, QuestionFlag.learner_id == user_id, *columns, answer)


def _flag_answers(session: Session, user_id: int) -> list[dict[str, Any]]:
    """What they answered as a teacher, without the report itself."""
    columns = (QuestionFlag.status, QuestionFlag.answer, QuestionFlag.answered_at)
    return _about_flags(session, QuestionFlag.answered_by == user_id, *columns)


def _about_flags(session: Session, which: ColumnElement[bool], *columns: Any) -> list[dict[str, Any]]:
    rows = session.execute(
        select(Course.slug.label("course"), Question.slug.label("question"), *columns)
        .select_from(QuestionFlag)
        .join(Question, Question.id == QuestionFlag.question_id)
        .join(Course, Course.id == Question.course_id)
        .where(which)
        .order_by(QuestionFlag.id)
    )
    return [_document(row) for row in rows.mappings()]


def _uploads(session: Session, user_id: int) -> list[dict[str, Any]]:
    """The files they sent to the bank; what was in them is in the bank, or waits for at most a day."""
    hidden = {"id", "owner_id", "course_id", "content"}
    columns = [column for column in Upload.__table__.columns if column.key not in hidden]
    rows = session.execute(
        select(Course.slug.label("course"), *columns)
        .select_from(Upload)
        .outerjoin(Course, Course.id == Upload.course_id)
        .where(Upload.owner_id == user_id)
        .order_by(Upload.id)
    )
    return [_document(row) for row in rows.mappings()]


def _downloads(session: Session, user_id: int) -> list[dict[str, Any]]:
    """The files of scores they took as a teacher."""
    rows = session.execute(
        select(Class.name.label("class"), Exam.title.label("exam"), Download.at, Download.what)
        .join(Class, Class.id == Download.class_id)
        .outerjoin(Exam, Exam.id == Download.exam_id)
        .where(Download.by_id == user_id)
        .order_by(Download.id)
    )
    return [_document(row) for row in rows.mappings()]


def _document(row: RowMapping) -> dict[str, Any]:
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    """A value as JSON writes it."""
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Fraction):
        return str(value)
    return value
