"""The answers of a class in the review log: which of them are its first answers of a day, and since when.

What the log says of each member is added up by the pages that show it and kept in memory until the `Marks` of the
class tell that it changed: a class of 200 has some hundred thousand rows, and a lesson adds a few.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.clock import MOST_ZONES_APART, study_day
from app.models import Card, Membership, Question, ReviewLog, User
from app.services.card_rows import ASKABLE
from app.services.classes import Taught
from app.services.log_rows import STANDS, not_taken_back
from app.srs.answering import Kind
from app.srs.sm2 import Grade
from app.stats.retention import WINDOW_DAYS

# Of answers, those that recalled what was asked.
RECALLED = ReviewLog.grade >= int(Grade.HARD)

_earlier = aliased(ReviewLog)
# Once a card is introduced, each answer puts its due day after today: only on that first day may practice have come
# before a review. Most rows are later, and need not look for one.
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
class Marks:
    """What tells the rows of a class apart from what they were at any other moment.

    `course` changes with the questions of the course, `members` has by user id what changes with their cards, and so
    with their log; who has no card is not there.
    """

    course: Hashable
    members: Mapping[int, Hashable]

    @classmethod
    def of(cls, session: Session, of: Taught) -> "Marks":
        """The marks of a class now, in two statements."""
        # Row by row: of sums, one move makes up for another.
        course = session.execute(
            select(Question.id, Question.topic_id, Question.objective_id, Question.version, case((ASKABLE, 1), else_=0))
            .where(Question.course_id == of.course_id)
            .order_by(Question.id)
        )
        told = sha256("\n".join(map(str, map(tuple, course))).encode()).digest()
        # A card's version goes up at every change, and each row of the log changes its card.
        cards = session.execute(
            select(Card.learner_id, func.count(), func.sum(Card.version), func.max(Card.last_answered_at))
            .join(Membership, Membership.user_id == Card.learner_id)
            .where(Membership.class_id == of.id)
            .group_by(Card.learner_id)
        )
        return cls(told, {who: tuple(state) for who, *state in cards})

    def of_member(self, who: int, *more: Hashable) -> Hashable:
        """The key of what is kept of a member, and of what else it depends on."""
        return who, self.course, self.members.get(who), more


def within(of: Taught, who: Collection[int] | None = None) -> ColumnElement[bool]:
    """Which rows of Membership are of a class; with `who`, of these people alone."""
    in_class = Membership.class_id == of.id
    return in_class if who is None else and_(in_class, Membership.user_id.in_(who))


def firsts(of: Taught, days: Days, who: Collection[int] | None = None) -> tuple[ColumnElement[bool], ...]:
    """Which of the `reviews` are their card's first answer of the day: practice before them would have told it."""
    return (*reviews(of, days, who), _FIRST_OF_THE_DAY)


def reviews(
    of: Taught, days: Days, who: Collection[int] | None = None, window_days: int = WINDOW_DAYS
) -> tuple[ColumnElement[bool], ...]:
    """Which rows are answers to a new or due card that count, in the `window_days` study days that end today.

    None comes from an exam. The statement joins ReviewLog, Card, Question, Membership and User.
    """
    return (
        within(of, who),
        Question.course_id == of.course_id,
        ReviewLog.answered_at >= days.now - timedelta(days=window_days) - MOST_ZONES_APART,
        ReviewLog.study_day > days.ago(window_days),
        ReviewLog.study_day <= days.ago(),
        ReviewLog.kind == Kind.REVIEW.value,
        ReviewLog.pushed.is_(False),
        STANDS,
    )


def owed(days: Days) -> ColumnElement[bool]:
    """Whether a card is due today, and neither set aside nor put off; the statement joins User."""
    put_off = and_(Card.buried_until.is_not(None), Card.buried_until > days.ago())
    return and_(Card.due <= days.ago(), Card.suspended.is_(False), ~put_off)
