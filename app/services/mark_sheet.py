"""One attempt as its teacher reads it: each question as it was asked, the response, what it brings, what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bank.schema import MatchingQuestion, Question
from app.exam import marking, presentation, regrading, scoring
from app.exam.marking import Marked
from app.exam.presentation import Shown
from app.exam.scoring import ItemCredit
from app.models import Attempt, AttemptEvent, Exam, User
from app.services import adjustments, marks
from app.services.adjustments import Given
from app.services.attempts import seed_of
from app.services.identity import Person
from app.services.marks import FrozenExam, MarkedAttempt, MarkedItem


@dataclass(frozen=True, slots=True)
class AskedItem:
    """One question as this student met it; `points` is what it brings, None once it was dropped.

    `order` are the ids of its choices in the order they were shown; `marked` is by the key as it stands.
    """

    item: MarkedItem
    shown: Shown
    key: Question
    marked: Marked
    order: Sequence[str]
    points: Fraction | None

    def words_at_right(self, name: str, language: str) -> str:
        """What was chosen to go with an item of a matching question; "" for nothing."""
        body, chosen = self.item.item.body, (self.item.response or {}).get("pairs") or {}
        if not isinstance(body, MatchingQuestion):
            return ""
        rights = {one.id: one.right for one in (*body.pairs, *body.decoys)}
        return rights[chosen[name]].in_(language) if chosen.get(name) in rights else ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to the attempt; `by` is empty for what nobody in particular did."""

    kind: str
    at: datetime
    by: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MarkSheet:
    """One attempt; `others` are all attempts of its student with their scores, `counting` the score that counts."""

    exam: FrozenExam
    attempt: MarkedAttempt
    others: Sequence[MarkedAttempt]
    counting: int | None
    asked: Sequence[AskedItem]
    events: Sequence[Event]
    adjustments: Sequence[Given]
    seen: str

    def score_without(self, hundredths: int) -> int:
        """The score of the attempt if these points of its adjustments were taken back."""
        left = self.attempt.adjustment_hundredths - hundredths
        return scoring.round_half_up(marks.exact_of(self.exam, self.attempt.items, left))


def read(session: Session, teacher: Person, exam_id: int, attempt_id: int, now: datetime) -> MarkSheet:
    """One attempt of an exam of this teacher; raises NotFound."""
    exam = marks.frozen(session, teacher, exam_id)
    attempt = marks.of_attempt(session, exam, attempt_id, now)
    others = _others(session, exam, attempt, now)
    row = session.get_one(Attempt, attempt_id)
    stored = session.get_one(Exam, exam_id)
    seed = row.seed if stored.shuffle_choices else stored.seed
    return MarkSheet(
        exam=exam,
        attempt=attempt,
        others=others,
        counting=scoring.kept([one.exact for one in others if one.over], exam.keep),
        asked=[_asked(exam, one, seed_of(seed, one.item.id), teacher.locale) for one in attempt.items],
        events=_events(session, attempt_id),
        adjustments=adjustments.listed(session, exam_id, attempt_id),
        seen=adjustments.fingerprint(session, attempt_id),
    )


def _asked(exam: FrozenExam, one: MarkedItem, seed: str, language: str) -> AskedItem:
    item = one.item
    response = regrading.as_meant(item.body, item.key, one.response or {})
    points = None
    if one.credit is not None:
        answered = one.answered or one.credit > 0
        points = scoring.points(ItemCredit(Fraction(item.points), one.credit, answered), exam.rules)
    return AskedItem(
        item=one,
        shown=presentation.present(item.body, language, seed),
        key=item.key,
        marked=marking.mark(item.key, response),
        order=presentation.place(item.body, seed).choices,
        points=points,
    )


def _others(session: Session, exam: FrozenExam, attempt: MarkedAttempt, now: datetime) -> list[MarkedAttempt]:
    """All attempts of the same student, in their order."""
    whose = (
        Attempt.pseudonym == attempt.pseudonym
        if attempt.learner_id is None
        else Attempt.learner_id == attempt.learner_id
    )
    ids = session.scalars(select(Attempt.id).where(Attempt.exam_id == exam.id, whose).order_by(Attempt.number)).all()
    return [marks.of_attempt(session, exam, number, now) for number in ids]


def _events(session: Session, attempt_id: int) -> list[Event]:
    rows = session.execute(
        select(AttemptEvent, User.display_name, User.login)
        .outerjoin(User, User.id == AttemptEvent.by_id)
        .where(AttemptEvent.attempt_id == attempt_id)
        .order_by(AttemptEvent.id)
    )
    return [Event(event.kind, event.at, name or login or "", event.details) for event, name, login in rows]
