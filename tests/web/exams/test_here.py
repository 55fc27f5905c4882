"""/attempts/<id>/here: the page at work says that it is there, and hears the server's clock."""

from collections.abc import Callable

from app.models import Attempt
from app.services import interventions
from tests.hall import Hall
from tests.web.exams.conftest import Student

Seat = Callable[..., Student]


def test_the_page_is_heard_and_hears_the_clock(make_hall: Callable[..., Hall], seat: Seat) -> None:
    student = seat(make_hall())
    attempt = student.start()
    student.hall.clock.advance(minutes=1)

    reply = student.browser.post(f"/attempts/{attempt}/here", data={"epoch": 1})

    assert (reply.status_code, reply.json["epoch"], reply.json["over"]) == (200, 1, False)  # type: ignore[index]
    assert reply.json["remaining"] == 59 * 60  # type: ignore[index]
    with student.hall.db.reading() as session:
        assert session.get_one(Attempt, attempt).heard_at == student.hall.clock()


def test_an_older_page_is_told_and_not_heard(make_hall: Callable[..., Hall], seat: Seat) -> None:
    student = seat(make_hall())
    attempt = student.start()
    student.hall.take_over(student.who, attempt)
    heard = student.hall.clock()
    student.hall.clock.advance(minutes=1)

    reply = student.browser.post(f"/attempts/{attempt}/here", data={"epoch": 1})

    assert (reply.status_code, reply.json["epoch"]) == (409, 2)  # type: ignore[index]
    with student.hall.db.reading() as session:
        assert session.get_one(Attempt, attempt).heard_at == heard


def test_a_page_that_is_over_is_told_and_leaves_no_trace(make_hall: Callable[..., Hall], seat: Seat) -> None:
    student = seat(make_hall())
    attempt = student.start()
    student.hall.clock.advance(hours=1, minutes=1)

    reply = student.browser.post(f"/attempts/{attempt}/here", data={"epoch": 1})

    assert (reply.status_code, reply.json["over"]) == (409, True)  # type: ignore[index]
    assert student.hall.events(attempt) == ["started"]


def test_an_attempt_ended_by_the_teacher_stops_the_page(make_hall: Callable[..., Hall], seat: Seat) -> None:
    student = seat(make_hall())
    attempt = student.start()
    with student.hall.db.writing() as session:
        hall = student.hall
        interventions.end(session, hall.teacher, hall.exam_id, attempt, "Left.", hall.clock())

    assert student.browser.post(f"/attempts/{attempt}/here", data={"epoch": 1}).json["over"]  # type: ignore[index]
