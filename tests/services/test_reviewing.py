"""One answer: recorded once, graded anew, taken back; a stale page never overwrites."""

import dataclasses
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from app.db import Database
from app.errors import Conflict, Invalid, NotFound
from app.models import Course, Question, QuestionVersion, ReviewLog
from app.services import cards
from app.services.reviewing import Refused
from app.srs.sm2 import NEW, Grade
from tests.conftest import SINGLE, Clock
from tests.desk import DONT_KNOW, NUMBER, RIGHT, WRONG, Desk

TUESDAY = date(2026, 11, 24)

MakeQuestion = Callable[..., Question]


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """A learner in front of the review."""
    return make_desk()


def edit(desk: Desk, question: Question, **changes: Any) -> None:
    """Store a new version of a question whose right choice is "c"."""
    with desk.db.writing() as session:
        body = session.scalars(select(QuestionVersion.body).where(QuestionVersion.question_id == question.id)).one()
        choices = [{**choice, "correct": choice["id"] == "c"} for choice in body["choices"]]
        words = {"content_hash": "edited", "body": {**body, "choices": choices, **changes}, "created_at": desk.clock()}
        session.add(QuestionVersion(question_id=question.id, number=2, **words))
        session.execute(update(Question).where(Question.id == question.id).values(version=2))


def set_aside(desk: Desk, question: Question, **flags: bool) -> None:
    """Reserve or retire a question."""
    with desk.db.writing() as session:
        session.execute(update(Question).where(Question.id == question.id).values(**flags))


@pytest.mark.parametrize(
    ("response", "grade"), [(RIGHT, Grade.GOOD), (WRONG, Grade.WRONG), (DONT_KNOW, Grade.BLACKOUT)]
)
def test_an_answer_is_marked_and_logged_at_once(
    desk: Desk, make_question: MakeQuestion, response: dict[str, object], grade: Grade
) -> None:
    question = make_question()

    desk.answer(question, response)

    row = desk.log(question)[0]
    assert (row.number, row.kind, row.grade, row.response) == (1, "review", grade, response)
    assert (row.answered_at, row.study_day, row.zone) == (desk.clock(), date(2026, 11, 23), "Europe/Paris")
    assert (row.question_version, row.took_ms, row.state.due) == (1, 4000, TUESDAY)


def test_the_card_is_the_total_of_its_log(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()

    desk.answer(question, WRONG)
    desk.answer(question)

    card = desk.card(question)
    assert (card.version, card.log_length, card.reviews, card.last_number, card.drill_day) == (2, 2, 2, 2, None)
    assert desk.problems() == []


def test_half_right_is_close(desk: Desk, make_question: MakeQuestion) -> None:
    texts = {key: {"id": key, "text": key, "correct": key in "ab"} for key in "abcd"}
    question = make_question(**{**SINGLE, "type": "multiple", "choices": list(texts.values())})

    desk.answer(question, {"choices": ["a"]})

    row = desk.log(question)[0]
    assert (row.grade, row.credit_parts, row.credit_of) == (Grade.CLOSE, 1, 2)


def test_an_answer_sent_twice_is_recorded_once(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    given = desk.submission(desk.show(question), RIGHT)

    first, second = desk.send(given), desk.send(given)

    assert first == second
    assert (len(desk.log(question)), desk.card(question).version) == (1, 1)


def test_an_answer_sent_again_much_later_still_finds_its_result(
    desk: Desk, clock: Clock, make_question: MakeQuestion
) -> None:
    question = make_question()
    given = desk.submission(desk.show(question), RIGHT)
    first = desk.send(given)
    clock.advance(days=2)
    desk.answer(question, WRONG)

    assert desk.send(given) == first
    assert len(desk.log(question)) == 2


def test_an_answer_sent_again_after_its_question_was_retired_finds_its_result(
    desk: Desk, make_question: MakeQuestion
) -> None:
    question = make_question()
    given = desk.submission(desk.show(question), RIGHT)
    first = desk.send(given)
    set_aside(desk, question, retired=True)

    assert desk.send(given) == first


def test_an_answer_sent_again_after_an_undo_is_not_recorded_again(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    given = desk.submission(desk.show(question), RIGHT)
    first = desk.send(given)
    desk.undo(question, 1)

    assert desk.send(given) == first
    assert desk.grades(question) == [("review", 4), ("undo", None)]


@pytest.mark.parametrize("other", [WRONG, DONT_KNOW, None])
def test_another_answer_under_the_same_id_is_refused(
    desk: Desk, make_question: MakeQuestion, other: dict[str, object] | None
) -> None:
    question = make_question()
    page = desk.show(question)
    desk.send(desk.submission(page, RIGHT))

    with pytest.raises(Conflict, match="answer_id"):
        desk.send(desk.submission(page, other))

    assert desk.grades(question) == [("review", 4)]


def test_an_id_used_for_another_question_is_refused(desk: Desk, make_question: MakeQuestion) -> None:
    first, second = make_question(), make_question()
    given = desk.submission(desk.show(first), RIGHT)
    desk.send(given)

    with pytest.raises(Conflict, match="answer_id"):
        desk.send(dataclasses.replace(given, question_id=second.id, version=0))

    assert desk.log(second) == []


def test_another_learners_answer_id_is_refused(make_desk: Callable[..., Desk], make_question: MakeQuestion) -> None:
    question, alice, chloe = make_question(), make_desk(), make_desk()
    given = alice.submission(alice.show(question), RIGHT)
    alice.send(given)

    with pytest.raises(Conflict, match="answer_id"):
        chloe.send(given)

    assert chloe.log(question) == []
    assert chloe.problems() == []


def test_the_second_tab_is_refused(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    tabs = [desk.submission(desk.show(question), RIGHT) for _ in range(2)]
    desk.send(tabs[0])

    with pytest.raises(Conflict, match="version"):
        desk.send(tabs[1])

    assert desk.grades(question) == [("review", 4)]


def test_a_page_opened_before_an_undo_is_refused(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    desk.answer(question)
    stale = desk.submission(desk.show(question), WRONG)
    desk.undo(question, 1)

    with pytest.raises(Conflict, match="version"):
        desk.send(stale)


def test_a_page_opened_before_a_suspension_is_refused(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    stale = desk.submission(desk.show(question), RIGHT)
    with desk.db.writing() as session:
        cards.suspend(session, desk.person, question.id)

    with pytest.raises(Conflict, match="version"):
        desk.send(stale)


def test_a_card_born_suspended_takes_its_first_answer(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    with desk.db.writing() as session:
        cards.suspend(session, desk.person, question.id)
        cards.resume(session, desk.person, question.id)

    desk.answer(question)

    assert (desk.card(question).version, desk.grades(question)) == (3, [("review", 4)])


def test_an_answer_is_marked_by_the_words_that_were_shown(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    given = desk.submission(desk.show(question), RIGHT)
    edit(desk, question)

    desk.send(given)

    assert [(row.question_version, row.grade) for row in desk.log(question)] == [(1, 4)]


def test_an_answer_sent_again_after_an_edit_finds_its_result(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    given = desk.submission(desk.show(question), RIGHT)
    first = desk.send(given)
    edit(desk, question)

    assert desk.send(given) == first
    assert desk.send(dataclasses.replace(given, edition=None)) == first


def test_an_edited_question_is_shown_and_marked_in_its_new_words(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    edit(desk, question)

    desk.answer(question, RIGHT)

    assert [(row.question_version, row.grade) for row in desk.log(question)] == [(2, 1)]


def test_a_version_that_never_was_is_not_found(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    given = desk.submission(desk.show(question), RIGHT)

    with pytest.raises(NotFound):
        desk.send(dataclasses.replace(given, edition=7))


def test_an_empty_response_records_nothing(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()

    assert desk.send(desk.submission(desk.show(question))) == Refused()
    assert desk.log(question) == []


@pytest.mark.parametrize(("typed", "code"), [("deux", "not_a_number"), ("2 pommes", "wrong_unit")])
def test_what_is_no_number_in_the_questions_unit_is_refused_and_records_nothing(
    desk: Desk, make_question: MakeQuestion, typed: str, code: str
) -> None:
    question = make_question(**NUMBER)

    refused = desk.send(desk.submission(desk.show(question), {"text": typed}))

    assert isinstance(refused, Refused)
    assert refused.cause is not None
    assert refused.cause.code == code
    assert desk.log(question) == []


def test_a_response_no_form_sends_is_invalid(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    given = dataclasses.replace(desk.submission(desk.show(question)), fields={"choice": ["9"]})

    with pytest.raises(Invalid):
        desk.send(given)

    assert desk.log(question) == []


@pytest.mark.parametrize("flag", ["reserved", "retired", "draft"])
def test_a_question_that_is_not_asked_cannot_be_answered(desk: Desk, make_question: MakeQuestion, flag: str) -> None:
    question = make_question()
    given = desk.submission(desk.show(question), RIGHT)
    set_aside(desk, question, **{flag: True})

    with pytest.raises(NotFound):
        desk.send(given)


def test_a_question_of_another_course_is_not_found(
    desk: Desk, make_course: Callable[..., Course], make_question: MakeQuestion
) -> None:
    foreign = make_question(of=make_course("git"))
    given = desk.submission(desk.show(make_question()), RIGHT)

    with pytest.raises(NotFound):
        desk.send(dataclasses.replace(given, question_id=foreign.id))


def test_the_time_an_answer_took_is_kept_within_reason(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    given = desk.submission(desk.show(question), RIGHT)

    desk.send(dataclasses.replace(given, took_ms=10**12))

    assert desk.log(question)[0].took_ms == 3_600_000


def test_practice_of_a_card_never_reviewed_leaves_it_new(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()

    desk.answer(question, WRONG, practice=True)

    card = desk.card(question)
    assert (desk.grades(question), card.state, card.drill_day) == ([("practice", 1)], NEW, None)


def test_a_refused_answer_leaves_no_trace_in_the_log(db: Database, desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    stale = desk.submission(desk.show(question), RIGHT)
    desk.answer(question)

    with pytest.raises(Conflict):
        desk.send(dataclasses.replace(stale, answer_id=uuid4()))

    with db.reading() as session:
        assert len(session.scalars(select(ReviewLog)).all()) == 1
