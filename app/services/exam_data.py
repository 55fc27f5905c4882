"""The part of a person's own data that exams and class lists hold, for the export of it.

Responses and receipts are theirs at once. Credits and scores wait until the review options of the exam show
them, and credits also while another exam still hides the question: a file is no way around either.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.exam import timing
from app.exam.disclosure import is_shown
from app.models import Adjustment, Allowance, Attempt, AttemptEvent, Class, Exam, RosterLine
from app.services import marks
from app.services.identity import Person
from app.services.marks import MarkedAttempt, MarkedItem

_ATTEMPT = ("number", "started_at", "deadline", "extra_minutes", "submitted_at", "closed_by", "receipt")
_LINE = (RosterLine.name, RosterLine.institution_id, RosterLine.email, RosterLine.extra_minutes)
_BEYOND = (Allowance.extra_attempts, Allowance.opens_at, Allowance.closes_at, Allowance.reason)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the review options of one exam show its student now."""

    score: bool
    answers: bool


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
    stored = {row.id: {name: getattr(row, name) for name in _ATTEMPT} for row in rows}
    exams = {row.id: row.exam_id for row in rows}
    frozen = {exam_id: marks.any_exam(session, exam_id) for exam_id in exams.values()}
    marked = {key: marks.of_attempt(session, frozen[exam_id], key, now) for key, exam_id in exams.items()}
    at_work = {exams[key] for key, one in marked.items() if not one.over}
    shown = _shown(session, person, at_work, now)
    return [
        {"class": frozen[exam_id].class_name, "exam": frozen[exam_id].title}
        | stored[key]
        | {"events": _events(session, key)}
        | (_score(session, marked[key]) if shown[exam_id].score else {})
        | {"responses": _responses(marked[key], hidden if shown[exam_id].answers else None)}
        for key, exam_id in exams.items()
    ]


def allowances_of(session: Session, person: Person) -> list[Mapping[str, Any]]:
    """What a person gets beyond the others in an exam, with the reason that was noted."""
    rows = session.execute(
        select(Class.name.label("class"), Exam.title.label("exam"), *_BEYOND)
        .join(Exam, Exam.id == Allowance.exam_id)
        .join(Class, Class.id == Exam.class_id)
        .where(Allowance.learner_id == person.id)
        .order_by(Exam.id)
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


def _shown(session: Session, person: Person, at_work: Collection[int], now: datetime) -> Mapping[int, _Shown]:
    """By exam that the person started, what its review options show them; `at_work` are those they work on."""
    started = select(Attempt.exam_id).where(Attempt.learner_id == person.id)
    own = and_(Allowance.exam_id == Exam.id, Allowance.learner_id == person.id)
    closes_at = func.coalesce(Allowance.closes_at, Exam.closes_at)
    options = select(Exam.id, Exam.show_score, Exam.show_answers, closes_at).outerjoin(Allowance, own)
    rows = session.execute(options.where(Exam.id.in_(started)))
    found = {}
    for exam_id, score, answers, closes in rows:
        ended, closed = exam_id not in at_work, closes is not None and now >= closes
        found[exam_id] = _Shown(is_shown(score, ended, closed), is_shown(answers, ended, closed))
    return found


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
