"""Regrades: what a change of a question's key would do to the marks, then the change itself, and taking it back.

A preview stores nothing: it marks everybody with the change and without it. What is applied is bound to what the
preview showed: `seen` stands for the regrades there were. Every regrade is kept; one that was undone counts no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.bank.schema import MOST_ACCEPTED
from app.errors import Conflict, FieldProblem, Invalid, NotFound
from app.exam import regrading
from app.exam.regrading import Change, Kind, NotApplicable, TooManyAccepted
from app.exam.summary import Summary, summarise
from app.models import Exam, ExamItem, Regrade, User
from app.services import exam_people, marks
from app.services.identity import Person
from app.services.marks import UNDONE_BECAUSE, FrozenExam, FrozenItem
from app.services.messages import message_problem, tidy_message


@dataclass(frozen=True, slots=True)
class Moved:
    """A student whose score would be another one; both in hundredths of the scale."""

    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change would do to the scores that count; who is at work has none yet. `same` are not moved."""

    before: Summary
    after: Summary
    gain: tuple[Moved, ...]
    lose: tuple[Moved, ...]
    same: int
    at_work: int


@dataclass(frozen=True, slots=True)
class Preview:
    """A change that is not made yet; `seen` must come back with it."""

    exam: FrozenExam
    item: FrozenItem
    change: Change
    effect: Effect
    seen: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A change to make, and why. With `seen`, only if no regrade of the exam was made or undone since."""

    item_id: int
    change: Change
    reason: str
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A regrade as it was made; `undone_at` is None while it counts."""

    id: int
    item_id: int
    change: Change
    reason: str
    at: datetime
    by: str
    undone_at: datetime | None
    undone_by: str
    undone_because: str


def preview(session: Session, teacher: Person, exam_id: int, item_id: int, change: Change, now: datetime) -> Preview:
    """What `change` would do; nothing is stored.

    Raises NotFound, Conflict ("not_published") for a draft, Invalid for a change that does not fit the question, or
    that would change nothing ("same").
    """
    before = published(session, teacher, exam_id)
    item = item_of(before, item_id)
    _check(item, change)
    after = marks.any_exam(session, exam_id, more={item_id: change})
    return Preview(before, item, change, _effect(session, before, after, now), fingerprint(session, exam_id))


def preview_undo(session: Session, teacher: Person, exam_id: int, regrade_id: int, now: datetime) -> Preview:
    """What taking a regrade back would do. Raises as `undo` does."""
    before = published(session, teacher, exam_id)
    regrade = _one(session, exam_id, regrade_id)
    _still_counts(session, regrade, before)
    after = marks.any_exam(session, exam_id, without=regrade_id)
    item = before.items[regrade.item_id]
    return Preview(
        before, item, marks.change_of(regrade), _effect(session, before, after, now), fingerprint(session, exam_id)
    )


def apply(session: Session, teacher: Person, exam_id: int, wanted: Wanted, now: datetime) -> int:
    """Change what responses to one question are worth, for every attempt; return the regrade's id.

    The same request sent again changes nothing. Raises NotFound, Conflict ("not_published", "regrades"), Invalid
    without a reason, for a change that does not fit the question or that would change nothing ("same").
    """
    item_of(published(session, teacher, exam_id), wanted.item_id)
    reason = _reason(wanted.reason)
    _lock(session, exam_id)
    if wanted.seen is not None and wanted.seen != fingerprint(session, exam_id):
        return _sent_again(session, teacher, exam_id, wanted, reason)
    item = item_of(marks.any_exam(session, exam_id), wanted.item_id)  # as it is now that nobody else changes it
    _check(item, wanted.change)
    made = Regrade(
        item_id=wanted.item_id,
        kind=wanted.change.kind,
        details=dict(wanted.change.details),
        reason=reason,
        at=now,
        by_id=teacher.id,
    )
    session.add(made)
    session.flush()
    return made.id


def undo(
    session: Session,
    teacher: Person,
    exam_id: int,
    regrade_id: int,
    reason: str,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Take a regrade back; taking it back twice takes it back once.

    Raises NotFound; Conflict ("not_published", "regrades" when others changed since, "regrade_undone" when it was taken
    back, "built_on" when a later regrade would not fit without it); Invalid without a reason.
    """
    published(session, teacher, exam_id)
    because = _reason(reason)
    _lock(session, exam_id)
    regrade = _one(session, exam_id, regrade_id)
    if regrade.undone_at is not None and regrade.undone_by_id == teacher.id:
        return
    if seen is not None and seen != fingerprint(session, exam_id):
        raise Conflict("regrades")
    _still_counts(session, regrade, marks.any_exam(session, exam_id))
    regrade.undone_at, regrade.undone_by_id = now, teacher.id
    regrade.details = {**regrade.details, UNDONE_BECAUSE: because}
    session.flush()


def listed(session: Session, exam_id: int, item_id: int | None = None) -> Sequence[Made]:
    """The regrades of an exam, or of one of its questions, in the order they were made."""
    undoer = aliased(User)
    statement = (
        select(Regrade, User.display_name, User.login, undoer.display_name, undoer.login)
        .join(ExamItem, ExamItem.id == Regrade.item_id)
        .outerjoin(User, User.id == Regrade.by_id)
        .outerjoin(undoer, undoer.id == Regrade.undone_by_id)
        .where(ExamItem.exam_id == exam_id)
        .order_by(Regrade.id)
    )
    if item_id is not None:
        statement = statement.where(Regrade.item_id == item_id)
    return [
        Made(
            id=row.id,
            item_id=row.item_id,
            change=marks.change_of(row),
            reason=row.reason,
            at=row.at,
            by=name or login or "",
            undone_at=row.undone_at,
            undone_by=undoer_name or undoer_login or "",
            undone_because=row.details.get(UNDONE_BECAUSE, ""),
        )
        for row, name, login, undoer_name, undoer_login in session.execute(statement)
    ]


def found(session: Session, exam_id: int, regrade_id: int) -> Made:
    """One regrade of an exam; raises NotFound."""
    one = next((each for each in listed(session, exam_id) if each.id == regrade_id), None)
    if one is None:
        raise NotFound
    return one


def fingerprint(session: Session, exam_id: int) -> str:
    """Another text after every regrade that is made or undone: both numbers only grow."""
    made, undone = session.execute(
        select(func.count(Regrade.id), func.count(Regrade.undone_at))
        .join(ExamItem, ExamItem.id == Regrade.item_id)
        .where(ExamItem.exam_id == exam_id)
    ).one()
    return f"{made}.{undone}"


def published(session: Session, teacher: Person, exam_id: int) -> FrozenExam:
    """An exam whose questions are frozen; raises NotFound, Conflict ("not_published") for a draft."""
    exam = marks.frozen(session, teacher, exam_id)
    if exam.published_at is None:
        raise Conflict("not_published")
    return exam


def item_of(exam: FrozenExam, item_id: int) -> FrozenItem:
    """One question of the exam; raises NotFound."""
    if item_id not in exam.items:
        raise NotFound
    return exam.items[item_id]


def _effect(session: Session, before: FrozenExam, after: FrozenExam, now: datetime) -> Effect:
    old = {one.first.whose: one.score for one in marks.students(session, before, now)}
    new = [(one.first, one.score) for one in marks.students(session, after, now)]
    shown = exam_people.namesakes(session, before)
    pairs = [
        Moved(shown.get(first.learner_id or 0, first.name), was, score)
        for first, score in new
        if (was := old[first.whose]) is not None and score is not None
    ]
    return Effect(
        before=summarise([one.before for one in pairs], before.pass_hundredths),
        after=summarise([one.after for one in pairs], before.pass_hundredths),
        gain=tuple(one for one in pairs if one.after > one.before),
        lose=tuple(one for one in pairs if one.after < one.before),
        same=sum(one.after == one.before for one in pairs),
        at_work=sum(score is None for _, score in new),
    )


def _check(item: FrozenItem, change: Change) -> None:
    """Refuse a change that does not fit the question, or that would change nothing."""
    try:
        void = regrading.is_void(item.body, item.changes, change)
        regrading.amended(item.body, [*item.changes, change])
    except TooManyAccepted as error:
        raise Invalid([FieldProblem("change", "too_many_accepted", (("most", MOST_ACCEPTED),))]) from error
    except NotApplicable as error:
        raise Invalid([FieldProblem("change", "not_applicable")]) from error
    if void:
        raise Invalid([FieldProblem("change", "same")])


def _still_counts(session: Session, regrade: Regrade, exam: FrozenExam) -> None:
    """Refuse to take back what was taken back, or what a later change of the same question needs."""
    if regrade.undone_at is not None:
        raise Conflict("regrade_undone")
    statement = select(Regrade).where(
        Regrade.item_id == regrade.item_id, Regrade.undone_at.is_(None), Regrade.id != regrade.id
    )
    others = [marks.change_of(one) for one in session.scalars(statement.order_by(Regrade.id))]
    try:
        regrading.amended(exam.items[regrade.item_id].body, others)
    except NotApplicable as error:
        raise Conflict("built_on") from error


def _sent_again(session: Session, teacher: Person, exam_id: int, wanted: Wanted, reason: str) -> int:
    """The newest regrade when it is the one that was sent: a second click. Raises Conflict ("regrades")."""
    newest = session.scalars(
        select(Regrade)
        .join(ExamItem, ExamItem.id == Regrade.item_id)
        .where(ExamItem.exam_id == exam_id)
        .order_by(Regrade.id.desc())
        .limit(1)
    ).one_or_none()
    if newest is not None and newest.undone_at is None:
        sent = (wanted.item_id, teacher.id, wanted.change.kind, dict(wanted.change.details), reason)
        if sent == (newest.item_id, newest.by_id, Kind(newest.kind), newest.details, newest.reason):
            return newest.id
    raise Conflict("regrades")


def _one(session: Session, exam_id: int, regrade_id: int) -> Regrade:
    statement = (
        select(Regrade)
        .join(ExamItem, ExamItem.id == Regrade.item_id)
        .where(ExamItem.exam_id == exam_id, Regrade.id == regrade_id)
    )
    regrade = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if regrade is None:
        raise NotFound
    return regrade


def _lock(session: Session, exam_id: int) -> None:
    """Let regrades of one exam pass one at a time; students go on starting and saving."""
    session.execute(select(Exam.id).where(Exam.id == exam_id).with_for_update(key_share=True))


def _reason(text: str) -> str:
    if problem := message_problem(text):
        raise Invalid([problem])
    return tidy_message(text)
