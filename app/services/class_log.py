"""The answers of a class in the review log: which of them are its first answers of a day, and since when.

What the log says of each member is added up by the pages that show it and kept in memory until the `Marks` of the
class tell that it changed: a class of 200 has some hundred thousand rows, and a lesson adds a few.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.clock import MOST_ZONES_APART, study_day
from app.models import Card, Membership, Question, ReviewLog, User
from app.services.card_rows import ASKABLE
from app.services.classes import Taught
from app.services.log_rows import STANDS, not_taken_back
from app.srs.answering import Kind
from app.srs.sm2 import Grade
from app.stats.answered import Told
from app.stats.retention import WINDOW_DAYS

SelectT = TypeVar("SelectT", bound="Select[*tuple[Any, ...]]")

# Of answers, those that recalled what was asked.
RECALLED = ReviewLog.grade >= int(Grade.HARD)

_earlier = aliased(ReviewLog)
# Once a card is introduced, each answer puts its due day after today: only on that first day may practice have come
# before a review. Most rows are later, and need not look for one. The statement joins Card.
_FIRST_OF_THE_DAY = or_(
    Card.introduced_day < ReviewLog.study_day,
    ~exists().where(
        _earlier.card_id == ReviewLog.card_id,
        _earlier.number < ReviewLog.number,
        _earlier.study_day == ReviewLog.study_day,
        _earlier.answer_id.is_not(None),
        not_taken_back(_earlier),
    ),
)
# Answers to a new or due card that count; none comes from an exam.
REVIEWS = and_(ReviewLog.kind == Kind.REVIEW.value, ReviewLog.pushed.is_(False), STANDS)
# Those that are their card's first answer of the day: practice before them would have told it.
FIRSTS = and_(REVIEWS, _FIRST_OF_THE_DAY)
# The same as `app.stats.answered.Told`.
TOLD = case(
    (REVIEWS, case((_FIRST_OF_THE_DAY, case((RECALLED, Told.RIGHT), else_=Told.WRONG)), else_=Told.REVIEWED)),
    else_=Told.NOTHING,
)
# Answers with a response; of exams alone none: only mistakes are there.
IS_RESPONSE = and_(ReviewLog.credit_of.is_not(None), ReviewLog.pushed.is_(False))
# Those that count, to a question as it is worded now. The statement joins Question.
RESPONSES = and_(STANDS, IS_RESPONSE, ReviewLog.question_version == Question.version)


@dataclass(frozen=True, slots=True)
class Days:
    """The study day it is for each learner: a class shares a few zones and hours between its members."""

    now: datetime
    zones: frozenset[tuple[str, int]]

    @classmethod
    def of(cls, now: datetime, zones: Iterable[tuple[str, int]]) -> "Days":
        """The days at `now` of learners whose zone and first hour are given."""
        return cls(now, frozenset(zones))

    def ago(self, days: int = 0) -> ColumnElement[date]:
        """The study day `days` before today, as SQL; the statement must join the learner, for their zone."""
        found = {
            (zone, hour): study_day(self.now, zone, hour) - timedelta(days=days) for zone, hour in sorted(self.zones)
        }
        if len(set(found.values())) == 1:
            return bindparam(None, next(iter(found.values())), unique=True)
        whens = [(and_(User.zone == zone, User.day_start_hour == hour), day) for (zone, hour), day in found.items()]
        no_one = self.now.date() - timedelta(days=days)
        return case(*whens, else_=no_one) if whens else bindparam(None, no_one, unique=True)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is of, and whether learners are asked it."""

    topic_id: int
    objective_id: int
    version: int
    askable: int  # 1 or 0


class Mark(NamedTuple):
    """What changes with the cards of a member, of all courses: how many there are, the sum of their versions, and when
    the last one was answered.
    """

    cards: int
    versions: int
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Marks:
    """What tells the rows of a class apart from what they were at any other moment.

    `course` changes with the `questions` of the course, by id; `members` has by user id what changes with their cards,
    and so with their log, whose rows are `lengths`; who has no card is in neither.
    """

    course: Hashable
    questions: Mapping[int, Asked]
    members: Mapping[int, Mark]
    lengths: Mapping[int, int]

    @classmethod
    def of(cls, session: Session, of: Taught) -> "Marks":
        """The marks of a class now, in two statements."""
        # Row by row: of sums, one move makes up for another.
        course = session.execute(
            select(Question.id, Question.topic_id, Question.objective_id, Question.version, case((ASKABLE, 1), else_=0))
            .where(Question.course_id == of.course_id)
            .order_by(Question.id)
        ).all()
        told = sha256("\n".join(map(str, map(tuple, course))).encode()).digest()
        questions = {key: Asked(*asked) for key, *asked in course}
        # A card's version goes up at every change, and each row of the log changes its card.
        cards = session.execute(
            select(Membership.user_id, func.sum(Card.log_length), func.count())
            .add_columns(func.sum(Card.version), func.max(Card.last_answered_at))
            .select_from(Card)
            .join(Membership, Membership.user_id == Card.learner_id)
            .where(Membership.class_id == of.id)
            .group_by(Membership.user_id)  # as the index has them: 60,000 rows need not be sorted
        ).all()
        members = {who: Mark(count, int(versions), last) for who, _, count, versions, last in cards}
        return cls(told, questions, members, {who: int(length) for who, length, *_ in cards})

    def of_member(self, who: int, *more: Hashable) -> Hashable:
        """The key of what is kept of a member, and of what else it depends on."""
        return who, self.course, self.members.get(who), more


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of the log that a statement reads: those of the members `who` of a class."""

    of: Taught
    who: Collection[int]

    def joined(self, statement: SelectT) -> SelectT:
        """The statement, which reads ReviewLog, of these rows of the class's course; it joins Membership and User,
        Card and Question.
        """
        return (
            statement.select_from(ReviewLog)
            .join(Membership, Membership.user_id == ReviewLog.learner_id)
            .join(User, User.id == ReviewLog.learner_id)
            .join(Card, Card.id == ReviewLog.card_id)
            .join(Question, Question.id == Card.question_id)
            .where(within(self.of, self.who), Question.course_id == self.of.course_id)
        )

    def in_window(self, statement: SelectT, days: Days, window_days: int = WINDOW_DAYS) -> SelectT:
        """`joined` of the `window_days` study days that end today."""
        return self.joined(statement).where(
            ReviewLog.study_day > days.ago(window_days),
            ReviewLog.study_day <= days.ago(),
            ReviewLog.answered_at >= days.now - timedelta(days=window_days) - MOST_ZONES_APART,
        )


def within(of: Taught, who: Collection[int] | None = None) -> ColumnElement[bool]:
    """Which rows of Membership are of a class; with `who`, of these people alone."""
    in_class = Membership.class_id == of.id
    return in_class if who is None else and_(in_class, Membership.user_id.in_(who))


def owed(days: Days) -> ColumnElement[bool]:
    """Whether a card is due today, and neither set aside nor put off; the statement joins User."""
    put_off = and_(Card.buried_until.is_not(None), Card.buried_until > days.ago())
    return and_(Card.due <= days.ago(), Card.suspended.is_(False), ~put_off)
