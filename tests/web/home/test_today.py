"""Today when nothing can be asked: the page says why, and never that all is done when a limit holds cards back."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.db import Database
from app.models import Question
from app.services.identity import Person
from tests.conftest import Clock
from tests.desk import Desk

LogIn = Callable[..., Person]
MakeQuestion = Callable[..., Question]

PAGES = pytest.mark.parametrize("page", ["/", "/review/"])


@pytest.fixture
def came(log_in: LogIn, db: Database, clock: Clock, make_question: MakeQuestion) -> Callable[..., Person]:
    """Return a function: somebody with these settings, three cards due today and two new ones."""

    def come(**settings: Any) -> Person:
        who = log_in(locale="en", **settings)
        desk = Desk(db, clock, who)
        for _ in range(3):
            desk.answer(make_question())
        clock.advance(days=1)
        for _ in range(2):
            make_question()
        return who

    return come


@PAGES
def test_limits_that_let_nothing_through_are_named_with_what_they_hold_back(
    page: str, client: FlaskClient, came: Callable[..., Person]
) -> None:
    came(new_per_day=0, reviews_per_day=0)

    text = unescape(client.get(page).text)

    assert "Your daily limits let no card through" in text
    assert "Your daily limit of reviews (0) holds back 3 cards." in text
    assert "Your daily limit of new cards (0) holds back 2." in text
    assert "/settings/#reviews_per_day" in text
    assert "That’s all" not in text and "comes back" not in text and "Nothing to review" not in text


@PAGES
def test_a_limit_reached_during_the_day_says_what_waits(
    page: str, client: FlaskClient, db: Database, clock: Clock, came: Callable[..., Person]
) -> None:
    desk = Desk(db, clock, came(new_per_day=1, reviews_per_day=2))
    while (following := desk.day().queue.next) is not None:
        desk.answer(Question(id=following))

    text = unescape(client.get(page).text)

    assert "That’s all for today" in text
    assert "Your daily limit of reviews (2) holds back 1 card." in text
    assert "Your daily limit of new cards (1) holds back 1." in text
    assert "comes back tomorrow" in text


@PAGES
def test_a_day_that_is_done_names_no_limit(
    page: str, client: FlaskClient, log_in: LogIn, db: Database, clock: Clock, make_question: MakeQuestion
) -> None:
    Desk(db, clock, log_in(locale="en")).answer(make_question())

    text = unescape(client.get(page).text)

    assert "That’s all for today" in text
    assert "daily limit" not in text


def test_a_learner_at_work_is_told_no_limit(client: FlaskClient, came: Callable[..., Person]) -> None:
    came(reviews_per_day=1)

    text = unescape(client.get("/").text)

    assert "daily limit" not in text
