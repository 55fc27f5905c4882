"""After the answer: another grade, the learner's own word, a flashcard's grade, and the way back."""

import dataclasses
from collections.abc import Callable
from datetime import date

import pytest

from app.errors import Conflict, Invalid, NotFound
from app.models import Question
from app.srs.sm2 import NEW, Grade
from tests.conftest import Clock
from tests.desk import DONT_KNOW, FLASHCARD, NONE, RIGHT, WRONG, Desk

MakeQuestion = Callable[..., Question]


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """A learner in front of the review."""
    return make_desk()


@pytest.mark.parametrize("grade", [Grade.HARD, Grade.EASY])
def test_the_good_of_a_right_answer_may_become_another_pass(
    desk: Desk, make_question: MakeQuestion, grade: Grade
) -> None:
    question = make_question()
    answer = desk.answer(question)

    desk.regrade(answer.answer_id, grade)

    assert desk.grades(question) == [("review", 4), ("undo", None), ("review", grade)]
    assert desk.feedback(answer.answer_id).grade == grade
    assert desk.problems() == []


def test_a_new_grade_gives_what_it_would_have_given_at_first(
    make_desk: Callable[..., Desk], make_question: MakeQuestion
) -> None:
    flashcard, changed, direct = make_question(**FLASHCARD), make_desk(), make_desk()
    first = changed.grade(changed.submission(changed.show(flashcard)), Grade.GOOD)
    direct.grade(direct.submission(direct.show(flashcard)), Grade.HARD)

    changed.regrade(first.answer_id, Grade.HARD)

    assert changed.card(flashcard).state == direct.card(flashcard).state
    assert changed.card(flashcard).drill_day == direct.card(flashcard).drill_day == date(2026, 11, 23)


def test_a_new_grade_sent_twice_is_recorded_once(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    answer = desk.answer(question)

    first, second = (desk.regrade(answer.answer_id, Grade.EASY) for _ in range(2))

    assert first == second
    assert len(desk.log(question)) == 3


def test_a_grade_may_change_more_than_once(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    answer = desk.answer(question)
    ease = desk.card(question).ease_permille

    for grade in (Grade.EASY, Grade.HARD, Grade.GOOD):
        desk.regrade(answer.answer_id, grade)

    assert (desk.card(question).ease_permille, desk.card(question).reviews) == (ease, 1)
    assert desk.problems() == []


@pytest.mark.parametrize(("response", "grade"), [(WRONG, Grade.GOOD), (RIGHT, Grade.WRONG), (DONT_KNOW, Grade.HARD)])
def test_a_grade_that_is_not_offered_is_refused(
    desk: Desk, make_question: MakeQuestion, response: dict[str, object], grade: Grade
) -> None:
    question = make_question()
    answer = desk.answer(question, response)

    with pytest.raises(Invalid):
        desk.regrade(answer.answer_id, grade)

    assert len(desk.log(question)) == 1


def test_only_the_last_answer_of_a_card_is_graded_anew(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    first = desk.answer(question)
    desk.answer(question)

    with pytest.raises(Conflict, match="not_last"):
        desk.regrade(first.answer_id, Grade.EASY)


def test_an_answer_is_graded_anew_on_its_own_day_only(desk: Desk, clock: Clock, make_question: MakeQuestion) -> None:
    answer = desk.answer(make_question())
    clock.advance(days=1)

    with pytest.raises(Conflict, match="not_same_day"):
        desk.regrade(answer.answer_id, Grade.EASY)


def test_an_answer_taken_back_is_not_graded_anew(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    answer = desk.answer(question)
    desk.undo(question, 1)

    with pytest.raises(Conflict, match="undone"):
        desk.regrade(answer.answer_id, Grade.EASY)


def test_nobody_grades_anothers_answer(make_desk: Callable[..., Desk], make_question: MakeQuestion) -> None:
    alice, chloe = make_desk(), make_desk()
    answer = alice.answer(make_question())

    with pytest.raises(NotFound):
        chloe.regrade(answer.answer_id, Grade.EASY)


def test_a_typed_answer_is_counted_as_right_at_the_learners_word(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question(**NONE)
    answer = desk.answer(question, {"text": "--network none"})

    desk.override(answer.answer_id)

    last = desk.log(question)[-1]
    assert (last.grade, last.overridden, last.regrades, last.response) == (4, True, 1, {"text": "--network none"})
    assert (last.credit_parts, last.credit_of) == (0, 1)
    assert desk.problems() == []


def test_the_learners_word_counts_once(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question(**NONE)
    answer = desk.answer(question, {"text": "bridge"})

    first, second = (desk.override(answer.answer_id) for _ in range(2))

    assert first == second
    assert len(desk.log(question)) == 3


def test_an_overridden_answer_may_be_graded_hard_and_stays_overridden(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question(**NONE)
    answer = desk.answer(question, {"text": "bridge"})
    desk.override(answer.answer_id)

    desk.regrade(answer.answer_id, Grade.HARD)

    assert [(row.grade, row.overridden) for row in desk.log(question)][-1] == (3, True)


def test_a_chosen_answer_cannot_be_overridden(desk: Desk, make_question: MakeQuestion) -> None:
    answer = desk.answer(make_question(), WRONG)

    with pytest.raises(Invalid):
        desk.override(answer.answer_id)


@pytest.mark.parametrize("response", [{"text": "none"}, DONT_KNOW])
def test_what_is_right_or_unknown_cannot_be_overridden(
    desk: Desk, make_question: MakeQuestion, response: dict[str, object]
) -> None:
    answer = desk.answer(make_question(**NONE), response)

    with pytest.raises(Invalid):
        desk.override(answer.answer_id)


def test_a_flashcard_is_recorded_by_its_grade(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question(**FLASHCARD)

    desk.grade(desk.submission(desk.show(question)), Grade.EASY)

    row = desk.log(question)[0]
    assert (row.grade, row.response, row.credit_parts) == (5, None, None)


def test_a_flashcards_grade_sent_twice_is_recorded_once(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question(**FLASHCARD)
    given = desk.submission(desk.show(question))

    first, second = desk.grade(given, Grade.GOOD), desk.grade(given, Grade.GOOD)

    assert first == second
    assert len(desk.log(question)) == 1


@pytest.mark.parametrize(("scale", "grade", "offered"), [("four", 2, False), ("full", 2, True), ("four", 1, True)])
def test_a_flashcard_takes_the_grades_of_the_learners_scale(
    make_desk: Callable[..., Desk], make_question: MakeQuestion, scale: str, grade: int, offered: bool
) -> None:
    desk, question = make_desk(grade_scale=scale), make_question(**FLASHCARD)
    given = desk.submission(desk.show(question))

    if offered:
        desk.grade(given, Grade(grade))
    else:
        with pytest.raises(Invalid):
            desk.grade(given, Grade(grade))

    assert [row.grade for row in desk.log(question)] == ([grade] if offered else [])


def test_a_flashcard_is_not_answered_like_a_marked_question(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question(**FLASHCARD)

    with pytest.raises(Invalid):
        desk.send(desk.submission(desk.show(question)))


def test_a_marked_question_is_not_graded_by_hand(desk: Desk, make_question: MakeQuestion) -> None:
    given = desk.submission(desk.show(make_question()))

    with pytest.raises(Invalid):
        desk.grade(given, Grade.EASY)


def test_a_flashcards_id_is_not_used_for_another(desk: Desk, make_question: MakeQuestion) -> None:
    first, second = make_question(**FLASHCARD), make_question(**FLASHCARD)
    given = desk.submission(desk.show(first))
    desk.grade(given, Grade.GOOD)

    with pytest.raises(Conflict, match="answer_id"):
        desk.grade(dataclasses.replace(given, question_id=second.id), Grade.GOOD)


def test_an_undo_puts_the_card_where_it_was(desk: Desk, clock: Clock, make_question: MakeQuestion) -> None:
    question = make_question()
    desk.answer(question)
    before = desk.card(question)
    clock.advance(days=1)
    desk.answer(question, WRONG)

    desk.undo(question, 2)

    after = desk.card(question)
    assert (after.state, after.last_day, after.last_number) == (before.state, before.last_day, 1)
    assert (after.version, after.log_length) == (3, 3)


def test_an_undo_of_the_first_answer_makes_the_card_new_again(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    desk.answer(question)

    desk.undo(question, 1)

    card = desk.card(question)
    assert (card.state, card.introduced_day, card.reviews, desk.day().queue.new) == (NEW, None, 0, 1)


def test_an_undo_sent_twice_undoes_once(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    desk.answer(question)

    first, second = desk.undo(question, 1), desk.undo(question, 1)

    assert first == second
    assert (len(desk.log(question)), desk.card(question).version) == (2, 2)


@pytest.mark.parametrize("order", [(3, 2, 1), (1, 2, 3), (2, 3, 1)])
def test_answers_are_taken_back_to_any_depth_in_any_order(
    desk: Desk, clock: Clock, make_question: MakeQuestion, order: tuple[int, ...]
) -> None:
    question = make_question()
    for response in (RIGHT, WRONG, RIGHT):
        desk.answer(question, response)
        clock.advance(days=1)

    for number in order:
        desk.undo(question, number)
        assert desk.problems() == []

    assert desk.card(question).state == NEW


def test_an_answer_is_taken_back_from_another_device(
    make_desk: Callable[..., Desk], make_question: MakeQuestion
) -> None:
    phone, question = make_desk(), make_question()
    laptop = make_desk(phone.person)
    phone.answer(question)

    laptop.undo(question, 1)

    assert phone.card(question).state == NEW


def test_an_undo_of_a_regraded_answer_restores_the_card_before_the_answer(
    desk: Desk, clock: Clock, make_question: MakeQuestion
) -> None:
    question = make_question()
    desk.answer(question)
    before = desk.card(question).state
    clock.advance(days=1)
    answer = desk.answer(question)
    desk.regrade(answer.answer_id, Grade.EASY)

    desk.undo(question, desk.feedback(answer.answer_id).number)

    assert desk.card(question).state == before


def test_an_undo_that_names_the_row_before_the_new_grade_takes_the_answer_back_too(
    desk: Desk, make_question: MakeQuestion
) -> None:
    question = make_question()
    answer = desk.answer(question)
    desk.regrade(answer.answer_id, Grade.EASY)

    for _ in range(2):
        desk.undo(question, answer.number)

    assert (desk.card(question).state, len(desk.log(question))) == (NEW, 4)


@pytest.mark.parametrize("number", [0, 2, 3, 99])
def test_an_undo_of_an_undo_or_of_nothing_is_not_found(desk: Desk, make_question: MakeQuestion, number: int) -> None:
    question = make_question()
    desk.answer(question)
    desk.undo(question, 1)

    with pytest.raises(NotFound):
        desk.undo(question, number)


def test_nobody_takes_anothers_answer_back(make_desk: Callable[..., Desk], make_question: MakeQuestion) -> None:
    question, alice, chloe = make_question(), make_desk(), make_desk()
    alice.answer(question)
    chloe.answer(question, WRONG)
    chloe.undo(question, 1)

    assert alice.grades(question) == [("review", 4)]
    with pytest.raises(NotFound):
        make_desk().undo(question, 1)
