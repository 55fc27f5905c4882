"""A response in words, as its student reads it again."""

from typing import Any

import pytest

from app.bank.schema import Question, from_document
from app.exam import given

WORDS = {"fr": "Texte.", "en": "Text."}


def question(kind: str, **more: Any) -> Question:
    return from_document(
        {"id": "q", "type": kind, "objectives": ["a.b"], "level": 1, "text": WORDS, "explanation": WORDS, **more}
    )


CHOICES = [{"id": "a", "text": "`host`"}, {"id": "b", "correct": True, "text": {"fr": "aucun", "en": "none"}}]
ITEMS = [{"id": name, "text": name.title()} for name in ("one", "two", "three")]
PAIRS = {
    "pairs": [{"id": "p", "left": "PID", "right": "numbers"}, {"id": "m", "left": "Mount", "right": "paths"}],
    "decoys": [{"id": "d", "right": "nothing"}],
}


@pytest.mark.parametrize(
    ("asked", "response", "lines"),
    [
        (question("single", choices=CHOICES), {"choice": "b"}, ("none",)),
        (
            question("multiple", choices=[*CHOICES, {"id": "c", "text": "x"}]),
            {"choices": ["a", "b"]},
            ("`host`", "none"),
        ),
        (question("true_false", answer=True), {"value": False}, ("false",)),
        (question("short_answer", accept=["x"]), {"text": "mine"}, ("mine",)),
        (question("numerical", answer=4), {"text": "4,5"}, ("4,5",)),
        (question("ordering", items=ITEMS), {"order": ["two", "one", "three"]}, ("Two", "One", "Three")),
        (question("matching", **PAIRS), {"pairs": {"p": "d"}}, ("PID → nothing",)),
    ],
)
def test_a_response_is_told_in_words(asked: Question, response: dict[str, Any], lines: tuple[str, ...]) -> None:
    assert given.lines(asked, response, "en") == lines


def test_gaps_are_told_by_their_place() -> None:
    code = {"language": "text", "text": "FROM {{base}}\nRUN {{what}}\n"}
    blanks = {"base": {"accept": ["alpine"]}, "what": {"accept": ["make"]}}
    asked = question("cloze", code=code, blanks=blanks)

    assert given.lines(asked, {"blanks": {"what": "cmake"}}, "fr") == ("(2) cmake",)


@pytest.mark.parametrize("response", [None, {}, {"dont_know": True}, {"choice": "zz"}])
def test_no_response_and_nonsense_have_no_words(response: Any) -> None:
    assert given.lines(question("single", choices=CHOICES), response, "fr") == ()
