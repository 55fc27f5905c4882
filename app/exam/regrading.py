"""What a response is worth after its question was regraded: the frozen key first, then each change in turn.

A change is one of: a new `key` (fields of the question that replace those of the frozen version), another
typed answer to `accept`, the full credit for `everybody`, or to `drop` the question for all. Changes are
values: undoing one is computing again without it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from pydantic import ValidationError

from app.bank.schema import (
    MOST_ACCEPTED,
    MatchingQuestion,
    MultipleQuestion,
    Question,
    SingleQuestion,
    from_document,
    to_document,
)
from app.exam import marking
from app.exam.responses import Response

# Fields that say what is right, by type of question; nothing else of a frozen question may change.
KEYS: Mapping[str, frozenset[str]] = {
    "single": frozenset({"choices"}),
    "multiple": frozenset({"choices"}),
    "true_false": frozenset({"answer"}),
    "short_answer": frozenset({"accept", "case"}),
    "command": frozenset({"accept", "ignore"}),
    "numerical": frozenset({"answer", "tolerance"}),
    "cloze": frozenset({"blanks"}),
    "ordering": frozenset({"items"}),
    "matching": frozenset({"pairs"}),
}
_TYPED = frozenset({"short_answer", "command", "cloze"})


class Kind(StrEnum):
    """What a change does."""

    KEY = "key"
    ACCEPT = "accept"
    EVERYBODY = "everybody"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a question's marks. `details` are, for a key, the fields that replace the frozen ones;

    for an answer to accept, {"text": the answer} and for a gap also {"blank": its name}.
    """

    kind: Kind
    details: Mapping[str, Any]


class NotApplicable(Exception):
    """The change does not fit the question: a field that is no key, a key that no question can have."""


class TooManyAccepted(NotApplicable):
    """The question accepts MOST_ACCEPTED answers already."""


def amended(question: Question, changes: Sequence[Change]) -> Question:
    """The question with the key that the changes make of it. Raises NotApplicable."""
    document = to_document(question)
    for change in changes:
        match change.kind:
            case Kind.KEY:
                _replace(document, change.details)
            case Kind.ACCEPT:
                _accept(document, change.details)
    try:
        found = from_document(document)
    except ValidationError as error:
        raise NotApplicable(str(error)) from error
    _check_choices(found)
    return found


def is_void(question: Question, changes: Sequence[Change], change: Change) -> bool:
    """Whether `change` would add nothing to the `changes` of a question that count. Raises NotApplicable."""
    if change.kind in (Kind.DROP, Kind.EVERYBODY):
        return any(one.kind is change.kind for one in changes)
    before, after = amended(question, changes), amended(question, [*changes, change])
    if change.kind is Kind.KEY:
        return after == before
    text, blank = change.details["text"], change.details.get("blank")
    if blank is None:
        return marking.credit(before, {"text": text}) == 1
    return any(one.id == blank and one.right for one in marking.mark(before, {"blanks": {blank: text}}).blanks)


def credit(
    stored: Fraction, question: Question, response: Response | None, changes: Sequence[Change]
) -> Fraction | None:
    """What a response is worth (0 to 1) after `changes`, in the order they were made; None once dropped.

    `stored` is its credit by the frozen key. An accepted answer never takes anything from anybody; a new
    key may. A response that was never given stays worth nothing, unless everybody gets the point.
    """
    return worth(stored, question, amended(question, changes), response, {change.kind for change in changes})


def worth(
    stored: Fraction, question: Question, key: Question, response: Response | None, kinds: Collection[Kind]
) -> Fraction | None:
    """The same from `key`, what the changes made of the question, and their kinds: for many responses to it."""
    if Kind.DROP in kinds:
        return None
    if Kind.EVERYBODY in kinds:
        return Fraction(1)
    if not kinds or not response or (stored == 1 and Kind.KEY not in kinds):
        return stored
    found = marking.credit(key, as_meant(question, key, response))
    return found if Kind.KEY in kinds else max(stored, found)


def as_meant(question: Question, key: Question, response: Response) -> Response:
    """The response in the ids of `key`.

    What goes with an item is chosen by an id, and a new key of a matching question moves words from one id to
    another: the words that were on the page are what was meant.
    """
    chosen = response.get("pairs")
    if not (
        isinstance(question, MatchingQuestion) and isinstance(key, MatchingQuestion) and isinstance(chosen, Mapping)
    ):
        return response
    shown = {one.id: one.right for one in (*question.pairs, *question.decoys)}
    words = {pair.id: pair.right for pair in key.pairs}

    def found(left: str, right: str) -> str:
        meant = shown.get(right)
        places = [name for name in (left, *words) if meant is not None and words.get(name) == meant]
        return places[0] if places else ""

    return {"pairs": {left: found(left, right) for left, right in chosen.items()}}


def _check_choices(question: Question) -> None:
    """A key by which nobody can be right, or of several choices nobody wrong, marks nothing."""
    if isinstance(question, SingleQuestion | MultipleQuestion):
        found = {choice.correct for choice in question.choices}
        if True not in found or (isinstance(question, MultipleQuestion) and False not in found):
            raise NotApplicable("at least one choice must be right, and of several choices one wrong")


def _replace(document: dict[str, Any], fields: Mapping[str, Any]) -> None:
    allowed = KEYS.get(document["type"], frozenset())
    if not fields or (strangers := fields.keys() - allowed):
        raise NotApplicable(f"not part of the key: {', '.join(sorted(strangers)) if fields else 'nothing'}")
    document.update(fields)


def _accept(document: dict[str, Any], details: Mapping[str, Any]) -> None:
    if document["type"] not in _TYPED or not isinstance(details.get("text"), str):
        raise NotApplicable("only typed answers can be accepted one by one")
    place = document
    if document["type"] == "cloze":
        if details.get("blank") not in document["blanks"]:
            raise NotApplicable("there is no such gap")
        place = document["blanks"][details["blank"]]
    if details["text"] not in place["accept"]:
        if len(place["accept"]) >= MOST_ACCEPTED:
            raise TooManyAccepted
        place["accept"] = [*place["accept"], details["text"]]
