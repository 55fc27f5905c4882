"""The night before an exam, on the practice page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import Database
from app.models import Question, ReviewLog, Topic
from app.services import plans
from app.services.identity import Person
from app.services.plans import Wanted
from app.srs.sm2 import Grade
from tests.classroom import answer
from tests.conftest import Clock
from tests.web.practice.test_quiz import answer_quiz


@pytest.fixture
def learner(
    db: Database, clock: Clock, log_in: Callable[..., Person], make_question: Callable[..., Question]
) -> Person:
    """Somebody who answered one card eight days ago."""
    learner = log_in(locale="en")
    answer(db, learner, make_question(), Grade.GOOD, clock())
    clock.advance(days=8)
    return learner


def test_the_practice_page_offers_an_evening_to_everybody(client: FlaskClient, learner: Person) -> None:
    page = client.get("/practice/").text

    assert "The night before an exam" in page
    assert "1 card is on the edge for tomorrow." in page


def test_on_the_eve_the_offer_comes_first(client: FlaskClient, db: Database, clock: Clock, learner: Person) -> None:
    with db.writing() as session:
        plans.keep(session, learner, Wanted(learner.today(clock()) + timedelta(days=1), 30), clock())

    page = client.get("/practice/").text

    assert 0 < page.index("Your exam is tomorrow") < page.index("Surprise me")


def test_the_evening_begins_with_an_address_that_holds_its_minutes(client: FlaskClient, learner: Person) -> None:
    reply = client.get("/practice/question?which=eve&minutes=30")

    assert "which=eve&minutes=30" in reply.location
    assert "Practice: 1 of 1" in client.get(reply.location).text


def test_a_due_card_of_the_evening_is_a_review(client: FlaskClient, db: Database, learner: Person) -> None:
    begun = client.get("/practice/question?which=eve").location.partition("?")[2]

    answer_quiz(client, begun, "none")

    with db.reading() as session:
        assert session.scalars(select(ReviewLog.kind).order_by(ReviewLog.number)).all() == ["review", "review"]


@pytest.mark.parametrize(("days", "said"), [(1, True), (2, False)])
def test_on_the_eve_the_day_s_page_leads_to_the_evening(
    client: FlaskClient, db: Database, clock: Clock, learner: Person, days: int, said: bool
) -> None:
    with db.writing() as session:
        plans.keep(session, learner, Wanted(learner.today(clock()) + timedelta(days=days), 30), clock())

    assert ("Your exam is tomorrow" in client.get("/").text) is said


def test_topics_left_out_of_the_plan_are_no_part_of_the_evening(
    client: FlaskClient, db: Database, clock: Clock, learner: Person, make_question: Callable[..., Question]
) -> None:
    clock.advance(days=-8)
    elsewhere = make_question(topic="volumes")
    answer(db, learner, elsewhere, Grade.GOOD, clock())
    clock.advance(days=8)
    before = client.get("/practice/").text
    left_out = frozenset({elsewhere.topic_id})
    with db.writing() as session:
        plans.keep(session, learner, Wanted(learner.today(clock()) + timedelta(days=1), 30, left_out=left_out), clock())

    page = client.get("/practice/").text
    quiz = client.get("/practice/question?which=eve", follow_redirects=True).text

    assert "2 cards are on the edge for tomorrow." in before
    assert "1 card is on the edge for tomorrow." in page
    assert "Practice: 1 of 1" in quiz


def test_the_topics_of_a_plan_that_is_over_do_not_matter(
    client: FlaskClient, db: Database, clock: Clock, learner: Person, make_question: Callable[..., Question]
) -> None:
    make_question(topic="volumes")
    with db.reading() as session:
        network = session.scalars(select(Topic.id).where(Topic.slug == "network")).one()
    clock.advance(days=-3)
    with db.writing() as session:
        exam_on = learner.today(clock()) + timedelta(days=1)
        plans.keep(session, learner, Wanted(exam_on, 30, left_out=frozenset({network})), clock())
    clock.advance(days=3)

    assert "1 card is on the edge for tomorrow." in client.get("/practice/").text
