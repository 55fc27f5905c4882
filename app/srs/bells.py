"""The share of cards recalled as a mixture of normal distributions, one for each way in which memory may work."""

from collections.abc import Sequence
from math import erf, sqrt

Bell = tuple[float, float, float]  # weight, mean and standard deviation of a share (0 to 1)
_UNKNOWN = 0.03  # standard deviation of a share that no world explains


def of_chances(weight: float, chances: Sequence[float]) -> Bell:
    """What cards with these chances of recall come to in one world of this weight; there is at least one card."""
    many = len(chances)
    chance = sum(one * (1 - one) for one in chances) / many**2
    return weight, sum(chances) / many, sqrt(chance + _UNKNOWN**2)


def quantile(mixture: Sequence[Bell], part: float) -> float:
    """The share (0 to 1) below which `part` of the mixture lies; the weights add up to 1."""
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        below = sum(weight * (1 + erf((middle - mean) / (deviation * sqrt(2)))) for weight, mean, deviation in mixture)
        low, high = (middle, high) if below < 2 * part else (low, middle)
    return (low + high) / 2
