"""The part of a person's own data that exams and class lists hold, for the export of it.

Responses and receipts are theirs at once. Credits and scores wait until the review options of the exam show
them, and credits also while another exam still hides the question: a file is no way around either.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.exam import forms, timing
from app.models import (
    Adjustment,
    Allowance,
    Attempt,
    AttemptEvent,
    Class,
    Exam,
    ExamEvent,
    FormerMember,
    GivenForm,
    RosterLine,
)
from app.services import marks, results
from app.services.identity import Person
from app.services.marks import MarkedAttempt, MarkedItem

_ATTEMPT = ("number", "started_at", "deadline", "extra_minutes", "submitted_at", "closed_by", "receipt", "heard_at")
_LINE = (RosterLine.name, RosterLine.institution_id, RosterLine.email, RosterLine.extra_minutes)
_GIVEN = (ExamEvent.at, ExamEvent.kind, ExamEvent.reason, ExamEvent.details)
_LEFT = (FormerMember.left_at, FormerMember.removed, FormerMember.institution_id, FormerMember.extra_minutes)
_BEYOND = (Allowance.extra_attempts, Allowance.opens_at, Allowance.closes_at, Allowance.form, Allowance.reason)


@dataclass(frozen=True, slots=True)
class Work:
    """An exam that a person is taking; `ends_at` is None where nothing but the hand-in ends it."""

    exam: str
    ends_at: datetime | None
    zone: str


def work_of(session: Session, person: Person, now: datetime) -> Work | None:
    """The exam a person is taking now, of several the one that ends last."""
    rows = session.execute(
        select(Exam.title, Attempt.deadline, Exam.zone)
        .join(Exam, Exam.id == Attempt.exam_id)
        .where(Attempt.learner_id == person.id, Attempt.submitted_at.is_(None))
    )
    works = [Work(*row) for row in rows if not timing.is_over(None, row.deadline, now)]
    return max(works, key=lambda one: (one.ends_at is None, one.ends_at or now), default=None)


def attempts_of(session: Session, person: Person, hidden: Collection[int], now: datetime) -> list[dict[str, Any]]:
    """Every attempt of a person with its responses, receipt and events; `hidden` are ids of questions."""
    rows = session.scalars(select(Attempt).where(Attempt.learner_id == person.id).order_by(Attempt.id)).all()
    stored = {row.id: {name: getattr(row, name) for name in _ATTEMPT} | {"form": _letter(row.form)} for row in rows}
    found = []
    for exam_id in dict.fromkeys(row.exam_id for row in rows):
        exam = marks.any_exam(session, exam_id)
        allowed, own = results.allowed_and_own(session, person, exam, now)
        for one in own:
            names = {"class": exam.class_name, "exam": exam.title}
            score = _score(session, one) if allowed.score and one.over else {}
            responses = _responses(one, hidden if allowed.credits else None)
            found.append(
                {**names, **stored[one.id], "events": _events(session, one.id), **score, "responses": responses}
            )
    return found


def allowances_of(session: Session, person: Person) -> list[Mapping[str, Any]]:
    """What a person gets beyond the others in an exam, with the reason that was noted."""
    rows = session.execute(
        select(Class.name.label("class"), Exam.title.label("exam"), *_BEYOND)
        .join(Exam, Exam.id == Allowance.exam_id)
        .join(Class, Class.id == Exam.class_id)
        .where(Allowance.learner_id == person.id)
        .order_by(Exam.id)
    )
    return [{**row, "form": _letter(row["form"])} for row in rows.mappings()]


def given_forms_of(session: Session, person: Person) -> list[Mapping[str, Any]]:
    """The parallel form that a person was given in each exam that has some."""
    rows = session.execute(
        select(Class.name.label("class"), Exam.title.label("exam"), GivenForm.form)
        .join(Exam, Exam.id == GivenForm.exam_id)
        .join(Class, Class.id == Exam.class_id)
        .where(GivenForm.learner_id == person.id)
        .order_by(Exam.id)
    )
    return [{**row, "form": _letter(row["form"])} for row in rows.mappings()]


def exam_events_of(session: Session, person: Person) -> list[Mapping[str, Any]]:
    """What teachers gave one person in an exam and took back, when and why."""
    rows = session.execute(
        select(Class.name.label("class"), Exam.title.label("exam"), *_GIVEN)
        .join(Exam, Exam.id == ExamEvent.exam_id)
        .join(Class, Class.id == Exam.class_id)
        .where(ExamEvent.learner_id == person.id)
        .order_by(ExamEvent.id)
    )
    return [dict(row) for row in rows.mappings()]


def left_classes_of(session: Session, person: Person) -> list[Mapping[str, Any]]:
    """The classes a person left or was removed from, with what waits for them there."""
    rows = session.execute(
        select(Class.name.label("class"), *_LEFT)
        .join(Class, Class.id == FormerMember.class_id)
        .where(FormerMember.user_id == person.id)
        .order_by(Class.id)
    )
    return [dict(row) for row in rows.mappings()]


def roster_lines_of(session: Session, person: Person) -> list[Mapping[str, Any]]:
    """The lines of class lists that a person claimed; the code that claimed them is spent and left out."""
    rows = session.execute(
        select(Class.name.label("class"), *_LINE, RosterLine.created_at, RosterLine.claimed_at)
        .join(Class, Class.id == RosterLine.class_id)
        .where(RosterLine.user_id == person.id)
        .order_by(RosterLine.id)
    )
    return [dict(row) for row in rows.mappings()]


def _letter(form: int | None) -> str | None:
    return forms.letter(form) if form else None


def _score(session: Session, marked: MarkedAttempt) -> dict[str, Any]:
    return {"score_hundredths": marked.score, "adjustments": _adjustments(session, marked.id)}


def _responses(marked: MarkedAttempt, hidden: Collection[int] | None) -> Sequence[dict[str, Any]]:
    """What was saved for each question; None as `hidden` withholds every credit."""
    return [_response(one, hidden is not None and one.item.question_id not in hidden) for one in marked.items]


def _response(one: MarkedItem, shown: bool) -> dict[str, Any]:
    known = {
        "position": one.position,
        "question": one.item.slug,
        "question_version": one.item.version,
        "points": one.item.points,
        "response": one.response,
        "saved_at": one.saved_at,
    }
    return known | ({"credit": one.credit} if shown else {"withheld": True})


def _events(session: Session, attempt_id: int) -> list[dict[str, Any]]:
    statement = select(AttemptEvent.at, AttemptEvent.kind).where(AttemptEvent.attempt_id == attempt_id)
    return [dict(row) for row in session.execute(statement.order_by(AttemptEvent.id)).mappings()]


def _adjustments(session: Session, attempt_id: int) -> list[dict[str, Any]]:
    columns = (Adjustment.at, Adjustment.hundredths, Adjustment.reason, Adjustment.undone_at)
    statement = select(*columns).where(Adjustment.attempt_id == attempt_id).order_by(Adjustment.id)
    return [dict(row) for row in session.execute(statement).mappings()]
