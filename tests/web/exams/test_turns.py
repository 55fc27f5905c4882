"""Starts that come all at one instant are dealt out: each is told at once when to come, and loses nothing by it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from app.exam.turnstile import Turnstile
from app.models import Class, Exam
from app.web.exams import turns
from tests.classroom import enrol
from tests.conftest import Clock
from tests.crowd import gather
from tests.hall import Hall
from tests.web.exams.conftest import Student

MakeHall = Callable[..., Hall]
Seat = Callable[..., Student]
BY_SCRIPT = {"X-Rappel-Fragment": "1"}


@pytest.fixture(autouse=True)
def crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many start that the next turn is in three seconds."""
    gather(monkeypatch, wait_s=3.0)


def start(student: Student, turn: str = "", **more: Any) -> TestResponse:
    address = f"/exams/{student.hall.exam_id}/start"
    return student.browser.post(address, data={"turn": turn, **more}, headers=BY_SCRIPT)


def turn_of(reply: TestResponse) -> str:
    assert reply.status_code == 202 and reply.json is not None
    return str(reply.json["turn"])


def test_who_must_wait_is_told_for_how_long_and_nothing_has_started(hall: Hall, alice: Student) -> None:
    reply = start(alice)

    assert (reply.status_code, reply.headers["Retry-After"]) == (202, "3")
    assert reply.json is not None and reply.json["wait_ms"] == 3000
    assert "Question" not in reply.text
    assert hall.standing(alice.who).used == 0


def test_in_their_turn_they_start_whatever_the_crowd(alice: Student, clock: Clock) -> None:
    turn = turn_of(start(alice))
    clock.advance(seconds=3)

    page = start(alice, turn)

    assert (page.status_code, page.headers["Content-Location"]) == (200, "/attempts/1/")


@pytest.mark.parametrize(("seconds", "status"), [(1.9, 202), (2, 200), (63, 200), (63.1, 202)])
def test_a_turn_is_good_from_a_second_before_it_to_a_minute_after(
    alice: Student, clock: Clock, seconds: float, status: int
) -> None:
    turn = turn_of(start(alice))
    clock.advance(seconds=seconds)

    assert start(alice, turn).status_code == status


def test_nobody_comes_in_the_turn_of_another(alice: Student, seat: Seat, clock: Clock) -> None:
    turn, bob = turn_of(start(alice)), seat(alice.hall, "Bob")
    clock.advance(seconds=3)

    assert start(bob, turn).status_code == 202


def test_a_turn_is_good_for_one_exam(make_hall: MakeHall, alice: Student, seat: Seat, clock: Clock) -> None:
    turn, other = turn_of(start(alice)), make_hall()
    elsewhere = seat(other, who=enrol(other.db, other.taught, alice.who, "Alice", clock()))
    clock.advance(seconds=3)

    assert start(elsewhere, turn).status_code == 202


@pytest.mark.parametrize("turn", ["made.up", "é", "[1,2,3]", "x" * 5_000])
def test_a_turn_that_was_not_given_counts_for_nothing(alice: Student, turn: str) -> None:
    assert start(alice, turn).status_code == 202


def test_without_the_script_nobody_is_sent_away(hall: Hall, alice: Student) -> None:
    reply = alice.browser.post(f"/exams/{hall.exam_id}/start")

    assert (reply.status_code, reply.location) == (303, "/attempts/1/")


def test_who_is_at_work_goes_on_at_once_on_another_device(hall: Hall, alice: Student) -> None:
    hall.start(alice.who)

    assert start(alice).status_code == 200


@pytest.mark.parametrize(("attempts", "status"), [(1, 409), (2, 200)])
def test_who_has_started_before_is_not_sent_away_for_what_may_be_refused(
    make_hall: MakeHall, seat: Seat, attempts: int, status: int
) -> None:
    alice = seat(make_hall(attempts=attempts))
    alice.hall.submit(alice.who, alice.hall.start(alice.who))

    assert start(alice).status_code == status


def test_a_class_that_was_put_away_is_no_crowd(alice: Student, clock: Clock) -> None:
    with alice.hall.db.writing() as session:
        session.execute(update(Class).values(archived_at=clock()))

    assert start(alice).status_code == 404


@pytest.mark.parametrize(("closes_in", "status"), [(60, 200), (64, 202)])
def test_nobody_waits_for_a_start_that_would_come_too_late(
    make_hall: MakeHall, seat: Seat, clock: Clock, closes_in: int, status: int
) -> None:
    alice = seat(make_hall(closes_at=clock() + timedelta(seconds=closes_in)))

    assert start(alice).status_code == status


def test_what_comes_in_a_turn_takes_no_attempt_away_from_another_page(hall: Hall, alice: Student, clock: Clock) -> None:
    turn = turn_of(start(alice))
    clock.advance(seconds=3)
    attempt = hall.start(alice.who)

    reply = start(alice, turn)

    assert (reply.status_code, reply.location) == (303, f"/exams/{hall.exam_id}/")
    assert hall.sheet(alice.who, attempt).epoch == 1


def test_an_exam_that_is_not_open_yet_is_no_crowd(make_hall: MakeHall, seat: Seat, clock: Clock) -> None:
    alice = seat(make_hall(opens_at=clock() + timedelta(minutes=5)))

    assert start(alice).status_code == 409


def test_an_exam_that_is_not_announced_is_not_found(make_hall: MakeHall, seat: Seat) -> None:
    alice = seat(make_hall())
    with alice.hall.db.writing() as session:
        session.execute(update(Exam).values(published_at=None))

    assert start(alice).status_code == 404


def test_a_wrong_password_is_told_in_their_turn(make_hall: MakeHall, seat: Seat, clock: Clock) -> None:
    alice = seat(make_hall(password="salle 204"))
    turn = turn_of(start(alice, password="salle 205"))
    clock.advance(seconds=3)

    refused = start(alice, turn, password="salle 205")

    assert refused.status_code == 400 and "This is not the exam’s password" in refused.text


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch, app: Flask) -> Turnstile:
    """A real line, at an instant that does not pass."""
    monkeypatch.undo()
    monkeypatch.setattr(turns, "_seconds", lambda: 50.0)
    monkeypatch.setitem(app.extensions, "rappel-turns", line := Turnstile())
    return line


def crowded(line: Turnstile) -> float:
    """Thirty others come; return how long the next one would wait."""
    for who in range(30):
        line.come(50.0) or line.book(50.0, who)
    return next_of(line)


def next_of(line: Turnstile) -> float:
    booking = line.book(50.0, object())
    line.leave(0.0, line.enter(), booking, is_made=False)  # it is given back
    return round(booking.wait_s, 6)


def test_a_turn_that_is_sent_again_and_again_with_a_wrong_password_is_not_given_back_each_time(
    line: Turnstile, make_hall: MakeHall, seat: Seat, clock: Clock
) -> None:
    alice = seat(make_hall(password="salle 204"))
    crowded(line)
    turn = turn_of(start(alice, password="salle 205"))
    before = next_of(line)
    clock.advance(seconds=2)

    for _ in range(3):
        assert start(alice, turn, password="salle 205").status_code == 400

    assert next_of(line) == before


def test_starts_that_are_refused_just_before_the_close_leave_the_line_as_it_is(
    line: Turnstile, make_hall: MakeHall, seat: Seat, clock: Clock
) -> None:
    alice = seat(make_hall(password="salle 204", closes_at=clock() + timedelta(seconds=60)))
    before = crowded(line)

    for _ in range(3):
        assert start(alice, password="salle 205").status_code == 400

    assert next_of(line) == before


def test_an_exam_of_another_class_is_not_found_and_not_told_from_none(
    make_hall: MakeHall, alice: Student, seat: Seat
) -> None:
    elsewhere = seat(make_hall(), who=alice.who)

    assert start(elsewhere).status_code == 404
    assert alice.browser.post("/exams/404/start", headers=BY_SCRIPT).status_code == 404


def test_a_stranger_who_asks_on_and_on_keeps_nobody_waiting(
    line: Turnstile, make_hall: MakeHall, alice: Student, seat: Seat
) -> None:
    elsewhere = seat(make_hall(), who=alice.who)
    for _ in range(30):
        assert start(elsewhere).status_code == 404

    assert next_of(line) == 0.0
    assert start(alice).status_code == 200
