"""Stored copies of the cards of members: when they hold, and what is read in place of those that do not."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.db import Database
from app.models import Card, CardCopy, Course, Question
from app.services import card_copies, cards, class_progress, kept
from app.services.class_log import Marks
from app.services.class_progress import MemberProgress
from app.services.classes import Taught
from app.services.identity import Person
from app.srs.sm2 import Grade
from app.stats.reached import Cards
from tests.classroom import answer, enrol, open_class, undo
from tests.conftest import Clock
from tests.life import store
from tests.statements import counted

MakeQuestion = Callable[..., Question]


@pytest.fixture
def teacher(make_user: Callable[..., Person]) -> Person:
    return make_user(role="teacher", locale="en")


@pytest.fixture
def taught(db: Database, clock: Clock, course: Course, teacher: Person) -> Taught:
    return open_class(db, teacher, clock())


@pytest.fixture
def ada(db: Database, clock: Clock, make_user: Callable[..., Person], taught: Taught) -> Person:
    return enrol(db, taught, make_user(), "Ada", clock())


@pytest.fixture
def question(db: Database, clock: Clock, ada: Person, make_question: MakeQuestion) -> Question:
    """A question whose card is in the stored copy, and that was answered a day ago."""
    asked = make_question()
    answer(db, ada, asked, Grade.GOOD, clock())
    clock.advance(hours=1)
    store(db, ada, clock())
    clock.advance(days=1)
    return asked


@pytest.fixture
def held(db: Database, taught: Taught) -> Callable[[], Mapping[int, Cards]]:
    """Return a function that reads the copies that hold, by member."""

    def read() -> Mapping[int, Cards]:
        with db.reading() as session:
            marks = Marks.of(session, taught)
            return card_copies.read(session, marks, list(marks.members))

    return read


@pytest.fixture
def seen(db: Database, clock: Clock, teacher: Person, taught: Taught) -> Callable[[], MemberProgress]:
    """Return a function that reads what is told of the member, from nothing that is kept."""

    def read() -> MemberProgress:
        kept.forget()
        with db.reading() as session:
            return class_progress.progress(session, teacher, taught.id, clock()).members[0]

    return read


def test_of_whom_a_copy_holds_no_more_cards_are_read_than_were_answered_since(
    db: Database, clock: Clock, ada: Person, question: Question, seen: Callable[[], MemberProgress]
) -> None:
    with counted(db) as statements:
        read = seen()

    assert (read.reach.seen, read.reach.due) == (1, 1)
    assert not [sql for sql in statements if "count(card.due)" in sql]


def test_what_was_answered_since_is_told_with_the_copy(
    db: Database,
    clock: Clock,
    ada: Person,
    question: Question,
    make_question: MakeQuestion,
    held: Callable[[], Mapping[int, Cards]],
    seen: Callable[[], MemberProgress],
) -> None:
    answer(db, ada, question, Grade.GOOD, clock())
    answer(db, ada, make_question(topic="volumes"), Grade.GOOD, clock())

    read = seen()

    assert set(held()) == {ada.id}
    assert [(reach.total, reach.seen, reach.due) for reach in read.topics.values()] == [(1, 1, 0), (1, 1, 0)]
    assert read.last_day == clock().date()


def test_a_new_card_that_was_answered_several_times_since_is_one_card(
    db: Database,
    clock: Clock,
    ada: Person,
    question: Question,
    make_question: MakeQuestion,
    held: Callable[[], Mapping[int, Cards]],
    seen: Callable[[], MemberProgress],
) -> None:
    other = make_question(topic="volumes")
    for grade in (Grade.WRONG, Grade.GOOD):  # a drill follows
        answer(db, ada, other, grade, clock())

    read = seen()

    assert set(held()) == {ada.id}
    assert [(reach.total, reach.seen) for reach in read.topics.values()] == [(1, 1), (1, 1)]


def test_no_card_is_told_twice_to_make_up_for_one_that_came_late(
    db: Database,
    clock: Clock,
    ada: Person,
    question: Question,
    make_question: MakeQuestion,
    seen: Callable[[], MemberProgress],
) -> None:
    here, late = make_question(topic="volumes"), make_question()
    store(db, ada, clock())
    before = clock() - timedelta(minutes=40)
    for asked, when in ((here, clock()), (late, before)):
        for grade in (Grade.WRONG, Grade.GOOD):
            answer(db, ada, asked, grade, when)

    assert [(reach.total, reach.seen) for reach in seen().topics.values()] == [(2, 2), (1, 1)]


def test_an_answer_that_was_taken_back_since_is_told_no_more(
    db: Database,
    clock: Clock,
    ada: Person,
    question: Question,
    held: Callable[[], Mapping[int, Cards]],
    seen: Callable[[], MemberProgress],
) -> None:
    undo(db, ada, question, 1, clock())

    read = seen()

    assert set(held()) == {ada.id}
    assert (read.reach.seen, read.last_day) == (0, None)


def test_a_card_of_another_course_is_proof_and_no_figure(
    db: Database,
    clock: Clock,
    ada: Person,
    question: Question,
    make_course: Callable[..., Course],
    make_question: MakeQuestion,
    held: Callable[[], Mapping[int, Cards]],
) -> None:
    linux = make_course("linux")
    answer(db, replace(ada, course_id=linux.id), make_question(of=linux), Grade.GOOD, clock())

    topics = {question.id: question.topic_id}
    reaches, _ = held()[ada.id].reached(topics.get, {question.topic_id: 1}, clock().date().toordinal(), at=30_000.0)

    assert [(reach.total, reach.seen) for reach in reaches.values()] == [(1, 1)]


@pytest.mark.parametrize(
    "change",
    [
        lambda session, ada, question, now: cards.bury(session, ada, question.id, now),
        lambda session, ada, question, _: cards.suspend(session, ada, question.id),
    ],
    ids=["put off", "set aside"],
)
def test_a_copy_is_void_once_a_card_is_not_as_it_was_and_no_answer_says_so(
    db: Database,
    clock: Clock,
    ada: Person,
    question: Question,
    held: Callable[[], Mapping[int, Cards]],
    seen: Callable[[], MemberProgress],
    change: Callable[..., object],
) -> None:
    with db.writing() as session:
        change(session, ada, question, clock())

    assert held() == {}
    assert (seen().reach.seen, seen().reach.due) == (1, 0)


@pytest.mark.parametrize("met", [True, False])
def test_a_copy_is_void_once_an_answer_arrives_that_was_given_before_it(
    db: Database,
    clock: Clock,
    ada: Person,
    question: Question,
    make_question: MakeQuestion,
    held: Callable[[], Mapping[int, Cards]],
    met: bool,
) -> None:
    answer(db, ada, question if met else make_question(), Grade.GOOD, clock() - timedelta(days=2))

    assert held() == {}


@pytest.mark.parametrize("seconds", [0, 30, 60])
def test_an_answer_that_was_on_its_way_while_the_cards_were_read_is_told_with_the_copy(
    db: Database,
    clock: Clock,
    ada: Person,
    question: Question,
    make_question: MakeQuestion,
    held: Callable[[], Mapping[int, Cards]],
    seconds: int,
) -> None:
    stored_at = clock() - timedelta(days=1)

    answer(db, ada, make_question(), Grade.GOOD, stored_at - timedelta(seconds=seconds))

    assert len(held()[ada.id].questions) == 2


def test_a_copy_is_void_beside_a_card_that_it_does_not_have(
    db: Database, ada: Person, question: Question, make_question: MakeQuestion, held: Callable[[], Mapping[int, Cards]]
) -> None:
    other = make_question()
    with db.writing() as session:
        session.add(Card(learner_id=ada.id, question_id=other.id, version=0))

    assert held() == {}


def test_a_copy_of_a_card_that_was_put_off_or_set_aside_says_so(
    db: Database,
    clock: Clock,
    ada: Person,
    question: Question,
    make_question: MakeQuestion,
    held: Callable[[], Mapping[int, Cards]],
    seen: Callable[[], MemberProgress],
) -> None:
    clock.advance(days=1)
    other = make_question()
    answer(db, ada, other, Grade.GOOD, clock() - timedelta(days=1))
    with db.writing() as session:
        cards.suspend(session, ada, question.id)
        cards.bury(session, ada, other.id, clock())
    store(db, ada, clock())

    today = seen().reach.due
    clock.advance(days=1)

    assert set(held()) == {ada.id}
    assert (today, seen().reach.due) == (0, 1)


def test_a_damaged_copy_is_passed_over(
    db: Database,
    ada: Person,
    question: Question,
    held: Callable[[], Mapping[int, Cards]],
    seen: Callable[[], MemberProgress],
) -> None:
    with db.writing() as session:
        session.execute(update(CardCopy).values(content=b"no cards"))

    assert held() == {}
    assert seen().reach.seen == 1


def test_who_has_no_card_has_an_empty_copy(
    db: Database, clock: Clock, ada: Person, held: Callable[[], Mapping[int, Cards]], seen: Callable[[], MemberProgress]
) -> None:
    store(db, ada, clock())

    assert held() == {}
    assert seen().reach.seen == 0
