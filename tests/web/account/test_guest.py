"""/account/guest and /account/keep: trying first, keeping after."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.db import Database
from app.models import Card, LoginSession, User
from app.services import accounts
from tests.conftest import Clock
from tests.people import add_review

NAME = {"login": "Alice", "password": "correct horse", "password_again": "correct horse"}


def people(db: Database) -> list[User]:
    """Everybody, in the order they came."""
    with db.reading() as session:
        return list(session.scalars(select(User).order_by(User.id)))


def test_one_click_makes_a_guest_and_shows_the_first_question(client: FlaskClient, db: Database, course: Any) -> None:
    reply = client.post("/account/guest", headers={"Accept-Language": "en"})

    assert (reply.status_code, reply.location) == (303, "/review/")
    assert [(one.login, one.role, one.locale, one.course_id) for one in people(db)] == [
        (None, "learner", "en", course.id)
    ]


def test_a_second_click_makes_no_second_guest(client: FlaskClient, db: Database) -> None:
    for _ in range(2):
        client.post("/account/guest")

    assert len(people(db)) == 1


def test_a_login_name_keeps_the_guests_cards(
    client: FlaskClient, db: Database, clock: Clock, log_in: Any, make_question: Any
) -> None:
    guest, question = log_in(), make_question()
    with db.writing() as session:
        add_review(session, guest, question, clock())

    reply = client.post("/account/keep", data=NAME)

    assert reply.status_code == 303
    assert [(one.id, one.login) for one in people(db)] == [(guest.id, "Alice")]
    with db.reading() as session:
        assert session.scalars(select(Card.learner_id)).all() == [guest.id]


def test_a_guest_who_keeps_their_progress_stays_in_with_a_new_session(
    app: Flask, client: FlaskClient, db: Database, log_in: Any
) -> None:
    log_in()
    before = client.get_cookie("rappel")
    assert before is not None

    client.post("/account/keep", data=NAME)

    other = app.test_client()
    other.set_cookie("rappel", before.value)
    assert client.get("/settings/").status_code == 200
    assert other.get("/settings/").status_code == 303
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(LoginSession)) == 1


def test_keeping_with_a_taken_name_changes_nothing(
    client: FlaskClient, db: Database, log_in: Any, make_account: Any
) -> None:
    make_account("alice")
    log_in()

    reply = client.post("/account/keep", data=NAME)

    assert reply.status_code == 400
    assert [one.login for one in people(db)] == ["alice", None]


def test_the_page_says_how_long_a_guest_is_kept(client: FlaskClient, log_in: Any) -> None:
    log_in()

    assert "90" in client.get("/account/keep").text


def test_somebody_with_an_account_has_nothing_to_keep(client: FlaskClient, log_in: Any, make_account: Any) -> None:
    log_in(make_account())

    assert client.get("/account/keep").location == "/"


def test_a_visitor_has_nothing_to_keep(client: FlaskClient) -> None:
    assert client.get("/account/keep").location.startswith("/account/log-in")


def test_nothing_but_the_form_decides_what_a_kept_account_is(client: FlaskClient, log_in: Any, stored: Any) -> None:
    log_in()

    client.post("/account/keep", data=NAME | {"role": "teacher", "id": "1", "active": ""})

    assert (stored("Alice").role, stored("Alice").active) == ("learner", True)


@pytest.mark.parametrize("role", ["learner", "admin"])
def test_a_guest_may_set_the_installation_up(
    client: FlaskClient, db: Database, clock: Clock, log_in: Any, stored: Any, role: str
) -> None:
    log_in()
    with db.writing() as session:
        code = accounts.setup_code(session, clock())

    client.post("/account/keep", data=NAME | ({"setup_code": code} if role == "admin" else {}))

    assert stored("Alice").role == role
