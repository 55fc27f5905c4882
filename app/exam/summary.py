"""The scores of an exam in a few numbers, in hundredths of its scale like the scores."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.exam.scoring import round_half_up

BARS = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """How many scores lie from `low` up to `high`, which only the last bar includes."""

    low: int
    high: int
    count: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Of the students who have a score: how many, their mean and median (each rounded once, half up, to 0.01).

    `passed` is None where the exam has no pass mark.
    """

    count: int
    mean: int | None
    median: int | None
    passed: int | None


def summarise(scores: Sequence[int], pass_mark: int | None) -> Summary:
    """The summary of scores; who has exactly the pass mark has passed."""
    passed = None if pass_mark is None else sum(one >= pass_mark for one in scores)
    if not scores:
        return Summary(0, None, None, passed)
    ordered, half = sorted(scores), len(scores) // 2
    middle = ordered[half : half + 1] if len(ordered) % 2 else ordered[half - 1 : half + 1]
    mean = round_half_up(Fraction(sum(scores), len(scores)))
    return Summary(len(scores), mean, round_half_up(Fraction(sum(middle), len(middle))), passed)


def histogram(scores: Sequence[int], scale: int) -> tuple[Bar, ...]:
    """The scores of an exam on `scale`, both in hundredths, in ten bars of equal width."""
    edges = [scale * at // BARS for at in range(BARS + 1)]
    counts = [0] * BARS
    for one in scores:
        counts[min(bisect_right(edges, one), BARS) - 1] += 1
    return tuple(Bar(low, high, count) for low, high, count in zip(edges, edges[1:], counts, strict=False))
