"""The learner's day: what is left, what counts against the limits, and when the day ends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.models import Course, Question
from app.services import cards, queueing
from app.srs.sm2 import Grade
from tests.conftest import Clock
from tests.desk import FLASHCARD, RIGHT, WRONG, Desk

MakeDesk = Callable[..., Desk]
MakeQuestion = Callable[..., Question]
PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2026, 11, 23)


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    """A learner in Paris."""
    return make_desk()


def in_paris(month: int, day: int, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    """An instant of 2026 by the clocks of Paris."""
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS, fold=fold).astimezone(UTC)


def next_due(desk: Desk) -> date | None:
    with desk.db.reading() as session:
        return queueing.next_due(session, desk.person, desk.today, desk.clock())


def pace(desk: Desk) -> float:
    """Seconds a card."""
    day = desk.day()
    return day.seconds_left / day.queue.left


def counts(desk: Desk) -> tuple[int, int, int, int]:
    """Due, drills, new and done."""
    day = desk.day()
    return day.queue.due, day.queue.drills, day.queue.new, day.done


def test_a_day_begins_with_new_questions_up_to_the_limit(make_desk: MakeDesk, make_question: MakeQuestion) -> None:
    for _ in range(3):
        make_question()

    assert counts(make_desk(new_per_day=2)) == (0, 0, 2, 0)


def test_a_card_once_right_is_done_with(desk: Desk, make_question: MakeQuestion) -> None:
    desk.answer(make_question())

    assert counts(desk) == (0, 0, 0, 1)


def test_a_card_missed_is_left_until_it_is_right(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    desk.answer(question, WRONG)
    missed = counts(desk)
    desk.answer(question)

    assert (missed, counts(desk)) == ((0, 1, 0, 0), (0, 0, 0, 1))


def test_new_cards_count_once_a_day_however_often_they_are_answered(
    make_desk: MakeDesk, make_question: MakeQuestion
) -> None:
    desk, questions = make_desk(new_per_day=2), [make_question() for _ in range(3)]
    for response in (WRONG, WRONG, RIGHT):
        desk.answer(questions[0], response)

    assert counts(desk) == (0, 0, 1, 1)


def test_the_limits_count_again_the_next_study_day(
    make_desk: MakeDesk, clock: Clock, make_question: MakeQuestion
) -> None:
    desk, questions = make_desk(new_per_day=1), [make_question(), make_question()]
    desk.answer(questions[0])
    clock.at = in_paris(11, 24, 3, 59)
    late = counts(desk)
    clock.at = in_paris(11, 24, 4)

    assert (late, counts(desk)) == ((0, 0, 0, 1), (1, 0, 1, 0))


def test_reviews_are_limited_by_study_day(make_desk: MakeDesk, clock: Clock, make_question: MakeQuestion) -> None:
    desk, questions = make_desk(reviews_per_day=1, new_per_day=2), [make_question(), make_question()]
    for question in questions:
        desk.answer(question)
    clock.advance(days=1)
    before = counts(desk)
    desk.answer(questions[0])

    assert (before, counts(desk)) == ((1, 0, 0, 0), (0, 0, 0, 1))


@pytest.mark.parametrize(("hour", "minute", "day"), [(3, 59, 23), (4, 0, 24)])
def test_a_night_belongs_to_the_day_before_until_four(
    desk: Desk, clock: Clock, make_question: MakeQuestion, hour: int, minute: int, day: int
) -> None:
    question = make_question()
    clock.at = in_paris(11, 24, hour, minute)

    desk.answer(question)

    row = desk.log(question)[0]
    assert (row.study_day, row.due) == (date(2026, 11, day), date(2026, 11, day + 1))


def test_a_day_begins_when_the_learner_says(make_desk: MakeDesk, clock: Clock, make_question: MakeQuestion) -> None:
    desk, question = make_desk(day_start_hour=0), make_question()
    clock.at = in_paris(11, 24, 0, 30)

    desk.answer(question)

    assert desk.log(question)[0].study_day == date(2026, 11, 24)


def test_a_drill_ends_with_its_day(desk: Desk, clock: Clock, make_question: MakeQuestion) -> None:
    question = make_question()
    desk.answer(question, WRONG)
    clock.at = in_paris(11, 24, 3, 59)
    night = counts(desk)
    clock.at = in_paris(11, 24, 4)
    morning = counts(desk)
    desk.answer(question)

    assert (night, morning) == ((0, 1, 0, 0), (1, 0, 0, 0))
    assert desk.grades(question) == [("review", 1), ("review", 4)]


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (date(2026, 3, 29), in_paris(3, 29, 3, 59), in_paris(3, 29, 4)),
        (date(2026, 10, 25), in_paris(10, 25, 3, 59), in_paris(10, 25, 4)),
    ],
)
def test_the_day_turns_at_four_by_the_clock_when_summer_time_begins_or_ends(
    desk: Desk, clock: Clock, make_question: MakeQuestion, change: date, before: datetime, after: datetime
) -> None:
    question = make_question()
    clock.at = before
    desk.answer(question, WRONG)
    clock.at = after
    desk.answer(question)

    assert [(row.kind, row.study_day) for row in desk.log(question)] == [
        ("review", change - timedelta(days=1)),
        ("review", change),
    ]


@pytest.mark.parametrize("month_and_day", [(3, 28), (10, 24)])
def test_a_card_is_due_the_next_day_though_the_day_has_another_length(
    desk: Desk, clock: Clock, make_question: MakeQuestion, month_and_day: tuple[int, int]
) -> None:
    question = make_question()
    clock.at = in_paris(*month_and_day, 4)
    desk.answer(question)
    clock.at = in_paris(month_and_day[0], month_and_day[1] + 1, 4)

    assert counts(desk) == (1, 0, 0, 0)


def test_the_hour_that_comes_twice_is_one_study_day(
    make_desk: MakeDesk, clock: Clock, make_question: MakeQuestion
) -> None:
    desk, question = make_desk(), make_question()
    for fold, response in enumerate((WRONG, RIGHT)):
        clock.at = in_paris(10, 25, 2, 30, fold=fold)
        desk.answer(question, response)

    assert {row.study_day for row in desk.log(question)} == {date(2026, 10, 24)}
    assert desk.grades(question) == [("review", 1), ("drill", 4)]


def test_a_learner_who_travels_has_the_day_of_where_they_are(
    desk: Desk, clock: Clock, make_question: MakeQuestion
) -> None:
    question = make_question()
    clock.at = in_paris(11, 24, 5)
    desk.move_to(zone="America/Los_Angeles")

    desk.answer(question)

    row = desk.log(question)[0]
    assert (row.study_day, row.zone) == (MONDAY, "America/Los_Angeles")


def test_a_drill_comes_after_three_other_cards(desk: Desk, clock: Clock, make_question: MakeQuestion) -> None:
    questions = [make_question() for _ in range(6)]
    desk.answer(questions[0], WRONG)
    asked = []
    for _ in range(4):
        clock.advance(seconds=20)
        upcoming = desk.day().queue.next
        asked.append(upcoming)
        desk.answer(next(question for question in questions if question.id == upcoming))

    assert questions[0].id not in asked[:3]
    assert asked[3] == questions[0].id


def test_a_suspended_card_is_not_asked(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    with desk.db.writing() as session:
        cards.suspend(session, desk.person, question.id)

    assert counts(desk) == (0, 0, 0, 0)


def test_a_buried_card_comes_back_the_next_study_day(desk: Desk, clock: Clock, make_question: MakeQuestion) -> None:
    question = make_question()
    with desk.db.writing() as session:
        cards.bury(session, desk.person, question.id, clock())
    today = counts(desk)
    clock.at = in_paris(11, 24, 4)

    assert (today, counts(desk)) == ((0, 0, 0, 0), (0, 0, 1, 0))


def test_a_card_answered_early_does_not_count_as_left(desk: Desk, clock: Clock, make_question: MakeQuestion) -> None:
    question = make_question()
    desk.answer(question)
    clock.advance(days=1)
    desk.answer(question)
    clock.advance(days=2)
    desk.answer(question)

    assert desk.grades(question)[-1] == ("early", 4)
    assert counts(desk) == (0, 0, 0, 1)


def test_practice_of_a_new_card_leaves_it_new_and_not_done(desk: Desk, make_question: MakeQuestion) -> None:
    desk.answer(make_question(), practice=True)

    assert counts(desk) == (0, 0, 1, 0)


def test_another_learners_answers_do_not_count(make_desk: MakeDesk, make_question: MakeQuestion) -> None:
    alice, chloe, question = make_desk(), make_desk(), make_question()

    alice.answer(question)

    assert (counts(alice), counts(chloe)) == ((0, 0, 0, 1), (0, 0, 1, 0))


def test_another_course_does_not_count(
    desk: Desk, make_course: Callable[..., Course], make_question: MakeQuestion
) -> None:
    make_question(of=make_course("git"))

    assert counts(desk) == (0, 0, 0, 0)


def test_who_chose_no_course_studies_the_first(make_desk: MakeDesk, make_question: MakeQuestion) -> None:
    question = make_question()
    desk = make_desk(course_id=None)

    desk.answer(question)

    assert counts(desk) == (0, 0, 0, 1)


def test_no_course_at_all_is_an_empty_day(make_desk: MakeDesk, course: Course) -> None:
    with (desk := make_desk(course_id=None)).db.writing() as session:
        session.merge(Course(id=course.id, retired=True))

    assert (counts(desk), next_due(desk)) == ((0, 0, 0, 0), None)


def test_the_next_day_with_a_card_is_told(desk: Desk, clock: Clock, make_question: MakeQuestion) -> None:
    first, second = make_question(), make_question()
    desk.answer(first)
    clock.advance(days=1)
    desk.answer(first)
    desk.answer(second)

    assert next_due(desk) == date(2026, 11, 25)


def test_nothing_is_due_before_anything_was_answered(desk: Desk, make_question: MakeQuestion) -> None:
    make_question()

    assert next_due(desk) is None


def test_what_the_limit_left_over_comes_tomorrow(
    make_desk: MakeDesk, clock: Clock, make_question: MakeQuestion
) -> None:
    desk, questions = make_desk(), [make_question(), make_question()]
    for question in questions:
        desk.answer(question)
    clock.advance(days=1)
    desk.move_to(reviews_per_day=1)
    desk.answer(questions[0])

    assert (counts(desk)[0], next_due(desk)) == (0, date(2026, 11, 25))


def test_no_card_comes_back_for_who_allows_no_review(desk: Desk, make_question: MakeQuestion) -> None:
    desk.answer(make_question())

    desk.move_to(reviews_per_day=0)

    assert next_due(desk) is None


def test_a_buried_card_is_next_due_when_its_burial_ends(desk: Desk, clock: Clock, make_question: MakeQuestion) -> None:
    question = make_question()
    desk.answer(question)
    clock.advance(days=1)
    with desk.db.writing() as session:
        cards.bury(session, desk.person, question.id, clock())

    assert next_due(desk) == date(2026, 11, 25)


def test_a_suspended_card_is_never_next_due(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    desk.answer(question)
    with desk.db.writing() as session:
        cards.suspend(session, desk.person, question.id)

    assert next_due(desk) is None


def test_the_pace_is_the_mean_of_the_last_answers(desk: Desk, make_question: MakeQuestion) -> None:
    questions = [make_question() for _ in range(3)]
    before = pace(desk)
    desk.answer(questions[0])

    day = desk.day()

    assert (before, pace(desk), day.seconds_left) == (25.0, 4.0, 8.0)


def test_a_long_pause_counts_as_two_minutes(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question(**FLASHCARD)
    make_question()
    given = replace(desk.submission(desk.show(question)), took_ms=3_000_000)

    desk.grade(given, Grade.GOOD)

    assert pace(desk) == 120.0
