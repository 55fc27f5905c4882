"""How hard the questions of a course have been: their first answers in revision and in exams, of everybody.

Only sums leave this module. All is as it was when a day began, in UTC: what a page shows in the morning is what
publishing freezes in the afternoon, and what a published exam expected can be worked out again later.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, cast, exists, func, literal, or_, select
from sqlalchemy import Float as FloatType
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.bank.schema import from_document
from app.exam import difficulty, itemstats
from app.exam.blueprint import Candidate
from app.exam.difficulty import NO_ANSWERS, Answers, Asked, Facility
from app.models import Attempt, AttemptItem, Card, ExamItem, Question, QuestionVersion, Regrade, ReviewLog
from app.services import item_statistics
from app.services.log_rows import not_taken_back

_BY_THE_KEY = ("single", "matching")  # what guessing is worth depends on what there is to choose from


def expected(
    session: Session, course_id: int, pool: Sequence[Candidate], at: datetime, all_or_nothing: bool = False
) -> dict[int, Facility]:
    """The facility to expect of each question of `pool`, by what was known on the morning of `at`'s day.

    What all questions of the course say of their levels counts, those that are not asked any more too: the few that
    an exam froze are then expected to be what they were among all the others. With `all_or_nothing`, a credit below 1
    counts as 0.
    """
    before = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    revised = _revised(session, course_id, before, all_or_nothing)
    examined = _examined(session, course_id, before, all_or_nothing)
    known = _known(session, course_id) | {one.id: (one.level, one.type) for one in pool}
    guesses = _guesses(session, {number: kind for number, (_, kind) in known.items()})
    asked = [
        Asked(number, level, guesses[number], revised.get(number, NO_ANSWERS), examined.get(number, NO_ANSWERS))
        for number, (level, _) in sorted(known.items())
    ]
    found = difficulty.estimates(asked)
    return {number: found[number] for number in sorted(one.id for one in pool)}


def _known(session: Session, course_id: int) -> dict[int, tuple[int, str]]:
    """The level and the type of every question that the course has or had."""
    rows = session.execute(select(Question.id, Question.level, Question.type).where(Question.course_id == course_id))
    return {number: (level, kind) for number, level, kind in rows}


def _revised(session: Session, course_id: int, before: datetime, whole: bool) -> dict[int, Answers]:
    """Each learner's very first answer to a question, unless they took it back."""
    credit = _credit(ReviewLog.credit_parts, ReviewLog.credit_of, whole)
    statement = (
        select(Card.question_id, func.count(), func.sum(credit))
        .join(ReviewLog, and_(ReviewLog.card_id == Card.id, ReviewLog.number == 1))
        .join(Question, Question.id == Card.question_id)
        .where(
            Question.course_id == course_id,
            ReviewLog.credit_of.is_not(None),
            ReviewLog.pushed.is_(False),
            ReviewLog.answered_at < before,
            not_taken_back(before=literal(before, ReviewLog.answered_at.type)),
        )
        .group_by(Card.question_id)
    )
    return {row[0]: Answers(row[1], float(row[2])) for row in session.execute(statement)}


def _examined(session: Session, course_id: int, before: datetime, whole: bool) -> dict[int, Answers]:
    """The first attempts that were over, no answer worth nothing; not the questions whose key was found wrong."""
    credit = _credit(AttemptItem.credit_parts, AttemptItem.credit_of, whole)
    regraded = exists().where(Regrade.item_id == ExamItem.id, Regrade.undone_at.is_(None), Regrade.at < before)
    statement = (
        select(ExamItem.question_id, func.count(), func.sum(credit))
        .join(AttemptItem, AttemptItem.item_id == ExamItem.id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(Question, Question.id == ExamItem.question_id)
        .where(
            Question.course_id == course_id,
            Attempt.number == 1,
            or_(Attempt.submitted_at < before, Attempt.deadline < before),
            ~regraded,
        )
        .group_by(ExamItem.question_id)
    )
    return {row[0]: Answers(row[1], float(row[2])) for row in session.execute(statement)}


def _credit(parts: InstrumentedAttribute[Any], of: InstrumentedAttribute[Any], whole: bool) -> ColumnElement[Any]:
    return case((parts == of, 1.0), else_=0.0) if whole else cast(parts, FloatType) / of


def _guesses(session: Session, types: Mapping[int, str]) -> dict[int, float]:
    """What guessing is worth, by question; nothing where nobody can say."""
    found = {number: float(itemstats.guess_of(kind) or 0) for number, kind in types.items() if kind not in _BY_THE_KEY}
    ids = [number for number, kind in types.items() if kind in _BY_THE_KEY]
    current = and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.version)
    rows = session.execute(
        select(Question.id, QuestionVersion.body).join(QuestionVersion, current).where(Question.id.in_(ids))
    )
    return found | {number: float(item_statistics.guess(from_document(body)) or 0) for number, body in rows}
