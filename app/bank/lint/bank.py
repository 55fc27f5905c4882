"""The questions that are judged together."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from app.bank.course import Course
from app.bank.lint.likeness import cosines
from app.bank.lint.reading import Subject
from app.bank.lint.statistics import Statistics, measure
from app.bank.rules import LANGUAGES, Path

LEAST_ALIKE = 0.3

Findings = Iterable[tuple[Subject, Path, str]]
Across = Callable[["Bank"], Findings]


@dataclass(frozen=True)
class Bank:
    """All the questions of a course, drafts left out, and the course they are about.

    `course` is None when course.yaml has an error; `source` is the text of the course, empty when it is not at hand.
    """

    subjects: tuple[Subject, ...]
    course: Course | None = None
    source: str = ""

    @cached_property
    def statistics(self) -> Statistics:
        """What is counted over the questions."""
        return measure(self.subjects)

    @cached_property
    def likeness(self) -> Mapping[tuple[int, int], float]:
        """How alike what two questions ask is, in the language where it is less so, by their positions, from 0.3 on."""
        found = [cosines([subject.asked(language) for subject in self.subjects]) for language in LANGUAGES]
        both = ((pair, min(value, found[1].get(pair, 0.0))) for pair, value in found[0].items())
        return {pair: value for pair, value in both if value >= LEAST_ALIKE}
