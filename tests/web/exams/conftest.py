"""A student in front of an exam, in a browser without JavaScript."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.services.identity import Person
from tests.hall import Hall, sit


class Student:
    """One student of the hall's class, in one browser."""

    def __init__(self, hall: Hall, who: Person, browser: FlaskClient) -> None:
        self.hall, self.who, self.browser = hall, who, browser

    def start(self, **form: str) -> int:
        """Start from the exam's page; return the attempt."""
        reply = self.browser.post(f"/exams/{self.hall.exam_id}/start", data=form)
        assert reply.status_code == 303, reply.text
        return int(reply.location.rstrip("/").rpartition("/")[2])

    def page(self, attempt: int, path: str = "") -> TestResponse:
        """One page of the attempt."""
        return self.browser.get(f"/attempts/{attempt}/{path}")

    def text(self, path: str) -> str:
        """The words of a page."""
        return unescape(self.browser.get(path).text)

    def fields(self, attempt: int, path: str = "") -> dict[str, Any]:
        """What the form of the page holds without being touched: its hidden fields."""
        found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.page(attempt, path).text)
        return {name: unescape(value) for name, value in found if name != "csrf_token"}

    def turn(self, attempt: int, path: str = "", **changed: str) -> TestResponse:
        """Send the page's form, filled in; names are written with _ for -."""
        data = self.fields(attempt, path) | {name.replace("_", "-"): value for name, value in changed.items()}
        return self.browser.post(f"/attempts/{attempt}/", data=data)

    def choice(self, attempt: int, position: int, wanted: str = "b") -> str:
        """The value of a choice at a place."""
        return self.hall.choice(self.who, attempt, position, wanted)

    def save(self, attempt: int, epoch: int = 1, **fields: Any) -> TestResponse:
        """What the page's script sends."""
        data = {name.replace("_", "-"): value for name, value in fields.items()}
        return self.browser.post(f"/attempts/{attempt}/save", data={"epoch": epoch, **data})

    def submit(self, attempt: int) -> TestResponse:
        """Hand in from the last page."""
        return self.browser.post(f"/attempts/{attempt}/submit", data=self.fields(attempt, "hand-in"))

    def responses(self, attempt: int) -> list[Any]:
        """What is stored."""
        return [item.response for item in self.hall.sheet(self.who, attempt).items]


@pytest.fixture
def seat(app: Flask, make_user: Callable[..., Person], log_in: Callable[..., Person]) -> Callable[..., Student]:
    """Return a factory: one more student of a hall (or the same one in another browser)."""

    def make(hall: Hall, name: str = "Alice", who: Person | None = None, **fields: Any) -> Student:
        person = who or sit(hall, lambda login: make_user(login, **{"locale": "en", **fields}), name)
        browser = app.test_client()
        log_in(person, browser)
        return Student(hall, person, browser)

    return make


@pytest.fixture
def hall(make_hall: Callable[..., Hall]) -> Hall:
    """An exam that is open now."""
    return make_hall()


@pytest.fixture
def alice(hall: Hall, seat: Callable[..., Student]) -> Student:
    """A student of the hall, in front of it."""
    return seat(hall)
