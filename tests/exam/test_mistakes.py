"""The wrong parts of a response."""

from typing import Any

import pytest

from app.bank.schema import Question, from_document
from app.exam.mistakes import Kind, find


def question(kind: str, **body: Any) -> Question:
    words = {"text": {"fr": "Quoi ?", "en": "What?"}, "explanation": {"fr": "Ceci.", "en": "This."}}
    return from_document({"id": "q", "objectives": ["o"], "level": 1, "type": kind, **words, **body})


CHOICES = [
    {"id": "a", "text": "A"},
    {"id": "b", "text": "B", "correct": True},
    {"id": "c", "text": "C", "correct": True},
    {"id": "d", "text": "D"},
]
SINGLE = question("single", choices=[*CHOICES[:2], CHOICES[3]])
MULTIPLE = question("multiple", choices=CHOICES)
STATEMENT = question("true_false", answer=False)
SHORT = question("short_answer", accept=["docker ps"])
COMMAND = question("command", accept=["docker ps -a"])
NUMBER = question("numerical", answer=80)
GAPS = question(
    "cloze",
    text={"fr": "{{one}} et {{two}}", "en": "{{one}} and {{two}}"},
    blanks={"one": {"accept": ["image"]}, "two": {"accept": ["volume"]}},
)
PAIRS = question(
    "matching",
    pairs=[{"id": "x", "left": "X", "right": "1"}, {"id": "y", "left": "Y", "right": "2"}],
    decoys=[{"id": "z", "right": "3"}],
)
ORDER = question("ordering", items=[{"id": key, "text": key.upper()} for key in "abc"])


@pytest.mark.parametrize(
    ("asked", "response", "found"),
    [
        (SINGLE, {"choice": "a"}, [(Kind.TAKEN, "", "a")]),
        (MULTIPLE, {"choices": ["a", "b"]}, [(Kind.TAKEN, "", "a"), (Kind.LEFT, "", "c")]),
        (STATEMENT, {"value": True}, [(Kind.JUDGED, "", "true")]),
        (SHORT, {"text": "Docker  List"}, [(Kind.TYPED, "", "Docker List")]),
        (COMMAND, {"text": "docker ps"}, [(Kind.TYPED, "", "docker ps")]),
        (NUMBER, {"text": "8080"}, [(Kind.TYPED, "", "8080")]),
        (GAPS, {"blanks": {"one": "image", "two": "disk"}}, [(Kind.TYPED, "two", "disk")]),
        (PAIRS, {"pairs": {"x": "z", "y": "y"}}, [(Kind.PAIRED, "x", "z")]),
    ],
)
def test_each_type_tells_its_wrong_parts(asked: Question, response: dict, found: list) -> None:
    assert [(one.kind, one.part, one.given) for one in find(asked, response)] == found


@pytest.mark.parametrize(
    ("asked", "response"),
    [
        (SINGLE, {"choice": "b"}),
        (MULTIPLE, {"choices": ["b", "c"]}),
        (STATEMENT, {"value": False}),
        (SHORT, {"text": "DOCKER PS"}),
        (GAPS, {"blanks": {"one": "image", "two": "volume"}}),
        (PAIRS, {"pairs": {"x": "x", "y": "y"}}),
    ],
)
def test_a_right_answer_holds_no_mistake(asked: Question, response: dict) -> None:
    assert find(asked, response) == ()


@pytest.mark.parametrize("asked", [SINGLE, MULTIPLE, STATEMENT, SHORT, COMMAND, NUMBER, GAPS, PAIRS, ORDER])
@pytest.mark.parametrize("response", [{}, {"dont_know": True}])
def test_who_does_not_know_believes_nothing(asked: Question, response: dict) -> None:
    assert find(asked, response) == ()


def test_an_order_is_not_cut_in_parts() -> None:
    assert find(ORDER, {"order": ["b", "a", "c"]}) == ()


def test_what_was_left_empty_is_not_typed() -> None:
    assert [one.part for one in find(GAPS, {"blanks": {"one": "layer"}})] == ["one"]


@pytest.mark.parametrize(
    ("asked", "one", "other"),
    [
        (SHORT, {"text": "Docker liste"}, {"text": "docker  LISTE."}),
        (COMMAND, {"text": "docker ps --all -q"}, {"text": "docker container ls -q -a"}),
        (NUMBER, {"text": "8080"}, {"text": "8080.0"}),
    ],
)
def test_spellings_that_marking_takes_for_one_are_one_mistake(asked: Question, one: dict, other: dict) -> None:
    assert [found.key for found in find(asked, one)] == [found.key for found in find(asked, other)]


def test_different_answers_are_different_mistakes() -> None:
    assert find(SHORT, {"text": "docker list"})[0].key != find(SHORT, {"text": "docker show"})[0].key
