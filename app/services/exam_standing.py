"""The exams of a student's classes, and where each stands for them: announced, open, at work, closed.

Of a class that was put away, or that the student left, those they have started stay: their attempts are theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.exam import timing
from app.exam.timing import Phase, Window
from app.models import Allowance, Attempt, Class, Exam, ExamItem, Membership
from app.services import exam_events
from app.services.exams import window_of
from app.services.identity import Person


@dataclass(frozen=True, slots=True)
class Standing:
    """One exam as one student may see it, with what they get beyond the others.

    `duration` counts their extra time and the time `given` so far to those who start now.
    It is `gone` when its class was put away or is theirs no more: nothing can be started, what was started stays.
    """

    exam_id: int
    class_id: int
    class_name: str
    course_id: int
    title: str
    kind: str
    window: Window
    zone: str
    phase: Phase
    duration: timedelta | None
    allowed: int
    used: int
    open_attempt: int | None
    last_attempt: int | None
    needs_password: bool
    questions: int
    given: timedelta = timedelta(0)
    gone: bool = False

    @property
    def may_start(self) -> bool:
        """Whether an attempt can be started now."""
        if self.gone:
            return False
        left = self.allowed == 0 or self.used < self.allowed
        return self.phase is Phase.OPEN and left and self.open_attempt is None


@dataclass(frozen=True, slots=True)
class Briefing:
    """What a student should know before an exam: its way, how it counts, what is shown afterwards."""

    layout: str
    go_back: bool
    keep: str
    scale_hundredths: int
    pass_hundredths: int | None
    penalty_percent: int
    all_or_nothing: bool
    show_score: str
    show_answers: str
    show_explanations: str


def briefing(session: Session, exam_id: int) -> Briefing:
    """What is said of a published exam before it starts; raises NotFound."""
    exam = session.get(Exam, exam_id)
    if exam is None or exam.published_at is None:
        raise NotFound
    return Briefing(**{name: getattr(exam, name) for name in Briefing.__dataclass_fields__})


def standings(session: Session, learner: Person, now: datetime) -> Sequence[Standing]:
    """The exams of the learner's classes: open ones first, then announced ones, then the others, the newest first.

    Those they have started elsewhere are among the others, unless they are at work there.
    """
    is_theirs = and_(Membership.user_id.is_not(None), Class.archived_at.is_(None))
    started = select(Attempt.exam_id).where(Attempt.learner_id == learner.id)
    rows = session.execute(
        select(Exam, Class.name, Class.course_id, func.coalesce(Membership.extra_minutes, 0).label("extra_minutes"))
        .add_columns(is_theirs.label("theirs"))
        .join(Class, Class.id == Exam.class_id)
        .outerjoin(Membership, and_(Membership.class_id == Class.id, Membership.user_id == learner.id))
        .where(Exam.published_at.is_not(None), or_(is_theirs, Exam.id.in_(started)))
    ).all()
    if not rows:
        return []
    ids = [row.Exam.id for row in rows]
    attempts = _attempts_by_exam(session, learner, ids)
    allowances = {
        one.exam_id: one
        for one in session.scalars(
            select(Allowance).where(Allowance.learner_id == learner.id, Allowance.exam_id.in_(ids))
        )
    }
    counted = select(ExamItem.exam_id, func.count()).where(ExamItem.exam_id.in_(ids)).group_by(ExamItem.exam_id)
    sizes: dict[int, int] = {exam_id: count for exam_id, count in session.execute(counted)}
    given = exam_events.given_to_starters(session, ids, learner.id)
    every = [
        _with_time(
            _standing(row, attempts.get(row.Exam.id, []), allowances.get(row.Exam.id), sizes.get(row.Exam.id, 0), now),
            given.get(row.Exam.id, timedelta(0)),
        )
        for row in rows
    ]
    gone = {row.Exam.id for row in rows if not row.theirs}
    every = [replace(one, gone=True, phase=Phase.CLOSED) if one.exam_id in gone else one for one in every]
    order = {Phase.OPEN: 0, Phase.ANNOUNCED: 1, Phase.CLOSED: 2}
    return sorted(every, key=lambda one: (one.open_attempt is None, order[one.phase], -one.exam_id))


def standing(session: Session, learner: Person, exam_id: int, now: datetime) -> Standing:
    """One exam for one student; raises NotFound for what is not announced to them."""
    found = next((one for one in standings(session, learner, now) if one.exam_id == exam_id), None)
    if found is None:
        raise NotFound
    return found


def _standing(
    row: Any, attempts: Sequence[Attempt], allowance: Allowance | None, questions: int, now: datetime
) -> Standing:
    exam: Exam = row.Exam
    window = window_of(exam)
    if allowance is not None and allowance.closes_at is not None:  # a make-up has its own window
        window = Window(allowance.opens_at, allowance.closes_at, window.duration)
    share = 1 + timing.extra_time(row.extra_minutes)
    over = [timing.is_over(one.submitted_at, one.deadline, now) for one in attempts]
    at_work = next((one.id for one, is_over in zip(attempts, over, strict=True) if not is_over), None)
    demands = sum(one["count"] for one in exam.demands) if exam.demands else questions
    return Standing(
        exam_id=exam.id,
        class_id=exam.class_id,
        class_name=row.name,
        course_id=row.course_id,
        title=exam.title,
        kind=exam.kind,
        window=window,
        zone=exam.zone,
        phase=timing.phase(window, now),
        duration=None if exam.duration_s is None else timedelta(seconds=float(exam.duration_s * share)),
        allowed=0 if exam.attempts == 0 else exam.attempts + (allowance.extra_attempts if allowance else 0),
        used=len(attempts),
        open_attempt=at_work,
        last_attempt=attempts[-1].id if attempts else None,
        needs_password=bool(exam.password),
        questions=demands,
    )


def _with_time(stands: Standing, given: timedelta) -> Standing:
    duration = None if stands.duration is None else stands.duration + given
    return replace(stands, given=given, duration=duration)


def _attempts_by_exam(session: Session, learner: Person, ids: Sequence[int]) -> dict[int, list[Attempt]]:
    found: dict[int, list[Attempt]] = {}
    statement = select(Attempt).where(Attempt.learner_id == learner.id, Attempt.exam_id.in_(ids))
    for attempt in session.scalars(statement.order_by(Attempt.number)):
        found.setdefault(attempt.exam_id, []).append(attempt)
    return found
