"""How an attempt ends, whoever ends it, and the log of what happens to one."""

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.exam import timing
from app.models import Attempt, AttemptEvent
from app.services.identity import Person

_UNAMBIGUOUS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_RECEIPT_LENGTH = 12  # 60 bits


def close(attempt: Attempt, by: str, at: datetime) -> None:
    """Store the end of an attempt, brought by its "student", a "teacher" or "time"; it gets its receipt."""
    attempt.submitted_at = at
    attempt.closed_by = by
    attempt.receipt = "".join(secrets.choice(_UNAMBIGUOUS) for _ in range(_RECEIPT_LENGTH))


def close_expired(session: Session, learner_id: int, exam_id: int, now: datetime) -> None:
    """Store the end that the clock brought to a student's attempts: the next write does it, a page never."""
    ended = select(Attempt).where(
        Attempt.exam_id == exam_id, Attempt.learner_id == learner_id, Attempt.submitted_at.is_(None)
    )
    for attempt in session.scalars(ended.with_for_update()):
        if timing.is_over(None, attempt.deadline, now):
            close(attempt, "time", attempt.deadline or now)
    session.flush()


def note(session: Session, attempt_id: int, kind: str, now: datetime, by: Person, **details: object) -> None:
    """Log what happened to an attempt."""
    session.add(AttemptEvent(attempt_id=attempt_id, at=now, kind=kind, by_id=by.id, details=details))
