"""Store what the log of the weeks that are over comes to (`app.services.past_log`), once a week and learner.

It happens after an answer, in a transaction of its own, and takes what is at hand: the row of the weeks before with
the answers since, or what a page of this process had to add up. A whole log is never added up for it: who has no row
yet, as everybody after an upgrade, or whose row is void, gets one with the first answer after a page that needed it.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.models import StudySum
from app.services import copies, past_log
from app.services.identity import Person
from app.services.past_log import STORED, Stored, monday_of
from app.services.queueing import course_of
from app.stats import past_document

LONG = 10  # rows of one card: a log without such a card is added up in no time


@dataclass(frozen=True, slots=True)
class Row:
    """What is about to be written, and what this process then knows to be stored."""

    learner_id: int
    course_id: int
    mark: date
    fingerprint: str
    content: bytes
    known: Stored


def due(person: Person, number: int, now: datetime) -> bool:
    """Whether to look if there is something to store, after the answer that became the row `number` of its card."""
    if number < LONG:
        return False
    known = STORED.found((person.id, monday_of(person.today(now))))
    return known is None or not known.is_all(person.course_id)


def to_store(session: Session, person: Person, now: datetime) -> Row | None:
    """What is to be stored; None when it is already, or cannot be made in little time."""
    monday, course = monday_of(person.today(now)), course_of(session, person)
    if course is None:
        return None
    log = past_log.read(session, person.id, course, now)
    recent = past_log.rows_since(session, log, monday)
    found, known = past_log.at_hand(session, log, monday, recent), STORED.found((person.id, monday))
    here = Stored(course, found, len(found.strengths) if found else 0)
    if found is None or (known is not None and known.past is found and known.is_all(course)):
        STORED.keep((person.id, monday), here)
        return None
    return Row(person.id, course, monday, log.fingerprint_before(recent), past_document.written(found), here)


def store(session: Session, row: Row) -> None:
    """Write what is to be stored in place of what was; nothing when the learner or the course is gone meanwhile."""
    key = {"learner_id": row.learner_id, "course_id": row.course_id}
    told = {"mark": row.mark, "fingerprint": row.fingerprint, "content": row.content}
    copies.put(session, StudySum, key, told)


def is_stored(row: Row) -> None:
    """Look no more this week: the caller has committed it."""
    STORED.keep((row.learner_id, row.mark), row.known)
