"""The figures behind the charts of what a learner knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.bank.schema import BLANK
from app.models import Course, Objective, Question, QuestionVersion
from app.services import foresight, plans, progress, progress_log, work_ahead
from app.services.identity import Person
from app.services.progress import FORECAST_DAYS, TopicProgress
from app.services.progress_log import WEEKS, Scope
from app.services.queueing import course_of
from app.services.sections import SECTION_COLUMNS, Section, section_of
from app.srs.answering import is_leech
from app.stats import forecast, mastery, retention, states
from app.stats.forecast import ActiveDay
from app.stats.mastery import Reach
from app.stats.past import NONE, Count, Past
from app.stats.readiness import Point
from app.stats.retention import Tally
from app.stats.shares import Share
from app.stats.states import EaseBar, State
from app.stats.workload import WorkDay

MONTHS = 12
MOST_LEECHES = 20
_IN_TENS = 100

_CARDS = progress.EVERY_CARD.add_columns(*progress_log.LOG_COLUMNS)
_LEECHES = (
    select(Question.id, QuestionVersion.body[("text", "fr")].as_string().label("fr"))
    .add_columns(QuestionVersion.body[("text", "en")].as_string().label("en"), *SECTION_COLUMNS)
    .join(QuestionVersion, QuestionVersion.question_id == Question.id)
    .join(Objective, Objective.id == Question.objective_id)
    .join(Course, Course.id == Question.course_id)
    .where(QuestionVersion.number == Question.version, Question.id.in_(bindparam("ids", expanding=True)))
)


@dataclass(frozen=True, slots=True)
class Leech:
    """A card that is forgotten again and again: its question in Markdown, how often, and where the course has it."""

    question_id: int
    text: str
    lapses: int
    section: Section


@dataclass(frozen=True, slots=True)
class Work:
    """The days until an exam under the learner's plan, as they looked this morning: today's list, then what is
    foreseen. Nothing is done on the days `off`."""

    exam_on: date
    days: Sequence[WorkDay]
    off: frozenset[date]

    @property
    def seconds(self) -> float:
        """The work of all days."""
        return 60 * sum(day.minutes for day in self.days)

    @property
    def cards(self) -> int:
        """About how many cards that is: in tens, from a hundred on."""
        cards = sum(day.cards for day in self.days)
        return round(cards / 10) * 10 if cards >= _IN_TENS else round(cards)


@dataclass(frozen=True, slots=True)
class Progress:
    """All that the page of a learner's progress draws, on the study day `today`.

    `year` is the last 53 weeks day by day, Mondays first. `known` is what was recalled of due cards in 28 study days;
    `months` and `by_topic` (title, share) the same over a year. `forecast` is (day, cards that come back) for 14 days;
    `work` the way to the exam, None without a plan that leads. `points` are weekly, `hours` has the answers of a year
    by the learner's hour of the day, 24 numbers. `leeches` are the worst 20 of `leech_count`;
    none while an exam hides the key of any card (`discreet`), for what is missing would name the questions it asks.
    """

    today: date
    topics: Sequence[TopicProgress]
    year: Sequence[ActiveDay]
    known: Share
    months: Sequence[tuple[date, Share]]
    by_topic: Sequence[tuple[str, Share]]
    forecast: Sequence[tuple[date, int]]
    work: Work | None
    states: Sequence[tuple[State, int]]
    eases: Sequence[EaseBar]
    points: Sequence[Point]
    hours: Sequence[int]
    leeches: Sequence[Leech]
    leech_count: int
    discreet: bool

    @property
    def reach(self) -> Reach:
        """The sums of all topics."""
        return mastery.add(Reach(topic.total, topic.seen, topic.mature, topic.due) for topic in self.topics)

    @property
    def active_days(self) -> int:
        """On how many days of the year something was answered."""
        return sum(1 for day in self.year if day.answers)

    @property
    def answers(self) -> int:
        """How many answers the year holds."""
        return sum(day.answers for day in self.year)

    @property
    def seconds(self) -> float:
        """The time that the year's answers took, pauses of more than two minutes cut off."""
        return sum(day.took_ms for day in self.year) / 1000

    @property
    def weeks(self) -> Sequence[Sequence[ActiveDay]]:
        """The year, week by week."""
        return [self.year[start : start + 7] for start in range(0, len(self.year), 7)]


def progress_of(session: Session, person: Person, now: datetime) -> Progress:
    """What the page of the learner's progress in their course draws."""
    scope = Scope(person, course_of(session, person), now, person.today(now))
    today = scope.today
    every_card = session.execute(_CARDS, scope.params).all()
    cards = [row for row in every_card if row.askable]
    due = filter(None, (progress.comes_back(row, today) for row in cards))
    standing = (states.state_of(row.interval_days or 0, bool(row.suspended), row.hidden) for row in cards)
    log = progress_log.log_of(session, scope, every_card)
    every = [Tally(day, *count) for day, count in log.recalled.days.items()]
    known = retention.all_in_all(one for one in every if retention.within(one.day, today, retention.WINDOW_DAYS))
    told = [row for row in cards if row.due and not row.hidden]
    discreet = any(row.hidden for row in cards)
    leeches = [] if discreet else sorted((row for row in told if is_leech(row.lapses)), key=lambda row: -row.lapses)
    topics = progress.topics_of(cards, log.recalled.lately, person.locale, today)
    return Progress(
        today=today,
        topics=topics,
        year=forecast.strip(((day, *done) for day, done in log.activity.items()), today, WEEKS),
        known=known,
        months=retention.by_month(every, today, MONTHS),
        by_topic=_by_topic(cards, log.recalled.topics, topics),
        forecast=forecast.forecast(due, today, FORECAST_DAYS),
        work=_work(session, scope, log.past),
        states=states.by_state(standing),
        eases=states.by_ease(row.ease_permille for row in told),
        points=log.points,
        hours=log.hours,
        leeches=_leeches(session, leeches[:MOST_LEECHES], person.locale),
        leech_count=len(leeches),
        discreet=discreet,
    )


def _by_topic(
    cards: Sequence[Any], counts: Mapping[int, Count], topics: Sequence[TopicProgress]
) -> Sequence[tuple[str, Share]]:
    """What was recalled of each topic in a year, in the course's order; topics without a review left out."""
    ids = dict.fromkeys(row.id for row in cards)
    found = [(of.title, counts.get(topic, NONE)) for topic, of in zip(ids, topics, strict=True)]
    return [(title, Share(recalled, reviews)) for title, (reviews, recalled) in found if reviews]


def _work(session: Session, scope: Scope, past: Past) -> Work | None:
    """The way to the exam under the plan that leads, None without one."""
    plan = plans.plan_of(session, scope.person, scope.today)
    if plan is None or not plan.leads(scope.today):
        return None
    known = foresight.known_of(session, scope.person, plan.course_id, scope.now, past)
    days = work_ahead.days_of_work(known, plan.wanted, plan.started_on)
    return Work(plan.wanted.exam_on, days, foresight.days_off(plan.wanted, scope.today))


def _leeches(session: Session, rows: Sequence[Any], locale: str) -> Sequence[Leech]:
    if not rows:
        return ()
    found = session.execute(_LEECHES, {"ids": [row.question_id for row in rows]})
    texts = {one.id: (one.fr if locale == "fr" else one.en, section_of(one)) for one in found}
    return [
        Leech(row.question_id, BLANK.sub("…", texts[row.question_id][0]), row.lapses, texts[row.question_id][1])
        for row in rows
    ]
