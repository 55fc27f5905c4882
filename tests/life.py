"""What may happen to the members of a class and to their course, one thing after another."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from sqlalchemy import select, update

from app.db import Database
from app.models import Question, QuestionVersion, User
from app.services import card_copies, cards, member_sums
from app.services.identity import Person, person_of
from app.srs.answering import Kind
from app.srs.sm2 import Grade
from tests.classroom import answer, undo
from tests.conftest import Clock


def store(db: Database, who: Person, now: datetime) -> int:
    """Store what a member answered before today and their cards, as an answer of theirs does; return for how many
    courses.
    """
    with db.reading() as session:
        rows, copy = member_sums.to_store(session, who, now), card_copies.to_store(session, who.id, now)
    with db.writing() as session:
        member_sums.store(session, rows or ())
        card_copies.store(session, copy)
    return len(rows or ())


@dataclass
class Life:
    """What may happen to a class and its course; `who` and `question` are its parts, whoever needs them.

    `elsewhere` is a question of another course, which the same people study too.
    """

    db: Database
    clock: Clock
    luck: Random
    versions: dict[int, int]
    elsewhere: Question
    numbers: dict[tuple[int, int], int] = field(default_factory=dict)
    retired: set[int] = field(default_factory=set)

    def reply(self, who: Person, question: Question, at: datetime | None = None, **more: Any) -> None:
        right = self.luck.random() < 0.5
        given = {"response": {"choice": "b" if right else "a"}, "credit": Fraction(right), **more}
        grade = Grade.GOOD if right else Grade.WRONG
        kind = self.luck.choice((None, None, None, Kind.DRILL, Kind.PRACTICE, Kind.EARLY))
        version, when = self.versions.get(question.id, 1), at or self.clock()
        self.numbers[who.id, question.id] = answer(self.db, who, question, grade, when, kind, version, **given)

    def reply_late(self, who: Person, question: Question) -> None:
        self.reply(who, question, self.clock() - timedelta(days=self.luck.choice((1, 2, 9))))

    def meet(self, who: Person, question: Question) -> None:
        for hours in self.luck.choice(((0, 0), (0, 0, 0), (3, 3))):  # with a drill, and one that arrives late
            self.reply(who, question, self.clock() - timedelta(hours=hours))

    def reply_elsewhere(self, who: Person, _question: Question) -> None:
        self.reply(replace(who, course_id=self.elsewhere.course_id), self.elsewhere)

    def declare_right(self, who: Person, question: Question) -> None:
        self.reply(who, question, overridden=True)

    def push(self, who: Person, question: Question) -> None:
        self.reply(who, question, self.clock() - timedelta(days=self.luck.choice((0, 0, 1))), pushed=True)

    def take_back(self, who: Person, question: Question) -> None:
        if number := self.numbers.pop((who.id, question.id), None):
            undo(self.db, who, question, number, self.clock())

    def put_off(self, who: Person, question: Question) -> None:
        if question.id not in self.retired:
            with self.db.writing() as session:
                cards.bury(session, who, question.id, self.clock())

    def set_aside(self, who: Person, question: Question) -> None:
        if question.id not in self.retired:
            with self.db.writing() as session:
                self.luck.choice((cards.suspend, cards.suspend, cards.resume))(session, who, question.id)

    def reserve(self, _who: Person, question: Question) -> None:
        if question.id not in self.retired:
            for reserved in (True, False):  # an exam takes it, and lets it go
                self._change(question, reserved=reserved)
                if self.luck.random() < 0.5:
                    self.retired.add(question.id)
                    return

    def retire(self, _who: Person, question: Question) -> None:
        self.retired.add(question.id)
        self._change(question, retired=True)

    def reword(self, _who: Person, question: Question) -> None:
        number = self.versions[question.id] + 1
        with self.db.writing() as session:
            words = select(QuestionVersion).where(QuestionVersion.question_id == question.id).limit(1)
            dated = {"content_hash": f"{number}", "created_at": self.clock()}
            body = session.scalars(words).one().body
            session.add(QuestionVersion(question_id=question.id, number=number, body=body, **dated))
        self.versions[question.id] = number
        self._change(question, version=number)

    def move(self, _who: Person, question: Question) -> None:
        with self.db.reading() as session:
            other = self.luck.choice(session.scalars(select(Question)).all())
        self._change(question, topic_id=other.topic_id, objective_id=other.objective_id)

    def travel(self, who: Person, _question: Question) -> None:
        with self.db.writing() as session:
            zone = self.luck.choice(("Pacific/Auckland", "America/Lima", "Europe/Paris"))
            session.execute(update(User).where(User.id == who.id).values(zone=zone))

    def pass_time(self, _who: Person, _question: Question) -> None:
        self.clock.advance(hours=self.luck.choice((1, 24, 24, 24 * 8)))

    def remember(self, who: Person, _question: Question) -> None:
        with self.db.reading() as session:
            person = person_of(session.get_one(User, who.id))
        store(self.db, person, self.clock())

    def _change(self, question: Question, **columns: Any) -> None:
        with self.db.writing() as session:
            session.execute(update(Question).where(Question.id == question.id).values(**columns))

    def go_on(self, trio: list[Person], questions: list[Question]) -> None:
        often = (*[self.reply] * 5, self.remember, self.remember, self.pass_time, self.pass_time)
        rare = (self.reply_late, self.take_back, self.take_back, self.put_off, self.retire, self.reword, self.move)
        other = (
            self.travel,
            self.meet,
            self.reply_elsewhere,
            self.declare_right,
            self.push,
            self.set_aside,
            self.reserve,
        )
        self.luck.choice((*often, *rare, *other))(self.luck.choice(trio), self.luck.choice(questions))
