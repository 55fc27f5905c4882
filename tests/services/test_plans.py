"""A learner's plan towards an exam: kept, changed, taken away, and what it asks for day by day."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select

from app.errors import Invalid, NotFound
from app.models import ExamPlan, Question
from app.services import cards, plans
from app.services.plans import Wanted
from app.srs.plan import Reason
from app.srs.sm2 import Grade
from tests.conftest import Clock
from tests.desk import FLASHCARD, RIGHT, WRONG, Desk

MakeDesk = Callable[..., Desk]
MakeQuestion = Callable[..., Question]
MONDAY = date(2026, 11, 23)
FRIDAY = MONDAY + timedelta(days=4)
IN_A_MONTH = MONDAY + timedelta(days=30)


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    """A learner who allows themself no new card, so that only a plan brings one."""
    return make_desk(new_per_day=0)


def keep(desk: Desk, exam_on: date = IN_A_MONTH, minutes: int = 20, **fields: object) -> int:
    with desk.db.writing() as session:
        return plans.keep(session, desk.person, Wanted(exam_on, minutes, **fields), desk.clock())  # type: ignore[arg-type]


def plan_of(desk: Desk) -> plans.Plan | None:
    with desk.db.reading() as session:
        return plans.plan_of(session, desk.person, desk.today)


def codes(error: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in error.value.problems]


def led_by(desk: Desk) -> list[int]:
    """The questions that the plan asks for today, in order."""
    led = desk.day().led
    assert led is not None
    return list(led.agenda.chosen)


def test_a_plan_is_kept_as_it_was_wanted(desk: Desk, make_question: MakeQuestion) -> None:
    out = make_question(topic="volumes").topic_id
    saturday = MONDAY + timedelta(days=5)

    keep(desk, weekdays_off=64, days_off=frozenset({saturday}), left_out=frozenset({out}))

    plan = plan_of(desk)
    assert plan is not None
    assert plan.wanted == Wanted(IN_A_MONTH, 20, 64, frozenset({saturday}), frozenset({out}))


def test_every_problem_of_a_plan_is_told_at_once(desk: Desk) -> None:
    with pytest.raises(Invalid) as error:
        keep(desk, MONDAY, 4, weekdays_off=127, days_off=frozenset({MONDAY}), left_out=frozenset({999}))

    assert codes(error) == [
        ("exam_on", "past"),
        ("minutes_a_day", "out_of_range"),
        ("weekdays_off", "no_day_left"),
        ("days_off", "outside"),
        ("topics", "unknown"),
    ]


def test_an_exam_more_than_a_year_off_is_no_date_to_plan_for(desk: Desk) -> None:
    with pytest.raises(Invalid) as error:
        keep(desk, MONDAY + timedelta(days=367))

    assert codes(error) == [("exam_on", "too_far")]


def test_a_plan_without_any_topic_is_refused(desk: Desk) -> None:
    with desk.db.reading() as session:
        every = frozenset(topic for topic, _ in plans.topics_of(session, desk.person))

    with pytest.raises(Invalid) as error:
        keep(desk, left_out=every)

    assert codes(error) == [("topics", "none_left")]


def test_a_refused_change_leaves_the_plan_as_it_was(desk: Desk) -> None:
    keep(desk)

    with pytest.raises(Invalid):
        keep(desk, minutes=1000)

    plan = plan_of(desk)
    assert plan is not None
    assert plan.wanted.minutes_a_day == 20


def test_other_minutes_keep_the_pace_of_new_cards_and_another_date_starts_it_anew(desk: Desk, clock: Clock) -> None:
    keep(desk)
    clock.advance(days=3)
    keep(desk, minutes=40)
    same_date = plan_of(desk)
    keep(desk, IN_A_MONTH + timedelta(days=1))
    other_date = plan_of(desk)

    assert same_date is not None
    assert other_date is not None
    assert (same_date.started_on, other_date.started_on) == (MONDAY, MONDAY + timedelta(days=3))


def test_two_tabs_that_make_a_plan_at_once_leave_one(desk: Desk) -> None:
    barrier = Barrier(2)

    def make(minutes: int) -> int:
        barrier.wait()
        return keep(desk, minutes=minutes)

    with ThreadPoolExecutor(2) as pool:
        made = set(pool.map(make, (20, 30)))

    with desk.db.reading() as session:
        assert (len(made), session.scalar(select(func.count()).select_from(ExamPlan))) == (1, 1)


def test_a_plan_brings_new_cards_whatever_the_daily_limit(desk: Desk, make_question: MakeQuestion) -> None:
    make_question()
    before = desk.day().queue.new

    keep(desk)

    assert (before, desk.day().queue.new) == (0, 1)


def test_new_cards_are_paced_so_that_all_are_seen_in_four_fifths_of_the_time(
    desk: Desk, make_question: MakeQuestion
) -> None:
    for _ in range(8):
        make_question()

    keep(desk, MONDAY + timedelta(days=5), minutes=180)

    led = desk.day().led
    assert led is not None
    assert [choice.reason for choice in led.agenda.chosen.values()].count(Reason.NEW) == 2


def test_the_time_of_a_day_bounds_its_list(desk: Desk, make_question: MakeQuestion) -> None:
    for _ in range(20):
        make_question()

    keep(desk, MONDAY + timedelta(days=2), minutes=5)  # 15 units of 20 s: seven new cards of two units

    assert desk.day().queue.left == 7
    assert desk.day().seconds_left == 7 * 2 * 20


def test_a_topic_left_out_is_not_asked(desk: Desk, make_question: MakeQuestion) -> None:
    kept, out = make_question(topic="network"), make_question(topic="volumes")

    keep(desk, left_out=frozenset({out.topic_id}))

    assert led_by(desk) == [kept.id]


def test_a_question_that_the_course_gains_is_asked_the_next_day(
    desk: Desk, clock: Clock, make_question: MakeQuestion
) -> None:
    first = make_question()
    keep(desk)
    assert led_by(desk) == [first.id]

    second = make_question()
    clock.advance(days=1)

    assert led_by(desk) == [first.id, second.id]


def test_an_answer_leaves_the_rest_of_the_list_as_it_was(desk: Desk, make_question: MakeQuestion) -> None:
    questions = [make_question() for _ in range(4)]
    keep(desk, minutes=180)
    before = led_by(desk)
    desk.answer(questions[1])
    desk.answer(questions[0], WRONG)

    day = desk.day()

    assert led_by(desk) == before
    assert (day.queue.new, day.queue.drills, day.done) == (2, 1, 1)


def test_a_card_that_is_not_due_is_asked_when_a_review_helps_and_moves_only_its_due_day(
    desk: Desk, clock: Clock, make_question: MakeQuestion
) -> None:
    question = make_question()
    keep(desk)
    desk.answer(question)
    clock.advance(days=1)
    desk.answer(question)  # due again in six days
    clock.advance(days=3)

    desk.answer(question)

    assert desk.card(question).interval_days == 6
    assert desk.log(question)[-1].kind == "early"


def test_a_day_off_brings_nothing_and_ten_minutes_more_bring_something(desk: Desk, make_question: MakeQuestion) -> None:
    make_question()
    keep(desk, days_off=frozenset({MONDAY}))
    off = desk.day()
    with desk.db.writing() as session:
        minutes = plans.add_minutes(session, desk.person, desk.clock())

    assert off.led is not None
    assert (off.led.towards.off_today, off.queue.left, minutes, desk.day().queue.left) == (True, 0, 10, 1)


def test_a_weekday_without_study_comes_back_every_week(desk: Desk, clock: Clock, make_question: MakeQuestion) -> None:
    make_question()
    keep(desk, weekdays_off=1)  # Mondays
    off = [desk.day().queue.left == 0]
    for _ in range(7):
        clock.advance(days=1)
        off.append(desk.day().queue.left == 0)

    assert off == [True, False, False, False, False, False, False, True]


def test_extra_minutes_are_for_today_alone(desk: Desk, clock: Clock) -> None:
    keep(desk)
    with desk.db.writing() as session:
        plans.add_minutes(session, desk.person, desk.clock())
    today = plan_of(desk)
    clock.advance(days=1)
    tomorrow = plan_of(desk)

    assert today is not None
    assert tomorrow is not None
    assert (today.extra_minutes, tomorrow.extra_minutes) == (10, 0)


def test_from_the_day_of_the_exam_on_the_cards_follow_sm2_again(
    desk: Desk, clock: Clock, make_question: MakeQuestion
) -> None:
    question = make_question()
    keep(desk, FRIDAY)
    desk.answer(question)
    clock.advance(days=4)

    day = desk.day()

    assert (day.led, day.queue.due, day.queue.new) == (None, 1, 0)


def test_what_piled_up_is_spread_after_the_exam(make_desk: MakeDesk, clock: Clock, make_question: MakeQuestion) -> None:
    desk = make_desk()
    for question in [make_question() for _ in range(20)]:
        desk.answer(question)
    keep(desk, MONDAY + timedelta(days=1), minutes=5)
    clock.advance(days=1)

    queue = desk.day().queue

    assert (queue.due, queue.new, queue.held_due) == (15, 0, 5)


def test_what_is_answered_after_the_exam_makes_room_for_no_more(
    make_desk: MakeDesk, clock: Clock, make_question: MakeQuestion
) -> None:
    desk, questions = make_desk(), [make_question() for _ in range(15)]
    for question in questions:
        desk.answer(question)
    make_question()
    keep(desk, MONDAY + timedelta(days=1), minutes=5)  # fifteen units
    clock.advance(days=1)
    before = desk.day().queue
    for question in questions:
        desk.answer(question)

    assert (before.due, before.new) == (15, 0)
    assert (desk.day().queue.due, desk.day().queue.new, desk.day().queue.held_new) == (0, 0, 1)


def test_the_days_after_the_exam_go_by_the_learners_own_pace(
    make_desk: MakeDesk, clock: Clock, make_question: MakeQuestion
) -> None:
    desk = make_desk(new_per_day=0)
    for question in [make_question(**FLASHCARD) for _ in range(30)]:
        desk.grade(replace(desk.submission(desk.show(question)), took_ms=60_000), Grade.GOOD)
    keep(desk, MONDAY + timedelta(days=1), minutes=5)
    clock.advance(days=1)

    queue = desk.day().queue

    assert (queue.due, queue.held_due) == (5, 25)  # a minute each


def test_undoing_an_answer_of_yesterday_makes_the_order_anew(
    desk: Desk, clock: Clock, make_question: MakeQuestion
) -> None:
    question = make_question()
    keep(desk)
    recorded = desk.answer(question)
    clock.advance(days=1)
    led = desk.day().led
    assert led is not None
    seen = led.agenda.chosen[question.id].is_new
    desk.undo(question, recorded.number)
    led = desk.day().led
    assert led is not None

    assert (seen, led.agenda.chosen[question.id].is_new) == (False, True)


def test_an_answer_of_yesterday_that_arrives_late_makes_the_order_anew(
    desk: Desk, clock: Clock, make_question: MakeQuestion
) -> None:
    late, other = make_question(), make_question()
    keep(desk)
    desk.answer(other)
    clock.advance(days=1)
    led = desk.day().led
    assert led is not None
    seen = led.agenda.chosen[late.id].is_new
    clock.advance(days=-1)
    desk.answer(late)
    clock.advance(days=1)
    led = desk.day().led
    assert led is not None

    assert (seen, led.agenda.chosen[late.id].is_new) == (True, False)


def test_a_card_set_aside_is_not_asked(desk: Desk, make_question: MakeQuestion) -> None:
    question = make_question()
    keep(desk)
    with desk.db.writing() as session:
        cards.suspend(session, desk.person, question.id)

    assert led_by(desk) == []


def test_a_plan_taken_away_leaves_the_cards_to_sm2(desk: Desk, make_question: MakeQuestion) -> None:
    make_question()
    keep(desk)
    with desk.db.writing() as session:
        plans.remove(session, desk.person)

    assert (plan_of(desk), desk.day().queue.left) == (None, 0)


def test_without_a_plan_there_is_nothing_to_take_away_or_to_add_to(desk: Desk) -> None:
    with pytest.raises(NotFound), desk.db.writing() as session:
        plans.remove(session, desk.person)
    with pytest.raises(NotFound), desk.db.writing() as session:
        plans.add_minutes(session, desk.person, desk.clock())


def test_the_plan_of_another_learner_changes_nothing(
    desk: Desk, make_desk: MakeDesk, make_question: MakeQuestion
) -> None:
    make_question()
    keep(make_desk())

    assert (plan_of(desk), desk.day().led) == (None, None)


def test_a_learners_own_pace_counts_from_thirty_answers_on(
    make_desk: MakeDesk, clock: Clock, make_question: MakeQuestion
) -> None:
    desk = make_desk()
    for question in [make_question() for _ in range(30)]:
        desk.answer(question, RIGHT)  # four seconds each
    clock.advance(days=1)
    keep(desk)

    led = desk.day().led

    assert led is not None
    assert led.unit_s == 5.0
