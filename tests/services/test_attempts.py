"""Taking an exam: one attempt at a time, nothing saved is lost, and the server's clock alone counts."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, update

from app.db import Database
from app.errors import Conflict, Invalid, NotFound
from app.exam.blueprint import Demand
from app.exam.timing import GRACE, Phase
from app.models import Attempt, AttemptItem, Membership, Question
from app.services import exam_standing, exams
from app.services.attempts import Change, Saved
from app.services.exams import Draft
from app.services.identity import Person
from tests.classroom import enrol
from tests.conftest import Clock
from tests.hall import Hall, sit
from tests.statements import counted

AT_ONCE = 20
EPSILON = timedelta.resolution


MakeHall = Callable[..., Hall]


@pytest.fixture
def hall(make_hall: Callable[..., Hall]) -> Hall:
    return make_hall()


@pytest.fixture
def alice(make_user: Callable[..., Person], hall: Hall) -> Person:
    return enrol(hall.db, hall.taught, make_user("alice"), "Alice", hall.clock())


def test_an_attempt_asks_every_question_once(hall: Hall, alice: Person) -> None:
    sheet = hall.sheet(alice, hall.start(alice))

    assert [item.position for item in sheet.items] == [1, 2, 3, 4]
    assert len({item.item_id for item in sheet.items}) == 4
    assert sheet.deadline == hall.clock() + timedelta(hours=1)
    assert not sheet.over


def test_a_start_takes_as_many_statements_with_forty_questions_as_with_four(
    hall: Hall, make_hall: MakeHall, make_user: Callable[..., Person], make_question: Callable[..., Question]
) -> None:
    large = make_hall(questions=tuple(make_question().id for _ in range(40)))
    counts = []
    for one, name in ((hall, "Bob"), (large, "Carol")):
        who = sit(one, make_user, name)
        with counted(hall.db) as statements:
            one.start(who)
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 9


def test_an_announced_exam_is_seen_and_cannot_be_started(
    make_hall: Callable[..., Hall], make_user: Callable[..., Person], clock: Clock
) -> None:
    hall = make_hall(opens_at=clock() + timedelta(hours=1))
    alice = sit(hall, make_user)

    assert hall.standing(alice).phase is Phase.ANNOUNCED
    with pytest.raises(Conflict, match="not_open"):
        hall.start(alice)


def test_a_closed_exam_cannot_be_started(hall: Hall, alice: Person) -> None:
    hall.clock.advance(hours=2)

    with pytest.raises(Conflict, match="closed"):
        hall.start(alice)


def test_an_exam_of_another_class_does_not_exist(hall: Hall, make_user: Callable[..., Person]) -> None:
    with pytest.raises(NotFound):
        hall.start(make_user("eve"))


def test_a_draft_does_not_exist_for_students(
    db: Database, clock: Clock, hall: Hall, alice: Person, make_question: Callable[..., Question]
) -> None:
    wanted = Draft("Surprise", "practice", questions=(make_question().id,))
    with db.writing() as session:
        exams.create(session, hall.teacher, hall.taught.id, wanted, clock())

    with db.reading() as session:
        assert [one.title for one in exam_standing.standings(session, alice, clock())] == ["Partiel"]


def test_a_password_opens_the_exam(make_hall: Callable[..., Hall], make_user: Callable[..., Person]) -> None:
    hall = make_hall(password="salle 204")
    alice = sit(hall, make_user)

    with pytest.raises(Invalid):
        hall.start(alice, "salle 205")

    assert hall.start(alice, " salle 204 ")


def test_starting_again_goes_on_with_the_attempt_at_work(hall: Hall, alice: Person) -> None:
    assert hall.start(alice) == hall.start(alice)


def test_twenty_starts_at_the_same_moment_make_one_attempt(hall: Hall, alice: Person) -> None:
    barrier = Barrier(AT_ONCE)

    def start() -> int:
        barrier.wait()
        return hall.start(alice)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        ids = [future.result() for future in [pool.submit(start) for _ in range(AT_ONCE)]]

    assert len(set(ids)) == 1
    with hall.db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Attempt)) == 1
        assert session.scalar(select(func.count()).select_from(AttemptItem)) == 4


def test_starting_an_exam_that_is_being_thrown_away_waits_for_what_becomes_of_it(hall: Hall, alice: Person) -> None:
    with ThreadPoolExecutor(1) as pool:
        with hall.db.writing() as session:
            exams.discard(session, hall.teacher, hall.exam_id)
            session.flush()
            started = pool.submit(hall.start, alice)
            wait([started], timeout=0.5)  # long enough to come to the row that is on its way out

        with pytest.raises(NotFound):
            started.result()


def test_no_more_attempts_than_allowed(hall: Hall, alice: Person) -> None:
    hall.submit(alice, hall.start(alice))

    with pytest.raises(Conflict, match="no_attempt_left"):
        hall.start(alice)


def test_a_practice_exam_can_be_taken_again_and_again(
    make_hall: Callable[..., Hall], make_user: Callable[..., Person]
) -> None:
    hall = make_hall(kind="practice", attempts=0, opens_at=None, closes_at=None)
    alice = sit(hall, make_user)
    first = hall.start(alice)
    hall.submit(alice, first)

    assert hall.start(alice) != first


def test_a_saved_answer_is_there_and_worth_its_credit(hall: Hall, alice: Person) -> None:
    attempt = hall.start(alice)

    assert hall.answer(alice, attempt, 2, "b") is Saved.STORED

    item = hall.sheet(alice, attempt).items[1]
    assert (item.response, item.saved_at) == ({"choice": "b"}, hall.clock())
    with hall.db.reading() as session:
        row = session.get_one(AttemptItem, (attempt, 2))
        assert (row.credit_parts, row.credit_of, row.changes) == (1, 1, 1)


def test_an_older_change_that_arrives_late_changes_nothing(hall: Hall, alice: Person) -> None:
    attempt = hall.start(alice)
    hall.answer(alice, attempt, 1, "b", seq=5)

    assert hall.answer(alice, attempt, 1, "a", seq=4) is Saved.OLDER

    assert hall.sheet(alice, attempt).items[0].response == {"choice": "b"}


def test_the_same_change_sent_again_counts_once(hall: Hall, alice: Person) -> None:
    attempt = hall.start(alice)
    hall.answer(alice, attempt, 1, "b")

    assert hall.answer(alice, attempt, 1, "b") is Saved.OLDER

    with hall.db.reading() as session:
        assert session.get_one(AttemptItem, (attempt, 1)).changes == 1


def test_an_answer_can_be_taken_away_again(hall: Hall, alice: Person) -> None:
    attempt = hall.start(alice)
    hall.answer(alice, attempt, 1, "b")

    hall.save(alice, attempt, Change(1, 2, {}))

    assert hall.sheet(alice, attempt).items[0].response is None
    with hall.db.reading() as session:
        assert session.get_one(AttemptItem, (attempt, 1)).credit_parts == 0


def test_a_mark_to_read_again_leaves_the_answer_alone(hall: Hall, alice: Person) -> None:
    attempt = hall.start(alice)
    hall.answer(alice, attempt, 1, "b")

    hall.save(alice, attempt, Change(1, 2, flagged=True))

    item = hall.sheet(alice, attempt).items[0]
    assert (item.flagged, item.response) == (True, {"choice": "b"})


def test_another_device_takes_over_and_the_first_is_refused_and_logged(hall: Hall, alice: Person) -> None:
    attempt = hall.start(alice)

    assert hall.take_over(alice, attempt) == 2
    assert hall.save(alice, attempt, Change(1, 9, {"choice": ["1"]}), epoch=1) is Saved.ELSEWHERE

    assert hall.events(attempt) == ["started", "opened", "elsewhere"]
    assert hall.sheet(alice, attempt).items[0].response is None


def test_the_new_devices_changes_win_whatever_their_number(hall: Hall, alice: Person) -> None:
    attempt = hall.start(alice)
    hall.answer(alice, attempt, 1, "a", seq=40)
    hall.take_over(alice, attempt)

    assert hall.answer(alice, attempt, 1, "b", seq=1) is Saved.STORED

    assert hall.sheet(alice, attempt).items[0].response == {"choice": "b"}


def test_a_change_is_accepted_until_15_seconds_after_the_deadline(hall: Hall, alice: Person) -> None:
    attempt = hall.start(alice)
    hall.clock.at += timedelta(hours=1) + GRACE

    assert hall.answer(alice, attempt, 1, "b") is Saved.STORED
    hall.clock.at += EPSILON
    assert hall.answer(alice, attempt, 2, "b") is Saved.OVER


def test_looking_at_an_attempt_that_time_ended_stores_nothing(hall: Hall, alice: Person) -> None:
    attempt = hall.start(alice)
    hall.answer(alice, attempt, 1, "b")
    hall.clock.advance(hours=1, seconds=16)

    sheet = hall.sheet(alice, attempt)

    assert sheet.over
    assert sheet.items[0].response == {"choice": "b"}
    with hall.db.reading() as session:
        assert session.get_one(Attempt, attempt).submitted_at is None


def test_the_next_attempt_stores_the_end_that_time_brought(
    make_hall: Callable[..., Hall], make_user: Callable[..., Person]
) -> None:
    hall = make_hall(attempts=2)
    alice = sit(hall, make_user)
    first = hall.start(alice)
    deadline = hall.sheet(alice, first).deadline
    hall.clock.advance(hours=1, minutes=5)

    second = hall.start(alice)

    assert second != first
    with hall.db.reading() as session:
        ended = session.get_one(Attempt, first)
        assert (ended.submitted_at, ended.closed_by) == (deadline, "time")


def test_what_was_handed_in_can_neither_be_changed_nor_reopened(hall: Hall, alice: Person) -> None:
    attempt = hall.start(alice)
    hall.submit(alice, attempt)

    assert hall.answer(alice, attempt, 1, "b") is Saved.OVER
    with pytest.raises(Conflict, match="over"):
        hall.take_over(alice, attempt)


def test_handing_in_twice_hands_in_once(hall: Hall, alice: Person) -> None:
    attempt = hall.start(alice)
    hall.submit(alice, attempt)
    first = hall.sheet(alice, attempt)
    hall.clock.advance(minutes=1)

    assert hall.submit(alice, attempt) is Saved.STORED

    again = hall.sheet(alice, attempt)
    assert (again.receipt, again.submitted_at) == (first.receipt, first.submitted_at)
    assert len(again.receipt or "") == 12


def test_an_old_device_cannot_hand_in(hall: Hall, alice: Person) -> None:
    attempt = hall.start(alice)
    hall.take_over(alice, attempt)

    assert hall.submit(alice, attempt, epoch=1) is Saved.ELSEWHERE

    assert hall.sheet(alice, attempt).submitted_at is None


def test_extra_time_follows_the_student_into_the_exam(hall: Hall, alice: Person) -> None:
    with hall.db.writing() as session:
        session.execute(update(Membership).where(Membership.user_id == alice.id).values(extra_minutes=20))

    attempt = hall.start(alice)

    assert hall.sheet(alice, attempt).deadline == hall.clock() + timedelta(minutes=80)
    assert hall.standing(alice).duration == timedelta(minutes=80)


def test_each_student_may_get_a_draw_of_their_own(
    make_hall: Callable[..., Hall], make_user: Callable[..., Person], make_question: Callable[..., Question]
) -> None:
    for _ in range(30):
        make_question()
    hall = make_hall(questions=(), demands=(Demand(5, topic="network"),), draw="each")
    names = ("Alice", "Boris", "Chloé", "Dina")

    drawn = set()
    for name in names:
        who = sit(hall, make_user, name)
        drawn.add(tuple(item.item_id for item in hall.sheet(who, hall.start(who)).items))

    assert {len(one) for one in drawn} == {5}
    assert len({frozenset(one) for one in drawn}) > 1


def test_an_answer_that_cannot_be_kept_refuses_only_itself(hall: Hall, alice: Person) -> None:
    attempt = hall.start(alice)
    right = Change(1, 1, {"choice": [hall.choice(alice, attempt, 1, "b")]})

    outcome = hall.send(alice, attempt, Change(2, 1, {"choice": ["77"]}), right)

    assert outcome.state is Saved.STORED
    assert [(one.field, one.code) for one in outcome.refused] == [("2", "unknown_position")]
    assert [item.response for item in hall.sheet(alice, attempt).items] == [{"choice": "b"}, None, None, None]


def test_nobody_sees_or_saves_anothers_attempt(hall: Hall, alice: Person, make_user: Callable[..., Person]) -> None:
    attempt = hall.start(alice)
    boris = sit(hall, make_user, "Boris")

    with pytest.raises(NotFound):
        hall.sheet(boris, attempt)
    with pytest.raises(NotFound):
        hall.save(boris, attempt, Change(1, 1, {}))
