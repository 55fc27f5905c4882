"""A quiz whose right answers and score come at its end."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.models import Question
from app.services import practising
from app.services.identity import Person
from tests.conftest import Clock
from tests.web.practice.test_quiz import EXPLANATION, answer_quiz, hidden

MakeQuestion = Callable[..., Question]


@pytest.fixture
def address(clock: Clock, log_in: Callable[..., Person], make_question: MakeQuestion) -> str:
    """The query of a quiz on two questions that begins now."""
    log_in(locale="en")
    for _ in range(2):
        make_question()
    return f"seed={practising.seed_of(clock())}&n=all&which=all&feedback=end"


def test_an_answer_leads_to_the_next_question_and_tells_nothing(client: FlaskClient, address: str) -> None:
    reply = answer_quiz(client, address, "none")

    page = client.get(reply.location).text
    assert "/practice/question?" in reply.location
    assert "Practice: 2 of 2" in page
    assert EXPLANATION not in page


def test_the_script_gets_the_next_question_in_one_reply(client: FlaskClient, address: str) -> None:
    page = client.get(f"/practice/question?{address}").text
    form = {**hidden(page), "dont_know": "1"}

    reply = client.post(
        f"/practice/answer?{address}", data=form, headers={"X-Rappel-Fragment": "1"}, follow_redirects=True
    )

    assert "Practice: 2 of 2" in reply.text
    assert EXPLANATION not in reply.text


def test_an_answered_place_leads_on_rather_than_to_its_feedback(client: FlaskClient, address: str) -> None:
    answer_quiz(client, address, "none")

    assert "Practice: 2 of 2" in client.get(f"/practice/question?{address}&place=1").text


def test_left_halfway_it_tells_no_score(client: FlaskClient, address: str) -> None:
    answer_quiz(client, address, "none")

    page = client.get(f"/practice/summary?{address}").text

    assert "The quiz is not over" in page
    assert "right answer" not in page


def test_ended_early_it_tells_what_there_is(client: FlaskClient, address: str) -> None:
    answer_quiz(client, address, "none")

    page = client.get(f"/practice/summary?{address}&ended=1").text

    assert "1 right answer out of 1" in page


def test_over_it_leads_from_each_answer_to_its_feedback_and_back(client: FlaskClient, address: str) -> None:
    for place in (1, 2):
        answer_quiz(client, address, "none", place)

    page = client.get(f"/practice/summary?{address}").text

    feedback = page.split('href="/practice/feedback/')[1].split('"')[0].replace("&amp;", "&")
    shown = client.get(f"/practice/feedback/{feedback}").text
    assert "2 right answers out of 2" in page
    assert EXPLANATION in shown
    assert 'href="/practice/summary?' in shown
