"""How long a class keeps what its school knows of students, and the sweep that deletes what is kept no longer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, cast, delete, literal, or_, select, type_coerce, update
from sqlalchemy.orm import Session

from app.errors import FieldProblem, Invalid, NotFound
from app.models import Allowance, Attempt, Class, Exam, ExamEvent, FormerMember, GivenForm, Membership, RosterLine
from app.models.base import Instant
from app.services import accounts
from app.services.classes import taught_by
from app.services.identity import Person

LEAST_DAYS, MOST_DAYS = 30, 3650  # as the table says
DEFAULT_DAYS: int = Class.__table__.c.retention_days.default.arg
_ATTEMPTS_AT_ONCE = 100  # keeps the transaction of whoever cleans up short
_NOTED = or_(Membership.institution_id.is_not(None), Membership.extra_minutes != 0)
_DAY = timedelta(days=1) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days after it was put away a class keeps its attempts; `ends_at` is None while it is in use."""

    days: int
    ends_at: datetime | None

    def is_over(self, now: datetime) -> bool:
        """Whether nothing is kept any more."""
        return self.ends_at is not None and self.ends_at <= now

    def of_days(self, days: int) -> "Retention":
        """The same for another number of days."""
        moved = None if self.ends_at is None else self.ends_at + timedelta(days=days - self.days)
        return Retention(days, moved)


def of_class(session: Session, teacher: Person, class_id: int) -> Retention:
    """How long a class of this teacher keeps its attempts; raises NotFound."""
    columns = select(Class.retention_days, Class.archived_at).where(Class.id == class_id, taught_by(teacher))
    row = session.execute(columns).one_or_none()
    if row is None:
        raise NotFound
    ends_at = None if row.archived_at is None else row.archived_at + timedelta(days=row.retention_days)
    return Retention(row.retention_days, ends_at)


def keep_for(session: Session, teacher: Person, class_id: int, days: int, now: datetime, *, sure: bool = False) -> None:
    """Set for how long; raises NotFound, and Invalid for less than 30 days or more than ten years.

    Invalid ("deletes") too where that is over already, so that all would be deleted at once, unless one is `sure`.
    """
    if not LEAST_DAYS <= days <= MOST_DAYS:
        raise Invalid([FieldProblem("days", "out_of_range")])
    kept = of_class(session, teacher, class_id)
    if not sure and kept.of_days(days).is_over(now) and not kept.is_over(now):
        raise Invalid([FieldProblem("sure", "deletes")])
    changed = session.execute(
        update(Class).where(Class.id == class_id, taught_by(teacher)).values(retention_days=days).returning(Class.id)
    )
    if changed.scalar() is None:
        raise NotFound


def sweep(session: Session, now: datetime) -> bool:
    """Delete what is kept no longer: of classes whose retention is over, then guests nobody comes back for.

    Of such a class the attempts go (at most 100 a call), erased students' too, then its list of students, who
    had left it, what single students were allowed, their institution ids and their extra time. The class, its
    exams and its members' own cards stay. Returns whether there may be more to delete at once.
    """
    classes = _over(session, now)
    attempts = _forget_students(session, classes, now) if classes else 0
    guests = accounts.delete_stale_guests(session, now)
    return attempts == _ATTEMPTS_AT_ONCE or guests == accounts.GUESTS_AT_ONCE


def _over(session: Session, now: datetime) -> Sequence[int]:
    """The classes whose retention is over and which still hold something of it."""
    ends_at = type_coerce(Class.archived_at, BigInteger) + cast(Class.retention_days, BigInteger) * literal(
        _DAY, BigInteger
    )
    in_exams = select(Exam.id).where(Exam.class_id == Class.id)
    holds = or_(
        select(Attempt.id).where(Attempt.exam_id.in_(in_exams)).exists(),
        select(Allowance.exam_id).where(Allowance.exam_id.in_(in_exams)).exists(),
        select(GivenForm.exam_id).where(GivenForm.exam_id.in_(in_exams)).exists(),
        select(ExamEvent.id).where(ExamEvent.exam_id.in_(in_exams), ExamEvent.learner_id.is_not(None)).exists(),
        select(RosterLine.id).where(RosterLine.class_id == Class.id).exists(),
        select(FormerMember.user_id).where(FormerMember.class_id == Class.id).exists(),
        select(Membership.user_id).where(Membership.class_id == Class.id, _NOTED).exists(),
    )
    statement = select(Class.id).where(Class.archived_at.is_not(None), ends_at <= literal(now, Instant()), holds)
    return session.scalars(statement).all()


def _forget_students(session: Session, classes: Sequence[int], now: datetime) -> int:
    """Delete what these classes hold of their students; return how many attempts went."""
    exams = select(Exam.id).where(Exam.class_id.in_(classes))
    taken = select(Attempt.exam_id).where(Attempt.exam_id.in_(exams))
    session.execute(update(Exam).where(Exam.id.in_(taken)).values(forgotten_at=now))
    first = select(Attempt.id).where(Attempt.exam_id.in_(exams)).order_by(Attempt.id).limit(_ATTEMPTS_AT_ONCE)
    gone = session.scalars(delete(Attempt).where(Attempt.id.in_(first)).returning(Attempt.id)).all()
    session.execute(delete(Allowance).where(Allowance.exam_id.in_(exams)))
    session.execute(delete(GivenForm).where(GivenForm.exam_id.in_(exams)))
    session.execute(delete(ExamEvent).where(ExamEvent.exam_id.in_(exams), ExamEvent.learner_id.is_not(None)))
    session.execute(delete(FormerMember).where(FormerMember.class_id.in_(classes)))
    session.execute(delete(RosterLine).where(RosterLine.class_id.in_(classes)))
    noted = update(Membership).where(Membership.class_id.in_(classes), _NOTED)
    session.execute(noted.values(institution_id=None, extra_minutes=0))
    return len(gone)
