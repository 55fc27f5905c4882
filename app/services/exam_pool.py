"""What an exam draws from: the bank of today for a draft, what is frozen once it is published."""

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.exam.blueprint import Candidate, Demand
from app.models import Exam, ExamItem, Objective, Question, QuestionVersion, Topic


def of(session: Session, exam: Exam, course_id: int) -> list[Candidate]:
    """The questions that may be drawn."""
    return candidates(session, course_id) if exam.published_at is None else frozen(session, exam.id)


def frozen(session: Session, exam_id: int) -> list[Candidate]:
    """The questions that a published exam draws from, in its order."""
    items = select(ExamItem).where(ExamItem.exam_id == exam_id).order_by(ExamItem.position)
    return [candidate_of(item) for item in session.scalars(items)]


def demands(exam: Exam) -> list[Demand]:
    """The rows of its blueprint."""
    return [Demand(**one) for one in exam.demands or ()]


def candidates(session: Session, course_id: int) -> list[Candidate]:
    """The questions of a course that an exam may ask: in use, no drafts; reserved ones are the first choice."""
    current = and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.version)
    rows = session.execute(
        select(Question, Topic.slug, Objective.slug, QuestionVersion.body)
        .join(Topic, Topic.id == Question.topic_id)
        .join(Objective, Objective.id == Question.objective_id)
        .join(QuestionVersion, current)
        .where(Question.course_id == course_id, Question.retired.is_(False), Question.draft.is_(False))
    ).all()
    ids = {question.slug: question.id for question, *_ in rows}
    return [
        Candidate(
            id=question.id,
            topic=topic,
            level=question.level,
            type=question.type,
            objective=objective,
            reserved=question.reserved,
            gives_away=frozenset(ids[slug] for slug in body.get("gives_away", ()) if slug in ids),
        )
        for question, topic, objective, body in rows
    ]


def candidate_of(item: ExamItem) -> Candidate:
    """A frozen question as a draw takes it."""
    told = frozenset(item.gives_away)
    return Candidate(item.question_id, item.topic, item.level, item.type, item.objective, item.reserved, told)
