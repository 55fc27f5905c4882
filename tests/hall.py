"""An exam hall: one exam of one class, and what its students do in front of the services."""

from collections.abc import Callable, Sequence

from sqlalchemy import select

from app.db import Database
from app.exam import presentation
from app.models import AttemptEvent, ExamItem
from app.services import attempts, exam_standing, exams
from app.services.attempts import Change, Outcome, Saved, Sheet
from app.services.classes import Taught
from app.services.exams import Draft
from app.services.identity import Person
from tests.classroom import enrol
from tests.conftest import Clock


class Hall:
    """An exam hall: one exam of one class, and what its students do."""

    def __init__(self, db: Database, clock: Clock, teacher: Person, taught: Taught, draft: Draft) -> None:
        self.db, self.clock, self.teacher, self.taught = db, clock, teacher, taught
        with db.writing() as session:
            self.exam_id = exams.create(session, teacher, taught.id, draft, clock())
            exams.publish(session, teacher, self.exam_id, clock())

    def start(self, who: Person, password: str = "") -> int:
        with self.db.writing() as session:
            return attempts.start(session, who, self.exam_id, password, self.clock())

    def sheet(self, who: Person, attempt_id: int) -> Sheet:
        with self.db.reading() as session:
            return attempts.sheet(session, who, attempt_id, self.clock())

    def save(self, who: Person, attempt_id: int, *changes: Change, epoch: int = 1) -> Saved:
        outcome = self.send(who, attempt_id, *changes, epoch=epoch)
        assert not outcome.refused
        return outcome.state

    def send(self, who: Person, attempt_id: int, *changes: Change, epoch: int = 1) -> Outcome:
        with self.db.writing() as session:
            return attempts.save(session, who, attempt_id, epoch, changes, self.clock())

    def submit(self, who: Person, attempt_id: int, epoch: int = 1) -> Saved:
        with self.db.writing() as session:
            return attempts.submit(session, who, attempt_id, epoch, self.clock())

    def take_over(self, who: Person, attempt_id: int) -> int:
        with self.db.writing() as session:
            return attempts.take_over(session, who, attempt_id, self.clock())

    def standing(self, who: Person) -> exam_standing.Standing:
        with self.db.reading() as session:
            return exam_standing.standing(session, who, self.exam_id, self.clock())

    def events(self, attempt_id: int) -> Sequence[str]:
        with self.db.reading() as session:
            found = select(AttemptEvent.kind).where(AttemptEvent.attempt_id == attempt_id).order_by(AttemptEvent.id)
            return session.scalars(found).all()

    def choice(self, who: Person, attempt_id: int, position: int, wanted: str) -> str:
        """The value that a form sends for the choice with this id."""
        item = self.sheet(who, attempt_id).items[position - 1]
        return str(presentation.place(item.body, item.seed).choices.index(wanted) + 1)

    def answer(self, who: Person, attempt_id: int, position: int, wanted: str, seq: int = 1) -> Saved:
        fields = {"choice": [self.choice(who, attempt_id, position, wanted)]}
        epoch = self.sheet(who, attempt_id).epoch
        return self.save(who, attempt_id, Change(position, seq, fields), epoch=epoch)


def sit(hall: Hall, make_user: Callable[..., Person], name: str = "Alice") -> Person:
    """One more student of the hall's class."""
    return enrol(hall.db, hall.taught, make_user(name.casefold()), name, hall.clock())


def answer_all(hall: Hall, who: Person, *choices: str) -> int:
    """Take the exam: a choice for each question of the attempt, in its order; return the attempt."""
    attempt = hall.start(who)
    for position, choice in enumerate(choices, 1):
        hall.answer(who, attempt, position, choice)
    hall.submit(who, attempt)
    return attempt


def type_all(hall: Hall, who: Person, *texts: str) -> int:
    """Take the exam: a typed answer for each question of the attempt, in its order; return the attempt."""
    attempt = hall.start(who)
    for position, text in enumerate(texts, 1):
        hall.save(who, attempt, Change(position, 1, {"text": [text]}))
    hall.submit(who, attempt)
    return attempt


def item_at(hall: Hall, position: int) -> int:
    """The id of the question at a position of the exam."""
    with hall.db.reading() as session:
        found = select(ExamItem.id).where(ExamItem.exam_id == hall.exam_id, ExamItem.position == position)
        return session.scalars(found).one()
