"""A share that was observed on a few people or answers, and how sure one can be of it."""

from dataclasses import dataclass
from math import sqrt

_Z = 1.959964  # the normal quantile of a two-sided 95 %


@dataclass(frozen=True, slots=True)
class Share:
    """`count` out of `of`, both whole numbers, 0 <= count <= of."""

    count: int = 0
    of: int = 0

    def __add__(self, other: "Share") -> "Share":
        """The two observed together."""
        return Share(self.count + other.count, self.of + other.of)

    @property
    def value(self) -> float | None:
        """The share, from 0 to 1; None of nothing."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % score interval, from 0 to 1: honest for few answers and near 0 and 1, unlike value ± 2 errors.

        E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927), 209-212.
        """
        if not self.of:
            return 0.0, 1.0
        share, weight = self.count / self.of, _Z * _Z / self.of
        middle = (share + weight / 2) / (1 + weight)
        half = _Z * sqrt(share * (1 - share) / self.of + weight / (4 * self.of)) / (1 + weight)
        return max(0.0, middle - half), min(1.0, middle + half)
