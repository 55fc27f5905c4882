"""A learner at work: what the pages ask of the services, one transaction a call."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from app.db import Database
from app.exam import responses
from app.models import Card, Question, ReviewLog
from app.services import checking, journal, queueing, reviewing, showing
from app.services.identity import Person
from app.services.queueing import Day
from app.services.reviewing import Recorded, Refused, Submission
from app.services.showing import FeedbackPage, QuestionPage
from app.srs.sm2 import Grade
from tests.conftest import Clock

RIGHT: Mapping[str, object] = {"choice": "b"}
WRONG: Mapping[str, object] = {"choice": "a"}
DONT_KNOW: Mapping[str, object] = {"dont_know": True}

NUMBER = {
    "type": "numerical",
    "level": 2,
    "text": {"fr": "Combien de couches ?", "en": "How many layers?"},
    "answer": 2,
    "explanation": {"fr": "Une par instruction.", "en": "One for each instruction."},
}

NONE = {
    "type": "short_answer",
    "level": 2,
    "text": {"fr": "Quel réseau isole tout ?", "en": "Which network isolates everything?"},
    "accept": ["none"],
    "explanation": {"fr": "Il n’a que la boucle locale.", "en": "It only has the loopback."},
}
FLASHCARD = {
    "type": "flashcard",
    "level": 1,
    "text": {"fr": "Qu’est-ce qu’un volume ?", "en": "What is a volume?"},
    "answer": {"fr": "Un dossier que Docker garde.", "en": "A folder that Docker keeps."},
    "explanation": {"fr": "Il survit au conteneur.", "en": "It outlives the container."},
}


class Desk:
    """One learner in front of the real services, by a clock that the test sets."""

    def __init__(self, db: Database, clock: Clock, person: Person) -> None:
        self.db = db
        self.clock = clock
        self.person = person

    def move_to(self, **settings: Any) -> None:
        """Change settings of the person, such as their zone."""
        self.person = replace(self.person, **settings)

    @property
    def today(self) -> date:
        """The learner's study day."""
        return self.person.today(self.clock())

    def day(self) -> Day:
        """The learner's queue now."""
        with self.db.reading() as session:
            return queueing.day_of(session, self.person, self.clock())

    def show(self, question: Question) -> QuestionPage:
        """The page of one question, with a fresh id."""
        with self.db.reading() as session:
            return showing.question_page(session, self.person, question.id, self.today, uuid4())

    def submission(
        self, page: QuestionPage, response: Mapping[str, object] | None = None, practice: bool = False
    ) -> Submission:
        """What the form of `page` sends when it is filled with `response`."""
        fields: Mapping[str, Sequence[str]] = {}
        if response is not None:
            with self.db.reading() as session:
                body = journal.asked(session, self.person, page.question_id, page.edition).body
            fields = responses.to_fields(body, response, str(page.answer_id))
        return Submission(page.answer_id, page.question_id, page.version, page.edition, fields, 4000, practice)

    def send(self, given: Submission) -> Recorded | Refused:
        """Post an answer."""
        with self.db.writing() as session:
            return reviewing.record(session, self.person, given, self.clock())

    def answer(self, question: Question, response: Mapping[str, object] = RIGHT, practice: bool = False) -> Recorded:
        """Show a question and answer it."""
        recorded = self.send(self.submission(self.show(question), response, practice))
        assert isinstance(recorded, Recorded)
        return recorded

    def grade(self, given: Submission, grade: Grade) -> Recorded:
        """Grade a flashcard that was turned."""
        with self.db.writing() as session:
            return reviewing.grade_flashcard(session, self.person, given, grade, self.clock())

    def regrade(self, answer_id: UUID, grade: Grade) -> Recorded:
        """Choose another grade for an answer."""
        with self.db.writing() as session:
            return reviewing.regrade(session, self.person, answer_id, grade, self.clock())

    def override(self, answer_id: UUID) -> Recorded:
        """Say that an answer was right."""
        with self.db.writing() as session:
            return reviewing.override(session, self.person, answer_id, self.clock())

    def undo(self, question: Question, number: int) -> Recorded:
        """Take one row of a card back."""
        with self.db.writing() as session:
            return reviewing.undo(session, self.person, question.id, number, self.clock())

    def feedback(self, answer_id: UUID) -> FeedbackPage:
        """What an answer brought."""
        with self.db.reading() as session:
            page = showing.feedback(session, self.person, answer_id, self.clock())
        assert isinstance(page, FeedbackPage)
        return page

    def card(self, question: Question) -> Card:
        """The learner's card of a question."""
        with self.db.reading() as session:
            mine = (Card.learner_id == self.person.id, Card.question_id == question.id)
            return session.scalars(select(Card).where(*mine)).one()

    def log(self, question: Question) -> Sequence[ReviewLog]:
        """The log of the learner's card of a question."""
        with self.db.reading() as session:
            mine = (Card.learner_id == self.person.id, Card.question_id == question.id)
            return session.scalars(select(ReviewLog).join(Card).where(*mine).order_by(ReviewLog.number)).all()

    def grades(self, question: Question) -> list[tuple[str, int | None]]:
        """The kinds and grades of a card's log."""
        return [(row.kind, row.grade) for row in self.log(question)]

    def problems(self) -> list[str]:
        """What `db check` finds."""
        with self.db.reading() as session:
            return list(checking.problems(session))
