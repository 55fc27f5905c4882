"""/account/log-in and /account/log-out."""

import re
from collections.abc import Callable
from typing import Any

import argon2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.db import Database
from app.models import LoginSession
from app.services import accounts, passwords
from app.services.identity import Person
from tests.conftest import Clock

ACCOUNT = {"login": "alice", "password": "correct horse"}


def is_in(browser: FlaskClient) -> bool:
    """Whether a page for known people opens."""
    return browser.get("/settings/").status_code == 200


def test_the_right_password_lets_in(client: FlaskClient, make_account: Any) -> None:
    make_account()

    reply = client.post("/account/log-in", data=ACCOUNT)

    assert (reply.status_code, reply.location) == (303, "/")
    assert is_in(client)


@pytest.mark.parametrize("login", ["ALICE", " alice ", "Ａlice"])
def test_a_login_name_may_be_typed_in_any_case_and_width(client: FlaskClient, make_account: Any, login: str) -> None:
    make_account()

    assert client.post("/account/log-in", data=ACCOUNT | {"login": login}).status_code == 303


@pytest.mark.parametrize("field", ["login", "password"])
def test_a_character_that_no_text_holds_is_refused_at_its_field(
    client: FlaskClient, make_account: Any, field: str
) -> None:
    make_account()

    reply = client.post("/account/log-in", data=ACCOUNT | {field: "a\0b"}, headers={"Accept-Language": "en"})

    assert reply.status_code == 400
    assert "One of these characters cannot be kept" in reply.text


@pytest.mark.parametrize("wrong", [{"password": "wrong horse"}, {"login": "nobody"}])
def test_a_wrong_name_and_a_wrong_password_get_the_same_page(
    client: FlaskClient, make_account: Any, wrong: dict[str, str]
) -> None:
    make_account()

    reply = client.post("/account/log-in", data=ACCOUNT | wrong, headers={"Accept-Language": "en"})

    assert reply.status_code == 400
    assert "The login name or the password is not right." in reply.text
    assert not is_in(client)


def test_a_deactivated_person_gets_that_page_too(client: FlaskClient, make_account: Any) -> None:
    make_account()
    make_account("closed", active=False)

    wrong = client.post("/account/log-in", data=ACCOUNT | {"password": "wrong horse"})
    closed = client.post("/account/log-in", data=ACCOUNT | {"login": "closed"})

    assert closed.status_code == 400
    assert _without_tokens(closed.text) == _without_tokens(wrong.text.replace('value="alice"', 'value="closed"'))


def _without_tokens(page: str) -> str:
    """A page but for its tokens, which hold the second they were made in."""
    return re.sub('name="csrf_token" value="[^"]+"', "", page)


@pytest.mark.parametrize("login", ["alice", "nobody", "closed"])
def test_one_password_is_checked_whatever_the_name(
    client: FlaskClient, make_account: Any, monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    make_account()
    make_account("closed", active=False)
    checks = []
    verify = argon2.PasswordHasher.verify
    monkeypatch.setattr(argon2.PasswordHasher, "verify", lambda *args: checks.append(args) or verify(*args))

    client.post("/account/log-in", data={"login": login, "password": "wrong horse"})

    assert len(checks) == 1


def test_a_refused_log_in_keeps_the_name_and_not_the_password(client: FlaskClient) -> None:
    reply = client.post("/account/log-in", data={"login": "alice&co", "password": "wrong horse"})

    assert 'value="alice&amp;co"' in reply.text
    assert "wrong horse" not in reply.text
    assert 'role="alert"' in reply.text


def test_an_empty_form_is_refused_at_both_fields(client: FlaskClient) -> None:
    reply = client.post("/account/log-in", data={})

    assert reply.status_code == 400
    assert reply.text.count('aria-invalid="true"') == 2


def test_a_cookie_known_from_before_is_worth_nothing_after(
    app: Flask, client: FlaskClient, make_account: Any, log_in: Callable[..., Person]
) -> None:
    make_account()
    log_in()  # as a guest
    before = client.get_cookie("rappel")
    assert before is not None

    client.post("/account/log-in", data=ACCOUNT)

    thief = app.test_client()
    thief.set_cookie("rappel", before.value)
    assert is_in(client)
    assert not is_in(thief)


def test_a_cookie_planted_in_a_visitors_browser_does_not_learn_who_logs_in(
    app: Flask, client: FlaskClient, make_account: Any
) -> None:
    make_account()
    client.post("/language", data={"locale": "en"})
    planted = client.get_cookie("rappel")
    assert planted is not None

    client.post("/account/log-in", data=ACCOUNT)

    thief = app.test_client()
    thief.set_cookie("rappel", planted.value)
    assert not is_in(thief)


def test_logging_out_ends_the_session_in_the_database(
    app: Flask, client: FlaskClient, db: Database, make_account: Any
) -> None:
    make_account()
    client.post("/account/log-in", data=ACCOUNT)
    cookie = client.get_cookie("rappel")
    assert cookie is not None

    reply = client.post("/account/log-out")

    copy = app.test_client()
    copy.set_cookie("rappel", cookie.value)
    assert reply.status_code == 303
    assert not is_in(copy)
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(LoginSession)) == 0


def test_logging_out_leaves_the_persons_other_browsers_in(app: Flask, client: FlaskClient, make_account: Any) -> None:
    make_account()
    phone = app.test_client()
    for browser in (client, phone):
        browser.post("/account/log-in", data=ACCOUNT)

    client.post("/account/log-out")

    assert (is_in(client), is_in(phone)) == (False, True)


def test_a_visitor_who_logs_out_is_sent_home(client: FlaskClient) -> None:
    assert client.post("/account/log-out").location == "/"


def test_no_link_can_log_out(client: FlaskClient) -> None:
    assert client.get("/account/log-out").status_code == 405


def test_a_deactivated_person_is_out_at_once(client: FlaskClient, db: Database, make_account: Any) -> None:
    alice = make_account()
    client.post("/account/log-in", data=ACCOUNT)

    with db.writing() as session:
        accounts.set_active(session, alice.id, active=False)

    assert not is_in(client)


def test_a_session_ends_after_180_days_without_a_visit(client: FlaskClient, clock: Clock, make_account: Any) -> None:
    make_account()
    client.post("/account/log-in", data=ACCOUNT)

    clock.advance(days=181)

    assert not is_in(client)


def test_a_hash_of_older_parameters_is_replaced_at_log_in(client: FlaskClient, make_user: Any, stored: Any) -> None:
    old = argon2.PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash("correct horse")
    make_user("alice", password_hash=old)

    client.post("/account/log-in", data=ACCOUNT)

    assert stored("alice").password_hash != old
    assert passwords.verify(stored("alice").password_hash, "correct horse").right


def test_no_password_is_hashed_while_the_database_waits(
    client: FlaskClient, db: Database, make_account: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_account()
    verify = argon2.PasswordHasher.verify

    def with_a_writer(*args: Any) -> bool:
        with db.writing() as session:  # would wait for ever inside another write transaction
            session.execute(select(1))
        return verify(*args)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", with_a_writer)

    assert client.post("/account/log-in", data=ACCOUNT).status_code == 303


@pytest.mark.parametrize("path", ["/account/log-in", "/account/register"])
def test_somebody_who_is_in_is_sent_home(client: FlaskClient, make_account: Any, log_in: Any, path: str) -> None:
    log_in(make_account())

    assert client.get(path).location == "/"


def test_a_guest_who_has_an_account_may_log_in(client: FlaskClient, log_in: Any) -> None:
    log_in()

    assert client.get("/account/log-in").status_code == 200


@pytest.mark.parametrize("wanted", ["/settings/", "/review/?topic=3", "/account/data", "/"])
def test_after_log_in_a_visitor_gets_where_they_were_heading(
    client: FlaskClient, make_account: Any, wanted: str
) -> None:
    make_account()

    page = client.get("/account/log-in", query_string={"next": wanted})
    reply = client.post("/account/log-in", data=ACCOUNT | {"next": wanted})

    assert f'name="next" value="{wanted}"' in page.text
    assert reply.location == wanted


def test_a_page_for_known_people_comes_back_after_log_in(client: FlaskClient, make_account: Any) -> None:
    make_account()

    asked = client.get("/settings/")
    reply = client.post(asked.location, data=ACCOUNT)

    assert reply.location == "/settings/"


NOT_STORED = "This browser was logged out: what you sent was not stored. Log in, then send it again."


def test_who_sends_a_form_after_their_session_ended_is_told_and_comes_back_to_the_form(
    client: FlaskClient, make_account: Any
) -> None:
    make_account()
    form = {"Referer": "http://localhost/cards/?q=docker", "Accept-Language": "en"}

    sent = client.post("/settings/", data={"locale": "en"}, headers=form)
    page = client.get(sent.location, headers={"Accept-Language": "en"})
    reply = client.post(sent.location, data=ACCOUNT)

    assert sent.status_code == 303
    assert NOT_STORED in page.text
    assert reply.location == "/cards/?q=docker"


@pytest.mark.parametrize(
    "form", [None, "http://evil.example/cards/", "http://localhost/nowhere", "nonsense", "http://["]
)
def test_a_form_that_was_on_no_page_of_here_leads_home_after_log_in(
    client: FlaskClient, make_account: Any, form: str | None
) -> None:
    make_account()

    sent = client.post("/settings/", headers={"Referer": form} if form else {})

    assert client.post(sent.location, data=ACCOUNT).location == "/"


def test_a_page_that_was_only_asked_for_says_nothing_of_what_was_sent(client: FlaskClient) -> None:
    for method in ("GET", "HEAD"):
        sent = client.open("/settings/", method=method)
        assert NOT_STORED not in client.get(sent.location, headers={"Accept-Language": "en"}).text


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/settings/",
        "https:evil.example",
        "http:/evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/%09/evil.example",
        "/%5cevil.example",
        "/%2f%2fevil.example",
        "@evil.example",
        "/@evil.example",
        "//evil.example/settings/",
        "/settings/\r\nSet-Cookie: a=b",
        "/settings/\x00",
        "/settings/..//evil.example",
        "/．．/evil",
        "//settings/",
        "/settings",
        "/nowhere",
        "/account/log-out",
        "/account/log-in",
        "/account/reset/abc",
        "/static/css/base.css",
        "settings/",
        "",
    ],
)
def test_after_log_in_nobody_leaves_the_application(client: FlaskClient, make_account: Any, wanted: str) -> None:
    make_account()

    reply = client.post("/account/log-in", data=ACCOUNT | {"next": wanted})

    assert (reply.status_code, reply.location) == (303, "/")
