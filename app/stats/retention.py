"""How much a learner knew when a card was asked: what was observed, not what a model says.

Whether first meetings count is the caller's choice: a learner's own page leaves them out ("still known
when they came back"), a class's page counts them ("right first time").
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

WINDOW_DAYS = 28


@dataclass(frozen=True, slots=True)
class Tally:
    """Reviews of one study day: how many first answers of the day to due cards, how many of grade 3 or more."""

    day: date
    reviews: int
    recalled: int


def retention(tallies: Iterable[Tally], today: date, window_days: int = WINDOW_DAYS) -> float | None:
    """The share (0 to 1) recalled over the `window_days` study days that end `today`; None without a review."""
    kept = [tally for tally in tallies if within(tally.day, today, window_days)]
    reviews = sum(tally.reviews for tally in kept)
    return sum(tally.recalled for tally in kept) / reviews if reviews else None


def within(day: date, today: date, window_days: int) -> bool:
    """Whether `day` is one of the `window_days` study days that end `today`."""
    return today - timedelta(days=window_days) < day <= today
