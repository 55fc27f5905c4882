"""What is stored of the weeks that are over says what the log says, whatever happens to the log, and nothing else."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, func, insert, select, update

from app.db import Database
from app.errors import Invalid
from app.models import Card, Question, ReviewLog, StudySum, Topic, User
from app.services import (
    accounts,
    cards,
    foresight,
    hiding,
    kept,
    past_store,
    personal_data,
    plans,
    progress_page,
)
from app.services.accounts import NewAccount
from app.services.identity import Person
from app.services.past_store import LONG
from app.services.planning import monday_of
from app.services.progress_page import Progress
from app.srs import outlook
from app.srs.answering import Kind
from app.srs.memory import Learnt
from app.srs.plan import choices
from app.srs.sm2 import Grade
from app.stats import readiness, retention
from app.stats.past import TELLING
from app.stats.retention import Tally
from tests.classroom import answer, enrol, undo
from tests.conftest import Clock
from tests.hall import Hall
from tests.statements import counted

MakeQuestion = Callable[..., Question]
MakeUser = Callable[..., Person]
STEPS = 60
ZONES = ("America/New_York", "Europe/Paris", "Asia/Kolkata", "Pacific/Auckland", "Pacific/Pago_Pago")
EXAM_IN = timedelta(days=200)


class Study:
    """A learner, what happens to their log, and what is found of it."""

    def __init__(self, db: Database, clock: Clock, learner: Person) -> None:
        self.db, self.clock, self.learner = db, clock, learner
        self.given: list[tuple[Question, int]] = []

    def answer(self, question: Question, grade: Grade, ago: timedelta = timedelta(), **more: Any) -> None:
        """One more answer, `ago` if it arrives late."""
        number = answer(self.db, self.learner, question, grade, self.clock() - ago, **more)
        self.given.append((question, number))

    def undo(self, place: int) -> None:
        """Take an answer back."""
        undo(self.db, self.learner, *self.given.pop(place), self.clock())

    def store(self) -> bool:
        """Store what there is to store, as an answer does; whether there was something."""
        if not past_store.due(self.learner, LONG, self.clock()):
            return False
        with self.db.reading() as session:
            row = past_store.to_store(session, self.learner, self.clock())
        if row is not None:
            with self.db.writing() as session:
                past_store.store(session, row)
            past_store.is_stored(row)
        return row is not None

    def look(self) -> tuple[Progress, Sequence[Any]]:
        """The page of the progress, and the day's order of the plan."""
        with self.db.reading() as session:
            page = progress_page.progress_of(session, self.learner, self.clock())
            known = foresight.known(session, self.learner, self.clock())
        today = self.learner.today(self.clock())
        whole = [Learnt(card.id, list(card.history)) for card in known.cards]
        assert choices(today, today + EXAM_IN, known.cards, today) == choices(today, today + EXAM_IN, whole, today)
        who, same = known.who, outlook.learner(whole)
        assert (who.known, who.strengths, who.speed) == (same.known, same.strengths, same.speed)
        return page, whole

    def look_without(self) -> tuple[Progress, Sequence[Any]]:
        """The same with nothing stored and nothing in memory."""
        kept.forget()
        with self.db.writing() as session:
            there = [dict(row) for row in session.execute(select(*StudySum.__table__.columns)).mappings()]
            session.execute(delete(StudySum))
        found = self.look()
        with self.db.writing() as session:
            if there:
                session.execute(insert(StudySum), there)
        return found

    def rows(self) -> int:
        """How many rows are stored."""
        with self.db.reading() as session:
            return session.scalar(select(func.count()).select_from(StudySum)) or 0


@pytest.fixture
def study(db: Database, clock: Clock, make_user: MakeUser) -> Study:
    return Study(db, clock, make_user(zone="America/New_York"))


def filled(study: Study, make_question: MakeQuestion, weeks: int = 3) -> list[Question]:
    """Some questions, answered over some weeks that are over."""
    questions = [make_question(topic=topic) for topic in ("network", "volumes") for _ in range(3)]
    luck = Random(7)
    for _day in range(7 * weeks):
        for question in luck.sample(questions, 2):
            study.answer(question, luck.choice([*Grade]), took_ms=8_000)
        study.clock.advance(days=1)
    return questions


@pytest.mark.timeout(120)
@pytest.mark.parametrize("seed", range(2))
def test_what_is_stored_says_what_the_log_says(
    db: Database,
    study: Study,
    make_question: MakeQuestion,
    make_hall: Callable[..., Hall],
    seed: int,
) -> None:
    luck, questions = Random(seed), filled(study, make_question, weeks=1)
    with db.writing() as session:
        wanted = plans.Wanted(study.learner.today(study.clock()) + EXAM_IN, 20)
        plans.keep(session, study.learner, wanted, study.clock())
    happenings = list(_happenings(study, questions, luck, make_question, make_hall))
    stored = 0

    for _ in range(STEPS):
        study.answer(luck.choice(questions), luck.choice([*Grade]), took_ms=luck.randint(0, 200_000))
        luck.choice(happenings)()
        if luck.random() < 0.4:
            stored += study.store()
        if luck.random() < 0.4:
            warm = study.look()
            if luck.random() < 0.5:
                kept.forget()
                assert study.look() == warm
            assert study.look_without() == warm
            _agrees(study, warm[0])

    assert stored > 2


def _happenings(
    study: Study,
    questions: list[Question],
    luck: Random,
    make_question: MakeQuestion,
    make_hall: Callable[..., Hall],
) -> Iterator[Callable[[], None]]:
    """All that may happen to a log, days that pass most often."""
    db, clock = study.db, study.clock

    def change(**values: Any) -> None:
        with db.writing() as session:
            session.execute(update(Question).where(Question.id == luck.choice(questions).id).values(**values))
        clock.advance(days=1)  # a plan looks at the questions in the morning

    def topic() -> None:
        with db.reading() as session:
            ids = session.scalars(select(Topic.id).order_by(Topic.id)).all()
        change(topic_id=luck.choice(ids))

    def suspend() -> None:
        with db.writing() as session:
            cards.suspend(session, study.learner, luck.choice(questions).id)

    def examine() -> None:
        with suppress(Invalid):  # of a question that is retired meanwhile
            hall = make_hall(questions=tuple(one.id for one in luck.sample(questions, 2)))
            enrol(db, hall.taught, study.learner, "Alice", clock())

    def late(**more: Any) -> None:
        ago = timedelta(days=luck.randint(1, 12), hours=luck.randint(0, 20))
        study.answer(luck.choice(questions), luck.choice([*Grade]), ago, **more)

    def drill() -> None:
        question = luck.choice(questions)
        for grade in (Grade.WRONG, Grade.WRONG, Grade.GOOD):
            study.answer(question, grade)

    def move() -> None:
        zone = luck.choice(ZONES)
        with db.writing() as session:
            session.execute(update(User).where(User.id == study.learner.id).values(zone=zone))
        study.learner = replace(study.learner, zone=zone)

    yield from [lambda: clock.advance(days=1, hours=luck.randint(-2, 2))] * 6
    yield from [lambda: clock.advance(days=luck.randint(3, 9)), kept.forget, drill, late]
    yield lambda: study.undo(len(study.given) - 1)
    yield lambda: study.undo(luck.randrange(len(study.given)))
    yield lambda: late(pushed=True, kind=luck.choice((Kind.REVIEW, Kind.PRACTICE)))
    yield lambda: questions.append(make_question())
    yield lambda: change(retired=luck.random() < 0.5)
    yield from (topic, suspend, examine, move)


def _agrees(study: Study, page: Progress) -> None:
    """The page says what the rows of the log say, added up in the plainest way."""
    learner, today = study.learner, study.learner.today(study.clock())
    with study.db.reading() as session:
        found = session.execute(
            select(ReviewLog, Card, Question)
            .join(Card, Card.id == ReviewLog.card_id)
            .join(Question, Question.id == Card.question_id)
            .where(ReviewLog.learner_id == learner.id)
            .order_by(ReviewLog.card_id, ReviewLog.study_day, ReviewLog.number)
        ).all()
        hidden = hiding.hidden_questions(session, learner, study.clock())
        asked = set(session.scalars(select(Question.id).where(Question.retired.is_(False)))) - hidden
    undone = {(log.card_id, log.undoes) for log, _, _ in found}
    there = [one for one in found if one[0].answer_id and (one[0].card_id, one[0].number) not in undone]
    there = [one for one in there if one[0].study_day <= today]
    mine = [log for log, _, _ in there if not log.pushed]
    assert {day.day: day.answers for day in page.year if day.answers} == Counter(log.study_day for log in mine)
    assert page.seconds == sum(min(log.took_ms, 120_000) for log in mine) / 1000
    hours = Counter(log.answered_at.astimezone(ZoneInfo(learner.zone)).hour for log in mine)
    assert list(page.hours) == [hours[hour] for hour in range(24)]
    tallies = [
        Tally(log.study_day, 1, log.grade >= Grade.HARD)
        for log, card, question in there
        if log.kind == Kind.REVIEW and not log.pushed and question.id not in hidden
        if card.introduced_day and log.study_day > card.introduced_day
    ]
    recent = [one for one in tallies if retention.within(one.day, today, retention.WINDOW_DAYS)]
    assert page.known == retention.all_in_all(recent)
    assert page.months == retention.by_month(tallies, today, len(page.months))
    assert sum((share.of for _, share in page.by_topic), 0) <= len(tallies)
    _is_ready(page, [(log, question.id) for log, _, question in there if question.id in asked], len(asked))


def _is_ready(page: Progress, there: Sequence[tuple[ReviewLog, int]], cards: int) -> None:
    """Each point says what the answers until then say."""
    for point in page.points:
        histories: dict[int, list[tuple[date, int]]] = {}
        for log, question in there:
            history = histories.setdefault(question, [])
            told = log.kind in TELLING and log.study_day <= point.day and log.grade is not None
            if told and (not history or history[-1][0] < log.study_day):
                history.append((log.study_day, log.grade or 0))
        (then,) = readiness.weekly(histories, point.day, 1).points(cards) or (readiness.Point(point.day, 0, 0),)
        assert (then.seen, then.recalled) == pytest.approx((point.seen, point.recalled))


def test_a_look_after_a_restart_reads_no_answer_of_before(
    study: Study, make_question: MakeQuestion, db: Database
) -> None:
    filled(study, make_question)
    study.look()
    assert study.store()
    kept.forget()

    with counted(db) as statements, db.reading() as session:
        progress_page.progress_of(session, study.learner, study.clock())

    assert len(statements) == 4  # cards, this week's answers, what is stored, the plan
    assert not [one for one in statements if "review_log.study_day < " in one]


def test_a_new_week_goes_on_from_the_weeks_before(study: Study, make_question: MakeQuestion, db: Database) -> None:
    questions = filled(study, make_question)
    study.look()
    study.store()
    for _ in range(9):
        study.answer(questions[0], Grade.GOOD)
        study.clock.advance(days=1)
    kept.forget()

    with counted(db) as statements:
        assert study.store()

    since = [one for one in statements if "review_log.study_day < " in one]
    assert since and all("review_log.study_day >= " in one for one in since)
    assert study.look() == study.look_without()


def test_it_is_stored_once_a_week(study: Study, make_question: MakeQuestion) -> None:
    questions = filled(study, make_question)
    study.look()
    stored = []

    for _ in range(28):
        study.answer(questions[0], Grade.GOOD)
        stored.append((monday_of(study.learner.today(study.clock())), study.store() + study.store()))
        study.clock.advance(days=1)

    weeks: Mapping[date, list[int]] = {monday: [n for one, n in stored if one == monday] for monday, _ in stored}
    assert [sum(found) for found in weeks.values()] == [1] * len(weeks)
    assert study.rows() == 1


def test_a_whole_log_is_never_added_up_for_an_answer(study: Study, make_question: MakeQuestion, db: Database) -> None:
    filled(study, make_question)

    with counted(db) as statements:
        assert not study.store()

    assert not [one for one in statements if "review_log.study_day < " in one]
    study.look()
    assert study.store()


def test_what_a_taken_back_answer_made_void_is_stored_again(study: Study, make_question: MakeQuestion) -> None:
    filled(study, make_question)
    study.look()
    study.store()

    study.undo(3)
    found = study.look()

    assert study.store()
    kept.forget()
    assert study.look() == found == study.look_without()


def test_what_is_damaged_is_made_of_the_log_again(study: Study, make_question: MakeQuestion, db: Database) -> None:
    filled(study, make_question)
    found = study.look()
    study.store()
    with db.writing() as session:
        session.execute(update(StudySum).values(content=func.substr(StudySum.content, 1, 40)))
    kept.forget()

    assert study.look() == found
    assert study.store()


def test_a_short_log_is_not_worth_it(study: Study) -> None:
    assert not past_store.due(study.learner, LONG - 1, study.clock())
    assert past_store.due(study.learner, LONG, study.clock())


def test_what_a_plan_needed_is_stored_too(study: Study, make_question: MakeQuestion, db: Database) -> None:
    filled(study, make_question)
    with db.reading() as session:
        progress_page.progress_of(session, study.learner, study.clock())
    assert study.store()
    assert not study.store()

    study.look()

    assert study.store()
    assert not study.store()


def test_a_guest_who_takes_a_login_name_keeps_it(study: Study, make_question: MakeQuestion, db: Database) -> None:
    filled(study, make_question)
    study.look()
    study.store()

    with db.writing() as session:
        accounts.keep_guest(session, study.learner.id, NewAccount("alice", "hash", "fr"), study.clock())

    assert study.rows() == 1
    assert study.look() == study.look_without()


def test_it_goes_with_the_person(study: Study, make_question: MakeQuestion, db: Database) -> None:
    filled(study, make_question)
    study.look()
    study.store()

    with db.writing() as session:
        personal_data.erase(session, study.learner, None, study.clock())

    assert study.rows() == 0


def test_nothing_is_stored_of_somebody_who_is_gone(study: Study, make_question: MakeQuestion, db: Database) -> None:
    filled(study, make_question)
    study.look()
    with db.reading() as session:
        row = past_store.to_store(session, study.learner, study.clock())
    assert row is not None
    with db.writing() as session:
        personal_data.erase(session, study.learner, None, study.clock())

    with db.writing() as session:
        past_store.store(session, row)

    assert study.rows() == 0
