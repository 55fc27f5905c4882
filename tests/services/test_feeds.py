"""A learner's calendar: its secret address, and what it has."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from unittest.mock import ANY

import pytest
from sqlalchemy import update

from app.db import Database
from app.errors import NotFound
from app.models import Course, ExamPlan, Membership, Question, User
from app.services import classes, feeds, plans
from app.services.feeds import Feed
from app.services.identity import Person
from app.services.plans import Wanted
from app.srs.sm2 import Grade
from tests.classroom import answer
from tests.conftest import Clock
from tests.hall import Hall, sit

MakeUser = Callable[..., Person]
MakeQuestion = Callable[..., Question]
MONDAY = date(2026, 11, 23)


@pytest.fixture
def learner(db: Database, clock: Clock, make_user: MakeUser, make_question: MakeQuestion) -> Person:
    """A learner with a plan of ten days on 30 cards."""
    who = make_user("alice")
    for _ in range(30):
        make_question()
    keep(db, clock, who)
    return who


def keep(db: Database, clock: Clock, who: Person, **fields: object) -> None:
    with db.writing() as session:
        plans.keep(session, who, Wanted(MONDAY + timedelta(days=10), 10, **fields), clock())  # type: ignore[arg-type]


def make(db: Database, who: Person) -> str:
    with db.writing() as session:
        return feeds.make(session, who)


def opened(db: Database, secret: str) -> int | None:
    """The id of the person whose calendar an address opens."""
    with db.reading() as session:
        owner = feeds.owner(session, secret)
        return owner.id if owner else None


def feed(db: Database, clock: Clock, who: Person) -> Feed:
    with db.reading() as session:
        return feeds.feed_of(session, who, clock())


def test_an_address_opens_the_calendar_of_who_made_it(db: Database, learner: Person) -> None:
    secret = make(db, learner)

    assert opened(db, secret) == learner.id
    assert opened(db, secret + "x") is None
    assert len(secret) >= 43


def test_only_the_hash_of_an_address_is_kept(db: Database, learner: Person) -> None:
    secret = make(db, learner)

    with db.reading() as session:
        kept = session.query(ExamPlan.feed_hash).scalar()
    assert kept is not None
    assert secret not in kept


def test_a_new_address_takes_the_place_of_the_one_before(db: Database, learner: Person) -> None:
    old = make(db, learner)

    new = make(db, learner)

    assert (opened(db, old), opened(db, new)) == (None, learner.id)


def test_an_address_that_is_revoked_opens_nothing(db: Database, learner: Person, make_user: MakeUser) -> None:
    secret, stranger = make(db, learner), make_user("chloe")
    with db.writing() as session:
        feeds.revoke(session, stranger)
    assert opened(db, secret) == learner.id

    with db.writing() as session:
        feeds.revoke(session, learner)

    assert opened(db, secret) is None
    with db.reading() as session:
        assert not feeds.has_address(session, learner)


def test_without_a_plan_there_is_no_address(db: Database, make_user: MakeUser) -> None:
    with pytest.raises(NotFound):
        make(db, make_user())


def test_of_an_account_that_is_deactivated_or_gone_nothing_is_read(db: Database, learner: Person) -> None:
    secret = make(db, learner)
    with db.writing() as session:
        session.execute(update(User).where(User.id == learner.id).values(active=False))

    assert opened(db, secret) is None

    with db.writing() as session:
        session.delete(session.get_one(User, learner.id))
    assert opened(db, secret) is None


def test_a_plan_that_goes_hands_the_address_on_to_another_and_the_last_one_takes_it_along(
    db: Database, clock: Clock, learner: Person, make_course: Callable[..., Course], make_question: MakeQuestion
) -> None:
    other = make_course("git")
    make_question(of=other)
    elsewhere = replace(learner, course_id=other.id)
    keep(db, clock, elsewhere)
    secret = make(db, elsewhere)

    with db.writing() as session:
        plans.remove(session, learner)
    still = opened(db, secret)
    with db.writing() as session:
        plans.remove(session, elsewhere)

    assert (still, opened(db, secret)) == (learner.id, None)


def test_every_day_that_has_work_is_in_it_with_cards_and_minutes(db: Database, clock: Clock, learner: Person) -> None:
    found = feed(db, clock, learner)

    [plan] = found.plans
    assert (plan.course, plan.exam_on) == ("Docker", MONDAY + timedelta(days=10))
    assert [day.day for day in plan.days][:3] == [MONDAY + timedelta(days=ahead) for ahead in range(3)]
    assert all(round(day.cards) >= 1 and 0 < day.minutes <= 10 for day in plan.days)
    assert found.as_of == datetime(2026, 11, 23, 3, 0, tzinfo=UTC)


def test_today_has_what_the_day_was_asked_for_whatever_was_answered_since(
    db: Database, clock: Clock, learner: Person
) -> None:
    morning = feed(db, clock, learner)
    with db.reading() as session:
        first = session.get_one(Question, 1)
    answer(db, learner, first, Grade.GOOD, clock())

    assert feed(db, clock, learner) == morning


def test_days_off_have_no_entry(db: Database, clock: Clock, learner: Person) -> None:
    tomorrow = MONDAY + timedelta(days=1)
    keep(db, clock, learner, days_off=frozenset({tomorrow}), weekdays_off=1)

    days = [day.day for day in feed(db, clock, learner).plans[0].days]

    assert MONDAY not in days
    assert tomorrow not in days
    assert tomorrow + timedelta(days=1) in days


def test_after_the_exam_only_its_day_stays(db: Database, clock: Clock, learner: Person) -> None:
    clock.advance(days=11)

    [plan] = feed(db, clock, learner).plans

    assert (plan.exam_on, plan.days) == (MONDAY + timedelta(days=10), [])


def test_each_plan_is_in_it_with_its_own_course(
    db: Database, clock: Clock, learner: Person, make_course: Callable[..., Course], make_question: MakeQuestion
) -> None:
    other = make_course("git")
    make_question(of=other)
    keep(db, clock, replace(learner, course_id=other.id))

    found = feed(db, clock, learner)

    assert [plan.plan_id for plan in found.plans] == [1, ANY]
    assert [round(plan.days[0].cards) for plan in found.plans][1] == 1


def test_the_exams_of_their_classes_are_in_it_until_they_leave(
    db: Database, clock: Clock, make_hall: Callable[..., Hall], make_user: MakeUser
) -> None:
    opens = clock() + timedelta(days=2)
    hall = make_hall(opens_at=opens, closes_at=opens + timedelta(hours=2))
    alice = sit(hall, make_user)

    there = feed(db, clock, alice).exams
    with db.writing() as session:
        session.query(Membership).delete()
    gone = feed(db, clock, alice).exams

    assert [(one.title, one.window.opens_at) for one in there] == [("Partiel", opens)]
    assert gone == []


def test_a_class_that_is_put_away_takes_its_exams_along_started_or_not(
    db: Database, clock: Clock, make_hall: Callable[..., Hall], make_user: MakeUser
) -> None:
    hall = make_hall()
    alice, bruno = sit(hall, make_user), sit(hall, make_user, "Bruno")
    hall.submit(alice, hall.start(alice))
    with db.writing() as session:
        classes.archive(session, hall.teacher, hall.taught.id, clock())

    assert feed(db, clock, alice).exams == feed(db, clock, bruno).exams == []
