"""The pages of trouble: each says what happened and what was kept, with or without a database."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from app import create_app
from app.config import Settings
from app.db import Database
from app.errors import Busy, Conflict, FieldProblem, Forbidden, Invalid, NotFound
from app.services.identity import Person
from tests.conftest import Clock

STATUSES = [400, 403, 404, 405, 409, 413, 429, 500, 503]
RAISED = {
    "invalid": (Invalid([FieldProblem("name", "too_long")]), 400),
    "forbidden": (Forbidden(), 403),
    "not-found": (NotFound(), 404),
    "conflict": (Conflict("version"), 409),
    "busy": (Busy(), 503),
    "unforeseen": (ZeroDivisionError("division by a secret"), 500),
}


def give_trouble(app: Flask) -> None:
    """Add addresses that fail in every way."""

    def fail(status: int) -> str:
        abort(status)

    def throw(name: str) -> str:
        raise RAISED[name][0]

    app.add_url_rule("/tests/status/<int:status>", view_func=fail, methods=["GET", "POST"])
    app.add_url_rule("/tests/raised/<name>", view_func=throw, methods=["GET", "POST"])


@pytest.fixture
def troubled(new_app: Flask) -> FlaskClient:
    """A browser of an application in which everything can fail."""
    give_trouble(new_app)
    return new_app.test_client()


@pytest.fixture
def without_database(tmp_path: Path, clock: Clock) -> FlaskClient:
    """A browser of an application whose database cannot be opened, with a cookie that asks for a person."""
    url = f"sqlite:///{tmp_path / 'nowhere' / 'rappel.db'}"
    settings = Settings(instance=tmp_path, database_url=url, secret_key="of the tests", courses=())
    made = create_app(settings, clock, Database(url))
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    give_trouble(made)
    browser = made.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = "a token of somebody"
    return browser


@pytest.mark.parametrize("status", STATUSES)
def test_every_error_has_a_page_with_a_title_and_a_way_on(troubled: FlaskClient, status: int) -> None:
    reply = troubled.get(f"/tests/status/{status}")

    assert reply.status_code == status
    assert reply.mimetype == "text/html"
    assert reply.text.count("<h1 ") == 1
    assert f"<b>{status}</b>" in reply.text
    assert 'href="/"' in reply.text


@pytest.mark.parametrize("name", RAISED)
def test_what_a_service_raises_becomes_its_page(troubled: FlaskClient, name: str) -> None:
    assert troubled.get(f"/tests/raised/{name}").status_code == RAISED[name][1]


@pytest.mark.parametrize("status", STATUSES)
def test_every_error_has_its_page_when_the_database_is_away(without_database: FlaskClient, status: int) -> None:
    reply = without_database.get(f"/tests/status/{status}")

    assert reply.status_code == status
    assert reply.text.count("<h1 ") == 1


def test_a_page_that_needs_the_database_says_to_come_back(without_database: FlaskClient) -> None:
    reply = without_database.get("/review/")

    assert reply.status_code == 503
    assert int(reply.headers["Retry-After"]) >= 1


def test_an_unforeseen_error_tells_nothing_of_itself(troubled: FlaskClient) -> None:
    reply = troubled.get("/tests/raised/unforeseen")

    assert "division by a secret" not in reply.text
    assert "Traceback" not in reply.text


def test_what_was_typed_is_kept_on_the_page_but_never_a_password(troubled: FlaskClient) -> None:
    typed = {
        "text": "a long <b>answer</b>",
        "password": "correct horse",
        "new_password": "battery",
        "csrf_token": "t0k3n",
    }

    reply = troubled.post("/tests/raised/conflict", data=typed)

    assert "a long &lt;b&gt;answer&lt;/b&gt;" in reply.text
    assert not any(secret in reply.text for secret in ("correct horse", "battery", "t0k3n"))


def test_an_error_is_told_in_the_language_of_the_browser(troubled: FlaskClient) -> None:
    french = troubled.get("/nowhere", headers={"Accept-Language": "fr"})
    english = troubled.get("/nowhere", headers={"Accept-Language": "en"})

    assert '<html lang="fr"' in french.text
    assert '<html lang="en"' in english.text


def test_a_known_person_keeps_their_menu_on_a_404(troubled: FlaskClient, log_in: Callable[..., Person]) -> None:
    log_in(browser=troubled)

    reply = troubled.get("/nowhere")

    assert reply.status_code == 404
    assert 'href="/progress/"' in reply.text


def test_the_wrong_method_says_which_are_right(client: FlaskClient) -> None:
    reply = client.get("/account/guest")

    assert reply.status_code == 405
    assert "POST" in reply.headers.get("Allow", "")


def test_a_template_that_breaks_every_page_still_leaves_a_reference(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.jinja_env.globals, "release", lambda: 1 / 0)

    reply = client.get("/")

    assert (reply.status_code, reply.mimetype) == (500, "text/plain")
    assert len(reply.text.split()[1]) == 8
    assert "Content-Security-Policy" in reply.headers


def test_a_flood_of_fields_is_refused_before_it_is_read(client: FlaskClient) -> None:
    body = "&".join(f"{number:x}=1" for number in range(20_000))

    reply = client.post("/account/log-in", data=body, content_type="application/x-www-form-urlencoded")

    assert reply.status_code == 413
    assert len(reply.data) < 20_000


def test_what_was_chosen_is_not_given_back_as_if_it_were_typed(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True

    page = app.test_client().post(
        "/review/answer", data={"choice": "chosen-7", "text": "docker ps", "code": "secret-8"}
    )

    assert page.status_code == 400
    assert "docker ps" in page.text
    assert "chosen-7" not in page.text
    assert "secret-8" not in page.text
