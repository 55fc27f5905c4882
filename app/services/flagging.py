"""A learner reports a question that seems wrong, and sees what became of it.

Only of a question they have answered: whoever answers the report may write about its key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.bank.schema import BLANK
from app.errors import FieldProblem, Invalid, NotFound
from app.exam import presentation
from app.models import Card, Question, QuestionFlag, QuestionVersion, ReviewLog
from app.services import journal
from app.services.card_rows import ASKABLE
from app.services.identity import Person
from app.services.journal import Asked
from app.services.log_rows import STANDS
from app.services.messages import message_problem, tidy_message
from app.services.queueing import course_of
from app.services.sections import Section

REASONS = ("wrong", "unclear", "typo", "other")
MOST_LISTED = 10


@dataclass(frozen=True, slots=True)
class Flag:
    """One report as its learner sees it.

    `status` is "open", "mended", "not_a_fault" or "other"; `answer` is empty while it is open;
    `mended_version` is the version that mended the question, as far as one is known.
    """

    reason: str
    message: str
    status: str
    changed_at: datetime
    answer: str
    answered_at: datetime | None
    mended_version: int | None

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it yet."""
        return self.status == "open"


@dataclass(frozen=True, slots=True)
class FlagPage:
    """What is reported: the question without its key, and the learner's report that is open, if any."""

    question_id: int
    shown: presentation.Shown
    topic: str
    section: Section
    open: Flag | None


@dataclass(frozen=True, slots=True)
class ListedFlag:
    """One line of a learner's list of reports; `askable` says whether the question's card can be opened."""

    question_id: int
    text: str
    status: str
    askable: bool


def mended_in() -> ColumnElement[int]:
    """Of a row of question_flag closed as mended: the version noted then, else the first one after its words."""
    newer = select(func.min(QuestionVersion.number)).where(
        QuestionVersion.question_id == QuestionFlag.question_id,
        QuestionVersion.number > QuestionFlag.question_version,
    )
    known = func.coalesce(QuestionFlag.mended_version, newer.scalar_subquery())
    return case((QuestionFlag.status == "mended", known)).label("mended_in")


def form(session: Session, person: Person, question_id: int) -> FlagPage:
    """The page that reports a question; raises NotFound for one the learner has not answered."""
    asked = _answered(session, person, question_id)
    return FlagPage(
        question_id=question_id,
        shown=presentation.present(asked.body, person.locale, str(question_id)),
        topic=asked.topic[person.locale],
        section=asked.section,
        open=next((flag for flag in own(session, person, question_id) if flag.is_open), None),
    )


def flag(session: Session, person: Person, question_id: int, reason: str, message: str, now: datetime) -> None:
    """Report a question, or change the learner's report of it that is still open.

    Raises NotFound for a question the learner has not answered, Invalid for a reason that does not
    exist and for a message that is missing or too long.
    """
    asked = _answered(session, person, question_id)
    checked = [None if reason in REASONS else FieldProblem("reason", "not_offered"), message_problem(message)]
    if problems := [problem for problem in checked if problem]:
        raise Invalid(problems)
    words = {
        "reason": reason,
        "message": tidy_message(message),
        "question_version": asked.question_version,
        "changed_at": now,
    }
    session.execute(_insert(session, {"learner_id": person.id, "question_id": question_id, "created_at": now}, words))


def own(session: Session, person: Person, question_id: int) -> Sequence[Flag]:
    """The learner's reports of one question, the latest first."""
    flagged = QuestionFlag
    shown_answer = case((flagged.status == "open", ""), else_=flagged.answer)
    rows = session.execute(
        select(
            flagged.reason,
            flagged.message,
            flagged.status,
            flagged.changed_at,
            shown_answer,
            flagged.answered_at,
            mended_in(),
        )
        .where(flagged.learner_id == person.id, flagged.question_id == question_id)
        .order_by(flagged.created_at.desc(), flagged.id.desc())
    )
    return [Flag(*row) for row in rows]


def listed(session: Session, person: Person) -> Sequence[ListedFlag]:
    """The learner's latest reports in the course they study, at most 10; nothing in it tells a key."""
    words = QuestionVersion.body[("text", person.locale)].as_string()
    current = and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.version)
    rows = session.execute(
        select(Question.id, words, QuestionFlag.status, ASKABLE)
        .join(QuestionFlag, QuestionFlag.question_id == Question.id)
        .join(QuestionVersion, current)
        .where(QuestionFlag.learner_id == person.id, Question.course_id == course_of(session, person))
        .order_by(QuestionFlag.changed_at.desc(), QuestionFlag.id.desc())
        .limit(MOST_LISTED)
    )
    return [ListedFlag(key, BLANK.sub("…", text), status, bool(askable)) for key, text, status, askable in rows]


def _answered(session: Session, person: Person, question_id: int) -> Asked:
    asked = journal.asked(session, person, question_id)
    answer = exists().where(
        Card.id == ReviewLog.card_id,
        Card.learner_id == person.id,
        Card.question_id == question_id,
        STANDS,
    )
    if asked.withheld or not session.scalar(select(answer)):
        raise NotFound
    return asked


def _insert(session: Session, key: dict[str, Any], words: dict[str, Any]) -> Any:
    """An insert that becomes an edit of the open report already there, however many arrive at once."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    return (
        insert(QuestionFlag)
        .values(**key, **words)
        .on_conflict_do_update(
            index_elements=["learner_id", "question_id"],
            index_where=text("status = 'open'"),
            set_={**words, "revision": QuestionFlag.revision + 1},
        )
    )
