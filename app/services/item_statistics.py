"""How the questions of an exam behaved: from everybody's marks to the pure statistics."""

from collections.abc import Iterable
from datetime import datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from app.bank.schema import MatchingQuestion, Question, SingleQuestion
from app.exam import itemstats, scoring
from app.exam.itemstats import ExamStatistics, Item
from app.services import marks
from app.services.marks import FrozenExam, StudentMarks


def statistics(session: Session, exam: FrozenExam, now: datetime) -> ExamStatistics:
    """The statistics of the first finished attempt of each student, without the questions that were dropped."""
    return of_students(exam, marks.students(session, exam, now))


def of_students(exam: FrozenExam, students: Iterable[StudentMarks]) -> ExamStatistics:
    """The same, of marks that were read already."""
    asked = [item for item in exam.items.values() if not item.dropped]
    items = [Item(item.slug, Fraction(item.points), guess(item.key)) for item in asked]
    firsts = (next((one for one in student.attempts if one.over), None) for student in students)
    return itemstats.statistics(items, [_points(exam, one) for one in firsts if one is not None])


def guess(question: Question) -> Fraction | None:
    """What blind guessing is worth on average, from 0 to 1; None where nobody can say."""
    choices = question.choices if isinstance(question, SingleQuestion) else ()
    rights = len(question.pairs) + len(question.decoys) if isinstance(question, MatchingQuestion) else 0
    return itemstats.guess_of(question.type, [Fraction(choice.correct) for choice in choices], rights)


def _points(exam: FrozenExam, attempt: marks.MarkedAttempt) -> dict[str, Fraction]:
    return {
        one.item.slug: scoring.points(credit, exam.rules)
        for one in attempt.items
        if (credit := marks.item_credit(one)) is not None
    }
