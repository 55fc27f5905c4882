"""One device at a time, no way back where there is none, and a close that waits for the last student."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from app.errors import Conflict, NotFound
from app.exam.disclosure import Closing
from app.exam.timing import GRACE
from app.models import Allowance, Attempt, Membership
from app.services import attempts, disclosures
from app.services.attempts import Change, Saved
from app.services.identity import Person
from tests.hall import Hall, sit

MakeHall = Callable[..., Hall]
MakeUser = Callable[..., Person]
AT_ONCE = 8


def start_here(hall: Hall, who: Person) -> tuple[int, int]:
    with hall.db.writing() as session:
        return attempts.start_here(session, who, hall.exam_id, "", hall.clock())


def advance(hall: Hall, who: Person, attempt: int, position: int, epoch: int = 1) -> None:
    with hall.db.writing() as session:
        attempts.advance(session, who, attempt, epoch, position, hall.clock())


def closing(hall: Hall) -> Closing:
    with hall.db.reading() as session:
        return disclosures.closings(session, [hall.exam_id])[hall.exam_id]


def test_devices_that_start_at_the_same_moment_each_get_an_epoch_of_their_own(
    make_hall: MakeHall, make_user: MakeUser
) -> None:
    hall = make_hall()
    alice, barrier = sit(hall, make_user), Barrier(AT_ONCE)

    def start() -> tuple[int, int]:
        barrier.wait()
        return start_here(hall, alice)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = [future.result() for future in [pool.submit(start) for _ in range(AT_ONCE)]]

    assert len({attempt for attempt, _ in found}) == 1
    assert sorted(epoch for _, epoch in found) == [*range(1, AT_ONCE + 1)]


def test_a_change_without_a_number_comes_after_what_is_stored(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall()
    alice = sit(hall, make_user)
    attempt = hall.start(alice)
    hall.answer(alice, attempt, 1, "a", seq=9)

    assert hall.save(alice, attempt, Change(1, None, {"choice": [hall.choice(alice, attempt, 1, "b")]})) is Saved.STORED

    item = hall.sheet(alice, attempt).items[0]
    assert (item.response, item.seq) == ({"choice": "b"}, 10)


def test_only_the_question_that_was_reached_can_be_answered(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall(go_back=False)
    alice = sit(hall, make_user)
    attempt = hall.start(alice)
    with pytest.raises(NotFound):
        hall.answer(alice, attempt, 2, "b")

    advance(hall, alice, attempt, 1)
    advance(hall, alice, attempt, 1)  # sent twice, it goes one on

    assert hall.sheet(alice, attempt).reached == 2
    assert hall.answer(alice, attempt, 1, "b") is Saved.OLDER
    assert hall.answer(alice, attempt, 2, "b") is Saved.STORED
    assert [item.response for item in hall.sheet(alice, attempt).items] == [None, {"choice": "b"}, None, None]


def test_the_last_question_cannot_be_left(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall(go_back=False)
    alice = sit(hall, make_user)
    attempt = hall.start(alice)
    for position in range(1, 6):
        advance(hall, alice, attempt, position)

    assert hall.sheet(alice, attempt).reached == 4


def test_an_old_device_and_a_late_one_leave_no_question(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall(go_back=False)
    alice = sit(hall, make_user)
    attempt = hall.start(alice)
    hall.take_over(alice, attempt)
    with pytest.raises(Conflict, match="elsewhere"):
        advance(hall, alice, attempt, 1)
    hall.clock.at += timedelta(hours=2)
    with pytest.raises(Conflict, match="over"):
        advance(hall, alice, attempt, 1, epoch=2)


def test_an_exam_closes_for_the_last_student(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall()
    alice, zoe = sit(hall, make_user), sit(hall, make_user, "Zoe")
    end = hall.clock() + timedelta(hours=2) + GRACE
    assert closing(hall) == Closing(end, end)

    with hall.db.writing() as session:
        session.scalars(select(Membership).where(Membership.user_id == zoe.id)).one().extra_minutes = 20
    assert closing(hall) == Closing(end + timedelta(minutes=20), end + timedelta(minutes=20))

    attempt = hall.start(alice)
    with hall.db.writing() as session:
        session.get_one(Attempt, attempt).deadline = end - GRACE + timedelta(hours=1)  # time given later
    assert closing(hall).scores_at == end + timedelta(hours=1)


def test_a_make_up_holds_the_keys_back_with_its_students_extra_time(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall()
    zoe = sit(hall, make_user, "Zoe")
    end = hall.clock() + timedelta(hours=2) + GRACE
    next_week = hall.clock() + timedelta(days=7)
    with hall.db.writing() as session:
        session.scalars(select(Membership).where(Membership.user_id == zoe.id)).one().extra_minutes = 20
        session.add(Allowance(exam_id=hall.exam_id, learner_id=zoe.id, opens_at=hall.clock(), closes_at=next_week))

    assert closing(hall) == Closing(end + timedelta(minutes=20), next_week + timedelta(minutes=20) + GRACE)
