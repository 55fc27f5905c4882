"""How much a learner knew when a card was asked: what was observed, not what a model says.

Whether first meetings count is the caller's choice: a learner's own page leaves them out ("still known
when they came back"), a class's page counts them ("right first time").
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from app.stats.shares import Share

WINDOW_DAYS = 28


class Tally(NamedTuple):
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


def by_month(tallies: Iterable[Tally], today: date, months: int) -> tuple[tuple[date, Share], ...]:
    """What was recalled in each of the `months` months that end with today's, oldest first, by their first day."""
    counts: dict[date, tuple[int, int]] = {}
    for tally in tallies:
        month = tally.day.replace(day=1)
        recalled, reviews = counts.get(month, (0, 0))
        counts[month] = (recalled + tally.recalled, reviews + tally.reviews)
    return tuple((month, Share(*counts.get(month, (0, 0)))) for month in _months(today, months))


def all_in_all(tallies: Iterable[Tally]) -> Share:
    """What was recalled of all."""
    recalled = reviews = 0
    for tally in tallies:
        recalled += tally.recalled
        reviews += tally.reviews
    return Share(recalled, reviews)


def _months(today: date, many: int) -> list[date]:
    """The first days of the last `many` months, today's last."""
    last = 12 * today.year + today.month - 1
    return [date(place // 12, place % 12 + 1, 1) for place in range(last - many + 1, last + 1)]
