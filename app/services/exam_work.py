"""Who is sitting an exam of a class now: what its teachers are told before they put it away or remove somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.exam import timing
from app.models import Attempt, Exam


@dataclass(frozen=True, slots=True)
class AtWork:
    """An exam of a class that students are sitting: how many attempts are at work, `until` the last one ends.

    `until` is None where nothing but the hand-in ends one of them; a practice exam does not count for a score.
    """

    exam: str
    kind: str
    attempts: int
    until: datetime | None
    zone: str


def hold(session: Session, class_id: int) -> None:
    """Let nobody start an exam of a class until this is stored: every start holds its exam."""
    session.execute(select(Exam.id).where(Exam.class_id == class_id).order_by(Exam.id).with_for_update())


def at_work(session: Session, class_id: int, now: datetime, learner_id: int | None = None) -> Sequence[AtWork]:
    """The exams of a class, by title, that its students (or one of them) are sitting now."""
    statement = (
        select(Exam, Attempt.deadline)
        .join(Attempt, Attempt.exam_id == Exam.id)
        .where(Exam.class_id == class_id, Attempt.submitted_at.is_(None), Attempt.learner_id.is_not(None))
    )
    if learner_id is not None:
        statement = statement.where(Attempt.learner_id == learner_id)
    found: dict[Exam, list[datetime | None]] = {}
    for exam, deadline in session.execute(statement):
        if not timing.is_over(None, deadline, now):
            found.setdefault(exam, []).append(deadline)
    every = [
        AtWork(exam.title, exam.kind, len(ends), None if None in ends else max(filter(None, ends)), exam.zone)
        for exam, ends in found.items()
    ]
    return sorted(every, key=lambda one: one.exam.casefold())
