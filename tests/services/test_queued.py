"""Answers that waited on a device: recorded once, when they were given, whatever happened to the card meanwhile."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import update

from app.db import Database
from app.exam import responses
from app.models import Question
from app.services import cards, packing, queued
from app.services.packing import PackedCard
from app.services.queued import Fate, Queued, Ticket
from app.services.reviewing import Submission
from app.srs.sm2 import Grade
from tests.conftest import Clock
from tests.desk import DONT_KNOW, FLASHCARD, NUMBER, RIGHT, WRONG, Desk

MakeQuestion = Callable[..., Question]


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """A learner with a device."""
    return make_desk()


def packed(desk: Desk) -> PackedCard:
    """The first card of a new pack."""
    with desk.db.reading() as session:
        return packing.pack(session, desk.person, desk.clock()).cards[0]


def kept(
    desk: Desk, card: PackedCard, response: Mapping[str, object] = RIGHT, *, at: datetime | None = None, **more: Any
) -> Queued:
    """What the device keeps of an answer to a packed card, given at the instant `at` (now)."""
    fields = responses.to_fields(card.body, response, str(card.answer_id))
    given = Submission(card.answer_id, card.question_id, card.version, card.edition, fields, 4000)
    ticket = Ticket(
        desk.person.id,
        card.answer_id,
        card.question_id,
        card.course_id,
        card.log_length,
        more.pop("shown", desk.clock()),
    )
    return Queued(given, at or desk.clock(), ticket=ticket, **more)


def send(desk: Desk, answer: Queued) -> Fate:
    """The network is back."""
    with desk.db.writing() as session:
        return queued.record(session, desk.person, answer, desk.clock())


def test_an_answer_that_waited_is_a_review_of_the_day_it_was_given(
    desk: Desk, clock: Clock, make_question: MakeQuestion
) -> None:
    question = make_question()
    answer = kept(desk, packed(desk))
    clock.advance(days=2)

    assert send(desk, answer) is Fate.RECORDED

    row = desk.log(question)[0]
    assert (row.kind, row.grade, row.study_day) == ("review", Grade.GOOD, date(2026, 11, 23))
    assert row.answered_at == clock() - timedelta(days=2)
    assert row.due == date(2026, 11, 24)
    assert desk.problems() == []


@pytest.mark.parametrize("hours", [-30, 50])
def test_the_devices_clock_is_believed_between_the_packing_and_the_arrival_only(
    desk: Desk, clock: Clock, make_question: MakeQuestion, hours: int
) -> None:
    question = make_question()
    shown = clock()
    answer = kept(desk, packed(desk), at=shown + timedelta(hours=hours))
    clock.advance(hours=3)

    send(desk, answer)

    assert desk.log(question)[0].answered_at == (shown if hours < 0 else clock())


def test_without_a_ticket_an_answer_counts_when_it_arrives(
    desk: Desk, clock: Clock, make_question: MakeQuestion
) -> None:
    question = make_question()
    answer = replace(kept(desk, packed(desk)), ticket=None)
    clock.advance(days=1)

    assert send(desk, answer) is Fate.RECORDED
    assert desk.log(question)[0].answered_at == clock()


def test_sent_twice_it_is_recorded_once(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    answer = kept(desk, packed(desk))

    assert [send(desk, answer), send(desk, answer)] == [Fate.RECORDED] * 2
    assert desk.grades(question) == [("review", 4)]


def test_a_card_answered_elsewhere_since_is_practice(desk: Desk, clock: Clock, make_question: MakeQuestion) -> None:
    question = make_question()
    card = packed(desk)
    clock.advance(minutes=5)
    desk.answer(question)
    clock.advance(minutes=5)

    fates = [send(desk, kept(desk, card, shown=clock() - timedelta(minutes=10))) for _ in range(2)]

    assert fates == [Fate.OVERTAKEN] * 2
    assert desk.grades(question) == [("review", 4), ("practice", 4)]
    assert desk.problems() == []


def test_a_miss_from_before_the_answer_given_elsewhere_moves_nothing(
    desk: Desk, clock: Clock, make_question: MakeQuestion
) -> None:
    question = make_question()
    card, shown = packed(desk), clock()
    clock.advance(hours=2)
    desk.answer(question)

    send(desk, kept(desk, card, WRONG, at=shown + timedelta(hours=1), shown=shown))

    first, late = desk.log(question)
    assert (late.kind, late.grade, late.state) == ("practice", 1, first.state)
    assert desk.card(question).last_answered_at == first.answered_at
    assert desk.problems() == []


def test_a_miss_from_after_it_counts_as_forgotten(desk: Desk, clock: Clock, make_question: MakeQuestion) -> None:
    question = make_question()
    card, shown = packed(desk), clock()
    desk.answer(question)
    clock.advance(hours=2)

    send(desk, kept(desk, card, WRONG, shown=shown))

    assert desk.grades(question) == [("review", 4), ("practice", 1)]
    assert desk.card(question).lapses == 1
    assert desk.problems() == []


def test_a_card_that_was_only_put_off_meanwhile_is_reviewed(
    desk: Desk, clock: Clock, make_question: MakeQuestion
) -> None:
    question = make_question()
    desk.answer(question)
    clock.advance(days=1)
    card = packed(desk)
    with desk.db.writing() as session:
        cards.bury(session, desk.person, question.id, clock())

    assert send(desk, kept(desk, card)) is Fate.RECORDED
    assert desk.grades(question) == [("review", 4), ("review", 4)]


def test_another_answer_under_the_same_id_leaves_the_first(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    card = packed(desk)
    send(desk, kept(desk, card))

    assert send(desk, kept(desk, card, DONT_KNOW)) is Fate.TAKEN
    assert desk.grades(question) == [("review", 4)]


def test_an_id_of_another_learner_leaves_no_trace(make_desk: Callable[..., Desk], make_question: MakeQuestion) -> None:
    question, alice, chloe = make_question(), make_desk(), make_desk()
    card = packed(alice)
    send(alice, kept(alice, card))
    chloe.answer(question)

    assert send(chloe, kept(chloe, card)) is Fate.TAKEN
    assert chloe.grades(question) == [("review", 4)]
    assert chloe.problems() == []


def test_a_question_withdrawn_meanwhile_is_said(desk: Desk, db: Database, make_question: MakeQuestion) -> None:
    question = make_question()
    answer = kept(desk, packed(desk))
    with db.writing() as session:
        session.execute(update(Question).values(retired=True))

    assert send(desk, answer) is Fate.WITHDRAWN
    assert desk.log(question) == []


def test_a_number_that_cannot_be_read_does_not_count(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question(**NUMBER)

    assert send(desk, kept(desk, packed(desk), {"text": "deux"})) is Fate.UNREADABLE
    assert desk.log(question) == []


def test_a_flashcard_keeps_the_learners_own_grade(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question(**FLASHCARD)
    card = packed(desk)

    fates = [send(desk, kept(desk, card, {}, grade=Grade.EASY)) for _ in range(2)]

    assert fates == [Fate.RECORDED] * 2
    assert desk.grades(question) == [("review", 5)]
    assert send(desk, kept(desk, card, {}, grade=Grade.WRONG)) is Fate.TAKEN


def test_an_answer_to_another_course_than_todays_still_counts(
    desk: Desk, make_question: MakeQuestion, make_course: Callable[..., Any]
) -> None:
    question = make_question()
    answer = kept(desk, packed(desk))
    desk.move_to(course_id=make_course("sailing").id)

    assert send(desk, answer) is Fate.RECORDED
    desk.move_to(course_id=question.course_id)
    assert desk.grades(question) == [("review", 4)]


@pytest.mark.parametrize("copies", [1, 2], ids=["two devices", "one answer twice"])
def test_two_devices_at_once_leave_each_answer_once(
    desk: Desk, clock: Clock, make_question: MakeQuestion, copies: int
) -> None:
    question = make_question()
    answers = [kept(desk, packed(desk))] * 2 if copies == 2 else [kept(desk, packed(desk)) for _ in range(2)]
    start, fates = Barrier(2), []

    def race(answer: Queued) -> None:
        start.wait()
        fates.append(send(desk, answer))

    threads = [Thread(target=race, args=(answer,)) for answer in answers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    if copies == 2:
        assert fates == [Fate.RECORDED] * 2
        assert desk.grades(question) == [("review", 4)]
    else:
        assert sorted(fates) == [Fate.OVERTAKEN, Fate.RECORDED]
        assert desk.grades(question) == [("review", 4), ("practice", 4)]
    assert desk.problems() == []
