"""What an exam draws from: the bank of today for a draft, what is frozen once it is published."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.exam.blueprint import Candidate
from app.models import ExamItem
from app.services import attempts, exams
from app.services.exams import SetUp


def of(session: Session, exam: SetUp) -> list[Candidate]:
    """The questions that may be drawn."""
    return frozen(session, exam.id) if exam.published else exams.candidates(session, exam.course_id)


def frozen(session: Session, exam_id: int) -> list[Candidate]:
    """The questions that a published exam draws from."""
    return [
        attempts.candidate_of(item) for item in session.scalars(select(ExamItem).where(ExamItem.exam_id == exam_id))
    ]
