"""What the days ahead bring, as far as it is decided: cards that come back, without new ones or new misses."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

HEAT_STEPS = 4
_WEEK = 7


@dataclass(frozen=True, slots=True)
class ActiveDay:
    """One study day of the past: answers given, milliseconds spent on them, and its step of the heat strip.

    `step` is 0 without an answer, then 1 (little) to 4 (much) beside the busiest day.
    """

    day: date
    answers: int
    took_ms: int
    step: int


def forecast(due: Iterable[date], today: date, days: int) -> tuple[tuple[date, int], ...]:
    """How many cards come back on each of the `days` days from `today` on; what is overdue counts today."""
    counts = Counter(max(day, today) for day in due)
    span = (today + timedelta(days=ahead) for ahead in range(days))
    return tuple((day, counts[day]) for day in span)


def strip(activity: Iterable[tuple[date, int, int]], today: date, weeks: int) -> tuple[ActiveDay, ...]:
    """The days of the last `weeks` weeks, Mondays first, ending `today`; `activity` is (day, answers, took_ms)."""
    found = {day: (answers, took_ms) for day, answers, took_ms in activity}
    first = today - timedelta(days=today.weekday() + _WEEK * (weeks - 1))
    span = [first + timedelta(days=ahead) for ahead in range((today - first).days + 1)]
    most = max((found.get(day, (0, 0))[0] for day in span), default=0)
    return tuple(ActiveDay(day, *found.get(day, (0, 0)), _heat_step(found.get(day, (0, 0))[0], most)) for day in span)


def _heat_step(answers: int, most: int) -> int:
    """0 to 4: quarters of the busiest day, rounded up, so that one answer shows."""
    return -(-HEAT_STEPS * answers // most) if most else 0
