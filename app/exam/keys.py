"""The key of a question: the response that earns everything, and what a device needs to mark one by itself."""

from collections.abc import Sequence
from typing import Any

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
from app.exam import presentation, responses

Response = dict[str, object]


def right(question: Question) -> Response:  # noqa: C901 one line a type
    """The response that earns full credit; nothing for a flashcard, which is graded by its learner."""
    match question:
        case SingleQuestion():
            return {"choice": next(choice.id for choice in question.choices if choice.correct)}
        case MultipleQuestion():
            return {"choices": sorted(choice.id for choice in question.choices if choice.correct)}
        case TrueFalseQuestion():
            return {"value": question.answer}
        case ShortAnswerQuestion() | CommandQuestion():
            return {"text": str(question.accept[0])}
        case NumericalQuestion():
            return {"text": f"{question.answer:f}"}
        case ClozeQuestion():
            return {"blanks": {name: str(blank.accept[0]) for name, blank in question.blanks.items()}}
        case OrderingQuestion():
            return {"order": [item.id for item in question.items]}
        case MatchingQuestion():
            return {"pairs": {pair.id: pair.id for pair in sorted(question.pairs, key=lambda pair: pair.id)}}
        case FlashcardQuestion():
            return {}


def device_key(question: Question, seed: str) -> dict[str, Any]:
    """The key in the places that `seed` presents, as `offline-marking.js` reads it; `{}` for a flashcard.

    One of `choices` (places to choose, `of` how many) · `value` · `order` (places, first on top) · `pairs` (field:
    places that fit) · `texts` (field: accepted words, and whether they must be exact) · `number` (answer and
    tolerance, as decimals).
    """
    match question:
        case MatchingQuestion():
            return {"pairs": _pairs(question, seed)}
        case ShortAnswerQuestion():
            return {"texts": {"text": _words(question.accept, question.case == "exact")}}
        case CommandQuestion():
            return {"texts": {"text": _words(question.accept, exact=True)}}
        case NumericalQuestion():
            return {"number": {"answer": f"{question.answer:f}", "tolerance": f"{question.tolerance:f}"}}
        case ClozeQuestion():
            names = enumerate(presentation.place(question, seed).blanks, 1)
            blanks = {f"blank-{number}": (question.blanks[name], question.case_of(name)) for number, name in names}
            return {"texts": {field: _words(blank.accept, case == "exact") for field, (blank, case) in blanks.items()}}
    fields = responses.to_fields(question, right(question), seed)
    if "value" in fields:
        return {"value": fields["value"][0]}
    if "order" in fields:
        return {"order": fields["order"]}
    chosen = [*fields.get("choice", ()), *fields.get("choices", ())]
    return {"choices": chosen, "of": len(places)} if (places := presentation.place(question, seed).choices) else {}


def _words(accept: Sequence[str], exact: bool) -> dict[str, Any]:
    return {"accept": [str(answer) for answer in accept], "exact": exact}


def _pairs(question: MatchingQuestion, seed: str) -> dict[str, list[str]]:
    """The right-hand places that fit each left one: those with the same words are the same answer."""
    places = presentation.place(question, seed)
    words = {part.id: part.right for part in (*question.pairs, *question.decoys)}
    own = {pair.id for pair in question.pairs}
    return {
        f"pair-{number}": [
            str(place)
            for place, other in enumerate(places.rights, 1)
            if other == left or (other in own and words[other] == words[left])
        ]
        for number, left in enumerate(places.lefts, 1)
    }
