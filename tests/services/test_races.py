"""Many requests at the same moment: one answer counts once, and nobody meets a bare database error."""

import dataclasses
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TypeVar
from uuid import uuid4

import pytest

from app.errors import Busy, Conflict
from app.models import Question
from app.services.reviewing import Recorded
from app.srs.sm2 import NEW, Grade
from tests.desk import FLASHCARD, RIGHT, WRONG, Desk

AT_ONCE = 12
T = TypeVar("T")


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """A learner whose requests arrive together."""
    return make_desk()


def at_once(calls: Sequence[Callable[[], T]]) -> list[T | Conflict | Busy]:
    """Make every call at the same moment; a refusal is a result, anything else raises here."""
    barrier = Barrier(len(calls))

    def make(call: Callable[[], T]) -> T | Conflict | Busy:
        barrier.wait()
        try:
            return call()
        except (Conflict, Busy) as refusal:
            return refusal

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(make, call) for call in calls]]


def test_one_answer_sent_at_once_is_recorded_once(desk: Desk, make_question: Callable[..., Question]) -> None:
    question = make_question()
    given = desk.submission(desk.show(question), RIGHT)

    results = at_once([lambda: desk.send(given)] * AT_ONCE)

    assert results == [Recorded(given.answer_id, question.id, 1)] * AT_ONCE
    assert (desk.grades(question), desk.card(question).version) == ([("review", 4)], 1)


def test_one_answer_to_a_known_card_sent_at_once_is_recorded_once(
    desk: Desk, make_question: Callable[..., Question]
) -> None:
    question = make_question()
    desk.answer(question)
    given = desk.submission(desk.show(question), RIGHT)

    results = at_once([lambda: desk.send(given)] * AT_ONCE)

    assert results == [Recorded(given.answer_id, question.id, 2)] * AT_ONCE
    assert desk.problems() == []


def test_one_of_two_different_answers_to_a_new_card_wins(desk: Desk, make_question: Callable[..., Question]) -> None:
    question = make_question()
    tabs = [desk.submission(desk.show(question), response) for response in (RIGHT, WRONG)]

    results = at_once([partial(desk.send, given) for given in tabs] * (AT_ONCE // 2))

    refusals = [result for result in results if isinstance(result, Conflict)]
    assert ({refusal.reason for refusal in refusals}, len(refusals)) == ({"version"}, AT_ONCE // 2)
    assert len(desk.log(question)) == 1


def test_one_of_many_answers_to_a_known_card_wins(desk: Desk, make_question: Callable[..., Question]) -> None:
    question = make_question()
    desk.answer(question)
    tabs = [desk.submission(desk.show(question), RIGHT) for _ in range(AT_ONCE)]

    results = at_once([partial(desk.send, given) for given in tabs])

    assert sum(isinstance(result, Recorded) for result in results) == 1
    assert (len(desk.log(question)), desk.card(question).version) == (2, 2)
    assert desk.problems() == []


def test_one_id_sent_at_once_for_two_questions_counts_for_one(
    desk: Desk, make_question: Callable[..., Question]
) -> None:
    questions = [make_question(), make_question()]
    answer_id = uuid4()
    pages = [dataclasses.replace(desk.show(question), answer_id=answer_id) for question in questions]
    sent = [desk.submission(page, RIGHT) for page in pages]

    results = at_once([partial(desk.send, given) for given in sent] * (AT_ONCE // 2))

    refusals = [result for result in results if isinstance(result, Conflict)]
    assert ({refusal.reason for refusal in refusals}, len(refusals)) == ({"answer_id"}, AT_ONCE // 2)
    assert sorted(len(desk.log(question)) for question in questions) == [0, 1]
    assert desk.problems() == []


def test_a_flashcard_graded_at_once_from_one_page_is_recorded_once(
    desk: Desk, make_question: Callable[..., Question]
) -> None:
    question = make_question(**FLASHCARD)
    given = desk.submission(desk.show(question))

    results = at_once([lambda: desk.grade(given, Grade.GOOD)] * AT_ONCE)

    assert results == [Recorded(given.answer_id, question.id, 1)] * AT_ONCE
    assert desk.grades(question) == [("review", 4)]


def test_an_answer_taken_back_at_once_is_taken_back_once(desk: Desk, make_question: Callable[..., Question]) -> None:
    question = make_question()
    desk.answer(question)

    results = at_once([lambda: desk.undo(question, 1)] * AT_ONCE)

    assert len(set(map(str, results))) == 1
    assert (desk.grades(question), desk.card(question).state) == ([("review", 4), ("undo", None)], NEW)


def test_an_answer_graded_anew_at_once_keeps_a_log_that_replays(
    desk: Desk, make_question: Callable[..., Question]
) -> None:
    question = make_question()
    answer = desk.answer(question)
    grades = [Grade.HARD, Grade.EASY] * (AT_ONCE // 2)

    results = at_once([partial(desk.regrade, answer.answer_id, grade) for grade in grades])

    assert {type(result) for result in results} == {Recorded}
    assert desk.card(question).reviews == 1
    assert desk.problems() == []


def test_an_undo_and_a_new_answer_at_once_leave_a_log_that_replays(
    desk: Desk, make_question: Callable[..., Question]
) -> None:
    question = make_question()
    desk.answer(question)
    given = desk.submission(desk.show(question), WRONG)

    at_once([lambda: desk.undo(question, 1), lambda: desk.send(given)] * (AT_ONCE // 2))

    numbers = [row.number for row in desk.log(question)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert desk.problems() == []


def test_first_answers_to_different_questions_are_all_stored(
    desk: Desk, make_question: Callable[..., Question]
) -> None:
    questions = [make_question() for _ in range(AT_ONCE)]
    sent = [desk.submission(desk.show(question), RIGHT) for question in questions]

    results = at_once([partial(desk.send, given) for given in sent])

    assert results == [Recorded(given.answer_id, given.question_id, 1) for given in sent]
    assert desk.day().done == AT_ONCE


def test_different_learners_answer_one_question_at_once(
    make_desk: Callable[..., Desk], make_question: Callable[..., Question]
) -> None:
    question = make_question()
    desks = [make_desk() for _ in range(AT_ONCE)]
    sent = [(desk, desk.submission(desk.show(question), RIGHT)) for desk in desks]

    results = at_once([partial(desk.send, given) for desk, given in sent])

    assert {type(result) for result in results} == {Recorded}
    assert [len(desk.log(question)) for desk in desks] == [1] * AT_ONCE
