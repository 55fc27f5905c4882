"""Well-written questions of each type, from which a test takes one and spoils it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from app.bank import lint
from app.bank.loader import load_questions
from app.bank.problems import Problem

Fields = dict[str, Any]


def choice(letter: str, fr: str, en: str, **fields: Any) -> Fields:
    """A wrong choice that says why, unless `fields` say otherwise."""
    why = {} if fields.get("correct") else {"why": {"fr": "Il ne tient pas.", "en": "It does not hold."}}
    return {"id": letter, "text": {"fr": fr, "en": en}, **why, **fields}


def same(text: str) -> Fields:
    """A text for a test that looks at both languages alike."""
    return {"fr": text, "en": text}


CHOICES = [
    choice("a", "Le nœud plat", "The reef knot"),
    choice("b", "Le nœud de chaise", "The bowline", correct=True),
    choice("c", "Le nœud coulant", "The slip knot"),
    choice("d", "Le nœud de vache", "The granny knot"),
]
_COMMON = {
    "id": "knots-loop",
    "objectives": ["knots.bowline"],
    "level": 3,
    "text": {"fr": "Quel nœud forme une boucle fixe\u202f?", "en": "Which knot makes a fixed loop?"},
    "explanation": {
        "fr": "Sa boucle ne glisse pas, même sous tension.",
        "en": "Its loop does not slip, even under load.",
    },
}
_OWN: dict[str, Fields] = {
    "single": {"choices": CHOICES},
    "multiple": {"choices": [*CHOICES[:2], {**CHOICES[2], "correct": True}, CHOICES[3]]},
    "true_false": {"answer": True},
    "short_answer": {"accept": ["bowline"]},
    "command": {"accept": ["docker ps --all"]},
    "numerical": {"answer": 8},
    "cloze": {
        "text": {"fr": "La boucle est faite par {{knot}} du marin.", "en": "The loop is made by {{knot}} of sailors."},
        "blanks": {"knot": {"accept": ["bowline"]}},
    },
    "flashcard": {"answer": {"fr": "Le nœud de chaise.", "en": "The bowline."}},
}


def question(kind: str = "single", **fields: Any) -> Fields:
    """A question of a type that breaks no rule, with `fields` in the place of its own."""
    return {**_COMMON, "type": kind, **_OWN[kind], **fields}


def of_choices(*texts: str, key: int = 0, **fields: Any) -> Fields:
    """A question with these choices, the same words in both languages if they have no “ | ” between them."""
    pairs = [text.split(" | ") for text in texts]
    choices = [
        choice("abcdefghi"[position], pair[0], pair[-1], **({"correct": True} if position == key else {}))
        for position, pair in enumerate(pairs)
    ]
    return question(choices=choices, **fields)


Remarks = Callable[..., list[Problem]]
Rules = Callable[..., set[str]]


@pytest.fixture
def remarks() -> Remarks:
    """Return a function: what the rules say of these questions, which are sound."""

    def judge(*documents: Fields, course: Any = None, source: str = "") -> list[Problem]:
        found = load_questions("knots.yaml", json.dumps(documents, ensure_ascii=False, indent=1).encode())
        assert found.problems == ()
        return lint.check(found.questions, course, source)

    return judge


@pytest.fixture
def rules(remarks: Remarks) -> Rules:
    """Return a function: the names of the rules that these questions break."""
    return lambda *documents, **further: {problem.rule for problem in remarks(*documents, **further)}
