"""The page that says what to teach a class again."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.db import Database
from app.models import Question
from app.services.classes import Taught
from app.services.identity import Person
from app.srs.sm2 import Grade
from tests.classroom import answer, enrol, open_class
from tests.conftest import Clock

MakeUser = Callable[..., Person]
MakeQuestion = Callable[..., Question]
WORDS = {"level": 1, "text": {"fr": "Quoi ?", "en": "What?"}, "explanation": {"fr": "Ceci.", "en": "This."}}
CHOICES = [
    {"id": "a", "text": "A", "correct": True},
    {"id": "b", "text": "B", "correct": True},
    {"id": "c", "text": "C"},
]
PAIRS = [{"id": "x", "left": "Port", "right": "`-p`"}, {"id": "y", "left": "Volume", "right": "`-v`"}]
GAPS = {"text": {"fr": "Une {{one}}.", "en": "An {{one}}."}, "blanks": {"one": {"accept": ["image"]}}}


@pytest.fixture
def taught(db: Database, clock: Clock, course: object, log_in: Callable[..., Person]) -> Taught:
    return open_class(db, log_in(role="teacher", locale="en"), clock())


@pytest.fixture
def read(
    client: FlaskClient, db: Database, clock: Clock, taught: Taught, make_user: MakeUser
) -> Callable[[Question, dict[str, Any]], str]:
    """Return a function that lets six students answer a question alike, and reads the page's words."""

    def page(question: Question, response: dict[str, Any]) -> str:
        for number in range(6):
            who = enrol(db, taught, make_user(), f"Name {number}", clock())
            answer(db, who, question, Grade.WRONG, clock(), response=response, credit=Fraction(0))
        text = re.sub("<[^>]+>", "", client.get(f"/teach/classes/{taught.id}/again").text)
        return " ".join(text.split())

    return page


def test_without_answers_the_page_says_when_it_will_tell_something(client: FlaskClient, taught: Taught) -> None:
    page = client.get(f"/teach/classes/{taught.id}/again").text

    assert "No wrong answer stands out" in page
    assert "Not enough answers yet" in page
    assert "once 5 students have answered it and there are 10 answers" in page


def test_a_believed_choice_is_shown_with_its_why_its_share_and_its_section(
    make_question: MakeQuestion, read: Callable[[Question, dict[str, Any]], str]
) -> None:
    page = read(make_question(), {"choice": "a"})

    assert "Taken for right: host" in page
    assert "First answer: 6 of 6 (100%; likely between 61% and 100%)." in page
    assert "It shares everything." in page
    assert "On a later day: not enough answers yet." in page
    assert "In the course: Réseau" in page


@pytest.mark.parametrize(
    ("body", "response", "words"),
    [
        ({"type": "multiple", "choices": CHOICES}, {"choices": ["a"]}, "Right, and left out: B"),
        ({"type": "true_false", "answer": False}, {"value": True}, "Judged true, and it is false."),
        ({"type": "true_false", "answer": True}, {"value": False}, "Judged false, and it is true."),
        ({"type": "short_answer", "accept": ["image"]}, {"text": "<b>layer"}, "Typed: &lt;b&gt;layer"),
        ({"type": "cloze", **GAPS}, {"blanks": {"one": "layer"}}, "Typed in missing part 1: layer"),
        ({"type": "matching", "pairs": PAIRS}, {"pairs": {"x": "y"}}, "Port is paired with -v; it goes with -p"),
    ],
)
def test_each_kind_of_mistake_is_told_in_words(
    make_question: MakeQuestion,
    read: Callable[[Question, dict[str, Any]], str],
    body: dict[str, Any],
    response: dict[str, Any],
    words: str,
) -> None:
    assert words in read(make_question(**{**WORDS, **body}), response)


def test_the_code_that_a_question_is_about_is_shown_with_it(
    make_question: MakeQuestion, read: Callable[[Question, dict[str, Any]], str]
) -> None:
    code = {"language": "text", "text": "docker run alpine\ndocker ps -a\n"}
    question = make_question(**{**WORDS, "type": "short_answer", "accept": ["image"], "code": code})

    assert "docker run alpine docker ps -a Typed: layer" in read(question, {"text": "layer"})


def test_no_gap_is_shown_by_its_name(
    make_question: MakeQuestion, read: Callable[[Question, dict[str, Any]], str]
) -> None:
    code = {"language": "text", "text": "FROM {{two}}\nRUN true\n"}
    blanks = {**GAPS["blanks"], "two": {"accept": ["alpine"]}}
    question = make_question(**{**WORDS, "type": "cloze", **GAPS, "code": code, "blanks": blanks})

    page = read(question, {"blanks": {"one": "image", "two": "layer"}})

    assert "An …. TextFROM … RUN true" in page
    assert "{{" not in page


def test_a_weak_objective_is_shown_with_its_section(
    db: Database,
    clock: Clock,
    make_question: MakeQuestion,
    taught: Taught,
    make_user: MakeUser,
    client: FlaskClient,
) -> None:
    questions = [make_question(objective="network.isolation") for _ in range(2)]
    for number in range(5):
        who = enrol(db, taught, make_user(), f"Name {number}", clock())
        for question in questions:
            answer(db, who, question, Grade.WRONG, clock())

    page = " ".join(re.sub("<[^>]+>", "", client.get(f"/teach/classes/{taught.id}/again").text).split())

    assert "Right first time: 0 of 10 (0%; likely between 0% and 28%), 5 students." in page


def test_a_large_class_costs_as_many_statements_as_a_small_one(
    client: FlaskClient,
    db: Database,
    clock: Clock,
    taught: Taught,
    make_user: MakeUser,
    make_question: MakeQuestion,
    count_statements: Any,
) -> None:
    def join(number: int) -> None:
        who = enrol(db, taught, make_user(), f"Name {number}", clock())
        answer(db, who, make_question(), Grade.WRONG, clock(), response={"choice": "a"}, credit=Fraction(0))

    join(0)
    with count_statements(db) as one:
        client.get(f"/teach/classes/{taught.id}/again")
    for number in range(1, 12):
        join(number)

    with count_statements(db) as many:
        client.get(f"/teach/classes/{taught.id}/again")

    assert len(one) == len(many)


def test_a_long_list_is_shown_in_full_when_that_is_asked_for(
    db: Database, clock: Clock, make_question: MakeQuestion, taught: Taught, make_user: MakeUser, client: FlaskClient
) -> None:
    questions = [make_question() for _ in range(12)]
    for number in range(5):
        who = enrol(db, taught, make_user(), f"Name {number}", clock())
        for question in questions:
            answer(db, who, question, Grade.WRONG, clock(), response={"choice": "a"}, credit=Fraction(0))

    few = client.get(f"/teach/classes/{taught.id}/again").text
    every = client.get(f"/teach/classes/{taught.id}/again?all=believed").text

    assert (few.count("Taken for right:"), every.count("Taken for right:")) == (10, 12)
    assert "2 more" in few
    assert f'href="/teach/classes/{taught.id}/again?all=believed#believed"' in few
    assert "2 more" not in every
