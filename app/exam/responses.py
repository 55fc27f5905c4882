"""Responses: from form fields to JSON values in the bank's own ids, and back to fill the form again.

A response is one of `{"choice": "b"}` · `{"choices": ["a", "c"]}` (sorted) · `{"value": true}` · `{"text": "…"}` ·
`{"blanks": {"from": "…"}}` · `{"order": ["…"]}` · `{"pairs": {"pid": "net"}}` · `{"dont_know": true}`;
`{}` is no response.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from app.bank.schema import (
    ClozeQuestion,
    CommandQuestion,
    FlashcardQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericalQuestion,
    OrderingQuestion,
    Question,
    ShortAnswerQuestion,
    SingleQuestion,
    TrueFalseQuestion,
)
from app.errors import FieldProblem, Invalid
from app.exam.presentation import Places, place

Response: TypeAlias = Mapping[str, object]
Fields: TypeAlias = Mapping[str, Sequence[str]]

LONGEST_TEXT = 2000
_ALLOWED_CONTROLS = frozenset("\n\t")
_PARTING_CONTROLS = frozenset("\v\f\r\x85")
_DROPPED = frozenset({"Cc", "Cs"})


class InvalidResponse(Invalid):
    """Fields that no form of ours sends; `problems` names each."""


def parse(question: Question, fields: Fields, seed: str) -> dict[str, object]:
    """The response that `fields` hold, `{}` when nothing was chosen or typed.

    `seed` is the one the question was presented with. Raises InvalidResponse with the codes unknown_position,
    repeated, incomplete, too_long (most) and not_boolean. Signs that no keyboard types are left out of texts:
    a paste brings them along unseen, and no database keeps them all.
    """
    if "1" in fields.get("dont_know", ()):
        return {"dont_know": True}
    reader = _Reader(fields, place(question, seed))
    response = reader.read(question)
    if reader.problems:
        raise InvalidResponse(reader.problems)
    return response


def is_empty(response: Response) -> bool:
    """Whether nothing was chosen or typed; "I don't know" is an answer."""
    return not any(value or value is False for value in response.values())


def to_fields(question: Question, response: Response, seed: str) -> dict[str, list[str]]:
    """The fields that `parse` reads as `response`."""
    if response.get("dont_know"):
        return {"dont_know": ["1"]}
    places = place(question, seed)
    value, text = response.get("value"), response.get("text")
    fields = {
        "choice": _positions(places.choices, [response.get("choice")]),
        "choices": _positions(places.choices, _list(response.get("choices"))),
        "order": _positions(places.items, _list(response.get("order"))),
        "value": [str(value).lower()] if isinstance(value, bool) else [],
        "text": [text] if isinstance(text, str) else [],
    }
    typed, chosen = _dict(response.get("blanks")), _dict(response.get("pairs"))
    for number, name in enumerate(places.blanks, 1):
        fields[f"blank-{number}"] = [str(typed[name])] if name in typed else []
    for number, left in enumerate(places.lefts, 1):
        fields[f"pair-{number}"] = _positions(places.rights, [chosen.get(left)])
    return {name: values for name, values in fields.items() if values}


def _positions(ids: Sequence[str], wanted: Sequence[object]) -> list[str]:
    return [str(ids.index(key) + 1) for key in wanted if isinstance(key, str) and key in ids]


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else ()


def _dict(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


class _Reader:
    """The fields of one response, and every problem met in them."""

    def __init__(self, fields: Fields, places: Places) -> None:
        self.fields = fields
        self.places = places
        self.problems: list[FieldProblem] = []

    def read(self, question: Question) -> dict[str, object]:  # noqa: C901 one line a type
        """The response; what is wrong with it is in `problems`."""
        match question:
            case SingleQuestion():
                return _unless_empty("choice", self._chosen("choice", self.places.choices))
            case MultipleQuestion():
                return _unless_empty("choices", sorted(self._ids("choices", self.places.choices)))
            case TrueFalseQuestion():
                return self._boolean()
            case ShortAnswerQuestion() | CommandQuestion() | NumericalQuestion():
                return _unless_empty("text", self._text("text"))
            case ClozeQuestion():
                texts = {name: self._text(f"blank-{number}") for number, name in enumerate(self.places.blanks, 1)}
                return _unless_empty("blanks", {name: text for name, text in texts.items() if text})
            case OrderingQuestion():
                return _unless_empty("order", self._order())
            case MatchingQuestion():
                return _unless_empty("pairs", self._pairs())
            case FlashcardQuestion():
                return {}

    def _problem(self, field: str, code: str, **params: int) -> None:
        self.problems.append(FieldProblem(field, code, tuple(params.items())))

    def _one(self, field: str) -> str:
        """The only value of a field, "" for none."""
        values = {value for value in self.fields.get(field, ()) if value}
        if len(values) > 1:
            self._problem(field, "repeated")
        return min(values, default="")

    def _id(self, field: str, position: str, ids: Sequence[str]) -> str:
        """The id at a position, "" for a problem."""
        known = {str(number): key for number, key in enumerate(ids, 1)}
        if position not in known:
            self._problem(field, "unknown_position")
        return known.get(position, "")

    def _chosen(self, field: str, ids: Sequence[str]) -> str:
        position = self._one(field)
        return self._id(field, position, ids) if position else ""

    def _ids(self, field: str, ids: Sequence[str]) -> list[str]:
        positions = [one.strip() for value in self.fields.get(field, ()) for one in value.split(",") if one.strip()]
        if len(set(positions)) < len(positions):
            self._problem(field, "repeated")
        return [key for position in positions if (key := self._id(field, position, ids))]

    def _order(self) -> list[str]:
        order = self._ids("order", self.places.items)
        if order and not self.problems and len(order) < len(self.places.items):
            self._problem("order", "incomplete")
        return order

    def _pairs(self) -> dict[str, str]:
        chosen = {
            left: self._chosen(f"pair-{number}", self.places.rights) for number, left in enumerate(self.places.lefts, 1)
        }
        return {left: right for left, right in sorted(chosen.items()) if right}

    def _boolean(self) -> dict[str, object]:
        value = self._one("value")
        if value not in ("", "true", "false"):
            self._problem("value", "not_boolean")
        return {"value": value == "true"} if value else {}

    def _text(self, field: str) -> str:
        text = _kept(self._one(field).replace("\r\n", "\n")).strip()
        if len(text) > LONGEST_TEXT:
            self._problem(field, "too_long", most=LONGEST_TEXT)
        return text


def _kept(text: str) -> str:
    """The text without its control characters; those that part words or lines become a space."""
    spaced = (" " if char in _PARTING_CONTROLS else char for char in text)
    return "".join(char for char in spaced if char in _ALLOWED_CONTROLS or unicodedata.category(char) not in _DROPPED)


def _unless_empty(name: str, value: object) -> dict[str, object]:
    return {name: value} if value else {}
