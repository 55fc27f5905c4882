"""Starting an exam: one request for the page's script, a redirection without it; the opening is spread."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.errors import Busy
from app.services import attempts
from tests.conftest import Clock
from tests.hall import Hall
from tests.web.exams.conftest import Student

MakeHall = Callable[..., Hall]
Seat = Callable[..., Student]
BY_SCRIPT = {"X-Rappel-Fragment": "1"}


def test_the_pages_script_gets_the_questions_in_answer_to_the_start(hall: Hall, alice: Student) -> None:
    page = alice.browser.post(f"/exams/{hall.exam_id}/start", headers=BY_SCRIPT)

    assert (page.status_code, page.headers["Content-Location"]) == (200, "/attempts/1/")
    assert "Question 1 of 4" in page.text and "<html" not in page.text


def test_without_the_script_a_start_leads_to_the_questions(hall: Hall, alice: Student) -> None:
    reply = alice.browser.post(f"/exams/{hall.exam_id}/start")

    assert (reply.status_code, reply.location) == (303, "/attempts/1/")


def test_what_the_script_got_is_the_page_that_a_reload_shows(hall: Hall, alice: Student) -> None:
    started = alice.browser.post(f"/exams/{hall.exam_id}/start", headers=BY_SCRIPT)

    again = alice.browser.get(started.headers["Content-Location"], headers=BY_SCRIPT)

    assert started.text == again.text


def test_a_browser_that_the_script_started_in_is_at_work_there(hall: Hall, alice: Student) -> None:
    alice.browser.post(f"/exams/{hall.exam_id}/start", headers=BY_SCRIPT)

    saved = alice.save(1, q1_seq="1", q1_choice=alice.choice(1, 1))

    assert saved.json is not None and saved.json["state"] == "saved"


def test_a_start_that_is_refused_has_no_address_of_its_own(make_hall: MakeHall, seat: Seat) -> None:
    alice = seat(make_hall(password="salle 204"))
    wrong = {"password": "salle 205"}

    refused = alice.browser.post(f"/exams/{alice.hall.exam_id}/start", data=wrong, headers=BY_SCRIPT)

    assert (refused.status_code, refused.headers.get("Content-Location")) == (400, None)
    assert "This is not the exam’s password" in refused.text


def test_a_start_that_finds_the_database_busy_leads_back_to_the_exam(
    alice: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise Busy

    monkeypatch.setattr(attempts, "start_here", busy)

    refused = alice.browser.post(f"/exams/{alice.hall.exam_id}/start", headers=BY_SCRIPT)

    assert refused.status_code == 503
    assert f'href="/exams/{alice.hall.exam_id}/">Back to the exam</a>' in refused.text


def test_the_opening_is_spread_over_a_moment_for_each_student_of_the_class(
    make_hall: MakeHall, seat: Seat, clock: Clock
) -> None:
    alice = seat(make_hall(opens_at=clock() + timedelta(minutes=5)))
    seat(alice.hall, "Bob")

    page = alice.text(f"/exams/{alice.hall.exam_id}/")

    assert 'data-spread="16"' in page


@pytest.mark.parametrize("days", [1, 400])
def test_an_exam_that_opens_much_later_is_not_waited_for(
    make_hall: MakeHall, seat: Seat, clock: Clock, days: int
) -> None:
    opens = clock() + timedelta(days=days)
    alice = seat(make_hall(opens_at=opens, closes_at=opens + timedelta(hours=2)))

    assert "data-spread" not in alice.text(f"/exams/{alice.hall.exam_id}/")
