"""The work of the days until an exam, in words a learner counts in: minutes and cards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

_NEW_UNITS, _FAILED_UNITS = 2, 2


@dataclass(frozen=True, slots=True)
class WorkDay:
    """What one day is expected to bring; no minutes and no cards on a day off."""

    day: date
    minutes: float
    cards: float


def days_of_work(units_per_day: Mapping[date, float], met: int, recall: float, unit_s: float) -> tuple[WorkDay, ...]:
    """The days of a forecast in minutes and cards, both about.

    `units_per_day` as `app.srs.outlook` foresees them (a new card takes 2, a review 1 when it is recalled and 2 when
    not), `met` the new cards among them, `recall` the share (0 to 1) of reviews that are recalled. How many cards a
    unit holds is the mean of all the days: early days, which have more new cards, hold a few less than is said.
    """
    units = sum(units_per_day.values())
    if not units:
        return tuple(WorkDay(day, 0.0, 0.0) for day in sorted(units_per_day))
    reviews = max(units - _NEW_UNITS * met, 0.0) / (recall + (1 - recall) * _FAILED_UNITS)
    per_unit = (met + reviews) / units
    return tuple(WorkDay(day, spent * unit_s / 60, spent * per_unit) for day, spent in sorted(units_per_day.items()))
