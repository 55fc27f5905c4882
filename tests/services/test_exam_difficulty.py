"""What an exam's draws rest on: everybody's first answers, until the morning; and what its teachers are told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from app.db import Database
from app.errors import NotFound
from app.exam.blueprint import Demand
from app.exam.difficulty import Facility, Judgement
from app.models import Question, Regrade
from app.services import exam_difficulty, exam_pool, exams, facilities
from app.services.exam_difficulty import Outlook
from app.services.identity import Person
from app.srs.sm2 import Grade
from tests.classroom import answer, undo
from tests.conftest import Clock
from tests.hall import Hall, answer_all, item_at, sit

MakeHall = Callable[..., Hall]
MakeQuestion = Callable[..., Question]
MakeUser = Callable[..., Person]
RIGHT: Any = {"credit": Fraction(1)}
HALF: Any = {"credit": Fraction(1, 2)}


def expected(db: Database, clock: Clock, question: Question, all_or_nothing: bool = False) -> Facility:
    """What is expected of a question tomorrow."""
    with db.reading() as session:
        pool = exam_pool.candidates(session, question.course_id)
        tomorrow = clock() + timedelta(days=1)
        return facilities.expected(session, question.course_id, pool, tomorrow, all_or_nothing)[question.id]


def outlook(hall: Hall) -> Outlook | None:
    with hall.db.reading() as session:
        return exam_difficulty.outlook(session, hall.teacher, hall.exam_id, hall.clock())


def test_each_learners_first_answer_in_revision_counts_and_no_later_one(
    db: Database, clock: Clock, make_question: MakeQuestion, make_user: MakeUser
) -> None:
    question, before = make_question(), None
    before = expected(db, clock, question)
    for name in ("alice", "zoe"):
        learner = make_user(name)
        for grade in (Grade.WRONG, Grade.GOOD, Grade.GOOD):
            answer(db, learner, question, grade, clock(), **({"credit": Fraction(0)} if grade < 3 else RIGHT))

    found = expected(db, clock, question)

    assert (before.answers, found.answers) == (0, 2)
    assert found.mean < before.mean


def test_an_answer_that_was_taken_back_and_one_from_an_exam_are_none(
    db: Database, clock: Clock, make_question: MakeQuestion, make_user: MakeUser
) -> None:
    question = make_question()
    undone = make_user("alice")
    undo(db, undone, question, answer(db, undone, question, Grade.GOOD, clock(), **RIGHT), clock())
    answer(db, make_user("zoe"), question, Grade.WRONG, clock(), credit=Fraction(0), pushed=True)

    assert expected(db, clock, question).answers == 0


def test_what_is_answered_today_counts_tomorrow(
    db: Database, clock: Clock, make_question: MakeQuestion, make_user: MakeUser
) -> None:
    question = make_question()
    answer(db, make_user(), question, Grade.GOOD, clock(), **RIGHT)
    with db.reading() as session:
        pool = exam_pool.candidates(session, question.course_id)
        today = facilities.expected(session, question.course_id, pool, clock())

    assert today[question.id].answers == 0
    assert expected(db, clock, question).answers == 1


def test_where_all_or_nothing_counts_half_a_credit_is_none(
    db: Database, clock: Clock, make_question: MakeQuestion, make_user: MakeUser
) -> None:
    question = make_question()
    for name in "abcdef":
        answer(db, make_user(name), question, Grade.HARD, clock(), **HALF)

    assert expected(db, clock, question, all_or_nothing=True).mean < expected(db, clock, question).mean


def test_first_attempts_of_exams_count_once_they_are_over(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall(shuffle_questions=False, attempts=2)
    alice, zoe, bob = (sit(hall, make_user, name) for name in ("Alice", "Zoé", "Bob"))
    for _ in range(2):
        answer_all(hall, alice, "b", "b", "b", "b")
    answer_all(hall, zoe, "a", "b")
    hall.start(bob)
    with hall.db.writing() as session:
        key = Regrade(item_id=item_at(hall, 2), kind="drop", reason="", at=hall.clock(), by_id=hall.teacher.id)
        session.add(key)

    with hall.db.reading() as session:
        pool = exam_pool.frozen(session, hall.exam_id)
        at_once = facilities.expected(session, hall.taught.course_id, pool, hall.clock())
        hall.clock.advance(days=1)
        later = facilities.expected(session, hall.taught.course_id, pool, hall.clock())

    first, regraded, unanswered = (pool[at].id for at in (0, 1, 2))
    assert at_once[first].answers == 0
    assert (later[first].answers, later[regraded].answers, later[unanswered].answers) == (3, 0, 3)
    assert later[first].mean == later[unanswered].mean < at_once[first].mean


def test_a_question_is_as_hard_among_the_few_that_are_frozen_as_in_the_whole_bank(
    db: Database, clock: Clock, make_question: MakeQuestion, make_user: MakeUser
) -> None:
    asked, *others = [make_question() for _ in range(12)]
    learners = [make_user(name) for name in "abcdef"]
    for question in others:
        for learner in learners:
            answer(db, learner, question, Grade.WRONG, clock(), credit=Fraction(0))
    with db.writing() as session:
        session.get_one(Question, others[0].id).retired = True

    with db.reading() as session:
        bank = exam_pool.candidates(session, asked.course_id)
        frozen = [one for one in bank if one.id == asked.id]
        whole, few = (
            facilities.expected(session, asked.course_id, pool, clock() + timedelta(days=1)) for pool in (bank, frozen)
        )

    assert few == {asked.id: whole[asked.id]}
    assert few[asked.id].mean < 0.5


def test_without_data_the_draws_get_no_verdict(make_hall: MakeHall) -> None:
    hall = make_hall(questions=(), demands=(Demand(2), Demand(1, level=2)), draw="each")

    found = outlook(hall)

    assert found is not None
    assert (found.judgement, found.spread.drawn, found.spread.answered) == (Judgement.NOT_ENOUGH, 4, 0)
    assert [row.demand.count for row in found.rows] == [2, 1]


def test_a_published_exam_is_looked_at_with_what_was_known_then(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall(questions=(), demands=(Demand(2),), draw="each")
    before = outlook(hall)
    for name in ("Alice", "Zoé"):
        answer_all(hall, sit(hall, make_user, name), "b", "b")
    hall.clock.advance(days=3)

    assert outlook(hall) == before


@pytest.mark.parametrize("draft", [{}, {"questions": (), "demands": (Demand(2),), "draw": "same"}])
def test_an_exam_that_asks_everybody_the_same_has_no_luck(make_hall: MakeHall, draft: dict[str, Any]) -> None:
    assert outlook(make_hall(**draft)) is None


def test_a_draft_that_cannot_be_filled_any_more_has_no_figures(make_hall: MakeHall, clock: Clock) -> None:
    hall = make_hall()
    with hall.db.writing() as session:
        draft = replace(exams.found(session, hall.teacher, hall.exam_id).draft, questions=(), demands=(Demand(4),))
        exam_id = exams.create(session, hall.teacher, hall.taught.id, replace(draft, draw="each"), clock())
        session.get_one(Question, 1).retired = True

    with hall.db.reading() as session:
        assert exam_difficulty.outlook(session, hall.teacher, exam_id, clock()) is None


def test_another_teachers_exam_is_not_found(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall()

    with pytest.raises(NotFound), hall.db.reading() as session:
        exam_difficulty.outlook(session, make_user("other", role="teacher"), hall.exam_id, hall.clock())
