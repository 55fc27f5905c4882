"""Copies of the cards of members of classes, stored once a day and member, so that no page reads all cards of a class.

A copy holds with the cards that were answered since when the versions of all add up. Whatever else happens to a card,
as when it is set aside, makes it void until the next one is stored, and the pages read that member's cards instead. Who
reads it writes nothing.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, and_, case, exists, select, type_coerce
from sqlalchemy.orm import Session

from app.clock import day_starts_at
from app.models import Card, CardCopy, Question, ReviewLog
from app.services import copies
from app.services.class_log import Marks
from app.services.identity import Person
from app.stats import reached
from app.stats.reached import NEVER, Cards

_DAY_S = timedelta(days=1).total_seconds()
_DAY_US = 1_000_000 * _DAY_S
_SLACK = timedelta(minutes=1)  # what others answer meanwhile is dated before it can be read

# Of a reviewed card, that its last review was wrong (SM-2 begins again), and that no later day has seen it right.
MISSED = and_(Card.due.is_not(None), Card.streak == 0)
_put_off = and_(Card.buried_until.is_not(None), Card.buried_until > Card.due)
_COLUMNS = (
    Card.question_id,
    Card.version,
    Card.interval_days,
    MISSED,
    case((Card.suspended.is_(False), case((_put_off, Card.buried_until), else_=Card.due))).label("owed_from"),
    Card.last_day,
    type_coerce(Card.last_answered_at, BigInteger),
)


@dataclass(frozen=True, slots=True)
class Copy:
    """What is about to be written."""

    learner_id: int
    read_at: datetime
    content: bytes


def days_of(at: datetime) -> float:
    """An instant in days since 1970, as `app.stats.reached` tells them."""
    return at.timestamp() / _DAY_S


def read(session: Session, marks: Marks, who: Collection[int]) -> Mapping[int, Cards]:
    """The cards of these members as they are now, by user id, of whom a copy holds."""
    stored = session.execute(select(CardCopy.learner_id, CardCopy.content).where(CardCopy.learner_id.in_(who)))
    found: dict[int, Cards] = {}
    for learner, content in stored:
        # It is a copy, and no page needs to fail for one that is damaged.
        with suppress(ValueError):
            found[learner] = Cards.read(content)
    if not found:
        return {}
    later = and_(ReviewLog.learner_id == CardCopy.learner_id, ReviewLog.answered_at >= CardCopy.read_at)
    since = session.execute(  # by the log, whose index takes the instant: of most cards nothing is read
        select(CardCopy.learner_id, *_COLUMNS)
        .join(ReviewLog, later)
        .join(Card, Card.id == ReviewLog.card_id)
        .where(CardCopy.learner_id.in_(found))
    )
    changed: dict[int, list[reached.Card]] = {}
    for learner, *card in since:
        changed.setdefault(learner, []).append(_card(*card))
    for learner, cards in found.items():
        cards.put(changed.get(learner, ()))
    return {learner: cards for learner, cards in found.items() if _adds_up(cards, marks, learner)}


def _adds_up(cards: Cards, marks: Marks, learner: int) -> bool:
    """Whether no card is older than in the database: versions only go up, so that one that is makes the sum smaller."""
    mark = marks.members.get(learner)
    return mark is not None and (len(cards.versions), sum(cards.versions)) == (mark.cards, mark.versions)


def is_due(session: Session, person: Person, now: datetime) -> bool:
    """Whether somebody has no copy of this study day."""
    since = day_starts_at(person.today(now), person.zone, person.day_start_hour) - _SLACK
    stored = exists().where(CardCopy.learner_id == person.id, CardCopy.read_at >= since)
    return not session.scalar(select(stored))


def to_store(session: Session, learner_id: int, now: datetime) -> Copy:
    """What is to be stored of a learner: all their cards."""
    rows = session.execute(
        select(*_COLUMNS, Question.topic_id)
        .join(Question, Question.id == Card.question_id)
        .where(Card.learner_id == learner_id)
    ).all()
    topics = {row.question_id: row.topic_id for row in rows}
    cards = Cards.of((_card(*card) for *card, _ in rows), topics.get)
    return Copy(learner_id, now - _SLACK, cards.written())


def store(session: Session, copy: Copy) -> None:
    """Write what is to be stored in place of what was; nothing of a learner who is gone meanwhile."""
    told = {"read_at": copy.read_at, "content": copy.content}
    copies.put(session, CardCopy, {"learner_id": copy.learner_id}, told)


def _card(question: int, version: int, days: int, missed: Any, owed: Any, last: Any, answered_us: Any) -> reached.Card:
    return reached.Card(
        question,
        version,
        days,
        bool(missed),
        owed.toordinal() if owed else NEVER,
        last.toordinal() if last else 0,
        answered_us / _DAY_US if answered_us else 0.0,
    )
