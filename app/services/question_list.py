"""The questions of an exam as its teacher marks them: how each was answered, and what was changed of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from app.services import marks, regrades, typed_answers
from app.services.identity import Person
from app.services.marks import FrozenExam, FrozenItem
from app.services.regrades import Made
from app.services.typed_answers import Answers


@dataclass(frozen=True, slots=True)
class Listed:
    """One question: in how many finished attempts it was asked, and its mean credit there (0 to 1)."""

    item: FrozenItem
    asked: int
    mean: Fraction | None


def read(session: Session, teacher: Person, exam_id: int, now: datetime) -> tuple[FrozenExam, Sequence[Listed]]:
    """The questions in their order; raises NotFound, Conflict ("not_published")."""
    exam = regrades.published(session, teacher, exam_id)
    credits: dict[int, list[Fraction]] = {number: [] for number in exam.items}
    for student in marks.students(session, exam, now):
        for attempt in student.attempts:
            for one in attempt.items if attempt.over else ():
                credits[one.item.id].append(one.credit or Fraction(0))
    return exam, [_listed(item, credits[item.id]) for item in exam.items.values()]


def one(
    session: Session, teacher: Person, exam_id: int, item_id: int
) -> tuple[FrozenExam, FrozenItem, Answers, Sequence[Made]]:
    """One question with what was answered and its regrades; raises NotFound, Conflict ("not_published")."""
    exam = regrades.published(session, teacher, exam_id)
    item = regrades.item_of(exam, item_id)
    return exam, item, typed_answers.read(session, exam, item), regrades.listed(session, exam_id, item_id)


def _listed(item: FrozenItem, credits: Sequence[Fraction]) -> Listed:
    mean = None if item.dropped or not credits else sum(credits, Fraction()) / len(credits)
    return Listed(item, len(credits), mean)
