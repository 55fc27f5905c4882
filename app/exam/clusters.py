"""Typed answers gathered by what marking reads in them: spellings that it takes for one are one cluster."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.bank.schema import ClozeQuestion, CommandQuestion, NumericalQuestion, Question, ShortAnswerQuestion
from app.exam import commands, folding, numerals

TYPED = frozenset({"short_answer", "command", "numerical", "cloze"})


@dataclass(frozen=True, slots=True)
class Typed:
    """One typed answer, who typed it, and what it is worth (0 to 1); `blank` is the gap it was typed in, or "".

    `whose` tells students of one name apart, and one student's attempts together.
    """

    text: str
    who: str
    credit: Fraction
    blank: str = ""
    whose: str = ""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Answers that are the same; `text` is the spelling typed most often, `spellings` are all, that one first.

    `who` are the students, each once, who typed it `times` times in all of their attempts.
    """

    blank: str
    text: str
    credit: Fraction
    who: tuple[str, ...]
    spellings: tuple[str, ...]
    times: int

    @property
    def right(self) -> bool:
        """Whether it has the full credit."""
        return self.credit == 1


def gather(question: Question, answers: Iterable[Typed]) -> tuple[Cluster, ...]:
    """The clusters of a question's answers: gap by gap, the largest first; empty answers are left out.

    Equal answers are worth the same by one key; where regrades made them differ, they stay apart.
    """
    found: dict[tuple[str, Hashable, Fraction], list[Typed]] = {}
    for one in answers:
        if one.text.strip():
            found.setdefault((one.blank, normal(question, one.text, one.blank), one.credit), []).append(one)
    clusters = [_cluster(blank, credit, members) for (blank, _, credit), members in found.items()]
    order = list(question.blanks) if isinstance(question, ClozeQuestion) else [""]
    return tuple(sorted(clusters, key=lambda each: (order.index(each.blank), -each.times, each.text.casefold())))


def normal(question: Question, text: str, blank: str = "") -> Hashable:
    """What is the same for two answers that marking takes for one."""
    match question:
        case CommandQuestion():
            return _command(text, question.ignore)
        case NumericalQuestion():
            numeral = numerals.read(text)
            return (numeral.value, folding.fold(numeral.unit)) if numeral else folding.fold(text)
        case ClozeQuestion():
            return folding.normal(text, question.case_of(blank) == "exact")
        case ShortAnswerQuestion():
            return folding.normal(text, question.case == "exact")
    return text


def _command(text: str, ignored: Sequence[str]) -> Hashable:
    """The parts of a command line; those without a place of their own are sorted."""
    script = commands.without(commands.read(text), ignored)
    lines = tuple(
        (
            tuple(sorted(part.key for part in one.parts if not part.ordered)),
            tuple(part.key for part in one.parts if part.ordered),
        )
        for one in script.invocations
    )
    return lines, tuple(mark.key for mark in script.operators), script.problems


def _cluster(blank: str, credit: Fraction, members: Sequence[Typed]) -> Cluster:
    counted = Counter(" ".join(one.text.split()) for one in members)
    spellings = tuple(sorted(counted, key=lambda text: (-counted[text], text)))
    people = {one.whose or one.who: one.who for one in members}
    return Cluster(blank, spellings[0], credit, tuple(people.values()), spellings, len(members))
