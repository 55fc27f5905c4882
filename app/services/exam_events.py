"""The log of what teachers did to an exam: time given and make-ups; what it says of time is also what counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.models import Exam, ExamEvent, Membership, User
from app.models.base import table_of
from app.services.identity import Person

TIME_GIVEN, ALLOWED, WITHDRAWN = "time_given", "allowed", "withdrawn"


@dataclass(frozen=True, slots=True)
class Told:
    """One entry; `learner_id` is None for what was done for everybody, `name` is the student's."""

    id: int
    learner_id: int | None
    name: str
    at: datetime
    kind: str
    by: str
    reason: str
    minutes: int


def record(
    session: Session,
    teacher: Person,
    exam_id: int,
    learner_id: int | None,
    kind: str,
    reason: str,
    now: datetime,
    **details: object,
) -> int:
    """Log what a teacher did; return the entry's id."""
    made = ExamEvent(
        exam_id=exam_id, learner_id=learner_id, at=now, kind=kind, by_id=teacher.id, reason=reason, details=details
    )
    session.add(made)
    session.flush()
    return made.id


def time_given(session: Session, exam_id: int, learner_id: int | None) -> Sequence[ExamEvent]:
    """The entries that gave time to a student, alone or with everybody; for None, to everybody. The oldest first."""
    statement = select(ExamEvent).where(ExamEvent.exam_id == exam_id, ExamEvent.kind == TIME_GIVEN)
    to_them = or_(ExamEvent.learner_id.is_(None), ExamEvent.learner_id == learner_id)
    return session.scalars(statement.where(to_them).order_by(ExamEvent.id)).all()


def listed(session: Session, exam_id: int) -> Sequence[Told]:
    """The entries of an exam in their order."""
    events = session.scalars(select(ExamEvent).where(ExamEvent.exam_id == exam_id).order_by(ExamEvent.id)).all()
    people = {one for event in events for one in (event.learner_id, event.by_id) if one is not None}
    rows = session.execute(select(User.id, User.display_name, User.login).where(User.id.in_(people)))
    names = {number: display or login or "" for number, display, login in rows}
    of_class = (
        select(Membership.user_id, Membership.name)
        .join(Exam, Exam.class_id == Membership.class_id)
        .where(Exam.id == exam_id, Membership.user_id.in_(people))
    )
    in_class: dict[int, str] = {number: name for number, name in session.execute(of_class)}
    return [
        Told(
            id=event.id,
            learner_id=event.learner_id,
            name=in_class.get(event.learner_id or 0) or names.get(event.learner_id or 0, ""),
            at=event.at,
            kind=event.kind,
            by=names.get(event.by_id or 0, ""),
            reason=event.reason,
            minutes=int(event.details.get("minutes", 0)),
        )
        for event in events
    ]


_EVENT = table_of(ExamEvent).c
# The minutes given to the student `learner`, or to everybody, before they start; of a statement that reads exams.
GIVEN_TO_STARTERS = (
    select(func.coalesce(func.sum(_EVENT.details["minutes"].as_integer()), 0))
    .where(
        _EVENT.exam_id == table_of(Exam).c.id,
        _EVENT.kind == TIME_GIVEN,
        _EVENT.details["later"].as_boolean(),
        or_(_EVENT.learner_id.is_(None), _EVENT.learner_id == bindparam("learner")),
    )
    .correlate(table_of(Exam))
    .scalar_subquery()
)


def stop_starters(session: Session, exam_id: int) -> None:
    """Let nobody start (`exam_standing.at_the_door`) until this is stored; attempts at work go on saving."""
    session.execute(select(Exam.id).where(Exam.id == exam_id).with_for_update())
