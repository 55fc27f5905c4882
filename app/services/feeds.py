"""The calendar of a learner at a secret address: their exams, and the work to expect on each day until them.

Whoever has the address reads it without logging in: so it says what is to be done and when, and nothing of what is
known, nor of anybody else. One address for a learner, whichever of their plans its hash is kept with. Looking at it
stores nothing.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from app.clock import day_starts_at
from app.errors import NotFound
from app.models import Course, ExamPlan, User
from app.services import exam_standing, foresight, plans, queueing, work_ahead
from app.services.exam_standing import Standing
from app.services.identity import Person, person_of
from app.services.sessions import hashed
from app.stats.workload import WorkDay


@dataclass(frozen=True, slots=True)
class Ahead:
    """One plan: the title of its course, the day of its exam, and the days before it that have work, today first."""

    plan_id: int
    course: str
    exam_on: date
    days: Sequence[WorkDay]


@dataclass(frozen=True, slots=True)
class Feed:
    """What a learner's calendar has, as it looked when their study day began (`as_of`, in UTC)."""

    as_of: datetime
    plans: Sequence[Ahead]
    exams: Sequence[Standing]


def make(session: Session, person: Person) -> str:
    """A new secret address, returned this once; the one before opens nothing any more.

    Raises NotFound without a plan.
    """
    revoke(session, person)
    secret = secrets.token_urlsafe(32)
    first = select(func.min(ExamPlan.id)).where(ExamPlan.learner_id == person.id).scalar_subquery()
    kept = update(ExamPlan).where(ExamPlan.id == first).values(feed_hash=hashed(secret)).returning(ExamPlan.id)
    if session.scalar(kept) is None:
        raise NotFound
    return secret


def revoke(session: Session, person: Person) -> None:
    """Let the address open nothing any more."""
    session.execute(update(ExamPlan).where(*_of(person)).values(feed_hash=None))


def has_address(session: Session, person: Person) -> bool:
    """Whether an address opens the learner's calendar."""
    return session.scalar(select(ExamPlan.id).where(*_of(person))) is not None


def owner(session: Session, secret: str) -> Person | None:
    """Whose calendar an address opens, None for one that opens none; by its hash, so that time tells nothing of it."""
    found = select(User).join(ExamPlan, ExamPlan.learner_id == User.id)
    user = session.scalars(found.where(ExamPlan.feed_hash == hashed(secret), User.active)).one_or_none()
    return None if user is None else person_of(user)


def feed_of(session: Session, person: Person, now: datetime) -> Feed:
    """The learner's exams with a date, and what each of their plans asks for."""
    title = Course.title_fr if person.locale == "fr" else Course.title_en
    courses = session.execute(
        select(ExamPlan.course_id, title)
        .join(Course, Course.id == ExamPlan.course_id)
        .where(ExamPlan.learner_id == person.id)
        .order_by(ExamPlan.id)
    ).all()
    exams = [one for one in exam_standing.standings(session, person, now) if not one.gone]
    return Feed(
        as_of=day_starts_at(person.today(now), person.zone, person.day_start_hour),
        plans=[_ahead(session, replace(person, course_id=course), words, now) for course, words in courses],
        exams=sorted(exams, key=lambda one: one.exam_id),
    )


def _of(person: Person) -> tuple[ColumnElement[bool], ...]:
    return ExamPlan.learner_id == person.id, ExamPlan.feed_hash.is_not(None)


def _ahead(session: Session, student: Person, course: str, now: datetime) -> Ahead:
    """The plan of the course that `student` is taken to study."""
    today = student.today(now)
    plan = plans.plan_of(session, student, today)
    if plan is None:
        raise NotFound
    days: list[WorkDay] = []
    if plan.leads(today):
        led = queueing.day_of(session, student, now).led
        foreseen = work_ahead.days_of_work(foresight.known(session, student, now), plan.wanted, plan.started_on)
        # Of today the list is known; a day later it is only foreseen.
        days = [day for day in foreseen if day.day > today]
        if led is not None:
            first = WorkDay(today, led.agenda.units * led.unit_s / 60, len(led.agenda.chosen))
            days = [first, *days]
    return Ahead(plan.id, course, plan.wanted.exam_on, [day for day in days if round(day.cards)])
