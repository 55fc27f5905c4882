"""Whatever a learner does, in whatever order: the log replays to the card, and the counts stay true."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from app.bank.schema import content_hash, from_document, to_document
from app.db import Database
from app.errors import Conflict, Invalid
from app.models import Card, Course, Objective, Question, QuestionVersion, ReviewLog, Topic, User
from app.services import cards
from app.services.identity import person_of
from app.services.reviewing import Recorded, Submission
from app.srs.sm2 import Grade
from tests.conftest import SINGLE, Clock
from tests.desk import DONT_KNOW, FLASHCARD, NONE, RIGHT, WRONG, Desk

ZONES = ("Europe/Paris", "America/Los_Angeles", "Pacific/Auckland", "UTC")
RESPONSES = {
    "single": {"right": RIGHT, "wrong": WRONG, "unknown": DONT_KNOW},
    "short_answer": {"right": {"text": "none"}, "wrong": {"text": "bridge"}, "unknown": DONT_KNOW},
}
WHICH = st.integers(min_value=0, max_value=5)
HOW = st.sampled_from(("right", "wrong", "unknown"))


def stock(database: Database, clock: Clock) -> None:
    """A course of six questions, and one learner."""
    with database.writing() as session:
        names = {"title_fr": "Docker", "title_en": "Docker"}
        session.add(course := Course(slug="docker", document={}, **names))
        session.flush()
        session.add(topic := Topic(course_id=course.id, slug="network", position=0, core=True, **names))
        session.flush()
        texts = {"text_fr": "Un fait.", "text_en": "A fact.", "section": "Réseau", "complement": False}
        for position, words in enumerate((SINGLE, SINGLE, SINGLE, NONE, NONE, FLASHCARD)):
            slug = f"question-{position}"
            place = {"course_id": course.id, "topic_id": topic.id, "slug": slug}
            session.add(objective := Objective(weight=2, **place, **texts))
            session.flush()
            body = from_document({"id": slug, "objectives": [f"network.{slug}"], **words})
            kind = {"type": body.type, "level": body.level, "position": position, "reserved": False}
            session.add(question := Question(objective_id=objective.id, **place, **kind))
            session.flush()
            stored = {"content_hash": content_hash(body), "body": to_document(body), "created_at": clock()}
            session.add(QuestionVersion(question_id=question.id, number=1, **stored))
        session.add(User(role="learner", course_id=course.id, created_at=clock(), seen_at=clock(), new_per_day=4))


class Learner(RuleBasedStateMachine):
    """One learner at the real services, for weeks, with a second tab left open."""

    template: ClassVar[Path]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.template, self.folder / "rappel.db")
        self.db = Database(f"sqlite:///{self.folder / 'rappel.db'}")
        self.clock = Clock()
        with self.db.reading() as session:
            person = person_of(session.scalars(select(User)).one())
            self.questions = session.scalars(select(Question).order_by(Question.position)).all()
        self.desk = Desk(self.db, self.clock, person)
        self.sent: list[tuple[Submission, Grade | None, Recorded]] = []
        self.tab: Submission | None = None
        self.versions: dict[int, int] = {}
        self.logged: list[tuple[object, ...]] = []

    def teardown(self) -> None:
        self.db.dispose()
        shutil.rmtree(self.folder)

    def _form(self, question: Question, how: str, practice: bool = False) -> Submission:
        response = RESPONSES.get(question.type, {}).get(how)
        return self.desk.submission(self.desk.show(question), response, practice)

    def _post(self, given: Submission, how: str) -> None:
        grade = {"right": Grade.GOOD, "wrong": Grade.WRONG, "unknown": Grade.HARD}[how]
        if self.questions[given.question_id - 1].type == "flashcard":
            self.sent.append((given, grade, self.desk.grade(given, grade)))
            return
        recorded = self.desk.send(given)
        assert isinstance(recorded, Recorded)
        self.sent.append((given, None, recorded))

    @rule(which=WHICH, how=HOW, practice=st.booleans())
    def answer_any(self, which: int, how: str, practice: bool) -> None:
        """A drill, an early answer or a due one; or practice."""
        self._post(self._form(self.questions[which], how, practice), how)

    @rule(hows=st.lists(HOW, min_size=1, max_size=4))
    def answer_what_is_asked(self, hows: list[str]) -> None:
        for how in hows:
            if asked := self.desk.day().queue.next:
                self._post(self._form(self.questions[asked - 1], how), how)
                self.clock.advance(seconds=20)

    @rule(which=WHICH, how=HOW)
    def leave_a_tab_open(self, which: int, how: str) -> None:
        self.tab = self._form(self.questions[which], how)

    @precondition(lambda self: self.tab is not None)
    @rule(how=HOW)
    def answer_in_the_other_tab(self, how: str) -> None:
        given, self.tab = self.tab, None
        assert given is not None
        fresh = self.desk.show(self.questions[given.question_id - 1]).version == given.version
        if fresh:
            self._post(given, how)
            return
        with pytest.raises(Conflict):
            self._post(given, how)

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        given, grade, recorded = data.draw(st.sampled_from(self.sent))
        if grade is None:
            assert self.desk.send(given) == recorded

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), grade=st.sampled_from(Grade))
    def grade_anew(self, data: st.DataObject, grade: Grade) -> None:
        given, _, _ = data.draw(st.sampled_from(self.sent))
        self._try(lambda: self.desk.regrade(given.answer_id, grade))

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def call_it_right(self, data: st.DataObject) -> None:
        given, _, _ = data.draw(st.sampled_from(self.sent))
        self._try(lambda: self.desk.override(given.answer_id))

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), times=st.integers(1, 2))
    def take_back(self, data: st.DataObject, times: int) -> None:
        given, _, recorded = data.draw(st.sampled_from(self.sent))
        for _ in range(times):
            self.desk.undo(self.questions[given.question_id - 1], recorded.number)

    @rule(which=WHICH, what=st.sampled_from(("suspend", "resume", "bury", "unbury")))
    def set_aside(self, which: int, what: str) -> None:
        question = self.questions[which].id
        with self.db.writing() as session:
            if what == "bury":
                cards.bury(session, self.desk.person, question, self.clock())
            else:
                getattr(cards, what)(session, self.desk.person, question)

    @rule(span=st.sampled_from((timedelta(minutes=7), timedelta(hours=9), timedelta(days=1), timedelta(days=6))))
    def wait(self, span: timedelta) -> None:
        self.clock.at += span

    @rule()
    def wait_past_four(self) -> None:
        """To half past three, then to half past four in Paris."""
        self.clock.at = self.clock.at.replace(hour=2, minute=30) + timedelta(days=1)
        before = self.desk.today
        self.clock.advance(hours=1)
        if self.desk.person.zone == "Europe/Paris":
            assert self.desk.today == before + timedelta(days=1)

    @rule(zone=st.sampled_from(ZONES))
    def travel(self, zone: str) -> None:
        self.desk.move_to(zone=zone)

    def _try(self, call: Callable[[], Recorded]) -> None:
        """What is refused changes nothing; the invariants say so."""
        with suppress(Conflict, Invalid):
            call()

    @invariant()
    def every_card_is_the_replay_of_its_log(self) -> None:
        assert self.desk.problems() == []

    @invariant()
    def versions_and_the_log_only_grow(self) -> None:
        with self.db.reading() as session:
            versions = {card.id: card.version for card in session.scalars(select(Card))}
            rows = [_frozen(row) for row in session.scalars(select(ReviewLog).order_by(ReviewLog.id))]
        assert all(versions[card] >= version for card, version in self.versions.items())
        assert rows[: len(self.logged)] == self.logged
        self.versions, self.logged = versions, rows

    @invariant()
    def the_counts_are_those_of_the_queue(self) -> None:
        day = self.desk.day()
        queue = day.queue
        assert min(queue.due, queue.drills, queue.new, day.done) >= 0
        assert (queue.left, day.total) == (len(queue.upcoming), day.done + queue.left)
        assert len(set(queue.upcoming)) == len(queue.upcoming)
        assert queue.new <= self.desk.person.new_per_day


def _frozen(row: ReviewLog) -> tuple[object, ...]:
    return tuple(getattr(row, column.key) for column in ReviewLog.__table__.columns)


@pytest.fixture
def stocked(sqlite_template: Path, tmp_path: Path) -> Iterator[Path]:
    """A database with the course and the learner, to be copied for each run."""
    path = tmp_path / "stocked.db"
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    stock(database, Clock())
    with database.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
    database.dispose()
    yield path


def test_any_sequence_of_acts_keeps_the_log_and_the_cards_true(stocked: Path) -> None:
    Learner.template = stocked

    run_state_machine_as_test(
        Learner,
        settings=settings(
            max_examples=10,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
