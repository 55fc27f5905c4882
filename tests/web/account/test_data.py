"""/account/data and /account/erase."""

import json
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import Database
from app.models import User
from app.services import classes
from tests.conftest import Clock
from tests.people import add_review


def logins(db: Database) -> set[str | None]:
    """The login names there are."""
    with db.reading() as session:
        return set(session.scalars(select(User.login)))


def test_a_persons_data_come_as_one_json_file(
    client: FlaskClient, db: Database, clock: Clock, make_account: Any, make_question: Any, log_in: Any
) -> None:
    alice, question = log_in(make_account()), make_question("bridge")
    with db.writing() as session:
        add_review(session, alice, question, clock())

    reply = client.post("/account/data")

    assert reply.mimetype == "application/json"
    assert reply.headers["Content-Disposition"] == "attachment; filename=rappel-2026-11-23.json"
    assert json.loads(reply.text)["reviews"][0]["question"] == "bridge"


def test_the_file_of_a_person_names_nobody_else(client: FlaskClient, make_account: Any, log_in: Any) -> None:
    make_account("bob")
    log_in(make_account("alice"))

    assert "bob" not in client.post("/account/data").text


def test_a_visitor_has_no_data(client: FlaskClient) -> None:
    assert [client.get("/account/data").status_code, client.post("/account/data").status_code] == [303, 303]


def test_erasing_needs_the_password(client: FlaskClient, db: Database, make_account: Any, log_in: Any) -> None:
    log_in(make_account())

    reply = client.post("/account/erase", data={"current_password": "wrong horse", "sure": "y"})

    assert reply.status_code == 400
    assert 'id="current_password-error"' in reply.text
    assert logins(db) == {"alice"}


def test_an_erased_person_is_gone_and_out(client: FlaskClient, db: Database, make_account: Any, log_in: Any) -> None:
    log_in(make_account())

    reply = client.post("/account/erase", data={"current_password": "correct horse"})

    assert (reply.status_code, reply.location) == (303, "/")
    assert logins(db) == set()
    assert client.get("/settings/").status_code == 303


@pytest.mark.parametrize(("form", "left"), [({}, {None}), ({"sure": "y"}, set())])
def test_a_guest_confirms_with_a_box(
    client: FlaskClient, db: Database, log_in: Any, form: dict[str, str], left: set[None]
) -> None:
    log_in()

    client.post("/account/erase", data=form)

    assert logins(db) == left


def test_the_last_admin_is_told_to_appoint_another(
    client: FlaskClient, db: Database, make_account: Any, log_in: Any
) -> None:
    log_in(make_account("root", role="admin"))

    reply = client.post("/account/erase", data={"current_password": "correct horse"})

    assert reply.status_code == 400
    assert logins(db) == {"root"}


def test_erasing_names_nobody_but_oneself(
    app: Flask, client: FlaskClient, db: Database, make_account: Any, log_in: Any
) -> None:
    bob = make_account("bob")
    log_in(make_account("alice"))

    client.post("/account/erase", data={"current_password": "correct horse", "user_id": bob.id, "id": bob.id})

    assert logins(db) == {"bob"}


def test_an_account_in_an_exam_is_told_until_when_it_cannot_be_erased(
    client: FlaskClient, db: Database, make_account: Any, log_in: Any, make_hall: Any, clock: Clock
) -> None:
    hall, alice = make_hall(), log_in(make_account())
    with db.writing() as session:
        classes.join(session, alice, hall.taught.join_code or "", "Alice", clock())
    hall.start(alice)

    reply = client.post("/account/erase", data={"current_password": "correct horse"})

    assert reply.status_code == 400
    assert "lundi 23 novembre à 11\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}00, heure de Paris" in unescape(reply.text)
    assert "alice" in logins(db)
