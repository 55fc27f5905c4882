"""Every card says in one line why it is asked today, with a plan and without."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from app.db import Database
from app.models import Question
from app.services import plans
from app.services.identity import Person
from app.services.plans import Wanted
from tests.conftest import Clock
from tests.desk import WRONG, Desk

MakeQuestion = Callable[..., Question]


@pytest.fixture
def desk(db: Database, clock: Clock, log_in: Callable[..., Person], make_question: MakeQuestion) -> Desk:
    make_question()
    return Desk(db, clock, log_in(locale="en"))


def keep(desk: Desk, days: int = 30) -> None:
    with desk.db.writing() as session:
        plans.keep(session, desk.person, Wanted(desk.today + timedelta(days=days), 20), desk.clock())


def reason(client: FlaskClient) -> str:
    """The line on the question that is asked now."""
    text = unescape(client.get("/review/").text)
    return text.split('<p class="why">')[1].split("</p>")[0] if '<p class="why">' in text else ""


def answer(desk: Desk, response: dict[str, object] | None = None) -> None:
    desk.answer(Question(id=desk.day().queue.next), **({"response": response} if response else {}))


def test_a_new_card_is_within_the_daily_limit(client: FlaskClient, desk: Desk) -> None:
    assert reason(client) == "Why today: a new card, within your daily limit."


def test_a_card_of_today_is_due_today(client: FlaskClient, desk: Desk, clock: Clock) -> None:
    answer(desk)
    clock.advance(days=1)

    assert reason(client) == "Why today: it is due today."


def test_a_late_card_says_since_when(client: FlaskClient, desk: Desk, clock: Clock) -> None:
    answer(desk)
    clock.advance(days=4)

    assert reason(client) == "Why today: due since Tuesday 24 November."


def test_a_plan_says_that_a_new_card_is_in_pace(client: FlaskClient, desk: Desk) -> None:
    keep(desk)

    assert reason(client) == "Why today: new, at the pace that lets you see the whole course in time."


@pytest.mark.parametrize(("days", "when"), [(30, "in 14 days"), (6, "at the exam")])
def test_a_plan_says_what_a_review_adds_and_when(
    client: FlaskClient, desk: Desk, clock: Clock, days: int, when: str
) -> None:
    keep(desk, days)
    answer(desk)
    clock.advance(days=3)

    said = reason(client)

    assert "(known today: " in said
    assert f"in 100 of recalling it {when}." in said


def test_a_card_asked_again_says_so_itself(client: FlaskClient, desk: Desk) -> None:
    answer(desk, dict(WRONG))

    assert reason(client) == ""
    assert "Asked again: it was missed a moment ago" in client.get("/review/").text
