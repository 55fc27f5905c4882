"""The log: one line a request, nothing in it that a log should not know."""

import json
import logging
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from app.db import Database
from app.models import Course, User
from app.services.identity import Person
from app.web.logs import JsonLines
from tests.conftest import MONDAY_MORNING

Lines = Callable[[], list[dict[str, object]]]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Lines:
    """Return a function that gives what was written so far, as a reader of the log gets it."""
    caplog.set_level(logging.INFO)

    def written() -> list[dict[str, object]]:
        shown = [JsonLines().format(record) for record in caplog.records]
        assert not any("\n" in line for line in shown)
        return [json.loads(line) for line in shown]

    return written


def test_a_request_is_one_line(client: FlaskClient, lines: Lines) -> None:
    client.get("/account/log-in")

    [line] = lines()
    assert (line["method"], line["route"], line["status"], line["level"]) == ("GET", "/account/log-in", 200, "info")
    assert isinstance(line["took_ms"], float)


@pytest.mark.parametrize(
    ("path", "secret"),
    [
        ("/account/reset/a-secret-link", "a-secret-link"),
        ("/join/ABCD-EFGH", "ABCD-EFGH"),
        ("/calendar/a-secret-address.ics", "a-secret-address"),
        ("/nowhere?q=hidden", "hidden"),
    ],
)
def test_an_address_that_may_hold_a_secret_is_not_written(
    client: FlaskClient, lines: Lines, path: str, secret: str
) -> None:
    client.get(path)

    written = lines()
    assert len(written) >= 1
    assert secret not in json.dumps(written)


def test_passwords_and_tokens_are_not_written(client: FlaskClient, lines: Lines, log_in: Callable[..., Person]) -> None:
    log_in()
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    client.post("/account/log-in", data={"login": "alice-the-name", "password": "correct horse"})

    written = json.dumps(lines())
    assert not any(secret in written for secret in ("correct horse", "alice-the-name", token))


def test_an_answer_is_not_written(
    client: FlaskClient, lines: Lines, log_in: Callable[..., Person], make_question: Callable[..., object]
) -> None:
    make_question()
    log_in()
    answer_id = "7a1f1d9e-63a8-4f0b-8ad3-0c3a5a1f9b11"
    sent = {"answer_id": answer_id, "question": 1, "version": 0, "text": "my own words"}

    client.post("/review/answer", data=sent)

    written = json.dumps(lines())
    assert not any(part in written for part in (answer_id, "my own words"))


@pytest.mark.both
@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "my own words", "display_name": "alice@example.org\nand more"},
        {"role": None, "display_name": "my own words"},
        {"role": "learner", "new_per_day": "my own words", "display_name": "alice@example.org"},
    ],
    ids=["a check", "nothing where something must be", "a type"],
)
def test_a_database_error_is_written_without_what_it_was_given(
    new_app: Flask, db: Database, lines: Lines, course: Course, wrong: dict[str, object]
) -> None:
    def store() -> str:
        with db.writing() as session:
            values = {"course_id": course.id, "created_at": MONDAY_MORNING, "seen_at": MONDAY_MORNING}
            session.execute(insert(User).values(**values | wrong))
        return ""

    new_app.add_url_rule("/tests/broken", view_func=store)

    new_app.test_client().get("/tests/broken")

    error = next(line for line in lines() if line["level"] == "error")
    assert "INSERT INTO user_account" in str(error["error"])
    assert not any(part in json.dumps(error) for part in ("my own words", "alice@example.org", "and more"))


def test_an_unforeseen_error_is_written_with_the_reference_of_its_page(new_app: Flask, lines: Lines) -> None:
    new_app.add_url_rule("/tests/broken", view_func=lambda: str(1 / 0))

    page = new_app.test_client().get("/tests/broken").text

    error = next(line for line in lines() if line["level"] == "error")
    assert "ZeroDivisionError" in str(error["error"])
    assert str(error["reference"]) in page


def test_a_new_line_in_a_value_cannot_forge_a_second_one() -> None:
    record = logging.LogRecord("tests", logging.INFO, "", 0, 'x\n{"level": "critical"}\u2028y', None, None)
    record.fields = {"route": "a\r\nb"}

    line = JsonLines().format(record)

    assert len(line.splitlines()) == 1
    assert json.loads(line)["route"] == "a\r\nb"
