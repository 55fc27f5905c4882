"""How an attempt ends, whoever ends it, and the log of what happens to one."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.exam import timing
from app.models import Attempt, AttemptEvent
from app.models.base import table_of
from app.services.identity import Person

_UNAMBIGUOUS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_RECEIPT_LENGTH = 12  # 60 bits


_END = (
    update(table_of(Attempt))
    .where(table_of(Attempt).c.id == bindparam("attempt"))
    .values({name: bindparam(name) for name in ("submitted_at", "closed_by", "receipt")})
)
_NOTE = insert(table_of(AttemptEvent))


def close(attempt: Attempt, by: str, at: datetime) -> None:
    """Let a loaded attempt end, brought by its "student", a "teacher" or "time"; it gets its receipt."""
    for name, value in _ending(by, at).items():
        setattr(attempt, name, value)


def store_end(session: Session, attempt_id: int, by: str, at: datetime) -> None:
    """Like `close`, of an attempt that is not loaded but held."""
    session.execute(_END, {"attempt": attempt_id, **_ending(by, at)})


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
    note_all(session, [attempt_id], kind, now, by, **details)


def note_all(
    session: Session, attempt_ids: Iterable[int], kind: str, now: datetime, by: Person, **details: object
) -> None:
    """Log what happened to several attempts at once."""
    told = {"at": now, "kind": kind, "by_id": by.id, "details": details}
    if rows := [{"attempt_id": one, **told} for one in attempt_ids]:
        session.execute(_NOTE, rows)


def _ending(by: str, at: datetime) -> dict[str, object]:
    receipt = "".join(secrets.choice(_UNAMBIGUOUS) for _ in range(_RECEIPT_LENGTH))
    return {"submitted_at": at, "closed_by": by, "receipt": receipt}
