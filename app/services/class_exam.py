"""What a class gets ready for: its next exam, and the plans that its members made for a day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.models import Exam, ExamPlan, Membership
from app.services.classes import Taught

_NOON = time(12, tzinfo=UTC)  # of a day without an exam: what is worked out for it holds all day


@dataclass(frozen=True, slots=True)
class Coming:
    """The instant that readiness is told for: `title` and `day` are of the exam, None when none is announced.

    `plans` members have a plan for an exam of this course that is not over; `minutes` a day is their median.
    """

    at: datetime
    title: str | None
    day: date | None
    plans: int
    minutes: float | None


def coming(session: Session, of: Taught, now: datetime) -> Coming:
    """The announced exam of a class that closes next, at its opening; midday of today once open, or without one."""
    exam = session.execute(
        select(Exam.title, Exam.opens_at, Exam.zone)
        .where(Exam.class_id == of.id, Exam.kind == "exam", Exam.published_at.is_not(None))
        .where(Exam.opens_at.is_not(None), or_(Exam.closes_at.is_(None), Exam.closes_at > now))
        .order_by(Exam.closes_at.asc().nulls_last(), Exam.opens_at, Exam.id)
        .limit(1)
    ).one_or_none()
    plans = session.scalars(
        select(ExamPlan.minutes_a_day)
        .join(Membership, and_(Membership.user_id == ExamPlan.learner_id, Membership.class_id == of.id))
        .where(ExamPlan.course_id == of.course_id, ExamPlan.exam_on >= now.date())
    ).all()
    today, typical = datetime.combine(now.date(), _NOON), median(plans) if plans else None
    if exam is None:
        return Coming(today, None, None, len(plans), typical)
    # Noon in UTC is tomorrow in some zones: the day is told by the exam's own clock, not by that instant.
    day = max(exam.opens_at, now).astimezone(ZoneInfo(exam.zone)).date()
    return Coming(exam.opens_at if exam.opens_at > now else today, exam.title, day, len(plans), typical)
