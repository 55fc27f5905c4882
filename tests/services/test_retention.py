"""How long a class keeps attempts, and the sweep that deletes them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.db import Database
from app.errors import Invalid, NotFound
from app.models import Allowance, Attempt, AttemptItem, Class, Exam, ExamEvent, Membership, RosterLine, User
from app.services import attempts, classes, exam_events, retention
from app.services.identity import Person
from tests.conftest import Clock
from tests.hall import Hall, sit

MakeHall = Callable[..., Hall]
MakeUser = Callable[..., Person]


@pytest.fixture
def put_away(db: Database, clock: Clock, make_hall: MakeHall, make_user: MakeUser) -> Hall:
    """A class with a student's attempt, an erased one's, a list, noted ids; put away now, for 30 days."""
    hall = make_hall()
    for name in ("Alice", "Gone"):
        student = sit(hall, make_user, name)
        hall.submit(student, hall.start(student))
    with db.writing() as session:
        attempts.forget(session, student.id)
        member = session.scalars(select(Membership).order_by(Membership.user_id)).first()
        assert member is not None
        member.institution_id, member.extra_minutes = "E001", 20
        line = {"class_id": hall.taught.id, "name": "Alice", "code": "code", "created_at": clock()}
        session.add(RosterLine(**line))
        session.add(Allowance(exam_id=hall.exam_id, learner_id=member.user_id, reason="ill"))
        exam_events.record(session, hall.teacher, hall.exam_id, member.user_id, "allowed", "ill", clock())
        retention.keep_for(session, hall.teacher, hall.taught.id, 30, clock())
        classes.archive(session, hall.teacher, hall.taught.id, clock())
    return hall


def held(db: Database) -> dict[str, int]:
    """How many rows there are of what the retention ends."""
    noted = Membership.institution_id.is_not(None)
    with db.reading() as session:
        counts = {
            table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Attempt, AttemptItem, RosterLine, Allowance, ExamEvent)
        }
        return counts | {"noted": session.scalar(select(func.count()).where(noted)) or 0}


def sweep(db: Database, clock: Clock) -> None:
    with db.writing() as session:
        retention.sweep(session, clock())


def test_the_day_before_everything_is_there(put_away: Hall, db: Database, clock: Clock) -> None:
    clock.advance(days=30, microseconds=-1)

    sweep(db, clock)

    listed = {"roster_line": 1, "exam_allowance": 1, "exam_event": 1, "noted": 1}
    assert held(db) == {"attempt": 2, "attempt_item": 8, **listed}


def test_on_the_day_it_is_deleted_for_erased_students_too(put_away: Hall, db: Database, clock: Clock) -> None:
    clock.advance(days=30)

    sweep(db, clock)

    assert set(held(db).values()) == {0}


def test_the_exam_remembers_when_its_attempts_went(put_away: Hall, db: Database, clock: Clock) -> None:
    clock.advance(days=30)
    gone = clock()
    sweep(db, clock)
    clock.advance(days=30)
    sweep(db, clock)

    with db.reading() as session:
        assert session.get_one(Exam, put_away.exam_id).forgotten_at == gone


def test_an_exam_that_nobody_took_is_not_said_to_be_forgotten(make_hall: MakeHall, db: Database, clock: Clock) -> None:
    hall = make_hall()
    with db.writing() as session:
        classes.archive(session, hall.teacher, hall.taught.id, clock())
    clock.advance(days=400)

    sweep(db, clock)

    with db.reading() as session:
        assert session.get_one(Exam, hall.exam_id).forgotten_at is None


def test_members_stay_with_no_extra_time_noted(put_away: Hall, db: Database, clock: Clock) -> None:
    clock.advance(days=30)

    sweep(db, clock)

    with db.reading() as session:
        assert session.execute(select(Membership.name, Membership.extra_minutes).order_by(Membership.name)).all() == [
            ("Alice", 0),
            ("Gone", 0),
        ]


def test_a_class_that_was_brought_back_keeps_all(put_away: Hall, db: Database, clock: Clock) -> None:
    with db.writing() as session:
        classes.archive(session, put_away.teacher, put_away.taught.id, None)
    clock.advance(days=4000)

    sweep(db, clock)

    assert held(db)["attempt"] == 2


def test_a_sweep_deletes_a_part_at_a_time(
    put_away: Hall, db: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "_ATTEMPTS_AT_ONCE", 1)
    clock.advance(days=30)

    counts = []
    for _ in range(2):
        sweep(db, clock)
        counts.append(held(db)["attempt"])

    assert counts == [1, 0]


def test_a_guest_who_took_an_exam_stays_until_then(
    make_hall: MakeHall, make_user: MakeUser, db: Database, clock: Clock
) -> None:
    hall = make_hall()
    guest = make_user()
    with db.writing() as session:
        classes.join(session, guest, hall.taught.join_code or "", "Guest", clock())
    hall.submit(guest, hall.start(guest))
    with db.writing() as session:
        classes.archive(session, hall.teacher, hall.taught.id, clock())

    there = []
    for days in (364, 1):
        clock.advance(days=days)
        sweep(db, clock)
        with db.reading() as session:
            there.append(session.get(User, guest.id) is not None)

    assert there == [True, False]


def test_a_class_says_when_its_retention_ends(put_away: Hall, db: Database, clock: Clock) -> None:
    with db.reading() as session:
        kept = retention.of_class(session, put_away.teacher, put_away.taught.id)

    assert (kept.days, kept.ends_at) == (30, clock() + timedelta(days=30))


@pytest.mark.parametrize("days", [29, 3651])
def test_nobody_keeps_for_less_than_a_month_or_more_than_ten_years(
    make_hall: MakeHall, db: Database, days: int
) -> None:
    hall = make_hall()

    with pytest.raises(Invalid), db.writing() as session:
        retention.keep_for(session, hall.teacher, hall.taught.id, days, hall.clock())

    with db.reading() as session:
        assert session.scalars(select(Class.retention_days)).all() == [retention.DEFAULT_DAYS]


def test_another_teacher_neither_reads_nor_sets_it(make_hall: MakeHall, make_user: MakeUser, db: Database) -> None:
    hall, stranger = make_hall(), make_user(role="teacher")

    with pytest.raises(NotFound), db.reading() as session:
        retention.of_class(session, stranger, hall.taught.id)
    with pytest.raises(NotFound), db.writing() as session:
        retention.keep_for(session, stranger, hall.taught.id, 60, hall.clock())
