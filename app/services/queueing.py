"""What a learner has to answer today: one query, then the pure rules of `app.srs.queue`."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Integer, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from app.models import Card, Course, ExamPlan, Question, ReviewLog
from app.services import planning
from app.services.card_rows import ASKABLE, CARD_COLUMNS, totals_of
from app.services.hiding import HIDDEN
from app.services.identity import Person
from app.services.planning import Led
from app.srs import agenda, queue

_PACE_ANSWERS = 50
_PACE_DEFAULT_S = 25.0  # before the learner's first answer
_PACE_CAP_MS = 120_000  # a longer pause was spent on something else

# In the same statement, for the people who have chosen no course.
COURSE = func.coalesce(
    bindparam("course", type_=Integer),
    select(Course.id).where(Course.retired.is_(False)).order_by(Course.id).limit(1).scalar_subquery(),
)

_LAST_ANSWERS = (
    select(case((ReviewLog.took_ms > _PACE_CAP_MS, _PACE_CAP_MS), else_=ReviewLog.took_ms).label("took_ms"))
    .where(ReviewLog.learner_id == bindparam("learner"), ReviewLog.took_ms > 0)
    .order_by(ReviewLog.answered_at.desc())
    .limit(_PACE_ANSWERS)
    .subquery()
)

_ITEMS = (
    select(
        Question.id,
        Question.topic_id,
        Question.objective_id,
        Question.position,
        *CARD_COLUMNS,
        Question.id.in_(HIDDEN).label("hidden"),
        select(func.avg(_LAST_ANSWERS.c.took_ms)).scalar_subquery().label("pace_ms"),
        *planning.PLAN_COLUMNS,
    )
    .outerjoin(ExamPlan, and_(ExamPlan.learner_id == bindparam("learner"), ExamPlan.course_id == Question.course_id))
    .outerjoin(Card, and_(Card.question_id == Question.id, Card.learner_id == bindparam("learner")))
    .where(
        Question.course_id == COURSE,
        ASKABLE,
        or_(
            Card.due.is_(None),
            Card.due <= bindparam("today"),
            Card.last_day == bindparam("today"),
            ExamPlan.exam_on > bindparam("today"),
        ),
    )
)

_NEXT_DUE = (
    select(func.min(case((Card.buried_until > Card.due, Card.buried_until), else_=Card.due)))
    .join(Question, Question.id == Card.question_id)
    .where(
        Card.learner_id == bindparam("learner"),
        Question.course_id == COURSE,
        ASKABLE,
        Card.suspended.is_(False),
        Question.id.not_in(HIDDEN),
    )
)


@dataclass(frozen=True, slots=True)
class Day:
    """A learner's day so far: what is left (`queue`), how many cards are done with until tomorrow,
    how long what is left takes (at the mean of their last answers, long pauses cut off; by the plan when
    one leads), and how many questions are left out because an exam hides their keys. `led` is what the
    plan towards an exam asks for today."""

    today: date
    queue: queue.Queue
    done: int
    seconds_left: float
    hidden: int = 0
    led: Led | None = None

    @property
    def total(self) -> int:
        """All the cards of the day, done and left."""
        return self.done + self.queue.left


def day_of(session: Session, person: Person, now: datetime) -> Day:
    """The learner's queue at this moment, and what is done of it today.

    Until the day of their exam a plan leads it; in the time after, what piled up meanwhile is spread by
    the plan's minutes.
    """
    today = person.today(now)
    params = {"learner": person.id, "course": person.course_id, "today": today, "now": now}
    rows = session.execute(_ITEMS, {**params, **planning.params(now, today)}).all()
    items = [_item(row) for row in rows if not row.hidden]
    done = sum(1 for row in rows if _is_done(row, today))
    hidden = len(rows) - len(items)
    towards = planning.towards(rows[0]) if rows else None
    if towards and towards.leads(today):
        led = planning.led(session, person.id, towards, items, today)
        built = agenda.queue(led.agenda, items, today)
        return Day(today, built, done, led.seconds_left + built.drills * led.unit_s, hidden, led)
    limits = towards.limits(person.limits, items, today) if towards else person.limits
    pace = float(rows[0].pace_ms) / 1000 if rows and rows[0].pace_ms else _PACE_DEFAULT_S
    built = queue.build(items, today, limits)
    return Day(today, built, done, built.left * pace, hidden)


def next_due(session: Session, person: Person, today: date, now: datetime) -> date | None:
    """The first day after `today` on which a card comes back; what a limit left over comes tomorrow.

    None when no card will, as for those who allow no review at all. Cards that an exam hides are left out.
    """
    if not person.reviews_per_day:
        return None
    day = session.scalar(_NEXT_DUE, {"learner": person.id, "course": person.course_id, "now": now})
    return None if day is None else max(day, today + timedelta(days=1))


def course_of(session: Session, person: Person) -> int | None:
    """The course the person studies: the chosen one, else the first there is."""
    if person.course_id is not None:
        return person.course_id
    return session.scalar(select(Course.id).where(Course.retired.is_(False)).order_by(Course.id).limit(1))


def _is_done(row: Any, today: date) -> bool:
    """Whether a card is done with until tomorrow; a hidden one is, whichever way it was answered."""
    return row.last_day == today and row.due is not None and (row.drill_day != today or bool(row.hidden))


def _item(row: Any) -> queue.Item:
    return queue.Item(
        question=row.id,
        topic=row.topic_id,
        objective=row.objective_id,
        position=row.position,
        totals=totals_of(row),
        buried_until=row.buried_until,
        suspended=bool(row.suspended),
    )
