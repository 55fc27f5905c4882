"""The plan's page: set up, seen before it is saved, changed, taken away; one set of sentences for both ways."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.db import Database
from app.models import ExamPlan, PlanDayOff, Question
from app.services import plans
from app.services.identity import Person
from tests.conftest import Clock

Fields = dict[str, Any]
LogIn = Callable[..., Person]


@pytest.fixture
def fields(log_in: LogIn, make_question: Callable[..., Question]) -> Fields:
    """What a learner's form holds: a course of two topics, an exam in 30 days."""
    log_in(locale="en")
    topics = sorted({make_question().topic_id, make_question(topic="volumes").topic_id})
    return {"exam_on": "2026-12-23", "minutes_a_day": "20", "topics": [str(topic) for topic in topics]}


def kept(db: Database) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(ExamPlan)) or 0


def text_of(client: FlaskClient, address: str = "/plan/", **query: Any) -> str:
    return unescape(client.get(address, query_string=query).text)


def test_a_plan_that_is_saved_leads_the_day(client: FlaskClient, fields: Fields) -> None:
    reply = client.post(
        "/plan/", data={**fields, "weekdays_off": ["6"], "days_off": ["2026-11-30", "2026-12-02", "", ""]}
    )

    home = text_of(client, "/")
    assert (reply.status_code, reply.location) == (303, "/")
    assert "Your plan is kept" in home
    assert "D−30" in home
    assert "2 cards" in home


def test_a_row_of_days_off_is_from_one_day_to_another(client: FlaskClient, db: Database, fields: Fields) -> None:
    client.post("/plan/", data={**fields, "days_off": ["2026-11-30", "2026-12-02", "2026-12-10", ""]})

    with db.reading() as session:
        days = [day.isoformat() for day in session.scalars(select(PlanDayOff.day).order_by(PlanDayOff.day))]
    assert days == ["2026-11-30", "2026-12-01", "2026-12-02", "2026-12-10"]
    assert 'value="2026-12-02"' in text_of(client)


def test_days_off_that_are_over_stay_written_down(
    client: FlaskClient, db: Database, clock: Clock, fields: Fields
) -> None:
    client.post("/plan/", data={**fields, "days_off": ["2026-11-24", ""]})
    clock.advance(days=3)

    reply = client.post("/plan/", data={**fields, "days_off": ["2026-11-30", ""]})

    assert reply.status_code == 303
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(PlanDayOff)) == 2


def test_everything_wrong_is_said_at_once_and_what_was_typed_stays(
    client: FlaskClient, db: Database, fields: Fields
) -> None:
    wrong = {
        "exam_on": "soon",
        "minutes_a_day": "2",
        "days_off": ["never", ""],
        "weekdays_off": [str(n) for n in range(7)],
    }

    reply = client.post("/plan/", data=wrong)

    text = unescape(reply.text)
    assert (reply.status_code, kept(db)) == (400, 0)
    assert text.count("Type a day, such as") == 2
    assert "Type a whole number from 5 to 180." in text
    assert "leave at least one." in text
    assert "Keep at least one topic." in text
    assert 'value="soon"' in text
    assert 'value="never"' in text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"exam_on": "2026-11-23"}, "The exam has to be after today."),
        ({"exam_on": "2028-01-01"}, "more than a year away"),
        ({"days_off": ["2026-12-23", ""]}, "Days off lie between today and the day before the exam."),
        ({"days_off": ["2026-12-03", "2026-12-01"]}, "A row ends before it begins."),
        ({"topics": ["x"]}, "Choose one of the values offered."),
    ],
)
def test_a_rule_is_told_at_its_field(client: FlaskClient, fields: Fields, changed: Fields, sentence: str) -> None:
    reply = client.post("/plan/", data={**fields, **changed})

    assert reply.status_code == 400
    assert sentence in unescape(reply.text)


def test_a_button_says_what_it_means_and_saves_nothing(client: FlaskClient, db: Database, fields: Fields) -> None:
    reply = client.post("/plan/", data={**fields, "look": "1"})

    text = unescape(reply.text)
    assert (reply.status_code, kept(db)) == (200, 0)
    assert "The exam is in 30 days, on Wednesday 23 December. Days of study until then: 30." in text
    assert "A day then holds 60 reviews, or 30 new cards, at 20 seconds a review." in text
    assert "On the day you should recall about" in text
    assert "Nine times out of ten the truth lies between" in text


def test_the_script_gets_the_same_sentences(client: FlaskClient, db: Database, fields: Fields) -> None:
    text = text_of(client, "/plan/effect", **fields)

    assert "<html" not in text
    assert "Days of study until then: 30." in text
    assert "On the day you should recall about" in text
    assert kept(db) == 0


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"exam_on": "2026-11-01"}, "The exam has to be after today."),
        ({"minutes_a_day": "4"}, "Type a whole number from 5 to 180."),
    ],
)
def test_the_script_is_told_what_is_wrong(client: FlaskClient, fields: Fields, changed: Fields, sentence: str) -> None:
    text = text_of(client, "/plan/effect", **{**fields, **changed})

    assert sentence in text
    assert "Not to be told yet: the fields that need another look say why." in text
    assert "Give the date" not in text


def test_a_change_is_shown_beside_the_plan_that_is_kept(client: FlaskClient, fields: Fields) -> None:
    client.post("/plan/", data=fields)

    text = text_of(client, "/plan/effect", **{**fields, "exam_on": "2026-11-25"})

    assert "With the plan as it is kept now:" in text


def test_an_offer_fills_the_form_and_saves_nothing(client: FlaskClient, db: Database, fields: Fields) -> None:
    reply = client.post("/plan/", data={**fields, "offer": f"topics:{fields['topics'][0]}"})
    more = client.post("/plan/", data={**fields, "offer": "minutes:35"})

    assert f'value="{fields["topics"][0]}"><' in reply.text  # not ticked any more
    assert f'value="{fields["topics"][1]}" checked' in reply.text
    assert 'value="35"' in more.text
    assert kept(db) == 0
    for page in (reply, more):
        assert "On the day you should recall about" in page.text
        assert 'class="error"' not in page.text


def test_short_time_names_what_could_be_done(
    client: FlaskClient, fields: Fields, make_question: Callable[..., Question]
) -> None:
    for _ in range(6):
        make_question()

    text = text_of(client, "/plan/effect", **{**fields, "exam_on": "2026-11-24", "minutes_a_day": "5"})

    assert "Time is short: it would let you meet each new card 0.9 times" in text
    assert "Without Volumes" in text
    assert "10 minutes a day" in text


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("enough", "minutes a day lead to 80%"),
        ("weekend", "Without study on Saturday 28 November and Sunday 29 November"),
    ],
)
def test_a_question_is_answered_on_the_page(client: FlaskClient, fields: Fields, asked: str, sentence: str) -> None:
    reply = client.post("/plan/", data={**fields, "ask": asked})

    assert reply.status_code == 200
    assert sentence in unescape(reply.text)
    assert sentence in text_of(client, "/plan/effect", **fields, ask=asked)


@pytest.mark.parametrize(
    ("exam_on", "sentence"),
    [
        ("2026-11-28", "The next weekend has no study to skip."),
        ("2026-11-29", "The weekend is all the study that is left before the exam."),
        ("2026-12-23", "That costs nothing: the other days have the time"),
    ],
)
def test_a_week_end_that_cannot_be_skipped_or_costs_nothing_is_said_to(
    client: FlaskClient, fields: Fields, exam_on: str, sentence: str
) -> None:
    weekdays = ["2026-11-23", "2026-11-27"] if exam_on == "2026-11-29" else []

    reply = client.post("/plan/", data={**fields, "exam_on": exam_on, "days_off": weekdays, "ask": "weekend"})

    assert sentence in unescape(reply.text)


def test_a_date_in_the_address_is_filled_in(client: FlaskClient, db: Database, fields: Fields) -> None:
    text = text_of(client, exam_on="2026-12-16")

    assert 'value="2026-12-16"' in text
    assert "on Wednesday 16 December" in text
    assert kept(db) == 0


def test_the_rule_is_told_in_words(client: FlaskClient, fields: Fields) -> None:
    text = text_of(client)

    assert "First we bring in new cards at the pace that lets you see the whole course" in text
    assert "less than 4 chances in a hundred" in text


def test_ten_minutes_more_lead_to_the_review(client: FlaskClient, fields: Fields, db: Database) -> None:
    client.post("/plan/", data=fields)

    reply = client.post("/plan/more")

    assert (reply.status_code, reply.location) == (303, "/review/")
    with db.reading() as session:
        assert session.scalars(select(ExamPlan.extra_minutes)).one() == plans.MORE_MINUTES


def test_a_plan_is_taken_away_after_a_question(client: FlaskClient, fields: Fields, db: Database) -> None:
    client.post("/plan/", data=fields)
    asked = text_of(client, "/plan/remove")

    client.post("/plan/remove")

    assert "Take the plan away?" in asked
    assert kept(db) == 0
    assert "No exam yet." in text_of(client, "/")


def test_a_course_without_questions_has_nothing_to_plan(client: FlaskClient, log_in: LogIn, db: Database) -> None:
    log_in(locale="en")

    assert client.get("/plan/").status_code == 200
