"""A learner's plans: the date of an exam, the minutes a day, the days off and the topics.

One plan a course. A new date starts it anew, so that new cards are paced from that day on.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, case, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.errors import FieldProblem, Invalid, NotFound
from app.models import ExamPlan, PlanDayOff, PlanLeftOut, Topic
from app.services.identity import Person
from app.services.queueing import course_of

FEWEST_MINUTES, MOST_MINUTES = 5, 180
MOST_DAYS = 366  # an exam further off than that is no date to plan for yet
MORE_MINUTES = 10
MOST_EXTRA = 240
WEEK = 7


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a learner asks of a plan. Bit n of `weekdays_off` is a day of the week without study, Monday 0;
    `left_out` are ids of topics."""

    exam_on: date
    minutes_a_day: int
    weekdays_off: int = 0
    days_off: frozenset[date] = frozenset()
    left_out: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it is kept."""

    id: int
    course_id: int
    wanted: Wanted
    started_on: date
    extra_minutes: int

    def leads(self, today: date) -> bool:
        """Whether it decides what is studied on `today`."""
        return today < self.wanted.exam_on


def plan_of(session: Session, person: Person, today: date) -> Plan | None:
    """The learner's plan of the course they study, that of a past exam too; None without one."""
    row = session.scalars(_plan_of(person, course_of(session, person))).one_or_none()
    if row is None:
        return None
    wanted = Wanted(
        exam_on=row.exam_on,
        minutes_a_day=row.minutes_a_day,
        weekdays_off=row.weekdays_off,
        days_off=frozenset(session.scalars(select(PlanDayOff.day).where(PlanDayOff.plan_id == row.id))),
        left_out=frozenset(session.scalars(select(PlanLeftOut.topic_id).where(PlanLeftOut.plan_id == row.id))),
    )
    extra = row.extra_minutes if row.extra_day == today else 0
    return Plan(row.id, row.course_id, wanted, row.started_on, extra)


def problems(session: Session, person: Person, wanted: Wanted, today: date) -> Sequence[FieldProblem]:
    """Everything in `wanted` that a rule refuses, field by field."""
    found = []
    if not today < wanted.exam_on <= today + timedelta(days=MOST_DAYS):
        found.append(FieldProblem("exam_on", "past" if wanted.exam_on <= today else "too_far"))
    if not FEWEST_MINUTES <= wanted.minutes_a_day <= MOST_MINUTES:
        found.append(FieldProblem("minutes_a_day", "out_of_range"))
    if not 0 <= wanted.weekdays_off < 2**WEEK - 1:
        found.append(FieldProblem("weekdays_off", "no_day_left"))
    if any(not today <= day < wanted.exam_on for day in wanted.days_off):
        found.append(FieldProblem("days_off", "outside"))
    topics = {topic for topic, _ in topics_of(session, person)}
    if not wanted.left_out <= topics:
        found.append(FieldProblem("topics", "unknown"))
    elif topics and wanted.left_out >= topics:
        found.append(FieldProblem("topics", "none_left"))
    return found


def topics_of(session: Session, person: Person) -> Sequence[tuple[int, str]]:
    """The topics (id, title) of the course the learner studies."""
    title = Topic.title_fr if person.locale == "fr" else Topic.title_en
    statement = select(Topic.id, title).where(Topic.course_id == course_of(session, person), Topic.retired.is_(False))
    return session.execute(statement.order_by(Topic.position, Topic.id)).all()


def keep(session: Session, person: Person, wanted: Wanted, now: datetime) -> int:
    """Make the learner's plan of the course they study, or change it; return its id.

    Days off that are over stay written down. The pace of new cards starts anew with another date. Raises Invalid
    with every problem at once, and NotFound when there is no course.
    """
    today, course_id = person.today(now), course_of(session, person)
    if course_id is None:
        raise NotFound
    found = problems(session, person, wanted, today)
    if found:
        raise Invalid(found)
    plan_id = _kept(session, person, course_id, wanted, now)
    session.execute(delete(PlanDayOff).where(PlanDayOff.plan_id == plan_id, PlanDayOff.day >= today))
    session.execute(delete(PlanLeftOut).where(PlanLeftOut.plan_id == plan_id))
    if wanted.days_off:
        session.execute(insert(PlanDayOff), [{"plan_id": plan_id, "day": day} for day in sorted(wanted.days_off)])
    if wanted.left_out:
        rows = [{"plan_id": plan_id, "topic_id": topic} for topic in sorted(wanted.left_out)]
        session.execute(insert(PlanLeftOut), rows)
    return plan_id


def add_minutes(session: Session, person: Person, now: datetime) -> int:
    """Ten minutes more for today alone, and that on a day off too; return today's extra minutes.

    Raises NotFound without a plan that leads, and Invalid past four hours.
    """
    today = person.today(now)
    plan = plan_of(session, person, today)
    if plan is None or not plan.leads(today):
        raise NotFound
    minutes = plan.extra_minutes + MORE_MINUTES
    if minutes > MOST_EXTRA:
        raise Invalid([FieldProblem("minutes", "out_of_range")])
    values = {"extra_day": today, "extra_minutes": minutes, "stamp": _stamp()}
    session.execute(update(ExamPlan).where(ExamPlan.id == plan.id).values(**values))
    return minutes


def remove(session: Session, person: Person) -> None:
    """Take the learner's plan of their course away; their cards stay as SM-2 has them. Raises NotFound without one.

    The address of their calendar, which has all plans, goes on with another one.
    """
    found = session.scalars(_plan_of(person, course_of(session, person))).one_or_none()
    if found is None:
        raise NotFound
    feed_hash = found.feed_hash
    session.execute(delete(ExamPlan).where(ExamPlan.id == found.id))
    if feed_hash:
        another = select(func.min(ExamPlan.id)).where(ExamPlan.learner_id == person.id).scalar_subquery()
        session.execute(update(ExamPlan).where(ExamPlan.id == another).values(feed_hash=feed_hash))


def _plan_of(person: Person, course_id: int | None) -> Select[ExamPlan]:
    return select(ExamPlan).where(ExamPlan.learner_id == person.id, ExamPlan.course_id == course_id)


def _kept(session: Session, person: Person, course_id: int, wanted: Wanted, now: datetime) -> int:
    """The row of the plan; of two tabs that make one at the same instant, the later one changes it."""
    today = person.today(now)
    values = {
        "exam_on": wanted.exam_on,
        "minutes_a_day": wanted.minutes_a_day,
        "weekdays_off": wanted.weekdays_off,
        "stamp": _stamp(),
    }
    insert_into: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[session.connection().dialect.name]
    fresh = insert_into(ExamPlan).values(
        learner_id=person.id, course_id=course_id, started_on=today, extra_minutes=0, created_at=now, **values
    )
    same_date = ExamPlan.exam_on == fresh.excluded.exam_on
    statement = fresh.on_conflict_do_update(
        index_elements=["learner_id", "course_id"],
        set_={**values, "started_on": case((same_date, ExamPlan.started_on), else_=today)},
    )
    plan_id: int = session.execute(statement.returning(ExamPlan.id)).scalar_one()
    return plan_id


def _stamp() -> str:
    return secrets.token_hex(8)
