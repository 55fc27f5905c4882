"""Classes of the tests, and what their members have done."""

from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import update

from app.db import Database
from app.models import Card, Membership, Question
from app.services import classes, journal
from app.services.classes import Taught
from app.services.identity import Person
from app.services.journal import NewEntry
from app.srs import answering, replay
from app.srs.answering import Kind
from app.srs.sm2 import Grade


def open_class(db: Database, teacher: Person, now: datetime, name: str = "B2 Docker", course_id: int = 1) -> Taught:
    """Store one more class of a teacher."""
    with db.writing() as session:
        class_id = classes.create(session, teacher, name, course_id, now)
        return classes.found(session, teacher, class_id)


def enrol(db: Database, of: Taught, learner: Person, name: str, now: datetime) -> Person:
    """Make a learner a member under a name, also one of before names were refused that spreadsheets run."""
    with db.writing() as session:
        classes.join(session, learner, of.join_code or "", name.lstrip("="), now)
        session.execute(
            update(Membership).where(Membership.class_id == of.id, Membership.user_id == learner.id).values(name=name)
        )
    return learner


def answer(
    db: Database,
    learner: Person,
    question: Question,
    grade: Grade,
    now: datetime,
    kind: Kind | None = None,
    version: int = 1,
    **more: object,
) -> int:
    """Write one answer to a learner's log as the application would; return its number."""
    today = learner.today(now)
    with db.writing() as session:
        asked = journal.asked(session, learner, question.id)
        chosen = kind or answering.kind_of(asked.totals.state, asked.totals.drill_day == today, today)
        new = NewEntry(chosen, grade, version, now, today, learner.zone, answer_id=uuid4(), **more)  # type: ignore[arg-type]
        return journal.append(
            session, learner, asked, new, replay.advance(asked.totals, new.entry(asked.log_length + 1))
        )


def undo(db: Database, learner: Person, question: Question, number: int, now: datetime) -> None:
    """Take one answer back."""
    with db.writing() as session:
        asked = journal.asked(session, learner, question.id)
        rows = journal.entries_of(session, learner, asked.card_id or 0)
        new = NewEntry(Kind.UNDO, None, 1, now, learner.today(now), learner.zone, undoes=number)
        after = replay.replay([*map(journal.entry_of, rows), new.entry(asked.log_length + 1)])
        journal.append(session, learner, asked, new, after)


def settle(db: Database, learner: Person, question: Question, interval_days: int, due: date) -> None:
    """Store a card with an interval, without the log that led there."""
    with db.writing() as session:
        key = {"learner_id": learner.id, "question_id": question.id}
        session.add(Card(**key, version=1, streak=3, interval_days=interval_days, due=due, reviews=3, last_day=due))
