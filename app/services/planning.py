"""The morning's order of a plan: made once a study day from the answers of the days before, and kept in memory.

It depends on nothing that today's answers change, so every process finds the same one and none has to
store it. It is made anew when the plan changes (its `stamp`), when an answer of an earlier day is undone, and
when one arrives late: given without the network, or brought over from an exam. Questions that the course gains
during the day are met from the next one on.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.clock import MOST_ZONES_APART
from app.models import Card, ExamPlan, PlanDayOff, PlanLeftOut, Question, ReviewLog, Topic
from app.services import past_log
from app.services.card_rows import ASKABLE
from app.services.kept import Kept
from app.services.log_rows import not_taken_back
from app.services.past_log import eve_of, monday_of
from app.srs import agenda, plan
from app.srs.agenda import Agenda
from app.srs.answering import Kind
from app.srs.memory import Learnt
from app.srs.plan import Choice
from app.srs.queue import Item, Limits, interleaved
from app.stats.past import TELLING, Past

_PACE_ROWS = 200
_NO_PAUSE_MS = 120_000  # a longer pause was spent on something else

_MORNINGS: Kept["Morning"] = Kept(most=500)
_WEEKS: Kept[Past] = Kept(most=100)
_ANSWERED: Kept[Mapping[int, Learnt]] = Kept(most=32)  # a morning and a forecast read the same, one after the other

_undone = aliased(ReviewLog)
_SINCE = (
    select(Card.question_id, ReviewLog.study_day, ReviewLog.grade)
    .join(Card, Card.id == ReviewLog.card_id)
    .join(Question, Question.id == Card.question_id)
    .where(
        ReviewLog.learner_id == bindparam("learner"),
        Question.course_id == bindparam("course"),
        ReviewLog.answered_at >= bindparam("eve"),
        ReviewLog.study_day >= bindparam("monday"),
        ReviewLog.study_day < bindparam("today"),
        ReviewLog.kind.in_(TELLING),
        not_taken_back(),
    )
    .order_by(ReviewLog.card_id, ReviewLog.study_day, ReviewLog.number)
)
_PACE = (
    select(ReviewLog.took_ms)
    .where(
        ReviewLog.learner_id == bindparam("learner"),
        ReviewLog.study_day < bindparam("today"),
        ReviewLog.took_ms.between(1, _NO_PAUSE_MS),
    )
    .order_by(ReviewLog.answered_at.desc())
    .limit(_PACE_ROWS)
)
_DECK = (
    select(Question.id, Question.topic_id, Question.objective_id, Question.position)
    .join(Topic, Topic.id == Question.topic_id)
    .where(
        Question.course_id == bindparam("course"),
        ASKABLE,
        Question.topic_id.not_in(select(PlanLeftOut.topic_id).where(PlanLeftOut.plan_id == bindparam("plan"))),
    )
    .order_by(Topic.position, Topic.id, Question.position, Question.id)
)

_UNDONE = (
    select(func.count())
    .select_from(ReviewLog)
    .join(_undone, and_(_undone.card_id == ReviewLog.card_id, _undone.number == ReviewLog.undoes))
    .where(
        ReviewLog.learner_id == bindparam("learner"),
        ReviewLog.answered_at >= bindparam("eve"),
        ReviewLog.kind == Kind.UNDO.value,
        ReviewLog.study_day >= bindparam("today"),
        _undone.study_day < bindparam("today"),
    )
)

# How many rows the log has from before today: all that the cards count, less those since.
_TODAY = select(func.count()).where(
    ReviewLog.learner_id == bindparam("learner"),
    ReviewLog.answered_at >= bindparam("eve"),
    ReviewLog.study_day >= bindparam("today"),
)
_ALL = select(func.coalesce(func.sum(Card.log_length), 0)).where(Card.learner_id == bindparam("learner"))
_LOGGED_BEFORE = _ALL.scalar_subquery() - _TODAY.scalar_subquery()
_SIZE = select(func.count()).where(Question.course_id == bindparam("course"), ASKABLE)
_EARLIER = select(_UNDONE.scalar_subquery(), _LOGGED_BEFORE)
_VERSION = select(_UNDONE.scalar_subquery(), _LOGGED_BEFORE, _SIZE.scalar_subquery())

_PACED = _PACE.subquery()

# Of the learner's plan of a course, which the statement joins; `params` has their parameters.
PLAN_COLUMNS = (
    ExamPlan.id.label("plan_id"),
    ExamPlan.course_id.label("plan_course_id"),
    ExamPlan.exam_on,
    ExamPlan.minutes_a_day,
    ExamPlan.started_on,
    case((ExamPlan.extra_day == bindparam("today"), ExamPlan.extra_minutes), else_=0).label("extra_today"),
    ExamPlan.stamp,
    or_(
        ExamPlan.weekdays_off.bitwise_and(bindparam("weekday", type_=Integer)) > 0,
        exists().where(PlanDayOff.plan_id == ExamPlan.id, PlanDayOff.day == bindparam("today")).correlate(ExamPlan),
    ).label("off_today"),
    _UNDONE.scalar_subquery().label("undone_before_today"),
    _LOGGED_BEFORE.label("logged_before_today"),
    select(func.avg(_PACED.c.took_ms)).scalar_subquery().label("typical_ms"),
    select(func.count(_PACED.c.took_ms)).scalar_subquery().label("paced"),
)


@dataclass(frozen=True, slots=True)
class Towards:
    """A plan as a day needs it. `earlier` tells the answers of earlier days apart from what they were at any
    other moment: how many were taken back today, and how many rows the log has from then. `paced` of them took
    `typical_s` seconds in the mean."""

    plan_id: int
    course_id: int
    exam_on: date
    minutes_a_day: int
    extra_minutes: int
    off_today: bool
    started_on: date
    stamp: str
    earlier: tuple[int, int]
    typical_s: float
    paced: int

    @property
    def minutes(self) -> int:
        """The minutes that today has."""
        return self.extra_minutes if self.off_today else self.minutes_a_day + self.extra_minutes

    def leads(self, today: date) -> bool:
        """Whether the plan decides what is studied on `today`."""
        return today < self.exam_on

    def limits(self, own: Limits, items: Iterable[Item], today: date) -> Limits:
        """The limits of a day after the exam: the plan's minutes at the learner's pace of the days before."""
        due = sum(1 for item in items if _was_due(item, today))
        unit_s = agenda.settled_unit_s(self.typical_s, self.paced)
        return agenda.afterwards(own, due, agenda.budget(self.minutes_a_day, unit_s))


Histories = Mapping[int, Sequence[tuple[date, int]]]  # by question: the first answer (day, grade) of each day


@dataclass(frozen=True, slots=True)
class Deck:
    """What a plan works with: the cards as they were in the morning, the topic of each, and the seconds of one unit
    of time."""

    cards: Sequence[Learnt]
    topics: Mapping[int, int]
    unit_s: float


@dataclass(frozen=True, slots=True)
class Morning(Deck):
    """What a plan works with all day, and the order of its cards."""

    order: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Led:
    """What a plan asks for today."""

    towards: Towards
    agenda: Agenda
    unit_s: float

    @property
    def seconds_left(self) -> float:
        """About how long what is left of the list takes, drills apart."""
        return self.agenda.units_left * self.unit_s

    def why(self, question: int) -> Choice | None:
        """What speaks for a question today; None for one that the plan did not choose."""
        return self.agenda.chosen.get(question)

    def more(self, minutes: int) -> Sequence[Choice]:
        """The cards that `minutes` more would bring."""
        return self.agenda.more(agenda.budget(minutes, self.unit_s))


def params(now: datetime, today: date) -> Mapping[str, Any]:
    """The parameters of PLAN_COLUMNS beyond `learner` and `today`."""
    return {"eve": now - MOST_ZONES_APART, "weekday": 1 << today.weekday()}


def towards(row: Any) -> Towards | None:
    """The plan in a row with PLAN_COLUMNS; None without one. `today`, `eve` and `learner` were its parameters."""
    if row.plan_id is None:
        return None
    return Towards(
        plan_id=row.plan_id,
        course_id=row.plan_course_id,
        exam_on=row.exam_on,
        minutes_a_day=row.minutes_a_day,
        extra_minutes=row.extra_today or 0,
        off_today=bool(row.off_today),
        started_on=row.started_on,
        stamp=row.stamp,
        earlier=(row.undone_before_today or 0, row.logged_before_today or 0),
        typical_s=float(row.typical_ms or 0) / 1000,
        paced=row.paced,
    )


def led(session: Session, learner_id: int, of: Towards, items: Sequence[Item], today: date) -> Led:
    """Today's list of a plan that leads; `items` are the learner's cards of the course that may be asked."""
    start = morning(session, learner_id, of, today)
    units = agenda.budget(of.minutes, start.unit_s)
    return Led(of, agenda.build(start.order, items, today, units), start.unit_s)


def morning(session: Session, learner_id: int, of: Towards, today: date) -> Morning:
    """The order of the study day `today`, from memory when this process has made it before."""
    return _MORNINGS.get((of.stamp, today, of.earlier), lambda: _made(session, learner_id, of, today))


def deck(
    session: Session,
    learner_id: int,
    course_id: int,
    today: date,
    earlier: tuple[int, int],
    plan_id: int | None = None,
    past: Past | None = None,
) -> Deck:
    """The cards of a course, but for the topics that a plan leaves out, as the answers before `today` left them.

    `earlier` tells these answers apart from what they were at any other moment: see `Towards`. `past` are those before
    this week, if they have been read already.
    """
    scope = {"learner": learner_id, "course": course_id, "today": today, "plan": plan_id}
    key = (learner_id, course_id, today, earlier)
    answered = _ANSWERED.get(key, lambda: _answered(session, learner_id, course_id, today, past))
    rows = session.execute(_DECK, scope).all()
    in_order = interleaved((Item(row.id, row.topic_id, row.objective_id, place) for place, row in enumerate(rows)), {})
    return Deck(
        cards=[answered.get(item.question) or Learnt(item.question, ()) for item in in_order],
        topics={row.id: row.topic_id for row in rows},
        unit_s=unit_s(session, learner_id, today),
    )


def before(session: Session, learner_id: int, course_id: int, monday: date) -> Past:
    """The answers before a Monday: looked for once a week, and when what it was before that day changed."""
    scope = {"learner": learner_id, "course": course_id, "today": monday, "eve": eve_of(monday)}
    key = (learner_id, course_id, monday, *session.execute(_EARLIER, scope).one())
    return _WEEKS.get(key, lambda: past_log.answered(session, learner_id, course_id, monday))


def version(
    session: Session, learner_id: int, course_id: int, today: date, now: datetime
) -> tuple[tuple[int, int], int]:
    """What a `deck` depends on within a day, `earlier` answers first: it is out of date when this changes."""
    scope = {"learner": learner_id, "course": course_id, "today": today, "eve": now - MOST_ZONES_APART}
    undone, logged, size = session.execute(_VERSION, scope).one()
    return (undone, logged), size


def set_aside(session: Session, learner_id: int, course_id: int) -> frozenset[int]:
    """The questions of a course whose cards the learner suspended."""
    suspended = select(Card.question_id).join(Question, Question.id == Card.question_id)
    mine = (Card.learner_id == learner_id, Card.suspended.is_(True), Question.course_id == course_id)
    return frozenset(session.scalars(suspended.where(*mine)))


def unit_s(session: Session, learner_id: int, today: date) -> float:
    """The seconds of one unit of a learner's time, by their answers before `today`."""
    return agenda.unit_seconds(session.scalars(_PACE, {"learner": learner_id, "today": today}).all())


def histories(rows: Iterable[tuple[int, date, int | None]]) -> dict[int, list[tuple[date, int]]]:
    """The first answer of each day by question; the rows come card by card, oldest first."""
    found: dict[int, list[tuple[date, int]]] = {}
    for question, day, grade in rows:
        history = found.setdefault(question, [])
        if grade is not None and (not history or history[-1][0] < day):
            history.append((day, grade))
    return found


def _answered(
    session: Session, learner_id: int, course_id: int, today: date, past: Past | None
) -> Mapping[int, Learnt]:
    """The cards with answers before `today`: those before this week, and the few since."""
    monday = monday_of(today)
    known = past or before(session, learner_id, course_id, monday)
    fresh: Histories = {}
    if today > monday:
        scope = {"learner": learner_id, "course": course_id, "today": today, "monday": monday, "eve": eve_of(monday)}
        fresh = histories(session.execute(_SINCE, scope))
    grown = {one: known.history_of(one).followed_by(later) for one, later in fresh.items()}
    answered = {**known.histories, **grown}
    return {question: Learnt(question, history, known.traces.get(question)) for question, history in answered.items()}


def _was_due(item: Item, today: date) -> bool:
    """Whether a card is due on `today`, or was until it was answered."""
    if item.totals is None or item.totals.state.due is None:
        return False
    answered = item.totals.last_day == today and item.totals.introduced_day != today
    return answered or item.totals.state.due <= today


def _made(session: Session, learner_id: int, of: Towards, today: date) -> Morning:
    found = deck(session, learner_id, of.course_id, today, of.earlier, of.plan_id)
    order = plan.choices(today, of.exam_on, found.cards, of.started_on)
    return Morning(found.cards, found.topics, found.unit_s, order)
