"""An exam as a student will meet it, for its teachers: the same draw, order and places as an attempt makes."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.bank.schema import Blank, from_document
from app.bank.schema import Question as Body
from app.exam import blueprint, presentation
from app.exam.blueprint import Unfillable
from app.models import ExamItem, Question, QuestionVersion
from app.services import exam_pool, exams
from app.services.exams import SetUp
from app.services.identity import Person
from app.services.question_page import Answered, gaps_of


@dataclass(frozen=True, slots=True)
class PreviewItem:
    """One question: `shown` is what a student sees of it, `body` also has the key; nobody has answered it."""

    question_id: int
    points: int
    body: Body
    shown: presentation.Shown

    @property
    def answered(self) -> Answered:
        """How it was answered: not yet."""
        return Answered(0, None, {})

    @property
    def gaps(self) -> Sequence[tuple[str, Blank]]:
        """What fits each gap, by the number it is shown with."""
        return gaps_of(self.body)


def preview(session: Session, teacher: Person, exam_id: int, draw: int, language: str) -> Sequence[PreviewItem]:
    """The questions of one attempt that a student could get, in "fr" or "en"; each `draw` is another student.

    A draft shows the bank's words of today, a published exam those it froze. Empty when the blueprint cannot be
    filled. Raises NotFound.
    """
    of = exams.found(session, teacher, exam_id)
    asked = _asked(session, of, draw)
    if of.draft.shuffle_questions:
        Random(f"preview:{exam_id}:{draw}:order").shuffle(asked)  # noqa: S311 repeatable on purpose
    bodies = _bodies(session, of, asked)
    seed = f"preview:{exam_id}:{draw if of.draft.shuffle_choices else 0}"
    return [
        PreviewItem(
            question_id=number,
            points=of.points.get(number, 1),
            body=bodies[number],
            shown=presentation.present(bodies[number], language, f"{seed}:{number}"),
        )
        for number in asked
    ]


def _asked(session: Session, of: SetUp, draw: int) -> list[int]:
    """The ids of the questions of one draw."""
    if of.draft.demands is None:
        known = {one.id for one in exams.candidates(session, of.course_id)}
        return [number for number in of.draft.questions if of.published or number in known]
    if of.published and of.draft.draw == "same":
        return list(of.points)
    pool = exam_pool.of(session, of)
    luck = Random(of.seed if of.draft.draw == "same" else f"{of.seed}:preview:{draw}")  # noqa: S311 repeatable
    try:
        return list(blueprint.draw(of.draft.demands, pool, luck))
    except Unfillable:
        return []


def _bodies(session: Session, of: SetUp, asked: Sequence[int]) -> dict[int, Body]:
    if of.published:
        frozen = and_(ExamItem.version_id == QuestionVersion.id, ExamItem.exam_id == of.id)
        statement = select(ExamItem.question_id, QuestionVersion.body).join(QuestionVersion, frozen)
        rows = session.execute(statement.where(ExamItem.question_id.in_(asked)))
    else:
        current = and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.version)
        rows = session.execute(
            select(Question.id, QuestionVersion.body).join(QuestionVersion, current).where(Question.id.in_(asked))
        )
    return {number: from_document(body) for number, body in rows}
