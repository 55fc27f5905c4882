"""After the answer: its grade, the learner's own word, the flashcard's two steps, the way back."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.models import Question
from app.services.identity import Person
from tests.conftest import Clock
from tests.desk import FLASHCARD, NONE, RIGHT, WRONG
from tests.web.review.conftest import Form, form_to

Ask = Callable[..., Form]
Fill = Callable[[Form, Mapping[str, object]], Form]
Log = Callable[[], list[tuple[str, int | None]]]
MakeQuestion = Callable[..., Question]


@pytest.fixture(autouse=True)
def learner(log_in: Callable[..., Person]) -> Person:
    """Somebody logged in, on English pages."""
    return log_in(locale="en")


@pytest.fixture
def answer(client: FlaskClient, ask: Ask, fill: Fill) -> Callable[[Mapping[str, object]], Form]:
    """Return a function that answers the question of the day and reads its feedback's address and id."""

    def send(response: Mapping[str, object]) -> Form:
        form = fill(ask(), response)
        return {"answer_id": form["answer_id"], "at": client.post("/review/answer", data=form).location}

    return send


@pytest.fixture
def turn(client: FlaskClient, ask: Ask) -> Callable[[], tuple[str, Form]]:
    """Return a function that turns the flashcard of the day: the page, and its form of grades."""

    def reveal() -> tuple[str, Form]:
        reply = client.post("/review/reveal", data=ask(action="/review/reveal"))
        return reply.text, form_to(reply.text, "/review/grade")

    return reveal


def offered(page: str) -> list[int]:
    """The grades that have a button."""
    return [grade for grade in range(6) if f'name="grade" value="{grade}"' in page]


@pytest.mark.parametrize("grade", [3, 5])
def test_good_may_be_changed_from_the_feedback(
    client: FlaskClient, make_question: MakeQuestion, answer: Callable[..., Form], log: Log, grade: int
) -> None:
    make_question()
    given = answer(RIGHT)

    replies = [client.post("/review/grade", data={**given, "grade": grade}) for _ in range(2)]

    assert [(reply.status_code, reply.location) for reply in replies] == [(303, "/review/")] * 2
    assert log() == [("review", 4), ("undo", None), ("review", grade)]


def test_a_wrong_answer_offers_no_other_grade(
    client: FlaskClient, make_question: MakeQuestion, answer: Callable[..., Form], log: Log
) -> None:
    make_question()
    given = answer(WRONG)

    reply = client.post("/review/grade", data={**given, "grade": 4})

    assert (reply.status_code, offered(client.get(given["at"]).text), log()) == (400, [], [("review", 1)])


def test_the_next_day_offers_no_other_grade(
    client: FlaskClient, clock: Clock, make_question: MakeQuestion, answer: Callable[..., Form], log: Log
) -> None:
    make_question()
    given = answer(RIGHT)
    clock.advance(days=1)

    reply = client.post("/review/grade", data={**given, "grade": 5})

    assert (reply.status_code, offered(client.get(given["at"]).text), log()) == (409, [], [("review", 4)])
    assert "The day of this answer is over" in reply.text


def test_an_earlier_answer_of_the_card_offers_no_other_grade(
    client: FlaskClient, make_question: MakeQuestion, answer: Callable[..., Form]
) -> None:
    make_question()
    first = answer(WRONG)
    answer(RIGHT)

    reply = client.post("/review/grade", data={**first, "grade": 5})

    assert reply.status_code == 409
    assert "answered again since" in reply.text


@pytest.mark.parametrize("grade", ["6", "-1", "good", ""])
def test_a_grade_that_is_none_is_refused(
    client: FlaskClient, make_question: MakeQuestion, answer: Callable[..., Form], grade: str
) -> None:
    make_question()

    assert client.post("/review/grade", data={**answer(RIGHT), "grade": grade}).status_code == 400


def test_nobody_grades_or_overrides_anothers_answer(
    client: FlaskClient, make_question: MakeQuestion, answer: Callable[..., Form], log_in: Callable[..., Person]
) -> None:
    make_question(**NONE)
    given = answer({"text": "bridge"})
    stranger = client.application.test_client()
    log_in(browser=stranger)

    assert stranger.post("/review/grade", data={**given, "grade": 4}).status_code == 404
    assert stranger.post("/review/override", data=given).status_code == 404


def test_a_flashcard_turned_is_not_recorded(
    make_question: MakeQuestion, turn: Callable[[], tuple[str, Form]], log: Log
) -> None:
    make_question(**FLASHCARD)

    page, _ = turn()

    assert ("A folder that Docker keeps." in page, log()) == (True, [])


@pytest.mark.parametrize(("scale", "grades"), [("four", [1, 3, 4, 5]), ("full", [0, 1, 2, 3, 4, 5])])
def test_a_flashcard_offers_the_learners_scale(
    client: FlaskClient,
    make_question: MakeQuestion,
    log_in: Callable[..., Person],
    turn: Callable[[], tuple[str, Form]],
    scale: str,
    grades: list[int],
) -> None:
    log_in(locale="en", grade_scale=scale)
    make_question(**FLASHCARD)

    assert offered(turn()[0]) == grades


def test_a_flashcards_grade_is_recorded_once(
    client: FlaskClient, make_question: MakeQuestion, turn: Callable[[], tuple[str, Form]], log: Log
) -> None:
    make_question(**FLASHCARD)
    form = turn()[1] | {"grade": 3}

    replies = [client.post("/review/grade", data=form) for _ in range(2)]

    assert [reply.status_code for reply in replies] == [303, 303]
    assert log() == [("review", 3)]


def test_a_flashcard_from_the_second_tab_is_refused(
    client: FlaskClient, make_question: MakeQuestion, turn: Callable[[], tuple[str, Form]], log: Log
) -> None:
    make_question(**FLASHCARD)
    tabs = [turn()[1] for _ in range(2)]

    replies = [client.post("/review/grade", data={**form, "grade": 4}) for form in tabs]

    assert [reply.status_code for reply in replies] == [303, 409]
    assert log() == [("review", 4)]


def test_a_question_that_is_marked_is_not_turned(client: FlaskClient, make_question: MakeQuestion, ask: Ask) -> None:
    make_question()

    assert client.post("/review/reveal", data=ask()).status_code == 404


def test_my_answer_was_right_counts_once_and_shows(
    client: FlaskClient, make_question: MakeQuestion, answer: Callable[..., Form], log: Log
) -> None:
    make_question(**NONE)
    given = answer({"text": "the none one"})

    replies = [client.post("/review/override", data=given) for _ in range(2)]

    assert [(reply.status_code, reply.location) for reply in replies] == [(303, given["at"])] * 2
    assert "Counted as right at your word" in client.get(given["at"]).text
    assert log() == [("review", 1), ("undo", None), ("review", 4)]


def test_only_a_typed_answer_may_be_called_right(
    client: FlaskClient, make_question: MakeQuestion, answer: Callable[..., Form], log: Log
) -> None:
    make_question()
    given = answer(WRONG)

    reply = client.post("/review/override", data=given)

    assert (reply.status_code, "/review/override" in client.get(given["at"]).text) == (400, False)
    assert log() == [("review", 1)]


def test_an_answer_is_undone_once_and_asked_again(
    client: FlaskClient, make_question: MakeQuestion, answer: Callable[..., Form], ask: Ask, log: Log
) -> None:
    question = make_question()
    given = answer(RIGHT)
    undoing = form_to(client.get(given["at"]).text, "/review/undo")

    replies = [client.post("/review/undo", data=undoing) for _ in range(2)]

    assert [(reply.status_code, reply.location) for reply in replies] == [(303, "/review/")] * 2
    assert log() == [("review", 4), ("undo", None)]
    assert (ask()["question"], ask()["version"]) == (str(question.id), "2")


def test_the_previous_answer_is_undone_from_another_device(
    client: FlaskClient,
    make_question: MakeQuestion,
    answer: Callable[..., Form],
    log_in: Callable[..., Person],
    learner: Person,
    log: Log,
) -> None:
    make_question()
    make_question()
    answer(RIGHT)
    phone = client.application.test_client()
    log_in(learner, browser=phone)
    undoing = form_to(phone.get("/review/").text, "/review/undo")

    assert phone.post("/review/undo", data=undoing).status_code == 303
    assert log() == [("review", 4), ("undo", None)]


def test_an_undo_after_a_new_grade_takes_the_answer_back(
    client: FlaskClient, make_question: MakeQuestion, answer: Callable[..., Form], log: Log
) -> None:
    make_question()
    given = answer(RIGHT)
    stale = form_to(client.get(given["at"]).text, "/review/undo")
    client.post("/review/grade", data={**given, "grade": 5})

    client.post("/review/undo", data=stale)

    assert log() == [("review", 4), ("undo", None), ("review", 5), ("undo", None)]


@pytest.mark.parametrize("change", [{"number": "0"}, {"number": "2"}, {"question": "404"}])
def test_an_undo_of_nothing_is_not_found(
    client: FlaskClient, make_question: MakeQuestion, answer: Callable[..., Form], change: dict[str, Any]
) -> None:
    question = make_question()
    answer(RIGHT)

    assert client.post("/review/undo", data={"question": question.id, "number": 1, **change}).status_code == 404


def test_nobody_undoes_anothers_answer(
    client: FlaskClient, make_question: MakeQuestion, answer: Callable[..., Form], log_in: Callable[..., Person]
) -> None:
    question = make_question()
    answer(RIGHT)
    stranger = client.application.test_client()
    log_in(browser=stranger)

    assert stranger.post("/review/undo", data={"question": question.id, "number": 1}).status_code == 404


def test_an_undo_without_a_number_is_refused(client: FlaskClient, make_question: MakeQuestion) -> None:
    assert client.post("/review/undo", data={"question": make_question().id}).status_code == 400


def grade_cards(client: FlaskClient, turn: Callable[[], tuple[str, Form]], *grades: int) -> str:
    """Give the flashcards of the day these grades in turn; the page after the last."""
    for grade in grades:
        _, form = turn()
        page = client.post("/review/grade", data={**form, "grade": grade}, follow_redirects=True).text
    return page


def test_hard_again_and_again_brings_a_word_on_what_it_does(
    client: FlaskClient, make_question: MakeQuestion, turn: Callable[[], tuple[str, Form]]
) -> None:
    for _ in range(7):
        make_question(**FLASHCARD)

    early = grade_cards(client, turn, 3, 3, 3, 3)
    page = grade_cards(client, turn, 3)
    again = grade_cards(client, turn, 3)

    assert ["almost every time" in one for one in (early, page, again)] == [False, True, False]
    assert '<a class="button button-quiet" href="/review/" data-close>' in page


def test_the_grades_that_are_offered_are_explained_beside_them(
    make_question: MakeQuestion, turn: Callable[[], tuple[str, Form]]
) -> None:
    make_question(**FLASHCARD)

    page, _ = turn()

    assert "Which grade should I give?" in page
    assert "Right after a moment’s thought" in page
    assert "rings no bell" not in page


def test_a_session_is_resumed_on_another_device_midway(
    app: Flask,
    client: FlaskClient,
    learner: Person,
    make_question: MakeQuestion,
    ask: Ask,
    fill: Fill,
    log_in: Callable[..., Person],
) -> None:
    for _ in range(2):
        make_question()
    phone = app.test_client()
    log_in(learner, phone)
    first = ask()
    client.post("/review/answer", data=fill(first, RIGHT))

    second = ask(phone)

    assert second["question"] != first["question"]
    assert phone.post("/review/answer", data=fill(second, RIGHT)).status_code == 303
    assert "That’s all for today" in client.get("/review/").text
