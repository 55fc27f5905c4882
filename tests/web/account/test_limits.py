"""How often one may fail, and that a class gets in at once."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.config import Settings
from app.db import Database
from tests.conftest import Clock

RIGHT = {"login": "alice", "password": "correct horse"}
WRONG = {"login": "alice", "password": "wrong horse"}


def attempt(browser: FlaskClient, form: dict[str, str], address: str = "192.0.2.1", **headers: str) -> int:
    """Try to log in from an address; return the status."""
    where = {"REMOTE_ADDR": address}
    return browser.post("/account/log-in", data=form, environ_base=where, headers=headers).status_code


def test_ten_wrong_passwords_for_one_account_close_the_door(client: FlaskClient, make_account: Any) -> None:
    make_account()

    statuses = [attempt(client, WRONG) for _ in range(10)]

    assert statuses == [400] * 10
    assert attempt(client, RIGHT) == 429


def test_a_closed_door_says_when_to_come_back(client: FlaskClient) -> None:
    for _ in range(10):
        attempt(client, WRONG)

    reply = client.post("/account/log-in", data=WRONG, environ_base={"REMOTE_ADDR": "192.0.2.1"})

    assert reply.status_code == 429
    assert 1 <= int(reply.headers["Retry-After"]) <= 15 * 60 + 1


@pytest.mark.parametrize("login", ["ALICE", "Ａlice", " alice"])
def test_the_spelling_of_a_name_does_not_open_it_again(client: FlaskClient, login: str) -> None:
    for _ in range(10):
        attempt(client, WRONG)

    assert attempt(client, WRONG | {"login": login}) == 429


def test_the_account_stays_open_from_another_address(client: FlaskClient, make_account: Any) -> None:
    make_account()
    for _ in range(11):
        attempt(client, WRONG)

    assert attempt(client, RIGHT, address="192.0.2.2") == 303


def test_a_neighbour_at_the_same_address_is_not_locked_out(client: FlaskClient, make_account: Any) -> None:
    make_account("bob")
    for _ in range(11):
        attempt(client, WRONG)

    assert attempt(client, RIGHT | {"login": "bob"}) == 303


def test_successes_are_never_counted(app: Flask, make_account: Any) -> None:
    make_account()

    assert {attempt(app.test_client(), RIGHT) for _ in range(40)} == {303}


def test_500_people_behind_one_address_log_in_at_once(app: Flask, make_account: Any) -> None:
    for number in range(500):
        make_account(f"student-{number}")

    statuses = {attempt(app.test_client(), RIGHT | {"login": f"student-{number}"}) for number in range(500)}

    assert statuses == {303}


def test_300_failures_from_one_address_close_it_for_an_hour(app: Flask, make_account: Any) -> None:
    make_account()
    browser = app.test_client()

    statuses = [attempt(browser, WRONG | {"login": f"name-{number}"}) for number in range(300)]

    assert statuses == [400] * 300
    assert attempt(browser, RIGHT) == 429
    assert attempt(browser, RIGHT, address="192.0.2.2") == 303


def test_addresses_of_one_ipv6_network_count_as_one(client: FlaskClient) -> None:
    for number in range(10):
        attempt(client, WRONG, address=f"2001:db8:0:1::{number:x}")

    assert attempt(client, WRONG, address="2001:db8:0:1:ffff::1") == 429
    assert attempt(client, WRONG, address="2001:db8:0:2::1") == 400


def test_a_forged_forwarding_header_changes_nothing(client: FlaskClient) -> None:
    for number in range(10):
        attempt(client, WRONG, **{"X-Forwarded-For": f"198.51.100.{number}"})

    assert attempt(client, WRONG, **{"X-Forwarded-For": "198.51.100.99"}) == 429


def test_behind_a_trusted_proxy_visitors_are_told_apart(
    database_url: str, tmp_path: Any, clock: Clock, db: Database, make_account: Any
) -> None:
    make_account()
    settings = Settings(
        instance=tmp_path, database_url=database_url, secret_key="of the tests", courses=(), trusted_proxies=1
    )
    behind = create_app(settings, clock, db)
    behind.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    browser = behind.test_client()

    for _ in range(10):
        attempt(browser, WRONG, **{"X-Forwarded-For": "198.51.100.1, 203.0.113.5"})

    assert attempt(browser, WRONG, **{"X-Forwarded-For": "198.51.100.2, 203.0.113.5"}) == 429
    assert attempt(browser, RIGHT, **{"X-Forwarded-For": "203.0.113.6"}) == 303


def test_an_address_makes_300_guests_an_hour(app: Flask) -> None:
    statuses = [app.test_client().post("/account/guest").status_code for _ in range(301)]

    assert statuses == [303] * 300 + [429]


def test_a_wrong_current_password_counts(client: FlaskClient, make_account: Any, log_in: Any) -> None:
    log_in(make_account())
    change = {"current_password": "wrong horse", "password": "battery staple", "password_again": "battery staple"}

    statuses = [client.post("/account/password", data=change).status_code for _ in range(11)]

    assert statuses == [400] * 10 + [429]


def test_a_form_with_a_slip_is_not_a_wrong_guess(client: FlaskClient) -> None:
    slip = {"login": "alice", "password": "correct horse", "password_again": "corect horse"}

    statuses = {client.post("/account/register", data=slip).status_code for _ in range(15)}

    assert statuses == {400}


def test_searching_for_taken_names_counts(client: FlaskClient, make_account: Any) -> None:
    make_account()
    taken = {"login": "alice", "password": "battery staple", "password_again": "battery staple"}

    statuses = [client.post("/account/register", data=taken).status_code for _ in range(11)]

    assert statuses[-1] == 429


def test_new_guest_sessions_do_not_open_an_account_again(client: FlaskClient) -> None:
    for _ in range(10):
        attempt(client, WRONG)
    client.post("/account/guest", environ_base={"REMOTE_ADDR": "192.0.2.1"})

    assert attempt(client, WRONG) == 429


def test_a_field_called_login_opens_no_other_page_again(client: FlaskClient, log_in: Any) -> None:
    log_in(login="alice")
    form = {"current_password": "wrong horse", "password": "a new long one", "password_again": "a new long one"}

    statuses = [
        client.post("/account/password", data={**form, "login": f"x{number}"}).status_code for number in range(11)
    ]

    assert statuses == [400] * 10 + [429]


def test_wrong_class_codes_do_not_close_the_log_in_nor_ones_own_list(client: FlaskClient) -> None:
    where = {"REMOTE_ADDR": "192.0.2.1"}
    codes = [client.get(f"/join/AAA-BBB-{number:03}", environ_base=where).status_code for number in range(301)]

    assert codes == [404] * 300 + [429]
    assert client.get("/join/", environ_base=where).status_code == 200
    assert attempt(client, WRONG) == 400
