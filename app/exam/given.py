"""A response in words, as its student reads it again: on a receipt, in a list; nothing here says what is right."""

from collections.abc import Mapping

from app.bank.schema import (
    MatchingQuestion,
    MultipleQuestion,
    OrderingQuestion,
    Question,
    SingleQuestion,
    Text,
)
from app.exam import presentation
from app.exam.responses import Response


def lines(question: Question, response: Response | None, language: str) -> tuple[str, ...]:
    """What was answered, one line a part, in Markdown where the bank's words are; () for no answer.

    A true or false is "true" or "false": its words are the page's. What was typed is plain text (see `is_typed`).
    """
    found = response or {}
    if isinstance(question, SingleQuestion | MultipleQuestion):
        words = {choice.id: choice.text for choice in question.choices}
        chosen = found.get("choices", [found["choice"]] if "choice" in found else [])
        return _worded(words, chosen, language)
    if isinstance(question, OrderingQuestion):
        return _worded({item.id: item.text for item in question.items}, found.get("order"), language)
    if isinstance(question, MatchingQuestion):
        return _pairs(question, found.get("pairs"), language)
    if isinstance(found.get("value"), bool):
        return (str(found["value"]).lower(),)
    if isinstance(found.get("blanks"), Mapping):
        return _blanks(question, found["blanks"])
    text = found.get("text")
    return (text,) if isinstance(text, str) and text else ()


def is_typed(question: Question) -> bool:
    """Whether the lines of a response are what the student typed, and no Markdown."""
    return question.type in ("short_answer", "command", "numerical", "cloze")


def _worded(words: Mapping[str, Text], ids: object, language: str) -> tuple[str, ...]:
    known = ids if isinstance(ids, list | tuple) else []
    return tuple(words[key].in_(language) for key in known if key in words)


def _pairs(question: MatchingQuestion, pairs: object, language: str) -> tuple[str, ...]:
    chosen = pairs if isinstance(pairs, Mapping) else {}
    rights = {part.id: part.right.in_(language) for part in (*question.pairs, *question.decoys)}
    return tuple(
        f"{pair.left.in_(language)} → {rights[chosen[pair.id]]}"
        for pair in question.pairs
        if chosen.get(pair.id) in rights
    )


def _blanks(question: Question, blanks: object) -> tuple[str, ...]:
    typed = blanks if isinstance(blanks, Mapping) else {}
    places = presentation.place(question, "").blanks
    return tuple(f"({number}) {typed[name]}" for number, name in enumerate(places, 1) if name in typed)
