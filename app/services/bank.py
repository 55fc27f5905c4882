"""The stored bank in figures, for the front door."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Course, Question


@dataclass(frozen=True, slots=True)
class BankFigures:
    """How much can be studied now: questions that are asked, the objectives they examine, their topics."""

    questions: int
    objectives: int
    topics: int


def figures(session: Session) -> BankFigures:
    """Count what learners can meet in every open course; reserved, draft and retired questions are left out."""
    columns = (Question.id, Question.objective_id, Question.topic_id)
    found = session.execute(
        select(*[func.count(column.distinct()) for column in columns])
        .join(Course, Course.id == Question.course_id)
        .where(~Course.retired, ~(Question.reserved | Question.draft | Question.retired))
    ).one()
    return BankFigures(found[0], found[1], found[2])
