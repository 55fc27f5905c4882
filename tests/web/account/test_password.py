"""/account/password and /account/reset/<code>."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db import Database
from app.services import codes, passwords
from app.services.identity import Person
from tests.conftest import Clock

ACCOUNT = {"login": "alice", "password": "correct horse"}
NEW = {"password": "battery staple", "password_again": "battery staple"}
CHANGE = {"current_password": "correct horse", **NEW}


@pytest.fixture
def give_link(db: Database, clock: Clock) -> Any:
    """Return a function that makes a person's password link."""

    def give(person: Person) -> str:
        with db.writing() as session:
            return f"/account/reset/{codes.issue_password_link(session, person.id, clock())}"

    return give


def test_the_new_password_counts_from_now_on(client: FlaskClient, make_account: Any, stored: Any, log_in: Any) -> None:
    log_in(make_account())

    assert client.post("/account/password", data=CHANGE).status_code == 303

    assert passwords.verify(stored("alice").password_hash, "battery staple").right


def test_changing_the_password_keeps_this_browser_and_ends_the_others(
    app: Flask, client: FlaskClient, make_account: Any
) -> None:
    make_account()
    phone = app.test_client()
    for browser in (client, phone):
        browser.post("/account/log-in", data=ACCOUNT)

    client.post("/account/password", data=CHANGE)

    assert client.get("/settings/").status_code == 200
    assert phone.get("/settings/").status_code == 303


def test_the_old_password_of_another_person_does_not_count(
    client: FlaskClient, make_account: Any, make_user: Any, stored: Any, log_in: Any
) -> None:
    make_user("bob", password_hash=passwords.hashed("bob's own password"))
    log_in(make_account())

    reply = client.post("/account/password", data=CHANGE | {"current_password": "bob's own password"})

    assert reply.status_code == 400
    assert 'id="current_password-error"' in reply.text
    assert passwords.verify(stored("alice").password_hash, "correct horse").right


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"password": "short", "password_again": "short"}, "password"),
        ({"password_again": "another one"}, "password_again"),
        ({"password": "ALICE.MARTIN", "password_again": "ALICE.MARTIN"}, "password"),
        ({"current_password": ""}, "current_password"),
    ],
)
def test_a_password_that_cannot_be_is_refused_at_its_field(
    client: FlaskClient, make_account: Any, log_in: Any, bad: dict[str, str], field: str
) -> None:
    log_in(make_account("alice.martin"))

    reply = client.post("/account/password", data=CHANGE | bad)

    assert reply.status_code == 400
    assert f'id="{field}-error"' in reply.text


def test_a_guest_has_no_password_to_change(client: FlaskClient, log_in: Any) -> None:
    log_in()

    assert client.get("/account/password").location == "/account/keep"


def test_a_link_sets_the_password(client: FlaskClient, make_account: Any, stored: Any, give_link: Any) -> None:
    link = give_link(make_account())

    reply = client.post(link, data=NEW)

    assert (reply.status_code, reply.location) == (303, "/account/log-in")
    assert passwords.verify(stored("alice").password_hash, "battery staple").right


def test_looking_at_a_link_does_not_use_it_up(client: FlaskClient, make_account: Any, give_link: Any) -> None:
    link = give_link(make_account())

    assert [client.get(link).status_code for _ in range(3)] == [200, 200, 200]


def test_a_refused_password_does_not_use_the_link_up(client: FlaskClient, make_account: Any, give_link: Any) -> None:
    link = give_link(make_account())

    assert client.post(link, data={"password": "short", "password_again": "short"}).status_code == 400
    assert client.post(link, data=NEW).status_code == 303


def test_a_link_works_once(client: FlaskClient, make_account: Any, stored: Any, give_link: Any) -> None:
    link = give_link(make_account())
    client.post(link, data=NEW)

    again = client.post(link, data={"password": "mallory was here", "password_again": "mallory was here"})

    assert again.status_code == 404
    assert passwords.verify(stored("alice").password_hash, "battery staple").right


def test_a_link_is_too_late_after_an_hour(client: FlaskClient, clock: Clock, make_account: Any, give_link: Any) -> None:
    link = give_link(make_account())
    clock.advance(hours=1)

    assert client.get(link).status_code == 404


def test_a_link_stops_working_when_the_password_is_changed(
    app: Flask, client: FlaskClient, make_account: Any, give_link: Any
) -> None:
    link = give_link(make_account())
    client.post("/account/log-in", data=ACCOUNT)

    client.post("/account/password", data=CHANGE)

    assert app.test_client().post(link, data=NEW).status_code == 404


def test_a_link_ends_every_session_of_the_person(
    app: Flask, client: FlaskClient, make_account: Any, give_link: Any
) -> None:
    link = give_link(make_account())
    client.post("/account/log-in", data=ACCOUNT)

    app.test_client().post(link, data=NEW)

    assert client.get("/settings/").status_code == 303


def test_somebody_else_who_opens_a_link_stays_in(
    client: FlaskClient, make_account: Any, give_link: Any, log_in: Any
) -> None:
    log_in(make_account("bruno", role="teacher"))
    link = give_link(make_account("alice"))

    client.post(link, data=NEW)

    assert client.get("/settings/").status_code == 200


def test_an_invented_link_shows_nothing(client: FlaskClient) -> None:
    assert client.get("/account/reset/invented").status_code == 404
