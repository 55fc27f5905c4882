"""What a student reads of a finished attempt: always the receipt; scores and keys as the exam's options allow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.exam import disclosure, given, marking, presentation, regrading, scoring
from app.exam.correction import Correction
from app.exam.disclosure import Closing, Option, Sitting
from app.exam.presentation import Shown
from app.exam.regrading import Kind
from app.models import Adjustment, Attempt, Exam
from app.services import attempts, disclosures, exam_people, hiding, marks
from app.services.attempts import ItemAt, Sheet
from app.services.identity import Person
from app.services.marks import FrozenExam, MarkedAttempt, MarkedItem


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be read now, and by which options of the exam.

    `sealed` are the ids of the questions of which another exam of the student hides the key: whatever the options
    of this one say, nothing tells it. `waits` says that the score is withheld for the same reason, where the
    options would show it: while one may try again, a score would tell what is right.
    """

    score: bool
    credits: bool
    answers: bool
    explanations: bool
    score_option: Option
    answers_option: Option
    closed: Closing
    sealed: frozenset[int] = frozenset()
    waits: bool = False


@dataclass(frozen=True, slots=True)
class OwnAttempt:
    """One attempt of a student, in their list; `score` is None where it may not be read, or at work."""

    id: int
    number: int
    started_at: datetime
    ended_at: datetime | None
    over: bool
    score: int | None


@dataclass(frozen=True, slots=True)
class Answered:
    """One question of an attempt and its response in words: `lines`, plain text where `typed`, else Markdown."""

    position: int
    points: int
    shown: Shown
    lines: tuple[str, ...]
    typed: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a student keeps of a finished attempt: by the name and the id that their school knows them by."""

    sheet: Sheet
    answered: Sequence[Answered]
    name: str
    institution_id: str | None

    @property
    def student(self) -> str:
        """Who it is: "Ada Lovelace (E001)"; "" for a guest without a name."""
        return f"{self.name} ({self.institution_id})" if self.institution_id else self.name


@dataclass(frozen=True, slots=True)
class Judged:
    """What one response is worth, once that may be read; `won` (in points) is None for a cancelled question."""

    credit: Fraction | None
    won: Fraction | None
    given_to_all: bool
    regraded: bool


@dataclass(frozen=True, slots=True)
class ResultItem:
    """One question of a result; each part is None where it may not be read: `sealed` by another exam, or not yet."""

    answered: Answered
    judged: Judged | None
    correction: Correction | None
    explanation: str | None
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """A score and how it came about; scores are in hundredths of the scale, `won` and `possible` in points.

    `kept` is the score that counts, of all the finished `attempts`.
    """

    hundredths: int
    kept: int
    won: Fraction
    possible: Fraction
    adjustments: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Result:
    """One finished attempt with what its student may read of it now."""

    sheet: Sheet
    exam: FrozenExam
    ended_at: datetime | None
    closed_by: str | None
    allowed: Allowed
    score: ScoreSheet | None
    attempts: tuple[OwnAttempt, ...]
    items: tuple[ResultItem, ...]


def receipt(session: Session, learner: Person, attempt_id: int, now: datetime) -> Receipt:
    """A finished attempt and what was answered, without anything that says what is right.

    The student is named as in the class, or by their account once they have left it.

    Raises NotFound, also while the attempt is at work.
    """
    sheet = attempts.sheet(session, learner, attempt_id, now)
    if not sheet.over:
        raise NotFound
    name, institution_id = exam_people.called(session, sheet.exam_id, learner)
    return Receipt(sheet, [_answered(item, learner.locale) for item in sheet.items], name, institution_id)


def result(session: Session, learner: Person, attempt_id: int, now: datetime) -> Result:
    """A finished attempt with what its student may read of it now. Raises NotFound, also while it is at work."""
    sheet = attempts.sheet(session, learner, attempt_id, now)
    if not sheet.over:
        raise NotFound
    exam = marks.any_exam(session, sheet.exam_id)
    allowed, own = allowed_and_own(session, learner, exam, now)
    marked = next(one for one in own if one.id == attempt_id)
    items = zip(sheet.items, marked.items, strict=True)
    return Result(
        sheet=sheet,
        exam=exam,
        ended_at=marked.ended_at,
        closed_by=marked.closed_by,
        allowed=allowed,
        score=_score(session, exam, marked, own) if allowed.score else None,
        attempts=tuple(_listed(one, allowed) for one in own),
        items=tuple(_item(exam, item, one, allowed, learner.locale) for item, one in items),
    )


def own_attempts(session: Session, learner: Person, exam_id: int, now: datetime) -> Sequence[OwnAttempt]:
    """A student's attempts at one exam in their order, with the scores that may be read."""
    allowed, own = allowed_and_own(session, learner, marks.any_exam(session, exam_id), now)
    return [_listed(one, allowed) for one in own]


def allowed_and_own(
    session: Session, learner: Person, exam: FrozenExam, now: datetime
) -> tuple[Allowed, Sequence[MarkedAttempt]]:
    """What a student may read of an exam now, and their attempts at it in their order."""
    row = session.get_one(Exam, exam.id)
    score, answers, explanations = (Option(one) for one in (row.show_score, row.show_answers, row.show_explanations))
    closed = disclosures.closings(session, [exam.id])[exam.id]
    ids = session.scalars(
        select(Attempt.id).where(Attempt.exam_id == exam.id, Attempt.learner_id == learner.id).order_by(Attempt.number)
    ).all()
    own = [marks.of_attempt(session, exam, attempt_id, now) for attempt_id in ids]
    sitting = Sitting(finished=any(one.over for one in own), at_work=any(not one.over for one in own))
    elsewhere = hiding.hidden_by_others(session, learner, exam.id, now)
    sealed = elsewhere & {one.item.question_id for attempt in own for one in attempt.items}
    scored = disclosure.score_shown(score, sitting, closed, now)
    waits = scored and bool(sealed) and (closed.keys_at is None or now <= closed.keys_at)
    return (
        Allowed(
            score=scored and not waits,
            credits=disclosure.credit_shown(score, answers, sitting, closed, now),
            answers=disclosure.key_shown(answers, sitting, closed, now),
            explanations=disclosure.key_shown(explanations, sitting, closed, now),
            score_option=score,
            answers_option=answers,
            closed=closed,
            sealed=sealed,
            waits=waits,
        ),
        own,
    )


def _listed(one: MarkedAttempt, allowed: Allowed) -> OwnAttempt:
    score = one.score if one.over and allowed.score else None
    return OwnAttempt(one.id, one.number, one.started_at, one.ended_at, one.over, score)


def _score(session: Session, exam: FrozenExam, marked: MarkedAttempt, own: Sequence[MarkedAttempt]) -> ScoreSheet:
    kept = scoring.kept([one.exact for one in own if one.over], exam.keep)
    return ScoreSheet(
        hundredths=marked.score,
        kept=marked.score if kept is None else kept,
        won=sum((_won(exam, one) or Fraction(0) for one in marked.items), Fraction(0)),
        possible=Fraction(sum(one.item.points for one in marked.items if one.credit is not None)),
        adjustments=_adjustments(session, marked.id),
    )


def _adjustments(session: Session, attempt_id: int) -> tuple[tuple[int, str], ...]:
    rows = session.execute(
        select(Adjustment.hundredths, Adjustment.reason)
        .where(Adjustment.attempt_id == attempt_id, Adjustment.undone_at.is_(None))
        .order_by(Adjustment.id)
    )
    return tuple((hundredths, reason) for hundredths, reason in rows)


def _won(exam: FrozenExam, one: MarkedItem) -> Fraction | None:
    """The points that a response brings, by the same rule as the score."""
    credit = marks.item_credit(one)
    return None if credit is None else scoring.points(credit, exam.rules)


def _answered(item: ItemAt, language: str) -> Answered:
    return Answered(
        position=item.position,
        points=item.points,
        shown=presentation.present(item.body, language, item.seed),
        lines=given.lines(item.body, item.response, language),
        typed=given.is_typed(item.body),
    )


def _item(exam: FrozenExam, item: ItemAt, one: MarkedItem, allowed: Allowed, language: str) -> ResultItem:
    answered = _answered(item, language)
    kinds = {change.kind for change in one.item.changes}
    if one.item.question_id in allowed.sealed:
        return ResultItem(answered, None, None, None, sealed=True)
    judged = Judged(one.credit, _won(exam, one), Kind.EVERYBODY in kinds, bool(kinds & {Kind.KEY, Kind.ACCEPT}))
    correction = None
    if allowed.answers:
        body = regrading.amended(item.body, one.item.changes)
        correction = Correction(body, answered.shown, marking.mark(body, one.response or {}), item.seed)
    return ResultItem(
        answered=answered,
        judged=judged if allowed.credits else None,
        correction=correction,
        explanation=item.body.explanation.in_(language) if allowed.explanations else None,
    )
