"""GET /cards/: the list as a page."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.db import Database
from app.models import Question
from app.services import cards
from app.services.browsing import PAGE_SIZE
from app.services.identity import Person
from app.srs.sm2 import Grade
from tests.classroom import answer
from tests.conftest import Clock

MakeQuestion = Callable[..., Question]
LogIn = Callable[..., Person]


def test_a_visitor_is_sent_to_log_in_and_back(client: FlaskClient) -> None:
    reply = client.get("/cards/?words=volume")

    assert reply.status_code == 303
    assert "next=/cards/?words%3Dvolume" in reply.location.replace("%2F", "/").replace("%3F", "?")


def test_the_list_links_to_each_card(client: FlaskClient, log_in: LogIn, make_question: MakeQuestion) -> None:
    log_in(locale="en")
    question = make_question()

    page = client.get("/cards/").text

    assert f'href="/cards/{question.id}"' in page
    assert "Which network isolates everything?" in page


def test_a_search_is_kept_in_its_field(client: FlaskClient, log_in: LogIn, make_question: MakeQuestion) -> None:
    log_in(locale="en")
    make_question()

    page = client.get("/cards/", query_string={"words": '"network" <b>'}).text

    assert 'value="&#34;network&#34; &lt;b&gt;"' in page


def test_a_search_that_finds_nothing_says_what_to_do(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion
) -> None:
    log_in(locale="en")
    make_question()

    page = client.get("/cards/?words=kubernetes").text

    assert "No card is like that" in page
    assert "Show all" in page


def test_a_course_without_questions_says_so(client: FlaskClient, log_in: LogIn) -> None:
    log_in(locale="en")

    assert "No card yet" in client.get("/cards/").text


@pytest.mark.parametrize("query", ["state=nonsense", "page=0", "page=-3", "page=999999999999", "topic=%00", "page=²"])
def test_an_address_that_makes_no_sense_lists_what_there_is(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, query: str
) -> None:
    log_in()
    make_question()

    assert client.get(f"/cards/?{query}").status_code == 200


def test_the_next_page_keeps_the_search(client: FlaskClient, log_in: LogIn, make_question: MakeQuestion) -> None:
    log_in(locale="en")
    for _ in range(PAGE_SIZE + 1):
        make_question()

    page = client.get("/cards/?words=network&state=new").text

    assert 'rel="next" href="/cards/?page=2&amp;words=network&amp;state=new"' in page


def test_the_list_never_holds_an_explanation(
    client: FlaskClient, db: Database, clock: Clock, log_in: LogIn, make_question: MakeQuestion
) -> None:
    learner, question = log_in(locale="en"), make_question()
    answer(db, learner, question, Grade.GOOD, clock())

    assert "only has the loopback" not in client.get("/cards/?words=loopback").text


def test_a_card_set_aside_is_said_so(
    client: FlaskClient, db: Database, log_in: LogIn, make_question: MakeQuestion
) -> None:
    learner, question = log_in(locale="en"), make_question()
    with db.writing() as session:
        cards.suspend(session, learner, question.id)

    assert "Not asked until you take it back." in client.get("/cards/?state=suspended").text
