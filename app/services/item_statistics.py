"""How the questions of an exam behaved: from everybody's marks to the pure statistics."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from sqlalchemy.orm import Session

from app.bank.schema import MatchingQuestion, Question, SingleQuestion
from app.exam import itemstats, scoring
from app.exam.itemstats import ExamStatistics, Item
from app.services import marks
from app.services.marks import FrozenExam, MarkedAttempt, StudentMarks


class Which(StrEnum):
    """Which attempts of a student who has several are looked at."""

    FIRST = "first"
    COUNTING = "counting"


def statistics(session: Session, exam: FrozenExam, now: datetime) -> ExamStatistics:
    """The statistics of the first finished attempt of each student, without the questions that were dropped."""
    return of_students(exam, marks.students(session, exam, now))


def of_students(exam: FrozenExam, students: Iterable[StudentMarks]) -> ExamStatistics:
    """The same, of marks that were read already."""
    return itemstats.statistics(asked(exam), [earned(exam, one) for one in taken(exam, students)])


def asked(exam: FrozenExam) -> list[Item]:
    """The questions that count, in their order."""
    return [Item(one.slug, Fraction(one.points), guess(one.key)) for one in exam.items.values() if not one.dropped]


def taken(exam: FrozenExam, students: Iterable[StudentMarks], which: Which = Which.FIRST) -> Iterator[MarkedAttempt]:
    """The finished attempts that are looked at: of each student the first, or the one that gives the score.

    Where the mean of the attempts counts, all of them give the score.
    """
    for student in students:
        if which is Which.COUNTING:
            yield from marks.counting(student, exam.keep)
        else:
            yield from [one for one in student.attempts if one.over][:1]


def earned(exam: FrozenExam, attempt: MarkedAttempt) -> dict[str, Fraction]:
    """What each question of an attempt brought, in points, by id; dropped ones are left out."""
    return {
        one.item.slug: scoring.points(credit, exam.rules)
        for one in attempt.items
        if (credit := marks.item_credit(one)) is not None
    }


def guess(question: Question) -> Fraction | None:
    """What blind guessing is worth on average, from 0 to 1; None where nobody can say."""
    choices = question.choices if isinstance(question, SingleQuestion) else ()
    rights = len(question.pairs) + len(question.decoys) if isinstance(question, MatchingQuestion) else 0
    return itemstats.guess_of(question.type, [Fraction(choice.correct) for choice in choices], rights)
