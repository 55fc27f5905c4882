"""What the tests of the exams' pages share: a teacher at the desk, and what their forms send."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.db import Database
from app.models import Question
from app.services import exams
from app.services.classes import Taught
from app.services.exams import SetUp
from app.services.identity import Person
from tests.classroom import open_class
from tests.conftest import Clock

FILLED: dict[str, Any] = {
    "title": "Partiel",
    "kind": "exam",
    "by": "demands",
    "count": ["2"],
    "topic": [""],
    "level": [""],
    "type": [""],
    "draw": "same",
    "opens_at": "2026-12-16T14:00",
    "duration": "60",
    "closes_at": "",
    "zone": "Europe/Paris",
    "attempts": "1",
    "keep": "best",
    "password": "",
    "shuffle_questions": "y",
    "shuffle_choices": "y",
    "layout": "each",
    "go_back": "y",
    "scale": "20",
    "pass_mark": "10",
    "penalty": "0",
    "show_score": "closed",
    "show_answers": "closed",
    "show_explanations": "closed",
    "version": "0",
}


@dataclass
class Office:
    """A teacher in front of the pages of their class's exams."""

    client: FlaskClient
    db: Database
    teacher: Person
    taught: Taught
    questions: list[int] = field(default_factory=list)

    def create(self, **changed: Any) -> TestResponse:
        return self.client.post(f"/teach/classes/{self.taught.id}/exams/new", data={**FILLED, **changed})

    def change(self, exam_id: int, **changed: Any) -> TestResponse:
        return self.client.post(f"/teach/exams/{exam_id}/edit", data={**FILLED, **changed})

    def post(self, exam_id: int, page: str, **fields: Any) -> TestResponse:
        return self.client.post(f"/teach/exams/{exam_id}/{page}", data=fields)

    def page(self, exam_id: int, page: str = "") -> str:
        text = self.client.get(f"/teach/exams/{exam_id}/{page}").text
        return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")

    def stored(self, exam_id: int) -> SetUp:
        with self.db.reading() as session:
            return exams.found(session, self.teacher, exam_id)

    def drafted(self, **changed: Any) -> int:
        """The id of one more draft, made by the page."""
        reply = self.create(**changed)
        assert reply.status_code == 303, reply.text
        return int(reply.location.rstrip("/").rpartition("/")[2])

    def published(self, **changed: Any) -> int:
        exam_id = self.drafted(**changed)
        assert self.post(exam_id, "publish", version=0).status_code == 303
        return exam_id


@pytest.fixture
def office(
    client: FlaskClient,
    db: Database,
    clock: Clock,
    log_in: Callable[..., Person],
    make_question: Callable[..., Question],
) -> Office:
    """The office of a teacher whose course has four questions, one of them reserved and one about volumes."""
    teacher = log_in(role="teacher")
    ids = [make_question().id, make_question().id, make_question(reserved=True).id, make_question(topic="volumes").id]
    return Office(client, db, teacher, open_class(db, teacher, clock()), ids)
