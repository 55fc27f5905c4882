"""What is wrong in a response, part by part: the choices, the answers, the pairs that a person took for right."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.bank.schema import Question
from app.exam import clusters, marking
from app.exam.responses import Response


class Kind(StrEnum):
    """What was done wrongly."""

    TAKEN = "taken"  # a wrong choice that was taken
    LEFT = "left"  # a right choice that was not
    JUDGED = "judged"  # a statement judged wrongly: `given` is "true" or "false"
    TYPED = "typed"  # a wrong answer; `part` is the gap it was typed in, if any
    PAIRED = "paired"  # the wrong right-hand side; `part` is the left-hand side


@dataclass(frozen=True, slots=True)
class Mistake:
    """One wrong part of a response.

    `given` is the id of a choice or a right-hand side, or what was typed; `sign` is equal for what marking takes for
    the same answer.
    """

    kind: Kind
    part: str
    given: str
    sign: Any

    @property
    def key(self) -> tuple[str, str, Any]:
        """Equal for the same mistake of two people."""
        return self.kind, self.part, self.sign


def find(question: Question, response: Response) -> tuple[Mistake, ...]:
    """The wrong parts of a response; none for "I don't know", for what was left empty, and for an order.

    In an order, one line out of place moves all the others: no part of it is a belief.
    """
    if response.get("dont_know"):
        return ()
    marked = marking.mark(question, response)
    if question.type == "true_false" and marked.given and not marked.credit:
        return (Mistake(Kind.JUDGED, "", marked.given, marked.given),)
    found = [
        Mistake(Kind.TAKEN if one.chosen else Kind.LEFT, "", one.id, one.id)
        for one in marked.choices
        if one.chosen != one.correct and (one.chosen or question.type == "multiple")
    ]
    if not any(one.chosen for one in marked.choices):
        found = []
    found += [
        Mistake(Kind.PAIRED, pair.id, pair.given, pair.given) for pair in marked.pairs if pair.given and not pair.right
    ]
    return (*found, *_typed(question, marked))


def _typed(question: Question, marked: marking.Marked) -> tuple[Mistake, ...]:
    texts: Mapping[str, str] = {one.id: one.given for one in marked.blanks if not one.right}
    if question.type in clusters.TYPED and not marked.blanks and marked.credit < 1:
        texts = {"": marked.given}
    return tuple(
        Mistake(Kind.TYPED, part, " ".join(text.split()), clusters.normal(question, text, part))
        for part, text in texts.items()
        if text.strip()
    )
