"""POST /cards/<id>/…: set aside, take back, put off, undo; and where one goes after."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import Database
from app.models import Card, Course, Question, ReviewLog
from app.services.identity import Person
from app.srs.sm2 import Grade
from tests.classroom import answer
from tests.conftest import Clock

MakeQuestion = Callable[..., Question]
LogIn = Callable[..., Person]
ACTIONS = ["suspend", "resume", "bury", "unbury"]
RIGHT: dict[str, Any] = {"response": {"choice": "b"}, "credit": Fraction(1)}


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_answers_303_and_says_what_happened(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, action: str
) -> None:
    log_in(locale="en")
    question = make_question()

    reply = client.post(f"/cards/{question.id}/{action}", data={"next": f"/cards/{question.id}"})

    assert (reply.status_code, reply.location) == (303, f"/cards/{question.id}")
    assert "The card is " in client.get(reply.location).text


def test_suspend_then_resume_gives_the_card_back(
    client: FlaskClient, db: Database, log_in: LogIn, make_question: MakeQuestion
) -> None:
    log_in()
    question = make_question()

    client.post(f"/cards/{question.id}/suspend")
    client.post(f"/cards/{question.id}/resume")

    with db.reading() as session:
        card = session.scalars(select(Card)).one()
    assert (card.suspended, card.version) == (False, 2)


def test_without_a_way_back_the_review_goes_on(client: FlaskClient, log_in: LogIn, make_question: MakeQuestion) -> None:
    log_in()

    reply = client.post(f"/cards/{make_question().id}/suspend")

    assert reply.location == "/review/"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/x",
        "/account/log-out",
        "/teach/",
        "javascript:alert(1)",
        "\\\\evil",
        "x",
    ],
)
def test_a_way_back_elsewhere_is_not_taken(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, wanted: str
) -> None:
    log_in()

    reply = client.post(f"/cards/{make_question().id}/suspend", data={"next": wanted})

    assert reply.location == "/review/"


@pytest.mark.parametrize(
    ("came_from", "goes_to"),
    [
        ("http://localhost/practice/question?seed=5&place=3", "/practice/question?seed=5&place=3"),
        ("http://localhost/cards/?words=volume", "/cards/?words=volume"),
        ("https://evil.example/cards/", "/cards/"),
        ("http://localhost/settings/", "/review/"),
    ],
)
def test_the_page_the_form_was_on_is_the_way_back(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, came_from: str, goes_to: str
) -> None:
    log_in()

    reply = client.post(f"/cards/{make_question().id}/bury", headers={"Referer": came_from})

    assert reply.location == goes_to


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_on_a_question_of_another_course_is_a_404(
    client: FlaskClient,
    log_in: LogIn,
    make_question: MakeQuestion,
    make_course: Callable[..., Course],
    action: str,
) -> None:
    log_in()
    question = make_question(of=make_course("git"))

    assert client.post(f"/cards/{question.id}/{action}").status_code == 404


def test_an_answer_is_taken_back_from_the_card(
    client: FlaskClient, db: Database, clock: Clock, log_in: LogIn, make_question: MakeQuestion
) -> None:
    learner, question = log_in(), make_question()
    answer(db, learner, question, Grade.GOOD, clock(), **RIGHT)

    reply = client.post(f"/cards/{question.id}/undo", data={"number": 1})

    assert (reply.status_code, reply.location) == (303, f"/cards/{question.id}")
    with db.reading() as session:
        assert session.scalars(select(ReviewLog.kind).order_by(ReviewLog.number)).all() == ["review", "undo"]
        assert session.scalars(select(Card.due)).one() is None


def test_an_answer_taken_back_twice_is_undone_once(
    client: FlaskClient, db: Database, clock: Clock, log_in: LogIn, make_question: MakeQuestion
) -> None:
    learner, question = log_in(), make_question()
    answer(db, learner, question, Grade.GOOD, clock(), **RIGHT)

    replies = [client.post(f"/cards/{question.id}/undo", data={"number": 1}) for _ in range(2)]

    assert [reply.status_code for reply in replies] == [303, 303]
    with db.reading() as session:
        assert len(session.scalars(select(ReviewLog)).all()) == 2


def test_another_learner_s_answer_cannot_be_taken_back(
    client: FlaskClient,
    db: Database,
    clock: Clock,
    log_in: LogIn,
    make_user: Callable[..., Person],
    make_question: MakeQuestion,
) -> None:
    question = make_question()
    answer(db, make_user(), question, Grade.GOOD, clock(), **RIGHT)
    log_in()

    assert client.post(f"/cards/{question.id}/undo", data={"number": 1}).status_code == 404


@pytest.mark.parametrize("number", ["", "zero", "-1", "99999999999"])
def test_a_number_that_no_page_wrote_is_refused(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, number: str
) -> None:
    log_in()

    assert client.post(f"/cards/{make_question().id}/undo", data={"number": number}).status_code == 400


@pytest.mark.parametrize("action", [*ACTIONS, "undo"])
def test_an_action_without_its_token_is_refused_first(
    app: Flask, client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, action: str
) -> None:
    log_in()
    app.config["WTF_CSRF_ENABLED"] = True

    assert client.post(f"/cards/{make_question().id}/{action}").status_code == 400
