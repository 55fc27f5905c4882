"""How many SQL statements the review takes: its speed on a slow disk, counted where it is decided."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from app.db import Database
from app.models import Question
from app.services import classes, member_sums, plans
from app.services.identity import Person
from tests.conftest import Clock
from tests.desk import FLASHCARD, RIGHT, WRONG
from tests.hall import Hall
from tests.web.review.conftest import Form, ask, fill, form_to

__all__ = ["ask", "fill"]

_NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")
_FRAGMENT = {"X-Rappel-Fragment": "1"}

Count = Callable[[Callable[[], TestResponse]], int]


@contextmanager
def heard(database: Database) -> Iterator[list[str]]:
    """The statements sent meanwhile, transactions and settings left out."""
    statements: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(_NOT_COUNTED):
            statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", hear)
    yield statements
    event.remove(database.engine, "before_cursor_execute", hear)


@pytest.fixture(autouse=True)
def later_today(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """What a first answer of the day does for the pages of classes is done; undone, this has it done again."""
    monkeypatch.setattr(member_sums, "due", lambda *_: False)
    return monkeypatch


@pytest.fixture
def count(db: Database, log_in: Callable[..., Person], make_question: Callable[..., Question]) -> Count:
    """Return a function that counts the statements of one request, by a learner with a few questions to answer."""
    log_in()
    for _ in range(4):
        make_question()

    def counted(request: Callable[[], TestResponse]) -> int:
        with heard(db) as statements:
            assert request().status_code in (200, 303)
        return len(statements)

    return counted


def test_a_question_takes_four_statements(client: FlaskClient, count: Count) -> None:
    assert count(lambda: client.get("/review/")) <= 4


def test_a_learner_who_chose_no_course_takes_no_more(
    client: FlaskClient, count: Count, log_in: Callable[..., Person], ask: Callable[..., Form]
) -> None:
    log_in(course_id=None)

    assert count(lambda: client.get("/review/")) <= 4
    form = ask() | {"dont_know": "1"}
    assert count(lambda: client.post("/review/answer", data=form)) <= 5


@pytest.mark.parametrize("response", [RIGHT, WRONG])
def test_a_first_answer_takes_five_statements(
    client: FlaskClient,
    count: Count,
    ask: Callable[..., Form],
    fill: Callable[[Form, Mapping[str, object]], Form],
    response: Mapping[str, object],
) -> None:
    form = fill(ask(), response)

    assert count(lambda: client.post("/review/answer", data=form)) <= 5


def test_the_first_answer_of_a_day_takes_one_more_to_see_that_there_is_no_class(
    client: FlaskClient, count: Count, ask: Callable[..., Form], later_today: pytest.MonkeyPatch
) -> None:
    form = ask() | {"dont_know": "1"}
    later_today.undo()

    assert count(lambda: client.post("/review/answer", data=form)) <= 5 + 1


def test_an_answer_to_a_known_card_and_its_repetition_take_five_statements(
    client: FlaskClient, count: Count, ask: Callable[..., Form], fill: Callable[[Form, Mapping[str, object]], Form]
) -> None:
    form = fill(ask(), WRONG)
    client.post("/review/answer", data=form)
    drill = {**form, "answer_id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "version": "1"}

    assert count(lambda: client.post("/review/answer", data=drill)) <= 5
    assert count(lambda: client.post("/review/answer", data=drill)) <= 5


def test_a_feedback_takes_four_statements(
    client: FlaskClient, count: Count, ask: Callable[..., Form], fill: Callable[[Form, Mapping[str, object]], Form]
) -> None:
    feedback = client.post("/review/answer", data=fill(ask(), RIGHT)).location

    assert count(lambda: client.get(feedback)) <= 4


def test_an_answer_with_the_next_question_behind_it_takes_nine_statements(
    client: FlaskClient, count: Count, ask: Callable[..., Form], fill: Callable[[Form, Mapping[str, object]], Form]
) -> None:
    form = fill(ask(), RIGHT)

    assert count(lambda: client.post("/review/answer", data=form, headers=_FRAGMENT)) <= 5 + 4


def test_the_end_of_the_day_takes_four_statements(
    client: FlaskClient, count: Count, log_in: Callable[..., Person]
) -> None:
    log_in(new_per_day=0)

    assert count(lambda: client.get("/review/")) <= 4


def test_a_flashcards_grade_takes_five_statements(
    client: FlaskClient, log_in: Callable[..., Person], make_question: Callable[..., Question], db: Database
) -> None:
    log_in()
    make_question(**FLASHCARD)
    form = form_to(client.get("/review/").text, "/review/reveal")

    with heard(db) as statements:
        assert client.post("/review/grade", data={**form, "grade": 4}).status_code == 303

    assert len(statements) <= 5


def test_a_learner_with_a_plan_takes_no_more_once_the_morning_is_known(
    client: FlaskClient,
    count: Count,
    log_in: Callable[..., Person],
    ask: Callable[..., Form],
    fill: Callable[..., Form],
    db: Database,
    clock: Clock,
) -> None:
    person = log_in()
    form = fill(ask(), RIGHT)
    with db.writing() as session:
        plans.keep(session, person, plans.Wanted(person.today(clock()) + timedelta(days=30), 20), clock())
    client.get("/review/")  # makes the order of the day

    assert count(lambda: client.get("/review/")) <= 4
    assert count(lambda: client.post("/review/answer", data=form, headers=_FRAGMENT)) <= 5 + 4


def test_a_learner_with_an_exam_takes_no_more(
    client: FlaskClient,
    count: Count,
    log_in: Callable[..., Person],
    ask: Callable[..., Form],
    fill: Callable[..., Form],
    make_hall: Callable[..., Hall],
) -> None:
    hall = make_hall()
    learner = log_in(new_per_day=999)
    with hall.db.writing() as session:
        classes.join(session, learner, hall.taught.join_code or "", "Alice", hall.clock())
    hall.start(learner)

    assert count(lambda: client.get("/review/")) <= 4
    form = fill(ask(), RIGHT)
    assert count(lambda: client.post("/review/answer", data=form, headers=_FRAGMENT)) <= 5 + 4


def test_an_answer_after_hours_away_takes_no_more(
    client: FlaskClient, count: Count, ask: Callable[..., Form], fill: Callable[..., Form], clock: Clock
) -> None:
    clock.advance(hours=3)
    form = fill(ask(), RIGHT)

    assert count(lambda: client.post("/review/answer", data=form)) <= 5


@pytest.fixture
def seat(
    client: FlaskClient, log_in: Callable[..., Person], make_hall: Callable[..., Hall]
) -> Callable[..., tuple[str, Form]]:
    """Return a function that makes an exam which the person logged in may start: its address, the form to start it."""

    def make() -> tuple[str, Form]:
        hall, learner = make_hall(), log_in()
        with hall.db.writing() as session:
            classes.join(session, learner, hall.taught.join_code or "", "Alice", hall.clock())
        address = f"/exams/{hall.exam_id}/"
        return address, form_to(client.get(address).text, f"{address}start")

    return make


def test_an_exam_to_start_takes_four_statements(
    client: FlaskClient, count: Count, seat: Callable[..., tuple[str, Form]]
) -> None:
    address, _form = seat()

    assert count(lambda: client.get(address)) <= 4


def test_a_start_takes_ten_statements(client: FlaskClient, count: Count, seat: Callable[..., tuple[str, Form]]) -> None:
    address, form = seat()

    assert count(lambda: client.post(f"{address}start", data=form)) <= 10


def test_the_pages_of_an_attempt_take_three_statements_a_saved_change_and_a_hand_in_four(
    client: FlaskClient, count: Count, seat: Callable[..., tuple[str, Form]]
) -> None:
    address, form = seat()
    here = client.post(f"{address}start", data=form).location
    sent = {"csrf_token": form["csrf_token"], "epoch": "1"}
    change = {**sent, "shown": "1", "q1-seq": "1", "q1-choice": "1"}

    assert count(lambda: client.get(here)) <= 3
    assert count(lambda: client.get(f"{here}clock")) <= 2
    assert count(lambda: client.post(f"{here}here", data=sent)) <= 3
    assert count(lambda: client.post(f"{here}save", data=change)) <= 4
    assert count(lambda: client.post(f"{here}submit", data=sent)) <= 4
