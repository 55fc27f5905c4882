"""GET /progress/."""

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from app.db import Database
from app.models import Question
from app.services import plans
from app.services.identity import Person
from app.srs.sm2 import Grade
from tests.classroom import answer
from tests.conftest import Clock
from tests.statements import counted

MakeQuestion = Callable[..., Question]
LogIn = Callable[..., Person]


def test_a_visitor_is_sent_to_log_in(client: FlaskClient) -> None:
    assert client.get("/progress/").status_code == 303


def test_before_the_first_answer_the_page_says_what_to_do(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion
) -> None:
    log_in(locale="en")
    make_question()

    page = client.get("/progress/").text

    assert "Nothing to measure yet" in page
    assert 'href="/review/"' in page


def test_the_page_names_each_topic_with_its_numbers(
    client: FlaskClient, db: Database, clock: Clock, log_in: LogIn, make_question: MakeQuestion
) -> None:
    learner, question = log_in(locale="en"), make_question()
    answer(db, learner, question, Grade.GOOD, clock(), took_ms=45_000)
    clock.advance(days=1)
    answer(db, learner, question, Grade.GOOD, clock(), took_ms=45_000)
    make_question()

    page = client.get("/progress/").text

    assert "1 of 2 seen" in page
    assert "100% known" in page
    assert "2 answers, 2 minutes in all" in page


def test_every_chart_has_its_figures_and_no_style(
    client: FlaskClient, db: Database, clock: Clock, log_in: LogIn, make_question: MakeQuestion
) -> None:
    learner = log_in(locale="en")
    answer(db, learner, make_question(), Grade.GOOD, clock())

    page = client.get("/progress/").text

    assert page.count('<svg class="chart"') - page.count("aria-hidden") <= page.count("See the figures")
    assert page.count("See the figures") == 6
    assert "style=" not in page


def test_the_page_takes_a_handful_of_statements(
    client: FlaskClient, db: Database, clock: Clock, log_in: LogIn, make_question: MakeQuestion
) -> None:
    learner = log_in(locale="en")
    for _ in range(6):
        answer(db, learner, make_question(), Grade.GOOD, clock())
    clock.advance(days=1)

    with counted(db) as first:
        client.get("/progress/")
    with counted(db) as again:
        client.get("/progress/")

    assert (len(first), len(again)) == (5, 4)  # the session's look-up, then the page's own


def test_the_way_to_an_exam_is_drawn_in_minutes_and_cards(
    client: FlaskClient, db: Database, clock: Clock, log_in: LogIn, make_question: MakeQuestion
) -> None:
    learner = log_in(locale="en")
    answer(db, learner, make_question(), Grade.GOOD, clock())
    exam_on = learner.today(clock()) + timedelta(days=20)
    with db.writing() as session:
        plans.keep(session, learner, plans.Wanted(exam_on, 20), clock())

    page = client.get("/progress/").text

    assert "Until the exam on Sunday 13 December: about" in page
    assert "due by SM-2: the plan says what to study" in page
    assert "to review today" not in page
    assert "Work expected each day until the exam" in page
