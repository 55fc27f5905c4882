"""The room while an exam runs: who is at work, who is cut off, what happened; looking stores nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.errors import NotFound
from app.models import Membership
from app.services import attempts, classes, interventions, invigilating
from app.services.attempts import Change
from app.services.identity import Person
from app.services.interventions import TimeWanted
from app.services.invigilating import Room, Seat, State
from tests.hall import Hall, answer_all, sit

MakeUser = Callable[..., Person]


@pytest.fixture
def hall(make_hall: Callable[..., Hall]) -> Hall:
    return make_hall()


def look(hall: Hall) -> Room:
    with hall.db.reading() as session:
        return invigilating.look(session, hall.teacher, hall.exam_id, hall.clock())


def seat(hall: Hall, who: Person) -> Seat:
    return look(hall).seat(who.id)


def hear(hall: Hall, who: Person, attempt: int, epoch: int = 1) -> attempts.Pulse:
    with hall.db.writing() as session:
        return attempts.here(session, who, attempt, epoch, hall.clock())


def test_who_has_not_started_is_in_the_room(hall: Hall, make_user: MakeUser) -> None:
    alice = sit(hall, make_user)

    assert (seat(hall, alice).state, seat(hall, alice).name) == (State.ABSENT, "Alice")


def test_a_student_at_work_is_told_with_what_is_saved(hall: Hall, make_user: MakeUser) -> None:
    alice = sit(hall, make_user)
    attempt = hall.start(alice)
    hall.clock.advance(seconds=20)
    hall.answer(alice, attempt, 1, "b")
    hall.clock.advance(seconds=5)

    found = seat(hall, alice)

    assert (found.state, found.answered, found.size) == (State.AT_WORK, 1, 4)
    assert found.saved_at == found.heard_at == hall.clock() - timedelta(seconds=5)


def test_an_answer_taken_away_is_no_answer(hall: Hall, make_user: MakeUser) -> None:
    alice = sit(hall, make_user)
    attempt = hall.start(alice)
    hall.answer(alice, attempt, 1, "b")
    hall.save(alice, attempt, Change(1, 2, {}))

    assert seat(hall, alice).answered == 0


@pytest.mark.parametrize(("silent_s", "state"), [(60, State.AT_WORK), (61, State.CUT_OFF)])
def test_a_minute_without_a_word_is_a_cut(hall: Hall, make_user: MakeUser, silent_s: int, state: State) -> None:
    alice = sit(hall, make_user)
    hall.start(alice)
    hall.clock.advance(seconds=silent_s)

    assert seat(hall, alice).state is state


def test_a_page_that_reports_is_not_cut_off_though_nothing_is_saved(hall: Hall, make_user: MakeUser) -> None:
    alice = sit(hall, make_user)
    attempt = hall.start(alice)
    hall.clock.advance(seconds=50)
    pulse = hear(hall, alice, attempt)
    hall.clock.advance(seconds=50)

    assert (pulse.epoch, pulse.over) == (1, False)
    assert seat(hall, alice).state is State.AT_WORK


def test_an_older_page_is_not_heard(hall: Hall, make_user: MakeUser) -> None:
    alice = sit(hall, make_user)
    attempt = hall.start(alice)
    hall.take_over(alice, attempt)
    hall.clock.advance(seconds=61)

    pulse = hear(hall, alice, attempt, epoch=1)

    assert pulse.epoch == 2
    assert seat(hall, alice).state is State.CUT_OFF


def test_nobody_reports_for_another(hall: Hall, make_user: MakeUser) -> None:
    attempt = hall.start(sit(hall, make_user))

    with pytest.raises(NotFound):
        hear(hall, sit(hall, make_user, "Boris"), attempt)


def test_each_end_has_its_name(hall: Hall, make_user: MakeUser) -> None:
    alice, boris, chloe = (sit(hall, make_user, name) for name in ("Alice", "Boris", "Chloé"))
    answer_all(hall, alice, "b")
    hall.start(boris)
    ended = hall.start(chloe)
    with hall.db.writing() as session:
        interventions.end(session, hall.teacher, hall.exam_id, ended, "Left.", hall.clock())
    hall.clock.advance(hours=1, minutes=1)

    states = {one.name: one.state for one in look(hall).seats}

    assert states == {"Alice": State.HANDED_IN, "Boris": State.TIME, "Chloé": State.TEACHER}


def test_what_happened_is_counted(hall: Hall, make_user: MakeUser) -> None:
    alice = sit(hall, make_user)
    attempt = hall.start(alice)
    hall.take_over(alice, attempt)
    for _ in range(2):
        hall.save(alice, attempt, Change(1, 1, {}), epoch=1)
    with hall.db.writing() as session:
        wanted = TimeWanted(5, "Alarm.")
        interventions.give_time(session, hall.teacher, hall.exam_id, wanted, hall.clock())

    found = seat(hall, alice)

    assert (found.events, found.given) == ({"opened": 1, "elsewhere": 2}, timedelta(minutes=5))


def test_who_needs_attention_comes_first(hall: Hall, make_user: MakeUser) -> None:
    names = ("Anna", "Bea", "Cleo", "Dora", "Emma")
    anna, bea, cleo, dora, _emma = (sit(hall, make_user, name) for name in names)
    answer_all(hall, anna, "b")
    hall.start(bea)  # silent since, the longest
    hall.clock.advance(seconds=30)
    hall.start(cleo)  # silent too
    hall.clock.advance(seconds=61)
    hall.start(dora)

    assert [one.name for one in look(hall).seats] == ["Bea", "Cleo", "Dora", "Emma", "Anna"]


def test_who_left_the_class_while_at_work_is_still_in_the_room(hall: Hall, make_user: MakeUser) -> None:
    alice = sit(hall, make_user)
    hall.start(alice)
    with hall.db.writing() as session:
        classes.remove_member(session, hall.teacher, hall.taught.id, alice.id, hall.clock())

    assert seat(hall, alice).state is State.AT_WORK


def test_extra_time_is_told(hall: Hall, make_user: MakeUser) -> None:
    alice = sit(hall, make_user)
    with hall.db.writing() as session:
        session.execute(update(Membership).where(Membership.user_id == alice.id).values(extra_minutes=20))

    assert seat(hall, alice).extra_minutes == 20


def test_the_room_opens_to_the_teachers_of_the_class_only(hall: Hall, make_user: MakeUser) -> None:
    hall.teacher = make_user("mallory", role="teacher")

    with pytest.raises(NotFound):
        look(hall)
