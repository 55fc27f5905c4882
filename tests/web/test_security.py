"""What every answer of the server carries, and whom it believes."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from app.config import Settings
from app.db import Database
from app.services.identity import Person
from app.web.limits import address
from tests.conftest import Clock

CSP = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
PUBLIC = "https://rappel.example.org"
Make = Callable[..., Flask]


@pytest.fixture
def make_app(database_url: str, tmp_path: Path, clock: Clock, db: Database) -> Make:
    """Return a factory of applications as they are served: with CSRF protection, with settings of the test's own."""

    def make(**changed: Any) -> Flask:
        values: dict[str, Any] = {
            "instance": tmp_path,
            "database_url": database_url,
            "secret_key": "of the tests",
            "courses": (),
        }
        made = create_app(Settings(**(values | changed)), clock, db)
        made.config.update(TESTING=True, PROPAGATE_EXCEPTIONS=False)
        made.add_url_rule("/tests/broken", view_func=lambda: str(1 / 0))
        made.add_url_rule("/tests/address", view_func=address)
        return made

    return make


def token_of(text: str) -> str:
    """The CSRF token that a page holds."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', text)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/account/log-in", 200),
        ("/review/", 303),
        ("/healthz", 200),
        ("/readyz", 200),
        ("/nowhere", 404),
        ("/static/css/base.css", 200),
        ("/static/nowhere.css", 404),
        ("/tests/broken", 500),
    ],
)
def test_every_answer_carries_the_security_headers(make_app: Make, path: str, status: int) -> None:
    reply = make_app().test_client().get(path, buffered=True)

    assert reply.status_code == status
    assert reply.headers["Content-Security-Policy"] == CSP
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Referrer-Policy"] == "same-origin"
    assert reply.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in reply.headers


@pytest.mark.parametrize("path", ["/", "/healthz", "/nowhere", "/static/css/base.css", "/tests/broken"])
def test_every_answer_of_a_public_address_asks_for_https_for_a_year(make_app: Make, path: str) -> None:
    reply = make_app(base_url=PUBLIC).test_client().get(path, base_url=PUBLIC, buffered=True)

    assert reply.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("path", ["/", "/account/log-in", "/nowhere", "/tests/broken", "/healthz"])
def test_no_page_is_kept_by_a_cache(make_app: Make, path: str) -> None:
    reply = make_app().test_client().get(path)

    assert reply.headers["Cache-Control"] == "no-store"
    assert "Cookie" in reply.headers["Vary"]


def test_a_static_file_is_kept_for_ever_under_the_address_of_its_content(make_app: Make) -> None:
    browser = make_app().test_client()

    named = browser.get("/static/css/base.css?v=1", buffered=True)
    plain = browser.get("/static/css/base.css", buffered=True)

    assert named.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert plain.headers["Cache-Control"] == "no-cache"


def test_the_cookie_of_a_public_address_belongs_to_that_host_alone(make_app: Make) -> None:
    cookie = make_app(base_url=PUBLIC).test_client().get("/", base_url=PUBLIC).headers["Set-Cookie"]

    assert cookie.startswith("__Host-rappel=")
    assert {part.strip() for part in cookie.split(";")} >= {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    assert "Domain" not in cookie


def test_a_private_installation_has_a_cookie_that_http_can_carry(make_app: Make) -> None:
    cookie = make_app().test_client().get("/").headers["Set-Cookie"]

    assert cookie.startswith("rappel=")
    assert "HttpOnly" in cookie
    assert "Secure" not in cookie


def test_a_form_without_its_token_is_refused(make_app: Make) -> None:
    reply = make_app().test_client().post("/account/guest")

    assert reply.status_code == 400


def test_a_form_of_an_earlier_session_leads_back_to_its_page(make_app: Make) -> None:
    headers = {"Referer": "http://localhost/account/log-in?next=/plan/", "Accept-Language": "en"}

    reply = make_app().test_client().post("/account/log-in", data={"message": "typed"}, headers=headers)

    assert reply.status_code == 400
    assert 'href="/account/log-in?next=/plan/">Back to the form</a>' in reply.text


@pytest.mark.parametrize(
    "referrer",
    [
        "",
        "https://evil.example/",
        "http://localhost//evil.example/",
        "http://localhost/\\evil.example/",
        "http://[/",
        "http://localhost/nowhere",
        "http://localhost/account/guest",  # answers POST alone
    ],
)
def test_a_form_that_was_on_no_page_of_ours_leads_home(make_app: Make, referrer: str) -> None:
    headers = {"Referer": referrer, "Accept-Language": "en"}

    reply = make_app().test_client().post("/account/log-in", data={}, headers=headers)

    assert reply.status_code == 400
    assert "Back to the form" not in reply.text and "evil" not in reply.text
    assert 'href="/">Back to the start</a>' in reply.text


def test_a_page_left_open_overnight_still_sends_its_form(make_app: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = make_app().test_client()
    token = token_of(browser.get("/").text)
    tomorrow = time.time() + 90_000
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: tomorrow)

    reply = browser.post("/account/guest", data={"csrf_token": token})

    assert reply.status_code == 303


def test_under_https_a_form_is_accepted_with_the_referrer_that_the_policy_sends(make_app: Make) -> None:
    browser = make_app(base_url=PUBLIC).test_client()
    token = token_of(browser.get("/", base_url=PUBLIC).text)

    reply = browser.post(
        "/account/guest", base_url=PUBLIC, data={"csrf_token": token}, headers={"Referer": f"{PUBLIC}/"}
    )

    assert reply.status_code == 303


def test_under_https_a_form_from_another_site_is_refused_even_with_a_token(make_app: Make) -> None:
    browser = make_app(base_url=PUBLIC).test_client()
    token = token_of(browser.get("/", base_url=PUBLIC).text)

    reply = browser.post(
        "/account/guest", base_url=PUBLIC, data={"csrf_token": token}, headers={"Referer": "https://evil.example/"}
    )

    assert reply.status_code == 400


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "rappel.example.org"])
def test_the_health_check_and_the_public_name_are_answered(make_app: Make, host: str) -> None:
    reply = make_app(base_url=PUBLIC).test_client().get("/healthz", headers={"Host": host})

    assert reply.status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "rappel.example.org.evil.example", "[", "a b", "x:y:z", ""])
def test_another_host_name_is_refused(make_app: Make, host: str) -> None:
    reply = make_app(base_url=PUBLIC).test_client().get("/", headers={"Host": host})

    assert reply.status_code == 400
    assert reply.headers["Content-Security-Policy"] == CSP


@pytest.mark.parametrize(
    ("proxies", "forwarded", "believed"),
    [
        (0, "198.51.100.1", "192.0.2.1"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (2, "203.0.113.9, 198.51.100.1, 10.0.0.1", "198.51.100.1"),
    ],
)
def test_a_forwarded_address_is_believed_as_far_as_there_are_proxies(
    make_app: Make, proxies: int, forwarded: str, believed: str
) -> None:
    browser = make_app(trusted_proxies=proxies).test_client()

    reply = browser.get(
        "/tests/address", headers={"X-Forwarded-For": forwarded}, environ_base={"REMOTE_ADDR": "192.0.2.1"}
    )

    assert reply.text == believed


def test_a_forged_scheme_and_host_change_no_address(make_app: Make) -> None:
    forged = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}

    reply = make_app().test_client().get("/review/", headers=forged)

    assert reply.location == "/account/log-in?next=/review/"


def test_a_phone_that_changes_its_address_and_its_name_stays_in(
    client: FlaskClient, log_in: Callable[..., Person]
) -> None:
    log_in()
    first = client.get("/settings/", environ_base={"REMOTE_ADDR": "192.0.2.1"}, headers={"User-Agent": "one"})

    second = client.get("/settings/", environ_base={"REMOTE_ADDR": "198.51.100.7"}, headers={"User-Agent": "two"})

    assert (first.status_code, second.status_code) == (200, 200)


def test_a_body_over_a_megabyte_is_refused_before_it_is_read(client: FlaskClient) -> None:
    reply = client.post("/account/log-in", data={"login": "a" * 1_000_001})

    assert reply.status_code == 413
