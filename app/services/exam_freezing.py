"""Which questions an exam asks, and putting them in it: while they are listed, and for good when it is published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import and_, delete, select
from sqlalchemy.orm import Session

from app.exam import blueprint
from app.exam.blueprint import Candidate
from app.models import Exam, ExamItem, Question, QuestionVersion
from app.services import exam_forms, exam_pool


@dataclass(frozen=True, slots=True)
class Frozen:
    """A question of an exam, and the parallel forms (from 1) that ask it; None without forms."""

    candidate: Candidate
    forms: tuple[int, ...] | None = None


def chosen(session: Session, exam: Exam, course_id: int, now: datetime) -> list[Frozen]:
    """What a draft may ask: its list, one draw for all, its forms, or all that each draw may choose from.

    Raises Unfillable.
    """
    pool = exam_pool.candidates(session, course_id)
    by_id = {one.id: one for one in pool}
    if exam.demands is None:
        listed_ids = session.scalars(
            select(ExamItem.question_id).where(ExamItem.exam_id == exam.id).order_by(ExamItem.position)
        )
        return [Frozen(by_id[number]) for number in listed_ids if number in by_id]
    demands = exam_pool.demands(exam)
    if exam.draw == "same":
        drawn = blueprint.draw(demands, pool, Random(exam.seed))  # noqa: S311 seeded
        return [Frozen(by_id[number]) for number in drawn]
    if exam.forms:
        made = exam_forms.drawn(session, exam, course_id, pool, now).asked
        return [Frozen(by_id[number], numbers) for number, numbers in exam_forms.by_question(made).items()]
    return [Frozen(one) for one in pool if any(demand.takes(one) for demand in demands)]


def freeze(session: Session, exam: Exam, asked: Sequence[Frozen]) -> None:
    """Put `asked` in the place of the exam's questions, in their versions of now; points stay with their question."""
    of_exam = ExamItem.exam_id == exam.id
    kept = {row[0]: row[1] for row in session.execute(select(ExamItem.question_id, ExamItem.points).where(of_exam))}
    session.execute(delete(ExamItem).where(of_exam))
    current = and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.version)
    asked_ids = [one.candidate.id for one in asked]
    statement = select(Question.id, QuestionVersion.id).join(QuestionVersion, current)
    rows = session.execute(statement.where(Question.id.in_(asked_ids)))
    versions = {question_id: version_id for question_id, version_id in rows}
    for position, (one, numbers) in enumerate(((each.candidate, each.forms) for each in asked), 1):
        session.add(
            ExamItem(
                exam_id=exam.id,
                question_id=one.id,
                version_id=versions[one.id],
                position=position,
                points=kept.get(one.id, 1),
                topic=one.topic,
                objective=one.objective,
                level=one.level,
                type=one.type,
                reserved=one.reserved,
                gives_away=sorted(one.gives_away),
                forms=numbers and list(numbers),
            )
        )
    session.flush()
