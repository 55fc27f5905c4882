"""The exams of a student's classes, and where each stands for them: announced, open, at work, closed.

Of a class that was put away, or that the student left, those they have started stay: their attempts are theirs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.exam import timing
from app.exam.timing import Phase, Window
from app.models import Allowance, Attempt, Class, Exam, ExamItem, Membership
from app.models.base import table_of
from app.services import exam_events
from app.services.identity import Person


@dataclass(frozen=True, slots=True)
class Standing:
    """One exam as one student may see it, with what they get beyond the others.

    `duration` counts their extra time and the time `given` so far to those who start now. `run_out` says that an
    attempt was ended by its time, which is not stored yet. It is `gone` when its class was put away or is theirs
    no more: nothing can be started, what was started stays. However late they start, it ends at `latest_end`.
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
    run_out: bool = False
    gone: bool = False
    latest_end: datetime | None = None

    @property
    def whole_until(self) -> datetime | None:
        """Until when a start has the whole `duration` before it; None where no close cuts it."""
        return timing.whole_until(self.window)

    def is_cut(self, now: datetime) -> bool:
        """Whether the close leaves less than the whole `duration` to who starts now, or as soon as they may."""
        return self.whole_until is not None and max(now, self.window.opens_at or now) > self.whole_until

    @property
    def has_left(self) -> bool:
        """Whether there is an attempt that was not started, which can be now or once the exam opens."""
        left = self.allowed == 0 or self.used < self.allowed
        return left and self.phase is not Phase.CLOSED and self.open_attempt is None and not self.gone

    @property
    def may_start(self) -> bool:
        """Whether an attempt can be started now."""
        return self.has_left and self.phase is Phase.OPEN


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


@dataclass(frozen=True, slots=True)
class Entrance:
    """What a start reads of an exam, beyond how it stands for the student.

    `forms` is how many parallel forms there are, `own_form` the one that a make-up gives the student.
    """

    stands: Standing
    password: str | None
    demands: Sequence[Mapping[str, Any]] | None
    draw: str
    seed: str
    shuffles: bool
    forms: int
    own_form: int | None


@dataclass(frozen=True, slots=True)
class InLine:
    """Of a start that may have to wait: how many attempts were started before it, whether one of them is at work, and
    when the exam may be started.
    """

    started: int
    at_work: bool
    is_open: bool
    closes_at: datetime | None


_EXAM, _ALLOWED = table_of(Exam).c, table_of(Allowance).c
_MEMBER, _ATTEMPT = table_of(Membership).c, table_of(Attempt).c
_IS_THEIRS = and_(_MEMBER.user_id.is_not(None), table_of(Class).c.archived_at.is_(None))
_STARTED = select(_ATTEMPT.exam_id).where(_ATTEMPT.learner_id == bindparam("learner"))
_BRIEFING = tuple(Briefing.__dataclass_fields__)
_COLUMNS = (
    *(_EXAM[name] for name in ("id", "class_id", "title", "kind", "opens_at", "closes_at", "duration_s", "zone")),
    *(_EXAM[name] for name in ("attempts", "password", "demands", "draw", "seed", "forms", "shuffle_questions")),
    *(_EXAM[name] for name in _BRIEFING),
    table_of(Class).c.name.label("class_name"),
    table_of(Class).c.course_id,
    func.coalesce(_MEMBER.extra_minutes, 0).label("extra_minutes"),
    _IS_THEIRS.label("theirs"),
    _ALLOWED.extra_attempts,
    _ALLOWED.opens_at.label("own_opens_at"),
    _ALLOWED.closes_at.label("own_closes_at"),
    _ALLOWED.form.label("own_form"),
    select(func.count())
    .where(table_of(ExamItem).c.exam_id == _EXAM.id)
    .correlate(table_of(Exam))
    .scalar_subquery()
    .label("items"),
    exam_events.GIVEN_TO_STARTERS.label("given_minutes"),
)
_PUBLISHED = (
    select(*_COLUMNS)
    .join_from(table_of(Exam), table_of(Class), Class.id == Exam.class_id)
    .outerjoin(table_of(Membership), and_(Membership.class_id == Class.id, Membership.user_id == bindparam("learner")))
    .outerjoin(table_of(Allowance), and_(Allowance.exam_id == Exam.id, Allowance.learner_id == bindparam("learner")))
    .where(Exam.published_at.is_not(None), or_(_IS_THEIRS, Exam.id.in_(_STARTED)))
)
_ONE = _PUBLISHED.where(Exam.id == bindparam("exam"))
# At the door nobody gives time, nor puts the class away, until this start is stored. A statement of its own: what one
# statement reads besides the row it waited for is as it was before the wait.
_DOOR = select(Exam.id).where(Exam.id == bindparam("exam")).with_for_update(read=True, key_share=True)
_ATTEMPTS = (
    select(_ATTEMPT.id, _ATTEMPT.exam_id, _ATTEMPT.submitted_at, _ATTEMPT.deadline)
    .where(_ATTEMPT.learner_id == bindparam("learner"), _ATTEMPT.exam_id.in_(bindparam("exams", expanding=True)))
    .order_by(_ATTEMPT.number)
)
_IN_LINE = (
    select(*(_EXAM[name] for name in ("opens_at", "closes_at")))
    .add_columns(_ALLOWED.opens_at.label("own_opens_at"), _ALLOWED.closes_at.label("own_closes_at"))
    .add_columns(func.count(_ATTEMPT.id).label("started"))
    .add_columns(func.count(case((_ATTEMPT.submitted_at.is_(None), _ATTEMPT.id))).label("at_work"))
    .join(table_of(Class), and_(Class.id == _EXAM.class_id, table_of(Class).c.archived_at.is_(None)))
    .join(table_of(Membership), and_(_MEMBER.class_id == _EXAM.class_id, _MEMBER.user_id == bindparam("learner")))
    .outerjoin(table_of(Allowance), and_(_ALLOWED.exam_id == _EXAM.id, _ALLOWED.learner_id == bindparam("learner")))
    .outerjoin(table_of(Attempt), and_(_ATTEMPT.exam_id == _EXAM.id, _ATTEMPT.learner_id == bindparam("learner")))
    .where(_EXAM.id == bindparam("exam"), _EXAM.published_at.is_not(None))
    .group_by(_EXAM.id, _ALLOWED.opens_at, _ALLOWED.closes_at)
)
_ATTEMPTS_AT_THE_DOOR = _ATTEMPTS.with_for_update()


def standings(session: Session, learner: Person, now: datetime) -> Sequence[Standing]:
    """The exams of the learner's classes: open ones first, then announced ones, then the others, the newest first.

    Those they have started elsewhere are among the others, unless they are at work there.
    """
    rows = session.execute(_PUBLISHED, {"learner": learner.id}).all()
    order = {Phase.OPEN: 0, Phase.ANNOUNCED: 1, Phase.CLOSED: 2}
    every = _standings(session, learner, rows, _ATTEMPTS, now)
    return sorted(every, key=lambda one: (one.open_attempt is None, order[one.phase], -one.exam_id))


def standing(session: Session, learner: Person, exam_id: int, now: datetime) -> Standing:
    """One exam for one student; raises NotFound for what is not announced to them."""
    return briefed(session, learner, exam_id, now)[0]


def briefed(session: Session, learner: Person, exam_id: int, now: datetime) -> tuple[Standing, Briefing]:
    """One exam for one student, and what is said of it before it starts; raises NotFound like `standing`."""
    row = session.execute(_ONE, {"learner": learner.id, "exam": exam_id}).one_or_none()
    if row is None:
        raise NotFound
    (stands,) = _standings(session, learner, [row], _ATTEMPTS, now)
    return stands, Briefing(*(getattr(row, name) for name in _BRIEFING))


def at_the_door(session: Session, learner: Person, exam_id: int, now: datetime) -> Entrance:
    """One exam for a student who is about to start; raises NotFound like `standing`.

    Until the transaction ends nobody gives time in the exam or puts its class away, nor ends or reopens an attempt of
    the student.
    """
    session.execute(_DOOR, {"exam": exam_id})
    row = session.execute(_ONE, {"learner": learner.id, "exam": exam_id}).one_or_none()
    if row is None:
        raise NotFound
    (stands,) = _standings(session, learner, [row], _ATTEMPTS_AT_THE_DOOR, now)
    shuffles, own_form = row.shuffle_questions, row.own_form
    return Entrance(stands, row.password, row.demands, row.draw, row.seed, shuffles, row.forms, own_form)


def class_size(session: Session, class_id: int) -> int:
    """How many may wait for an exam of the class to open."""
    return session.scalar(select(func.count()).where(_MEMBER.class_id == class_id)) or 0


def in_line(asked: Connection, learner: Person, exam_id: int, now: datetime) -> InLine:
    """What decides whether a start may wait for a moment; what is no exam of theirs is nothing to wait for."""
    row = asked.execute(_IN_LINE, {"learner": learner.id, "exam": exam_id}).one_or_none()
    if row is None:
        return InLine(started=0, at_work=False, is_open=False, closes_at=None)
    opens_at = row.own_opens_at or row.opens_at
    closes = [one for one in (row.closes_at, row.own_closes_at) if one is not None]
    return InLine(row.started, row.at_work > 0, opens_at is None or opens_at <= now, min(closes, default=None))


def _standings(
    session: Session, learner: Person, rows: Sequence[Row[Any]], of_attempts: Select[Any], now: datetime
) -> list[Standing]:
    """The rows of `_PUBLISHED` with the learner's attempts."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    attempts: dict[int, list[Row[Any]]] = {}
    for one in session.execute(of_attempts, {"learner": learner.id, "exams": ids}):
        attempts.setdefault(one.exam_id, []).append(one)
    return [_standing(row, attempts.get(row.id, ()), now) for row in rows]


def _standing(row: Row[Any], attempts: Sequence[Row[Any]], now: datetime) -> Standing:
    given = timedelta(minutes=row.given_minutes)
    duration = None if row.duration_s is None else timedelta(seconds=row.duration_s)
    window = Window(row.opens_at, row.closes_at, duration)
    if row.own_closes_at is not None:  # a make-up has its own window
        window = Window(row.own_opens_at, row.own_closes_at, duration)
    extra = timing.extra_time(row.extra_minutes)
    closes = timing.last_moment(window, extra)
    over = [timing.is_over(one.submitted_at, one.deadline, now) for one in attempts]
    at_work = next((one.id for one, is_over in zip(attempts, over, strict=True) if not is_over), None)
    return Standing(
        exam_id=row.id,
        class_id=row.class_id,
        class_name=row.class_name,
        course_id=row.course_id,
        title=row.title,
        kind=row.kind,
        window=window,
        zone=row.zone,
        phase=timing.phase(window, now) if row.theirs else Phase.CLOSED,
        duration=None if row.duration_s is None else timedelta(seconds=float(row.duration_s * (1 + extra))) + given,
        allowed=0 if row.attempts == 0 else row.attempts + (row.extra_attempts or 0),
        used=len(attempts),
        open_attempt=at_work,
        last_attempt=attempts[-1].id if attempts else None,
        needs_password=bool(row.password),
        questions=sum(one["count"] for one in row.demands) if row.demands else row.items,
        given=given,
        run_out=any(is_over and one.submitted_at is None for one, is_over in zip(attempts, over, strict=True)),
        gone=not row.theirs,
        latest_end=None if closes is None else closes + given,
    )
