"""A learner's own page with a plan: what it says before, on and after the day of the exam, and when nothing is left."""

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from app.db import Database
from app.models import Question
from app.services import classes, exams, plans
from app.services.exams import Draft
from app.services.identity import Person
from app.services.plans import Wanted
from tests.classroom import open_class
from tests.conftest import Clock
from tests.desk import Desk

MONDAY = date(2026, 11, 23)
MakeQuestion = Callable[..., Question]


@pytest.fixture
def desk(db: Database, clock: Clock, log_in: Callable[..., Person], make_question: MakeQuestion) -> Desk:
    """A learner who reads English, and four questions."""
    for _ in range(4):
        make_question()
    return Desk(db, clock, log_in(locale="en"))


def keep(desk: Desk, days: int = 30, **fields: Any) -> None:
    wanted = Wanted(**{"exam_on": desk.today + timedelta(days=days), "minutes_a_day": 20, **fields})
    with desk.db.writing() as session:
        plans.keep(session, desk.person, wanted, desk.clock())


def finish(desk: Desk) -> None:
    """Answer whatever the day asks for."""
    while (following := desk.day().queue.next) is not None:
        desk.answer(Question(id=following))


@pytest.fixture
def home(client: FlaskClient) -> Callable[[], str]:
    """Return a function that reads the learner's own page."""
    return lambda: unescape(client.get("/").text)


def test_a_plan_counts_the_days_and_says_how_ready_one_will_be(desk: Desk, home: Callable[[], str]) -> None:
    keep(desk)

    text = home()

    assert "D−30" in text
    assert "Exam in 30 days," in text
    assert "Ready for Wednesday 23 December" in text
    assert "of the cards you study, between" in text
    assert "At this pace you will have met every card by the exam." in text
    assert "what it changes can be told from tomorrow on" in text


def test_the_day_after_says_what_changed(desk: Desk, clock: Clock, home: Callable[[], str]) -> None:
    keep(desk, days=4, minutes_a_day=5)
    finish(desk)
    clock.advance(days=1)

    text = home()

    assert "You gave 4 answers yesterday." in text
    assert "can be told from tomorrow on" not in text


def test_a_day_that_is_done_offers_ten_minutes_or_says_that_they_would_hardly_help(
    desk: Desk, home: Callable[[], str], make_question: MakeQuestion, client: FlaskClient
) -> None:
    keep(desk, days=300, minutes_a_day=5)
    finish(desk)
    idle = home()
    for _ in range(20):
        make_question()
    with desk.db.writing() as session:  # a changed plan sees the new questions
        plans.keep(session, desk.person, Wanted(desk.today + timedelta(days=300), 6), desk.clock())
    finish(desk)
    offered, review = home(), unescape(client.get("/review/").text)

    assert "You are done for today." in idle
    assert "more time would hardly help.</p>" in idle  # nothing is promised of tomorrow, which may be the exam
    assert "without loss" not in review
    for page in (offered, review):
        assert "Ten more minutes would bring:" in page
        assert "new cards." in page
        assert "/plan/more" in page


def test_a_day_off_is_one(desk: Desk, home: Callable[[], str], client: FlaskClient) -> None:
    keep(desk, days_off=frozenset({MONDAY}))

    text = home()

    assert "A day off." in text
    assert "nothing is expected" in text
    assert "Ten more minutes today" in text
    review = client.get("/review/").text
    assert "A day off" in review
    assert "without loss" not in review


def test_days_missed_are_no_wall(desk: Desk, clock: Clock, home: Callable[[], str]) -> None:
    keep(desk)
    desk.answer(Question(id=desk.day().queue.next))
    clock.advance(days=4)

    text = home()

    assert "3 days without study. The plan has been made anew" in text
    assert "nothing to catch up" in text
    assert "in a row" not in text


def test_days_in_a_row_are_counted_over_days_off(desk: Desk, clock: Clock, home: Callable[[], str]) -> None:
    keep(desk, days_off=frozenset({MONDAY + timedelta(days=1)}))
    desk.answer(Question(id=desk.day().queue.next))
    clock.advance(days=2)
    desk.answer(Question(id=desk.day().queue.next))

    assert "2 days of study in a row." in home()


def test_a_plan_whose_topics_have_no_question_left_is_to_be_changed(
    desk: Desk, db: Database, home: Callable[[], str], make_question: MakeQuestion, client: FlaskClient
) -> None:
    kept, gone = make_question(topic="volumes"), desk.day().queue.next
    desk.answer(Question(id=gone))
    keep(desk, left_out=frozenset({kept.topic_id}))
    with db.writing() as session:
        session.execute(update(Question).where(Question.id != kept.id).values(retired=True))

    text, progress = home(), client.get("/progress/").text

    assert "The topics of your plan have no question left:" in text
    assert "Ready for" not in text
    assert "met every card" not in text
    assert "the plan asks for nothing more." in progress


def test_a_row_of_days_longer_than_three_months_is_counted_whole(
    desk: Desk, clock: Clock, home: Callable[[], str]
) -> None:
    keep(desk, days=200)
    question = desk.day().queue.next
    for _ in range(100):
        desk.answer(Question(id=question))
        clock.advance(days=1)

    assert "100 days of study in a row." in home()


def test_on_the_day_of_the_exam_the_plan_has_done_its_work(
    desk: Desk, clock: Clock, home: Callable[[], str], client: FlaskClient
) -> None:
    keep(desk, days=1)
    clock.advance(days=1)

    text, set_up = home(), client.get("/plan/").text

    assert "The exam is today: the plan has done its work. The cards above are" in text
    assert "Ready for" not in text
    assert "The exam of the plan you have is today." in set_up


def test_once_they_are_done_no_cards_are_above_on_the_day_of_the_exam(
    desk: Desk, clock: Clock, home: Callable[[], str]
) -> None:
    keep(desk, days=1)
    clock.advance(days=1)
    finish(desk)

    text = home()

    assert "The exam is today: the plan has done its work." in text
    assert "The cards above" not in text


def test_after_the_exam_another_one_can_be_planned(desk: Desk, clock: Clock, home: Callable[[], str]) -> None:
    keep(desk, days=1)
    clock.advance(days=2)

    text = home()

    assert "Your exam was on Tuesday 24 November." in text
    assert "without study" not in text
    assert "Another exam?" in text


def test_without_a_plan_a_date_is_asked_for(desk: Desk, home: Callable[[], str]) -> None:
    assert "No exam yet. Give its date and your revision can be planned" in home()


def test_an_exam_that_a_teacher_announced_is_planned_with_one_press(
    desk: Desk, home: Callable[[], str], make_user: Callable[..., Person]
) -> None:
    teacher, now = make_user(role="teacher"), desk.clock()
    taught = open_class(desk.db, teacher, now)
    opens = now + timedelta(days=23)
    with desk.db.writing() as session:
        classes.join(session, desk.person, taught.join_code or "", "Alice", now)
        draft = Draft("Final", opens_at=opens, closes_at=opens + timedelta(hours=2), questions=(1,))
        exam_id = exams.create(session, teacher, taught.id, draft, now)
        exams.publish(session, teacher, exam_id, now)

    text = home()

    assert "Your teacher has announced “Final” for Wednesday 16 December." in text
    assert "/plan/?exam_on=2026-12-16" in text
