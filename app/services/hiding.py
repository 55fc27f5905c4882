"""Which questions keep their key from a learner because of an exam, as one condition of any statement.

A question that is frozen in an exam of theirs is hidden from the day the exam is announced until its review
options let this learner see the answers: outside the exam it is not asked, and no page, search or file tells
its key, nor whether an answer to it was right. A practice exam hides its questions only while an attempt of
theirs is at work. Once the class is put away nothing is hidden but what an attempt at work still asks.

Whose exam it is: of a class they belong to, or one they have started, for leaving a class must open nothing.
A learner without an exam costs one look into two indexes.
"""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, and_, bindparam, exists, func, or_, select, true, type_coerce, union
from sqlalchemy.orm import Session

from app.exam.timing import GRACE
from app.models import Allowance, Attempt, AttemptItem, Class, Exam, ExamItem, Membership
from app.models.base import Instant
from app.services.identity import Person

_learner = bindparam("learner", type_=BigInteger())
_now = bindparam("now", type_=Instant())  # without a clock everything that might be hidden is
_THEIRS = union(
    select(Exam.id)
    .join(Membership, Membership.class_id == Exam.class_id)
    .where(Membership.user_id == _learner)
    .correlate(None),
    select(Attempt.exam_id).where(Attempt.learner_id == _learner).correlate(None),
)
_OVERDUE = type_coerce(Attempt.deadline, BigInteger) + GRACE // timedelta(microseconds=1) < _now
_AT_WORK = (
    exists()
    .where(
        Attempt.exam_id == Exam.id,
        Attempt.learner_id == _learner,
        Attempt.submitted_at.is_(None),
        _OVERDUE.is_not(true()),
    )
    .correlate(Exam)
)
_ASKED_OF_THEM = (
    exists()
    .where(AttemptItem.item_id == ExamItem.id, Attempt.id == AttemptItem.attempt_id, Attempt.learner_id == _learner)
    .correlate(ExamItem)
)
_closed = func.coalesce(Allowance.closes_at, Exam.closes_at) <= _now  # a make-up has its own window
_SHOWN = or_(
    and_(Exam.show_answers != "never", _closed),
    # At the hand-in, of what was asked: another draw may ask the rest.
    and_(Exam.show_answers == "submitted", _ASKED_OF_THEM, _now.is_not(None)),
)

# Ids of questions; takes `learner` and `now`.
HIDDEN = (
    select(ExamItem.question_id)
    .join(Exam, Exam.id == ExamItem.exam_id)
    .join(Class, Class.id == Exam.class_id)
    .outerjoin(Allowance, and_(Allowance.exam_id == Exam.id, Allowance.learner_id == _learner))
    .where(
        Exam.id.in_(_THEIRS),
        Exam.published_at.is_not(None),
        or_(_AT_WORK, and_(Exam.kind == "exam", Class.archived_at.is_(None), _SHOWN.is_not(true()))),
    )
    .correlate(None)
)


def hidden_questions(session: Session, learner: Person, now: datetime) -> frozenset[int]:
    """The ids of all questions whose keys are hidden from a learner at this instant."""
    return frozenset(session.scalars(HIDDEN, {"learner": learner.id, "now": now}))
