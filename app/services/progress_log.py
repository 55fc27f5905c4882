"""A learner's log as the page of their progress reads it: added up by day, topic and hour, with their readiness.

The log up to this week's Monday is added up once (`app.services.past_log`); what was answered since is read each time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.models import Card, Question, ReviewLog
from app.services import past_log, planning
from app.services.identity import Person
from app.services.past_log import LONGEST_MS
from app.srs.answering import Kind
from app.srs.sm2 import Grade
from app.stats.past import NONE, READY_WEEKS, TELLING, WEEKS, Past, Recalled, more
from app.stats.readiness import Point
from app.stats.retention import Tally

__all__ = ["LOG_COLUMNS", "WEEKS", "Log", "Scope", "log_of"]

LOG_COLUMNS = (*past_log.LOG_COLUMNS, Card.introduced_day)

_RECENT = (
    select(
        ReviewLog.card_id,
        ReviewLog.number,
        ReviewLog.kind,
        ReviewLog.undoes,
        ReviewLog.pushed,
        ReviewLog.grade,
        ReviewLog.took_ms,
        ReviewLog.answered_at,
        ReviewLog.study_day,
        Card.introduced_day,
        Card.question_id,
        Question.topic_id,
    )
    .join(Card, Card.id == ReviewLog.card_id)
    .join(Question, Question.id == Card.question_id)
    .where(
        ReviewLog.learner_id == bindparam("learner"),
        ReviewLog.answered_at >= bindparam("eve"),
        ReviewLog.study_day >= bindparam("monday"),
        Question.course_id == bindparam("course"),
    )
    .order_by(ReviewLog.card_id, ReviewLog.study_day, ReviewLog.number)
)


@dataclass(frozen=True, slots=True)
class Log:
    """What the log says: the weekly points of readiness, (answers, milliseconds) by day, what was recalled, answers by
    hour of the learner's day (24 numbers). `past` is what of it is over."""

    past: Past
    points: Sequence[Point]
    activity: Mapping[date, tuple[int, int]]
    recalled: Recalled
    hours: Sequence[int]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom the figures are of, and when."""

    person: Person
    course: int | None
    now: datetime
    today: date

    @property
    def params(self) -> dict[str, Any]:
        """What the statements ask for."""
        ids = {"learner": self.person.id, "course": self.course}
        return {**ids, "now": self.now, "monday": self.monday, "eve": past_log.eve_of(self.monday)}

    @property
    def monday(self) -> date:
        """The first day of this week."""
        return past_log.monday_of(self.today)


def log_of(session: Session, scope: Scope, cards: Sequence[Any]) -> Log:
    """The learner's log of the course up to now; `cards` are rows of `progress.EVERY_CARD` with LOG_COLUMNS."""
    recent = session.execute(_RECENT, scope.params).all()
    log = past_log.log_of(scope.person.id, scope.course or 0, cards)
    past = past_log.past(session, log, scope.monday, recent)
    standing = _standing(recent, scope.today)
    counted = [row for row in standing if not row.pushed]
    activity = dict(past.activity)
    for row in counted:
        answers, took_ms = activity.get(row.study_day, (0, 0))
        activity[row.study_day] = (answers + 1, took_ms + min(row.took_ms, LONGEST_MS))
    return Log(
        past,
        _points(past, cards, standing, scope),
        activity,
        _recalled(past, cards, counted),
        _hours(past, counted, scope.person),
    )


def _standing(recent: Sequence[Any], today: date) -> list[Any]:
    """The answers until today among the rows that were not taken back."""
    undone = {(row.card_id, row.undoes) for row in recent if row.undoes}
    return [
        row
        for row in recent
        if row.study_day <= today and row.kind != Kind.UNDO and (row.card_id, row.number) not in undone
    ]


def _points(past: Past, cards: Sequence[Any], standing: Sequence[Any], scope: Scope) -> Sequence[Point]:
    """The weeks until yesterday; this week's answers are those that a plan reads too."""
    told = {row.question_id for row in cards if row.askable and not row.hidden}
    if not told:
        return ()
    if scope.today == scope.monday:
        return past.ready.points(len(told))
    answers = [
        (row.question_id, row.study_day, row.grade)
        for row in standing
        if row.study_day < scope.today and row.kind in TELLING and row.question_id in told
    ]
    later = [
        (day, question, grade) for question, history in planning.histories(answers).items() for day, grade in history
    ]
    evenings = past.ready.until(scope.today - timedelta(days=1), later)[-READY_WEEKS:]
    return tuple(evening.among(len(told)) for evening in evenings)


def _recalled(past: Past, cards: Sequence[Any], counted: Sequence[Any]) -> Recalled:
    """What the reviews told, this week's too; a card is reviewed once a day at most."""
    met = {row.question_id: (row.id, row.introduced_day) for row in cards if row.introduced_day and not row.hidden}
    before = past.recalled(met)
    days, topics = dict(before.days), dict(before.topics)
    lately = {topic: list(tallies) for topic, tallies in before.lately.items()}
    for row in counted:
        if row.kind == Kind.REVIEW and row.question_id in met and row.introduced_day < row.study_day:
            tally = Tally(row.study_day, 1, int(row.grade >= Grade.HARD))
            days[tally.day] = more(days.get(tally.day, NONE), (tally.reviews, tally.recalled))
            topics[row.topic_id] = more(topics.get(row.topic_id, NONE), (tally.reviews, tally.recalled))
            lately.setdefault(row.topic_id, []).append(tally)
    return Recalled(days, topics, lately)


def _hours(past: Past, counted: Sequence[Any], person: Person) -> Sequence[int]:
    """The answers of a year by the hour of the learner's day."""
    here, found = ZoneInfo(person.zone), list(past.hours(person.zone))
    for row in counted:
        found[row.answered_at.astimezone(here).hour] += 1
    return found
