"""What a learner has settled: cards that come back only after weeks."""

from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

MATURE_DAYS = 21
_STEPS = (0.25, 0.5, 0.75)


class Reach(NamedTuple):
    """How many cards there are, were met, are settled (an interval of 21 days or more) and are due.

    `recalled` of them can be expected to be recalled, where somebody reckoned that.
    """

    total: int
    seen: int = 0
    mature: int = 0
    due: int = 0
    recalled: float = 0.0

    @property
    def share_seen(self) -> float | None:
        """The part (0 to 1) that was met; None when there is nothing to meet."""
        return self.seen / self.total if self.total else None

    @property
    def share_mature(self) -> float | None:
        """The part (0 to 1) that is settled; None when there is nothing to settle."""
        return self.mature / self.total if self.total else None

    @property
    def share_ready(self) -> float | None:
        """The part (0 to 1) that can be expected to be recalled; cards not met are not. None without a card."""
        return self.recalled / self.total if self.total else None


def add(reaches: Iterable[Reach]) -> Reach:
    """Several reaches as one."""
    total = seen = mature = due = 0
    recalled = 0.0
    for one in reaches:
        total += one.total
        seen += one.seen
        mature += one.mature
        due += one.due
        recalled += one.recalled
    return Reach(total, seen, mature, due, recalled)


def step(share: float | None) -> int:
    """The step of a heat table: 0 without a value, then 1 (under a quarter) to 4 (three quarters and more)."""
    return 0 if share is None else 1 + sum(share >= limit for limit in _STEPS)


def middle(values: Sequence[float | None]) -> float | None:
    """The median of the values there are; None when there is none."""
    there = [value for value in values if value is not None]
    return median(there) if there else None
