"""What a learner's own log of today says of their way of grading."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.clock import MOST_ZONES_APART
from app.models import ReviewLog
from app.models.base import Instant
from app.services.identity import Person
from app.services.log_rows import not_taken_back
from app.srs import habits

_GRADES = (
    select(ReviewLog.grade)
    .where(
        ReviewLog.learner_id == bindparam("learner"),
        ReviewLog.answered_at >= bindparam("eve", type_=Instant()),
        ReviewLog.study_day == bindparam("today"),
        ReviewLog.grade.is_not(None),
        not_taken_back(),
    )
    .order_by(ReviewLog.answered_at, ReviewLog.id)
)


def hard_again(session: Session, person: Person, now: datetime) -> bool:
    """Whether the answer that was just graded makes "Hard" a habit; see `app.srs.habits`."""
    params = {"learner": person.id, "eve": now - MOST_ZONES_APART, "today": person.today(now)}
    return habits.hard_again([grade or 0 for grade in session.scalars(_GRADES, params)])
