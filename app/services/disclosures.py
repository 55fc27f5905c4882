"""When exams are closed for their last student: the facts that `app.exam.disclosure` decides by."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.exam import disclosure, timing
from app.exam.disclosure import Closing
from app.exam.timing import Window
from app.models import Allowance, Attempt, Exam, Membership
from app.services.exams import window_of


def closings(session: Session, exam_ids: Sequence[int]) -> Mapping[int, Closing]:
    """For each of these exams, when it is closed for its last student, by id."""
    exams = session.scalars(select(Exam).where(Exam.id.in_(exam_ids))).all()
    extras = _extras(session, exams)
    makeups = _makeups(session, exam_ids)
    deadlines = _deadlines(session, exam_ids)
    found = {}
    for exam in exams:
        window, others = window_of(exam), makeups.get(exam.id, {})
        at_work = deadlines.get(exam.id, [])
        found[exam.id] = disclosure.closing(
            window,
            [timing.extra_time(minutes) for minutes in extras.get(exam.class_id, ())],
            [deadline for learner_id, deadline in at_work if learner_id not in others],
            [
                *(_end(window, *makeup) for makeup in others.values()),
                *(deadline for learner_id, deadline in at_work if learner_id in others),
            ],
        )
    return found


def _end(window: Window, opens_at: datetime | None, closes_at: datetime, minutes: int) -> datetime:
    own = Window(opens_at, closes_at, window.duration)
    return timing.last_moment(own, timing.extra_time(minutes)) or closes_at


def _extras(session: Session, exams: Sequence[Exam]) -> dict[int, list[int]]:
    """The different extra times (minutes an hour) in each class."""
    found: dict[int, list[int]] = {}
    statement = select(Membership.class_id, Membership.extra_minutes).distinct()
    for class_id, minutes in session.execute(statement.where(Membership.class_id.in_({one.class_id for one in exams}))):
        found.setdefault(class_id, []).append(minutes)
    return found


def _makeups(session: Session, exam_ids: Sequence[int]) -> dict[int, dict[int, tuple[datetime | None, datetime, int]]]:
    """The windows of single students, with their extra time: by exam, then by student."""
    member = and_(Membership.class_id == Exam.class_id, Membership.user_id == Allowance.learner_id)
    rows = session.execute(
        select(Allowance, Membership.extra_minutes)
        .join(Exam, Exam.id == Allowance.exam_id)
        .outerjoin(Membership, member)
        .where(Allowance.exam_id.in_(exam_ids), Allowance.closes_at.is_not(None))
    )
    found: dict[int, dict[int, tuple[datetime | None, datetime, int]]] = {}
    for one, minutes in rows:
        if one.closes_at is not None:
            found.setdefault(one.exam_id, {})[one.learner_id] = (one.opens_at, one.closes_at, minutes or 0)
    return found


def _deadlines(session: Session, exam_ids: Sequence[int]) -> dict[int, list[tuple[int | None, datetime]]]:
    """Whose attempts were not handed in, and until when they may be: time may have been given."""
    found: dict[int, list[tuple[int | None, datetime]]] = {}
    rows = session.execute(
        select(Attempt.exam_id, Attempt.learner_id, Attempt.deadline).where(
            Attempt.exam_id.in_(exam_ids), Attempt.submitted_at.is_(None), Attempt.deadline.is_not(None)
        )
    )
    for exam_id, learner_id, deadline in rows:
        if deadline is not None:
            found.setdefault(exam_id, []).append((learner_id, deadline))
    return found
