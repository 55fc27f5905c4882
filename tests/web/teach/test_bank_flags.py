"""/teach/bank/flags/<id>: answering what a student reports."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import Database
from app.models import Question, QuestionFlag
from app.services import flagging
from app.services.identity import Person
from tests.classroom import enrol, open_class
from tests.conftest import Clock
from tests.desk import Desk

LogIn = Callable[..., Person]


@dataclass
class Reported:
    """A report of a member of the class of the teacher in front."""

    db: Database
    clock: Clock
    desk: Desk
    question: Question
    flag_id: int

    def stored(self) -> QuestionFlag:
        """The report as it is now."""
        with self.db.reading() as session:
            return session.scalars(select(QuestionFlag).where(QuestionFlag.id == self.flag_id)).one()

    def change(self) -> None:
        """Change the report, as its student."""
        with self.db.writing() as session:
            flagging.flag(session, self.desk.person, self.question.id, "other", "Another thing.", self.clock())


@pytest.fixture
def reported(
    db: Database,
    clock: Clock,
    log_in: LogIn,
    make_desk: Callable[..., Desk],
    make_question: Callable[..., Question],
) -> Reported:
    """One report, and its teacher in front."""
    teacher, desk, question = log_in(role="teacher", locale="en"), make_desk(), make_question("one")
    enrol(db, open_class(db, teacher, clock()), desk.person, "Ada", clock())
    desk.answer(question)
    with db.writing() as session:
        flagging.flag(session, desk.person, question.id, "wrong", "It works here.", clock())
        flag_id = session.scalars(select(QuestionFlag.id)).one()
    return Reported(db, clock, desk, question, flag_id)


def test_the_page_shows_the_report_and_where_the_question_is_written(client: FlaskClient, reported: Reported) -> None:
    page = client.get(f"/teach/bank/flags/{reported.flag_id}").text

    assert "It works here." in page
    assert "Ada" in page
    assert "Words are mended in network.yaml, under the id one" in page
    assert "Written about version 1, which is in use." in page


def test_the_page_of_the_question_lists_the_report(client: FlaskClient, reported: Reported) -> None:
    page = client.get(f"/teach/bank/questions/{reported.question.id}").text

    assert "It works here." in page
    assert f'href="/teach/bank/flags/{reported.flag_id}"' in page


def test_an_answer_closes_the_report(client: FlaskClient, reported: Reported) -> None:
    form = {"outcome": "not_a_fault", "message": "See page 3.", "revision": 1}

    reply = client.post(f"/teach/bank/flags/{reported.flag_id}", data=form)

    assert (reply.status_code, reply.location) == (303, f"/teach/bank/questions/{reported.question.id}#flags")
    assert (reported.stored().status, reported.stored().answer) == ("not_a_fault", "See page 3.")


def test_a_refused_answer_keeps_what_was_typed_and_says_why(client: FlaskClient, reported: Reported) -> None:
    reply = client.post(f"/teach/bank/flags/{reported.flag_id}", data={"outcome": "other", "revision": 1})

    assert reply.status_code == 400
    assert "Say in a few words what you mean." in reply.text
    assert reported.stored().status == "open"


def test_a_report_changed_meanwhile_is_a_conflict_that_gives_back_what_was_typed(
    client: FlaskClient, reported: Reported
) -> None:
    reported.change()

    form = {"outcome": "other", "message": "My long answer.", "revision": 1}
    reply = client.post(f"/teach/bank/flags/{reported.flag_id}", data=form)

    assert reply.status_code == 409
    assert "My long answer." in reply.text
    assert "changed or answered in the meantime" in reply.text
    assert reported.stored().status == "open"


def test_a_closed_report_shows_its_answer_and_opens_again(client: FlaskClient, reported: Reported) -> None:
    form = {"outcome": "mended", "message": "Thanks.", "revision": 1}
    client.post(f"/teach/bank/flags/{reported.flag_id}", data=form)

    page = client.get(f"/teach/bank/flags/{reported.flag_id}").text
    reply = client.post(f"/teach/bank/flags/{reported.flag_id}/reopen", data={"revision": 2})

    assert "Thanks." in page
    assert "Open it again" in page
    assert reply.status_code == 303
    assert reported.stored().status == "open"


def test_a_report_opened_again_offers_the_answer_it_had(client: FlaskClient, reported: Reported) -> None:
    form = {"outcome": "mended", "message": "Thanks.", "revision": 1}
    client.post(f"/teach/bank/flags/{reported.flag_id}", data=form)
    client.post(f"/teach/bank/flags/{reported.flag_id}/reopen", data={"revision": 2})

    page = client.get(f"/teach/bank/flags/{reported.flag_id}").text

    assert "Thanks.</textarea>" in page
    assert 'value="3"' in page
