"""Answers that waited on a device until the network came back: each is recorded once, and none is lost in silence.

The server marks them as any other. An answer counts when it was given, as far as that can be: not before its
question was packed, not after it arrived. When the card was answered elsewhere since, it is logged as practice.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from app.errors import Conflict, Invalid, NotFound, Withdrawn
from app.models import ReviewLog
from app.services import journal, reviewing
from app.services.identity import Person
from app.services.reviewing import Recorded, Refused, Submission
from app.srs.answering import Kind
from app.srs.sm2 import Grade

_TRIES = 5  # each try loses to an answer of another device at the very same moment


class Fate(StrEnum):
    """What became of an answer that waited; but for the first two, nothing was recorded and nothing will be."""

    RECORDED = "recorded"
    OVERTAKEN = "overtaken"  # recorded as practice: the card was answered elsewhere since
    WITHDRAWN = "withdrawn"
    UNREADABLE = "unreadable"  # empty, no number, or not of this question any more
    TAKEN = "taken"  # its id stands for another answer


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a pack said of a card when it was made, as the server itself knows it."""

    learner_id: int
    answer_id: UUID
    question_id: int
    course_id: int | None
    log_length: int
    shown_at: datetime


@dataclass(frozen=True, slots=True)
class Queued:
    """One answer as a device kept it; `grade` is a flashcard's, `ticket` None when it cannot be trusted."""

    submission: Submission
    answered_at: datetime
    grade: Grade | None = None
    ticket: Ticket | None = None

    def given_at(self, arrival: datetime) -> datetime:
        """When it was given: within what the server saw itself, from the packing to the arrival."""
        shown = self.ticket.shown_at if self.ticket else arrival
        return max(min(shown, arrival), min(self.answered_at, arrival))


def record(session: Session, person: Person, queued: Queued, now: datetime) -> Fate:
    """Record an answer that waited, unless it is recorded already; raises Conflict ("version") after a long race."""
    if queued.ticket:  # its course may not be the one that is studied now
        person = replace(person, course_id=queued.ticket.course_id)
    earlier = reviewing.logged(session, person, queued.submission.answer_id)
    if earlier and queued.grade is not None:
        return _graded_before(*earlier, queued)
    try:
        outcome = _recorded(session, person, queued, now)
    except Withdrawn:
        return Fate.WITHDRAWN
    except (Invalid, NotFound):
        return Fate.UNREADABLE
    except Conflict as conflict:
        if conflict.reason != "answer_id":
            raise
        return Fate.TAKEN
    if isinstance(outcome, Refused):
        return Fate.UNREADABLE
    return _fate(reviewing.logged(session, person, queued.submission.answer_id))


def _recorded(session: Session, person: Person, queued: Queued, now: datetime) -> Recorded | Refused:
    """Try with the card as it was packed, then as it is now."""
    given, at = queued.submission, queued.given_at(now)
    for _ in range(_TRIES):
        try:
            with session.begin_nested():  # what a conflict interrupts leaves nothing behind
                return _once(session, person, given, queued.grade, at)
        except Conflict as conflict:
            if conflict.reason != "version":
                raise
        given = _anew(session, person, given, queued.ticket)
    raise Conflict("version")


def _once(session: Session, person: Person, given: Submission, grade: Grade | None, at: datetime) -> Recorded | Refused:
    if grade is None:
        return reviewing.record(session, person, given, at)
    return reviewing.grade_flashcard(session, person, given, grade, at)


def _anew(session: Session, person: Person, given: Submission, ticket: Ticket | None) -> Submission:
    """The answer for the card as it is now: overtaken, unless the card was only set aside or put off meanwhile."""
    card = journal.asked(session, person, given.question_id, given.edition)
    untouched = ticket is not None and card.log_length == ticket.log_length
    return replace(given, version=card.version, overtaken=not untouched)


def _graded_before(row: ReviewLog, question_id: int, queued: Queued) -> Fate:
    same = question_id == queued.submission.question_id and row.grade == queued.grade
    return _fate((row, question_id)) if same else Fate.TAKEN


def _fate(found: tuple[ReviewLog, int] | None) -> Fate:
    return Fate.OVERTAKEN if found and found[0].kind == Kind.PRACTICE else Fate.RECORDED
