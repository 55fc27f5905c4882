"""One question of each type, and what a learner may answer to it."""

from collections.abc import Mapping
from typing import Any

import pytest

from app.bank.schema import Question, from_document

_COMMON = {
    "objectives": ["network.host"],
    "level": 2,
    "text": {"fr": "Quelle réponse ?", "en": "Which answer?"},
    "explanation": {"fr": "Parce que.", "en": "Because."},
}
_DOCUMENTS: dict[str, dict[str, Any]] = {
    "single": {"choices": [{"id": key, "text": f"choice {key}", "correct": key == "a"} for key in "abcd"]},
    "multiple": {"choices": [{"id": key, "text": f"choice {key}", "correct": key in "ab"} for key in "abcde"]},
    "true_false": {"answer": False},
    "short_answer": {"accept": ["réseau bridge", "bridge"]},
    "command": {"accept": ["docker run -d nginx"], "ignore": ["--name"]},
    "numerical": {"answer": "1024.5", "tolerance": "0.5", "unit": {"fr": "Mo", "en": "MB"}},
    "cloze": {
        "text": {"fr": "Un {{noun}} isole.", "en": "A {{noun}} isolates."},
        "code": {"language": "dockerfile", "text": "FROM scratch\nCOPY {{from}} /a {{to}}"},
        "blanks": {
            "from": {"accept": ["--from=build", "--from=0"]},
            "to": {"accept": ["/b"]},
            "noun": {"accept": ["namespace"]},
        },
    },
    "ordering": {"items": [{"id": key, "text": f"line {key}"} for key in ("from", "workdir", "copy", "run")]},
    "matching": {
        "pairs": [{"id": key, "left": f"left {key}", "right": f"right {key}"} for key in ("pid", "net", "mnt")],
        "decoys": [{"id": "mem", "right": "right mem"}],
    },
    "flashcard": {"answer": {"fr": "Oui.", "en": "Yes."}},
}


def build(type_: str, fields: Mapping[str, Any] | None = None) -> Question:
    """The question of a type, some of its fields replaced."""
    document = {"id": f"a-{type_.replace('_', '-')}", "type": type_, **_COMMON, **_DOCUMENTS[type_], **(fields or {})}
    return from_document(document)


@pytest.fixture(name="make", scope="session")
def fixture_make() -> Any:
    """Return `build`: one question of a type, some of its fields replaced."""
    return build
