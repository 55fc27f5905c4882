"""The published schemas: what an editor takes is what the bank reads, and the other way round."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from app.bank import json_schema, positions
from app.bank.course import Course
from app.bank.loader import load_course_file, load_questions
from app.bank.schema import MODELS
from tests.bank.packing import course

ROOT = Path(__file__).resolve().parents[2] / "questions"
SOUND: dict[str, Any] = {
    "id": "one",
    "type": "true_false",
    "objectives": ["a.b"],
    "level": 1,
    "text": {"fr": "Vrai.", "en": "True."},
    "answer": True,
    "explanation": {"fr": "Oui.", "en": "Yes."},
}


def faults(name: str, value: Any) -> list[str]:
    """What an editor underlines."""
    return [error.message for error in Draft202012Validator(json_schema.SCHEMAS[name]()).iter_errors(value)]


def read(path: Path) -> Any:
    """A file as an editor reads it: numbers are numbers."""
    return json.loads(json.dumps(positions.read(str(path), path.read_bytes()).value, default=float))


@pytest.mark.parametrize("name", json_schema.SCHEMAS)
def test_the_published_file_is_the_one_of_the_code(name: str) -> None:
    assert (ROOT / f"{name}.schema.json").read_text(encoding="utf-8") == json_schema.published(name)


@pytest.mark.parametrize("name", json_schema.SCHEMAS)
def test_it_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(json_schema.SCHEMAS[name]())


@pytest.mark.parametrize("path", sorted(ROOT.glob("*/*.yaml")), ids=lambda path: path.stem)
def test_the_files_of_the_bank_have_no_fault(path: Path) -> None:
    assert faults("course" if path.stem == "course" else "questions", read(path)) == []


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"colour": "blue"}, "'colour' was unexpected"),
        ({"text": {"fr": "Vrai."}}, "is not valid under any of the given schemas"),
        ({"level": 4}, "4 is greater than the maximum of 3"),
        ({"id": "One"}, "'One' does not match"),
        ({"answer": "yes"}, "'yes' is not of type 'boolean'"),
        ({"explanation": None}, "None is not valid under any of the given schemas"),
        ({"type": "essay"}, "'essay' is not one of"),
        ({"type": "single"}, "'choices' is a required property"),
    ],
)
def test_an_editor_underlines_what_the_bank_would_refuse(fault: dict[str, Any], words: str) -> None:
    assert any(words in told for told in faults("questions", [SOUND | fault]))


def test_a_plain_text_stands_for_both_languages() -> None:
    assert faults("questions", [SOUND | {"text": "`docker ps`"}]) == []


CHOICES = [
    {"id": "a", "text": {"fr": "Un", "en": "One"}, "correct": True},
    {"id": "b", "text": {"fr": "Deux"}, "why": {"fr": "Non."}},
]
SINGLE = {key: value for key, value in SOUND.items() if key != "answer"} | {"type": "single", "choices": CHOICES}
PAIRS = [{"id": name, "left": {"fr": "Un"}, "right": {"en": "One"}} for name in ("a", "b", "c")]
MATCHING = {**SINGLE, "type": "matching", "pairs": PAIRS}
MATCHING.pop("choices")


@pytest.mark.parametrize("status", [{}, {"status": "draft"}], ids=["a question", "a draft"])
@pytest.mark.parametrize(
    "document",
    [
        SOUND,
        SOUND | {"text": {"en": "True."}},
        SOUND | {"explanation": {"fr": "Oui."}},
        SOUND | {"text": {}},
        SOUND | {"text": {"de": "Wahr."}},
        SOUND | {"text": {"fr": ""}},
        SOUND | {"text": {"fr": "Vrai.", "en": "True.", "de": "Wahr."}},
        SINGLE,
        MATCHING,
    ],
)
def test_one_language_is_enough_where_the_loader_says_so(document: dict[str, Any], status: dict[str, str]) -> None:
    written = json.dumps([document | status], ensure_ascii=False).encode()

    refused = [one for one in load_questions("a.yaml", written).problems if one.severity == "error"]

    assert bool(faults("questions", [document | status])) == bool(refused)


@pytest.mark.parametrize("of", ["the course", "its topic", "nothing"])
@pytest.mark.parametrize("lacking", ["the course", "its topic"])
def test_a_mark_in_a_course_is_about_the_words_beside_it(of: str, lacking: str) -> None:
    made = course()
    parts = {"the course": made, "its topic": made["topics"][0], "nothing": {}}
    parts[of]["status"] = "draft"
    del parts[lacking]["title"]["en"]

    _, _, problems = load_course_file("course.yaml", json.dumps(made).encode())

    refused = [one for one in problems if one.severity == "error"]
    assert bool(faults("course", made)) == bool(refused) == (of != lacking)


def test_a_word_is_said_of_fields_that_exist_only() -> None:
    models = [*MODELS.values(), Course]
    fields = {name for model in models for part in json_schema_parts(model) for name in part.get("properties", {})}

    assert json_schema.TOLD.keys() <= fields


def json_schema_parts(model: Any) -> list[dict[str, Any]]:
    """A model and its parts, as pydantic describes them."""
    made = model.model_json_schema()
    return [made, *made.get("$defs", {}).values()]
