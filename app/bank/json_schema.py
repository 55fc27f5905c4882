"""The bank's files as JSON Schemas, from which editors complete, explain and check while one types.

They are made from the models that read the files, so that the two cannot disagree. What only shows
across fields or files (a blank that is declared and used, an objective that exists) is left to `bank check`.

What is marked as a draft may be in one language, down to its last text. So each part that holds a text is there
twice, the second time for drafts, under its name and `Draft`.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from app.bank.course import Course
from app.bank.drafts import DRAFT
from app.bank.schema import MODELS, QUESTION

DIALECT = "https://json-schema.org/draft/2020-12/schema"

# What an editor says beside a field; fields that explain themselves are left out.
TOLD: Mapping[str, str] = {
    "accept": "Answers that are right; the first is the one shown.",
    "allow": "Rules of writing that this question may break: {rule: reason}.",
    "blanks": "The gaps, by the name that stands in {{name}}.",
    "case": "“exact” when upper and lower case differ; “fold” otherwise.",
    "choices": "2 to 9 choices, shown shuffled unless `shuffle` is false.",
    "code": "A snippet that both languages share.",
    "complement": "True for what the course itself does not teach.",
    "core": "True for a topic that is studied in most depth.",
    "confidence": "From 0 to 1: how likely a person is to keep it.",
    "correct": "True for a right choice.",
    "decoys": "Right-hand sides that pair with nothing.",
    "explanation": "Why the answer is the answer, shown after it.",
    "fingerprint": "Of the sentences of the course that the question was made from.",
    "gives_away": "Ids of questions whose answer this one tells.",
    "id": "A stable name: lower-case letters, digits, hyphens.",
    "ignore": "Options that may be there and do not count.",
    "items": "Written in the right order.",
    "language": "The language the course is taught in, and of its headings: fr unless given.",
    "level": "For a question: 1 recognise, 2 understand, 3 apply. For a heading: 1 for the highest.",
    "line": "The line of the course, counted from 1.",
    "objectives": "Ids of course.yaml; the first is the one examined, the others are touched.",
    "origin": "Where `bank extract` found it; kept when the draft becomes a question.",
    "outline": "The headings of the course.",
    "pairs": "Things that belong together, a left and a right side each.",
    "reserved": "True keeps the question out of review and practice.",
    "section": "The titles of the outline that lead there, joined by “ > ”; of an origin, the id of its heading.",
    "see_also": "Ids of related questions.",
    "shuffle": "False shows the choices in the order of the file.",
    "status": "“draft” until somebody has read it; a question is kept out of everything until then.",
    "text": "The words, in Markdown.",
    "tolerance": "How far from `answer` a number may be and still be right.",
    "type": "One of the ten types of question.",
    "unit": "What the number counts; it may be left out by the learner.",
    "weight": "1 marginal, 2 useful, 3 very likely examined.",
    "why": "Told to whoever took this choice, or left it, by mistake.",
}


def questions() -> dict[str, Any]:
    """The schema of a file of questions."""
    made = QUESTION.json_schema()
    parts = _with_drafts(_told(made["$defs"]))
    by_type = [
        {
            "if": {"properties": {"type": {"const": name}}, "required": ["type"]},
            "then": _by_status(model.__name__),
        }
        for name, model in MODELS.items()
    ]
    one = {
        "type": "object",
        "properties": {"type": {"enum": list(MODELS), "description": TOLD["type"]}},
        "required": ["type"],
        "allOf": by_type,  # by the type that is written, so that an editor explains that type and no other
    }
    return {
        "$schema": DIALECT,
        "title": "Questions of one topic",
        "type": "array",
        "items": one,
        "$defs": parts,
    }


def course() -> dict[str, Any]:
    """The schema of a course.yaml."""
    made = Course.model_json_schema()
    parts = _with_drafts(_told({**made.pop("$defs"), "Course": made}))
    return {"$schema": DIALECT, "title": "A course", **_by_status("Course"), "$defs": parts}


SCHEMAS: Mapping[str, Callable[[], dict[str, Any]]] = {"questions": questions, "course": course}


def published(name: str) -> str:
    """The text of the file in which the schema called `name`, a key of SCHEMAS, is published."""
    return json.dumps(SCHEMAS[name](), ensure_ascii=False, indent=2) + "\n"


def _told(parts: dict[str, Any]) -> dict[str, Any]:
    """The parts with a word on each field, without what a file cannot say, and texts in one language allowed."""
    for part in parts.values():
        for name, field in part.get("properties", {}).items():
            part["properties"][name] = _field(name, field)
        part.pop("title", None)
    text = parts["Text"]
    plain = {"type": "string", "minLength": 1, "description": "Code or a name that is the same in both languages."}
    parts["Text"] = {"description": text.pop("description"), "anyOf": [plain, text]}
    return parts


def _field(name: str, field: dict[str, Any]) -> dict[str, Any]:
    given = [one for one in field.get("anyOf", ()) if one != {"type": "null"}]  # there is no empty value in a file
    if len(given) == 1:
        field = {**{key: value for key, value in field.items() if key not in ("anyOf", "default")}, **given[0]}
    field.pop("title", None)
    return {**field, "description": TOLD[name]} if name in TOLD else field


_REF = "#/$defs/"
_IS_DRAFT = {"properties": {"status": {"const": DRAFT}}, "required": ["status"]}


def _by_status(name: str) -> dict[str, Any]:
    """The part called `name`, or the one for drafts when that is what it is marked as."""
    return {"if": _IS_DRAFT, "then": {"$ref": f"{_REF}{name}Draft"}, "else": {"$ref": f"{_REF}{name}"}}


def _with_drafts(parts: dict[str, Any]) -> dict[str, Any]:
    """The parts, those that hold a text once more for drafts; a part with a mark of its own goes by that mark."""
    worded = {"Text"}
    while more := {name for name, part in parts.items() if name not in worded and worded & _named(part)}:
        worded |= more
    marked = {name: _by_status(name) for name in worded if "status" in parts[name].get("properties", {})}
    lenient = {name: _ref(f"{name}Draft") for name in worded} | marked
    drafts = {f"{name}Draft": _renamed(parts[name], lenient) for name in worded}
    plain, text = parts["Text"]["anyOf"]
    one = {**{key: value for key, value in text.items() if key != "required"}, "minProperties": 1}
    said = "Words in one language or both, while this is a draft."
    drafts["TextDraft"] = {"description": said, "anyOf": [plain, one]}
    return {name: _renamed(part, marked) for name, part in parts.items()} | dict(sorted(drafts.items()))


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"{_REF}{name}"}


def _named(schema: Any) -> set[str]:
    """The names of the parts to which a schema refers itself."""
    if isinstance(schema, list):
        return set().union(*map(_named, schema))
    if not isinstance(schema, dict):
        return set()
    here = {schema["$ref"].removeprefix(_REF)} if "$ref" in schema else set()
    return here.union(*map(_named, schema.values()))


def _renamed(schema: Any, others: Mapping[str, dict[str, Any]]) -> Any:
    """The same schema, with others in the place of its references to some parts."""
    if isinstance(schema, list):
        return [_renamed(one, others) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: _renamed(value, others) for key, value in schema.items() if key != "$ref"}
    if "$ref" not in schema:
        return inner
    return inner | others.get(schema["$ref"].removeprefix(_REF), {"$ref": schema["$ref"]})
