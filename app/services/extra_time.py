"""Extra time that changes while its student is at work: the stored deadline moves, never back."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from app.errors import Conflict
from app.exam import timing
from app.exam.timing import GRACE, Window
from app.models import Allowance, Attempt, AttemptEvent, Exam, Membership
from app.models.base import table_of
from app.services.exams import window_of
from app.services.identity import Person

_MEMBER = table_of(Membership).c
_MINUTES = (
    select(_MEMBER.extra_minutes)
    .where(_MEMBER.class_id == bindparam("class"), _MEMBER.user_id == bindparam("user"))
    .with_for_update(read=True)
)


def held(session: Session, class_id: int, user_id: int) -> int:
    """The minutes an hour of who starts an attempt, held so that nobody changes them meanwhile, and nobody leaves.

    Raises Conflict ("gone") for who is no member (any more).
    """
    minutes: int | None = session.execute(_MINUTES, {"class": class_id, "user": user_id}).scalar()
    if minutes is None:
        raise Conflict("gone")
    return minutes


def follow(session: Session, class_id: int, extras: Mapping[int, int], by: Person | None, now: datetime) -> None:
    """Give students at work the extra time (minutes an hour, by student) that is theirs from now on; it is logged.

    Their deadlines move by what it brings, so that time given besides stays. Less than before takes nothing from
    who is at work: they were told until when they have. `by` is None where no account did it.
    """
    rows = session.execute(
        select(Attempt, Exam, Allowance)
        .join(Exam, Exam.id == Attempt.exam_id)
        .outerjoin(Allowance, (Allowance.exam_id == Exam.id) & (Allowance.learner_id == Attempt.learner_id))
        .where(Exam.class_id == class_id, Attempt.learner_id.in_(list(extras)), Attempt.submitted_at.is_(None))
        .where(or_(Attempt.deadline.is_(None), Attempt.deadline >= now - GRACE))
        .order_by(Attempt.id)
        .with_for_update(of=Attempt)
    ).all()
    for attempt, exam, allowance in rows:
        minutes = extras.get(attempt.learner_id or 0, 0)
        if minutes <= attempt.extra_minutes:
            continue
        window = window_of(exam)
        if allowance is not None and allowance.closes_at is not None:
            window = Window(allowance.opens_at, allowance.closes_at, window.duration)
        details = {"before": attempt.extra_minutes, "minutes_an_hour": minutes}
        _move(attempt, window, minutes)
        event = {"kind": "extra_time", "by_id": by.id if by else None, "details": details}
        session.add(AttemptEvent(attempt_id=attempt.id, at=now, **event))
    session.flush()


def _move(attempt: Attempt, window: Window, minutes: int) -> None:
    before = timing.deadline(attempt.started_at, window, timing.extra_time(attempt.extra_minutes))
    after = timing.deadline(attempt.started_at, window, timing.extra_time(minutes))
    if attempt.deadline is not None and before is not None and after is not None:
        attempt.deadline += after - before
    attempt.extra_minutes = minutes
