"""An exam whose class was put away or left: the door of the attempt at work, and what is said beforehand."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from app.models import Class
from app.services.identity import Person
from tests.hall import Hall, sit
from tests.web.exams.conftest import Student

MakeHall = Callable[..., Hall]
Seat = Callable[..., Student]


def leave(student: Student) -> None:
    assert student.browser.post(f"/join/leave/{student.hall.taught.id}").status_code == 303


def put_away(student: Student) -> None:
    with student.hall.db.writing() as session:
        session.execute(update(Class).values(archived_at=student.hall.clock()))


@pytest.mark.parametrize("end", [leave, put_away])
def test_the_attempt_at_work_is_found_from_every_page(
    make_hall: MakeHall, seat: Seat, end: Callable[[Student], None]
) -> None:
    alice = seat(make_hall())
    attempt = alice.start()

    end(alice)

    for path in ("/", "/exams/", f"/exams/{alice.hall.exam_id}/"):
        assert f'href="/attempts/{attempt}/"' in alice.text(path)


@pytest.mark.parametrize("end", [leave, put_away])
def test_the_result_is_found_and_nothing_more_can_be_started(
    make_hall: MakeHall, seat: Seat, end: Callable[[Student], None]
) -> None:
    alice = seat(make_hall(attempts=2))
    attempt = alice.start()
    alice.submit(attempt)

    end(alice)

    assert f'href="/attempts/{attempt}/result"' in alice.text("/exams/")
    page = alice.text(f"/exams/{alice.hall.exam_id}/")
    assert "nothing more can be started" in page and "Start again" not in page
    refused = alice.browser.post(f"/exams/{alice.hall.exam_id}/start")
    assert refused.status_code == 409
    assert "You are no longer in the class of this exam." in refused.text


def test_leaving_says_what_is_at_work(make_hall: MakeHall, seat: Seat) -> None:
    alice = seat(make_hall())
    before = alice.text("/join/")
    alice.start()

    assert "You are taking" not in before
    assert "You are taking “Partiel”: it goes on if you leave" in alice.text("/join/")


@pytest.fixture
def teacher(make_hall: MakeHall, client: FlaskClient, log_in: Callable[..., Person]) -> Hall:
    """A hall whose teacher is logged in."""
    hall = make_hall()
    with hall.db.writing() as session:
        from app.models import User  # noqa: PLC0415

        session.get_one(User, hall.teacher.id).locale = "en"
    log_in(hall.teacher)
    return hall


def test_the_page_of_the_class_says_who_is_at_work_and_keeps_it(
    teacher: Hall, client: FlaskClient, make_user: Callable[..., Person]
) -> None:
    address = f"/teach/classes/{teacher.taught.id}"
    teacher.start(sit(teacher, make_user))

    page = client.get(f"{address}/manage").text
    reply = client.post(f"{address}/archive")

    assert "1 attempt at “Partiel” is at work, until" in page
    assert "Put the class away" not in page
    assert reply.status_code == 409
    assert "Somebody is sitting an exam of this class." in reply.text


def test_removing_says_that_the_student_is_at_work(
    teacher: Hall, client: FlaskClient, make_user: Callable[..., Person]
) -> None:
    alice, bob = sit(teacher, make_user), sit(teacher, make_user, "Bob")
    teacher.start(alice)
    address = f"/teach/classes/{teacher.taught.id}/members"

    pages = [client.get(f"{address}/{who.id}/remove").text for who in (alice, bob)]

    assert ["1 attempt at “Partiel” is at work" in page for page in pages] == [True, False]
