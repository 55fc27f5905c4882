"""What a learner knows: topics, retention, the days ahead, the weeks behind."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from app.db import Database
from app.models import Card, Course, Question
from app.services import cards, progress
from app.services.identity import Person
from app.services.progress import Overview
from app.srs.sm2 import Grade
from app.stats import forecast
from tests.classroom import answer, undo
from tests.conftest import Clock
from tests.statements import counted

MakeQuestion = Callable[..., Question]
MakeUser = Callable[..., Person]
TODAY = date(2026, 11, 23)
DAYS = st.dates(TODAY - timedelta(days=200), TODAY + timedelta(days=200))


@pytest.fixture
def overview(db: Database, clock: Clock) -> Callable[[Person], Overview]:
    """Return a function that sums up a learner."""

    def summed(learner: Person) -> Overview:
        with db.reading() as session:
            return progress.overview(session, learner, clock())

    return summed


def set_interval(db: Database, learner: Person, question: Question, days: int, due: date) -> None:
    with db.writing() as session:
        mine = (Card.learner_id == learner.id, Card.question_id == question.id)
        session.execute(update(Card).where(*mine).values(interval_days=days, due=due))


def test_topics_come_in_the_course_s_order_with_their_cards(
    db: Database,
    clock: Clock,
    overview: Callable[[Person], Overview],
    make_user: MakeUser,
    make_question: MakeQuestion,
) -> None:
    learner, _ = make_user(), make_question(topic="volumes")
    seen, settled = make_question(topic="network"), make_question(topic="network")
    for question in (seen, settled):
        answer(db, learner, question, Grade.GOOD, clock())
    set_interval(db, learner, settled, 21, TODAY)

    found = overview(learner)

    assert [(one.title, one.total, one.seen, one.due, one.mature) for one in found.topics] == [
        ("Network", 2, 2, 1, 1),
        ("Volumes", 1, 0, 0, 0),
    ]


def test_a_card_set_aside_is_neither_due_nor_forecast(
    db: Database,
    clock: Clock,
    overview: Callable[[Person], Overview],
    make_user: MakeUser,
    make_question: MakeQuestion,
) -> None:
    learner, question = make_user(), make_question()
    answer(db, learner, question, Grade.GOOD, clock())
    set_interval(db, learner, question, 6, TODAY)
    with db.writing() as session:
        cards.suspend(session, learner, question.id)

    found = overview(learner)

    assert (found.topics[0].due, sum(count for _, count in found.forecast)) == (0, 0)


def test_a_card_put_off_is_forecast_for_the_day_it_returns(
    db: Database,
    clock: Clock,
    overview: Callable[[Person], Overview],
    make_user: MakeUser,
    make_question: MakeQuestion,
) -> None:
    learner, question = make_user(), make_question()
    answer(db, learner, question, Grade.GOOD, clock())
    set_interval(db, learner, question, 6, TODAY)
    with db.writing() as session:
        cards.bury(session, learner, question.id, clock())

    found = overview(learner)

    assert [count for _, count in found.forecast[:2]] == [0, 1]


def test_retention_counts_the_first_answer_of_the_day_to_due_cards(
    db: Database,
    clock: Clock,
    overview: Callable[[Person], Overview],
    make_user: MakeUser,
    make_question: MakeQuestion,
) -> None:
    learner, kept, lost = make_user(), make_question(), make_question(topic="volumes")
    answer(db, learner, kept, Grade.WRONG, clock())  # a first meeting tells nothing of what was kept
    answer(db, learner, lost, Grade.GOOD, clock())
    clock.advance(days=1)
    answer(db, learner, kept, Grade.GOOD, clock())
    answer(db, learner, lost, Grade.WRONG, clock())
    answer(db, learner, lost, Grade.GOOD, clock())

    found = overview(learner)

    assert (found.retention, [one.retention for one in found.topics]) == (0.5, [1.0, 0.0])


def test_an_answer_taken_back_counts_nowhere(
    db: Database,
    clock: Clock,
    overview: Callable[[Person], Overview],
    make_user: MakeUser,
    make_question: MakeQuestion,
) -> None:
    learner, question = make_user(), make_question()
    answer(db, learner, question, Grade.GOOD, clock())
    undo(db, learner, question, 1, clock())

    found = overview(learner)

    assert (found.retention, found.answers, found.active_days, found.reach.seen) == (None, 0, 0, 0)


def test_time_spent_cuts_long_pauses_off(
    db: Database,
    clock: Clock,
    overview: Callable[[Person], Overview],
    make_user: MakeUser,
    make_question: MakeQuestion,
) -> None:
    learner = make_user()
    answer(db, learner, make_question(), Grade.GOOD, clock(), took_ms=3_000_000)
    answer(db, learner, make_question(), Grade.GOOD, clock(), took_ms=30_000)

    found = overview(learner)

    assert (found.seconds, found.answers, found.active_days) == (150.0, 2, 1)


def test_the_strip_forgets_what_is_older_than_twelve_weeks(
    db: Database,
    clock: Clock,
    overview: Callable[[Person], Overview],
    make_user: MakeUser,
    make_question: MakeQuestion,
) -> None:
    learner = make_user()
    answer(db, learner, make_question(), Grade.GOOD, clock())
    clock.advance(weeks=12)

    found = overview(learner)

    assert (found.answers, len(found.weeks), found.strip[-1].day) == (0, 12, found.today)


def test_a_topic_s_title_is_in_the_learner_s_language(
    db: Database, overview: Callable[[Person], Overview], make_user: MakeUser, make_question: MakeQuestion
) -> None:
    make_question()

    assert overview(make_user(locale="en")).topics[0].title == "Network"


def test_another_learner_s_answers_and_another_course_s_questions_do_not_count(
    db: Database,
    clock: Clock,
    overview: Callable[[Person], Overview],
    make_user: MakeUser,
    make_question: MakeQuestion,
    make_course: Callable[..., Course],
) -> None:
    alice, chloe, shared = make_user(), make_user(), make_question()
    make_question(of=make_course("git"))
    answer(db, alice, shared, Grade.GOOD, clock())

    found = overview(chloe)

    assert (found.reach.total, found.reach.seen, found.answers) == (1, 0, 0)


def test_the_overview_takes_three_statements_however_much_there_is(
    db: Database,
    clock: Clock,
    overview: Callable[[Person], Overview],
    make_user: MakeUser,
    make_question: MakeQuestion,
) -> None:
    learner = make_user()
    for _ in range(12):
        answer(db, learner, make_question(), Grade.GOOD, clock())

    with counted(db) as statements:
        overview(learner)

    assert len(statements) == 3


@given(st.lists(DAYS), st.integers(1, 30))
def test_a_forecast_counts_each_card_of_its_span_once_and_the_overdue_today(due: list[date], days: int) -> None:
    found = forecast.forecast(due, TODAY, days)

    end = TODAY + timedelta(days=days)
    assert sum(count for _, count in found) == sum(1 for day in due if day < end)
    assert [day for day, _ in found] == [TODAY + timedelta(days=ahead) for ahead in range(days)]


@given(st.dictionaries(DAYS, st.integers(1, 500)), st.integers(1, 12))
def test_a_strip_begins_on_a_monday_and_shows_every_active_day(activity: dict[date, int], weeks: int) -> None:
    found = forecast.strip([(day, count, 0) for day, count in activity.items()], TODAY, weeks)

    assert (found[0].day.weekday(), found[-1].day, len(found)) == (0, TODAY, 7 * (weeks - 1) + TODAY.weekday() + 1)
    assert all((one.step > 0) == (one.answers > 0) and one.step <= forecast.HEAT_STEPS for one in found)
    assert all(one.answers == activity.get(one.day, 0) for one in found)
