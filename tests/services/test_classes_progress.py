"""Where the members of a class stand."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.db import Database
from app.errors import NotFound
from app.models import Question
from app.services import class_progress
from app.services.class_progress import ClassProgress, MemberProgress
from app.services.classes import Taught
from app.services.identity import Person
from app.srs.answering import Kind
from app.srs.sm2 import Grade
from app.stats.shares import Share
from app.stats.slipping import Reason
from tests.classroom import answer, enrol, open_class, settle, undo
from tests.conftest import Clock
from tests.statements import counted

MakeUser = Callable[..., Person]
MakeQuestion = Callable[..., Question]
TODAY = date(2026, 11, 23)


@pytest.fixture
def teacher(make_user: MakeUser) -> Person:
    return make_user(role="teacher", locale="en")


@pytest.fixture
def taught(db: Database, clock: Clock, course: object, teacher: Person) -> Taught:
    return open_class(db, teacher, clock())


@pytest.fixture
def ada(db: Database, clock: Clock, make_user: MakeUser, taught: Taught) -> Person:
    return enrol(db, taught, make_user(), "Ada", clock())


@pytest.fixture
def progress(db: Database, clock: Clock, teacher: Person, taught: Taught) -> Callable[[], ClassProgress]:
    """Return a function that reads the class as it is now."""

    def read() -> ClassProgress:
        with db.reading() as session:
            return class_progress.progress(session, teacher, taught.id, clock())

    return read


@pytest.fixture
def alone(progress: Callable[[], ClassProgress]) -> Callable[[], MemberProgress]:
    """Return a function that reads the only member of the class."""
    return lambda: progress().members[0]


def test_another_teacher_reads_nothing(db: Database, clock: Clock, make_user: MakeUser, taught: Taught) -> None:
    with db.reading() as session, pytest.raises(NotFound):
        class_progress.progress(session, make_user(role="teacher"), taught.id, clock())


def test_a_class_without_members_is_empty(progress: Callable[[], ClassProgress]) -> None:
    read = progress()

    assert (read.members, read.active, read.retention, read.seen) == ([], 0, None, None)


def test_a_member_who_never_answered_has_no_retention(
    ada: Person, alone: Callable[[], MemberProgress], make_question: MakeQuestion
) -> None:
    make_question()

    read = alone()

    assert (read.name, read.reach.total, read.reach.seen, read.retention, read.last_day) == ("Ada", 1, 0, None, None)


def test_members_are_by_name_whatever_their_case(
    db: Database, clock: Clock, make_user: MakeUser, taught: Taught, progress: Callable[[], ClassProgress]
) -> None:
    for name in ("zoé", "Ada", "bob"):
        enrol(db, taught, make_user(), name, clock())

    assert [member.name for member in progress().members] == ["Ada", "bob", "zoé"]


def test_cards_count_as_seen_due_and_settled(
    db: Database, ada: Person, alone: Callable[[], MemberProgress], make_question: MakeQuestion
) -> None:
    make_question()
    settle(db, ada, make_question(), 20, TODAY)
    settle(db, ada, make_question(), 21, TODAY + timedelta(1))

    reach = alone().reach

    assert (reach.total, reach.seen, reach.mature, reach.due) == (3, 2, 1, 1)


def test_topics_are_counted_apart(
    db: Database, ada: Person, progress: Callable[[], ClassProgress], make_question: MakeQuestion
) -> None:
    settle(db, ada, make_question(topic="network"), 30, TODAY)
    make_question(topic="volumes")

    read = progress()

    assert [(topic.title, topic.total) for topic in read.topics] == [("Network", 1), ("Volumes", 1)]
    assert [read.members[0].topics[topic.id].seen for topic in read.topics] == [1, 0]


def test_reserved_and_retired_questions_do_not_count(
    db: Database, ada: Person, alone: Callable[[], MemberProgress], make_question: MakeQuestion
) -> None:
    settle(db, ada, make_question(retired=True), 30, TODAY)
    make_question(reserved=True)
    make_question()

    assert (alone().reach.total, alone().reach.seen) == (1, 0)


def test_what_is_due_follows_each_learners_own_day(
    db: Database,
    clock: Clock,
    taught: Taught,
    make_user: MakeUser,
    make_question: MakeQuestion,
    progress: Callable[[], ClassProgress],
) -> None:
    clock.at = clock.at.replace(hour=20)  # Tuesday already in Auckland
    question = make_question()
    for name, zone in (("Ada", "Europe/Paris"), ("Bob", "Pacific/Auckland")):
        settle(db, enrol(db, taught, make_user(zone=zone), name, clock()), question, 5, TODAY + timedelta(1))

    assert [member.reach.due for member in progress().members] == [0, 1]


def test_cards_set_aside_or_put_off_are_not_due(
    db: Database, ada: Person, alone: Callable[[], MemberProgress], make_question: MakeQuestion
) -> None:
    from app.services import cards  # noqa: PLC0415

    first, second = make_question(), make_question()
    for question in (first, second):
        settle(db, ada, question, 5, TODAY)
    with db.writing() as session:
        cards.suspend(session, ada, first.id)
        cards.bury(session, ada, second.id, Clock()())

    assert (alone().reach.seen, alone().reach.due) == (2, 0)


def test_retention_is_the_share_of_reviews_recalled(
    db: Database, clock: Clock, ada: Person, alone: Callable[[], MemberProgress], make_question: MakeQuestion
) -> None:
    for grade in (Grade.HARD, Grade.GOOD, Grade.EASY, Grade.CLOSE):
        answer(db, ada, make_question(), grade, clock())

    assert alone().retention == 0.75


def test_drills_and_early_answers_do_not_change_retention(
    db: Database, clock: Clock, ada: Person, alone: Callable[[], MemberProgress], make_question: MakeQuestion
) -> None:
    question = make_question()
    answer(db, ada, question, Grade.WRONG, clock())
    answer(db, ada, question, Grade.GOOD, clock())
    answer(db, ada, question, Grade.GOOD, clock(), Kind.EARLY)

    assert alone().retention == 0.0


def test_a_review_after_practice_on_the_same_day_proves_nothing(
    db: Database, clock: Clock, ada: Person, alone: Callable[[], MemberProgress], make_question: MakeQuestion
) -> None:
    question = make_question()
    answer(db, ada, question, Grade.WRONG, clock(), Kind.PRACTICE)
    answer(db, ada, question, Grade.GOOD, clock(), Kind.REVIEW)

    assert alone().retention is None


def test_an_answer_taken_back_leaves_the_one_after_it_first(
    db: Database, clock: Clock, ada: Person, alone: Callable[[], MemberProgress], make_question: MakeQuestion
) -> None:
    question = make_question()
    undo(db, ada, question, answer(db, ada, question, Grade.WRONG, clock()), clock())
    answer(db, ada, question, Grade.GOOD, clock())

    assert alone().retention == 1.0


def test_reviews_older_than_28_days_are_forgotten(
    db: Database, clock: Clock, ada: Person, alone: Callable[[], MemberProgress], make_question: MakeQuestion
) -> None:
    answer(db, ada, make_question(), Grade.GOOD, clock() - timedelta(days=28))

    assert (alone().retention, alone().reach.seen, alone().silent_days) == (None, 1, 28)


def test_this_week_and_the_weeks_before_are_counted_apart(
    db: Database, clock: Clock, ada: Person, alone: Callable[[], MemberProgress], make_question: MakeQuestion
) -> None:
    for days, grade in ((0, Grade.GOOD), (6, Grade.WRONG), (7, Grade.GOOD), (27, Grade.GOOD)):
        answer(db, ada, make_question(), grade, clock() - timedelta(days=days))

    assert (alone().recent, alone().before, alone().active_days) == (Share(1, 2), Share(2, 2), 2)


def test_retention_follows_each_learners_own_day(
    db: Database,
    clock: Clock,
    taught: Taught,
    make_user: MakeUser,
    make_question: MakeQuestion,
    progress: Callable[[], ClassProgress],
) -> None:
    clock.at = clock.at.replace(hour=20)  # Tuesday already in Auckland
    question = make_question()
    for name, zone in (("Ada", "Europe/Paris"), ("Bob", "Pacific/Auckland")):
        who = enrol(db, taught, make_user(zone=zone), name, clock())
        answer(db, who, question, Grade.GOOD, clock().replace(hour=9) - timedelta(days=27))

    assert [member.retention for member in progress().members] == [1.0, None]


def test_retention_is_told_by_topic(
    db: Database, clock: Clock, ada: Person, progress: Callable[[], ClassProgress], make_question: MakeQuestion
) -> None:
    answer(db, ada, make_question(topic="network"), Grade.WRONG, clock())
    answer(db, ada, make_question(topic="volumes"), Grade.GOOD, clock())

    read = progress()

    assert [read.retained(topic.id) for topic in read.topics] == [Share(0, 1), Share(1, 1)]


def test_the_weakest_topic_has_five_answers_or_more(
    db: Database, clock: Clock, ada: Person, progress: Callable[[], ClassProgress], make_question: MakeQuestion
) -> None:
    for topic, count, grade in (("network", 4, Grade.WRONG), ("volumes", 5, Grade.GOOD)):
        for _ in range(count):
            answer(db, ada, make_question(topic=topic), grade, clock())

    read = progress()

    titles = {topic.id: topic.title for topic in read.topics}
    assert titles[read.members[0].weakest() or 0] == "Volumes"


def test_who_slips_is_told_with_the_reason_and_who_does_not_is_left_out(
    db: Database,
    clock: Clock,
    ada: Person,
    taught: Taught,
    make_user: MakeUser,
    make_question: MakeQuestion,
    progress: Callable[[], ClassProgress],
) -> None:
    enrol(db, taught, make_user(), "Bob", clock())
    clock.advance(days=8)
    answer(db, ada, make_question(), Grade.GOOD, clock())

    assert [(slip.member.name, slip.reasons) for slip in progress().slipping()] == [("Bob", (Reason.NEVER,))]


def test_who_recalls_nearly_all_and_owes_little_is_ready(
    db: Database, clock: Clock, ada: Person, progress: Callable[[], ClassProgress], make_question: MakeQuestion
) -> None:
    for _ in range(20):
        answer(db, ada, make_question(), Grade.GOOD, clock())

    assert [member.name for member in progress().ready()] == ["Ada"]


def test_a_card_that_was_missed_is_not_expected_to_be_recalled_until_a_later_day_saw_it_right(
    db: Database, clock: Clock, ada: Person, alone: Callable[[], MemberProgress], make_question: MakeQuestion
) -> None:
    question = make_question()
    found = []
    for grade, kind in ((Grade.WRONG, Kind.REVIEW), (Grade.GOOD, Kind.DRILL)):
        answer(db, ada, question, grade, clock(), kind=kind)
        found.append(alone().reach.recalled)
    clock.advance(days=1)
    answer(db, ada, question, Grade.GOOD, clock())

    assert found == [0, 0]
    assert alone().reach.recalled > 0.9


def test_answers_to_another_course_do_not_count(
    db: Database,
    clock: Clock,
    ada: Person,
    alone: Callable[[], MemberProgress],
    make_course: Callable,
    make_question: MakeQuestion,
) -> None:
    elsewhere = make_course("kubernetes")
    settle(db, ada, make_question(of=elsewhere), 30, TODAY)

    assert (alone().reach.seen, alone().last_day) == (0, None)


def test_a_class_of_thirty_costs_as_many_statements_as_a_class_of_one(
    db: Database,
    clock: Clock,
    ada: Person,
    taught: Taught,
    make_user: MakeUser,
    make_question: MakeQuestion,
    progress: Callable[[], ClassProgress],
) -> None:
    answer(db, ada, make_question(), Grade.GOOD, clock())
    with counted(db) as alone:
        progress()
    for number in range(30):
        answer(db, enrol(db, taught, make_user(), f"Name {number}", clock()), make_question(), Grade.GOOD, clock())

    with counted(db) as many:
        progress()

    assert len(many) == len(alone) == 13


TYPED = {
    "type": "short_answer",
    "level": 1,
    "text": {"fr": "Quelle commande ?", "en": "Which command?"},
    "explanation": {"fr": "C’est `docker ps`.", "en": "It is `docker ps`."},
    "accept": ["docker ps"],
}


def test_an_answer_declared_right_is_shown_with_what_was_expected(
    db: Database, clock: Clock, ada: Person, taught: Taught, teacher: Person, make_question: MakeQuestion
) -> None:
    answer(db, ada, make_question(**TYPED), Grade.GOOD, clock(), overridden=True, response={"text": "docker list"})

    with db.reading() as session:
        _, shown = class_progress.overrides(session, teacher, taught.id)

    assert [(one.name, one.question, one.given, one.expected, one.answered_at) for one in shown] == [
        ("Ada", "Which command?", "docker list", "docker ps", clock())
    ]


def test_an_answer_declared_right_then_taken_back_is_not_shown(
    db: Database,
    clock: Clock,
    ada: Person,
    taught: Taught,
    teacher: Person,
    make_question: MakeQuestion,
    progress: Callable[[], ClassProgress],
) -> None:
    question = make_question(**TYPED)
    number = answer(db, ada, question, Grade.GOOD, clock(), overridden=True, response={"text": "docker list"})
    undo(db, ada, question, number, clock())

    with db.reading() as session:
        assert class_progress.overrides(session, teacher, taught.id)[1] == []
    assert progress().overrides == 0


def test_a_class_shows_its_own_members_answers_only(
    db: Database, clock: Clock, taught: Taught, teacher: Person, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    answer(db, make_user(), make_question(**TYPED), Grade.GOOD, clock(), overridden=True, response={"text": "x"})

    with db.reading() as session:
        assert class_progress.overrides(session, teacher, taught.id)[1] == []
