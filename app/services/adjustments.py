"""Points of the scale that a teacher gives or takes by hand, with the reason; taken back, they count no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.errors import Conflict, FieldProblem, Invalid, NotFound
from app.exam import numerals
from app.models import Adjustment, Attempt, AttemptEvent, User
from app.services.identity import Person
from app.services.messages import message_problem, tidy_message
from app.services.regrades import published

UNDONE = "adjustment_undone"  # the kind of the attempt's event that says why
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """Points to give or take, as typed, and why. With `seen`, only if the attempt's adjustments are still those.

    `again` is the id of the newest adjustment of which it is known that this may repeat it.
    """

    attempt_id: int
    points: str
    reason: str
    seen: str | None = None
    again: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """An adjustment as it was made, in hundredths of the scale; `undone_at` is None while it counts."""

    id: int
    attempt_id: int
    hundredths: int
    reason: str
    at: datetime
    by: str
    undone_at: datetime | None
    undone_by: str
    undone_because: str


def read_points(text: str) -> int | None:
    """The hundredths that "1,25", "-0.5" or "+2" write; None for anything else: a third decimal, a unit, words."""
    numeral = numerals.read(text)
    if numeral is None or numeral.unit:
        return None
    hundredths = numeral.value * _HUNDRED
    return int(hundredths) if hundredths == int(hundredths) else None


def adjust(session: Session, teacher: Person, exam_id: int, wanted: Wanted, now: datetime) -> int:
    """Give points to an attempt, or take some; return the adjustment's id.

    The same request sent again changes nothing. Raises NotFound, Conflict ("not_published", "adjustments"),
    Invalid with every problem, "points_before" where one before is the same.
    """
    exam = published(session, teacher, exam_id)
    hundredths = read_points(wanted.points)
    problems = (_points_problem(hundredths, exam.scale_hundredths), message_problem(wanted.reason))
    if hundredths is None or any(problems):
        raise Invalid([problem for problem in problems if problem])
    reason = tidy_message(wanted.reason)
    _lock(session, exam_id, wanted.attempt_id)
    if wanted.seen is not None and wanted.seen != fingerprint(session, wanted.attempt_id):
        return _sent_again(session, teacher, wanted.attempt_id, hundredths, reason)
    same = _same_before(session, teacher, wanted.attempt_id, hundredths, reason)
    if wanted.seen is not None and any(one > (wanted.again or 0) for one in same):
        raise Invalid([FieldProblem("points", "points_before")])
    made = Adjustment(attempt_id=wanted.attempt_id, hundredths=hundredths, reason=reason, at=now, by_id=teacher.id)
    session.add(made)
    session.flush()
    return made.id


def undo(session: Session, teacher: Person, exam_id: int, adjustment_id: int, reason: str, now: datetime) -> int:
    """Take an adjustment back, twice as once; return its attempt. Raises NotFound, Invalid without a reason."""
    published(session, teacher, exam_id)
    if problem := message_problem(reason):
        raise Invalid([problem])
    statement = select(Adjustment).join(Attempt, Attempt.id == Adjustment.attempt_id)
    adjustment = session.scalar(
        statement.where(Adjustment.id == adjustment_id, Attempt.exam_id == exam_id).with_for_update(of=Adjustment)
    )
    if adjustment is None:
        raise NotFound
    if adjustment.undone_at is None:
        adjustment.undone_at, adjustment.undone_by_id = now, teacher.id
        details = {"adjustment": adjustment_id, "reason": tidy_message(reason)}
        session.add(
            AttemptEvent(attempt_id=adjustment.attempt_id, at=now, kind=UNDONE, by_id=teacher.id, details=details)
        )
        session.flush()
    return adjustment.attempt_id


def listed(session: Session, exam_id: int, attempt_id: int | None = None) -> Sequence[Given]:
    """The adjustments of an exam, or of one of its attempts, in the order they were made."""
    undoer = aliased(User)
    statement = (
        select(Adjustment, User.display_name, User.login, undoer.display_name, undoer.login)
        .join(Attempt, Attempt.id == Adjustment.attempt_id)
        .outerjoin(User, User.id == Adjustment.by_id)
        .outerjoin(undoer, undoer.id == Adjustment.undone_by_id)
        .where(Attempt.exam_id == exam_id)
        .order_by(Adjustment.id)
    )
    if attempt_id is not None:
        statement = statement.where(Adjustment.attempt_id == attempt_id)
    why = _undone_because(session, exam_id)
    return [
        Given(
            id=row.id,
            attempt_id=row.attempt_id,
            hundredths=row.hundredths,
            reason=row.reason,
            at=row.at,
            by=name or login or "",
            undone_at=row.undone_at,
            undone_by=undoer_name or undoer_login or "",
            undone_because=why.get(row.id, ""),
        )
        for row, name, login, undoer_name, undoer_login in session.execute(statement)
    ]


def found(session: Session, teacher: Person, exam_id: int, adjustment_id: int) -> Given:
    """One adjustment of an exam of this teacher; raises NotFound."""
    published(session, teacher, exam_id)
    one = next((each for each in listed(session, exam_id) if each.id == adjustment_id), None)
    if one is None:
        raise NotFound
    return one


def fingerprint(session: Session, attempt_id: int) -> str:
    """Another text after every adjustment of the attempt that is made or undone."""
    made, undone = session.execute(
        select(func.count(Adjustment.id), func.count(Adjustment.undone_at)).where(Adjustment.attempt_id == attempt_id)
    ).one()
    return f"{made}.{undone}"


def _points_problem(hundredths: int | None, scale_hundredths: int) -> FieldProblem | None:
    if hundredths is None:
        return FieldProblem("points", "points_unread")
    if not 0 < abs(hundredths) <= scale_hundredths:
        return FieldProblem("points", "points_range", (("most", scale_hundredths),))
    return None


def _sent_again(session: Session, teacher: Person, attempt_id: int, hundredths: int, reason: str) -> int:
    """The newest adjustment when it is the one that was sent: a second click. Raises Conflict ("adjustments")."""
    newest = session.scalar(select(func.max(Adjustment.id)).where(Adjustment.attempt_id == attempt_id))
    if newest is None or newest not in _same_before(session, teacher, attempt_id, hundredths, reason):
        raise Conflict("adjustments")
    return newest


def _same_before(session: Session, teacher: Person, attempt_id: int, hundredths: int, reason: str) -> Sequence[int]:
    """The ids of the adjustments that count and are the same."""
    same = (Adjustment.by_id == teacher.id, Adjustment.hundredths == hundredths, Adjustment.reason == reason)
    standing = select(Adjustment.id).where(Adjustment.attempt_id == attempt_id, Adjustment.undone_at.is_(None))
    return session.scalars(standing.where(*same)).all()


def _lock(session: Session, exam_id: int, attempt_id: int) -> None:
    statement = select(Attempt.id).where(Attempt.id == attempt_id, Attempt.exam_id == exam_id)
    if session.scalar(statement.with_for_update(key_share=True)) is None:
        raise NotFound


def _undone_because(session: Session, exam_id: int) -> Mapping[int, str]:
    events = session.scalars(
        select(AttemptEvent)
        .join(Attempt, Attempt.id == AttemptEvent.attempt_id)
        .where(Attempt.exam_id == exam_id, AttemptEvent.kind == UNDONE)
    )
    return {event.details["adjustment"]: event.details["reason"] for event in events}
