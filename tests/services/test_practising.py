"""A quiz: what it draws, how it stays the same, what its answers do to the cards, how it went."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select, update

from app.db import Database
from app.models import Card, Course, Question
from app.services import cards, practising
from app.services.identity import Person
from app.services.practising import Draw, Outcome, Pick, Quiz, Summary
from app.services.sections import Section
from app.srs.answering import Kind
from app.srs.sm2 import Grade
from tests.classroom import answer, undo
from tests.conftest import Clock

MakeQuestion = Callable[..., Question]
MakeUser = Callable[..., Person]
RIGHT: dict[str, Any] = {"response": {"choice": "b"}, "credit": Fraction(1)}
WRONG: dict[str, Any] = {"response": {"choice": "a"}, "credit": Fraction(0)}


@pytest.fixture
def draw(db: Database, clock: Clock) -> Callable[[Person, Quiz], Draw]:
    """Return a function that draws a quiz."""

    def drawn(learner: Person, quiz: Quiz) -> Draw:
        with db.reading() as session:
            return practising.draw(session, learner, quiz, clock())

    return drawn


@pytest.fixture
def summarise(db: Database, clock: Clock) -> Callable[[Person, Quiz], Summary]:
    """Return a function that sums a quiz up."""

    def summed(learner: Person, quiz: Quiz) -> Summary:
        with db.reading() as session:
            return practising.summarise(session, learner, quiz, clock())

    return summed


@pytest.fixture
def quiz(clock: Clock) -> Quiz:
    """A quiz that begins a minute from the test's first moment, on everything."""
    clock.advance(minutes=1)
    return Quiz(practising.seed_of(clock()), size=None)


def test_the_same_address_draws_the_same_questions(
    draw: Callable[..., Draw], quiz: Quiz, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner = make_user()
    for _ in range(8):
        make_question()

    assert draw(learner, quiz).questions == draw(learner, quiz).questions


def test_another_seed_draws_in_another_order(
    draw: Callable[..., Draw], quiz: Quiz, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner = make_user()
    for _ in range(8):
        make_question()

    orders = {draw(learner, replace(quiz, seed=quiz.seed + shift)).questions for shift in range(5)}

    assert len(orders) > 1


def test_a_size_cuts_the_draw_and_none_takes_all(
    draw: Callable[..., Draw], quiz: Quiz, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner = make_user()
    ids = {make_question().id for _ in range(12)}

    cut, whole = draw(learner, replace(quiz, size=10)), draw(learner, quiz)

    assert (cut.questions, set(whole.questions)) == (whole.questions[:10], ids)


def test_only_the_chosen_topics_are_drawn(
    draw: Callable[..., Draw], quiz: Quiz, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    make_question(topic="network")
    volume = make_question(topic="volumes")

    assert draw(make_user(), replace(quiz, topics=("volumes",))).questions == (volume.id,)


def test_withheld_questions_and_cards_set_aside_are_not_drawn(
    db: Database, draw: Callable[..., Draw], quiz: Quiz, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, aside = make_user(), make_question()
    for flag in ("reserved", "draft", "retired"):
        make_question(**{flag: True})
    with db.writing() as session:
        cards.suspend(session, learner, aside.id)

    assert draw(learner, quiz).questions == ()


def test_questions_of_another_course_are_not_drawn(
    draw: Callable[..., Draw],
    quiz: Quiz,
    make_user: MakeUser,
    make_question: MakeQuestion,
    make_course: Callable[..., Course],
) -> None:
    make_question(of=make_course("git"))

    assert draw(make_user(), quiz).questions == ()


def test_a_card_set_aside_during_the_quiz_does_not_move_the_others(
    db: Database, draw: Callable[..., Draw], quiz: Quiz, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner = make_user()
    for _ in range(6):
        make_question()
    before = draw(learner, quiz)
    with db.writing() as session:
        cards.suspend(session, learner, before.questions[2])

    after = draw(learner, quiz)

    assert after.questions == before.questions[:2] + before.questions[3:]
    assert after.questions[after.place_after(before.questions[2]) - 1] == before.questions[3]


def test_the_place_after_a_question_is_the_next_one(
    draw: Callable[..., Draw], quiz: Quiz, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    for _ in range(5):
        make_question()

    drawn = draw(make_user(), quiz)

    assert [drawn.place_after(question) for question in drawn.questions] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("last", "weak"),
    [((Grade.GOOD, 0), False), ((Grade.WRONG, 0), True), ((Grade.CLOSE, 1), True), ((Grade.GOOD, 31), True)],
)
def test_a_card_is_weak_after_a_miss_or_a_month_without_it(
    db: Database,
    clock: Clock,
    draw: Callable[..., Draw],
    make_user: MakeUser,
    make_question: MakeQuestion,
    last: tuple[Grade, int],
    weak: bool,
) -> None:
    learner, question = make_user(), make_question()
    grade, idle_days = last
    answer(db, learner, question, grade, clock())
    clock.advance(days=idle_days, minutes=1)

    drawn = draw(learner, Quiz(practising.seed_of(clock()), pick=Pick.WEAK))

    assert drawn.questions == ((question.id,) if weak else ())


def test_three_hard_answers_make_a_card_weak(
    db: Database, clock: Clock, draw: Callable[..., Draw], make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, question = make_user(), make_question()
    for days in (1, 6, 13):
        answer(db, learner, question, Grade.HARD, clock(), kind=Kind.REVIEW)
        clock.advance(days=days)

    drawn = draw(learner, Quiz(practising.seed_of(clock()), pick=Pick.WEAK))

    assert drawn.questions == (question.id,)


def test_a_question_never_answered_is_not_weak(
    draw: Callable[..., Draw], quiz: Quiz, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    make_question()

    assert draw(make_user(), replace(quiz, pick=Pick.WEAK)).questions == ()


def test_answering_a_weak_card_well_keeps_it_in_the_quiz(
    db: Database,
    clock: Clock,
    draw: Callable[..., Draw],
    make_user: MakeUser,
    make_question: MakeQuestion,
) -> None:
    learner, question = make_user(), make_question()
    answer(db, learner, question, Grade.WRONG, clock())
    clock.advance(minutes=1)
    quiz = Quiz(practising.seed_of(clock()), pick=Pick.WEAK)

    answer(db, learner, question, Grade.GOOD, clock(), **RIGHT)

    drawn = draw(learner, quiz)
    assert (drawn.questions, drawn.answers[question.id].outcome) == ((question.id,), Outcome.RIGHT)


def test_answers_from_before_the_quiz_are_not_its_own(
    db: Database,
    clock: Clock,
    draw: Callable[..., Draw],
    make_user: MakeUser,
    make_question: MakeQuestion,
) -> None:
    learner, question = make_user(), make_question()
    answer(db, learner, question, Grade.GOOD, clock(), **RIGHT)
    clock.advance(minutes=1)

    assert draw(learner, Quiz(practising.seed_of(clock()))).answers == {}


def test_an_answer_taken_back_opens_its_question_again(
    db: Database,
    clock: Clock,
    quiz: Quiz,
    summarise: Callable[..., Summary],
    make_user: MakeUser,
    make_question: MakeQuestion,
) -> None:
    learner, question = make_user(), make_question()
    answer(db, learner, question, Grade.GOOD, clock(), **RIGHT)
    undo(db, learner, question, 1, clock())

    found = summarise(learner, quiz)

    assert (found.answered, found.unanswered, found.open_place) == (0, 1, 1)


def test_a_summary_counts_right_partly_wrong_and_open(
    db: Database,
    clock: Clock,
    quiz: Quiz,
    summarise: Callable[..., Summary],
    make_user: MakeUser,
    make_question: MakeQuestion,
) -> None:
    learner = make_user()
    half: dict[str, Any] = {"response": {"choice": "a"}, "credit": Fraction(1, 2)}
    answer(db, learner, make_question(), Grade.GOOD, clock(), **RIGHT)
    answer(db, learner, make_question(), Grade.CLOSE, clock(), **half)
    answer(db, learner, make_question(), Grade.WRONG, clock(), **WRONG)
    make_question()

    found = summarise(learner, quiz)

    assert (found.right, found.partly, found.wrong, found.unanswered) == (1, 1, 1, 1)


def test_a_summary_lists_what_was_missed_with_its_section(
    db: Database,
    clock: Clock,
    quiz: Quiz,
    summarise: Callable[..., Summary],
    make_user: MakeUser,
    make_question: MakeQuestion,
) -> None:
    learner, missed = make_user(), make_question()
    answer(db, learner, missed, Grade.WRONG, clock(), **WRONG)

    found = summarise(learner, quiz).missed

    assert [(one.question_id, one.text, one.section, one.outcome) for one in found] == [
        (missed.id, "Quel réseau isole tout ?", Section(("Réseau",), "fr"), Outcome.WRONG)
    ]


def test_an_answer_counted_at_the_learner_s_word_is_right(
    db: Database,
    clock: Clock,
    quiz: Quiz,
    summarise: Callable[..., Summary],
    make_user: MakeUser,
    make_question: MakeQuestion,
) -> None:
    learner = make_user()
    answer(db, learner, make_question(), Grade.GOOD, clock(), overridden=True, **WRONG)

    assert summarise(learner, quiz).right == 1


def test_a_flashcard_counts_by_the_grade_its_learner_gave(
    db: Database,
    clock: Clock,
    quiz: Quiz,
    summarise: Callable[..., Summary],
    make_user: MakeUser,
    make_question: MakeQuestion,
) -> None:
    learner = make_user()
    answer(db, learner, make_question(), Grade.HARD, clock())
    answer(db, learner, make_question(), Grade.WRONG, clock())

    found = summarise(learner, quiz)

    assert (found.right, found.wrong) == (1, 1)


def test_another_learner_s_answers_are_not_in_the_quiz(
    db: Database,
    clock: Clock,
    quiz: Quiz,
    summarise: Callable[..., Summary],
    make_user: MakeUser,
    make_question: MakeQuestion,
) -> None:
    alice, chloe = make_user(), make_user()
    answer(db, alice, make_question(), Grade.GOOD, clock(), **RIGHT)

    assert summarise(chloe, quiz).answered == 0


def test_offers_count_the_questions_and_the_weak_ones_of_each_topic(
    db: Database, clock: Clock, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, missed, _ = make_user(), make_question(), make_question(topic="volumes")
    answer(db, learner, missed, Grade.WRONG, clock())
    clock.advance(minutes=1)

    with db.reading() as session:
        found = practising.offers(session, learner, clock())

    assert [(one.slug, one.total, one.weak) for one in found] == [("network", 1, 1), ("volumes", 1, 0)]


def test_a_lapse_makes_a_card_weak_even_after_a_good_answer(
    db: Database, clock: Clock, draw: Callable[..., Draw], make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, question = make_user(), make_question()
    for grade, days in ((Grade.GOOD, 1), (Grade.WRONG, 1), (Grade.GOOD, 1)):
        answer(db, learner, question, grade, clock())
        clock.advance(days=days)

    drawn = draw(learner, Quiz(practising.seed_of(clock()), pick=Pick.WEAK))

    with db.reading() as session:
        assert session.scalars(select(Card.lapses)).one() == 1
    assert drawn.questions == (question.id,)


def test_what_is_weak_is_judged_when_the_quiz_begins(
    db: Database, clock: Clock, draw: Callable[..., Draw], quiz: Quiz, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, question = make_user(), make_question()
    answer(db, learner, question, Grade.WRONG, clock())
    with db.writing() as session:
        session.execute(update(Card).values(due=date(2026, 11, 24)))

    assert draw(learner, replace(quiz, pick=Pick.WEAK)).questions == ()


def test_a_quiz_of_a_level_asks_that_level_alone(
    draw: Callable[..., Draw], quiz: Quiz, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    _, hard = make_question(level=2), make_question(level=3)

    assert draw(make_user(), replace(quiz, levels=(3,))).questions == (hard.id,)


def test_a_surprise_asks_each_topic_before_any_topic_twice(
    draw: Callable[..., Draw], quiz: Quiz, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    crowded = {make_question().id for _ in range(8)}
    rare = make_question(topic="volumes").id

    drawn = set(draw(make_user(), replace(quiz, pick=Pick.SURPRISE, size=2)).questions)

    assert rare in drawn
    assert len(drawn & crowded) == 1


def test_a_surprise_looks_at_neither_the_topics_nor_the_levels_chosen_before(
    draw: Callable[..., Draw], quiz: Quiz, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    asked = make_question()

    drawn = draw(make_user(), replace(quiz, pick=Pick.SURPRISE, topics=("volumes",), levels=(1,)))

    assert drawn.questions == (asked.id,)


def test_the_open_places_of_a_quiz_are_found_past_those_answered(
    db: Database,
    clock: Clock,
    draw: Callable[..., Draw],
    quiz: Quiz,
    make_user: MakeUser,
    make_question: MakeQuestion,
) -> None:
    learner, questions = make_user(), {one.id: one for one in (make_question() for _ in range(3))}
    second = draw(learner, quiz).questions[1]
    answer(db, learner, questions[second], Grade.GOOD, clock(), **RIGHT)

    drawn = draw(learner, quiz)

    assert [drawn.open_from(place) for place in (1, 2, 3, 4)] == [1, 3, 3, 4]


def test_the_night_before_asks_what_is_on_the_edge_and_nothing_new(
    db: Database, clock: Clock, draw: Callable[..., Draw], make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, edge, today, _ = make_user(), make_question(), make_question(), make_question()
    answer(db, learner, edge, Grade.GOOD, clock())
    clock.advance(days=8)
    answer(db, learner, today, Grade.WRONG, clock())
    clock.advance(minutes=1)
    quiz = Quiz(practising.seed_of(clock()), pick=Pick.EVE, minutes=10)

    assert draw(learner, quiz).questions == (edge.id,)


def test_an_answer_of_the_evening_leaves_its_list_as_it_was(
    db: Database, clock: Clock, draw: Callable[..., Draw], make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, questions = make_user(), [make_question() for _ in range(3)]
    for question in questions:
        answer(db, learner, question, Grade.GOOD, clock())
    clock.advance(days=8)
    quiz = Quiz(practising.seed_of(clock()), pick=Pick.EVE, minutes=10)
    before = draw(learner, quiz).questions

    answer(db, learner, questions[0], Grade.GOOD, clock(), **RIGHT)

    assert (len(before), draw(learner, quiz).questions) == (3, before)


def test_an_evening_holds_no_more_cards_than_its_minutes(
    db: Database, clock: Clock, draw: Callable[..., Draw], make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner = make_user()
    for _ in range(6):
        answer(db, learner, make_question(), Grade.GOOD, clock())
    clock.advance(days=8)

    drawn = draw(learner, Quiz(practising.seed_of(clock()), pick=Pick.EVE, minutes=1))

    assert len(drawn.questions) == 2  # at 20 s a card, a little more for the chance that it is missed
