"""Marks: from what was saved and what was regraded to each attempt's credits and score, computed at every read.

Nothing here is stored: the frozen questions, the responses with their first credits, the regrades and the
adjustments are, and the same ones give the same score on every page and in every file.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.bank.schema import Question, from_document
from app.errors import NotFound
from app.exam import forms, regrading, scoring, timing
from app.exam.folding import fold
from app.exam.regrading import Change, Kind
from app.exam.scoring import ItemCredit, Keep, Rules
from app.models import (
    Adjustment,
    Attempt,
    AttemptItem,
    Class,
    Exam,
    ExamItem,
    Membership,
    QuestionVersion,
    Regrade,
    User,
)
from app.models import Question as QuestionRow
from app.services import classes
from app.services.identity import Person

UNDONE_BECAUSE = "undone_because"  # beside what a regrade changes, once it was undone: why
_BATCH = 50  # attempts read at once, with their questions: what a file of 10 000 students holds in memory
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class FrozenItem:
    """A question of an exam as it was frozen, with the changes of its key that still count."""

    id: int
    question_id: int
    slug: str
    version: int
    position: int
    points: int
    topic: str
    objective: str
    level: int
    type: str
    body: Question
    changes: tuple[Change, ...]
    key: Question  # `body` with what the changes made of its key
    forms: str = ""  # the letters of the parallel forms that ask it

    @property
    def dropped(self) -> bool:
        """Whether the question was cancelled for everybody."""
        return any(change.kind is Kind.DROP for change in self.changes)


@dataclass(frozen=True, slots=True)
class FrozenExam:
    """What marks an exam: its rules and its questions; `pass_hundredths` and scores are in 0.01 of the scale."""

    id: int
    class_id: int
    course_id: int
    title: str
    class_name: str
    zone: str
    published_at: datetime | None
    closes_at: datetime | None
    scale_hundredths: int
    pass_hundredths: int | None
    keep: Keep
    rules: Rules
    drawn: bool
    items: Mapping[int, FrozenItem]
    forms: int = 0
    forgotten_at: datetime | None = None  # when attempts at it were deleted


@dataclass(frozen=True, slots=True)
class MarkedItem:
    """One question of an attempt; `credit` (0 to 1) counts the regrades and is None once it was dropped."""

    item: FrozenItem
    position: int
    response: Mapping[str, Any] | None
    stored: Fraction
    credit: Fraction | None
    saved_at: datetime | None

    @property
    def answered(self) -> bool:
        """Whether something was saved that can be right or wrong."""
        return bool(self.response)


@dataclass(frozen=True, slots=True)
class MarkedAttempt:
    """One attempt with its credits. While the student is at work (`over` is false) its score is of what is saved.

    `exact` is the score in hundredths before its rounding; `form` is the letter of its parallel form.
    """

    id: int
    learner_id: int | None
    pseudonym: str | None
    name: str
    institution_id: str | None
    login: str | None
    number: int
    started_at: datetime
    deadline: datetime | None
    ended_at: datetime | None
    closed_by: str | None
    over: bool
    receipt: str | None
    items: tuple[MarkedItem, ...]
    adjustment_hundredths: int
    exact: Fraction
    form: str | None = None

    @property
    def score(self) -> int:
        """What the attempt is worth alone, in hundredths of the scale, rounded once."""
        return scoring.round_half_up(self.exact)

    @property
    def whose(self) -> str:
        """What attempts of the same student have in common."""
        return _whose(self.learner_id, self.pseudonym)


@dataclass(frozen=True, slots=True)
class StudentMarks:
    """A student's attempts in the order they were started; `score` is the one that counts, None before an end."""

    attempts: tuple[MarkedAttempt, ...]
    score: int | None

    @property
    def first(self) -> MarkedAttempt:
        """The attempt that says whose marks these are."""
        return self.attempts[0]


def frozen(session: Session, teacher: Person, exam_id: int) -> FrozenExam:
    """What marks an exam of one of this teacher's classes; raises NotFound."""
    class_id = session.scalar(select(Exam.class_id).where(Exam.id == exam_id))
    if class_id is None:
        raise NotFound
    classes.found(session, teacher, class_id)
    return any_exam(session, exam_id)


def any_exam(
    session: Session, exam_id: int, without: int | None = None, more: Mapping[int, Change] | None = None
) -> FrozenExam:
    """What marks an exam, whoever asks: for its students' own pages and the command line. Raises NotFound.

    `without` leaves a regrade (by id) out and `more` adds a change by item id: what marks would become.
    """
    row = session.execute(
        select(Exam, Class.name, Class.course_id).join(Class, Class.id == Exam.class_id).where(Exam.id == exam_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    exam, class_name, course_id = row
    changes = _changes(session, exam_id, without)
    for item_id, change in (more or {}).items():
        changes.setdefault(item_id, []).append(change)
    return FrozenExam(
        id=exam.id,
        class_id=exam.class_id,
        course_id=course_id,
        title=exam.title,
        class_name=class_name,
        zone=exam.zone,
        published_at=exam.published_at,
        closes_at=exam.closes_at,
        scale_hundredths=exam.scale_hundredths,
        pass_hundredths=exam.pass_hundredths,
        keep=Keep(exam.keep),
        rules=Rules(
            scale=Fraction(exam.scale_hundredths, _HUNDRED),
            penalty=Fraction(exam.penalty_percent, _HUNDRED),
            all_or_nothing=exam.all_or_nothing,
        ),
        drawn=exam.demands is not None and exam.draw == "each",
        items=_frozen_items(session, exam_id, changes),
        forms=exam.forms,
        forgotten_at=exam.forgotten_at,
    )


def students(
    session: Session, exam: FrozenExam, now: datetime, alias: Callable[[str], str] | None = None
) -> Iterator[StudentMarks]:
    """The marks of everybody who started, by name; a part of them is in memory at a time.

    `alias` makes of `whose` what they are called in a file without names, which is then in the order of aliases:
    the order of names would tell who is who.
    """
    ids = _ids_in_order(session, exam, alias)
    for _, own in groupby(_marked(session, exam, ids, now), key=lambda one: one.whose):
        attempts = tuple(own)
        yield StudentMarks(attempts, scoring.kept([one.exact for one in attempts if one.over], exam.keep))


def of_attempt(session: Session, exam: FrozenExam, attempt_id: int, now: datetime) -> MarkedAttempt:
    """One attempt with its marks; raises NotFound for one that is not of this exam."""
    found = session.scalar(select(Attempt.id).where(Attempt.id == attempt_id, Attempt.exam_id == exam.id))
    if found is None:
        raise NotFound
    return next(_marked(session, exam, [attempt_id], now))


def counting(student: StudentMarks, keep: Keep) -> Sequence[MarkedAttempt]:
    """The finished attempts that give a student's score, in their order: all of them where their mean counts."""
    over = [one for one in student.attempts if one.over]
    if keep is Keep.AVERAGE:
        return over
    if keep is Keep.BEST and over:
        return [max(over, key=lambda one: one.score)]  # the first of equals
    return over[-1:] if keep is Keep.LAST else over[:1]


def marked_items(exam: FrozenExam, rows: Sequence[AttemptItem]) -> tuple[MarkedItem, ...]:
    """The items of one attempt with what they are worth after every change that counts."""
    return tuple(_marked_item(exam.items[row.item_id], row) for row in rows)


def item_credit(one: MarkedItem) -> ItemCredit | None:
    """What one item counts in a score; None once it was dropped."""
    if one.credit is None:
        return None
    return ItemCredit(Fraction(one.item.points), one.credit, answered=one.answered or one.credit > 0)


def exact_of(exam: FrozenExam, items: Sequence[MarkedItem], adjustment_hundredths: int = 0) -> Fraction:
    """The score in hundredths of the scale, not rounded yet: dropped questions are left out."""
    credits = [credit for one in items if (credit := item_credit(one)) is not None]
    return scoring.exact(credits, exam.rules, Fraction(adjustment_hundredths, _HUNDRED))


def change_of(regrade: Regrade) -> Change:
    """What a stored regrade changes."""
    details = {name: value for name, value in regrade.details.items() if name != UNDONE_BECAUSE}
    return Change(Kind(regrade.kind), details)


def _marked(session: Session, exam: FrozenExam, ids: Sequence[int], now: datetime) -> Iterator[MarkedAttempt]:
    named = and_(Membership.class_id == exam.class_id, Membership.user_id == Attempt.learner_id)
    statement = (
        select(Attempt, Membership.name, Membership.institution_id, User.display_name, User.login)
        .outerjoin(Membership, named)
        .outerjoin(User, User.id == Attempt.learner_id)
    )
    for at in range(0, len(ids), _BATCH):
        part = ids[at : at + _BATCH]
        rows = {row.Attempt.id: row for row in session.execute(statement.where(Attempt.id.in_(part)))}
        items = _items_by_attempt(session, part)
        adjusted = _adjustments(session, part)
        for attempt_id in part:
            row = rows[attempt_id]
            yield _marked_attempt(exam, row, items.get(attempt_id, []), adjusted.get(attempt_id, 0), now)
        session.expunge_all()  # a file of 10 000 students must not keep them all


def _marked_attempt(
    exam: FrozenExam, row: Any, items: Sequence[AttemptItem], adjustment: int, now: datetime
) -> MarkedAttempt:
    attempt: Attempt = row.Attempt
    over = timing.is_over(attempt.submitted_at, attempt.deadline, now)
    found = marked_items(exam, items)
    return MarkedAttempt(
        id=attempt.id,
        learner_id=attempt.learner_id,
        pseudonym=attempt.pseudonym,
        name=row.name or row.display_name or row.login or attempt.pseudonym or "",
        institution_id=row.institution_id,
        login=row.login,
        number=attempt.number,
        started_at=attempt.started_at,
        deadline=attempt.deadline,
        ended_at=attempt.submitted_at or (attempt.deadline if over else None),
        closed_by=attempt.closed_by or ("time" if over else None),
        over=over,
        receipt=attempt.receipt,
        items=found,
        adjustment_hundredths=adjustment,
        exact=exact_of(exam, found, adjustment),
        form=forms.letter(attempt.form) if attempt.form else None,
    )


def _marked_item(item: FrozenItem, row: AttemptItem) -> MarkedItem:
    stored = Fraction(row.credit_parts, row.credit_of)
    worth = regrading.worth(stored, item.body, item.key, row.response, {change.kind for change in item.changes})
    return MarkedItem(item, row.position, row.response, stored, worth, row.saved_at)


def _ids_in_order(session: Session, exam: FrozenExam, alias: Callable[[str], str] | None) -> list[int]:
    """Every attempt of the exam by its student's name or alias, a student's own in their order."""
    named = and_(Membership.class_id == exam.class_id, Membership.user_id == Attempt.learner_id)
    rows = session.execute(
        select(Attempt.id, Attempt.number, Attempt.learner_id, Attempt.pseudonym, Membership.name, User.display_name)
        .outerjoin(Membership, named)
        .outerjoin(User, User.id == Attempt.learner_id)
        .where(Attempt.exam_id == exam.id)
    )
    order = sorted(
        (
            alias(_whose(row.learner_id, row.pseudonym)) if alias else "",
            row.pseudonym is not None,
            fold(row.name or row.display_name or ""),
            row.learner_id or 0,
            row.pseudonym or "",
            row.number,
            row.id,
        )
        for row in rows
    )
    return [key[-1] for key in order]


def _whose(learner_id: int | None, pseudonym: str | None) -> str:
    return pseudonym or f"#{learner_id}"


def _items_by_attempt(session: Session, ids: Sequence[int]) -> dict[int, list[AttemptItem]]:
    found: dict[int, list[AttemptItem]] = {}
    statement = select(AttemptItem).where(AttemptItem.attempt_id.in_(ids))
    for row in session.scalars(statement.order_by(AttemptItem.attempt_id, AttemptItem.position)):
        found.setdefault(row.attempt_id, []).append(row)
    return found


def _adjustments(session: Session, ids: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    statement = select(Adjustment.attempt_id, Adjustment.hundredths)
    for attempt_id, hundredths in session.execute(
        statement.where(Adjustment.attempt_id.in_(ids), Adjustment.undone_at.is_(None))
    ):
        found[attempt_id] = found.get(attempt_id, 0) + hundredths
    return found


def _changes(session: Session, exam_id: int, without: int | None) -> dict[int, list[Change]]:
    found: dict[int, list[Change]] = {}
    statement = (
        select(Regrade)
        .join(ExamItem, ExamItem.id == Regrade.item_id)
        .where(ExamItem.exam_id == exam_id, Regrade.undone_at.is_(None))
        .order_by(Regrade.id)
    )
    for regrade in session.scalars(statement):
        if regrade.id != without:
            found.setdefault(regrade.item_id, []).append(change_of(regrade))
    return found


def _frozen_items(session: Session, exam_id: int, changes: Mapping[int, Sequence[Change]]) -> dict[int, FrozenItem]:
    statement = (
        select(ExamItem, QuestionRow.slug, QuestionVersion.number, QuestionVersion.body)
        .join(QuestionRow, QuestionRow.id == ExamItem.question_id)
        .join(QuestionVersion, QuestionVersion.id == ExamItem.version_id)
        .where(ExamItem.exam_id == exam_id)
        .order_by(ExamItem.position)
    )
    rows = [(item, slug, number, from_document(body)) for item, slug, number, body in session.execute(statement)]
    return {
        item.id: FrozenItem(
            id=item.id,
            question_id=item.question_id,
            slug=slug,
            version=number,
            position=item.position,
            points=item.points,
            topic=item.topic,
            objective=item.objective,
            level=item.level,
            type=item.type,
            body=parsed,
            changes=tuple(changes.get(item.id, ())),
            key=regrading.amended(parsed, changes.get(item.id, ())),
            forms=" ".join(map(forms.letter, item.forms or ())),
        )
        for item, slug, number, parsed in rows
    }
