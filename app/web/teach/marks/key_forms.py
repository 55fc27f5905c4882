"""From the fields of a regrade's form to the change they ask for: only what says what is right can be changed.

The words of a question are never taken from a form: they are those of its frozen version.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from app.bank.schema import (
    ClozeQuestion,
    CommandQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericalQuestion,
    OrderingQuestion,
    Question,
    ShortAnswerQuestion,
    SingleQuestion,
    Text,
    TrueFalseQuestion,
    to_document,
)
from app.errors import FieldProblem, Invalid
from app.exam import numerals, presentation
from app.exam.regrading import Change, Kind
from app.services.marks import FrozenItem
from app.web.i18n import language

Fields = MultiDict[str, str]


def change_of(item: FrozenItem, fields: Fields) -> Change:
    """The change that `fields` ask for; raises Invalid with every problem."""
    match fields.get("kind"):
        case "drop":
            return Change(Kind.DROP, {})
        case "everybody":
            return Change(Kind.EVERYBODY, {})
        case "accept":
            blank = {"blank": fields["blank"]} if fields.get("blank") else {}
            return Change(Kind.ACCEPT, {"text": " ".join(fields.get("text", "").split()), **blank})
        case "key":
            return Change(Kind.KEY, _key(item, fields))
    raise Invalid([FieldProblem("change", "not_offered")])


def filled(item: FrozenItem) -> Fields:
    """The fields of the form for a new key, as the key stands."""
    return MultiDict([(name, value) for name, values in _fill(item).items() for value in values])


def rights_of(question: Question) -> Sequence[Text]:
    """What may go with an item of a matching question, in the order of the form's numbers, from 1."""
    if not isinstance(question, MatchingQuestion):
        return ()
    return [one.right for one in (*question.pairs, *question.decoys)]


def _key(item: FrozenItem, fields: Fields) -> dict[str, Any]:
    read = _READ.get(item.type)
    if read is None:
        raise Invalid([FieldProblem("change", "not_offered")])
    problems: list[FieldProblem] = []
    details = read(item, fields, problems)
    if problems:
        raise Invalid(problems)
    return details


def _choices(item: FrozenItem, fields: Fields, problems: list[FieldProblem]) -> dict[str, Any]:
    right = set(fields.getlist("right"))
    choices = to_document(item.key)["choices"]
    count = sum(choice["id"] in right for choice in choices)
    if not count or (item.type == "multiple" and count == len(choices)):
        problems.append(FieldProblem("right", "right_choices"))
    return {"choices": [{**choice, "correct": choice["id"] in right} for choice in choices]}


def _statement(item: FrozenItem, fields: Fields, problems: list[FieldProblem]) -> dict[str, Any]:
    if fields.get("value") not in ("true", "false"):
        problems.append(FieldProblem("value", "not_offered"))
    return {"answer": fields.get("value") == "true"}


def _words(item: FrozenItem, fields: Fields, problems: list[FieldProblem]) -> dict[str, Any]:
    return {"accept": _lines(fields, "accept", problems), "case": _case(fields, "exact")}


def _command(item: FrozenItem, fields: Fields, problems: list[FieldProblem]) -> dict[str, Any]:
    return {"accept": _lines(fields, "accept", problems), "ignore": fields.get("ignore", "").split()}


def _number(item: FrozenItem, fields: Fields, problems: list[FieldProblem]) -> dict[str, Any]:
    return {name: _decimal(fields, name, problems) for name in ("answer", "tolerance")}


def _blanks(item: FrozenItem, fields: Fields, problems: list[FieldProblem]) -> dict[str, Any]:
    names = presentation.place(item.body, "").blanks
    return {
        "blanks": {
            name: {"accept": _lines(fields, f"blank-{at}", problems), "case": _case(fields, f"exact-{at}")}
            for at, name in enumerate(names, 1)
        }
    }


def _order(item: FrozenItem, fields: Fields, problems: list[FieldProblem]) -> dict[str, Any]:
    items = to_document(item.body)["items"]
    places = [fields.get(f"place-{at}", "") for at in range(1, len(items) + 1)]
    if sorted(places) != sorted(str(at) for at in range(1, len(items) + 1)):
        problems.append(FieldProblem("order", "places"))
        return {}
    return {"items": [items[places.index(str(at))] for at in range(1, len(items) + 1)]}


def _pairs(item: FrozenItem, fields: Fields, problems: list[FieldProblem]) -> dict[str, Any]:
    document = to_document(item.body)
    rights = {str(at): one["right"] for at, one in enumerate([*document["pairs"], *document.get("decoys", ())], 1)}
    chosen = [fields.get(f"pair-{at}", "") for at in range(1, len(document["pairs"]) + 1)]
    problems += [FieldProblem(f"pair-{at}", "not_offered") for at, one in enumerate(chosen, 1) if one not in rights]
    if problems:
        return {}
    return {"pairs": [{**pair, "right": rights[one]} for pair, one in zip(document["pairs"], chosen, strict=True)]}


def _lines(fields: Fields, name: str, problems: list[FieldProblem]) -> list[str]:
    """The answers of a field, one a line."""
    found = [" ".join(line.split()) for line in fields.get(name, "").splitlines()]
    answers = list(dict.fromkeys(line for line in found if line))
    if not answers:
        problems.append(FieldProblem(name, "needed"))
    return answers


def _case(fields: Fields, name: str) -> str:
    return "exact" if fields.get(name) == "1" else "fold"


def _decimal(fields: Fields, name: str, problems: list[FieldProblem]) -> str:
    numeral = numerals.read(fields.get(name, ""))
    if numeral is None or numeral.unit or (name == "tolerance" and numeral.value < 0):
        problems.append(FieldProblem(name, "no_number"))
        return ""
    return f"{numeral.value.normalize():f}"


Reader = Callable[[FrozenItem, Fields, list[FieldProblem]], dict[str, Any]]
_READ: Mapping[str, Reader] = {
    "single": _choices,
    "multiple": _choices,
    "true_false": _statement,
    "short_answer": _words,
    "command": _command,
    "numerical": _number,
    "cloze": _blanks,
    "ordering": _order,
    "matching": _pairs,
}


def _fill(item: FrozenItem) -> Mapping[str, Sequence[str]]:
    body, key = item.body, item.key
    match key:
        case SingleQuestion() | MultipleQuestion():
            return {"right": [choice.id for choice in key.choices if choice.correct]}
        case TrueFalseQuestion():
            return {"value": [str(key.answer).lower()]}
        case ShortAnswerQuestion():
            return {"accept": ["\n".join(key.accept)], "exact": _exact(key.case)}
        case CommandQuestion():
            return {"accept": ["\n".join(key.accept)], "ignore": [" ".join(key.ignore)]}
        case NumericalQuestion():
            shown = [numerals.show(value, language()) for value in (key.answer, key.tolerance)]
            return {"answer": shown[:1], "tolerance": shown[1:]}
    return _fill_parts(body, key)


def _fill_parts(body: Question, key: Question) -> Mapping[str, Sequence[str]]:
    """The same for the types with a field for each of their parts."""
    found: dict[str, Sequence[str]] = {}
    if isinstance(key, ClozeQuestion):
        for at, name in enumerate(presentation.place(key, "").blanks, 1):
            found[f"blank-{at}"] = ["\n".join(key.blanks[name].accept)]
            found[f"exact-{at}"] = _exact(key.blanks[name].case)
    if isinstance(key, OrderingQuestion) and isinstance(body, OrderingQuestion):
        order = [one.id for one in key.items]
        found = {f"place-{at}": [str(order.index(one.id) + 1)] for at, one in enumerate(body.items, 1)}
    if isinstance(key, MatchingQuestion):
        rights = list(rights_of(body))
        found = {f"pair-{at}": [str(rights.index(pair.right) + 1)] for at, pair in enumerate(key.pairs, 1)}
    return found


def _exact(case: str) -> Sequence[str]:
    return ["1"] if case == "exact" else []
