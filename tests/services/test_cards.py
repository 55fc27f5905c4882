"""Setting cards aside, putting them off, and what their versions tell."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from app.db import Database
from app.errors import Conflict, NotFound
from app.models import Card, Course, Question
from app.services import cards, journal
from app.services.identity import Person
from app.srs.sm2 import Grade
from tests.classroom import answer
from tests.conftest import Clock

MakeQuestion = Callable[..., Question]
MakeUser = Callable[..., Person]


def card_of(db: Database, learner: Person, question: Question) -> Card | None:
    with db.reading() as session:
        return session.scalar(select(Card).where(Card.learner_id == learner.id, Card.question_id == question.id))


def test_a_card_is_born_with_its_first_suspension(
    db: Database, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, question = make_user(), make_question()

    with db.writing() as session:
        cards.suspend(session, learner, question.id)

    card = card_of(db, learner, question)
    assert card is not None
    assert (card.suspended, card.version, card.due, card.log_length) == (True, 1, None, 0)


def test_suspending_twice_changes_the_card_once(db: Database, make_user: MakeUser, make_question: MakeQuestion) -> None:
    learner, question = make_user(), make_question()

    for _ in range(2):
        with db.writing() as session:
            cards.suspend(session, learner, question.id)

    card = card_of(db, learner, question)
    assert card is not None
    assert card.version == 1


def test_a_card_taken_back_keeps_its_schedule(
    db: Database, clock: Clock, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, question = make_user(), make_question()
    answer(db, learner, question, Grade.GOOD, clock())
    with db.writing() as session:
        cards.suspend(session, learner, question.id)

    with db.writing() as session:
        cards.resume(session, learner, question.id)

    card = card_of(db, learner, question)
    assert card is not None
    assert (card.suspended, card.version, card.due) == (False, 3, date(2026, 11, 24))


def test_taking_back_a_card_nobody_set_aside_makes_none(
    db: Database, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, question = make_user(), make_question()

    with db.writing() as session:
        cards.resume(session, learner, question.id)

    assert card_of(db, learner, question) is None


def test_a_buried_card_waits_until_the_next_study_day(
    db: Database, clock: Clock, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, question = make_user(), make_question()

    with db.writing() as session:
        until = cards.bury(session, learner, question.id, clock())

    card = card_of(db, learner, question)
    assert card is not None
    assert until == card.buried_until == date(2026, 11, 24)


def test_an_unburied_card_waits_no_more(
    db: Database, clock: Clock, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, question = make_user(), make_question()
    with db.writing() as session:
        cards.bury(session, learner, question.id, clock())

    with db.writing() as session:
        cards.unbury(session, learner, question.id)

    card = card_of(db, learner, question)
    assert card is not None
    assert (card.buried_until, card.version) == (None, 2)


def test_an_answer_to_a_card_set_aside_meanwhile_is_a_conflict(
    db: Database, clock: Clock, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, question = make_user(), make_question()
    answer(db, learner, question, Grade.GOOD, clock())
    with db.reading() as session:
        seen = journal.asked(session, learner, question.id)

    with db.writing() as session:
        cards.suspend(session, learner, question.id)

    with db.writing() as session, pytest.raises(Conflict):
        new = journal.NewEntry(journal.Kind.EARLY, Grade.GOOD, 1, clock(), learner.today(clock()), learner.zone)
        journal.append(session, learner, seen, new, seen.totals)


@pytest.mark.parametrize("flag", ["reserved", "retired", "draft"])
def test_a_question_that_is_not_asked_cannot_be_set_aside(
    db: Database, make_user: MakeUser, make_question: MakeQuestion, flag: str
) -> None:
    learner, question = make_user(), make_question(**{flag: True})

    with db.writing() as session, pytest.raises(NotFound):
        cards.suspend(session, learner, question.id)


def test_a_question_of_another_course_cannot_be_put_off(
    db: Database,
    clock: Clock,
    make_user: MakeUser,
    make_question: MakeQuestion,
    make_course: Callable[..., Course],
) -> None:
    learner, question = make_user(), make_question(of=make_course("git"))

    with db.writing() as session, pytest.raises(NotFound):
        cards.bury(session, learner, question.id, clock())


def test_one_learner_s_suspension_leaves_the_others_cards_alone(
    db: Database, clock: Clock, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    alice, chloe, question = make_user(), make_user(), make_question()
    answer(db, chloe, question, Grade.GOOD, clock())

    with db.writing() as session:
        cards.suspend(session, alice, question.id)

    card = card_of(db, chloe, question)
    assert card is not None
    assert (card.suspended, card.version) == (False, 1)


def test_the_last_answer_is_the_latest_that_stands(
    db: Database, clock: Clock, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, first, second = make_user(), make_question(), make_question()
    answer(db, learner, first, Grade.GOOD, clock())
    clock.advance(minutes=1)
    answer(db, learner, second, Grade.GOOD, clock())

    with db.reading() as session:
        last = cards.last_answer(session, learner)

    assert last == cards.LastAnswer(second.id, 1)
