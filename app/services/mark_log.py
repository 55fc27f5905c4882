"""Every change of a mark of an exam, in order: who, when, why, and what it made of each student's score.

Scores are computed from what is stored today, step by step: the frozen keys first, then each change in turn.
Time given, attempts reopened or ended and make-ups are told too; they change no score by themselves.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bank.schema import Question
from app.exam import regrading, scoring
from app.exam.regrading import Change
from app.models import Attempt, AttemptEvent, User
from app.services import adjustments, exam_events, exam_people, marks, mistakes, regrades
from app.services.adjustments import Given
from app.services.exam_events import Told
from app.services.identity import Person
from app.services.marks import FrozenExam, MarkedAttempt, StudentMarks
from app.services.regrades import Made, Moved

# What teachers do to an attempt, without an answer of their own: told beside what they do to marks.
BY_TEACHERS = ("time_given", "extra_time", "reopened", "ended", mistakes.PUSHED)


class What(StrEnum):
    """What an entry of the log is about."""

    REGRADE = "regrade"
    REGRADE_UNDONE = "regrade_undone"
    ADJUSTMENT = "adjustment"
    ADJUSTMENT_UNDONE = "adjustment_undone"
    ATTEMPT = "attempt"
    EXAM = "exam"


@dataclass(slots=True)
class Entry:
    """One change; `moved` are the students whose score that counts it changed, with both scores.

    What was done to the exam has `told`: for everybody, or for one student.
    """

    what: What
    at: datetime
    by: str
    why: str
    regrade: Made | None = None
    adjustment: Given | None = None
    event: str = ""
    attempt_id: int | None = None
    student: str = ""
    told: Told | None = None
    moved: list[Moved] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Log:
    """All changes, the newest first."""

    exam: FrozenExam
    entries: Sequence[Entry]


def read(session: Session, teacher: Person, exam_id: int, now: datetime) -> Log:
    """The log of an exam; raises NotFound."""
    exam = marks.frozen(session, teacher, exam_id)
    entries = [
        *_of_regrades(session, exam_id),
        *_of_adjustments(session, exam_id),
        *_of_attempts(session, exam_id),
        *_of_exam(session, exam_id),
    ]
    entries.sort(key=lambda entry: entry.at)  # those of one instant stay as they are: by kind, then by number
    states = _states(exam, entries)
    names: dict[int, str] = {}
    shown = exam_people.namesakes(session, exam)
    for student in marks.students(session, exam, now):
        name = shown.get(student.first.learner_id or 0, student.first.name)
        names |= {attempt.id: name for attempt in student.attempts}
        _compare(exam, student, name, entries, states)
    for entry in entries:
        entry.student = names.get(entry.attempt_id or 0, entry.student)
    return Log(exam, entries[::-1])


@dataclass(frozen=True, slots=True)
class _State:
    """What counted at one moment: regrades and the key they made, by question; adjustments, by attempt."""

    regrades: Mapping[int, Mapping[int, Change]]
    keys: Mapping[int, Question]
    adjustments: Mapping[int, Mapping[int, int]]


def _states(exam: FrozenExam, entries: Sequence[Entry]) -> list[_State]:
    """The state before the first entry, then after each."""
    states = [_State({}, {}, {})]
    for entry in entries:
        states.append(_after(exam, states[-1], entry))
    return states


def _after(exam: FrozenExam, state: _State, entry: Entry) -> _State:
    if made := entry.regrade:
        own = dict(state.regrades.get(made.item_id, {}))
        if entry.what is What.REGRADE:
            own[made.id] = made.change
        else:
            own.pop(made.id, None)
        key = regrading.amended(exam.items[made.item_id].body, list(own.values()))
        counted, keys = {**state.regrades, made.item_id: own}, {**state.keys, made.item_id: key}
        return replace(state, regrades=counted, keys=keys)
    if given := entry.adjustment:
        points = dict(state.adjustments.get(given.attempt_id, {}))
        if entry.what is What.ADJUSTMENT:
            points[given.id] = given.hundredths
        else:
            points.pop(given.id, None)
        return replace(state, adjustments={**state.adjustments, given.attempt_id: points})
    return state


def _compare(
    exam: FrozenExam, student: StudentMarks, name: str, entries: Sequence[Entry], states: Sequence[_State]
) -> None:
    """Note at each entry what it made of this student's score."""
    over = [attempt for attempt in student.attempts if attempt.over]
    asked = {item.item.id for attempt in over for item in attempt.items}
    ids = {attempt.id for attempt in over}
    before: int | None = None
    for entry, old, new in zip(entries, states[:-1], states[1:], strict=True):
        touched = (entry.regrade and entry.regrade.item_id in asked) or (
            entry.adjustment and entry.adjustment.attempt_id in ids
        )
        if not touched:
            continue
        if before is None:
            before = _score(exam, over, old)
        after = _score(exam, over, new)
        if before is not None and after is not None and before != after:
            entry.moved.append(Moved(name, before, after))
        before = after


def _score(exam: FrozenExam, attempts: Sequence[MarkedAttempt], state: _State) -> int | None:
    """The score that counts, by the changes of one moment."""
    return scoring.kept([_exact(exam, attempt, state) for attempt in attempts], exam.keep)


def _exact(exam: FrozenExam, attempt: MarkedAttempt, state: _State) -> Fraction:
    items = []
    for one in attempt.items:
        own = state.regrades.get(one.item.id)
        credit: Fraction | None = one.stored
        if own:
            kinds = {change.kind for change in own.values()}
            credit = regrading.worth(one.stored, one.item.body, state.keys[one.item.id], one.response, kinds)
        items.append(replace(one, credit=credit))
    return marks.exact_of(exam, items, sum(state.adjustments.get(attempt.id, {}).values()))


def _of_regrades(session: Session, exam_id: int) -> Iterator[Entry]:
    every = regrades.listed(session, exam_id)
    for one in every:
        yield Entry(What.REGRADE, one.at, one.by, one.reason, regrade=one)
    for one in every:
        if one.undone_at is not None:
            yield Entry(What.REGRADE_UNDONE, one.undone_at, one.undone_by, one.undone_because, regrade=one)


def _of_adjustments(session: Session, exam_id: int) -> Iterator[Entry]:
    every = adjustments.listed(session, exam_id)
    for one in every:
        yield Entry(What.ADJUSTMENT, one.at, one.by, one.reason, adjustment=one, attempt_id=one.attempt_id)
    for one in every:
        if one.undone_at is not None:
            told = (one.undone_at, one.undone_by, one.undone_because)
            yield Entry(What.ADJUSTMENT_UNDONE, *told, adjustment=one, attempt_id=one.attempt_id)


def _of_attempts(session: Session, exam_id: int) -> Iterator[Entry]:
    rows = session.execute(
        select(AttemptEvent, User.display_name, User.login)
        .join(Attempt, Attempt.id == AttemptEvent.attempt_id)
        .outerjoin(User, User.id == AttemptEvent.by_id)
        .where(Attempt.exam_id == exam_id, AttemptEvent.kind.in_(BY_TEACHERS))
        .order_by(AttemptEvent.id)
    ).all()
    told = {one.id for one in exam_events.listed(session, exam_id)}
    for event, name, login in rows:
        if event.details.get("exam_event") in told:  # said once, not again for each attempt that it moved
            continue
        why = str(event.details.get("reason", ""))
        yield Entry(What.ATTEMPT, event.at, name or login or "", why, event=event.kind, attempt_id=event.attempt_id)


def _of_exam(session: Session, exam_id: int) -> Iterator[Entry]:
    for one in exam_events.listed(session, exam_id):
        yield Entry(What.EXAM, one.at, one.by, one.reason, event=one.kind, student=one.name, told=one)
