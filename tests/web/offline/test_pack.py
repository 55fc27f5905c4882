"""The pack of a device over the web: its cards, what stays out of it, and the answers that come back."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.bank.schema import from_document
from app.db import Database
from app.exam import responses
from app.models import MemberSum, Question, QuestionVersion, ReviewLog
from app.services.identity import Person
from tests.classroom import enrol, open_class
from tests.conftest import Clock
from tests.desk import FLASHCARD, NONE, RIGHT
from tests.hall import Hall, sit

MakeQuestion = Callable[..., Question]
Card = Mapping[str, Any]


@pytest.fixture
def learner(log_in: Callable[..., Person]) -> Person:
    """Somebody logged in, on English pages."""
    return log_in(login="alice", locale="en")


@pytest.fixture
def answered(db: Database, clock: Clock) -> Callable[..., dict[str, Any]]:
    """Return a function that makes what a device sends of an answer to a card of its pack."""

    def fill(card: Card, response: Mapping[str, object] = RIGHT, **more: Any) -> dict[str, Any]:
        with db.reading() as session:
            body = session.scalars(
                select(QuestionVersion.body).where(QuestionVersion.question_id == card["question"])
            ).one()
        fields = responses.to_fields(from_document(body), response, card["answer_id"])
        known = {name: card[name] for name in ("answer_id", "question", "version", "edition", "ticket")}
        return {**known, "answered_at": int(clock().timestamp()), "took_ms": 900, **fields, **more}

    return fill


def take(client: FlaskClient) -> dict[str, Any]:
    """A new pack for this browser."""
    reply = client.post("/review/pack")
    assert reply.status_code == 200
    return dict(reply.get_json())


def rows(db: Database) -> list[tuple[str, int | None]]:
    """The kinds and grades of all that is recorded."""
    with db.reading() as session:
        return [(row.kind, row.grade) for row in session.scalars(select(ReviewLog).order_by(ReviewLog.id))]


def test_a_pack_names_its_account_and_when_it_is_wiped(
    client: FlaskClient, learner: Person, make_question: MakeQuestion
) -> None:
    make_question()

    pack = take(client)

    assert pack["account"] == learner.id
    assert pack["wiped_at"] - pack["made_at"] == timedelta(days=7) / timedelta(milliseconds=1)


def test_a_card_holds_the_question_its_key_and_its_feedback(
    client: FlaskClient, learner: Person, make_question: MakeQuestion
) -> None:
    make_question(**NONE)

    card = take(client)["cards"][0]

    assert 'name="text"' in card["html"]
    assert "csrf_token" not in card["html"]
    assert card["key"] == {"texts": {"text": {"accept": ["none"], "exact": False}}}
    assert "It only has the loopback." in card["answer"]


def test_taking_a_pack_records_nothing(
    client: FlaskClient, db: Database, learner: Person, make_question: MakeQuestion
) -> None:
    make_question()

    take(client)

    assert rows(db) == []


def test_an_answer_that_waited_is_recorded_once(
    client: FlaskClient, db: Database, learner: Person, make_question: MakeQuestion, answered: Callable[..., Any]
) -> None:
    make_question()
    form = answered(take(client)["cards"][0])

    replies = [client.post("/review/queued", data=form).get_json() for _ in range(2)]

    assert replies == [{"fate": "recorded", "words": ""}] * 2
    assert rows(db) == [("review", 4)]


def test_the_reply_does_not_tell_whether_the_answer_was_right(
    client: FlaskClient, learner: Person, make_question: MakeQuestion, answered: Callable[..., Any]
) -> None:
    make_question(), make_question()
    right, wrong = (answered(card, {"choice": key}) for card, key in zip(take(client)["cards"], "ba", strict=True))

    told = [client.post("/review/queued", data=form).get_json() for form in (right, wrong)]

    assert told[0] == told[1]


def test_a_card_answered_elsewhere_is_said_to_be_practice(
    client: FlaskClient, db: Database, learner: Person, make_question: MakeQuestion, answered: Callable[..., Any]
) -> None:
    make_question()
    first, second = (answered(take(client)["cards"][0]) for _ in range(2))
    client.post("/review/queued", data=first)

    reply = client.post("/review/queued", data=second).get_json()

    assert reply["fate"] == "overtaken"
    assert "answered elsewhere" in reply["words"]
    assert rows(db) == [("review", 4), ("practice", 4)]


def test_a_ticket_that_was_changed_is_not_believed(
    client: FlaskClient,
    db: Database,
    clock: Clock,
    learner: Person,
    make_question: MakeQuestion,
    answered: Callable[..., Any],
) -> None:
    make_question()
    form = answered(take(client)["cards"][0])
    clock.advance(days=3)

    reply = client.post("/review/queued", data={**form, "ticket": f"{form['ticket']}x"}).get_json()

    assert reply["fate"] == "recorded"
    with db.reading() as session:
        assert session.scalars(select(ReviewLog.answered_at)).one() == clock()


def test_a_flashcard_is_recorded_with_the_learners_grade(
    client: FlaskClient, db: Database, learner: Person, make_question: MakeQuestion, answered: Callable[..., Any]
) -> None:
    make_question(**FLASHCARD)

    client.post("/review/queued", data=answered(take(client)["cards"][0], {}, grade=3))

    assert rows(db) == [("review", 3)]


def test_somebody_elses_answers_are_not_taken(
    client: FlaskClient,
    db: Database,
    learner: Person,
    log_in: Callable[..., Person],
    make_question: MakeQuestion,
    answered: Callable[..., Any],
) -> None:
    make_question()
    form = answered(take(client)["cards"][0])
    log_in(login="chloe")

    reply = client.post("/review/queued", data=form)

    assert (reply.status_code, reply.get_json()) == (409, {"fate": "foreign"})
    assert rows(db) == []


@pytest.mark.parametrize("broken", [{"answer_id": "none"}, {"answered_at": "yesterday"}, {"grade": "9"}])
def test_what_no_device_sends_is_refused_for_good(
    client: FlaskClient,
    db: Database,
    learner: Person,
    make_question: MakeQuestion,
    answered: Callable[..., Any],
    broken: dict[str, str],
) -> None:
    make_question()

    reply = client.post("/review/queued", data=answered(take(client)["cards"][0]) | broken)

    assert (reply.status_code, reply.get_json()["fate"]) == (400, "unreadable")
    assert rows(db) == []


def test_an_answer_comes_in_with_a_fresh_token_after_a_new_log_in(
    app: Flask,
    client: FlaskClient,
    log_in: Callable[..., Person],
    learner: Person,
    make_question: MakeQuestion,
    answered: Callable[..., Any],
) -> None:
    make_question()
    form = answered(take(client)["cards"][0])
    app.config["WTF_CSRF_ENABLED"] = True
    with client.session_transaction() as cookie:
        cookie.clear()

    expired = client.get("/review/offline/state")
    log_in(learner)
    state = client.get("/review/offline/state").get_json()
    reply = client.post("/review/queued", data={**form, "csrf_token": state["csrf_token"]})

    assert expired.status_code == 303
    assert (state["account"], reply.get_json()["fate"]) == (learner.id, "recorded")


def test_what_an_exam_hides_is_in_no_pack_and_has_to_leave_those_there_are(
    client: FlaskClient,
    log_in: Callable[..., Person],
    make_hall: Callable[..., Hall],
    make_user: Callable[..., Person],
    make_question: MakeQuestion,
) -> None:
    hall = make_hall()
    plain = make_question(text={"fr": "Libre ?", "en": "Free?"}, explanation={"fr": "Oui.", "en": "Yes."})
    log_in(sit(hall, make_user))

    pack = client.post("/review/pack")
    state = client.get(f"/review/offline/state?cards=1,{plain.id},x,,99999999999999999999")

    assert [card["question"] for card in pack.get_json()["cards"]] == [plain.id]
    assert "boucle locale" not in pack.text
    assert state.get_json()["gone"] == [1]


@pytest.mark.parametrize(("since", "gone"), [("made_at", [1]), ("", []), ("soon", []), ("9" * 14, []), ("9" * 40, [])])
def test_a_device_says_when_its_pack_was_made_and_learns_what_was_answered_since(
    client: FlaskClient,
    clock: Clock,
    learner: Person,
    make_question: MakeQuestion,
    answered: Callable[..., Any],
    since: str,
    gone: list[int],
) -> None:
    make_question()
    pack = take(client)
    clock.advance(seconds=5)
    client.post("/review/queued", data=answered(take(client)["cards"][0]))

    asked = {"cards": "1", "since": pack["made_at"] if since == "made_at" else since}
    state = client.get("/review/offline/state", query_string=asked).get_json()

    assert (state["gone"], state["now"]) == (gone, int(clock().timestamp() * 1000))


def test_answers_of_earlier_days_leave_the_sums_for_classes_to_the_next_answer_of_today(
    client: FlaskClient,
    db: Database,
    clock: Clock,
    learner: Person,
    make_user: Callable[..., Person],
    make_question: MakeQuestion,
    answered: Callable[..., dict[str, Any]],
) -> None:
    questions = [make_question() for _ in range(3)]
    enrol(db, open_class(db, make_user(role="teacher"), clock()), learner, "Alice", clock())
    pack, yesterday = take(client)["cards"], int(clock().timestamp())
    clock.advance(days=1)
    counts: list[Sequence[int]] = []

    for card, when in zip(pack, ({}, {"answered_at": yesterday}, {}), strict=True):
        client.post("/review/queued", data=answered(card, **when))
        with db.reading() as session:
            counts.append(session.scalars(select(MemberSum.counted)).all())

    assert len(questions) == len(pack)
    assert counts == [[0], [0], [1]]  # void after the second, and made anew with the third
