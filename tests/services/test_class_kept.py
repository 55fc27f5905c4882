"""The figures of a class that are kept in memory are those that a fresh look would find."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from sqlalchemy import update

from app.db import Database
from app.models import Course, Exam, Question
from app.services import cards, class_lessons, class_progress, kept, plans
from app.services.classes import Taught
from app.services.identity import Person
from app.services.plans import Wanted
from app.srs.sm2 import Grade
from tests.classroom import answer, enrol, open_class, undo
from tests.conftest import Clock
from tests.statements import counted

MakeUser = Callable[..., Person]
MakeQuestion = Callable[..., Question]


@pytest.fixture
def teacher(make_user: MakeUser) -> Person:
    return make_user(role="teacher", locale="en")


@pytest.fixture
def taught(db: Database, clock: Clock, course: Course, teacher: Person) -> Taught:
    return open_class(db, teacher, clock())


@pytest.fixture
def trio(db: Database, clock: Clock, make_user: MakeUser, taught: Taught) -> list[Person]:
    return [enrol(db, taught, make_user(), name, clock()) for name in ("Ada", "Bob", "Zoé")]


@pytest.fixture
def seen(db: Database, clock: Clock, teacher: Person, taught: Taught) -> Callable[[], Any]:
    """Return a function that reads all that is told of the class now."""

    def read() -> Any:
        with db.reading() as session:
            lessons = class_lessons.again(session, teacher, taught.id, clock())
            return class_progress.progress(session, teacher, taught.id, clock()), lessons

    return read


@pytest.mark.parametrize("seed", range(2))
def test_whatever_happens_a_second_look_finds_what_a_fresh_one_does(
    db: Database,
    clock: Clock,
    trio: list[Person],
    make_question: MakeQuestion,
    seen: Callable[[], Any],
    seed: int,
) -> None:
    luck, numbers, retired = Random(seed), dict[tuple[int, int], int](), set[int]()
    questions = [make_question(objective=luck.choice(("network.a", "network.b"))) for _ in range(4)]

    def reply(who: Person, question: Question) -> None:
        right = luck.random() < 0.5
        told = {"response": {"choice": "b" if right else "a"}, "credit": Fraction(right)}
        grade = Grade.GOOD if right else Grade.WRONG
        numbers[who.id, question.id] = answer(db, who, question, grade, clock(), **told)

    def take_back(who: Person, question: Question) -> None:
        if number := numbers.pop((who.id, question.id), None):
            undo(db, who, question, number, clock())

    def put_off(who: Person, question: Question) -> None:
        if question.id not in retired:
            with db.writing() as session:
                cards.bury(session, who, question.id, clock())

    def retire(_who: Person, question: Question) -> None:
        retired.add(question.id)
        with db.writing() as session:
            session.execute(update(Question).where(Question.id == question.id).values(retired=True))

    def pass_time(_who: Person, _question: Question) -> None:
        clock.advance(hours=luck.choice((1, 24)))

    for _ in range(15):
        luck.choice((reply, reply, reply, take_back, put_off, retire, pass_time))(
            luck.choice(trio), luck.choice(questions)
        )
        second = seen()
        kept.forget()
        assert second == seen()


def test_moves_that_cancel_out_in_a_sum_are_seen(
    db: Database, clock: Clock, trio: list[Person], make_question: MakeQuestion, seen: Callable[[], Any]
) -> None:
    topics = ("network", "volumes", "volumes", "network")
    questions = [make_question(topic=topic) for topic in topics]
    answer(db, trio[0], questions[0], Grade.GOOD, clock())
    before = seen()[0]

    with db.writing() as session:
        rows = [session.get_one(Question, one.id) for one in questions]
        network, volumes = rows[0].topic_id, rows[1].topic_id
        for row in rows:
            row.topic_id = volumes if row.topic_id == network else network

    after = seen()[0]
    assert (before.topic(network).seen, before.topic(volumes).seen) == (1, 0)
    assert (after.topic(network).seen, after.topic(volumes).seen) == (0, 1)


def test_who_did_nothing_since_is_not_read_again(
    db: Database,
    clock: Clock,
    trio: list[Person],
    make_question: MakeQuestion,
    seen: Callable[[], Any],
) -> None:
    answer(db, trio[0], make_question(), Grade.GOOD, clock())
    seen()

    with counted(db) as again:
        seen()

    assert [sql for sql in again if "FROM review_log" in sql and "GROUP BY" in sql] == []


def test_readiness_is_told_for_the_day_of_the_next_announced_exam(
    db: Database,
    clock: Clock,
    taught: Taught,
    trio: list[Person],
    make_question: MakeQuestion,
    seen: Callable[[], Any],
) -> None:
    answer(db, trio[0], make_question(), Grade.GOOD, clock())  # due tomorrow: nine in ten then
    today = seen()[0].members[0].reach.recalled
    opens = clock() + timedelta(days=1)
    with db.writing() as session:
        times = {"opens_at": opens, "closes_at": opens + timedelta(hours=2), "published_at": clock()}
        session.add(Exam(class_id=taught.id, created_at=clock(), title="Partiel", seed="1", **times))

    read, _ = seen()

    assert (read.coming.title, read.coming.day) == ("Partiel", opens.date())
    assert read.members[0].reach.recalled == pytest.approx(0.9)
    assert today > 0.98


@pytest.mark.parametrize(
    ("zone", "opens"),
    [
        ("Pacific/Auckland", datetime(2026, 12, 7, 1, tzinfo=UTC)),  # 2 p.m., when it is midnight in Greenwich
        ("Pacific/Tahiti", datetime(2026, 12, 8, 2, tzinfo=UTC)),  # 4 p.m., when it is the next day there
    ],
)
@pytest.mark.parametrize("hours", [-1, 1])
def test_the_day_of_an_exam_is_told_by_its_own_clock(
    db: Database, clock: Clock, taught: Taught, seen: Callable[[], Any], zone: str, opens: datetime, hours: int
) -> None:
    with db.writing() as session:
        times = {"opens_at": opens, "closes_at": opens + timedelta(hours=2), "published_at": clock(), "zone": zone}
        session.add(Exam(class_id=taught.id, created_at=clock(), title="Partiel", seed="1", **times))
    clock.at = opens + timedelta(hours=hours)

    coming = seen()[0].coming

    assert coming.day == date(2026, 12, 7)
    assert coming.at == opens or hours > 0


@pytest.mark.parametrize("weeks", [8, None])
def test_an_exam_that_stays_open_for_weeks_or_for_ever_does_not_hide_the_next_one(
    db: Database, clock: Clock, taught: Taught, seen: Callable[[], Any], weeks: int | None
) -> None:
    with db.writing() as session:
        for title, opens, length in (("Dossier", -7, weeks and timedelta(weeks=weeks)), ("Partiel", 14, timedelta(1))):
            opens_at = clock() + timedelta(opens)
            times = {"opens_at": opens_at, "closes_at": length and opens_at + length}
            known = {"class_id": taught.id, "created_at": clock(), "published_at": clock(), "seed": "1"}
            session.add(Exam(title=title, **known, **times))

    coming = seen()[0].coming

    assert (coming.title, coming.at) == ("Partiel", clock() + timedelta(14))


def test_the_plans_of_members_are_counted_and_their_minutes_told_by_the_median(
    db: Database, clock: Clock, trio: list[Person], seen: Callable[[], Any]
) -> None:
    for who, minutes in zip(trio, (10, 20, 60), strict=True):
        with db.writing() as session:
            plans.keep(session, who, Wanted(date(2026, 12, 18), minutes), clock())

    read, _ = seen()

    assert (read.coming.plans, read.coming.minutes) == (3, 20)
