"""The exams of a student: on their own page, on the day's page, and what is said before one starts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.models import Membership
from tests.conftest import Clock
from tests.hall import Hall
from tests.web.exams.conftest import Student

MakeHall = Callable[..., Hall]
Seat = Callable[..., Student]


def test_an_open_exam_is_listed_with_its_window_its_time_and_what_is_left(make_hall: MakeHall, seat: Seat) -> None:
    alice = seat(make_hall())

    for page in (alice.text("/exams/"), alice.text("/")):
        assert "Partiel" in page and "Open now" in page
        assert "on Monday 23 November from 10:00 to 12:00, Paris time" in page
        assert "1 hour, 4 questions, 1 attempt left" in page


def test_an_announced_exam_is_seen_and_says_when_it_opens(make_hall: MakeHall, seat: Seat, clock: Clock) -> None:
    alice = seat(make_hall(opens_at=clock() + timedelta(hours=1)))

    assert "Announced" in alice.text("/")
    assert "It opens on Monday 23 November at 11:00, Paris time." in alice.text(f"/exams/{alice.hall.exam_id}/")
    assert alice.browser.post(f"/exams/{alice.hall.exam_id}/start").status_code == 409


def test_a_start_that_comes_too_early_leads_back_to_the_page_that_waits(
    make_hall: MakeHall, seat: Seat, clock: Clock
) -> None:
    alice = seat(make_hall(opens_at=clock() + timedelta(hours=1)))

    refused = alice.browser.post(f"/exams/{alice.hall.exam_id}/start")

    assert "Its page says when it opens." in refused.text
    assert f'href="/exams/{alice.hall.exam_id}/">Back to the exam</a>' in refused.text


def test_today_says_nothing_of_exams_when_there_are_none(log_in: Callable[..., Any], client: Any) -> None:
    log_in(locale="en")

    assert "Exam" not in client.get("/").text


def test_an_attempt_at_work_comes_first_on_the_days_page(make_hall: MakeHall, seat: Seat) -> None:
    alice = seat(make_hall())
    attempt = alice.start()

    page = alice.text("/")

    assert page.index(f'href="/attempts/{attempt}/"') < page.index('id="title"')
    assert "At work" in page


def test_a_past_exam_leads_to_its_result(make_hall: MakeHall, seat: Seat) -> None:
    alice = seat(make_hall())
    attempt = alice.start()
    alice.submit(attempt)
    alice.hall.clock.advance(hours=3)

    assert f"/attempts/{attempt}/result" in alice.text("/exams/")
    assert f"/attempts/{attempt}/receipt" in alice.text(f"/exams/{alice.hall.exam_id}/")


def test_extra_time_is_counted_and_said(make_hall: MakeHall, seat: Seat) -> None:
    alice = seat(make_hall())
    with alice.hall.db.writing() as session:
        session.scalars(select(Membership).where(Membership.user_id == alice.who.id)).one().extra_minutes = 20

    assert "1 hour 20 minutes, the time added for you included" in alice.text(f"/exams/{alice.hall.exam_id}/")


def test_until_when_a_start_has_the_whole_time_is_said(make_hall: MakeHall, seat: Seat) -> None:
    alice = seat(make_hall())  # an hour, until 12:00

    page = alice.text(f"/exams/{alice.hall.exam_id}/")

    assert "To have all of it, start by Monday 23 November at 11:00, Paris time" in page
    assert "It will be less" not in page


def test_that_the_close_cuts_the_time_is_said_with_the_end_before_one_starts(
    make_hall: MakeHall, seat: Seat, clock: Clock
) -> None:
    alice = seat(make_hall())
    with alice.hall.db.writing() as session:
        session.scalars(select(Membership).where(Membership.user_id == alice.who.id)).one().extra_minutes = 20
    clock.advance(hours=1, minutes=50)

    page = alice.text(f"/exams/{alice.hall.exam_id}/")

    assert "your attempt ends by Monday 23 November at 12:20, Paris time, because the exam closes" in page
    deadline = alice.hall.sheet(alice.who, alice.start()).deadline
    assert deadline and deadline - clock() == timedelta(minutes=30)


def test_who_cannot_start_again_reads_nothing_of_an_end(make_hall: MakeHall, seat: Seat) -> None:
    alice = seat(make_hall())
    alice.submit(alice.start())

    page = alice.text(f"/exams/{alice.hall.exam_id}/")

    assert "To have all of it" not in page and "It will be less" not in page


def test_a_student_far_away_reads_the_time_by_their_own_clock_too(make_hall: MakeHall, seat: Seat) -> None:
    alice = seat(make_hall(), zone="America/New_York")

    page = alice.text(f"/exams/{alice.hall.exam_id}/")

    assert "from 10:00 to 12:00, Paris time" in page
    assert "from 04:00 to 06:00, New York time" in page


def test_before_the_start_the_page_says_how_it_goes_and_what_comes_after(make_hall: MakeHall, seat: Seat) -> None:
    alice = seat(make_hall(go_back=False, penalty_percent=25, pass_hundredths=1000, show_score="submitted"))

    page = alice.text(f"/exams/{alice.hall.exam_id}/")

    assert "cannot go back" in page and "25%" in page and "10 to pass" in page
    assert "Score: once you have handed in" in page and "Right answers: once everybody has finished" in page


def test_a_wrong_password_is_told_at_its_field_and_the_right_one_starts(make_hall: MakeHall, seat: Seat) -> None:
    alice = seat(make_hall(password="salle 204"))

    refused = alice.browser.post(f"/exams/{alice.hall.exam_id}/start", data={"password": "salle 205"})

    assert refused.status_code == 400 and "This is not the exam’s password" in refused.text
    assert "salle 204" not in refused.text
    assert alice.start(password="salle 204")


@pytest.mark.parametrize("typed", ["\u00e9t\u00e9  204", " e\u0301te\u0301 204 "])
def test_an_accent_of_a_password_is_the_same_on_every_keyboard(make_hall: MakeHall, seat: Seat, typed: str) -> None:
    assert seat(make_hall(password="\u00e9t\u00e9 204")).start(password=typed)


def test_a_password_cannot_be_tried_without_end(make_hall: MakeHall, seat: Seat) -> None:
    alice = seat(make_hall(password="salle 204"))

    found = [
        alice.browser.post(f"/exams/{alice.hall.exam_id}/start", data={"password": str(number)}).status_code
        for number in range(6)
    ]

    assert found == [400] * 5 + [429]


def test_wrong_passwords_cost_a_minute_and_no_more(make_hall: MakeHall, seat: Seat) -> None:
    alice = seat(make_hall(password="salle 204"))
    address = f"/exams/{alice.hall.exam_id}/start"
    for _ in range(5):
        alice.browser.post(address, data={"password": "wrong"})

    refused = alice.browser.post(address, data={"password": "salle 204"})

    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) <= 60
    assert "Wait a minute, then type the right one" in refused.text


def test_wrong_passwords_of_one_keep_nobody_else_of_the_room_out(make_hall: MakeHall, seat: Seat) -> None:
    hall = make_hall(password="salle 204")
    alice, bob = seat(hall), seat(hall, "Bob")
    for _ in range(6):
        alice.browser.post(f"/exams/{hall.exam_id}/start", data={"password": "wrong"})

    assert bob.start(password="salle 204")


def test_an_exam_of_another_class_does_not_exist(make_hall: MakeHall, seat: Seat, app: Any, log_in: Any) -> None:
    hall = make_hall()
    stranger = Student(hall, log_in(browser=(browser := app.test_client())), browser)

    assert stranger.browser.get(f"/exams/{hall.exam_id}/").status_code == 404
    assert stranger.browser.post(f"/exams/{hall.exam_id}/start").status_code == 404


@pytest.mark.parametrize("reason", ["closed", "no_attempt_left"])
def test_why_nothing_can_be_started(make_hall: MakeHall, seat: Seat, reason: str) -> None:
    alice = seat(make_hall())
    alice.submit(alice.start())
    if reason == "closed":
        alice.hall.clock.advance(hours=2)

    words = {"closed": "It is closed.", "no_attempt_left": "You have no attempt left."}
    assert words[reason] in alice.text(f"/exams/{alice.hall.exam_id}/")
