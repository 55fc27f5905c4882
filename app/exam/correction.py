"""A marked response beside its question, in the order it was shown: what feedback and results draw."""

from dataclasses import dataclass

from app.bank.schema import MatchingQuestion, Question
from app.exam import presentation
from app.exam.marking import ChoiceMark, Marked
from app.exam.presentation import Shown


@dataclass(frozen=True, slots=True)
class ShownPair:
    """One pair of a matching question in words; `given` is empty when nothing was chosen."""

    left: str
    expected: str
    given: str
    right: bool


class Corrected:
    """A question as `seed` presented it, and its marked response; for whatever has these four."""

    __slots__ = ()
    body: Question
    shown: Shown
    marked: Marked | None

    @property
    def seed(self) -> str:
        """What the question was presented with."""
        raise NotImplementedError

    @property
    def choices_shown(self) -> list[ChoiceMark]:
        """The marks of the choices, in the order they were shown."""
        marks = {mark.id: mark for mark in self.marked.choices} if self.marked else {}
        return [marks[name] for name in presentation.place(self.body, self.seed).choices]

    @property
    def gap_answers(self) -> dict[str, str]:
        """What fits each gap, by the number it was shown with."""
        return {mark.number: mark.expected for mark in self.marked.blanks} if self.marked else {}

    @property
    def places_given(self) -> dict[str, int]:
        """Where the learner put each line, from 1."""
        marks = self.marked.items if self.marked else ()
        return {mark.id: place for place, mark in enumerate(marks, 1)}

    @property
    def pairs_shown(self) -> list[ShownPair]:
        """The pairs in words."""
        if self.marked is None or not isinstance(self.body, MatchingQuestion):
            return []
        language = self.shown.language
        rights = {part.id: part.right.in_(language) for part in (*self.body.pairs, *self.body.decoys)}
        lefts = {pair.id: pair.left.in_(language) for pair in self.body.pairs}
        return [
            ShownPair(lefts[mark.id], rights[mark.expected], rights.get(mark.given, ""), mark.right)
            for mark in self.marked.pairs
        ]


@dataclass(frozen=True, slots=True)
class Correction(Corrected):
    """One response with the key beside it."""

    body: Question
    shown: Shown
    marked: Marked
    presented_with: str

    @property
    def seed(self) -> str:
        """What the question was presented with."""
        return self.presented_with
