"""The figures behind the charts of what a learner knows."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import update

from app.db import Database
from app.models import Card, Question
from app.services import cards, classes, foresight, kept, planning, plans, progress, progress_page
from app.services.identity import Person
from app.services.progress_page import Progress
from app.srs.answering import Kind
from app.srs.sm2 import Grade
from app.stats.shares import Share
from app.stats.states import State
from tests.classroom import answer, undo
from tests.conftest import Clock
from tests.desk import DONT_KNOW, RIGHT, Desk
from tests.hall import Hall
from tests.web.test_statements import heard

MakeQuestion = Callable[..., Question]
MakeUser = Callable[..., Person]
Look = Callable[[Person], Progress]


@pytest.fixture
def look(db: Database, clock: Clock) -> Look:
    """Return a function that gives the figures of a learner."""

    def look_at(learner: Person) -> Progress:
        with db.reading() as session:
            return progress_page.progress_of(session, learner, clock())

    return look_at


def test_answers_of_today_and_before_are_counted_by_day_with_their_time(
    db: Database, clock: Clock, look: Look, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, question = make_user(), make_question()
    answer(db, learner, question, Grade.GOOD, clock(), took_ms=3_000_000)
    clock.advance(days=1)
    answer(db, learner, question, Grade.GOOD, clock(), took_ms=30_000)

    found = look(learner)

    assert [(day.answers, day.took_ms) for day in found.year[-2:]] == [(1, 120_000), (1, 30_000)]
    assert (found.active_days, found.answers, found.seconds, len(found.weeks)) == (2, 2, 150, 53)


def test_what_stays_is_the_first_answer_of_the_day_to_a_due_card(
    db: Database, clock: Clock, look: Look, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, kept, lost = make_user(), make_question(), make_question(topic="volumes")
    for question in (kept, lost):
        answer(db, learner, question, Grade.WRONG, clock())
    clock.advance(days=1)
    answer(db, learner, kept, Grade.GOOD, clock())
    answer(db, learner, lost, Grade.WRONG, clock())
    answer(db, learner, lost, Grade.GOOD, clock())
    answer(db, learner, kept, Grade.WRONG, clock(), kind=Kind.PRACTICE)

    today = look(learner)
    clock.advance(days=1)
    tomorrow = look(learner)

    for found in (today, tomorrow):
        assert found.known == found.months[-1][1] == Share(1, 2)
        assert [share for _, share in found.by_topic] == [Share(1, 1), Share(0, 1)]


def test_it_agrees_with_the_home_page(
    db: Database, clock: Clock, look: Look, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, questions = make_user(), [make_question() for _ in range(4)]
    for day in range(12):
        for place, question in enumerate(questions):
            if (day + place) % 3:
                answer(db, learner, question, Grade.WRONG if (day * place) % 5 == 1 else Grade.GOOD, clock())
        clock.advance(days=1)

    found = look(learner)

    with db.reading() as session:
        overview = progress.overview(session, learner, clock())
    assert (found.known.value, found.topics) == (overview.retention, overview.topics)
    assert (found.forecast, found.answers) == (overview.forecast, overview.answers)


def test_an_answer_taken_back_counts_nowhere_on_the_day_and_later(
    db: Database, clock: Clock, look: Look, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, question = make_user(), make_question()
    answer(db, learner, question, Grade.GOOD, clock())
    clock.advance(days=1)
    answer(db, learner, question, Grade.WRONG, clock())
    assert look(learner).known == Share(0, 1)

    undo(db, learner, question, 2, clock())
    assert (look(learner).known, look(learner).answers) == (Share(), 1)
    undo(db, learner, question, 1, clock())

    assert (look(learner).answers, look(learner).points, sum(look(learner).hours)) == (0, (), 0)


def test_an_answer_that_an_exam_pushed_is_no_revision(
    db: Database, clock: Clock, look: Look, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, question = make_user(), make_question()
    answer(db, learner, question, Grade.GOOD, clock())
    clock.advance(days=1)
    answer(db, learner, question, Grade.WRONG, clock(), pushed=True)

    today = look(learner)
    clock.advance(days=1)

    for found in (today, look(learner)):
        assert (found.known, found.answers, sum(found.hours)) == (Share(), 1, 1)


def test_an_answer_that_arrives_late_is_counted(
    db: Database, clock: Clock, look: Look, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, first, second = make_user(), make_question(), make_question()
    answer(db, learner, first, Grade.GOOD, clock())
    yesterday = clock()
    clock.advance(days=1)
    assert look(learner).answers == 1

    answer(db, learner, second, Grade.GOOD, yesterday)

    assert (look(learner).answers, look(learner).points[-1].seen) == (2, 1)


def test_the_hours_are_those_of_the_learners_clock(
    db: Database, clock: Clock, look: Look, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner = make_user(zone="Asia/Kolkata")  # half an hour beside the others: 09:00 UTC is 14:30
    answer(db, learner, make_question(), Grade.GOOD, clock())
    clock.advance(days=1, minutes=40)
    answer(db, learner, make_question(), Grade.GOOD, clock())

    hours = look(learner).hours

    assert {hour: count for hour, count in enumerate(hours) if count} == {14: 1, 15: 1}


def test_cards_are_counted_by_state_and_ease(
    db: Database, clock: Clock, look: Look, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, aside = make_user(), make_question()
    make_question()
    answer(db, learner, make_question(), Grade.GOOD, clock())
    with db.writing() as session:
        cards.suspend(session, learner, aside.id)

    found = look(learner)

    assert dict(found.states) == {
        State.NEW: 1,
        State.LEARNING: 1,
        State.YOUNG: 0,
        State.SETTLED: 0,
        State.ASIDE: 1,
    }
    assert sum(bar.count for bar in found.eases) == 1


def test_a_leech_is_named_with_its_section(
    db: Database, clock: Clock, look: Look, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, question = make_user(locale="en"), make_question()
    answer(db, learner, question, Grade.GOOD, clock())
    with db.writing() as session:
        session.execute(update(Card).values(lapses=8))

    (leech,) = look(learner).leeches

    assert (leech.question_id, leech.lapses, leech.section.titles) == (question.id, 8, ("Réseau",))
    assert leech.text == "Which network isolates everything?"


def test_of_a_question_in_an_exam_nothing_is_told(
    db: Database,
    clock: Clock,
    look: Look,
    make_user: MakeUser,
    make_hall: Callable[..., Hall],
    make_question: MakeQuestion,
) -> None:
    learner, question = make_user(), make_question()
    answer(db, learner, question, Grade.GOOD, clock())
    clock.advance(days=1)
    answer(db, learner, question, Grade.WRONG, clock())
    with db.writing() as session:
        session.execute(update(Card).values(lapses=8))
    hall = make_hall(questions=(question.id,))
    with db.writing() as session:
        classes.join(session, learner, hall.taught.join_code or "", "Alice", clock())

    found = look(learner)

    assert (found.known, found.leeches, found.leech_count, found.points) == (Share(), (), 0, ())
    assert (dict(found.states)[State.EXAM], sum(bar.count for bar in found.eases)) == (1, 0)


def test_a_plan_says_the_work_of_each_day_until_the_exam(
    db: Database, clock: Clock, look: Look, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner = make_user()
    for _ in range(12):
        make_question()
    today = learner.today(clock())
    assert look(learner).work is None
    with db.writing() as session:
        off = frozenset({today + timedelta(days=1)})
        plans.keep(session, learner, plans.Wanted(today + timedelta(days=10), 10, days_off=off), clock())

    work = look(learner).work

    assert work is not None
    assert [day.day for day in work.days] == [today + timedelta(days=ahead) for ahead in range(10)]
    assert (work.days[1].minutes, work.days[0].minutes > 0, work.cards >= 12) == (0, True, True)


def test_the_work_of_today_is_the_list_of_the_day(
    db: Database, clock: Clock, look: Look, make_desk: Callable[..., Desk], make_question: MakeQuestion
) -> None:
    desk, questions = make_desk(), [make_question() for _ in range(30)]
    with db.writing() as session:
        plans.keep(session, desk.person, plans.Wanted(desk.today + timedelta(days=9), 6), clock())
    for _ in range(3):
        while (following := desk.day().queue.next) is not None:
            desk.answer(Question(id=following), RIGHT if following in {one.id for one in questions[::2]} else DONT_KNOW)
            if following not in {one.id for one in questions[::2]}:
                desk.answer(Question(id=following), RIGHT)
        clock.advance(days=1)

    work, day = look(desk.person).work, desk.day()

    assert work is not None
    assert day.led is not None
    assert work.days[0].cards == day.queue.left
    assert work.days[0].minutes * 60 == pytest.approx(day.seconds_left)


def test_a_day_on_which_the_plan_asks_nothing_is_no_day_off(
    db: Database, clock: Clock, look: Look, make_desk: Callable[..., Desk], make_question: MakeQuestion
) -> None:
    desk, question = make_desk(), make_question()
    with db.writing() as session:
        plans.keep(session, desk.person, plans.Wanted(desk.today + timedelta(days=60), 60), clock())
    desk.answer(question, RIGHT)
    clock.advance(days=1)

    work = look(desk.person).work

    assert work is not None
    assert (min(day.minutes for day in work.days), work.off) == (0, frozenset())


def test_another_learner_and_another_course_do_not_count(
    db: Database, clock: Clock, look: Look, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    alice, chloe, question = make_user(), make_user(), make_question()
    answer(db, alice, question, Grade.GOOD, clock())
    clock.advance(days=1)

    found = look(chloe)

    assert (found.answers, found.points, found.reach.seen, sum(found.hours)) == (0, (), 0, 0)


def test_what_is_kept_of_a_week_says_what_the_log_says(
    db: Database, clock: Clock, look: Look, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, luck = make_user(), Random(1)
    questions = [make_question(topic=topic) for topic in ("network", "volumes") for _ in range(4)]
    numbers: list[tuple[Question, int]] = []
    clock.advance(days=3)
    for _ in range(17):  # over two Mondays
        for question in luck.sample(questions, 3):
            numbers.append((question, answer(db, learner, question, luck.choice([*Grade]), clock(), took_ms=9_000)))
        answer(db, learner, luck.choice(questions), Grade.GOOD, clock() - timedelta(days=luck.randint(0, 4)))  # late
        if luck.random() < 0.3:
            undo(db, learner, *numbers.pop(luck.randrange(len(numbers))), clock())
        clock.advance(days=1)
        warm, also = look(learner), _histories(db, learner, clock)
        kept.forget()

        assert look(learner) == warm
        assert _histories(db, learner, clock) == also


def _histories(db: Database, learner: Person, clock: Clock) -> list[tuple[int, list[tuple[date, int]]]]:
    """What a plan reads of the learner, which is what the whole log says."""
    with db.reading() as session:
        known = foresight.known(session, learner, clock())
        whole = planning.before(session, learner.id, 1, learner.today(clock())).histories
    found = [(card.id, list(card.history)) for card in known.cards]
    assert found == [(id_, list(whole.get(id_, ()))) for id_, _ in found]
    return found


def test_the_log_is_added_up_once_a_week(
    db: Database, clock: Clock, look: Look, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, question = make_user(), make_question()
    answer(db, learner, question, Grade.GOOD, clock())
    clock.advance(days=1)
    with heard(db) as first:
        look(learner)
    answer(db, learner, question, Grade.GOOD, clock())
    clock.advance(days=1)

    with heard(db) as again:
        found = look(learner)
    clock.advance(days=7)
    with heard(db) as next_week:
        look(learner)

    assert (len(first), len(again), len(next_week), found.answers) == (4, 3, 4, 2)
