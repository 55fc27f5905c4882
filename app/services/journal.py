"""The review log and the card that is its total: how they are read, and the only way they grow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, and_, bindparam, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.bank.schema import Question, from_document
from app.errors import Conflict, NotFound
from app.models import Base, Card, Course, Objective, QuestionVersion, ReviewLog, Topic
from app.models import Question as QuestionRow
from app.services.card_rows import CARD_COLUMNS, totals_of
from app.services.hiding import HIDDEN
from app.services.identity import Person
from app.services.queueing import COURSE
from app.services.sections import SECTION_COLUMNS, Section, section_of
from app.srs.answering import Kind
from app.srs.replay import NOTHING, Entry, Totals, replay
from app.srs.sm2 import CardState, Grade


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as one learner meets it: its current words, where the course teaches it, and their card.

    `card_id` is None and `version` 0 while the learner has never met it. `withheld` questions (reserved
    for exams, drafts, retired ones) are not asked; of `hidden` ones (`app.services.hiding`) no key is told.
    """

    question_id: int
    question_version: int
    body: Question
    withheld: bool
    topic: dict[str, str]
    section: Section
    card_id: int | None
    version: int
    totals: Totals
    log_length: int
    suspended: bool
    buried_until: date | None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class NewEntry:
    """One row about to be written to the log of a card."""

    kind: Kind
    grade: Grade | None
    question_version: int
    answered_at: datetime
    study_day: date
    zone: str
    answer_id: UUID | None = None
    undoes: int | None = None
    regrades: int | None = None
    overridden: bool = False
    pushed: bool = False
    response: dict[str, Any] | None = None
    credit: Fraction | None = None
    took_ms: int = 0

    def entry(self, number: int) -> Entry:
        """What the pure replay needs of it."""
        return Entry(number, self.kind, self.grade, self.study_day, self.undoes, self.answered_at)


_ASKED = (
    select(
        QuestionRow.id,
        QuestionVersion.number,
        QuestionVersion.body,
        or_(QuestionRow.reserved, QuestionRow.draft, QuestionRow.retired).label("withheld"),
        QuestionRow.id.in_(HIDDEN).label("hidden"),
        Topic.title_fr,
        Topic.title_en,
        *SECTION_COLUMNS,
        *CARD_COLUMNS,
    )
    .join(
        QuestionVersion,
        and_(
            QuestionVersion.question_id == QuestionRow.id,
            QuestionVersion.number == func.coalesce(bindparam("edition", type_=Integer), QuestionRow.version),
        ),
    )
    .join(Topic, Topic.id == QuestionRow.topic_id)
    .join(Objective, Objective.id == QuestionRow.objective_id)
    .join(Course, Course.id == QuestionRow.course_id)
    .outerjoin(Card, and_(Card.question_id == QuestionRow.id, Card.learner_id == bindparam("learner")))
    .where(QuestionRow.id == bindparam("question"), QuestionRow.course_id == COURSE)
)

_ENTRIES = (
    select(ReviewLog)
    .where(ReviewLog.card_id == bindparam("card"), ReviewLog.learner_id == bindparam("learner"))
    .order_by(ReviewLog.number)
)

_TOTALS = ("streak", "interval_days", "ease_permille", "lapses", "due", "drill_day", "introduced_day", "last_day")


def _giving_way(model: type[Base], key: Sequence[str], returned: str) -> Mapping[str, Any]:
    """An insert for each database that leaves an existing row with the same key alone; built once, for speed."""
    table = model.metadata.tables[model.__tablename__]
    return {
        name: made.insert(table).on_conflict_do_nothing(index_elements=key).returning(table.c[returned])
        for name, made in (("sqlite", sqlite), ("postgresql", postgresql))
    }


_NEW_CARD = _giving_way(Card, ["learner_id", "question_id"], "id")
_NEW_ROW = _giving_way(ReviewLog, ["answer_id"], "number")
_ADVANCE = (
    update(Card)
    .where(Card.id == bindparam("card"), Card.version == bindparam("seen"))
    .values(
        version=Card.version + 1,
        log_length=Card.log_length + 1,
        **{name: bindparam(name) for name in (*_TOTALS, "last_answered_at", "reviews", "last_number")},
    )
)


def asked(
    session: Session, person: Person, question_id: int, edition: int | None = None, now: datetime | None = None
) -> Asked:
    """The question and the learner's card of it, in the words of version `edition` (the current one if None).

    Whether its key is hidden is said for the instant `now`; without one, whatever might be hidden is.
    Raises NotFound for a question outside the learner's course, and for a version it never had.
    """
    which = {"question": question_id, "edition": edition, "course": person.course_id}
    row = session.execute(_ASKED, {**which, "learner": person.id, "now": now}).one_or_none()
    if row is None:
        raise NotFound
    return Asked(
        question_id=row.id,
        question_version=row.number,
        body=from_document(row.body),
        withheld=bool(row.withheld),
        topic={"fr": row.title_fr, "en": row.title_en},
        section=section_of(row),
        card_id=row.card_id,
        version=row.card_version or 0,
        totals=totals_of(row) or NOTHING,
        log_length=row.log_length or 0,
        suspended=bool(row.suspended),
        buried_until=row.buried_until,
        hidden=bool(row.hidden),
    )


def hold_card(session: Session, person: Person, question_id: int) -> None:
    """Keep other transactions off the learner's card of a question until this one ends; raises NotFound."""
    statement = select(Card.id).where(Card.learner_id == person.id, Card.question_id == question_id)
    if session.scalar(statement.with_for_update()) is None:
        raise NotFound


def entries_of(session: Session, person: Person, card_id: int) -> Sequence[ReviewLog]:
    """The whole log of one card, in the order it was written."""
    return session.scalars(_ENTRIES, {"card": card_id, "learner": person.id}).all()


def entry_of(row: ReviewLog) -> Entry:
    """A stored row as the pure replay reads it."""
    grade = None if row.grade is None else Grade(row.grade)
    return Entry(row.number, Kind(row.kind), grade, row.study_day, row.undoes, row.answered_at)


def standing(rows: Sequence[ReviewLog]) -> list[ReviewLog]:
    """The answers that count: neither undone nor the undoing of one."""
    undone = {row.undoes for row in rows}
    return [row for row in rows if row.answer_id and row.number not in undone]


def replayed(rows: Sequence[ReviewLog]) -> Totals:
    """The total of a whole log; raises ValueError for a log that cannot be."""
    return replay([entry_of(row) for row in rows])


def totals_before(rows: Sequence[ReviewLog], number: int) -> Totals:
    """What the card was just before the row `number` was written."""
    return replayed([row for row in rows if row.number < number])


def append(session: Session, person: Person, seen: Asked, new: NewEntry, after: Totals) -> int:
    """Write one row to a card's log and the total `after` to the card; return the row's number.

    Raises Conflict ("version") when the card is not as it was `seen` any more, and Conflict
    ("answer_id") when the answer's id is used already.
    """
    card_id = _advance(session, seen, after) if seen.card_id else _create(session, person, seen, after)
    if card_id is None:
        raise Conflict("version")
    row = {"card_id": card_id, "learner_id": person.id, "number": seen.log_length + 1}
    values = {**row, **_new_columns(new), **_state_columns(after.state)}
    number = _insert_once(session, _NEW_ROW, values)
    if number is None:
        raise Conflict("answer_id")
    return number


def _advance(session: Session, seen: Asked, after: Totals) -> int | None:
    params = {"card": seen.card_id, "seen": seen.version, **columns(after)}
    moved = session.connection().execute(_ADVANCE, params)
    return seen.card_id if moved.rowcount == 1 else None


def _create(session: Session, person: Person, seen: Asked, after: Totals) -> int | None:
    """Make the card with its first total; None when another request has just made it."""
    key = {"learner_id": person.id, "question_id": seen.question_id}
    return _insert_once(session, _NEW_CARD, {**key, "version": 1, "log_length": 1, **columns(after)})


def _insert_once(session: Session, statements: Mapping[str, Any], values: Mapping[str, Any]) -> int | None:
    """What the insert returns, or None when it gave way to a row with the same key."""
    connection = session.connection()
    found: int | None = connection.execute(statements[connection.dialect.name], values).scalar_one_or_none()
    return found


def _state_columns(state: CardState) -> dict[str, Any]:
    return {
        "streak": state.streak,
        "interval_days": state.interval_days,
        "ease_permille": state.ease_permille,
        "lapses": state.lapses,
        "due": state.due,
    }


def columns(totals: Totals) -> dict[str, Any]:
    """The columns of `card` that are a total of its log."""
    return {
        **_state_columns(totals.state),
        "drill_day": totals.drill_day,
        "introduced_day": totals.introduced_day,
        "last_day": totals.last_day,
        "last_answered_at": totals.last_answered_at,
        "reviews": totals.reviews,
        "last_number": totals.last_number,
    }


def _new_columns(new: NewEntry) -> dict[str, Any]:
    return {
        "answer_id": new.answer_id,
        "kind": new.kind.value,
        "undoes": new.undoes,
        "regrades": new.regrades,
        "overridden": new.overridden,
        "pushed": new.pushed,
        "question_version": new.question_version,
        "response": new.response,
        "credit_parts": None if new.credit is None else new.credit.numerator,
        "credit_of": None if new.credit is None else new.credit.denominator,
        "grade": None if new.grade is None else int(new.grade),
        "took_ms": new.took_ms,
        "answered_at": new.answered_at,
        "study_day": new.study_day,
        "zone": new.zone,
    }
