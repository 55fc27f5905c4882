"""Which questions keep their key from a learner because of an exam, as one condition of any statement.

A question that is frozen in an exam of theirs is hidden from the day the exam is announced until its review
options let this learner see the answers: outside the exam it is not asked, and no page, search or file tells
its key, nor whether an answer to it was right. A practice exam hides its questions only while an attempt of
theirs is at work. Once the class is put away nothing is hidden but by exams that somebody is still sitting.
When the options show the answers is what `app.exam.disclosure` says, here for many questions at once.

Whose exam it is: of a class they belong to, one announced to them before they left its class, or one they have
started, for leaving a class must open nothing. A learner without an exam costs one look into three indexes.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    and_,
    bindparam,
    cast,
    exists,
    func,
    or_,
    select,
    true,
    type_coerce,
    union,
)
from sqlalchemy.orm import Session

from app.exam.timing import GRACE, MINUTES_IN_AN_HOUR
from app.models import Allowance, Attempt, AttemptItem, Class, Exam, ExamItem, FormerMember, Membership
from app.models.base import Instant
from app.services.identity import Person

_SECOND_US = timedelta(seconds=1) // timedelta(microseconds=1)
_GRACE_US = GRACE // timedelta(microseconds=1)
_learner = bindparam("learner", type_=BigInteger())
_now = bindparam("now", type_=Instant())  # without a clock everything that might be hidden is
_OF_THEIR_CLASSES = select(Membership.user_id.label("learner_id"), Exam.id.label("exam_id")).join(
    Exam, Membership.class_id == Exam.class_id
)
_OF_CLASSES_THEY_LEFT = (
    select(FormerMember.user_id.label("learner_id"), Exam.id.label("exam_id"))
    .join(Exam, FormerMember.class_id == Exam.class_id)
    .where(Exam.published_at <= FormerMember.left_at)
)
_STARTED = select(Attempt.learner_id, Attempt.exam_id)
_THEIRS = union(
    _OF_THEIR_CLASSES.with_only_columns(Exam.id).where(Membership.user_id == _learner).correlate(None),
    _OF_CLASSES_THEY_LEFT.with_only_columns(Exam.id).where(FormerMember.user_id == _learner).correlate(None),
    _STARTED.with_only_columns(Attempt.exam_id).where(Attempt.learner_id == _learner).correlate(None),
)


def _is_past(instant: Any, extra: ColumnElement[int] | None = None) -> ColumnElement[bool]:
    """Whether an instant, `extra` seconds more, and the grace of saves are over; NULL without a clock."""
    end = type_coerce(instant, BigInteger) + _GRACE_US
    return (end if extra is None else end + extra * _SECOND_US) < _now


def _extra_s(minutes_an_hour: Any) -> ColumnElement[int]:
    """The extra time in whole seconds, rounded up, as `app.exam.timing` counts it; 0 without a duration."""
    share = cast(func.coalesce(Exam.duration_s, 0), BigInteger) * cast(minutes_an_hour, BigInteger)
    return (share + MINUTES_IN_AN_HOUR - 1) // MINUTES_IN_AN_HOUR


_UNSENT = and_(Attempt.exam_id == Exam.id, Attempt.submitted_at.is_(None))
_MOST_EXTRA = select(func.max(Membership.extra_minutes)).where(Membership.class_id == Exam.class_id)
_THEIR_EXTRA = select(Membership.extra_minutes).where(
    Membership.class_id == Exam.class_id, Membership.user_id == Allowance.learner_id
)
_SOMEBODY_AT_WORK = exists().where(_UNSENT, Attempt.deadline.is_not(None), _is_past(Attempt.deadline).is_not(true()))
_IN_USE = or_(Class.archived_at.is_(None), _SOMEBODY_AT_WORK.correlate(Exam))
_A_MAKE_UP_TO_COME = exists().where(
    Allowance.exam_id == Exam.id,
    Allowance.closes_at.is_not(None),
    _is_past(
        Allowance.closes_at, _extra_s(func.coalesce(_THEIR_EXTRA.correlate(Exam, Allowance).scalar_subquery(), 0))
    ).is_not(true()),
)
# Closed for its last student: what `disclosure.closing` calls `keys_at` is past.
_CLOSED = and_(
    _is_past(Exam.closes_at, _extra_s(func.coalesce(_MOST_EXTRA.correlate(Exam).scalar_subquery(), 0))),
    ~_SOMEBODY_AT_WORK.correlate(Exam),
    ~_A_MAKE_UP_TO_COME.correlate(Exam),
)


def _hides(learner: Any, *around: Any) -> ColumnElement[bool]:
    """Whether a question of one of their exams is hidden from `learner`, a value or a column of what is `around`."""
    at_work = exists().where(_UNSENT, Attempt.learner_id == learner, _is_past(Attempt.deadline).is_not(true()))
    asked_of_them = exists().where(
        AttemptItem.item_id == ExamItem.id, Attempt.id == AttemptItem.attempt_id, Attempt.learner_id == learner
    )
    shown = or_(
        and_(Exam.show_answers != "never", _CLOSED),
        # At the hand-in, of what was asked: another draw may ask the rest.
        and_(Exam.show_answers == "submitted", asked_of_them.correlate(ExamItem, *around), _now.is_not(None)),
    )
    held = and_(Exam.kind == "exam", _IN_USE, shown.is_not(true()))
    return and_(Exam.published_at.is_not(None), or_(at_work.correlate(Exam, *around), held))


_QUESTIONS = select(ExamItem.question_id).join(Exam, Exam.id == ExamItem.exam_id).join(Class, Class.id == Exam.class_id)

# Ids of questions; takes `learner` and `now`.
HIDDEN = _QUESTIONS.where(Exam.id.in_(_THEIRS), _hides(_learner)).correlate(None)
_HIDDEN_ELSEWHERE = HIDDEN.where(Exam.id != bindparam("exam"))


def hidden_questions(session: Session, learner: Person, now: datetime) -> frozenset[int]:
    """The ids of all questions whose keys are hidden from a learner at this instant."""
    return frozenset(session.scalars(HIDDEN, {"learner": learner.id, "now": now}))


def hidden_by_others(session: Session, learner: Person, exam_id: int, now: datetime) -> frozenset[int]:
    """The ids of all questions whose keys another exam than this one hides from a learner at this instant."""
    return frozenset(session.scalars(_HIDDEN_ELSEWHERE, {"learner": learner.id, "now": now, "exam": exam_id}))


def hidden_by_learner(
    session: Session, learners: Collection[int], questions: Collection[int], now: datetime
) -> Mapping[int, frozenset[int]]:
    """Of some questions, those whose keys are hidden at this instant from each of some learners, by learner's id."""
    theirs = union(
        _OF_THEIR_CLASSES.where(Membership.user_id.in_(learners)),
        _OF_CLASSES_THEY_LEFT.where(FormerMember.user_id.in_(learners)),
        _STARTED.where(Attempt.learner_id.in_(learners)),
    ).subquery()
    rows = session.execute(
        _QUESTIONS.add_columns(theirs.c.learner_id)
        .join(theirs, theirs.c.exam_id == Exam.id)
        .where(ExamItem.question_id.in_(questions), _hides(theirs.c.learner_id, theirs)),
        {"now": now},
    )
    found: dict[int, set[int]] = {}
    for question, who in rows:
        found.setdefault(who, set()).add(question)
    return {who: frozenset(hidden) for who, hidden in found.items()}
