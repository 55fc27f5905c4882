"""Responses as learners give them, right or wrong, for the demonstration class."""

from random import Random

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
    TrueFalseQuestion,
)

Response = dict[str, object]
_DONT_KNOW: Response = {"dont_know": True}


def wrong(question: Question, luck: Random) -> Response:
    """A miss, or "I don't know"."""
    if luck.random() < 0.2:  # noqa: PLR2004 one in five gives up
        return dict(_DONT_KNOW)
    return miss(question, luck)


def miss(question: Question, luck: Random) -> Response:
    """Something close that is not right; partial credit is possible."""
    match question:
        case SingleQuestion():
            return {"choice": luck.choice([choice.id for choice in question.choices if not choice.correct])}
        case MultipleQuestion():
            return {"choices": _other_choices(question, luck)}
        case TrueFalseQuestion():
            return {"value": not question.answer}
        case ShortAnswerQuestion() | CommandQuestion():
            return {"text": _slip(str(question.accept[0]), luck)}
        case NumericalQuestion():
            return {"text": f"{question.answer + question.tolerance + 1:f}"}
        case _:
            return _wrong_parts(question, luck)


def _wrong_parts(question: Question, luck: Random) -> Response:
    """A miss in one part of a question that has several."""
    match question:
        case ClozeQuestion():
            filled = {name: str(blank.accept[0]) for name, blank in question.blanks.items()}
            missed = luck.choice(sorted(filled))
            return {"blanks": filled | {missed: _slip(filled[missed], luck)}}
        case OrderingQuestion():
            return {"order": _swapped([item.id for item in question.items], luck)}
        case MatchingQuestion():
            ids = sorted(pair.id for pair in question.pairs)
            return {"pairs": dict(zip(ids, _swapped(ids, luck), strict=True))}
        case _:
            return {}


def _other_choices(question: MultipleQuestion, luck: Random) -> list[str]:
    """All but one of the right choices, or one wrong choice more."""
    chosen = {choice.id for choice in question.choices if choice.correct}
    if len(chosen) > 1 and luck.random() < 0.5:  # noqa: PLR2004 as often one as the other
        return sorted(chosen - {luck.choice(sorted(chosen))})
    return sorted(chosen | {luck.choice([choice.id for choice in question.choices if not choice.correct])})


def _slip(text: str, luck: Random) -> str:
    """A word forgotten, or two letters turned round."""
    words = text.split()
    if len(words) > 2:  # noqa: PLR2004 the first words say what the command is
        forgotten = luck.randrange(2, len(words))
        return " ".join(words[:forgotten] + words[forgotten + 1 :])
    place = luck.randrange(len(text) - 1) if len(text) > 1 else 0
    turned = text[:place] + text[place + 1 : place + 2] + text[place : place + 1] + text[place + 2 :]
    return turned if turned != text else f"{text}s"


def _swapped(ids: list[str], luck: Random) -> list[str]:
    place = luck.randrange(len(ids) - 1)
    return [*ids[:place], ids[place + 1], ids[place], *ids[place + 2 :]]
