"""What came after the stored sums of a member, and what of it is told of a class."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import update

from app.db import Database
from app.models import Course, Question, QuestionVersion
from app.services import class_log, member_sums
from app.services.classes import Taught
from app.services.identity import Person
from app.services.member_sums import Past
from app.srs.sm2 import Grade
from tests.classroom import answer, enrol, open_class, undo
from tests.conftest import Clock
from tests.life import store

MakeQuestion = Callable[..., Question]
WRONG: dict[str, Any] = {"response": {"choice": "a"}, "credit": Fraction(0)}


@pytest.fixture
def taught(db: Database, clock: Clock, course: Course, make_user: Callable[..., Person]) -> Taught:
    return open_class(db, make_user(role="teacher"), clock())


@pytest.fixture
def ada(db: Database, clock: Clock, make_user: Callable[..., Person], taught: Taught) -> Person:
    return enrol(db, taught, make_user(), "Ada", clock())


@pytest.fixture
def question(db: Database, clock: Clock, ada: Person, make_question: MakeQuestion) -> Question:
    """A question that was answered wrong; what was answered until then is stored a day later."""
    asked = make_question()
    answer(db, ada, asked, Grade.WRONG, clock(), **WRONG)
    clock.advance(days=1)
    store(db, ada, clock())
    return asked


@pytest.fixture
def past(db: Database, clock: Clock, ada: Person, taught: Taught) -> Callable[[], Past]:
    """Return a function that reads what is stored with what came after it; KeyError when it is void."""

    def read() -> Past:
        with db.reading() as session:
            marks, today = class_log.Marks.of(session, taught), {ada.id: ada.today(clock())}
            return member_sums.read(session, taught, marks, today, ends=True)[ada.id]

    return read


def active_days(past: Past, clock: Clock) -> int:
    return past.firsts.active_days(clock().date())


def test_reviews_of_another_course_make_no_day_active(
    db: Database,
    clock: Clock,
    ada: Person,
    question: Question,
    make_course: Callable[..., Course],
    make_question: MakeQuestion,
    past: Callable[[], Past],
) -> None:
    linux = make_course("linux")
    answer(db, replace(ada, course_id=linux.id), make_question(of=linux), Grade.GOOD, clock())

    assert active_days(past(), clock) == 1


def test_mistakes_of_an_exam_are_neither_answers_nor_responses(
    db: Database, clock: Clock, ada: Person, question: Question, make_question: MakeQuestion, past: Callable[[], Past]
) -> None:
    answer(db, ada, make_question(), Grade.WRONG, clock(), pushed=True, **WRONG)

    read = past()

    assert (active_days(read, clock), dict(read.later)) == (1, {})
    assert [len(given.days) for given in (read.firsts.right, read.firsts.wrong)] == [0, 1]


def test_an_answer_of_today_that_is_taken_back_is_told_no_more_and_leaves_the_sums_standing(
    db: Database, clock: Clock, ada: Person, question: Question, past: Callable[[], Past]
) -> None:
    number = answer(db, ada, question, Grade.GOOD, clock(), response={"choice": "b"}, credit=Fraction(1))
    before = past()

    undo(db, ada, question, number, clock())

    assert (active_days(before, clock), list(before.later)) == (2, [question.id])
    assert (active_days(past(), clock), dict(past().later)) == (1, {})


def test_responses_to_words_that_changed_meanwhile_are_not_those_of_before(
    db: Database, clock: Clock, ada: Person, question: Question, past: Callable[[], Past]
) -> None:
    with db.writing() as session:
        words = session.query(QuestionVersion).filter_by(question_id=question.id).one().body
        new = {"content_hash": "2", "created_at": clock() - timedelta(hours=1)}
        session.add(QuestionVersion(question_id=question.id, number=2, body=words, **new))
        session.execute(update(Question).where(Question.id == question.id).values(version=2))
    answer(db, ada, question, Grade.WRONG, clock(), None, 2, **WRONG)

    read = past()

    assert read.ends is not None
    assert (read.ends[question.id].version, read.later[question.id].version) == (1, 2)
