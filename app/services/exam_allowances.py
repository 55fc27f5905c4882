"""What one student gets beyond the others in one exam: a make-up in a window of their own, more attempts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.errors import FieldProblem, Invalid, NotFound
from app.exam import forms
from app.models import Allowance, Exam, Membership
from app.services import classes, exam_events, exams, interventions
from app.services.identity import Person
from app.services.names import tidy

MOST_EXTRA = 20
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Given:
    """What is given and why; without `closes_at`, the student's window is everybody's.

    `form` is the parallel form of what they start from now on, None the one they have.
    """

    learner_id: int
    extra_attempts: int = 0
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    reason: str = ""
    form: int | None = None

    @property
    def letter(self) -> str:
        """What the form is called, "" for the one they have."""
        return forms.letter(self.form) if self.form else ""


@dataclass(frozen=True, slots=True)
class GivenTo:
    """An allowance in the list of an exam's, with its student's name in the class; `by` and `at` as logged."""

    name: str
    given: Given
    by: str = ""
    at: datetime | None = None


def listed(session: Session, teacher: Person, exam_id: int) -> Sequence[GivenTo]:
    """Who gets something beyond the others, by name; raises NotFound."""
    exam = exams.found(session, teacher, exam_id)
    rows = session.execute(
        select(Allowance, Membership.name)
        .join(Membership, Membership.user_id == Allowance.learner_id)
        .where(Allowance.exam_id == exam_id, Membership.class_id == exam.class_id)
    ).all()
    logged = {one.learner_id: one for one in exam_events.listed(session, exam_id) if one.kind == exam_events.ALLOWED}
    every = [
        GivenTo(name, _given(one), entry.by, entry.at)
        if (entry := logged.get(one.learner_id))
        else GivenTo(name, _given(one))
        for one, name in rows
    ]
    return sorted(every, key=lambda one: one.name.casefold())


def keys_read(session: Session, teacher: Person, exam_id: int, now: datetime) -> bool:
    """Whether a student who has finished may have read what is right: a make-up should ask something else.

    Raises NotFound.
    """
    exams.found(session, teacher, exam_id)
    return interventions.keys_shown(session, session.get_one(Exam, exam_id), now)


def allow(session: Session, teacher: Person, exam_id: int, given: Given, now: datetime) -> None:
    """Give a student of the class something; it takes the place of what they had been given before.

    An attempt at work keeps its deadline. It is logged; what they have already changes nothing. Raises NotFound, and
    Invalid with every problem.
    """
    exam = exams.found(session, teacher, exam_id)
    known = {one.user_id for one in classes.members(session, teacher, exam.class_id)}
    if problems := list(_problems(given, known, exam.draft.forms)):
        raise Invalid(problems)
    stored = session.get(Allowance, (exam_id, given.learner_id))
    if stored is not None and _given(stored) == replace(given, reason=tidy(given.reason)):
        return
    values: dict[str, Any] = {
        "extra_attempts": given.extra_attempts,
        "opens_at": given.opens_at,
        "closes_at": given.closes_at,
        "reason": tidy(given.reason),
        "form": given.form,
    }
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    key = {"exam_id": exam_id, "learner_id": given.learner_id}
    statement = insert(Allowance).values(**key, **values)
    session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))
    exam_events.record(session, teacher, exam_id, given.learner_id, exam_events.ALLOWED, values["reason"], now)


def withdraw(session: Session, teacher: Person, exam_id: int, learner_id: int, now: datetime) -> None:
    """Take back what a student was given; attempts that it let them start stay. It is logged. Raises NotFound."""
    exams.found(session, teacher, exam_id)
    which = (Allowance.exam_id == exam_id, Allowance.learner_id == learner_id)
    reason = session.scalar(delete(Allowance).where(*which).returning(Allowance.reason))
    if reason is None:
        raise NotFound
    exam_events.record(session, teacher, exam_id, learner_id, exam_events.WITHDRAWN, reason, now)


def _given(one: Allowance) -> Given:
    return Given(one.learner_id, one.extra_attempts, one.opens_at, one.closes_at, one.reason, one.form)


def _problems(given: Given, known: set[int], count: int) -> Iterable[FieldProblem]:
    if given.learner_id not in known:
        yield FieldProblem("learner_id", "not_offered")
    if given.form is not None and not 1 <= given.form <= count:
        yield FieldProblem("form", "not_offered")
    if not 0 <= given.extra_attempts <= MOST_EXTRA:
        yield FieldProblem("extra_attempts", "out_of_range")
    yield from _window_problems(given, count)
    if not tidy(given.reason):
        yield FieldProblem("reason", "missing")
    elif len(tidy(given.reason)) > LONGEST_REASON:
        yield FieldProblem("reason", "too_long", (("longest", LONGEST_REASON),))


def _window_problems(given: Given, count: int) -> Iterable[FieldProblem]:
    if given.closes_at is None and given.opens_at is not None:
        yield FieldProblem("closes_at", "missing")
    if given.opens_at and given.closes_at and given.closes_at <= given.opens_at:
        yield FieldProblem("closes_at", "before_opening")
    if not given.extra_attempts and given.closes_at is None and given.form is None:
        yield FieldProblem("extra_attempts", "nothing_given", (("forms", count),) if count else ())
