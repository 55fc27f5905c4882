"""The stored bank in figures, for the front door."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Course, Objective, Question, Topic


@dataclass(frozen=True, slots=True)
class BankFigures:
    """How much there is to study, over every course: questions that are asked, objectives, topics."""

    questions: int
    objectives: int
    topics: int


def figures(session: Session) -> BankFigures:
    """Count what learners can meet; reserved, draft and retired questions are left out."""
    asked = ~(Question.reserved | Question.draft | Question.retired)
    counts = []
    for table, wanted in ((Question, asked), (Objective, ~Objective.retired), (Topic, ~Topic.retired)):
        statement = select(func.count()).select_from(table)
        open_course = select(Course.id).where(~Course.retired)
        counts.append(session.scalar(statement.where(wanted, table.course_id.in_(open_course))) or 0)
    return BankFigures(*counts)
