"""What a page is given to show: no key before the answer, the whole truth after it."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest

from app.errors import Conflict, NotFound
from app.models import Question
from app.services import cards, showing
from app.srs.answering import Kind
from app.srs.sm2 import NEW, Grade
from tests.conftest import Clock
from tests.desk import DONT_KNOW, FLASHCARD, NONE, RIGHT, WRONG, Desk

MakeQuestion = Callable[..., Question]
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """A learner in front of a page."""
    return make_desk()


@pytest.mark.parametrize("words", [{}, NONE, FLASHCARD])
def test_a_question_page_holds_no_key(desk: Desk, make_question: MakeQuestion, words: dict[str, object]) -> None:
    page = repr(desk.show(make_question(**words)))

    assert not any(key in page for key in ("boucle", "loopback", "correct", "accept", "Docker garde", "Il partage"))


def test_a_question_page_names_the_card_as_it_stands(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    first = desk.show(question)
    desk.answer(question, WRONG)

    second = desk.show(question)

    assert (first.version, first.edition, first.reviews, first.drill) == (0, 1, 0, False)
    assert (second.version, second.reviews, second.drill, second.last_day) == (1, 1, True, MONDAY)


def test_a_question_page_speaks_the_learners_language(
    make_desk: Callable[..., Desk], make_question: MakeQuestion
) -> None:
    question = make_question()

    texts = [make_desk(locale=locale).show(question).shown.text for locale in ("fr", "en")]

    assert texts == ["Quel réseau isole tout ?", "Which network isolates everything?"]


def test_the_next_question_is_the_queues(desk: Desk, clock: Clock, make_question: MakeQuestion) -> None:
    question = make_question()

    with desk.db.reading() as session:
        day, page = showing.next_question(session, desk.person, clock(), uuid4())

    assert page is not None
    assert (page.question_id, day.queue.left) == (question.id, 1)


def test_at_the_end_of_the_day_there_is_no_next_question(desk: Desk, clock: Clock) -> None:
    with desk.db.reading() as session:
        day, page = showing.next_question(session, desk.person, clock(), uuid4())

    assert (day.queue.left, page) == (0, None)


def test_a_flashcard_turned_shows_what_each_grade_will_record(
    make_desk: Callable[..., Desk], clock: Clock, make_question: MakeQuestion
) -> None:
    question = make_question(**FLASHCARD)
    preview = make_desk()
    given = preview.submission(preview.show(question))
    with preview.db.reading() as session:
        _, body, offered = showing.revealed(session, preview.person, given, preview.clock())

    recorded = {}
    for grade in offered:
        desk = make_desk()
        desk.grade(desk.submission(desk.show(question)), grade)
        recorded[grade] = desk.card(question).state

    assert (list(offered), body.answer.en) == ([1, 3, 4, 5], "A folder that Docker keeps.")
    assert recorded == offered


def test_the_grades_of_a_right_answer_show_what_each_will_record(
    make_desk: Callable[..., Desk], clock: Clock, make_question: MakeQuestion
) -> None:
    question = make_question()
    shown, recorded = {}, {}
    for grade in (Grade.HARD, Grade.GOOD, Grade.EASY):
        clock.at = clock.at.replace(day=23)
        desk = make_desk()
        desk.answer(question)
        clock.advance(days=1)
        answer = desk.answer(question)
        shown[grade] = desk.feedback(answer.answer_id).offered[grade]
        desk.regrade(answer.answer_id, grade)
        recorded[grade] = desk.card(question).state

    assert recorded == shown


def test_a_feedback_tells_the_card_before_and_after(desk: Desk, clock: Clock, make_question: MakeQuestion) -> None:
    question = make_question()
    desk.answer(question)
    clock.advance(days=1)

    page = desk.feedback(desk.answer(question, WRONG).answer_id)

    assert (page.number, page.kind, page.grade, page.drill) == (2, Kind.REVIEW, Grade.WRONG, True)
    assert (page.before.streak, page.after.streak, page.after.lapses) == (1, 0, 1)
    assert (page.reviews, page.last_day, page.gaps) == (1, MONDAY, [1, 1])
    assert page.offered == {}


def test_the_first_feedback_comes_from_a_new_card(desk: Desk, make_question: MakeQuestion) -> None:
    page = desk.feedback(desk.answer(make_question()).answer_id)

    assert (page.before, page.after.due, page.steps) == (NEW, TUESDAY, ((MONDAY, TUESDAY),))


def test_the_choices_are_shown_again_as_they_stood(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    page = desk.show(question)
    desk.send(desk.submission(page, WRONG))

    feedback = desk.feedback(page.answer_id)

    assert feedback.shown.choices == page.shown.choices
    assert [(mark.chosen, mark.correct) for mark in feedback.choices_shown if mark.chosen] == [(True, False)]


def test_a_feedback_after_a_new_grade_tells_the_new_one(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    answer = desk.answer(question)
    desk.regrade(answer.answer_id, Grade.EASY)

    page = desk.feedback(answer.answer_id)

    assert (page.number, page.grade, page.before, set(page.offered)) == (3, 5, NEW, {3, 4, 5})


@pytest.mark.parametrize(
    ("words", "response", "offered"),
    [(NONE, {"text": "bridge"}, True), (NONE, {"text": "none"}, False), (NONE, DONT_KNOW, False), ({}, WRONG, False)],
)
def test_the_learners_word_is_offered_for_a_typed_answer_marked_wrong(
    desk: Desk, make_question: MakeQuestion, words: dict[str, object], response: dict[str, object], offered: bool
) -> None:
    page = desk.feedback(desk.answer(make_question(**words), response).answer_id)

    assert page.may_override is offered


def test_nothing_is_offered_any_more_the_next_day(desk: Desk, clock: Clock, make_question: MakeQuestion) -> None:
    typed = desk.answer(make_question(**NONE), {"text": "bridge"})
    right = desk.answer(make_question())
    clock.advance(days=1)

    assert desk.feedback(typed.answer_id).may_override is False
    assert desk.feedback(right.answer_id).offered == {}


def test_a_feedback_keeps_the_words_that_were_marked(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    answer = desk.answer(question)

    assert desk.feedback(answer.answer_id).body.text.en == "Which network isolates everything?"


def test_a_feedback_says_that_its_card_is_set_aside(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    answer = desk.answer(question)
    with desk.db.writing() as session:
        cards.suspend(session, desk.person, question.id)

    assert desk.feedback(answer.answer_id).suspended is True


def test_the_eighth_lapse_makes_a_leech_and_the_ninth_does_not_say_it_again(
    desk: Desk, clock: Clock, make_question: MakeQuestion
) -> None:
    question = make_question()
    told = []
    for _ in range(9):
        desk.answer(question, RIGHT)
        clock.advance(days=1)
        told.append(desk.feedback(desk.answer(question, WRONG).answer_id).leech)
        clock.advance(days=1)

    assert told == [False] * 7 + [True, False]


def test_the_feedback_of_an_undone_answer_is_a_conflict(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    answer = desk.answer(question)
    desk.undo(question, 1)

    with pytest.raises(Conflict, match="undone"):
        desk.feedback(answer.answer_id)


def test_the_feedback_of_anothers_answer_is_not_found(
    make_desk: Callable[..., Desk], make_question: MakeQuestion
) -> None:
    answer = make_desk().answer(make_question())

    with pytest.raises(NotFound):
        make_desk().feedback(answer.answer_id)


def test_the_feedback_of_no_answer_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.feedback(uuid4())


def test_a_marked_question_is_not_turned(desk: Desk, make_question: MakeQuestion) -> None:
    given = desk.submission(desk.show(make_question()))

    with pytest.raises(NotFound), desk.db.reading() as session:
        showing.revealed(session, desk.person, given, desk.clock())
