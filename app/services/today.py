"""What a learner's own page says of their habit and of their exam, beside the work of the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.exam.timing import Phase
from app.services import foresight, progress
from app.services.exam_standing import Standing
from app.services.identity import Person
from app.services.plans import Plan
from app.services.progress import Overview
from app.stats import habit

_WEEKS = 53  # a row of days is counted over a year


@dataclass(frozen=True, slots=True)
class Habit:
    """The answers of yesterday, the days of study in a row, and the days missed just before today, days off apart."""

    answers_yesterday: int
    in_a_row: int
    missed: int


@dataclass(frozen=True, slots=True)
class Announced:
    """An exam that a teacher has announced, and its day where the learner is."""

    title: str
    day: date


def habit_of(session: Session, person: Person, overview: Overview, plan: Plan | None, now: datetime) -> Habit:
    """The learner's habit; only a plan that leads can be behind on days."""
    today, active = overview.today, {day.day for day in overview.strip if day.answers}
    yesterday = today - timedelta(days=1)

    def is_off(day: date) -> bool:
        return plan is not None and foresight.is_off(plan.wanted, day)

    if all(day.answers or is_off(day.day) for day in overview.strip if day.day < today):
        active = progress.study_days(session, person, now, _WEEKS)  # the row may go back further
    behind = plan if plan and plan.leads(today) and today not in active else None
    missed = habit.days_missed(active, behind.started_on, today, is_off) if behind else 0
    answers = sum(day.answers for day in overview.strip if day.day == yesterday)
    return Habit(answers, habit.days_in_a_row(active, today, is_off), missed)


def announced(exams: Sequence[Standing], person: Person, course_id: int | None, today: date) -> Announced | None:
    """The next exam of the learner's course that a teacher has set on a day after today."""
    found = [
        Announced(one.title, one.window.opens_at.astimezone(ZoneInfo(person.zone)).date())
        for one in exams
        if one.kind == "exam" and one.phase is Phase.ANNOUNCED and one.window.opens_at and one.course_id == course_id
    ]
    return min((one for one in found if one.day > today), key=lambda one: one.day, default=None)
