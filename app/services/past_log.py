"""The log of the weeks that are over, added up (`app.stats.past`): read from the database, from memory, or made anew.

A long log takes a second to add up. What it comes to before some Monday is stored, and holds for as long as it is the
sum of that very log: an answer that arrives late, one of an earlier week that is taken back, or other rules than
today's make it void, and it is made of the log again. Who reads it writes nothing: `app.services.past_store` does.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Select, bindparam, case, select, type_coerce
from sqlalchemy.orm import Session

from app.clock import MOST_ZONES_APART
from app.models import Card, Question, ReviewLog, StudySum
from app.services.card_rows import ASKABLE
from app.services.hiding import HIDDEN
from app.services.kept import Kept
from app.services.log_rows import STANDS
from app.stats import past_document
from app.stats.past import QUARTER_S, Answer, Past
from app.stats.past_document import RULES

LONGEST_MS = 120_000  # a longer pause was spent on something else
_QUARTER_US = 1_000_000 * QUARTER_S

_LOGS: Kept[Past] = Kept(most=100)  # readiness may be of other cards than those that count now
_PASTS: Kept[Past] = Kept(most=100)

_took_ms = case((ReviewLog.took_ms > LONGEST_MS, LONGEST_MS), else_=ReviewLog.took_ms)
_quarter = type_coerce(ReviewLog.answered_at, BigInteger) // _QUARTER_US
_mine = (ReviewLog.learner_id == bindparam("learner"), Question.course_id == bindparam("course"))
_ANSWERS = (
    select(Card.question_id, ReviewLog.study_day, ReviewLog.kind, ReviewLog.pushed, ReviewLog.grade)
    .add_columns(_took_ms, _quarter)
    .join(Card, Card.id == ReviewLog.card_id)
    .join(Question, Question.id == Card.question_id)
    .where(*_mine, ReviewLog.study_day < bindparam("until"), STANDS)
    .order_by(ReviewLog.card_id, ReviewLog.study_day, ReviewLog.number)
)
_SINCE = _ANSWERS.where(ReviewLog.answered_at >= bindparam("eve"), ReviewLog.study_day >= bindparam("since"))
_ROWS = (
    select(ReviewLog.card_id, ReviewLog.number, ReviewLog.undoes, ReviewLog.study_day, Card.question_id)
    .join(Card, Card.id == ReviewLog.card_id)
    .join(Question, Question.id == Card.question_id)
    .where(*_mine, ReviewLog.answered_at >= bindparam("eve"), ReviewLog.study_day >= bindparam("since"))
)
_first_answer = (
    select(ReviewLog.answer_id)
    .where(ReviewLog.learner_id == bindparam("learner"))
    .order_by(ReviewLog.answered_at)
    .limit(1)
)
_stored = select(StudySum).where(StudySum.learner_id == bindparam("learner"), StudySum.course_id == bindparam("course"))
_CONTENT = _stored.with_only_columns(StudySum.content)
# Beside questions and their cards: what tells this learner's log from any other, and what is stored of it.
LOG_COLUMNS = (
    ASKABLE.label("askable"),
    _first_answer.scalar_subquery().label("first_answer"),
    _stored.with_only_columns(StudySum.mark).scalar_subquery().label("stored_mark"),
    _stored.with_only_columns(StudySum.fingerprint).scalar_subquery().label("stored_fingerprint"),
)
_LOG: Select[Any] = (
    select(Question.id.label("question_id"), Card.log_length, Question.id.in_(HIDDEN).label("hidden"), *LOG_COLUMNS)
    .join(Card, Card.question_id == Question.id)
    .where(Card.learner_id == bindparam("learner"), Question.course_id == bindparam("course"))
)


@dataclass(frozen=True, slots=True)
class Log:
    """One learner's log of one course, as its cards tell it: how long each is, and which count for readiness."""

    learner: int
    course: int
    first_answer: UUID | None
    lengths: Mapping[int, int]
    told: frozenset[int]
    mark: date | None
    fingerprint: str | None

    def params(self, since: date) -> dict[str, Any]:
        """What the statements ask for."""
        return {"learner": self.learner, "course": self.course, "since": since, "eve": eve_of(since)}

    def fingerprint_before(self, rows: Iterable[Any]) -> str:
        """What changes when the log before some day does: the length of each card's, and what was taken back of it.

        `rows` are all those since that day. The log only grows: as many rows of a card, those apart, are the same rows.
        """
        known = list(rows)
        fresh = Counter(row.question_id for row in known)
        numbers = {(row.card_id, row.number) for row in known}
        undone = {(row.card_id, row.undoes) for row in known if row.undoes}
        lengths = sorted((question, length - fresh[question]) for question, length in self.lengths.items())
        there = [one for one in lengths if one[1]]
        told = RULES, LONGEST_MS, self.first_answer, there, sorted(undone - numbers)
        return sha256(repr(told).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Stored:
    """What this process knows to be stored of a learner's log of a course, and with how many ways to forget."""

    course: int
    past: Past | None
    worlds: int

    def is_all(self, course: int | None) -> bool:
        """Whether there is no more to store, for a learner who studies a course (None: the first there is)."""
        return course in {None, self.course} and (self.past is None or len(self.past.strengths) == self.worlds)


STORED: Kept[Stored] = Kept(most=2_000)  # by learner and Monday


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def eve_of(day: date) -> datetime:
    """An instant before anything that was answered on a study day, wherever it was."""
    return datetime.combine(day, time(), UTC) - MOST_ZONES_APART


def log_of(learner: int, course: int, rows: Sequence[Any]) -> Log:
    """The log that rows of `progress.EVERY_CARD` with LOG_COLUMNS tell of, or like ones."""
    return Log(
        learner,
        course,
        first_answer=rows[0].first_answer if rows else None,
        lengths={row.question_id: row.log_length for row in rows if row.log_length},
        told=frozenset(row.question_id for row in rows if row.log_length and row.askable and not row.hidden),
        mark=rows[0].stored_mark if rows else None,
        fingerprint=rows[0].stored_fingerprint if rows else None,
    )


def read(session: Session, learner: int, course: int, now: datetime | None) -> Log:
    """The log of a learner; without a clock, a card that an exam might hide does not count for readiness."""
    params = {"learner": learner, "course": course, "now": now}
    return log_of(learner, course, session.execute(_LOG, params).all())


def past(session: Session, log: Log, monday: date, recent: Sequence[Any]) -> Past:
    """The log before a Monday, with the readiness of the cards that count now; `recent` are its rows since then."""
    fingerprint = log.fingerprint_before(recent)
    key = (log.learner, log.course, monday, fingerprint)

    def made() -> Past:
        found = _sums(session, log, monday, recent)
        counted = found.of(log.told)
        if counted is not found:
            STORED.drop((log.learner, monday))  # it was not stored so
        return counted

    return _PASTS.get((*key, log.told), made)


def answered(session: Session, learner: int, course: int, monday: date) -> Past:
    """The log before a Monday, for whom readiness does not matter."""
    log = read(session, learner, course, None)
    recent = rows_since(session, log, monday)
    return _sums(session, log, monday, recent)


def at_hand(session: Session, log: Log, monday: date, recent: Sequence[Any]) -> Past | None:
    """The log before a Monday as `past` has it, None when it would have to be added up."""
    key = (log.learner, log.course, monday, log.fingerprint_before(recent))
    return _PASTS.found((*key, log.told)) or _known(session, log, monday, recent)


def rows_since(session: Session, log: Log, since: date) -> Sequence[Any]:
    """The rows of the log since a day, undone ones and undoings too."""
    return session.execute(_ROWS, log.params(since)).all()


def _known(session: Session, log: Log, monday: date, recent: Sequence[Any]) -> Past | None:
    """The log before a Monday from memory or from its row."""
    key = (log.learner, log.course, monday, log.fingerprint_before(recent))
    found = _LOGS.found(key)
    if found is None and (found := _from_row(session, log, monday, recent)):
        _LOGS.keep(key, found)
    return found


def _sums(session: Session, log: Log, monday: date, recent: Sequence[Any]) -> Past:
    if known := _known(session, log, monday, recent):
        return known
    key = (log.learner, log.course, monday, log.fingerprint_before(recent))
    made = Past(monday).until(monday, _told_by(session, _ANSWERS, log, monday), log.told)
    _LOGS.keep(key, made)
    STORED.drop((log.learner, monday))  # not before it is at hand: an answer that comes meanwhile would find nothing
    return made


def _from_row(session: Session, log: Log, monday: date, recent: Sequence[Any]) -> Past | None:
    """What is stored, with the answers that came after it; None when there is nothing, or it is void."""
    if log.mark is None or log.mark > monday:
        return None
    rows = recent if log.mark == monday else rows_since(session, log, log.mark)
    if log.fingerprint_before(rows) != log.fingerprint:
        return None
    try:
        found = past_document.read(session.scalars(_CONTENT, log.params(log.mark)).one())
    except ValueError:  # it is a copy, and no page needs to fail for it
        return None
    if log.mark < monday:
        return found.until(monday, _told_by(session, _SINCE, log, monday), log.told)
    STORED.keep((log.learner, monday), Stored(log.course, found, len(found.strengths)))
    return found


def _told_by(session: Session, statement: Select[Any], log: Log, until: date) -> Iterable[Answer]:
    """The answers that stand, before a day; the first statement of all, the second of those since the mark."""
    found: Iterable[Any] = session.execute(statement, {**log.params(log.mark or until), "until": until})
    return found
