"""Time given, attempts ended and reopened by a teacher: one consistent state, whatever happens at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from app.errors import Conflict, Invalid, NotFound
from app.exam.timing import GRACE
from app.models import Attempt, AttemptEvent
from app.services import attempts, exam_allowances, exam_events, interventions
from app.services.attempts import Saved
from app.services.exam_allowances import Given
from app.services.identity import Person
from app.services.interventions import BackWanted, TimeGiven, TimeWanted
from tests.hall import Hall, answer_all, sit

MakeHall = Callable[..., Hall]
MakeUser = Callable[..., Person]
HOUR = timedelta(hours=1)
ROUNDS = 8


@pytest.fixture
def hall(make_hall: MakeHall) -> Hall:
    return make_hall()


@pytest.fixture
def alice(hall: Hall, make_user: MakeUser) -> Person:
    return sit(hall, make_user)


def give(hall: Hall, minutes: int = 10, who: Person | None = None, reason: str = "Fire alarm.") -> TimeGiven:
    wanted = TimeWanted(minutes, reason, who.id if who else None)
    with hall.db.writing() as session:
        return interventions.give_time(session, hall.teacher, hall.exam_id, wanted, hall.clock())


def reopen(hall: Hall, attempt: int, until: datetime | None = None, reason: str = "By mistake.") -> None:
    wanted = BackWanted(attempt, until or hall.clock() + timedelta(minutes=20), reason)
    with hall.db.writing() as session:
        interventions.reopen(session, hall.teacher, hall.exam_id, wanted, hall.clock())


def end(hall: Hall, attempt: int, reason: str = "Left the room.") -> None:
    with hall.db.writing() as session:
        interventions.end(session, hall.teacher, hall.exam_id, attempt, reason, hall.clock())


def stored(hall: Hall, attempt: int) -> Attempt:
    with hall.db.reading() as session:
        return session.get_one(Attempt, attempt)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """What each call returned or raised, when all run at the same moment."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return call()
        except Conflict as refused:
            return refused.reason

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(run, call) for call in calls]]


def test_time_for_everybody_moves_attempts_at_work_and_those_that_start_later(
    hall: Hall, alice: Person, make_user: MakeUser
) -> None:
    zoe = sit(hall, make_user, "Zoé")
    at_work = hall.start(alice)

    assert give(hall, 10) == TimeGiven(1, 0, 0)

    later = hall.start(zoe)
    assert {hall.sheet(alice, at_work).deadline, hall.sheet(zoe, later).deadline} == {
        hall.clock() + HOUR + timedelta(minutes=10)
    }
    assert hall.standing(zoe).duration == HOUR + timedelta(minutes=10)


def test_time_for_one_student_is_for_nobody_else(hall: Hall, alice: Person, make_user: MakeUser) -> None:
    zoe = sit(hall, make_user, "Zoé")
    hers, his = hall.start(alice), hall.start(zoe)

    give(hall, 10, alice)

    assert hall.sheet(alice, hers).deadline == hall.clock() + timedelta(minutes=70)
    assert hall.sheet(zoe, his).deadline == hall.clock() + HOUR


def test_time_for_who_has_not_started_waits_for_them(hall: Hall, alice: Person) -> None:
    assert give(hall, 10, alice) == TimeGiven(0, 0, 0)

    assert hall.sheet(alice, hall.start(alice)).deadline == hall.clock() + timedelta(minutes=70)


def test_time_that_an_attempt_has_had_is_not_had_again_by_the_next_one(
    make_hall: MakeHall, make_user: MakeUser
) -> None:
    hall = make_hall(attempts=2)
    alice = sit(hall, make_user)
    first = hall.start(alice)
    give(hall, 10, alice)
    hall.submit(alice, first)

    second = hall.start(alice)

    assert hall.sheet(alice, second).deadline == hall.clock() + HOUR


@pytest.mark.parametrize(
    ("late_by", "again"), [(timedelta(minutes=10) - timedelta.resolution, 1), (timedelta(minutes=10), 0)]
)
def test_an_attempt_that_the_clock_ended_goes_on_when_its_new_end_is_still_to_come(
    hall: Hall, alice: Person, make_user: MakeUser, late_by: timedelta, again: int
) -> None:
    attempt = hall.start(alice)
    hall.clock.at += HOUR + late_by

    given = give(hall, 10)

    assert given.again == again
    assert hall.sheet(alice, attempt).over == (not again)


def test_an_attempt_whose_end_was_stored_goes_on_too(hall: Hall, alice: Person) -> None:
    attempt = hall.start(alice)
    hall.clock.at += HOUR + timedelta(minutes=2)
    assert hall.submit(alice, attempt) is Saved.OVER

    give(hall, 10)

    found = stored(hall, attempt)
    assert (found.submitted_at, found.closed_by, found.receipt) == (None, None, None)
    assert hall.answer(alice, attempt, 1, "b") is Saved.STORED


def test_what_was_handed_in_stays_handed_in_when_time_is_given(hall: Hall, alice: Person, make_user: MakeUser) -> None:
    attempt = answer_all(hall, alice, "b")
    hall.start(sit(hall, make_user, "Zoé"))

    assert give(hall, 10) == TimeGiven(1, 0, 0)

    assert stored(hall, attempt).closed_by == "student"


def test_who_may_have_read_what_is_right_does_not_go_on(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall(show_answers="submitted")
    alice, zoe = sit(hall, make_user), sit(hall, make_user, "Zoé")
    ended = hall.start(alice)
    hall.clock.at += HOUR + timedelta(minutes=1)
    hall.start(zoe)

    assert give(hall, 10) == TimeGiven(1, 0, 1)

    assert hall.sheet(alice, ended).over


def test_time_that_nobody_could_use_is_refused(hall: Hall, alice: Person) -> None:
    answer_all(hall, alice, "b")
    hall.clock.advance(hours=3)

    with pytest.raises(Conflict, match="nobody_to_give"):
        give(hall)


def test_time_without_minutes_or_a_reason_is_refused_with_both_problems(hall: Hall, alice: Person) -> None:
    with pytest.raises(Invalid) as refused:
        give(hall, 0, alice, " ")

    assert [problem.field for problem in refused.value.problems] == ["minutes", "message"]


def test_time_is_given_by_the_classs_teachers_to_its_students_only(
    hall: Hall, alice: Person, make_user: MakeUser
) -> None:
    stranger = make_user("eve")
    hall.start(alice)

    with pytest.raises(NotFound):
        give(hall, 10, stranger)
    hall.teacher = make_user("mallory", role="teacher")
    with pytest.raises(NotFound):
        give(hall, 10)


def test_given_time_is_logged_once_for_the_exam_and_for_each_attempt(hall: Hall, alice: Person) -> None:
    attempt = hall.start(alice)

    give(hall, 10)

    assert hall.events(attempt) == ["started", "time_given"]
    with hall.db.reading() as session:
        told = exam_events.listed(session, hall.exam_id)
        event = session.scalars(select(AttemptEvent).where(AttemptEvent.kind == "time_given")).one()
    assert [(one.kind, one.minutes, one.reason, one.at, one.learner_id) for one in told] == [
        ("time_given", 10, "Fire alarm.", hall.clock(), None)
    ]
    assert event.details == {"minutes": 10, "reason": "Fire alarm.", "exam_event": told[0].id}
    assert event.by_id == hall.teacher.id


def test_a_make_up_and_its_end_are_logged_with_who_when_and_why(hall: Hall, alice: Person) -> None:
    with hall.db.writing() as session:
        given = Given(alice.id, 1, reason="Ill.")
        exam_allowances.allow(session, hall.teacher, hall.exam_id, given, hall.clock())
    with hall.db.reading() as session:
        listed = exam_allowances.listed(session, hall.teacher, hall.exam_id)
    with hall.db.writing() as session:
        exam_allowances.withdraw(session, hall.teacher, hall.exam_id, alice.id, hall.clock())

    with hall.db.reading() as session:
        told = exam_events.listed(session, hall.exam_id)
    assert [(one.kind, one.name, one.reason, bool(one.by)) for one in told] == [
        ("allowed", "Alice", "Ill.", True),
        ("withdrawn", "Alice", "Ill.", True),
    ]
    assert [(one.by, one.at) for one in listed] == [(told[0].by, hall.clock())]


def test_a_reopened_attempt_goes_on_in_a_new_epoch_and_gets_another_receipt(hall: Hall, alice: Person) -> None:
    attempt = answer_all(hall, alice, "b")
    before = stored(hall, attempt)
    until = hall.clock() + timedelta(minutes=20)

    reopen(hall, attempt, until)

    found = stored(hall, attempt)
    assert (found.submitted_at, found.closed_by, found.receipt) == (None, None, None)
    assert (found.deadline, found.epoch) == (until, before.epoch + 1)
    assert hall.answer(alice, attempt, 2, "b") is Saved.STORED
    assert [item.response for item in hall.sheet(alice, attempt).items][:2] == [{"choice": "b"}, {"choice": "b"}]
    hall.submit(alice, attempt, epoch=2)
    assert stored(hall, attempt).receipt not in (None, before.receipt)
    assert hall.events(attempt)[-2:] == ["reopened", "submitted"]


def test_the_log_keeps_the_receipt_that_was_replaced_and_the_reason(hall: Hall, alice: Person) -> None:
    attempt = answer_all(hall, alice, "b")
    receipt = stored(hall, attempt).receipt

    reopen(hall, attempt, reason="Wrong button.")

    with hall.db.reading() as session:
        event = session.scalars(select(AttemptEvent).where(AttemptEvent.kind == "reopened")).one()
    assert (event.details["receipt"], event.details["reason"], event.by_id) == (
        receipt,
        "Wrong button.",
        hall.teacher.id,
    )


def test_an_attempt_at_work_is_not_reopened(hall: Hall, alice: Person) -> None:
    with pytest.raises(Conflict, match=r"^at_work"):
        reopen(hall, hall.start(alice))


def test_nothing_is_reopened_while_a_second_attempt_is_at_work(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall(attempts=2)
    alice = sit(hall, make_user)
    first = answer_all(hall, alice, "b")
    hall.start(alice)

    with pytest.raises(Conflict, match="second_at_work"):
        reopen(hall, first)


def test_a_second_attempt_that_the_clock_ended_is_in_nobodys_way(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall(attempts=2)
    alice = sit(hall, make_user)
    first = answer_all(hall, alice, "b")
    second = hall.start(alice)
    hall.clock.at += HOUR + timedelta(minutes=1)

    reopen(hall, first)

    assert (hall.sheet(alice, first).over, stored(hall, second).closed_by) == (False, "time")


@pytest.mark.parametrize(
    "options", [{"show_answers": "submitted"}, {"show_explanations": "submitted"}, {"show_score": "submitted"}]
)
def test_nothing_is_reopened_once_the_student_may_have_read_what_is_right(
    make_hall: MakeHall, make_user: MakeUser, options: dict[str, str]
) -> None:
    hall = make_hall(**options)
    attempt = answer_all(hall, sit(hall, make_user), "b")
    if "show_score" in options:  # a score tells what each answer is worth only once the exam is closed
        reopen(hall, attempt)
        end(hall, attempt)
        hall.clock.advance(hours=3)

    with pytest.raises(Conflict, match="keys_shown"):
        reopen(hall, attempt)


def test_an_erased_students_attempt_is_not_reopened(hall: Hall, alice: Person) -> None:
    attempt = answer_all(hall, alice, "b")
    with hall.db.writing() as session:
        attempts.forget(session, alice.id)

    with pytest.raises(Conflict, match="erased"):
        reopen(hall, attempt)


def test_a_reopening_needs_a_time_to_come_and_a_reason(hall: Hall, alice: Person) -> None:
    attempt = answer_all(hall, alice, "b")

    with pytest.raises(Invalid) as refused:
        reopen(hall, attempt, hall.clock(), "")

    assert [(one.field, one.code) for one in refused.value.problems] == [
        ("until", "until_past"),
        ("message", "message_missing"),
    ]


def test_an_attempt_of_another_exam_is_neither_reopened_nor_ended(
    hall: Hall, make_hall: MakeHall, make_user: MakeUser
) -> None:
    other = make_hall()
    attempt = answer_all(other, sit(other, make_user, "Zoé"), "b")

    with pytest.raises(NotFound):
        reopen(hall, attempt)
    with pytest.raises(NotFound):
        end(hall, attempt)


def test_a_teacher_ends_an_attempt_with_what_was_saved(hall: Hall, alice: Person) -> None:
    attempt = hall.start(alice)
    hall.answer(alice, attempt, 1, "b")

    end(hall, attempt)
    end(hall, attempt)

    found = stored(hall, attempt)
    assert (found.closed_by, found.submitted_at, len(found.receipt or "")) == ("teacher", hall.clock(), 12)
    assert hall.answer(alice, attempt, 2, "b") is Saved.OVER
    assert hall.events(attempt)[:3] == ["started", "ended", "late"]


def test_what_is_over_is_not_ended_again(hall: Hall, alice: Person) -> None:
    attempt = answer_all(hall, alice, "b")

    with pytest.raises(Conflict, match="over"):
        end(hall, attempt)


def test_time_given_while_the_student_saves_at_the_deadline_loses_neither(
    hall: Hall, alice: Person, make_user: MakeUser
) -> None:
    for round_ in range(ROUNDS):
        who = sit(hall, make_user, f"Student {round_}")
        attempt = hall.start(who)
        deadline = hall.sheet(who, attempt).deadline
        assert deadline is not None
        now, hall.clock.at = hall.clock.at, deadline + GRACE + timedelta.resolution

        saved, _ = at_once(
            lambda who=who, attempt=attempt: hall.answer(who, attempt, 1, "b"),
            lambda who=who: give(hall, 10, who),
        )

        sheet = hall.sheet(who, attempt)
        assert (sheet.over, sheet.deadline) == (False, deadline + timedelta(minutes=10))
        assert (sheet.items[0].response == {"choice": "b"}) == (saved is Saved.STORED)
        assert saved in (Saved.STORED, Saved.OVER)
        hall.clock.at = now


def test_time_given_to_everybody_while_a_student_starts_reaches_them(hall: Hall, make_user: MakeUser) -> None:
    for round_ in range(ROUNDS):
        who = sit(hall, make_user, f"Student {round_}")

        attempt, _ = at_once(lambda who=who: hall.start(who), lambda: give(hall, 1))

        assert isinstance(attempt, int)
        assert hall.sheet(who, attempt).deadline == hall.clock() + HOUR + timedelta(minutes=round_ + 1)


def test_a_hand_in_and_an_end_by_the_teacher_at_once_end_it_once(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall()
    for round_ in range(ROUNDS):
        who = sit(hall, make_user, f"Student {round_}")
        attempt = hall.start(who)

        handed_in, ended = at_once(
            lambda who=who, attempt=attempt: hall.submit(who, attempt), lambda attempt=attempt: end(hall, attempt)
        )

        closed_by = stored(hall, attempt).closed_by
        assert handed_in is Saved.STORED
        assert (closed_by, ended) in (("student", "over"), ("teacher", None))
        ends = [kind for kind in hall.events(attempt) if kind in ("submitted", "ended")]
        assert ends == ["submitted" if closed_by == "student" else "ended"]


def test_a_reopening_and_the_start_of_a_second_attempt_leave_one_at_work(
    make_hall: MakeHall, make_user: MakeUser
) -> None:
    hall = make_hall(attempts=2)
    for round_ in range(ROUNDS):
        who = sit(hall, make_user, f"Student {round_}")
        first = hall.start(who)
        hall.clock.at += HOUR + timedelta(
            minutes=1
        )  # the start stores the end that time brought, the reopening undoes it
        hall.clock.at -= HOUR if round_ % 2 else timedelta(0)
        if round_ % 2:
            hall.submit(who, first)

        started, reopened = at_once(lambda who=who: hall.start(who), lambda first=first: reopen(hall, first))

        with hall.db.reading() as session:
            theirs = select(Attempt.id).where(Attempt.learner_id == who.id, Attempt.submitted_at.is_(None))
            at_work = session.scalars(theirs).all()
        assert at_work == [started]
        assert (reopened, started == first) in (("second_at_work", False), (None, True))
        hall.clock.at -= timedelta(minutes=1) if round_ % 2 else HOUR + timedelta(minutes=1)
