"""Answer a card: record it once, grade it anew, undo it. The log comes first, the card is its total.

A card changes only by `UPDATE … WHERE version = …` or an insert that gives way to another's, and an
answer's id is unique in the log: two taps, two tabs or two servers leave one answer, on every database.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID, uuid5

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.bank.schema import FlashcardQuestion, Question
from app.errors import Conflict, FieldProblem, Invalid, NotFound, Withdrawn
from app.exam import marking, responses
from app.exam.differences import Cause
from app.exam.responses import Response
from app.models import Card, ReviewLog
from app.services import journal
from app.services.identity import Person
from app.services.journal import Asked, NewEntry
from app.srs import answering, replay
from app.srs.answering import Kind
from app.srs.sm2 import Grade

MAX_TOOK_MS = 3_600_000
_MAY_CHANGE = frozenset({Grade.HARD, Grade.GOOD, Grade.EASY})
_FULL_SCALE = frozenset(Grade)
_FOUR_BUTTONS = frozenset({Grade.WRONG, Grade.HARD, Grade.GOOD, Grade.EASY})
_TYPED = frozenset({"short_answer", "command", "numerical", "cloze"})

_LOGGED = (
    select(ReviewLog, Card.question_id)
    .join(Card, Card.id == ReviewLog.card_id)
    .where(ReviewLog.answer_id == bindparam("answer_id"), ReviewLog.learner_id == bindparam("learner"))
)


@dataclass(frozen=True, slots=True)
class Submission:
    """One answer as a page sent it; `version` is the card's when the question was shown, `edition` the question's.

    `overtaken`: it was given elsewhere than at the server, and the card was answered since: it counts as practice.
    """

    answer_id: UUID
    question_id: int
    version: int
    edition: int | None
    fields: Mapping[str, Sequence[str]]
    took_ms: int
    practice: bool = False
    overtaken: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """Where an answer stands in the log."""

    answer_id: UUID
    question_id: int
    number: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A response that is no answer yet, and is not recorded: empty, or (`cause`) no number in the question's unit."""

    cause: Cause | None = None


def logged(session: Session, person: Person, answer_id: UUID) -> tuple[ReviewLog, int] | None:
    """The row that an answer of this person's was first logged as, and its question."""
    found = session.execute(_LOGGED, {"answer_id": answer_id, "learner": person.id}).one_or_none()
    return None if found is None else (found.ReviewLog, found.question_id)


def record(session: Session, person: Person, given: Submission, now: datetime) -> Recorded | Refused:
    """Mark one response, log it and move the learner's card; one that is no answer yet changes nothing.

    Sent again with the same content, it returns what was recorded the first time. Raises NotFound for
    a question outside the learner's course, Withdrawn for one that is not asked any more, Invalid for a
    malformed response, and Conflict when the card moved since it was shown ("version") or the id served
    another answer ("answer_id").
    """
    earlier = session.execute(_LOGGED, {"answer_id": given.answer_id, "learner": person.id}).one_or_none()
    if earlier is not None:
        return _sent_again(session, person, given, earlier.ReviewLog, earlier.question_id)
    asked = _asked(session, person, given)
    response = _parsed(asked, given)
    misread = marking.misread(asked.body, response)
    if misread or responses.is_empty(response):
        return Refused(misread)
    marked = marking.mark(asked.body, response)
    grade = answering.grade_of(marked.credit, marked.dont_know)
    new = _entry(asked, person, given, now, grade)
    return _append_once(
        session, person, given, asked, dataclasses.replace(new, response=dict(response), credit=marked.credit)
    )


def grade_flashcard(session: Session, person: Person, given: Submission, grade: Grade, now: datetime) -> Recorded:
    """Record the grade a learner gave themself on a flashcard; raises like `record`."""
    earlier = session.execute(_LOGGED, {"answer_id": given.answer_id, "learner": person.id}).one_or_none()
    if earlier is not None:
        if earlier.question_id != given.question_id:
            raise Conflict("answer_id")
        return regrade(session, person, given.answer_id, grade, now)
    asked = _asked(session, person, given)
    if not isinstance(asked.body, FlashcardQuestion) or grade not in scale_of(person):
        raise Invalid([FieldProblem("grade", "not_offered")])
    return _append_once(session, person, given, asked, _entry(asked, person, given, now, grade))


def regrade(session: Session, person: Person, answer_id: UUID, grade: Grade, now: datetime) -> Recorded:
    """Replace the grade of an answer: the Good of a right one by Hard or Easy, or a flashcard's.

    The log keeps both: the old row is undone, the new one names the row whose response it grades.
    Raises NotFound, Invalid for a grade that is not offered, and Conflict unless the answer is the
    card's last one ("not_last"), given this study day ("not_same_day") to a question whose key no exam
    hides ("hidden"): which grades are offered tells whether it was right.
    """
    asked, rows, row = _latest_of(session, person, answer_id, now)
    if grade not in offered(person, asked.body, row):
        raise Invalid([FieldProblem("grade", "not_offered")])
    if row.grade == grade:
        return Recorded(answer_id, asked.question_id, row.number)
    return _replace(session, person, (asked, rows, row), grade, now, overridden=row.overridden)


def override(session: Session, person: Person, answer_id: UUID, now: datetime) -> Recorded:
    """ "My answer was right": grade a typed answer Good although it was marked wrong, once; the log shows it.

    Raises like `regrade`, and Invalid for an answer that was not typed or is right already.
    """
    asked, rows, row = _latest_of(session, person, answer_id, now)
    if row.overridden:
        return Recorded(answer_id, asked.question_id, row.number)
    if not may_override(asked.body, row):
        raise Invalid([FieldProblem("answer_id", "not_typed")])
    return _replace(session, person, (asked, rows, row), Grade.GOOD, now, overridden=True)


def undo(session: Session, person: Person, question_id: int, number: int, now: datetime) -> Recorded:
    """Take back the answer of row `number` of the learner's card: one more row, after which the rest is replayed.

    An answer that was graded anew since is taken back whole, whichever of its rows is named. Sent twice
    it undoes once. Raises NotFound for a row that is not theirs or is itself an undo.
    """
    journal.hold_card(session, person, question_id)
    asked = journal.asked(session, person, question_id)
    rows = journal.entries_of(session, person, _card_id(asked))
    target = next((row for row in rows if row.number == number and row.answer_id), None)
    if target is None or target.answer_id is None:
        raise NotFound
    row = _standing_row(journal.standing(rows), target.regrades or number)
    if row is not None:
        _append_undo(session, person, asked, rows, row.number, now)
    return Recorded(target.answer_id, question_id, number)


def offered(person: Person, body: Question, row: ReviewLog) -> frozenset[Grade]:
    """The grades that may replace the one of `row`."""
    if isinstance(body, FlashcardQuestion):
        return scale_of(person)
    return _MAY_CHANGE if row.credit_parts == row.credit_of or row.overridden else frozenset()


def may_override(body: Question, row: ReviewLog) -> bool:
    """Whether "My answer was right" can be said of `row`: a typed answer that was marked wrong."""
    typed = body.type in _TYPED and not (row.response or {}).get("dont_know")
    return typed and row.credit_parts != row.credit_of and not row.overridden


def scale_of(person: Person) -> frozenset[Grade]:
    """The grades a learner's flashcards offer."""
    return _FULL_SCALE if person.grade_scale == "full" else _FOUR_BUTTONS


def _parsed(asked: Asked, given: Submission) -> Response:
    if isinstance(asked.body, FlashcardQuestion):
        raise Invalid([FieldProblem("question", "flashcard")])
    return responses.parse(asked.body, given.fields, str(given.answer_id))


def _asked(session: Session, person: Person, given: Submission) -> Asked:
    asked = journal.asked(session, person, given.question_id, given.edition)
    if asked.withheld:
        raise Withdrawn
    return asked


def _card_id(asked: Asked) -> int:
    if asked.card_id is None:
        raise NotFound
    return asked.card_id


def _sent_again(session: Session, person: Person, given: Submission, row: ReviewLog, question_id: int) -> Recorded:
    """The stored result of an answer sent again, even if its question is not asked any more since."""
    if question_id != given.question_id:
        raise Conflict("answer_id")
    asked = journal.asked(session, person, question_id, row.question_version)
    return _same_or_conflict(row, given, _parsed(asked, given))


def _same_or_conflict(row: ReviewLog, given: Submission, response: Response) -> Recorded:
    """The stored result; an id with other content is refused."""
    if (row.response or {}) != dict(response):
        raise Conflict("answer_id")
    return Recorded(given.answer_id, given.question_id, row.number)


def _entry(asked: Asked, person: Person, given: Submission, now: datetime, grade: Grade) -> NewEntry:
    today = person.today(now)
    drilling = asked.totals.drill_day == today
    kind = answering.kind_of(asked.totals.state, drilling, today, practice=given.practice)
    return NewEntry(
        kind=Kind.PRACTICE if given.overtaken else kind,
        grade=grade,
        question_version=asked.question_version,
        answered_at=now,
        study_day=today,
        zone=person.zone,
        answer_id=given.answer_id,
        took_ms=min(max(given.took_ms, 0), MAX_TOOK_MS),
    )


def _append_once(session: Session, person: Person, given: Submission, asked: Asked, new: NewEntry) -> Recorded:
    """Write the row, unless the card moved meanwhile; the same answer that won a race is not a conflict."""
    try:
        if asked.version != given.version:
            raise Conflict("version")
        after = replay.advance(asked.totals, new.entry(asked.log_length + 1))
        number = journal.append(session, person, asked, new, after)
    except Conflict:
        winner = session.execute(_LOGGED, {"answer_id": given.answer_id, "learner": person.id}).one_or_none()
        if winner is None or winner.question_id != given.question_id:
            raise
        if new.response is None and winner.ReviewLog.grade != new.grade:  # a flashcard, graded differently
            raise
        return _same_or_conflict(winner.ReviewLog, given, new.response or {})
    return Recorded(given.answer_id, given.question_id, number)


def _latest_of(
    session: Session, person: Person, answer_id: UUID, now: datetime
) -> tuple[Asked, Sequence[ReviewLog], ReviewLog]:
    """The card, its log and the standing row of an answer, which must be the card's last one of today's."""
    found = session.execute(_LOGGED, {"answer_id": answer_id, "learner": person.id}).one_or_none()
    if found is None:
        raise NotFound
    journal.hold_card(session, person, found.question_id)
    asked = journal.asked(session, person, found.question_id, found.ReviewLog.question_version, now)
    if asked.hidden:
        raise Conflict("hidden")
    rows = journal.entries_of(session, person, _card_id(asked))
    standing = journal.standing(rows)
    row = _standing_row(standing, found.ReviewLog.number)
    if row is None:
        raise Conflict("undone")
    if row is not standing[-1]:
        raise Conflict("not_last")
    return asked, rows, row


def _replace(
    session: Session,
    person: Person,
    where: tuple[Asked, Sequence[ReviewLog], ReviewLog],
    grade: Grade,
    now: datetime,
    overridden: bool,
) -> Recorded:
    """Undo a row and write its answer anew with another grade, as if it had been graded so at first."""
    asked, rows, row = where
    if row.study_day != person.today(now):
        raise Conflict("not_same_day")
    undone = _append_undo(session, person, asked, rows, row.number, now)
    first = row.regrades or row.number
    new = NewEntry(
        kind=Kind(row.kind),
        grade=grade,
        question_version=row.question_version,
        answered_at=row.answered_at,
        study_day=row.study_day,
        zone=row.zone,
        answer_id=uuid5(_first_id(rows, first), f"{undone.log_length + 1}"),
        regrades=first,
        overridden=overridden,
        response=row.response,
        credit=None if row.credit_parts is None else Fraction(row.credit_parts, row.credit_of or 1),
        took_ms=row.took_ms,
    )
    after = replay.advance(undone.totals, new.entry(undone.log_length + 1))
    number = journal.append(session, person, undone, new, after)
    return Recorded(_first_id(rows, first), asked.question_id, number)


def _append_undo(
    session: Session, person: Person, asked: Asked, rows: Sequence[ReviewLog], number: int, now: datetime
) -> Asked:
    """Write the undoing of row `number`; return the card as it then is."""
    new = NewEntry(
        kind=Kind.UNDO,
        grade=None,
        question_version=asked.question_version,
        answered_at=now,
        study_day=person.today(now),
        zone=person.zone,
        undoes=number,
    )
    entries = [*(journal.entry_of(row) for row in rows), new.entry(asked.log_length + 1)]
    after = replay.replay(entries)
    journal.append(session, person, asked, new, after)
    return dataclasses.replace(asked, version=asked.version + 1, log_length=asked.log_length + 1, totals=after)


def _standing_row(standing: Sequence[ReviewLog], first: int) -> ReviewLog | None:
    """The row that counts for the answer first logged as number `first`; None when it is taken back."""
    return next((row for row in reversed(standing) if first in (row.number, row.regrades)), None)


def _first_id(rows: Sequence[ReviewLog], number: int) -> UUID:
    """The id under which the learner's page knows an answer, however often it was graded anew."""
    return next(row.answer_id for row in rows if row.number == number and row.answer_id)
