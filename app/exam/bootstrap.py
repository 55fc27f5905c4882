"""How far chance alone may move the figures of an exam: bootstrap intervals, the same for the same marks.

Attempts are drawn again with replacement, as many as there are, and each figure is computed anew; its interval
holds the middle 95 % of what comes out (percentile method). Source: B. Efron, R. J. Tibshirani, "An Introduction
to the Bootstrap" (1993), chapter 13.

To be quick, each attempt is one large integer whose fields are what the figures are sums of: one addition adds
them all. Marks are whole steps of a grid, so that no field overflows into the next.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, isqrt, sqrt
from random import Random
from typing import NamedTuple

from app.exam.itemstats import MIN_ATTEMPTS, Item, rest_scales

DRAWS = 500
_SEED = 1993  # any constant: the same marks must give the same intervals
_FINEST = 2520  # steps in a point: halves to tenths of it are exact
_TAIL = 0.025
_MOST_UNDEFINED = 0.1  # of the draws: beyond, the figure hangs on a few attempts
_ROOM = 1 << 62  # of the 64 bits of a field


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a figure may lie by chance alone, in %."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        """Whether the value is inside."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Intervals:
    """The intervals of the items' facility and discrimination by id, and of the exam's internal consistency.

    One is missing (or None) where its figure does not exist, in the exam or in too many of the draws.
    """

    facility: Mapping[str, Interval]
    discrimination: Mapping[str, Interval]
    consistency: Interval | None


NO_INTERVALS = Intervals({}, {}, None)


class _Sums(NamedTuple):
    """What one draw adds up to for an item, over the attempts that met it; marks and rest marks in steps, from 0."""

    met: int
    mark: int
    rest: int
    mark_mark: int
    rest_rest: int
    mark_rest: int

    @property
    def mark_spread(self) -> int:
        """The variance of the marks, times met squared; so are the others."""
        return self.met * self.mark_mark - self.mark**2

    @property
    def rest_spread(self) -> int:
        """The variance of the rest marks."""
        return self.met * self.rest_rest - self.rest**2

    @property
    def together(self) -> int:
        """The covariance of marks and rest marks."""
        return self.met * self.mark_rest - self.mark * self.rest


def intervals(items: Sequence[Item], attempts: Sequence[Mapping[str, Fraction]]) -> Intervals:
    """The intervals of an exam, from what `app.exam.itemstats.statistics` takes; none below 15 attempts."""
    if len(attempts) < MIN_ATTEMPTS or not items:
        return NO_INTERVALS
    grid = _grid(items, len(attempts))
    # Sorted: whatever order the students come in, the same attempts are drawn.
    scaled = zip(attempts, rest_scales(items, attempts), strict=True)
    rows = sorted(_packed(items, marks, scales, grid) for marks, scales in scaled)
    fixed = all(len(marks) == len(items) for marks in attempts)
    facility: dict[str, list[float]] = {item.id: [] for item in items}
    discrimination: dict[str, list[float]] = {item.id: [] for item in items}
    consistency: list[float] = []
    for sums in _draws(rows, len(items)):
        for item, one in zip(items, sums, strict=True):
            if one.met:
                facility[item.id].append(100 * (one.mark / one.met / grid / float(item.points) - 1))
            if (spreads := one.mark_spread * one.rest_spread) > 0:
                discrimination[item.id].append(100 * one.together / sqrt(spreads))
        if fixed and (alpha := _consistency(sums)) is not None:
            consistency.append(alpha)
    return Intervals(_middles(facility), _middles(discrimination), _middle(consistency))


def _grid(items: Sequence[Item], attempts: int) -> int:
    """How many steps a point is cut into: as fine as the fields have room for."""
    whole = ceil(sum(item.points for item in items))
    return max(1, min(_FINEST, isqrt(_ROOM // attempts) // (2 * whole)))


def _packed(
    items: Sequence[Item], marks: Mapping[str, Fraction], scales: Mapping[str, Fraction | None], grid: int
) -> int:
    """One attempt as an integer; an item without a rest mark is left out.

    Wrong answers may cost their points: marks are counted from there.
    """
    steps = {name: mark.numerator * grid // mark.denominator for name, mark in marks.items()}
    total, whole = sum(steps.values()), sum(_steps(item, grid) for item in items)
    fields: list[int] = []
    for item in items:
        own, scale = steps.get(item.id), scales.get(item.id)
        if own is None or scale is None:
            fields += (0,) * len(_Sums._fields)
            continue
        mark, rest = own + _steps(item, grid), (total - own) * scale.numerator // scale.denominator + whole
        fields += (1, mark, rest, mark * mark, rest * rest, mark * rest)
    return int.from_bytes(struct.pack(f"<{len(fields)}Q", *fields), "little")


def _steps(item: Item, grid: int) -> int:
    return item.points.numerator * grid // item.points.denominator


def _draws(rows: Sequence[int], items: int) -> Iterator[list[_Sums]]:
    luck = Random(_SEED)  # noqa: S311 repeatable on purpose
    layout = struct.Struct(f"<{items * len(_Sums._fields)}Q")
    for _ in range(DRAWS):
        sums = sum(luck.choices(rows, k=len(rows)))
        fields = iter(layout.unpack(sums.to_bytes(layout.size, "little")))
        yield [_Sums(*six) for six in zip(*[fields] * len(_Sums._fields), strict=True)]


def _consistency(sums: Sequence[_Sums]) -> float | None:
    """Cronbach's alpha of one draw, in %; a total is the sum of any item's mark and its rest mark."""
    count, first = len(sums), sums[0]
    spread = first.mark_spread + 2 * first.together + first.rest_spread
    if count < 2 or not spread:  # noqa: PLR2004 one item is consistent with nothing
        return None
    return 100 * count / (count - 1) * (1 - sum(one.mark_spread for one in sums) / spread)


def _middles(drawn: Mapping[str, list[float]]) -> dict[str, Interval]:
    return {name: found for name, values in drawn.items() if (found := _middle(values)) is not None}


def _middle(values: list[float]) -> Interval | None:
    """The middle 95 %; None where all draws agree, for then they tell nothing about chance."""
    if len(values) < (1 - _MOST_UNDEFINED) * DRAWS or min(values) == max(values):
        return None
    values.sort()
    low = int(_TAIL * len(values))
    return Interval(values[low], values[-1 - low])
