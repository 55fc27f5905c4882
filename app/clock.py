"""The time: one clock for the whole application, and the study day it falls on.

A study day runs from 04:00 to 04:00 by the wall clock where the learner is, so that an evening of
revision that goes on past midnight is one day.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY_START_HOUR = 4
MOST_ZONES_APART = timedelta(days=2)  # a study day may begin that far from its date in UTC
_STEP = timedelta(minutes=15)  # every zone changes its clocks on a quarter of an hour


def utc_now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def study_day(now: datetime, zone: str, day_start_hour: int = DAY_START_HOUR) -> date:
    """The study day at the instant `now` in the IANA zone `zone`.

    By the wall clock, not by subtracting hours: on the days the clocks change these differ.
    """
    local = now.astimezone(ZoneInfo(zone))
    return local.date() - timedelta(days=local.hour < day_start_hour)


def day_starts_at(day: date, zone: str, day_start_hour: int = DAY_START_HOUR) -> datetime:
    """The instant (UTC) from which it is the study day `day`.

    An hour that the clocks skip begins where they jump to; of an hour that comes twice, the first counts.
    """
    start = datetime.combine(day, time(day_start_hour), ZoneInfo(zone)).astimezone(UTC)
    while study_day(start - _STEP, zone, day_start_hour) >= day:  # inside a gap, the jump was earlier
        start -= _STEP
    return start
