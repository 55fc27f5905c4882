"""The way to an exam once its class is put away or was left: the attempt at work, past results, nothing to start."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.db import Database
from app.errors import Conflict, NotFound
from app.exam.timing import Phase
from app.models import Class
from app.services import classes, exam_standing, exam_work, hiding, interventions, results
from app.services.exam_standing import Standing
from app.services.identity import Person
from tests.hall import Hall, answer_all, sit

MakeHall = Callable[..., Hall]
MakeUser = Callable[..., Person]


def put_away(hall: Hall, _: Person | None = None) -> None:
    """As it is for a class that was put away in the same instant as somebody started."""
    with hall.db.writing() as session:
        session.execute(update(Class).values(archived_at=hall.clock()))


def leave(hall: Hall, who: Person) -> None:
    with hall.db.writing() as session:
        classes.leave(session, who, hall.taught.id, hall.clock())


def remove(hall: Hall, who: Person) -> None:
    with hall.db.writing() as session:
        classes.remove_member(session, hall.teacher, hall.taught.id, who.id, hall.clock())


ENDS = [put_away, leave, remove]
End = Callable[[Hall, Person], None]


def listed(hall: Hall, who: Person) -> list[Standing]:
    with hall.db.reading() as session:
        return list(exam_standing.standings(session, who, hall.clock()))


@pytest.mark.parametrize("end", ENDS)
def test_an_attempt_at_work_keeps_its_door(make_hall: MakeHall, make_user: MakeUser, end: End) -> None:
    hall = make_hall()
    alice = sit(hall, make_user)
    attempt = hall.start(alice)

    end(hall, alice)

    assert [one.open_attempt for one in listed(hall, alice)] == [attempt]
    assert hall.start(alice) == attempt


@pytest.mark.parametrize("end", ENDS)
def test_a_past_result_stays_in_reach(make_hall: MakeHall, make_user: MakeUser, end: End) -> None:
    hall = make_hall()
    alice = sit(hall, make_user)
    attempt = answer_all(hall, alice, "b")
    hall.clock.advance(hours=3)

    end(hall, alice)

    assert [(one.last_attempt, one.phase, one.may_start) for one in listed(hall, alice)] == [
        (attempt, Phase.CLOSED, False)
    ]
    with hall.db.reading() as session:
        assert results.result(session, alice, attempt, hall.clock()).score is not None


@pytest.mark.parametrize("end", ENDS)
def test_nothing_can_be_started_there(make_hall: MakeHall, make_user: MakeUser, end: End) -> None:
    hall = make_hall(attempts=2)
    alice = sit(hall, make_user)
    answer_all(hall, alice, "b")

    end(hall, alice)

    with pytest.raises(Conflict, match="gone"):
        hall.start(alice)


@pytest.mark.parametrize("end", ENDS)
def test_who_never_started_finds_nothing_there(make_hall: MakeHall, make_user: MakeUser, end: End) -> None:
    hall = make_hall()
    alice = sit(hall, make_user)

    end(hall, alice)

    assert listed(hall, alice) == []
    with pytest.raises(NotFound):
        hall.start(alice)


def test_keys_stay_hidden_from_the_class_while_somebody_is_at_work(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall(show_answers="never")
    alice, bob = sit(hall, make_user), sit(hall, make_user, "Bob")
    attempt = hall.start(alice)
    counts = []

    put_away(hall)
    for _ in range(2):
        with hall.db.reading() as session:
            counts.append([len(hiding.hidden_questions(session, who, hall.clock())) for who in (alice, bob)])
        hall.submit(alice, attempt)

    assert counts == [[4, 4], [0, 0]]


def test_a_class_is_not_put_away_while_somebody_sits_an_exam(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall()
    hall.start(sit(hall, make_user))

    with pytest.raises(Conflict, match="class_at_work"), hall.db.writing() as session:
        classes.archive(session, hall.teacher, hall.taught.id, hall.clock())
    hall.clock.advance(hours=1, seconds=16)
    with hall.db.writing() as session:
        classes.archive(session, hall.teacher, hall.taught.id, hall.clock())


def test_a_start_waits_for_what_becomes_of_the_class(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall()
    alice = sit(hall, make_user)

    with ThreadPoolExecutor(1) as pool:
        with hall.db.writing() as session:
            classes.archive(session, hall.teacher, hall.taught.id, hall.clock())
            session.flush()
            started = pool.submit(hall.start, alice)
            wait([started], timeout=0.5)  # long enough to come to the row that is held

        with pytest.raises(NotFound):
            started.result()


def test_an_attempt_of_a_class_that_was_put_away_is_not_reopened(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall()
    alice = sit(hall, make_user)
    attempt = hall.start(alice)
    hall.submit(alice, attempt)
    put_away(hall)
    wanted = interventions.BackWanted(attempt, hall.clock() + timedelta(minutes=10), "A mistake of mine.")

    with pytest.raises(Conflict, match="keys_shown"), hall.db.writing() as session:
        interventions.reopen(session, hall.teacher, hall.exam_id, wanted, hall.clock())


def test_a_practice_exam_keeps_no_class_open(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall(kind="practice", opens_at=None, closes_at=None, duration_s=None)
    hall.start(sit(hall, make_user))

    with hall.db.writing() as session:
        classes.archive(session, hall.teacher, hall.taught.id, hall.clock())


def test_a_teacher_is_told_who_is_at_work(make_hall: MakeHall, make_user: MakeUser, db: Database) -> None:
    hall = make_hall()
    alice, bob = sit(hall, make_user), sit(hall, make_user, "Bob")
    sit(hall, make_user, "Absent")
    hall.start(alice)
    hall.submit(bob, hall.start(bob))

    with db.reading() as session:
        found = exam_work.at_work(session, hall.taught.id, hall.clock())
        his = exam_work.at_work(session, hall.taught.id, hall.clock(), bob.id)

    assert [(one.exam, one.attempts) for one in found] == [("Partiel", 1)]
    assert list(his) == []
