"""The people of an exam by their names, without reading a mark."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.exam.folding import fold
from app.models import Allowance, Attempt, Exam, Membership, User
from app.services.identity import Person
from app.services.marks import FrozenExam


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody by the name they have in the class, else their own; `joined_at` is known of those not started."""

    learner_id: int
    name: str
    institution_id: str | None
    login: str | None
    joined_at: datetime | None = None


def not_started(session: Session, exam: FrozenExam) -> Sequence[Known]:
    """Members of the class who have not started, by name."""
    started = select(Attempt.learner_id).where(Attempt.exam_id == exam.id, Attempt.learner_id.is_not(None))
    rows = session.execute(
        select(Membership.user_id, Membership.name, Membership.institution_id, User.login, Membership.joined_at)
        .join(User, User.id == Membership.user_id)
        .where(Membership.class_id == exam.class_id, Membership.user_id.not_in(started))
    )
    return sorted((Known(*row) for row in rows), key=lambda one: (fold(one.name), one.learner_id))


def may_have_taken(exam: FrozenExam, one: Known) -> bool:
    """Whether somebody who has not started may have had an attempt that was deleted: nobody knows any more."""
    return exam.forgotten_at is not None and (one.joined_at is None or one.joined_at <= exam.forgotten_at)


def expected(session: Session, exam: FrozenExam, now: datetime, who: Sequence[Known]) -> Collection[int]:
    """Those of `who` that can still start, by user id: until the exam closes, or a window of their own in its place."""
    own = select(Allowance.learner_id, Allowance.closes_at).where(
        Allowance.exam_id == exam.id, Allowance.closes_at.is_not(None)
    )
    windows: dict[int, datetime | None] = {learner: closes for learner, closes in session.execute(own)}
    closes = {one.learner_id: windows.get(one.learner_id, exam.closes_at) for one in who}
    return {learner for learner, end in closes.items() if end is None or end > now}


def members(session: Session, class_id: int) -> Sequence[Known]:
    """The members of a class."""
    rows = session.execute(
        select(Membership.user_id, Membership.name, Membership.institution_id, User.login)
        .join(User, User.id == Membership.user_id)
        .where(Membership.class_id == class_id)
    )
    return [Known(*row) for row in rows]


def everybody(session: Session, exam: FrozenExam) -> Sequence[Known]:
    """Who has a row in the scores, by name, without reading a mark: who started, and all members of the class."""
    named = and_(Membership.class_id == exam.class_id, Membership.user_id == User.id)
    started = select(Attempt.learner_id).where(Attempt.exam_id == exam.id, Attempt.learner_id.is_not(None))
    members = select(Membership.user_id).where(Membership.class_id == exam.class_id)
    rows = session.execute(
        select(User.id, Membership.name, User.display_name, Membership.institution_id, User.login)
        .outerjoin(Membership, named)
        .where(User.id.in_(started.union(members)))
    )
    found = [
        Known(row.id, row.name or row.display_name or row.login or "", row.institution_id, row.login) for row in rows
    ]
    return sorted(found, key=lambda one: (fold(one.name), one.learner_id))


def called(session: Session, exam_id: int, learner: Person) -> tuple[str, str | None]:
    """The name and the institution id of a student in the class of an exam; once they have left it, their own name."""
    row = session.execute(
        select(Membership.name, Membership.institution_id)
        .join(Exam, Exam.class_id == Membership.class_id)
        .where(Exam.id == exam_id, Membership.user_id == learner.id)
    ).one_or_none()
    return (row.name, row.institution_id) if row else (learner.display_name or learner.login or "", None)


def namesakes(session: Session, exam: FrozenExam) -> dict[int, str]:
    """Those whose name somebody else has too, by learner id: the name with what tells them apart."""
    people = everybody(session, exam)
    counted = Counter(fold(one.name) for one in people)
    return {
        one.learner_id: f"{one.name} ({one.institution_id or one.login})"
        for one in people
        if counted[fold(one.name)] > 1 and (one.institution_id or one.login)
    }
