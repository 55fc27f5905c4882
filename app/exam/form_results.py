"""How parallel forms came out: what each is worth on average, and whether that is more than chance.

Forms are dealt by lot, so that chance can be played again: the attempts keep their scores and the forms are dealt anew
many times. Sources: R. A. Fisher, "The Design of Experiments" (1935); B. Phipson and G. K. Smyth, "Permutation
P-values should never be zero" (2010).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import fsum, sqrt
from random import Random

from app.exam.forms import letter
from app.exam.itemstats import MIN_ATTEMPTS

_DEALS = 999
_RARE = 0.05


class Verdict(StrEnum):
    """What to think of the differences between forms."""

    NOT_ENOUGH = "not enough attempts"
    CHANCE = "chance explains it"
    UNEQUAL = "more than chance"


@dataclass(frozen=True, slots=True)
class FormResult:
    """One form, by its letter: its attempts, their mean score from 0 to 1 and its standard deviation (n - 1)."""

    form: str
    attempts: int
    mean: float | None
    deviation: float | None


@dataclass(frozen=True, slots=True)
class FormResults:
    """All forms; only those with `MIN_ATTEMPTS` attempts are compared, and the verdict is about them."""

    rows: tuple[FormResult, ...]
    verdict: Verdict

    @property
    def compared(self) -> Sequence[FormResult]:
        """The forms with enough attempts, the best score first."""
        return sorted((row for row in self.rows if row.attempts >= MIN_ATTEMPTS), key=lambda row: -(row.mean or 0))


def by_form(scores: Sequence[tuple[str, float]], count: int, luck: Random) -> FormResults:
    """The results of `count` forms from (form, score from 0 to 1) of each attempt."""
    own = {number: [score for form, score in scores if form == number] for number in map(letter, range(1, count + 1))}
    rows = tuple(FormResult(number, len(found), _mean(found), _deviation(found)) for number, found in own.items())
    enough = [found for found in own.values() if len(found) >= MIN_ATTEMPTS]
    if len(enough) < 2:  # noqa: PLR2004 one form is compared with nothing
        return FormResults(rows, Verdict.NOT_ENOUGH)
    return FormResults(rows, Verdict.UNEQUAL if _probability(enough, luck) < _RARE else Verdict.CHANCE)


def _probability(groups: Sequence[Sequence[float]], luck: Random) -> float:
    """How often forms that are dealt anew lie as far apart as these."""
    sizes, every = [len(group) for group in groups], [score for group in groups for score in group]
    observed, as_far = _apart(every, sizes), 0
    for _ in range(_DEALS):
        luck.shuffle(every)
        as_far += _apart(every, sizes) >= observed - 1e-12
    return (1 + as_far) / (1 + _DEALS)


def _apart(scores: Sequence[float], sizes: Sequence[int]) -> float:
    """The squares of the groups' sums over their sizes: what of the sum of squares between groups dealing changes."""
    found, at = 0.0, 0
    for size in sizes:
        found += fsum(scores[at : at + size]) ** 2 / size
        at += size
    return found


def _mean(scores: Sequence[float]) -> float | None:
    return fsum(scores) / len(scores) if scores else None


def _deviation(scores: Sequence[float]) -> float | None:
    if len(scores) < 2:  # noqa: PLR2004 one score has no spread
        return None
    mean = fsum(scores) / len(scores)
    return sqrt(fsum((score - mean) ** 2 for score in scores) / (len(scores) - 1))
