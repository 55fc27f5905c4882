"""What a learner's own log of today says of their way of grading."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session, aliased

from app.models import ReviewLog
from app.models.base import Instant
from app.services.identity import Person
from app.srs import habits

_EVE = timedelta(days=2)  # a study day may begin that far from its date in UTC

_undoing = aliased(ReviewLog)
_GRADES = (
    select(ReviewLog.grade)
    .where(
        ReviewLog.learner_id == bindparam("learner"),
        ReviewLog.answered_at >= bindparam("eve", type_=Instant()),
        ReviewLog.study_day == bindparam("today"),
        ReviewLog.grade.is_not(None),
        ~exists().where(_undoing.card_id == ReviewLog.card_id, _undoing.undoes == ReviewLog.number),
    )
    .order_by(ReviewLog.answered_at, ReviewLog.id)
)


def hard_again(session: Session, person: Person, now: datetime) -> bool:
    """Whether the answer that was just graded makes "Hard" a habit; see `app.srs.habits`."""
    params = {"learner": person.id, "eve": now - _EVE, "today": person.today(now)}
    return habits.hard_again([grade or 0 for grade in session.scalars(_GRADES, params)])
