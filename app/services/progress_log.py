"""A learner's log as the page of their progress reads it: added up by day, topic and hour, and the cards' histories.

The log up to this week's Monday is added up once a week and kept in memory, for a long one takes a second; what was
answered since is read each time. What is kept is for one state of that log: an answer that arrives late, one of an
earlier week that is taken back, an exam that hides a question, each makes it be added up anew.
"""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, and_, bindparam, case, func, select, type_coerce
from sqlalchemy.orm import Session

from app.models import Card, Question, ReviewLog
from app.services import planning
from app.services.hiding import HIDDEN
from app.services.identity import Person
from app.services.kept import Kept
from app.services.log_rows import STANDS
from app.services.progress import LONGEST_MS
from app.srs.answering import Kind
from app.srs.sm2 import Grade
from app.stats import readiness
from app.stats.readiness import Point, Readiness
from app.stats.retention import Tally

WEEKS = 53
READY_WEEKS = 26
_HOURS = 24
_QUARTER_S = 900  # every zone is a whole number of these off UTC
_QUARTER_US = 1_000_000 * _QUARTER_S

_PASTS: Kept["Past"] = Kept(most=100)

_BEFORE_MONDAY = and_(
    ReviewLog.learner_id == bindparam("learner"),
    ReviewLog.answered_at >= bindparam("since"),
    ReviewLog.study_day < bindparam("monday"),
    Question.course_id == bindparam("course"),
    ReviewLog.pushed.is_(False),
    STANDS,
)
# A card is reviewed once a day at most: the reviews are the first answers of their day to what was due.
_TELLS = and_(
    ReviewLog.kind == Kind.REVIEW.value,
    ReviewLog.study_day > Card.introduced_day,
    Question.id.not_in(HIDDEN),
)
_DAYS = (
    select(
        ReviewLog.study_day,
        Question.topic_id,
        func.count().label("answers"),
        func.sum(case((ReviewLog.took_ms > LONGEST_MS, LONGEST_MS), else_=ReviewLog.took_ms)).label("took_ms"),
        func.sum(case((_TELLS, 1), else_=0)).label("reviews"),
        func.sum(case((and_(_TELLS, ReviewLog.grade >= int(Grade.HARD)), 1), else_=0)).label("recalled"),
    )
    .join(Card, Card.id == ReviewLog.card_id)
    .join(Question, Question.id == Card.question_id)
    .where(_BEFORE_MONDAY)
    .group_by(ReviewLog.study_day, Question.topic_id)
)
_quarter = type_coerce(ReviewLog.answered_at, BigInteger) // _QUARTER_US
_BY_QUARTER = (
    select(_quarter, func.count())
    .join(Card, Card.id == ReviewLog.card_id)
    .join(Question, Question.id == Card.question_id)
    .where(_BEFORE_MONDAY)
    .group_by(_quarter)
)
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
        ReviewLog.study_day.between(bindparam("monday"), bindparam("today")),
        Question.course_id == bindparam("course"),
    )
    .order_by(ReviewLog.card_id, ReviewLog.study_day, ReviewLog.number)
)
# With the cards: tells this learner's log from that of any other database.
FIRST_ANSWER = (
    select(ReviewLog.answer_id)
    .where(ReviewLog.learner_id == bindparam("learner"))
    .order_by(ReviewLog.answered_at)
    .limit(1)
    .scalar_subquery()
    .label("first_answer")
)


@dataclass(frozen=True, slots=True)
class Past:
    """The log up to this week's Monday, added up.

    `activity` is (answers, milliseconds) by day, `tallies` are by topic id, `quarters` counts answers by quarter of an
    hour since 1970.
    """

    activity: Mapping[date, tuple[int, int]]
    tallies: Mapping[int, Sequence[Tally]]
    quarters: Mapping[int, int]
    readiness: Readiness


@dataclass(frozen=True, slots=True)
class Log:
    """The same with the answers of this week: (answers, milliseconds) by day, tallies by topic id, answers by hour of
    the learner's day (24 numbers)."""

    points: Sequence[Point]
    activity: Mapping[date, tuple[int, int]]
    tallies: Mapping[int, Sequence[Tally]]
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
        eve = planning.eve_of(self.monday)
        ids = {"learner": self.person.id, "course": self.course}
        days = {"today": self.today, "monday": self.monday}
        return {**ids, **days, "now": self.now, "since": eve - timedelta(weeks=WEEKS), "eve": eve}

    @property
    def monday(self) -> date:
        """The first day of this week."""
        return planning.monday_of(self.today)


def log_of(session: Session, scope: Scope, cards: Sequence[Any]) -> Log:
    """The learner's log of the course up to now; `cards` are rows of `progress.CARDS` and FIRST_ANSWER."""
    recent = session.execute(_RECENT, scope.params).all()
    hidden = frozenset(row.question_id for row in cards if row.hidden)
    past, counted = _past(session, scope, cards, recent, hidden), _standing(recent)
    activity = dict(past.activity)
    for row in counted:
        answers, took_ms = activity.get(row.study_day, (0, 0))
        activity[row.study_day] = (answers + 1, took_ms + min(row.took_ms, LONGEST_MS))
    hours = _local_hours(past.quarters, counted, scope.person.zone)
    return Log(_points(past, cards, recent, scope), activity, _tallies(past, counted, hidden), hours)


def _past(session: Session, scope: Scope, cards: Sequence[Any], recent: Sequence[Any], hidden: frozenset[int]) -> Past:
    """What is kept of this very log, or the log added up."""
    key = (scope.person.id, scope.course, scope.monday, _fingerprint(cards, recent), hidden)
    return _PASTS.get(key, lambda: _added_up(session, scope, _told(cards)))


def _fingerprint(cards: Sequence[Any], recent: Sequence[Any]) -> Hashable:
    """What changes when the log of the weeks before does: the length of each card's, and what was taken back of it.

    The log only grows: as many rows of a card, this week's apart, are the same rows.
    """
    fresh = Counter(row.card_id for row in recent)
    numbers = {(row.card_id, row.number) for row in recent}
    undone = {(row.card_id, row.undoes) for row in recent if row.undoes}
    lengths = tuple((row.question_id, (row.log_length or 0) - fresh[row.card_id]) for row in cards)
    first: UUID | None = cards[0].first_answer if cards else None
    return first, lengths, frozenset(undone - numbers)


def _added_up(session: Session, scope: Scope, told: Sequence[int]) -> Past:
    activity: dict[date, tuple[int, int]] = {}
    tallies: dict[int, list[Tally]] = {}
    for row in session.execute(_DAYS, scope.params):
        answers, took_ms = activity.get(row.study_day, (0, 0))
        activity[row.study_day] = (answers + row.answers, took_ms + int(row.took_ms))
        if row.reviews:
            tallies.setdefault(row.topic_id, []).append(Tally(row.study_day, row.reviews, row.recalled))
    quarters = {int(quarter): count for quarter, count in session.execute(_BY_QUARTER, scope.params)}
    answered = planning.before(session, scope.person.id, scope.course or 0, scope.monday)
    histories = [answered.get(question, ()) for question in told]
    ready = readiness.weekly(histories, scope.monday - timedelta(days=1), READY_WEEKS)
    return Past(activity, tallies, quarters, ready)


def _told(cards: Sequence[Any]) -> list[int]:
    """The questions whose cards readiness is of, in the order of `cards`."""
    return [row.question_id for row in cards if not row.hidden]


def _points(past: Past, cards: Sequence[Any], recent: Sequence[Any], scope: Scope) -> Sequence[Point]:
    """The weeks until yesterday; this week's answers are those that a plan reads too."""
    if scope.today == scope.monday:
        return past.readiness.points
    places = {question: place for place, question in enumerate(_told(cards))}
    undone = {(row.card_id, row.undoes) for row in recent if row.undoes}
    answers = [
        (row.question_id, row.study_day, row.grade)
        for row in recent
        if row.study_day < scope.today and row.kind in planning.TELLING and (row.card_id, row.number) not in undone
    ]
    later = [
        (day, places[question], grade)
        for question, history in planning.histories(answers).items()
        for day, grade in history
        if question in places
    ]
    return past.readiness.until(scope.today - timedelta(days=1), later)[-READY_WEEKS:]


def _standing(recent: Sequence[Any]) -> list[Any]:
    """The answers among the rows that count as revision: not taken back, and none that an exam pushed."""
    undone = {(row.card_id, row.undoes) for row in recent if row.undoes}
    return [
        row for row in recent if row.kind != Kind.UNDO and not row.pushed and (row.card_id, row.number) not in undone
    ]


def _tallies(past: Past, counted: Sequence[Any], hidden: frozenset[int]) -> dict[int, list[Tally]]:
    """What the reviews told of each topic, this week's too."""
    found = {topic: list(of) for topic, of in past.tallies.items()}
    for row in counted:
        first_met = row.introduced_day is None or row.introduced_day >= row.study_day
        if row.kind == Kind.REVIEW and not first_met and row.question_id not in hidden:
            found.setdefault(row.topic_id, []).append(Tally(row.study_day, 1, int(row.grade >= Grade.HARD)))
    return found


def _local_hours(by_quarter: Mapping[int, int], counted: Sequence[Any], zone: str) -> Sequence[int]:
    """The answers of each hour of the learner's day."""
    here, found = ZoneInfo(zone), [0] * _HOURS
    for quarter, count in by_quarter.items():
        found[datetime.fromtimestamp(quarter * _QUARTER_S, here).hour] += count
    for row in counted:
        found[row.answered_at.astimezone(here).hour] += 1
    return found
