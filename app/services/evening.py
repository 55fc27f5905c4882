"""The night before an exam: which of a learner's cards are worth the evening; see `app.srs.eve`."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session

from app.models import Card, ReviewLog
from app.models.base import Instant
from app.services import planning
from app.services.identity import Person
from app.services.log_rows import not_taken_back
from app.srs import eve
from app.srs.answering import Kind
from app.srs.memory import Learnt

_start: ColumnElement[datetime] = bindparam("start", type_=Instant())
_BEFORE = (
    select(Card.question_id, ReviewLog.study_day, ReviewLog.grade)
    .join(Card, Card.id == ReviewLog.card_id)
    .where(
        ReviewLog.learner_id == bindparam("learner"),
        ReviewLog.answered_at < _start,
        ReviewLog.kind.in_([Kind.REVIEW.value, Kind.EARLY.value, Kind.PRACTICE.value]),
        not_taken_back(before=_start),
    )
    .order_by(ReviewLog.card_id, ReviewLog.number)
)


def chosen(session: Session, person: Person, questions: Collection[int], start: datetime, minutes: int) -> list[int]:
    """The questions of an evening of `minutes`, judged by what was answered before the instant `start`."""
    today = person.today(start)
    unit_s = planning.unit_s(session, person.id, today)
    return eve.evening(today, _seen(session, person, questions, start), minutes, unit_s)


def on_the_edge(session: Session, person: Person, questions: Collection[int], now: datetime) -> int:
    """How many of these questions are on the edge for tomorrow."""
    return len(eve.borderline(person.today(now), _seen(session, person, questions, now)))


def _seen(session: Session, person: Person, questions: Collection[int], start: datetime) -> Sequence[Learnt]:
    rows = session.execute(_BEFORE, {"learner": person.id, "start": start})
    histories = planning.histories(row for row in rows if row.question_id in questions)
    return [Learnt(question, history) for question, history in histories.items()]
