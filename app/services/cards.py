"""A learner's cards outside the review: set aside, put off, looked at."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.models import Card, Question, ReviewLog
from app.services.card_rows import ASKABLE
from app.services.identity import Person
from app.services.log_rows import STANDS
from app.services.queueing import course_of

_LAST_ANSWER = (
    select(Card.question_id, ReviewLog.number)
    .join(Card, Card.id == ReviewLog.card_id)
    .where(
        ReviewLog.learner_id == bindparam("learner"),
        STANDS,
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


def suspend(session: Session, person: Person, question_id: int) -> None:
    """Set a card aside until the learner takes it back; raises NotFound outside their course."""
    _change(session, person, question_id, suspended=True)


def resume(session: Session, person: Person, question_id: int) -> None:
    """Take a card back that was set aside; raises NotFound outside their course."""
    _change(session, person, question_id, suspended=False)


def bury(session: Session, person: Person, question_id: int, now: datetime) -> date:
    """Put a card off until tomorrow; return that study day. Raises NotFound outside their course."""
    tomorrow = person.today(now) + timedelta(days=1)
    _change(session, person, question_id, buried_until=tomorrow)
    return tomorrow


def unbury(session: Session, person: Person, question_id: int) -> None:
    """Let a card come back that was put off; raises NotFound outside their course."""
    _change(session, person, question_id, buried_until=None)


def _change(session: Session, person: Person, question_id: int, **values: Any) -> None:
    """Set columns of a card; its version goes up when one of them changes.

    A card is born with its first suspension or burial too, but not when there is nothing to set.
    """
    statement = select(Question.id).where(Question.id == question_id, ASKABLE)
    if session.scalar(statement.where(Question.course_id == course_of(session, person))) is None:
        raise NotFound
    if any(values.values()):
        _give_birth(session, person, question_id)
    changed = or_(*(getattr(Card, name).is_distinct_from(value) for name, value in values.items()))
    mine = and_(Card.learner_id == person.id, Card.question_id == question_id)
    session.connection().execute(update(Card).where(mine, changed).values(version=Card.version + 1, **values))


def _give_birth(session: Session, person: Person, question_id: int) -> None:
    """Make the card unless it is there; two requests at once make one."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(Card).values(learner_id=person.id, question_id=question_id)
    session.execute(statement.on_conflict_do_nothing(index_elements=["learner_id", "question_id"]))
