"""Figures over a whole bank: positions, lengths, balances, mix.

Single-choice questions alone have one key, so that chance can be told: 1/k of them for k choices.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from app.bank.lint.clues import is_absolute
from app.bank.lint.reading import Subject
from app.bank.rules import LANGUAGES
from app.bank.schema import MODELS, TrueFalseQuestion

# The value that chi-square exceeds by chance once in a hundred times, for 1, 2, … degrees of freedom.
# NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4.
_LEVELS = (1, 2, 3)
_CRITICAL = (6.635, 9.210, 11.345, 13.277, 15.086, 16.812, 18.475, 20.090)


@dataclass(frozen=True, slots=True)
class Positions:
    """Where the key stands: questions by position (from 1), how many chance would put there, and chi-square.

    `limit` is what chi-square exceeds by chance once in a hundred times.
    """

    questions: int
    counts: tuple[int, ...]
    expected: tuple[float, ...]
    chi_square: float
    limit: float

    @property
    def is_uneven(self) -> bool:
        """Whether chance would hardly do this."""
        return self.chi_square > self.limit

    @property
    def fullest(self) -> int:
        """The 0-based position that has most above what chance gives."""
        return max(range(len(self.counts)), key=lambda position: self.counts[position] - self.expected[position])


@dataclass(frozen=True, slots=True)
class LongestKey:
    """How often the key alone is the longest of a single choice, and the share that chance gives: the mean of 1/k."""

    questions: int
    longest: int
    share: float
    by_chance: float


@dataclass(frozen=True, slots=True)
class ShortestKey:
    """The same of the key that alone is the shortest."""

    questions: int
    shortest: int
    share: float
    by_chance: float


@dataclass(frozen=True, slots=True)
class Statements:
    """True and false statements, and those among them with an absolute word."""

    true: int
    false: int
    absolute_true: int
    absolute_false: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """What is counted over a bank, drafts left out. Positions are those in the file, shuffled or not."""

    questions: int
    reserved: int
    types: Mapping[str, int]
    levels: Mapping[int, int]
    written: Positions
    pinned: Positions
    longest: LongestKey
    shortest: ShortestKey
    statements: Statements
    absolute_keys: int
    absolute_distractors: int

    def document(self) -> dict[str, Any]:
        """The same as JSON values."""
        return asdict(self) | {"levels": {str(level): count for level, count in self.levels.items()}}


def measure(subjects: Sequence[Subject]) -> Statistics:
    """Count over the questions of a bank."""
    questions = [subject.question for subject in subjects]
    types = Counter[str](one.type for one in questions)
    levels = Counter(one.level for one in questions)
    keyed = [subject for subject in subjects if subject.key is not None]
    choices = [(choice.correct, choice.text) for subject in keyed for choice in subject.choices]
    absolute = Counter(correct for correct, text in choices if is_absolute(text))
    return Statistics(
        questions=len(questions),
        reserved=sum(one.reserved for one in questions),
        types={kind: types[kind] for kind in MODELS},
        levels={level: levels[level] for level in _LEVELS},
        written=_positions(keyed),
        pinned=_positions([subject for subject in keyed if not subject.question.shuffle]),
        longest=LongestKey(*_share(keyed, key_is_longest)),
        shortest=ShortestKey(*_share(keyed, key_is_shortest)),
        statements=_statements(subjects),
        absolute_keys=absolute[True],
        absolute_distractors=absolute[False],
    )


def _positions(keyed: Sequence[Subject]) -> Positions:
    most = max((len(subject.choices) for subject in keyed), default=0)
    counts = Counter(subject.key for subject in keyed)
    expected = [
        float(sum(Fraction(1, len(one.choices)) for one in keyed if len(one.choices) > position))
        for position in range(most)
    ]
    chi_square = sum((counts[position] - wanted) ** 2 / wanted for position, wanted in enumerate(expected))
    limit = _CRITICAL[most - 2] if most > 1 else 0.0
    return Positions(
        len(keyed), tuple(counts[position] for position in range(most)), tuple(expected), chi_square, limit
    )


def _share(keyed: Sequence[Subject], stands_out: Callable[[Subject], bool]) -> tuple[int, int, float, float]:
    found = sum(map(stands_out, keyed))
    count = max(len(keyed), 1)
    by_chance = sum(Fraction(1, len(subject.choices)) for subject in keyed)
    return (len(keyed), found, found / count, float(by_chance / count))


def key_is_longest(subject: Subject) -> bool:
    """Whether the right choice is longer than each other one, in both languages."""
    return _stands_out(subject, max)


def key_is_shortest(subject: Subject) -> bool:
    """Whether the right choice is shorter than each other one, in both languages."""
    return _stands_out(subject, min)


def _stands_out(subject: Subject, extreme: Callable[[Sequence[int]], int]) -> bool:
    for language in LANGUAGES:
        lengths = [len(told.replace("`", "")) for told in subject.told(language)]
        if subject.key is None or lengths[subject.key] != extreme(lengths) or lengths.count(extreme(lengths)) > 1:
            return False
    return True


def _statements(subjects: Iterable[Subject]) -> Statements:
    counts: Counter[tuple[bool, bool]] = Counter()
    for subject in subjects:
        if isinstance(subject.question, TrueFalseQuestion):
            counts[subject.question.answer, is_absolute(subject.question.text)] += 1
    return Statements(
        true=counts[True, True] + counts[True, False],
        false=counts[False, True] + counts[False, False],
        absolute_true=counts[True, True],
        absolute_false=counts[False, True],
    )
