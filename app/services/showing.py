"""What the review pages show: the next question, without its key; and what an answer brought, with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from app.bank.schema import FlashcardQuestion, Question
from app.errors import Conflict, NotFound, Withdrawn
from app.exam import marking, presentation
from app.exam.correction import Corrected
from app.exam.marking import Marked
from app.models import Card, ReviewLog
from app.services import journal, queueing, reviewing
from app.services.identity import Person
from app.services.journal import Asked
from app.services.queueing import Day
from app.services.reviewing import Submission
from app.services.sections import Section
from app.srs import answering
from app.srs.answering import Kind
from app.srs.sm2 import CardState, Grade

_same_card = aliased(ReviewLog)
_ENTRIES_OF_ANSWER = (
    select(ReviewLog, Card.question_id)
    .join(Card, Card.id == ReviewLog.card_id)
    .join(_same_card, _same_card.card_id == ReviewLog.card_id)
    .where(_same_card.answer_id == bindparam("answer_id"), _same_card.learner_id == bindparam("learner"))
    .order_by(ReviewLog.number)
)


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """One question as it may be seen before it is answered: `shown` holds no key, by construction."""

    answer_id: UUID
    question_id: int
    version: int
    edition: int
    shown: presentation.Shown
    topic: str
    level: int
    section: Section
    reviews: int
    last_day: date | None
    drill: bool
    today: date
    due: date | None


@dataclass(frozen=True, slots=True)
class FeedbackPage(Corrected):
    """One answer and what it brought; everything about the question may be shown now.

    `offered` are the grades the learner may still choose, each with the state it would give, from
    the same rule that records it.
    """

    answer_id: UUID
    question_id: int
    number: int
    body: Question
    shown: presentation.Shown
    response: dict[str, object]
    marked: Marked | None
    kind: Kind
    grade: Grade
    before: CardState
    after: CardState
    offered: dict[Grade, CardState]
    may_override: bool
    overridden: bool
    drill: bool
    leech: bool
    suspended: bool
    steps: tuple[tuple[date, date | None], ...]
    topic: str
    level: int
    section: Section
    reviews: int
    last_day: date | None
    today: date

    @property
    def seed(self) -> str:
        """What the question was presented with."""
        return str(self.answer_id)

    @property
    def gaps(self) -> list[int]:
        """The days between one answer of this card and the next, the coming one included."""
        days = [day for day, _ in self.steps]
        due = self.steps[-1][1] if self.steps else None
        ends = [*days[1:], due] if due else days[1:]
        return [(end - begin).days for begin, end in zip(days, ends, strict=False) if end > begin]


@dataclass(frozen=True, slots=True)
class SealedPage:
    """One answer to a question whose key an exam hides: that it is recorded, and nothing it brought.

    Neither its grade nor its next day is in it, for both tell whether it was right.
    """

    answer_id: UUID
    question_id: int
    number: int
    shown: presentation.Shown
    topic: str
    level: int
    section: Section
    reviews: int
    last_day: date | None
    today: date
    drill: bool = False


def question_page(
    session: Session, person: Person, question_id: int, today: date, answer_id: UUID, edition: int | None = None
) -> QuestionPage:
    """The page of one question for this learner; raises Withdrawn for a withheld one."""
    asked = journal.asked(session, person, question_id, edition)
    if asked.withheld:
        raise Withdrawn
    return _question_page(person, asked, today, answer_id)


def _question_page(person: Person, asked: Asked, today: date, answer_id: UUID) -> QuestionPage:
    return QuestionPage(
        answer_id=answer_id,
        question_id=asked.question_id,
        version=asked.version,
        edition=asked.question_version,
        shown=presentation.present(asked.body, person.locale, str(answer_id)),
        topic=asked.topic[person.locale],
        level=asked.body.level,
        section=asked.section,
        reviews=asked.totals.reviews,
        last_day=asked.totals.last_day,
        drill=asked.totals.drill_day == today,
        today=today,
        due=asked.totals.state.due,
    )


def next_question(session: Session, person: Person, now: datetime, answer_id: UUID) -> tuple[Day, QuestionPage | None]:
    """The learner's day, and its next question when there is one."""
    day = queueing.day_of(session, person, now)
    if day.queue.next is None:
        return day, None
    return day, question_page(session, person, day.queue.next, day.today, answer_id)


def feedback(session: Session, person: Person, answer_id: UUID, now: datetime) -> FeedbackPage | SealedPage:
    """What the learner's answer brought, as it stands after any new grading; sealed while an exam hides the key.

    Raises NotFound for an answer that is not theirs, Conflict ("undone") for one that was taken back.
    """
    found = session.execute(_ENTRIES_OF_ANSWER, {"answer_id": answer_id, "learner": person.id}).all()
    rows: list[ReviewLog] = [row.ReviewLog for row in found]
    if not rows:
        raise NotFound
    first = next(row.number for row in rows if row.answer_id == answer_id)
    standing = journal.standing(rows)
    row = next((row for row in reversed(standing) if first in (row.number, row.regrades)), None)
    if row is None:
        raise Conflict("undone")
    asked = journal.asked(session, person, found[0].question_id, row.question_version, now)
    show = _sealed if asked.hidden else _page
    return show(person, asked, rows, row, answer_id, person.today(now))


def revealed(
    session: Session, person: Person, given: Submission, now: datetime
) -> tuple[QuestionPage, FlashcardQuestion, dict[Grade, CardState]]:
    """A flashcard turned: its page, its words with the answer, and what each grade would give; raises NotFound."""
    asked, today = journal.asked(session, person, given.question_id, given.edition, now), person.today(now)
    if asked.withheld or asked.hidden:
        raise Withdrawn
    if not isinstance(asked.body, FlashcardQuestion):
        raise NotFound
    totals = asked.totals
    kind = answering.kind_of(totals.state, totals.drill_day == today, today, practice=given.practice)
    offered = answering.choices(totals.state, kind, today, sorted(reviewing.scale_of(person)))
    return _question_page(person, asked, today, given.answer_id), asked.body, offered


def _sealed(
    person: Person, asked: Asked, rows: Sequence[ReviewLog], row: ReviewLog, answer_id: UUID, today: date
) -> SealedPage:
    before = journal.totals_before(rows, row.number)
    return SealedPage(
        answer_id=answer_id,
        question_id=asked.question_id,
        number=row.number,
        shown=presentation.present(asked.body, person.locale, str(answer_id)),
        topic=asked.topic[person.locale],
        level=asked.body.level,
        section=asked.section,
        reviews=before.reviews,
        last_day=before.last_day,
        today=today,
    )


def _page(
    person: Person, asked: Asked, rows: Sequence[ReviewLog], row: ReviewLog, answer_id: UUID, today: date
) -> FeedbackPage:
    before = journal.totals_before(rows, row.number)
    response = row.response or {}
    flashcard = isinstance(asked.body, FlashcardQuestion)
    marked = None if flashcard else marking.mark(asked.body, response)
    changeable = row is journal.standing(rows)[-1] and row.study_day == today
    return FeedbackPage(
        answer_id=answer_id,
        question_id=asked.question_id,
        number=row.number,
        body=asked.body,
        shown=presentation.present(asked.body, person.locale, str(answer_id)),
        response=response,
        marked=marked,
        kind=Kind(row.kind),
        grade=Grade(row.grade or 0),
        before=before.state,
        after=row.state,
        offered=_offered(person, asked, row, before.state) if changeable else {},
        may_override=changeable and reviewing.may_override(asked.body, row),
        overridden=row.overridden,
        drill=asked.totals.drill_day == today,
        leech=answering.is_leech_now(before.state, row.state),
        suspended=asked.suspended,
        steps=tuple((entry.study_day, entry.due) for entry in journal.standing(rows) if entry.kind != Kind.DRILL),
        topic=asked.topic[person.locale],
        level=asked.body.level,
        section=asked.section,
        reviews=before.reviews,
        last_day=before.last_day,
        today=today,
    )


def _offered(person: Person, asked: Asked, row: ReviewLog, before: CardState) -> dict[Grade, CardState]:
    grades = reviewing.offered(person, asked.body, row)
    return answering.choices(before, Kind(row.kind), row.study_day, sorted(grades))
