"""A learner's cards outside the review: set aside, put off, looked at."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.orm import Session, aliased

from app.errors import NotFound
from app.models import Card, Question, ReviewLog
from app.services.identity import Person
from app.services.queueing import course_of

_undoing = aliased(ReviewLog)
_LAST_ANSWER = (
    select(Card.question_id, ReviewLog.number)
    .join(Card, Card.id == ReviewLog.card_id)
    .where(
        ReviewLog.learner_id == bindparam("learner"),
        ReviewLog.answer_id.is_not(None),
        ~exists().where(_undoing.card_id == ReviewLog.card_id, _undoing.undoes == ReviewLog.number),
    )
    .order_by(ReviewLog.answered_at.desc(), ReviewLog.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """The row that "undo" takes back next."""

    question_id: int
    number: int


def last_answer(session: Session, person: Person) -> LastAnswer | None:
    """The learner's latest answer that is not taken back, on whatever device it was given."""
    row = session.execute(_LAST_ANSWER, {"learner": person.id}).one_or_none()
    return None if row is None else LastAnswer(row.question_id, row.number)


def suspend(session: Session, person: Person, question_id: int, suspended: bool = True) -> None:
    """Set a card aside until the learner takes it back; raises NotFound outside their course."""
    _change(session, person, question_id, suspended=suspended)


def bury(session: Session, person: Person, question_id: int, now: datetime) -> date:
    """Put a card off until tomorrow; return that study day. Raises NotFound outside their course."""
    tomorrow = person.today(now) + timedelta(days=1)
    _change(session, person, question_id, buried_until=tomorrow)
    return tomorrow


def _change(session: Session, person: Person, question_id: int, **values: Any) -> None:
    """A card row is born with its first suspension or burial too; its version goes up with each."""
    where = (Card.learner_id == person.id, Card.question_id == question_id)
    card = session.scalar(select(Card).where(*where).with_for_update())
    if card is None:
        course = course_of(session, person)
        if session.scalar(select(Question.id).where(Question.id == question_id, Question.course_id == course)) is None:
            raise NotFound
        session.add(Card(learner_id=person.id, question_id=question_id, version=1, **values))
        return
    if any(getattr(card, name) != value for name, value in values.items()):
        session.execute(update(Card).where(Card.id == card.id).values(version=Card.version + 1, **values))
