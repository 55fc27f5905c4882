"""What a learner knows of their course: three statements, then the pure rules of `app.stats`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from app.clock import MOST_ZONES_APART
from app.models import Card, Question, ReviewLog, Topic
from app.services.card_rows import ASKABLE
from app.services.hiding import HIDDEN
from app.services.identity import Person
from app.services.log_rows import STANDS
from app.services.past_log import LONGEST_MS
from app.services.queueing import course_of
from app.srs.answering import Kind
from app.srs.sm2 import Grade
from app.stats import forecast, mastery, retention
from app.stats.forecast import ActiveDay
from app.stats.mastery import MATURE_DAYS, Reach
from app.stats.retention import WINDOW_DAYS, Tally

FORECAST_DAYS = 14
STRIP_WEEKS = 12

_STANDING_SINCE = and_(
    ReviewLog.learner_id == bindparam("learner"),
    ReviewLog.answered_at >= bindparam("since"),
    Question.course_id == bindparam("course"),
    ReviewLog.pushed.is_(False),
    STANDS,
)

EVERY_CARD = (
    select(
        Topic.id,
        Topic.slug,
        Topic.title_fr,
        Topic.title_en,
        Question.id.label("question_id"),
        Card.id.label("card_id"),
        Card.log_length,
        Card.due,
        Card.interval_days,
        Card.ease_permille,
        Card.lapses,
        Card.suspended,
        Card.buried_until,
        Card.drill_day,
        Question.id.in_(HIDDEN).label("hidden"),
    )
    .select_from(Question)
    .join(Topic, Topic.id == Question.topic_id)
    .outerjoin(Card, and_(Card.question_id == Question.id, Card.learner_id == bindparam("learner")))
    .where(Question.course_id == bindparam("course"), or_(ASKABLE, Card.id.is_not(None)))
    .order_by(Topic.position, Topic.id)
)
CARDS = EVERY_CARD.where(ASKABLE)

_place = func.row_number().over(partition_by=(ReviewLog.card_id, ReviewLog.study_day), order_by=ReviewLog.number)
_answers = (
    select(Question.topic_id, ReviewLog.study_day, ReviewLog.kind, ReviewLog.grade)
    .add_columns(Card.introduced_day, _place.label("place"))
    .join(Card, Card.id == ReviewLog.card_id)
    .join(Question, Question.id == Card.question_id)
    .where(_STANDING_SINCE, Question.id.not_in(HIDDEN))
    .subquery()
)
_TALLIES = (
    select(
        _answers.c.topic_id,
        _answers.c.study_day,
        func.count(),
        func.sum(case((_answers.c.grade >= int(Grade.HARD), 1), else_=0)),
    )
    .where(
        _answers.c.place == 1, _answers.c.kind == Kind.REVIEW.value, _answers.c.study_day > _answers.c.introduced_day
    )
    .group_by(_answers.c.topic_id, _answers.c.study_day)
)

# A card that an exam brought back (`app.services.mistakes`) by practice without credit was not answered.
_ANSWERED = or_(ReviewLog.kind != Kind.PRACTICE.value, Question.type == "flashcard", ReviewLog.credit_of.is_not(None))
_ACTIVITY = (
    select(
        ReviewLog.study_day,
        func.count(),
        func.sum(case((ReviewLog.took_ms > LONGEST_MS, LONGEST_MS), else_=ReviewLog.took_ms)),
    )
    .join(Card, Card.id == ReviewLog.card_id)
    .join(Question, Question.id == Card.question_id)
    .where(_STANDING_SINCE, _ANSWERED)
    .group_by(ReviewLog.study_day)
)


@dataclass(frozen=True, slots=True)
class TopicProgress:
    """One topic: its cards, those met, due today and settled; `retention` is a share (0 to 1) or None."""

    slug: str
    title: str
    total: int
    seen: int
    due: int
    mature: int
    retention: float | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Where a learner stands on the study day `today`.

    `retention` is the share (0 to 1) of due cards still known over the last 28 study days, None
    without one. `forecast` is (day, cards that come back) for 14 days, today first. `strip` is the
    last 12 weeks day by day, Mondays first.
    """

    today: date
    topics: Sequence[TopicProgress]
    retention: float | None
    forecast: Sequence[tuple[date, int]]
    strip: Sequence[ActiveDay]

    @property
    def reach(self) -> Reach:
        """The sums of all topics."""
        return mastery.add(Reach(topic.total, topic.seen, topic.mature, topic.due) for topic in self.topics)

    @property
    def active_days(self) -> int:
        """On how many days of the strip something was answered."""
        return sum(1 for day in self.strip if day.answers)

    @property
    def answers(self) -> int:
        """How many answers the strip holds."""
        return sum(day.answers for day in self.strip)

    @property
    def seconds(self) -> float:
        """The time that the strip's answers took, pauses of more than two minutes cut off."""
        return sum(day.took_ms for day in self.strip) / 1000

    @property
    def weeks(self) -> Sequence[Sequence[ActiveDay]]:
        """The strip, week by week."""
        return [self.strip[start : start + 7] for start in range(0, len(self.strip), 7)]


def overview(session: Session, person: Person, now: datetime) -> Overview:
    """Where the learner stands in their course."""
    today = person.today(now)
    scope = {"learner": person.id, "course": course_of(session, person)}
    cards = session.execute(CARDS, {**scope, "now": now}).all()
    tallies = _tallies(session, {**scope, "now": now, "since": now - timedelta(days=WINDOW_DAYS) - MOST_ZONES_APART})
    activity = session.execute(_ACTIVITY, {**scope, "since": now - timedelta(weeks=STRIP_WEEKS) - MOST_ZONES_APART})
    return Overview(
        today=today,
        topics=topics_of(cards, tallies, person.locale, today),
        retention=retention.retention([tally for found in tallies.values() for tally in found], today),
        forecast=forecast.forecast(filter(None, (comes_back(row, today) for row in cards)), today, FORECAST_DAYS),
        strip=forecast.strip(((day, answers, int(took)) for day, answers, took in activity), today, STRIP_WEEKS),
    )


def study_days(session: Session, person: Person, now: datetime, weeks: int) -> set[date]:
    """The days of the last `weeks` on which the learner answered something of their course."""
    since = now - timedelta(weeks=weeks) - MOST_ZONES_APART
    scope = {"learner": person.id, "course": course_of(session, person), "since": since}
    return {row.study_day for row in session.execute(_ACTIVITY, scope)}


def _tallies(session: Session, params: Mapping[str, Any]) -> dict[int, list[Tally]]:
    found: dict[int, list[Tally]] = {}
    for topic, day, reviews, recalled in session.execute(_TALLIES, params):
        found.setdefault(topic, []).append(Tally(day, reviews, recalled))
    return found


def topics_of(
    cards: Sequence[Any], tallies: Mapping[int, Sequence[Tally]], locale: str, today: date
) -> Sequence[TopicProgress]:
    """The topics of rows of CARDS; `tallies` are by the topic's id."""
    by_topic: dict[int, list[Any]] = {}
    for row in cards:
        by_topic.setdefault(row.id, []).append(row)
    return [
        TopicProgress(
            slug=rows[0].slug,
            title=rows[0].title_fr if locale == "fr" else rows[0].title_en,
            total=len(rows),
            seen=sum(1 for row in rows if row.due),
            due=sum(1 for row in rows if (day := comes_back(row, today)) and day <= today),
            mature=sum(1 for row in rows if row.due and row.interval_days >= MATURE_DAYS and not row.hidden),
            retention=retention.retention(tallies.get(topic, []), today),
        )
        for topic, rows in by_topic.items()
    ]


def comes_back(row: Any, today: date) -> date | None:
    """The day a card is asked next, today for a drill; None for a new one, one set aside, and one an exam hides."""
    if row.due is None or row.suspended or row.hidden:
        return None
    due: date = today if row.drill_day == today else row.due
    return max(due, row.buried_until) if row.buried_until else due
