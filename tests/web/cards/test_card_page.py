"""GET /cards/<id>: one card, without its key until it was answered."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from app.db import Database
from app.models import Card, Course, Question
from app.services.identity import Person
from app.srs.sm2 import Grade
from tests.classroom import answer, undo
from tests.conftest import SINGLE, Clock

MakeQuestion = Callable[..., Question]
LogIn = Callable[..., Person]
RIGHT: dict[str, Any] = {"response": {"choice": "b"}, "credit": Fraction(1)}
EXPLANATION = "only has the loopback"

_TEXTS = {"text": {"fr": "Canari ?", "en": "Canary?"}, "explanation": {"fr": "KEYCANARY", "en": "KEYCANARY"}}
BODIES: list[dict[str, Any]] = [
    {**SINGLE, **_TEXTS},
    {"type": "true_false", "level": 1, "answer": True, **_TEXTS},
    {"type": "short_answer", "level": 1, "accept": ["KEYCANARY"], **_TEXTS},
    {"type": "command", "level": 3, "accept": ["docker run KEYCANARY"], **_TEXTS},
    {"type": "numerical", "level": 1, "answer": 4242, **_TEXTS},
    {"type": "flashcard", "level": 1, "answer": {"fr": "KEYCANARY", "en": "KEYCANARY"}, **_TEXTS},
    {
        "type": "cloze",
        "level": 2,
        **_TEXTS,
        "text": {"fr": "Un {{KEYCANARY}}.", "en": "A {{KEYCANARY}}."},
        "blanks": {"KEYCANARY": {"accept": ["KEYCANARY"]}},
    },
    {
        "type": "matching",
        "level": 2,
        **_TEXTS,
        "pairs": [{"id": "keycanary", "left": "a", "right": "1"}, {"id": "other", "left": "b", "right": "2"}],
    },
    {
        "type": "ordering",
        "level": 2,
        **_TEXTS,
        "items": [{"id": f"keycanary-{name}", "text": name} for name in ("first", "second", "third")],
    },
]


@pytest.mark.parametrize("body", BODIES, ids=[body["type"] for body in BODIES])
def test_a_card_never_answered_shows_no_key(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, body: dict[str, Any]
) -> None:
    log_in(locale="en")
    question = make_question(**body)

    reply = client.get(f"/cards/{question.id}")

    assert reply.status_code == 200
    assert "keycanary" not in reply.text.casefold()
    assert "4242" not in reply.text


def test_a_card_once_answered_shows_the_answer_behind_a_summary(
    client: FlaskClient, db: Database, clock: Clock, log_in: LogIn, make_question: MakeQuestion
) -> None:
    learner, question = log_in(locale="en"), make_question()
    answer(db, learner, question, Grade.GOOD, clock(), **RIGHT)

    page = client.get(f"/cards/{question.id}").text

    assert page.index("<details") < page.index(EXPLANATION)


@pytest.mark.parametrize("body", BODIES, ids=[body["type"] for body in BODIES])
def test_the_page_of_an_answered_card_shows_every_type(
    client: FlaskClient, db: Database, clock: Clock, log_in: LogIn, make_question: MakeQuestion, body: dict[str, Any]
) -> None:
    learner, question = log_in(locale="en"), make_question(**body)
    answer(db, learner, question, Grade.WRONG, clock(), response={"dont_know": True}, credit=Fraction(0))

    assert "KEYCANARY" in client.get(f"/cards/{question.id}").text


def test_a_card_whose_answer_was_taken_back_hides_it(
    client: FlaskClient, db: Database, clock: Clock, log_in: LogIn, make_question: MakeQuestion
) -> None:
    learner, question = log_in(locale="en"), make_question()
    answer(db, learner, question, Grade.GOOD, clock(), **RIGHT)
    undo(db, learner, question, 1, clock())

    page = client.get(f"/cards/{question.id}").text

    assert EXPLANATION not in page
    assert "Answer 1 is taken back" in page


def test_a_card_lists_its_history_in_words(
    client: FlaskClient, db: Database, clock: Clock, log_in: LogIn, make_question: MakeQuestion
) -> None:
    learner, question = log_in(locale="en"), make_question()
    answer(db, learner, question, Grade.GOOD, clock(), overridden=True, **RIGHT)

    page = client.get(f"/cards/{question.id}").text

    assert "Counted as right at your word." in page
    assert "Next: Tuesday 24 November." in page


def test_a_card_often_forgotten_names_its_section(
    client: FlaskClient, db: Database, clock: Clock, log_in: LogIn, make_question: MakeQuestion
) -> None:
    learner, question = log_in(locale="en"), make_question()
    answer(db, learner, question, Grade.GOOD, clock(), **RIGHT)
    with db.writing() as session:
        session.execute(update(Card).values(lapses=8))

    page = client.get(f"/cards/{question.id}").text

    assert "Forgotten 8 times." in page
    assert "Réseau" in page


def test_the_intervals_are_drawn_with_their_figures_behind(
    client: FlaskClient, db: Database, clock: Clock, log_in: LogIn, make_question: MakeQuestion
) -> None:
    learner, question = log_in(locale="en"), make_question()
    for days in (1, 6):
        answer(db, learner, question, Grade.GOOD, clock(), **RIGHT)
        clock.advance(days=days)

    page = client.get(f"/cards/{question.id}").text

    assert "Intervals of this card: 1 day, 6 days." in page
    assert "Days between two answers to this card" in page
    assert "style=" not in page


@pytest.mark.parametrize("flag", ["reserved", "draft", "retired"])
def test_a_question_that_is_not_asked_is_a_404(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, flag: str
) -> None:
    log_in()
    question = make_question(**{flag: True})

    assert client.get(f"/cards/{question.id}").status_code == 404


def test_a_question_of_another_course_is_a_404(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, make_course: Callable[..., Course]
) -> None:
    log_in()
    question = make_question(of=make_course("git"))

    assert client.get(f"/cards/{question.id}").status_code == 404


def test_another_learner_s_history_is_not_on_the_page(
    client: FlaskClient,
    db: Database,
    clock: Clock,
    log_in: LogIn,
    make_user: Callable[..., Person],
    make_question: MakeQuestion,
) -> None:
    question = make_question()
    answer(db, make_user(), question, Grade.GOOD, clock(), **RIGHT)
    log_in(locale="en")

    page = client.get(f"/cards/{question.id}").text

    assert "No answer yet" in page
    assert EXPLANATION not in page
