"""The page of withdrawals: it says what will happen, then takes back questions or a whole course."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import Database
from app.models import Course, Question
from app.services.identity import Person
from tests.bank.packing import course, question, zipped
from tests.conftest import Clock
from tests.sender import Teacher

PAGE = "/teach/bank/withdraw/sea"
LOOP = question("knots-loop", "knots.bowline")
REEF = question("knots-reef", "knots.reef")
SEA = zipped({"course.yaml": course("sea"), "knots.yaml": [LOOP, REEF]})


@pytest.fixture
def bruno(log_in: Callable[..., Person], db: Database, clock: Clock) -> Teacher:
    """A teacher who is logged in and has brought a course of two questions."""
    sender = Teacher(db, clock, log_in(role="teacher", locale="en", display_name="Bruno"), None)
    sender.bring(SEA, name="sea.zip")
    return sender


@pytest.fixture
def sea(db: Database, bruno: Teacher) -> int:
    with db.reading() as session:
        return session.scalars(select(Course.id).where(Course.slug == "sea")).one()


def ids(db: Database) -> dict[str, int]:
    with db.reading() as session:
        return {slug: key for slug, key in session.execute(select(Question.slug, Question.id))}


def retired(db: Database) -> set[str]:
    with db.reading() as session:
        rows = session.scalars(select(Question.slug).where(Question.retired))
        courses = session.scalars(select(Course.slug).where(Course.retired))
        return {*rows, *courses}


def test_the_page_says_first_what_will_happen(client: FlaskClient, db: Database, bruno: Teacher) -> None:
    page = client.get(PAGE)

    assert "Students keep their cards and all they answered: nothing is deleted." in page.text
    assert "An exam that is published keeps its questions" in page.text
    assert "A course that is withdrawn is no longer offered" in page.text
    assert page.text.count('type="checkbox"') == 2
    assert retired(db) == set()


def test_a_question_that_is_ticked_is_withdrawn(client: FlaskClient, db: Database, bruno: Teacher) -> None:
    reply = client.post(PAGE, data={"what": "chosen", "questions": ids(db)["knots-loop"]}, follow_redirects=True)

    assert "1 question is withdrawn." in reply.text
    assert retired(db) == {"knots-loop"}


def test_all_are_withdrawn_at_once(client: FlaskClient, db: Database, bruno: Teacher) -> None:
    reply = client.post(PAGE, data={"what": "all"}, follow_redirects=True)

    assert "2 questions are withdrawn." in reply.text
    assert retired(db) == {"knots-loop", "knots-reef"}


def test_a_course_is_withdrawn_and_comes_back_when_it_is_sent_again(
    client: FlaskClient, db: Database, bruno: Teacher
) -> None:
    reply = client.post(PAGE, data={"what": "course"}, follow_redirects=True)

    assert "The course is withdrawn." in reply.text
    assert retired(db) == {"sea", "knots-loop", "knots-reef"}
    assert client.get(PAGE).status_code == 404
    bruno.bring(SEA, name="sea.zip")
    assert retired(db) == set()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"what": "chosen"}, "Tick at least one question."),
        ({}, "Nothing was saved"),
        ({"what": "everything"}, "Choose one of the values offered."),
    ],
)
def test_a_form_that_names_nothing_withdraws_nothing(
    client: FlaskClient, db: Database, bruno: Teacher, sent: dict[str, Any], told: str
) -> None:
    reply = client.post(PAGE, data=sent)

    assert (reply.status_code, told in reply.text) == (400, True)
    assert retired(db) == set()


def test_what_was_ticked_is_still_ticked_on_a_refused_form(client: FlaskClient, db: Database, bruno: Teacher) -> None:
    number = ids(db)["knots-loop"]

    reply = client.post(PAGE, data={"what": "everything", "questions": number})

    assert f'value="{number}" checked' in reply.text


def test_a_course_with_somebody_elses_questions_is_not_offered_whole(
    client: FlaskClient, db: Database, bruno: Teacher, sea: int, clock: Clock, make_user: Callable[..., Person]
) -> None:
    Teacher(db, clock, make_user(role="teacher"), sea).bring([question("knots-hers", "knots.reef")])

    page, reply = client.get(PAGE), client.post(PAGE, data={"what": "course"})

    assert "The course itself stays, for 1 question of somebody else is in it." in page.text
    assert 'value="course"' not in page.text
    assert (reply.status_code, retired(db)) == (400, set())


def test_the_pages_lead_to_it(client: FlaskClient, db: Database, bruno: Teacher) -> None:
    number = ids(db)["knots-loop"]

    assert f'href="{PAGE}"' in client.get("/teach/bank/upload").text
    assert f'href="{PAGE}?upload=1"' in client.get("/teach/bank/uploads/1").text
    assert f'href="{PAGE}?question={number}"' in client.get(f"/teach/bank/questions/{number}").text
    assert re.findall(r'value="(\d+)" checked', client.get(f"{PAGE}?question={number}").text) == [str(number)]
    assert len(re.findall(r'value="\d+" checked', client.get(f"{PAGE}?upload=1").text)) == 2


def test_nobody_else_is_led_to_it(
    client: FlaskClient, db: Database, bruno: Teacher, log_in: Callable[..., Person]
) -> None:
    number = ids(db)["knots-loop"]
    log_in(role="teacher", locale="en")

    pages = [client.get(address).text for address in ("/teach/bank/upload", f"/teach/bank/questions/{number}")]

    assert ["/bank/withdraw/" in text for text in pages] == [False, False]


@pytest.mark.parametrize("address", ["/", "/review/", "/practice/", "/cards/", "/progress/", "/settings/"])
def test_whoever_studied_a_course_that_is_withdrawn_still_has_every_page(
    client: FlaskClient, bruno: Teacher, sea: int, log_in: Callable[..., Person], address: str
) -> None:
    client.post(PAGE, data={"what": "course"})
    log_in(course_id=sea, locale="en")

    assert client.get(address, follow_redirects=True).status_code == 200
