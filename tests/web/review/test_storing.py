"""What an answer stores for the pages that add up the log: once a week, and never a page itself."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.db import Database
from app.errors import Busy
from app.models import CardCopy, Course, MemberSum, Question, StudySum
from app.services import kept, member_sums, past_log, past_store
from app.services.identity import Person
from app.services.past_store import LONG
from app.srs.sm2 import Grade
from tests.classroom import answer, enrol, open_class
from tests.conftest import MONDAY_MORNING, Clock
from tests.desk import RIGHT
from tests.statements import counted
from tests.web.review.conftest import Form

Ask = Callable[..., Form]
MakeQuestion = Callable[..., Question]
Fill = Callable[[Form, Mapping[str, object]], Form]


@pytest.fixture
def member(
    db: Database, clock: Clock, make_user: Callable[..., Person], log_in: Callable[..., Person], course: Course
) -> Person:
    """Somebody logged in who belongs to a class."""
    taught = open_class(db, make_user(role="teacher"), clock())
    return enrol(db, taught, log_in(), "Ada", clock())


@pytest.fixture
def learner(
    db: Database, clock: Clock, log_in: Callable[..., Person], make_question: Callable[..., Question]
) -> Person:
    """Somebody who answered one question day after day."""
    learner, question = log_in(), make_question()
    for _ in range(LONG):
        answer(db, learner, question, Grade.WRONG, clock())
        clock.advance(days=1)
    return learner


def rows(db: Database) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(StudySum)) or 0


def marks(db: Database) -> Sequence[date]:
    """Up to which days something is stored for the classes of learners."""
    with db.reading() as session:
        return session.scalars(select(MemberSum.mark)).all()


def test_an_answer_stores_what_a_page_had_to_add_up(
    client: FlaskClient, db: Database, learner: Person, ask: Ask, fill: Fill
) -> None:
    client.get("/progress/")

    client.post("/review/answer", data=fill(ask(), RIGHT))

    assert rows(db) == 1


def test_no_page_stores_anything(client: FlaskClient, db: Database, learner: Person) -> None:
    with counted(db) as statements:
        for address in ("/progress/", "/", "/review/", "/plan/", "/progress/"):
            client.get(address)

    assert not [one for one in statements if one.startswith(("INSERT", "UPDATE"))]
    assert rows(db) == 0


def test_the_answers_after_it_take_five_statements(
    client: FlaskClient, db: Database, learner: Person, ask: Ask, fill: Fill
) -> None:
    client.get("/progress/")
    form = fill(ask(), RIGHT)
    client.post("/review/answer", data=form)
    practised = {**form, "answer_id": str(uuid4()), "version": str(LONG + 1)}

    with counted(db) as statements:
        client.post("/review/answer", data=practised)

    assert len(statements) == 5
    assert not [one for one in statements if "study_sum" in one]


def test_an_answer_stands_though_nothing_more_could_be_stored_and_the_next_one_tries_again(
    client: FlaskClient, db: Database, learner: Person, ask: Ask, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/progress/")

    def busy(*_: object) -> None:
        raise Busy

    form = fill(ask(), RIGHT)
    with monkeypatch.context() as patched:
        patched.setattr(past_store, "store", busy)
        reply = client.post("/review/answer", data=form)
    before = rows(db)
    client.post("/review/answer", data=form)

    assert (reply.status_code, before, rows(db)) == (303, 0, 1)


def test_after_a_restart_the_page_is_the_same(
    client: FlaskClient, db: Database, learner: Person, ask: Ask, fill: Fill
) -> None:
    client.get("/progress/")
    client.post("/review/answer", data=fill(ask(), RIGHT))
    before = client.get("/progress/").text

    kept.forget()

    assert client.get("/progress/").text == before


def test_an_answer_stands_though_its_sums_cannot_be_made(
    client: FlaskClient, db: Database, learner: Person, ask: Ask, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/progress/")
    monkeypatch.setattr("app.services.past_store.to_store", lambda *_: 1 / 0)

    answered = client.post("/review/answer", data=fill(ask(), RIGHT))

    assert (answered.status_code, rows(db)) == (303, 0)


def test_an_answer_while_a_page_adds_up_leaves_the_sums_to_the_next_one(
    client: FlaskClient, db: Database, learner: Person, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = past_log._told_by

    def answered_meanwhile(session: Session, *scope: Any) -> Any:
        assert past_store.to_store(session, learner, clock()) is None
        return reading(session, *scope)

    monkeypatch.setattr(past_log, "_told_by", answered_meanwhile)

    client.get("/progress/")

    assert past_store.due(learner, LONG, clock())


def test_the_first_answer_of_a_day_stores_for_their_classes_what_a_member_answered_before_and_their_cards(
    client: FlaskClient,
    db: Database,
    clock: Clock,
    member: Person,
    make_question: MakeQuestion,
    ask: Ask,
    fill: Fill,
) -> None:
    for _ in range(3):
        make_question()
    stored, written = [], []

    for _ in range(2):
        for _ in range(2):
            with counted(db) as statements:
                client.post("/review/answer", data=fill(ask(), RIGHT))
            stored.append(marks(db))
            tables = "INSERT INTO member_sum", "INSERT INTO card_copy"
            written.append([sum(1 for sql in statements if table in sql) for table in tables])
        clock.advance(days=1)

    first, second = MONDAY_MORNING.date(), MONDAY_MORNING.date() + timedelta(days=1)
    assert stored == [[first], [first], [second], [second]]
    assert written == [[1, 1], [0, 0], [1, 1], [0, 0]]


def test_cards_are_stored_though_what_was_answered_before_today_is_already(
    client: FlaskClient, db: Database, member: Person, make_question: MakeQuestion, ask: Ask, fill: Fill
) -> None:
    for _ in range(2):
        make_question()
    client.post("/review/answer", data=fill(ask(), RIGHT))
    with db.writing() as session:
        session.execute(delete(CardCopy))  # as after an upgrade
    kept.forget()

    client.post("/review/answer", data=fill(ask(), RIGHT))

    with db.reading() as session:
        assert session.scalars(select(CardCopy.learner_id)).all() == [member.id]


def test_nothing_is_stored_for_the_classes_of_who_is_in_none(
    client: FlaskClient, db: Database, log_in: Callable[..., Person], make_question: MakeQuestion, ask: Ask, fill: Fill
) -> None:
    log_in()
    make_question()

    client.post("/review/answer", data=fill(ask(), RIGHT))

    assert marks(db) == []


def test_an_answer_stands_though_nothing_could_be_stored_for_classes(
    client: FlaskClient,
    db: Database,
    member: Person,
    make_question: MakeQuestion,
    ask: Ask,
    fill: Fill,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_question()
    monkeypatch.setattr(member_sums, "to_store", lambda *_: 1 / 0)

    answered = client.post("/review/answer", data=fill(ask(), RIGHT))

    assert (answered.status_code, marks(db)) == (303, [])
