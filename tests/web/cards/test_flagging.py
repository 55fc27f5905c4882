"""/cards/<id>/flag: reporting a problem with a question, and reading what became of it."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import Database
from app.models import Question, QuestionFlag
from app.services.identity import Person
from app.srs.sm2 import Grade
from app.web import limits
from tests.classroom import answer, undo
from tests.conftest import Clock
from tests.web.cards.test_card_page import BODIES, RIGHT

MakeQuestion = Callable[..., Question]
LogIn = Callable[..., Person]
REPORT = {"reason": "wrong", "message": "It works here."}


@pytest.fixture
def answered(db: Database, clock: Clock, log_in: LogIn, make_question: MakeQuestion) -> Question:
    """A question that the person in front has answered."""
    learner, question = log_in(locale="en"), make_question()
    answer(db, learner, question, Grade.GOOD, clock(), **RIGHT)
    return question


def close(db: Database, clock: Clock, **values: Any) -> None:
    """Answer the only report there is."""
    with db.writing() as session:
        flag = session.scalars(select(QuestionFlag)).one()
        flag.status, flag.answered_at = "not_a_fault", clock()
        for name, value in values.items():
            setattr(flag, name, value)


def test_a_report_is_saved_and_shown_on_the_card(client: FlaskClient, answered: Question) -> None:
    reply = client.post(f"/cards/{answered.id}/flag", data=REPORT)

    page = client.get(f"/cards/{answered.id}").text
    assert (reply.status_code, reply.location) == (303, f"/cards/{answered.id}")
    assert "It works here." in page
    assert "Not answered yet." in page


def test_the_form_comes_back_with_the_open_report(client: FlaskClient, answered: Question) -> None:
    client.post(f"/cards/{answered.id}/flag", data=REPORT)

    page = client.get(f"/cards/{answered.id}/flag").text

    assert ">\r\nIt works here.</textarea>" in page or ">It works here.</textarea>" in page
    assert (
        'value="wrong"' in page.split("checked")[1] or 'value="wrong"' in page.split("checked")[0].split("<input")[-1]
    )


def test_a_refused_report_keeps_what_was_typed_and_says_why(
    client: FlaskClient, db: Database, answered: Question
) -> None:
    reply = client.post(f"/cards/{answered.id}/flag", data={"reason": "wrong", "message": "x" * 1001})

    assert reply.status_code == 400
    assert "At most 1,000 characters." in reply.text
    assert "x" * 1001 in reply.text
    with db.reading() as session:
        assert session.scalars(select(QuestionFlag)).all() == []


def test_a_report_from_the_feedback_leads_back_to_it(client: FlaskClient, db: Database, answered: Question) -> None:
    back = "/review/feedback/6f9619ff-8b86-4d01-b42d-00cf4fc964ff"

    page = client.get(f"/cards/{answered.id}/flag?next={back}").text
    reply = client.post(f"/cards/{answered.id}/flag", data={**REPORT, "next": back})

    assert f'name="next" value="{back}"' in page
    assert reply.location == back


def test_a_report_leads_to_no_other_site(client: FlaskClient, answered: Question) -> None:
    reply = client.post(f"/cards/{answered.id}/flag", data={**REPORT, "next": "//elsewhere.example/cards/1"})

    assert reply.location == f"/cards/{answered.id}"


@pytest.mark.parametrize("body", BODIES, ids=[body["type"] for body in BODIES])
def test_the_form_shows_no_key_of_any_type(
    client: FlaskClient, db: Database, clock: Clock, log_in: LogIn, make_question: MakeQuestion, body: dict[str, Any]
) -> None:
    learner, question = log_in(locale="en"), make_question(**body)
    answer(db, learner, question, Grade.WRONG, clock(), response={"dont_know": True}, credit=Fraction(0))

    reply = client.get(f"/cards/{question.id}/flag")

    assert reply.status_code == 200
    assert "keycanary" not in reply.text.casefold()
    assert "4242" not in reply.text


def test_a_question_never_answered_has_no_form_and_its_card_no_link(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion
) -> None:
    log_in()
    question = make_question()

    assert client.get(f"/cards/{question.id}/flag").status_code == 404
    assert client.post(f"/cards/{question.id}/flag", data=REPORT).status_code == 404
    assert f"/cards/{question.id}/flag" not in client.get(f"/cards/{question.id}").text


def test_the_answer_of_a_teacher_is_on_the_card(
    client: FlaskClient, db: Database, clock: Clock, answered: Question
) -> None:
    client.post(f"/cards/{answered.id}/flag", data=REPORT)
    close(db, clock, answer="Because of the loopback.")

    page = client.get(f"/cards/{answered.id}").text

    assert "Not a fault" in page
    assert "Because of the loopback." in page


def test_the_version_that_mended_it_is_on_the_card(
    client: FlaskClient, db: Database, clock: Clock, answered: Question
) -> None:
    client.post(f"/cards/{answered.id}/flag", data=REPORT)
    close(db, clock, status="mended", mended_version=2)

    assert "Mended, version 2" in client.get(f"/cards/{answered.id}").text


def test_the_answer_of_a_teacher_hides_with_the_learners_own(
    client: FlaskClient, db: Database, clock: Clock, log_in: LogIn, make_question: MakeQuestion
) -> None:
    learner, question = log_in(locale="en"), make_question()
    answer(db, learner, question, Grade.GOOD, clock(), **RIGHT)
    client.post(f"/cards/{question.id}/flag", data=REPORT)
    close(db, clock, answer="The key is `none`.")
    undo(db, learner, question, 1, clock())

    assert "The key is" not in client.get(f"/cards/{question.id}").text
    assert "The key is" not in client.get("/cards/").text


def test_the_list_of_cards_says_what_became_of_reports(
    client: FlaskClient, db: Database, clock: Clock, answered: Question
) -> None:
    client.post(f"/cards/{answered.id}/flag", data=REPORT)
    close(db, clock)

    page = client.get("/cards/").text

    assert "What you reported" in page
    assert "Not a fault." in page


def test_a_message_is_shown_as_text(client: FlaskClient, answered: Question) -> None:
    client.post(f"/cards/{answered.id}/flag", data={"reason": "other", "message": "<b>bold</b> `code`"})

    assert "&lt;b&gt;bold&lt;/b&gt; `code`" in client.get(f"/cards/{answered.id}").text


def test_reports_are_limited_by_person_and_what_was_typed_is_given_back(
    client: FlaskClient, answered: Question
) -> None:
    most = int(limits.FLAGS_OF_PERSON.split()[0])
    replies = [client.post(f"/cards/{answered.id}/flag", data=REPORT) for _ in range(most + 1)]

    assert [reply.status_code for reply in replies] == [303] * most + [429]
    assert "It works here." in replies[-1].text
    assert client.get(f"/cards/{answered.id}/flag").status_code == 200
