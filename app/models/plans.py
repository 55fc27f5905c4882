"""Plans: the day of a learner's exam in one course, and the time they give it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant


class ExamPlan(Base):
    """One learner's way to an exam in one course.

    `stamp` is new at every change: what was worked out for another one is out of date. Bit n of
    `weekdays_off` (Monday is 0) is a day of the week without study. `extra_minutes` are for `extra_day` alone.
    `feed_hash` is of the secret address of its calendar.
    """

    __tablename__ = "exam_plan"
    __table_args__ = (
        UniqueConstraint("learner_id", "course_id"),
        UniqueConstraint("feed_hash"),
        Index(None, "course_id"),
        CheckConstraint("minutes_a_day BETWEEN 5 AND 180", name="minutes_a_day"),
        CheckConstraint("weekdays_off BETWEEN 0 AND 126", name="a_weekday_is_left"),
        CheckConstraint("(extra_day IS NULL) = (extra_minutes = 0)", name="extra_minutes_have_a_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    exam_on: Mapped[date]
    minutes_a_day: Mapped[int]
    weekdays_off: Mapped[int] = mapped_column(default=0)
    started_on: Mapped[date]  # the study day it was made: new cards are paced from here
    extra_day: Mapped[date | None]
    extra_minutes: Mapped[int] = mapped_column(default=0)
    stamp: Mapped[str]
    feed_hash: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(Instant)


class PlanDayOff(Base):
    """A day on which the learner will not study."""

    __tablename__ = "plan_day_off"

    plan_id: Mapped[int] = mapped_column(ForeignKey("exam_plan.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


class PlanLeftOut(Base):
    """A topic that is not part of a plan; those that a course gains later are."""

    __tablename__ = "plan_left_out"
    __table_args__ = (Index(None, "topic_id"),)

    plan_id: Mapped[int] = mapped_column(ForeignKey("exam_plan.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True)
