"""What is wrong in a file is told in the language of the page: no sentence of the readers is forgotten."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from app.bank import archives, uploads
from app.bank.complaints import _WORDS
from app.bank.course import _DASH
from app.bank.french import MARKS
from app.web.teach.problem_words import SENTENCES, in_page_language
from tests.bank.packing import question, written

APP = Path(__file__).parents[3] / "app"
READERS = ["bank/archives", "bank/uploads", "bank/loader", "bank/positions", "bank/rules", "bank/course"]
READERS += ["bank/crossing", "bank/drafts"]
READERS += ["services/upload_differences"]
SAYING = {"Problem", "refuse", "Fault", "_Refused", "_problem", "suggest"}
# What a hole is filled with that is no name of somebody's own.
FILLED = {
    "message": "a space too many",
    "what": "option",
    "whose": "was uploaded by somebody else",
    "BETWEEN_TITLES": " > ",
    "told": "x",
    "course.called": "the course",
    "texts": "2 texts",
}


def sentences(module: str) -> Iterator[str]:
    """The sentences that a module passes on, or names before it does, their holes filled with an x."""
    for node in ast.walk(ast.parse((APP / f"{module}.py").read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in SAYING:
                yield from (text for argument in node.args for text in literals(argument) if " " in text)
        if isinstance(node, ast.Assign) and {"hint", "message"} & {getattr(one, "id", "") for one in node.targets}:
            yield from literals(node.value)
        if isinstance(node, ast.Return) and node.value is not None:
            yield from (text for text in literals(node.value) if " " in text)


def literals(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(
            str(part.value) if isinstance(part, ast.Constant) else FILLED.get(ast.unparse(part.value), "x")
            for part in node.values
            if isinstance(part, ast.Constant | ast.FormattedValue)
        )
    elif isinstance(node, ast.IfExp):
        yield from (*literals(node.body), *literals(node.orelse))


@pytest.mark.parametrize("module", READERS)
def test_every_sentence_of_a_reader_has_its_translation(app: Flask, module: str) -> None:
    found = list(sentences(module))

    with app.test_request_context(), force_locale("en"):
        assert [one for one in found if one and in_page_language(one) is None] == []
    assert len(found) >= 2


def test_every_complaint_about_a_field_has_its_translation(app: Flask) -> None:
    holes = dict.fromkeys(("given", "expected", "max_length", "actual_length", "ge", "le"), "x")
    told = [part.format(**holes) for pair in _WORDS.values() for part in pair if part]

    with app.test_request_context(), force_locale("fr"):
        assert [one for one in told if in_page_language(one) is None] == []


def test_every_fault_of_a_heading_has_its_translation(app: Flask) -> None:
    told = [f"{message}: “x”" for _, message in (*MARKS, _DASH)]

    with app.test_request_context(), force_locale("fr"):
        assert [one for one in told if in_page_language(one) is None] == []


def test_every_kind_of_file_that_is_no_bank_has_its_translation() -> None:
    assert set(archives.SIGNATURES.values()) <= set(SENTENCES)


def test_a_sentence_keeps_what_it_names(app: Flask) -> None:
    with app.test_request_context(), force_locale("fr"):
        assert in_page_language("did you mean “knots.reef”?") == "vouliez-vous dire «\u00a0knots.reef\u00a0»\u202f?"
        assert in_page_language("level: this must be at most 3") == "level\u00a0: ceci doit valoir au plus 3"
        assert (
            in_page_language("the key “100 %(x)s” is there twice") == "la clé «\u00a0100 %(x)s\u00a0» est là deux fois"
        )


def test_an_unknown_sentence_is_left_to_the_page(app: Flask) -> None:
    with app.test_request_context(), force_locale("fr"):
        assert in_page_language("something nobody foresaw") is None


def test_a_file_full_of_faults_is_told_in_french(app: Flask) -> None:
    wrong = [
        {"id": "A", "colour": "blue"},
        "x",
        {"type": "sngle"},
        question(level="two", accept=[], text={"fr": "x"}),
        question("b", status="done", shuffle=3, objectives="a"),
        {**question("c"), "type": "single", "choices": [{"id": "a", "text": "b"}, {"id": "a", "text": "b"}]},
    ]
    package = uploads.read("knots.yaml", written(wrong) + b"- id: yes\n  level: 012\n")

    with app.test_request_context(), force_locale("fr"):
        said = [in_page_language(part) for one in package.problems for part in (one.message, one.hint) if part]

    assert len(package.problems) > 12
    assert None not in said
