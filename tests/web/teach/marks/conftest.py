"""An exam with a question of each type, and its teacher in front of a browser."""

from collections.abc import Callable
from typing import Any

import pytest

from app.exam import responses
from app.models import Question
from app.services.attempts import Change
from app.services.identity import Person
from tests.hall import Hall

WORDS: dict[str, Any] = {"level": 1, "text": {"fr": "Quoi ?", "en": "What?"}, "explanation": "Parce que."}
TYPES: dict[str, dict[str, Any]] = {
    "single": {"choices": [{"id": key, "text": f"choix {key}", "correct": key == "a"} for key in "abc"]},
    "multiple": {"choices": [{"id": key, "text": f"choix {key}", "correct": key in "ab"} for key in "abcd"]},
    "true_false": {"answer": False},
    "short_answer": {"accept": ["none"]},
    "command": {"accept": ["docker run -d nginx"], "ignore": ["--name"]},
    "numerical": {"answer": "80", "tolerance": "0.5"},
    "cloze": {
        "code": {"language": "dockerfile", "text": "COPY {{from}} {{to}}"},
        "blanks": {"from": {"accept": ["."]}, "to": {"accept": ["/a"]}},
    },
    "ordering": {"items": [{"id": key, "text": f"ligne {key}"} for key in "abc"]},
    "matching": {
        "pairs": [{"id": key, "left": f"gauche {key}", "right": f"droite {key}"} for key in "ab"],
        "decoys": [{"id": "c", "right": "droite c"}],
    },
}
RESPONSES: dict[str, dict[str, Any]] = {
    "single": {"choice": "b"},
    "multiple": {"choices": ["a", "c"]},
    "true_false": {"value": True},
    "short_answer": {"text": "Nul <b>"},
    "command": {"text": "docker run nginx"},
    "numerical": {"text": "8080"},
    "cloze": {"blanks": {"from": ".", "to": "/b"}},
    "ordering": {"order": ["b", "a", "c"]},
    "matching": {"pairs": {"a": "b", "b": "c"}},
}


@pytest.fixture
def every_type(make_hall: Callable[..., Hall], make_question: Callable[..., Question]) -> Hall:
    """An exam with one question of each type, in the order of TYPES."""
    listed = [
        make_question(f"a-{name.replace('_', '-')}", type=name, **WORDS, **fields) for name, fields in TYPES.items()
    ]
    return make_hall(questions=tuple(one.id for one in listed), shuffle_questions=False, pass_hundredths=1000)


@pytest.fixture
def take() -> Callable[[Hall, Person], int]:
    """Return a function by which a student answers RESPONSES and hands in; it returns the attempt."""

    def take(hall: Hall, who: Person) -> int:
        attempt = hall.start(who)
        for at, (item, given) in enumerate(zip(hall.sheet(who, attempt).items, RESPONSES.values(), strict=True), 1):
            hall.save(who, attempt, Change(at, 1, responses.to_fields(item.body, given, item.seed)))
        hall.submit(who, attempt)
        return attempt

    return take
