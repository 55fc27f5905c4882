"""From the errors of a model to problems that say where to look in the file, and what to do."""

from collections.abc import Iterable, Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.bank.positions import Located, Path, Place
from app.bank.problems import Problem, suggest
from app.bank.rules import LANGUAGES, Fault
from app.bank.schema import MODELS

_ID = "use lower-case letters, digits and hyphens"
# The type of pydantic's error: what is wrong, and what to do; {given} and the error's own context fill them in.
_WORDS = {
    "string_type": ("a text is expected, not {given}", 'put it in quotes: "{given}"'),
    "bool_type": ("true or false is expected, not {given}", ""),
    "int_type": ("a whole number is expected, not {given}", ""),
    "tuple_type": ("a list is expected", "begin each entry with “- ”"),
    "dict_type": ("keys and values are expected", "write “key: value” lines"),
    "model_type": ("keys and values are expected, not {given}", "write “key: value” lines"),
    "literal_error": ("{given} is not one of {expected}", ""),
    "string_too_short": ("there is nothing here", "write something, or remove the key"),
    "string_too_long": ("this is longer than {max_length} characters", ""),
    "string_pattern_mismatch": ("“{given}” has characters that may not stand here", _ID),
    "too_long": ("at most {max_length} are allowed, not {actual_length}", ""),
    "greater_than_equal": ("this must be at least {ge}", ""),
    "less_than_equal": ("this must be at most {le}", ""),
}
_SHOWN = 60


def explain(
    error: ValidationError,
    name: str,
    located: Located,
    base: Path,
    model: type[BaseModel],
    faults: Iterable[Fault] = (),
) -> Iterator[Problem]:
    """Each error of `model`, read at the path `base` of the file `name`, and each of the `faults`, at its place.

    A model looks for faults only when its fields are sound: `faults` are those of the values as they stand. What
    the reader has refused already is not reported a second time, nor what a key that nobody knows may explain.
    """
    reported = {(problem.line, problem.column) for problem in located.problems}
    errors = [details for details in error.errors(include_url=False) if details["type"] != "faults"]
    unknown = {details["loc"][:-1] for details in errors if details["type"] == "extra_forbidden"}
    told = [one for details in errors for one in _explain_one(details, located, base, model)]
    told += [
        (located.place((*base, *fault.path)), fault.message, fault.hint)
        for fault in faults
        if unknown.isdisjoint(fault.holders)
    ]
    for place, message, hint in told:
        if place not in reported:
            yield Problem(name, *place, message, hint)


def _explain_one(
    details: ErrorDetails, located: Located, base: Path, model: type[BaseModel]
) -> Iterator[tuple[Place, str, str]]:
    kind, path, context = details["type"], (*base, *details["loc"]), details.get("ctx", {})
    name = path[-1] if path else ""
    if kind == "missing":
        hint = "both languages are required" if name in LANGUAGES else ""
        yield located.key(path[:-1]), f"“{name}” is missing", hint
    elif kind == "extra_forbidden":
        yield located.key(path), f"unknown key “{name}”", _hint_for_key(str(name), model, details["loc"])
    elif kind == "too_short":
        # Entries with errors of their own are not counted: the list may be long enough.
        if len(details["input"]) < context["min_length"]:
            yield located.key(path), f"this needs at least {context['min_length']} and has {len(details['input'])}", ""
    else:
        message, hint = _WORDS.get(kind, (details["msg"].replace("{", "{{").replace("}", "}}"), ""))
        words = {**context, "given": _given(details["input"])}
        if isinstance(details["input"], list | dict):
            hint = ""
        yield located.place(path), f"{_field(path)}{message.format(**words)}", hint.format(**words)


def _field(path: Path) -> str:
    names = [part for part in path if isinstance(part, str)]
    return f"{names[-1]}: " if names else ""


def _given(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, dict):
        return "keys and values"
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _hint_for_key(name: str, model: type[BaseModel], loc: Path) -> str:
    owner = _model_at(model, loc[:-1])
    known = list(owner.model_fields) if owner else []
    elsewhere = owner is model and any(name in other.model_fields for other in MODELS.values())
    return suggest(name, known, "questions of this type do not have it" if elsewhere else f"known: {', '.join(known)}")


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """The model that `path` leads to from `model`, through the positions of lists and the keys of mappings."""
    current: type[BaseModel] | None = model
    for step in path:
        if current is None:
            return None
        field = current.model_fields.get(str(step))
        if field is not None:
            current = _model_in(field.annotation)
    return current


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := _model_in(each))), None)
