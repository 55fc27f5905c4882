"""One answer over the web: recorded at once, once, and never in silence when something is stale."""

from collections.abc import Callable, Mapping
from html import unescape
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.db import Database
from app.models import Card, Course, Question, QuestionVersion
from app.services.identity import Person
from tests.desk import DONT_KNOW, FLASHCARD, NONE, NUMBER, RIGHT, WRONG
from tests.web.review.conftest import Form

Ask = Callable[..., Form]
Fill = Callable[[Form, Mapping[str, object]], Form]
Log = Callable[[], list[tuple[str, int | None]]]
MakeQuestion = Callable[..., Question]

pytestmark = pytest.mark.usefixtures("learner")


@pytest.fixture
def learner(log_in: Callable[..., Person]) -> Person:
    """Somebody logged in, on English pages."""
    return log_in(locale="en")


def test_a_question_is_shown_with_its_id_its_version_and_a_fresh_answer_id(
    make_question: MakeQuestion, ask: Ask
) -> None:
    question = make_question()

    first, second = ask(), ask()

    assert (first["question"], first["version"], first["edition"]) == (str(question.id), "0", "1")
    assert UUID(first["answer_id"]) != UUID(second["answer_id"])


@pytest.mark.parametrize(("response", "grade"), [(RIGHT, 4), (WRONG, 1), (DONT_KNOW, 0)])
def test_an_answer_is_recorded_and_leads_to_its_feedback(
    client: FlaskClient,
    make_question: MakeQuestion,
    ask: Ask,
    fill: Fill,
    log: Log,
    response: dict[str, object],
    grade: int,
) -> None:
    make_question()
    form = fill(ask(), response)

    reply = client.post("/review/answer", data=form)

    assert (reply.status_code, reply.location) == (303, f"/review/feedback/{form['answer_id']}")
    assert log() == [("review", grade)]
    assert client.get(reply.location).status_code == 200


def test_a_double_click_records_one_answer(
    client: FlaskClient, make_question: MakeQuestion, ask: Ask, fill: Fill, log: Log, db: Database
) -> None:
    make_question()
    form = fill(ask(), RIGHT)

    replies = [client.post("/review/answer", data=form) for _ in range(2)]

    assert [(reply.status_code, reply.location) for reply in replies] == [(303, replies[0].location)] * 2
    assert log() == [("review", 4)]
    with db.reading() as session:
        assert session.scalar(select(Card.version)) == 1


def test_the_script_gets_the_feedback_with_the_next_question_behind_it(
    client: FlaskClient, make_question: MakeQuestion, ask: Ask, fill: Fill
) -> None:
    make_question()
    make_question(text={"fr": "La suite ?", "en": "And the one after?"})
    form = fill(ask(), RIGHT)

    replies = [client.post("/review/answer", data=form, headers={"X-Rappel-Fragment": "1"}) for _ in range(2)]

    for reply in replies:
        assert reply.status_code == 200
        assert "<html" not in reply.text
        assert "only has the loopback" in reply.text
        assert "And the one after?" in reply.text


def test_another_answer_under_the_same_id_is_refused_and_kept_for_the_learner(
    client: FlaskClient, make_question: MakeQuestion, ask: Ask, fill: Fill, log: Log
) -> None:
    make_question(**NONE)
    form = ask()
    client.post("/review/answer", data=fill(form, {"text": "none"}))

    reply = client.post("/review/answer", data=fill(form, {"text": "--network bridge"}))

    assert reply.status_code == 409
    assert "--network bridge" in reply.text
    assert "already answered from this page" in reply.text
    assert log() == [("review", 4)]


def test_the_second_tab_is_told_and_keeps_what_was_typed(
    client: FlaskClient, make_question: MakeQuestion, ask: Ask, fill: Fill, log: Log
) -> None:
    make_question(**NONE)
    tabs = [ask(), ask()]
    client.post("/review/answer", data=fill(tabs[0], {"text": "none"}))

    reply = client.post("/review/answer", data=fill(tabs[1], {"text": "the none network"}))

    assert reply.status_code == 409
    assert "the none network" in reply.text
    assert "already answered in another tab" in reply.text
    assert log() == [("review", 4)]


def test_an_empty_answer_from_the_second_tab_does_not_make_it_new(
    client: FlaskClient, make_question: MakeQuestion, ask: Ask, fill: Fill, log: Log
) -> None:
    make_question(**NONE)
    tabs = [ask(), ask()]
    client.post("/review/answer", data=fill(tabs[0], {"text": "none"}))

    again = client.post("/review/answer", data=tabs[1])

    assert (again.status_code, 'name="version" value="0"' in again.text) == (400, True)
    assert client.post("/review/answer", data=fill(tabs[1], {"text": "host"})).status_code == 409
    assert log() == [("review", 4)]


def test_an_empty_answer_is_asked_again_and_records_nothing(
    client: FlaskClient, make_question: MakeQuestion, ask: Ask, log: Log
) -> None:
    make_question()
    form = ask()

    reply = client.post("/review/answer", data=form)

    assert reply.status_code == 400
    assert "Nothing is chosen or typed yet" in reply.text
    assert form["answer_id"] in reply.text
    assert log() == []


@pytest.mark.parametrize(
    ("unit", "typed", "sentence"),
    [
        (None, "deux", "“deux” cannot be read as a number. Write the number alone, in digits, such as 1250 or 0.5."),
        (None, "2 pommes", "No unit is asked for, and “pommes” follows the number. Write the number alone"),
        ("MB", "2 GB", "The unit asked for is not “GB”. Write the number in digits, in MB, such as 1250 or 0.5."),
    ],
)
def test_a_number_in_another_form_is_told_the_form_before_it_counts(
    client: FlaskClient, make_question: MakeQuestion, ask: Ask, log: Log, unit: str | None, typed: str, sentence: str
) -> None:
    make_question(**NUMBER, **({"unit": {"fr": unit, "en": unit}} if unit else {}))
    form = ask()

    reply = client.post("/review/answer", data=form | {"text": typed})

    assert (reply.status_code, f'value="{typed}"' in reply.text) == (400, True)
    assert 'aria-invalid="true" aria-describedby="text-error"' in reply.text
    assert sentence in reply.text
    assert log() == []


def test_a_number_typed_again_in_digits_counts_once(
    client: FlaskClient, make_question: MakeQuestion, ask: Ask, log: Log
) -> None:
    make_question(**NUMBER)
    form = ask()
    client.post("/review/answer", data=form | {"text": "deux"})

    reply = client.post("/review/answer", data=form | {"text": "2"})

    assert reply.status_code == 303
    assert log() == [("review", 4)]


def test_an_answer_to_a_question_edited_meanwhile_is_marked_by_the_words_shown(
    client: FlaskClient, make_question: MakeQuestion, ask: Ask, fill: Fill, log: Log, db: Database
) -> None:
    question = make_question(**NONE)
    form = fill(ask(), {"text": "none"})
    with db.writing() as session:
        body = session.scalars(select(QuestionVersion.body)).one() | {"accept": ["host"]}
        created = session.scalars(select(QuestionVersion.created_at)).one()
        values = {"question_id": question.id, "content_hash": "edited", "body": body, "created_at": created}
        session.add(QuestionVersion(number=2, **values))
        session.execute(update(Question).values(version=2))

    replies = [client.post("/review/answer", data=form) for _ in range(2)]

    assert [reply.status_code for reply in replies] == [303, 303]
    assert log() == [("review", 4)]


@pytest.mark.parametrize(
    "change",
    [
        {"answer_id": "x"},
        {"answer_id": None},
        {"question": "1; DROP"},
        {"question": None},
        {"version": "-1"},
        {"version": None},
        {"version": str(2**40)},
        {"edition": "one"},
        {"took_ms": "soon"},
        {"choice": "9"},
        {"choice": ["1", "2"]},
    ],
)
def test_a_malformed_answer_is_refused(
    client: FlaskClient, make_question: MakeQuestion, ask: Ask, fill: Fill, log: Log, change: dict[str, object]
) -> None:
    make_question()
    changed = {**fill(ask(), RIGHT), **change}

    reply = client.post("/review/answer", data={name: value for name, value in changed.items() if value is not None})

    assert reply.status_code == 400
    assert log() == []


def test_an_answer_without_an_edition_is_marked_by_the_current_words(
    client: FlaskClient, make_question: MakeQuestion, ask: Ask, fill: Fill, log: Log
) -> None:
    make_question()
    form = fill(ask(), RIGHT)
    del form["edition"]

    assert client.post("/review/answer", data=form).status_code == 303
    assert log() == [("review", 4)]


def test_a_question_that_does_not_exist_is_not_found(
    client: FlaskClient, make_question: MakeQuestion, ask: Ask, fill: Fill
) -> None:
    make_question()

    reply = client.post("/review/answer", data={**fill(ask(), RIGHT), "question": "404"})

    assert reply.status_code == 404


def test_a_question_of_another_course_is_not_found(
    client: FlaskClient,
    make_course: Callable[..., Course],
    make_question: MakeQuestion,
    ask: Ask,
    fill: Fill,
    log: Log,
) -> None:
    make_question()
    foreign = make_question(of=make_course("git"))
    form = fill(ask(), RIGHT) | {"question": str(foreign.id)}

    assert client.post("/review/answer", data=form).status_code == 404
    assert client.post("/review/reveal", data=form).status_code == 404
    assert client.post("/review/arrange", data=form).status_code == 404
    assert log() == []


@pytest.mark.parametrize("flag", ["reserved", "retired", "draft"])
def test_a_question_withdrawn_while_on_screen_says_so_and_keeps_what_was_typed(
    client: FlaskClient, make_question: MakeQuestion, ask: Ask, db: Database, log: Log, flag: str
) -> None:
    make_question(**NONE)
    form = ask() | {"text": "the host network"}
    with db.writing() as session:
        session.execute(update(Question).values({flag: True}))

    replies = [client.post(f"/review/{name}", data=form) for name in ("answer", "arrange", "reveal")]

    assert log() == []
    for reply in replies:
        assert reply.status_code == 404
        assert "This question was withdrawn meanwhile." in reply.text
        assert "the host network" in reply.text
        assert '<a class="button button-mark button-large" href="/review/">Next question</a>' in reply.text


def test_a_question_set_aside_is_not_asked(client: FlaskClient, make_question: MakeQuestion) -> None:
    for flag in ("reserved", "retired", "draft"):
        make_question(**{flag: True})

    assert 'action="/review/answer"' not in client.get("/review/").text


def test_a_visitor_is_sent_to_log_in(client: FlaskClient, make_question: MakeQuestion, ask: Ask) -> None:
    make_question()
    form = ask()
    visitor = client.application.test_client()

    replies = [visitor.get("/review/"), visitor.get(f"/review/feedback/{uuid4()}")]
    replies += [
        visitor.post(f"/review/{name}", data=form) for name in ("answer", "reveal", "grade", "override", "undo")
    ]

    assert {reply.status_code for reply in replies} == {303}
    assert all(reply.location.startswith("/account/log-in") for reply in replies)


def test_the_feedback_of_another_learner_is_not_found(
    client: FlaskClient, make_question: MakeQuestion, ask: Ask, fill: Fill, log_in: Callable[..., Person]
) -> None:
    make_question()
    feedback = client.post("/review/answer", data=fill(ask(), RIGHT)).location
    stranger = client.application.test_client()
    log_in(browser=stranger)

    assert stranger.get(feedback).status_code == 404


def test_the_feedback_of_an_answer_taken_back_says_so(
    client: FlaskClient, make_question: MakeQuestion, ask: Ask, fill: Fill
) -> None:
    question = make_question()
    feedback = client.post("/review/answer", data=fill(ask(), RIGHT)).location
    client.post("/review/undo", data={"question": question.id, "number": 1})

    reply = client.get(feedback)

    assert reply.status_code == 409
    assert "already taken back" in reply.text


@pytest.mark.parametrize(("question", "key"), [(NONE, "loopback"), (FLASHCARD, "A folder that Docker keeps")])
def test_no_key_is_shown_before_the_answer(
    client: FlaskClient, make_question: MakeQuestion, question: dict[str, object], key: str
) -> None:
    make_question(**question)

    assert key not in client.get("/review/").text


def test_a_line_of_an_ordering_question_moves_without_being_recorded(
    client: FlaskClient, make_question: MakeQuestion, ask: Ask, log: Log
) -> None:
    items = [{"id": key, "text": f"line {key}"} for key in ("from", "copy", "run")]
    make_question(type="ordering", **{**_worded("Which order?"), "items": items})
    form = ask() | {"order": ["1", "2", "3"], "move": "3:up"}

    reply = client.post("/review/arrange", data=form)

    lines = [unescape(part).split('"')[0] for part in reply.text.split('name="order" value="')[1:]]
    assert (reply.status_code, lines, log()) == (200, ["1", "3", "2"], [])
    assert "Line 2 of 3" in reply.text


def _worded(text: str) -> dict[str, object]:
    both = {"fr": text, "en": text}
    return {"level": 2, "text": both, "explanation": both}
