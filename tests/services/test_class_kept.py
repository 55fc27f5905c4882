"""The figures of a class that are kept in memory are those that a fresh look would find."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import chain
from random import Random
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.db import Database
from app.models import Base, CardCopy, Course, Exam, Membership, MemberSum, Question
from app.services import class_lessons, class_progress, kept, member_sums, plans
from app.services.class_log import Marks
from app.services.class_progress import MemberProgress
from app.services.classes import Taught
from app.services.identity import Person
from app.services.plans import Wanted
from app.srs.sm2 import Grade
from tests.classroom import answer, enrol, open_class, undo
from tests.conftest import Clock
from tests.life import Life, store
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
def begin(
    db: Database, clock: Clock, make_course: Callable[..., Course], make_question: MakeQuestion
) -> Callable[[int], tuple[Life, list[Question]]]:
    """Return a function that begins what may happen to a class, by a seed, and to some questions."""

    def start(seed: int) -> tuple[Life, list[Question]]:
        luck = Random(seed)
        questions = [make_question(objective=luck.choice(("network.a", "network.b"))) for _ in range(5)]
        elsewhere = make_question(of=make_course("linux"))
        return Life(db, clock, luck, {question.id: 1 for question in questions}, elsewhere), questions

    return start


@pytest.fixture
def seen(db: Database, clock: Clock, teacher: Person, taught: Taught) -> Callable[[], Any]:
    """Return a function that reads all that is told of the class now."""

    def read() -> Any:
        with db.reading() as session:
            lessons = class_lessons.again(session, teacher, taught.id, clock())
            return class_progress.progress(session, teacher, taught.id, clock()), lessons

    return read


@pytest.fixture
def told(db: Database, clock: Clock, taught: Taught, seen: Callable[[], Any]) -> Callable[[], Any]:
    """Return a function that reads the same, and what of too few students is not shown."""

    def read() -> Any:
        with db.reading() as session:
            learned = class_lessons._learned(session, taught, clock())
        each = [[sorted(told) for told in (one.right, one.wrong, *one.responses)] for one in learned]
        progress, lessons = seen()
        members = [_rounded(one) for one in progress.members]
        return replace(progress, members=members), lessons, sorted(each)

    return read


def _rounded(member: MemberProgress) -> MemberProgress:
    """The same, whatever order the chances of cards were added in."""
    reach, *topics = (one._replace(recalled=round(one.recalled, 9)) for one in (member.reach, *member.topics.values()))
    return replace(member, reach=reach, topics=dict(zip(member.topics, topics, strict=True)))


@pytest.fixture
def fresh(db: Database, told: Callable[[], Any]) -> Callable[[], Any]:
    """Return a function that reads the same of the log alone: nothing is kept, nothing stored."""

    def read() -> Any:
        with db.writing() as session:
            rows = [_taken(session, model) for model in (MemberSum, CardCopy)]
        kept.forget()
        found = told()
        with db.writing() as session:
            session.add_all(chain.from_iterable(rows))
        kept.forget()
        return found

    return read


def _taken(session: Session, model: type[Base]) -> Sequence[Base]:
    """All rows of a table, which has none then."""
    columns = [column.name for column in model.__table__.columns]
    rows = [{name: getattr(row, name) for name in columns} for row in session.scalars(select(model))]
    session.execute(delete(model))
    return [model(**row) for row in rows]


def held(db: Database, of: Taught, today: date) -> set[int]:
    """The members whose stored sums are read."""
    with db.reading() as session:
        members = session.scalars(select(Membership.user_id).where(Membership.class_id == of.id)).all()
        marks = Marks.of(session, of)
        return set(member_sums.read(session, of, marks, dict.fromkeys(members, today), ends=True))


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_what_is_kept_and_stored_is_what_the_log_tells(
    trio: list[Person],
    begin: Callable[[int], tuple[Life, list[Question]]],
    told: Callable[[], Any],
    fresh: Callable[[], Any],
    seed: int,
) -> None:
    life, questions = begin(seed)

    for _ in range(15):
        for _ in range(5):
            life.go_on(trio, questions)
        both = told()
        kept.forget()
        assert told() == both
        assert fresh() == both


def test_sums_of_before_today_are_read_with_what_came_after(
    db: Database, clock: Clock, taught: Taught, trio: list[Person], make_question: MakeQuestion, seen: Callable[[], Any]
) -> None:
    question = make_question()
    answer(db, trio[0], question, Grade.GOOD, clock())
    clock.advance(days=1)
    assert store(db, trio[0], clock()) == 1
    answer(db, trio[0], question, Grade.GOOD, clock())
    kept.forget()

    with counted(db) as statements:
        read, _ = seen()

    assert held(db, taught, clock().date()) == {trio[0].id}
    assert (read.members[0].recent.of, read.members[0].active_days) == (2, 2)
    assert any("member_sum.since" in sql for sql in statements)


def test_sums_are_not_read_for_a_day_before_them(
    db: Database, clock: Clock, taught: Taught, trio: list[Person], make_question: MakeQuestion
) -> None:
    answer(db, trio[0], make_question(), Grade.GOOD, clock())
    clock.advance(days=1)
    store(db, trio[0], clock())

    assert held(db, taught, clock().date() - timedelta(days=1)) == set()  # somebody went west


def test_sums_of_a_day_that_is_not_yet_go_into_no_others(
    db: Database,
    clock: Clock,
    trio: list[Person],
    make_question: MakeQuestion,
    told: Callable[[], Any],
    fresh: Callable[[], Any],
) -> None:
    question, given = make_question(), {"response": {"choice": "a"}, "credit": Fraction(0)}
    number = answer(db, trio[0], question, Grade.WRONG, clock(), **given)
    store(db, trio[0], clock() + timedelta(days=1))
    store(db, trio[0], clock())  # somebody went west, or the clock back

    undo(db, trio[0], question, number, clock())

    assert told() == fresh()


@pytest.mark.parametrize("stored_on", [1, 2])
def test_the_first_response_is_the_one_that_came_first_whichever_day_it_was_given(
    db: Database,
    clock: Clock,
    taught: Taught,
    trio: list[Person],
    make_question: MakeQuestion,
    told: Callable[[], Any],
    stored_on: int,
) -> None:
    question = make_question()
    clock.advance(days=1)
    for days, right in ((0, True), (1, False)):  # the second one waited on a device
        given = {"response": {"choice": "b" if right else "a"}, "credit": Fraction(right)}
        answer(db, trio[0], question, Grade.GOOD, clock() - timedelta(days=days), **given)
    clock.advance(days=stored_on - 1)
    store(db, trio[0], clock())

    _, _, [*_, (_, _, *responses)] = told()

    assert responses == [[question.id], [], [], []]


@pytest.mark.parametrize("late", [True, False])
def test_sums_are_void_once_the_log_before_them_changes(
    db: Database, clock: Clock, taught: Taught, trio: list[Person], make_question: MakeQuestion, late: bool
) -> None:
    question, other = make_question(), make_question()
    number = answer(db, trio[0], question, Grade.GOOD, clock())
    clock.advance(days=1)
    store(db, trio[0], clock())
    before = held(db, taught, clock().date())

    if late:
        answer(db, trio[0], other, Grade.GOOD, clock() - timedelta(days=1))
    else:
        undo(db, trio[0], question, number, clock())

    assert (before, held(db, taught, clock().date())) == ({trio[0].id}, set())


def test_void_sums_and_those_of_another_day_are_replaced_and_no_others(
    db: Database, clock: Clock, taught: Taught, trio: list[Person], make_question: MakeQuestion
) -> None:
    answer(db, trio[0], make_question(), Grade.GOOD, clock())
    clock.advance(days=1)

    stored = [store(db, trio[0], clock()), store(db, trio[0], clock())]
    answer(db, trio[0], make_question(), Grade.GOOD, clock() - timedelta(days=1))
    stored.append(store(db, trio[0], clock()))
    clock.advance(days=1)
    stored.append(store(db, trio[0], clock()))

    assert stored == [1, 0, 1, 1]
    assert held(db, taught, clock().date()) == {trio[0].id}


@pytest.mark.parametrize("column", ["firsts", "ends"])
def test_damaged_sums_are_passed_over(
    db: Database, clock: Clock, taught: Taught, trio: list[Person], make_question: MakeQuestion, column: str
) -> None:
    answer(db, trio[0], make_question(), Grade.GOOD, clock())
    clock.advance(days=1)
    store(db, trio[0], clock())

    with db.writing() as session:
        session.execute(update(MemberSum).values({column: b"no sums"}))

    assert held(db, taught, clock().date()) == set()
    assert store(db, trio[0], clock()) == 0  # they are looked at by pages alone, and made anew tomorrow


def test_who_is_in_no_class_has_no_sums(
    db: Database, clock: Clock, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner = make_user()
    answer(db, learner, make_question(), Grade.GOOD, clock())
    clock.advance(days=1)

    assert store(db, learner, clock()) == 0


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


def test_of_those_who_did_something_since_alone_the_stored_sums_are_read(
    db: Database, clock: Clock, trio: list[Person], make_question: MakeQuestion, seen: Callable[[], Any]
) -> None:
    question = make_question()
    for who in trio:
        answer(db, who, question, Grade.GOOD, clock())
        store(db, who, clock() + timedelta(days=1))
    clock.advance(days=1)
    seen()
    answer(db, trio[0], question, Grade.GOOD, clock())

    with counted(db) as statements:
        seen()

    asked = [sql.split(" IN (")[1].split(" AND ")[0] for sql in statements if "member_sum.counted" in sql]
    assert asked and all("," not in members for members in asked)


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
