"""How a class gets on: a few statements whatever its size, then the pure rules of `app.stats`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from app.bank.schema import from_document
from app.clock import study_day
from app.exam import marking
from app.formats import class_table
from app.formats.class_table import ClassRow
from app.formats.tables import Table
from app.models import Card, Membership, Question, QuestionVersion, ReviewLog, Topic, User
from app.services import classes, journal
from app.services.classes import Taught
from app.services.identity import Person
from app.srs.answering import Kind
from app.srs.sm2 import Grade
from app.stats import mastery, retention
from app.stats.mastery import MATURE_DAYS, Reach
from app.stats.retention import WINDOW_DAYS, Tally

ACTIVE_DAYS = 7
MOST_OVERRIDES = 200
_ASKABLE = and_(Question.retired.is_(False), Question.reserved.is_(False), Question.draft.is_(False))


@dataclass(frozen=True, slots=True)
class TopicTitle:
    """A topic of the class's course, and how many cards it has."""

    id: int
    title: str
    total: int


@dataclass(frozen=True, slots=True)
class MemberProgress:
    """Where one learner of a class stands, on the study day it is for them.

    `retention` is a share (0 to 1) of their last 28 study days, None without a review; `active_days`
    is out of 7; `last_day` is the study day of their last answer, and `silent_days` how long ago that is
    (since they joined, when they never answered); `topics` is by topic id.
    """

    user_id: int
    name: str
    joined_on: date
    reach: Reach
    retention: float | None
    active_days: int
    last_day: date | None
    silent_days: int
    topics: Mapping[int, Reach]


@dataclass(frozen=True, slots=True)
class ClassProgress:
    """A class, its topics in the course's order, its members by name, and their sums."""

    of: Taught
    topics: Sequence[TopicTitle]
    members: Sequence[MemberProgress]
    overrides: int

    @property
    def active(self) -> int:
        """How many members reviewed in the last 7 days."""
        return sum(1 for member in self.members if member.active_days)

    @property
    def reach(self) -> Reach:
        """The sums of all members."""
        return mastery.add(member.reach for member in self.members)

    @property
    def retention(self) -> float | None:
        """The median of the members' retention."""
        return mastery.middle([member.retention for member in self.members])

    @property
    def seen(self) -> float | None:
        """The median of the cards seen."""
        return mastery.middle([member.reach.seen for member in self.members])

    def topic(self, topic_id: int) -> Reach:
        """The sums of all members for one topic."""
        return mastery.add(member.topics[topic_id] for member in self.members)


@dataclass(frozen=True, slots=True)
class Override:
    """A typed answer that was marked wrong and that its learner declared right."""

    user_id: int
    name: str
    question: str
    given: str
    expected: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class _Member:
    user_id: int
    name: str
    joined_at: datetime
    zone: str
    day_start_hour: int


def progress(session: Session, teacher: Person, class_id: int, now: datetime) -> ClassProgress:
    """Where every member of a class stands; raises NotFound for a class that is not this teacher's."""
    return read(session, classes.found(session, teacher, class_id), now, teacher.locale)


def read(session: Session, of: Taught, now: datetime, locale: str) -> ClassProgress:
    """Where every member of `of` stands, its topics titled in a language; the caller has the right to know."""
    members = _members(session, of.id)
    today = {member.user_id: study_day(now, member.zone, member.day_start_hour) for member in members}
    topics = _topics(session, of.course_id, locale)
    cards = _cards(session, of, members, now)
    tallies = _tallies(session, of, now)
    rows = [_standing(one, today[one.user_id], topics, cards, tallies.get(one.user_id, [])) for one in members]
    return ClassProgress(of, topics, rows, _count_overrides(session, of))


def overrides(session: Session, teacher: Person, class_id: int) -> tuple[Taught, Sequence[Override]]:
    """The answers that members of a class declared right, the 200 latest first; raises NotFound."""
    of = classes.found(session, teacher, class_id)
    rows = session.execute(
        select(ReviewLog.response, ReviewLog.answered_at, Membership.user_id, Membership.name, QuestionVersion.body)
        .join(Card, Card.id == ReviewLog.card_id)
        .join(Question, Question.id == Card.question_id)
        .join(
            QuestionVersion,
            and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == ReviewLog.question_version),
        )
        .join(Membership, Membership.user_id == ReviewLog.learner_id)
        .where(*_overridden(of))
        .order_by(ReviewLog.answered_at.desc(), ReviewLog.id.desc())
        .limit(MOST_OVERRIDES)
    )
    return of, [_override(row, teacher.locale) for row in rows]


def _override(row: Any, locale: str) -> Override:
    body = from_document(row.body)
    marked = marking.mark(body, row.response or {})
    given = marked.given or ", ".join(blank.given or "…" for blank in marked.blanks)
    expected = marked.expected or ", ".join(blank.expected for blank in marked.blanks)
    return Override(row.user_id, row.name, body.text.in_(locale), given, expected, row.answered_at)


def _overridden(of: Taught) -> tuple[ColumnElement[bool], ...]:
    in_class = and_(Membership.class_id == of.id, Question.course_id == of.course_id)
    return (in_class, ReviewLog.overridden.is_(True), journal.STANDS)


def _count_overrides(session: Session, of: Taught) -> int:
    statement = (
        select(func.count())
        .select_from(ReviewLog)
        .join(Card, Card.id == ReviewLog.card_id)
        .join(Question, Question.id == Card.question_id)
        .join(Membership, Membership.user_id == ReviewLog.learner_id)
    )
    return session.scalar(statement.where(*_overridden(of))) or 0


def _members(session: Session, class_id: int) -> Sequence[_Member]:
    rows = session.execute(
        select(User.id, Membership.name, Membership.joined_at, User.zone, User.day_start_hour)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.class_id == class_id)
    )
    return sorted((_Member(*row) for row in rows), key=lambda one: (one.name.casefold(), one.user_id))


def _topics(session: Session, course_id: int, locale: str) -> Sequence[TopicTitle]:
    title = Topic.title_fr if locale == "fr" else Topic.title_en
    rows = session.execute(
        select(Topic.id, title, func.count(Question.id))
        .join(Question, and_(Question.topic_id == Topic.id, _ASKABLE))
        .where(Topic.course_id == course_id, Topic.retired.is_(False))
        .group_by(Topic.id, title, Topic.position)
        .order_by(Topic.position)
    )
    return [TopicTitle(*row) for row in rows]


def _cards(
    session: Session, of: Taught, members: Sequence[_Member], now: datetime
) -> Mapping[tuple[int, int], tuple[Reach, date | None]]:
    """By learner and topic: what they met, settled and owe, and their last study day."""
    today = _today(members, now)
    owed = and_(
        Card.due <= today, Card.suspended.is_(False), or_(Card.buried_until.is_(None), Card.buried_until <= today)
    )
    rows = session.execute(
        select(
            Card.learner_id,
            Question.topic_id,
            func.sum(case((Card.due.is_not(None), 1), else_=0)),
            func.sum(case((Card.interval_days >= MATURE_DAYS, 1), else_=0)),
            func.sum(case((owed, 1), else_=0)),
            func.max(Card.last_day),
        )
        .join(Membership, Membership.user_id == Card.learner_id)
        .join(User, User.id == Card.learner_id)
        .join(Question, Question.id == Card.question_id)
        .where(Membership.class_id == of.id, Question.course_id == of.course_id, _ASKABLE)
        .group_by(Card.learner_id, Question.topic_id)
    )
    return {(who, topic): (Reach(0, seen, mature, due), last) for who, topic, seen, mature, due, last in rows}


def _today(members: Sequence[_Member], now: datetime) -> ColumnElement[date]:
    """The study day it is for each learner, as SQL: members share a few zones between them."""
    days = {(one.zone, one.day_start_hour): study_day(now, one.zone, one.day_start_hour) for one in members}
    whens = [(and_(User.zone == zone, User.day_start_hour == hour), day) for (zone, hour), day in sorted(days.items())]
    return case(*whens, else_=now.date()) if whens else bindparam("today", now.date())


def _tallies(session: Session, of: Taught, now: datetime) -> Mapping[int, list[Tally]]:
    """By learner: the reviews of each study day, of which only a card's first answer of the day counts."""
    since = now - timedelta(days=WINDOW_DAYS + 2)  # the pure rule cuts exactly, in each learner's own days
    place = func.row_number().over(partition_by=(ReviewLog.card_id, ReviewLog.study_day), order_by=ReviewLog.number)
    answers = (
        select(ReviewLog.learner_id, ReviewLog.study_day, ReviewLog.kind, ReviewLog.grade, place.label("place"))
        .join(Membership, Membership.user_id == ReviewLog.learner_id)
        .join(Card, Card.id == ReviewLog.card_id)
        .join(Question, Question.id == Card.question_id)
        .where(Membership.class_id == of.id, ReviewLog.answered_at >= since, journal.STANDS)
        .where(Question.course_id == of.course_id)
        .subquery()
    )
    rows = session.execute(
        select(
            answers.c.learner_id,
            answers.c.study_day,
            func.count(),
            func.sum(case((answers.c.grade >= int(Grade.HARD), 1), else_=0)),
        )
        .where(answers.c.place == 1, answers.c.kind == Kind.REVIEW.value)
        .group_by(answers.c.learner_id, answers.c.study_day)
    )
    found: dict[int, list[Tally]] = {}
    for learner, day, reviews, recalled in rows:
        found.setdefault(learner, []).append(Tally(day, reviews, recalled))
    return found


def _standing(
    member: _Member,
    today: date,
    topics: Sequence[TopicTitle],
    cards: Mapping[tuple[int, int], tuple[Reach, date | None]],
    tallies: Sequence[Tally],
) -> MemberProgress:
    mine = {topic.id: cards.get((member.user_id, topic.id), (Reach(0), None)) for topic in topics}
    by_topic = {
        topic.id: Reach(topic.total, mine[topic.id][0].seen, mine[topic.id][0].mature, mine[topic.id][0].due)
        for topic in topics
    }
    last = max((day for _, day in mine.values() if day is not None), default=None)
    return MemberProgress(
        user_id=member.user_id,
        name=member.name,
        joined_on=study_day(member.joined_at, member.zone, day_start_hour=0),
        reach=mastery.add(by_topic.values()),
        retention=retention.retention(tallies, today),
        active_days=retention.active_days(tallies, today, ACTIVE_DAYS),
        last_day=last,
        silent_days=(today - (last or study_day(member.joined_at, member.zone, member.day_start_hour))).days,
        topics=by_topic,
    )


def table_of(progressed: ClassProgress, locale: str | None) -> Table:
    """The progress of a class as a table to export, its headers in "fr" or "en"; None is for programs."""
    rows = [
        ClassRow(
            name=member.name,
            joined=member.joined_on,
            last=member.last_day,
            active=member.active_days,
            total=member.reach.total,
            seen=member.reach.seen,
            mature=member.reach.mature,
            due=member.reach.due,
            retention=member.retention,
            topics=[(member.topics[topic.id].seen, member.topics[topic.id].mature) for topic in progressed.topics],
        )
        for member in progressed.members
    ]
    title, topics = progressed.of.name, [(topic.title, topic.total) for topic in progressed.topics]
    if locale is None:
        return class_table.long_table(title, topics, rows)
    return class_table.table(title, topics, rows, locale)
