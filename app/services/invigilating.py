"""The room while an exam runs: where each student is, who is cut off, what happened to their attempts.

Everything is computed at the moment it is looked at, from what was saved and from the pages that report themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.exam import forms, timing
from app.models import Attempt, AttemptEvent, AttemptItem, Membership, User
from app.services import exam_events, exam_forms, exams
from app.services.exam_events import Told
from app.services.exams import SetUp
from app.services.identity import Person

# A page at work reports every 25 s; one that missed two reports, and saved nothing, is cut off.
SILENCE = timedelta(seconds=60)
# What is said beside a student: opened again, refused from an older page, refused as too late.
TOLD = ("opened", "elsewhere", "late", "time_given", "reopened")


class State(StrEnum):
    """Where a student is, those who need somebody first."""

    CUT_OFF = "cut_off"
    AT_WORK = "at_work"
    ABSENT = "absent"
    TIME = "time"
    TEACHER = "teacher"
    HANDED_IN = "student"


_BY_NEED = {state: place for place, state in enumerate(State)}


@dataclass(frozen=True, slots=True)
class Seat:
    """One student in the room, with their newest attempt; what there is none of yet is None or 0.

    `heard_at` is when a page of theirs, or a save, was heard last; `events` counts what happened, by kind.
    `given` counts time given to the attempt, `extra_minutes` an hour are the student's own in every exam. `form` is
    the letter of their parallel form, "" where there are none and for who came late and has not started.
    """

    learner_id: int
    name: str
    extra_minutes: int
    state: State = State.ABSENT
    attempt_id: int | None = None
    number: int = 0
    answered: int = 0
    size: int = 0
    saved_at: datetime | None = None
    heard_at: datetime | None = None
    deadline: datetime | None = None
    ended_at: datetime | None = None
    given: timedelta = timedelta(0)
    events: Mapping[str, int] = field(default_factory=dict)
    form: str = ""

    @property
    def at_work(self) -> bool:
        """Whether an attempt goes on, cut off or not."""
        return self.state in (State.AT_WORK, State.CUT_OFF)

    @property
    def need(self) -> tuple[int, bool, float, str]:
        """What sorts a room by who needs attention: the cut off by silence, refused pages, who ends first."""
        heard = self.heard_at.timestamp() if self.state is State.CUT_OFF and self.heard_at else 0.0
        ends = self.deadline.timestamp() if self.state is State.AT_WORK and self.deadline else 0.0
        return _BY_NEED[self.state], not self.events.get("elsewhere"), heard or ends, self.name.casefold()


@dataclass(frozen=True, slots=True)
class Room:
    """An exam and everybody in it at the instant `at`."""

    exam: SetUp
    at: datetime
    seats: tuple[Seat, ...]
    given: tuple[Told, ...]

    def count(self, *states: str) -> int:
        """How many students are in one of these states."""
        return sum(seat.state in states for seat in self.seats)

    def seat(self, learner_id: int) -> Seat:
        """The seat of one student; raises NotFound."""
        found = next((seat for seat in self.seats if seat.learner_id == learner_id), None)
        if found is None:
            raise NotFound
        return found


def look(session: Session, teacher: Person, exam_id: int, now: datetime) -> Room:
    """Everybody of the class, and whoever started and left it since, those who need attention first.

    Raises NotFound.
    """
    exam = exams.found(session, teacher, exam_id)
    given = tuple(one for one in exam_events.listed(session, exam_id) if one.kind == exam_events.TIME_GIVEN)
    newest = _newest(session, exam_id)
    seats = _seats(session, exam, newest, now)
    return Room(exam, now, tuple(sorted(seats, key=lambda seat: seat.need)), given)


def seat_of(session: Session, teacher: Person, exam_id: int, attempt_id: int, now: datetime) -> tuple[SetUp, Seat]:
    """The seat of one attempt's student, with that attempt; raises NotFound, also once the student was erased."""
    exam = exams.found(session, teacher, exam_id)
    attempt = session.scalar(select(Attempt).where(Attempt.id == attempt_id, Attempt.exam_id == exam_id))
    if attempt is None or attempt.learner_id is None:
        raise NotFound
    seats = _seats(session, exam, {attempt.learner_id: attempt}, now)
    return exam, next(seat for seat in seats if seat.attempt_id == attempt_id)


def _newest(session: Session, exam_id: int) -> dict[int, Attempt]:
    """The attempt of each student that counts for the room: the one not ended, else the newest."""
    statement = select(Attempt).where(Attempt.exam_id == exam_id, Attempt.learner_id.is_not(None))
    found = sorted(session.scalars(statement), key=lambda one: (one.submitted_at is None, one.number))
    return {one.learner_id: one for one in found if one.learner_id is not None}


def _seats(session: Session, exam: SetUp, attempts: Mapping[int, Attempt], now: datetime) -> list[Seat]:
    ids = [one.id for one in attempts.values()]
    work, events = _work(session, ids), _events(session, ids)
    given = exam_forms.given(session, exam.id) if exam.draft.forms else {}
    return [
        _seat(Seat(number, name, extra, form=_letter(given.get(number))), attempts.get(number), work, events, now)
        for number, name, extra in _people(session, exam.class_id, attempts)
    ]


def _people(session: Session, class_id: int, attempts: Mapping[int, Attempt]) -> list[tuple[int, str, int]]:
    """Members, then those who started and left the class since: id, name, extra minutes an hour."""
    members = select(Membership.user_id, Membership.name, Membership.extra_minutes)
    found = [
        (number, name, extra) for number, name, extra in session.execute(members.where(Membership.class_id == class_id))
    ]
    gone = attempts.keys() - {number for number, _name, _extra in found}
    rows = session.execute(select(User.id, User.display_name, User.login).where(User.id.in_(gone))) if gone else ()
    return found + [(number, name or login or "", attempts[number].extra_minutes) for number, name, login in rows]


@dataclass(frozen=True, slots=True)
class _Work:
    size: int
    answered: int
    saved_at: datetime | None


def _work(session: Session, ids: Sequence[int]) -> dict[int, _Work]:
    rows = session.execute(
        select(
            AttemptItem.attempt_id,
            func.count(),
            func.count(AttemptItem.response),
            func.max(AttemptItem.saved_at),
        )
        .where(AttemptItem.attempt_id.in_(ids))
        .group_by(AttemptItem.attempt_id)
    )
    return {attempt_id: _Work(size, answered, saved_at) for attempt_id, size, answered, saved_at in rows}


def _events(session: Session, ids: Sequence[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    rows = session.execute(
        select(AttemptEvent.attempt_id, AttemptEvent.kind, AttemptEvent.details).where(
            AttemptEvent.attempt_id.in_(ids), AttemptEvent.kind.in_(TOLD)
        )
    )
    for attempt_id, kind, details in rows:
        counts = found.setdefault(attempt_id, {})
        counts[kind] = counts.get(kind, 0) + (details["minutes"] if kind == exam_events.TIME_GIVEN else 1)
    return found


def _seat(
    empty: Seat,
    attempt: Attempt | None,
    work: Mapping[int, _Work],
    events: Mapping[int, Mapping[str, int]],
    now: datetime,
) -> Seat:
    if attempt is None:
        return empty
    done = work.get(attempt.id, _Work(0, 0, None))
    told = dict(events.get(attempt.id, {}))
    over = timing.is_over(attempt.submitted_at, attempt.deadline, now)
    heard = max(one for one in (attempt.started_at, attempt.heard_at, done.saved_at) if one is not None)
    return Seat(
        learner_id=empty.learner_id,
        name=empty.name,
        extra_minutes=attempt.extra_minutes,
        state=_state(attempt, over, heard, now),
        attempt_id=attempt.id,
        number=attempt.number,
        answered=done.answered,
        size=done.size,
        saved_at=done.saved_at,
        heard_at=heard,
        deadline=attempt.deadline,
        ended_at=attempt.submitted_at or (attempt.deadline if over else None),
        given=timedelta(minutes=told.pop(exam_events.TIME_GIVEN, 0)),
        events=told,
        form=_letter(attempt.form),
    )


def _letter(form: int | None) -> str:
    return forms.letter(form) if form else ""


def _state(attempt: Attempt, over: bool, heard: datetime, now: datetime) -> State:
    if over:
        return State(attempt.closed_by or "time")
    return State.CUT_OFF if now - heard > SILENCE else State.AT_WORK
