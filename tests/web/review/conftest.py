"""A browser without JavaScript that reads the form it was shown and sends it filled."""

import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.bank.schema import from_document
from app.db import Database
from app.exam import responses
from app.models import QuestionVersion, ReviewLog

_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
_FORM = re.compile(r'<form[^>]* action="(?P<action>[^"]*)".*?</form>', re.DOTALL)

Form = dict[str, Any]


def form_to(html: str, action: str) -> Form:
    """The hidden fields of the page's form that is sent to `action`."""
    found = next(form for form in _FORM.finditer(html) if form["action"] == action)
    return {name: unescape(value) for name, value in _HIDDEN.findall(found[0])}


@pytest.fixture
def ask(client: FlaskClient) -> Callable[..., Form]:
    """Return a function that opens the review and reads the question's form."""

    def open_review(browser: FlaskClient | None = None, action: str = "/review/answer") -> Form:
        return form_to((browser or client).get("/review/").text, action)

    return open_review


@pytest.fixture
def fill(db: Database) -> Callable[[Form, Mapping[str, object]], Form]:
    """Return a function that fills a form with a response in the bank's own ids."""

    def filled(form: Form, response: Mapping[str, object]) -> Form:
        shown = (
            QuestionVersion.question_id == int(form["question"]),
            QuestionVersion.number == int(form["edition"]),
        )
        with db.reading() as session:
            body = from_document(session.scalars(select(QuestionVersion.body).where(*shown)).one())
        return {**form, **responses.to_fields(body, response, form["answer_id"])}

    return filled


@pytest.fixture
def log(db: Database) -> Callable[[], list[tuple[str, int | None]]]:
    """Return a function that lists the kinds and grades of everything that was recorded."""

    def rows() -> list[tuple[str, int | None]]:
        with db.reading() as session:
            return [(row.kind, row.grade) for row in session.scalars(select(ReviewLog).order_by(ReviewLog.id))]

    return rows
