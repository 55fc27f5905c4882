"""How a class gets on: a few statements whatever its size, then the pure rules of `app.stats`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import SQLColumnExpression, and_, func, select
from sqlalchemy.orm import Session

from app.bank.schema import from_document
from app.clock import study_day
from app.exam import marking
from app.exam.folding import fold
from app.formats import class_table
from app.formats.class_table import ClassRow
from app.formats.score_tables import Student
from app.formats.tables import Table
from app.models import Card, Membership, Question, QuestionVersion, ReviewLog, Topic, User
from app.services import class_exam, class_log, class_studies, classes
from app.services.card_rows import ASKABLE
from app.services.class_exam import Coming
from app.services.class_studies import Study
from app.services.classes import Taught
from app.services.identity import Person
from app.services.log_rows import STANDS
from app.stats import answered, mastery, slipping
from app.stats.answered import Answers
from app.stats.mastery import Reach
from app.stats.shares import Share
from app.stats.slipping import Reason, Standing

MOST_OVERRIDES = 200
_ENOUGH_FOR_A_TOPIC = 5
_NO_ANSWERS = Answers()


@dataclass(frozen=True, slots=True)
class TopicTitle:
    """A topic of the class's course, and how many cards it has; `slug` never changes."""

    id: int
    slug: str
    title: str
    total: int


@dataclass(frozen=True, slots=True)
class MemberProgress:
    """Where one learner of a class stands, on the study day it is for them.

    `folded` is the name without case and accents, as it is sorted. `recent` and `before` are the shares of answers
    right first time, of the last 7 study days and of the 21 before them; `active_days` is out of 7; `last_day` is the
    study day of their last answer, and `silent_days` how long ago that is (since they joined, when they never
    answered). `topics` is by topic id, and so are the `answers` of those that they answered.
    """

    user_id: int
    name: str
    folded: str
    joined_on: date
    reach: Reach
    recent: Share
    before: Share
    active_days: int
    last_day: date | None
    silent_days: int
    topics: Mapping[int, Reach]
    answers: Mapping[int, Answers]

    @property
    def retention(self) -> float | None:
        """The share (0 to 1) right first time over the last 28 study days; None without a review."""
        return (self.recent + self.before).value

    def topic(self, topic_id: int) -> Reach:
        """How far they came with a topic."""
        return self.topics[topic_id]

    def retained(self, topic_id: int) -> Share:
        """Their answers of a topic over the last 28 study days: how many of them were right first time."""
        return self.answers.get(topic_id, _NO_ANSWERS).both

    def weakest(self) -> int | None:
        """The id of the topic where they are right first time least often, of those with 5 answers or more."""
        told = [(self.retained(key), key) for key in self.topics]
        known = [(share.value or 0, key) for share, key in told if share.of >= _ENOUGH_FOR_A_TOPIC]
        return min(known)[1] if known else None


@dataclass(frozen=True, slots=True)
class Slip:
    """A member who slips, and why, the gravest reason first."""

    member: MemberProgress
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ClassProgress:
    """A class, its topics in the course's order, its members by name, and their sums.

    `Reach.recalled` of members and topics is for the day of `coming`.
    """

    of: Taught
    topics: Sequence[TopicTitle]
    members: Sequence[MemberProgress]
    overrides: int
    coming: Coming

    @property
    def active(self) -> int:
        """How many members reviewed in the last 7 days."""
        return sum(1 for member in self.members if member.active_days)

    @property
    def begun(self) -> int:
        """How many members ever answered a question of the course, be it to practise."""
        return sum(1 for member in self.members if member.last_day)

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
        return mastery.add(member.topic(topic_id) for member in self.members)

    def retained(self, topic_id: int) -> Share:
        """The answers of all members for one topic: how many of them were right first time."""
        return answered.add(member.answers.get(topic_id, _NO_ANSWERS) for member in self.members).both

    def slipping(self) -> Sequence[Slip]:
        """The members who slip, those who slip most first."""
        found = [(of, Slip(member, slipping.reasons(of))) for member, of in self._standings()]
        slips = [(slipping.urgency(slip.reasons, of), slip) for of, slip in found if slip.reasons]
        return [slip for _, slip in sorted(slips, key=lambda pair: pair[0])]

    def ready(self) -> Sequence[MemberProgress]:
        """The members who are ready, by name."""
        return [member for member, of in self._standings() if slipping.is_ready(of)]

    def _standings(self) -> Iterator[tuple[MemberProgress, Standing]]:
        usual = self.seen
        for one in self.members:
            has_answered = one.last_day is not None
            yield one, Standing(has_answered, one.silent_days, one.reach, one.recent, one.before, usual)


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
    folded: str
    joined_at: datetime
    zone: str
    day_start_hour: int


def progress(session: Session, teacher: Person, class_id: int, now: datetime) -> ClassProgress:
    """Where every member of a class stands; raises NotFound for a class that is not this teacher's."""
    return read(session, classes.found(session, teacher, class_id), now, teacher.locale)


def read(session: Session, of: Taught, now: datetime, locale: str) -> ClassProgress:
    """Where every member of `of` stands, its topics titled in a language; the caller has the right to know."""
    members = _members(session, of.id)
    days = class_log.Days.of(now, {(member.zone, member.day_start_hour) for member in members})
    by_zone = {(zone, hour): study_day(now, zone, hour) for zone, hour in days.zones}
    today = {one.user_id: by_zone[one.zone, one.day_start_hour] for one in members}
    topics, coming = _topics(session, of.course_id, locale), class_exam.coming(session, of, now)
    studies = class_studies.read(session, of, days, today, coming.at)
    rows = [_standing(one, today[one.user_id], topics, studies[one.user_id]) for one in members]
    return ClassProgress(of, topics, rows, _count_overrides(session, of), coming)


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


def _overridden(of: Taught) -> tuple[SQLColumnExpression[bool], ...]:
    in_class = and_(Membership.class_id == of.id, Question.course_id == of.course_id)
    return (in_class, ReviewLog.overridden, STANDS)


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
    members = [_Member(who, name, fold(name), joined, zone, hour) for who, name, joined, zone, hour in rows]
    return sorted(members, key=lambda one: (one.folded, one.user_id))


def _topics(session: Session, course_id: int, locale: str) -> Sequence[TopicTitle]:
    title = Topic.title_fr if locale == "fr" else Topic.title_en
    rows = session.execute(
        select(Topic.id, Topic.slug, title, func.count(Question.id))
        .join(Question, and_(Question.topic_id == Topic.id, ASKABLE))
        .where(Topic.course_id == course_id, Topic.retired.is_(False))
        .group_by(Topic.id, Topic.slug, title, Topic.position)
        .order_by(Topic.position)
    )
    return [TopicTitle(*row) for row in rows]


def _standing(
    member: _Member,
    today: date,
    topics: Sequence[TopicTitle],
    study: Study,
) -> MemberProgress:
    cards = {topic.id: study.cards.get(topic.id) or Reach(topic.total) for topic in topics}
    answers = answered.add(study.answers.values())
    return MemberProgress(
        user_id=member.user_id,
        name=member.name,
        folded=member.folded,
        joined_on=study_day(member.joined_at, member.zone, day_start_hour=0),
        reach=mastery.add(cards.values()),
        recent=answers.recent,
        before=answers.before,
        active_days=study.active_days,
        last_day=study.last_day,
        silent_days=(today - (study.last_day or study_day(member.joined_at, member.zone, member.day_start_hour))).days,
        topics=cards,
        answers=study.answers,
    )


def table_of(progressed: ClassProgress, locale: str | None, people: Mapping[int, Student] | None) -> Table:
    """The progress of a class as a table to export, its headers in "fr" or "en"; None is for programs.

    `people` are the members by user id, None for a table without names, in which names are pseudonyms.
    """
    rows = [
        ClassRow(
            student=people[member.user_id] if people else Student(member.name, member.name),
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
    title, named = progressed.of.name, people is not None
    if locale is None:
        topics = [(topic.slug, topic.total) for topic in progressed.topics]
        return class_table.long_table(title, topics, rows, named=named)
    topics = [(topic.title, topic.total) for topic in progressed.topics]
    return class_table.table(title, topics, rows, locale, named=named)
