"""What is wrong in a file is told in the language of the page: no sentence of the readers is forgotten."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from app.bank import archives, uploads
from app.bank.complaints import _WORDS
from app.bank.course import _DASH
from app.bank.french import MARKS
from app.web.teach.problem_words import SENTENCES, in_page_language
from app.web.teach.writing_words import KINDS
from tests.bank.lint.conftest import choice
from tests.bank.lint.conftest import question as well_written
from tests.bank.packing import both, question, written

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


def literals(node: ast.expr, filled: Mapping[str, str] = FILLED) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(
            str(part.value) if isinstance(part, ast.Constant) else filled.get(ast.unparse(part.value), "x")
            for part in node.values
            if isinstance(part, ast.Constant | ast.FormattedValue)
        )
    elif isinstance(node, ast.IfExp):
        yield from (*literals(node.body, filled), *literals(node.orelse, filled))


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


# The same for the rules of writing: in all of them, or in one.
OF_RULES = {"message": "EXPOSE takes port numbers", "with_or_without": "with", "kinds[key]": "a number"}
OF_RULES |= {"other": "an article", "_around(text, found)": "x"}
OF_A_RULE = {"choices": {"where": "begin"}, "compose": {"where": "the file"}, "typography": {"message": MARKS[0][1]}}
JUDGES = ["answers", "choices", "clues", "code", "compose", "console", "dockerfile", "pairs", "stem", "typography"]


def remarks(module: str) -> Iterator[str]:
    """The sentences that a module of rules yields, alone or after a place, or returns."""
    for node in ast.walk(ast.parse((APP / f"bank/lint/{module}.py").read_text("utf-8"))):
        if isinstance(node, ast.Yield | ast.Return) and node.value is not None:
            said = node.value.elts[-1] if isinstance(node.value, ast.Tuple) else node.value
            said = said.left if isinstance(said, ast.BinOp) else said
            filled = OF_RULES | OF_A_RULE.get(module, {})
            yield from (text for text in literals(said, filled) if " " in text.strip() and text not in KINDS)


@pytest.mark.parametrize("module", JUDGES)
def test_every_remark_on_the_writing_has_its_translation(app: Flask, module: str) -> None:
    found = list(remarks(module))

    with app.test_request_context(), force_locale("fr"):
        assert [one for one in found if in_page_language(one) is None] == []
    assert len(found) >= 3


def test_every_remark_on_all_questions_together_has_its_translation(app: Flask) -> None:
    first = [choice("a", "Un", "One", correct=True), choice("b", "Le", "The"), choice("c", "Les", "His")]
    choices = [{**one, "text": both("long" * 20 * ("correct" in one) + one["id"])} for one in first]
    single = [well_written(id=f"s-{number}", level=1, shuffle=False, choices=choices) for number in range(24)]
    stated = [
        well_written("true_false", level=1, id=f"t-{number}", text=both("Il faut toujours always."), answer=False)
        for number in range(12)
    ]
    package = uploads.read("knots.yaml", written([*single, *stated]))

    told = uploads.remarks(package)

    names = {
        "pinned-position",
        "written-position",
        "longest-often",
        "true-false",
        "absolute-statements",
        "level-mix",
        "type-mix",
    }
    assert names <= {one.rule for one in told}
    with app.test_request_context(), force_locale("fr"):
        assert [one.message for one in told if in_page_language(one.message) is None] == []


def test_a_remark_keeps_its_line_and_its_kinds(app: Flask) -> None:
    with app.test_request_context(), force_locale("fr"):
        assert (
            in_page_language("line 2 of the snippet: “RUM” is no instruction of a Dockerfile")
            == "ligne 2 de l’extrait\u00a0: «\u00a0RUM\u00a0» n’est pas une instruction d’un Dockerfile"
        )
        assert (
            in_page_language("the right choice begins with a number, the others with an article")
            == "le bon choix commence par un nombre, les autres par un article"
        )
