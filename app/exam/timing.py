"""Until when an attempt may be worked on: the server's clock decides, and a doubt favours the student."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil

# A change made in time may arrive late, through a slow network or a busy server.
GRACE = timedelta(seconds=15)
MINUTES_IN_AN_HOUR = 60
_SPREAD_EACH = timedelta(milliseconds=8)
_LONGEST_SPREAD = timedelta(seconds=5)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Window:
    """When an exam can be taken (instants) and for how long; None is no limit."""

    opens_at: datetime | None
    closes_at: datetime | None
    duration: timedelta | None


class Phase(StrEnum):
    """Where an exam stands for a student who has no attempt at work."""

    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"


def extra_time(minutes_an_hour: int) -> Fraction:
    """The extra time of a student as a share of the duration: 20 minutes an hour is exactly a third."""
    return Fraction(minutes_an_hour, MINUTES_IN_AN_HOUR)


def deadline(
    started_at: datetime, window: Window, extra: Fraction = Fraction(0), given: timedelta = timedelta(0)
) -> datetime | None:
    """min(start + duration x (1 + extra), close + duration x extra) + given; None where nothing ends the attempt.

    Parts of a second are rounded up. Extra time also moves the close: who starts at the last moment
    allowed to everybody still has it. Time that was `given` before the start is had by all who start.
    """
    closes = last_moment(window, extra)
    if window.duration is None:
        return None if closes is None else closes + given
    ends = started_at + _share(window.duration, 1 + extra)
    return (ends if closes is None else min(ends, closes)) + given


def last_moment(window: Window, extra: Fraction = Fraction(0)) -> datetime | None:
    """When the exam closes for a student with this extra time."""
    if window.closes_at is None or window.duration is None:
        return window.closes_at
    return window.closes_at + _share(window.duration, extra)


def whole_until(window: Window) -> datetime | None:
    """Until when a start has the whole duration before it; None where no close cuts it.

    Extra time moves the close by as much as it adds, and time that was given moves every deadline: for all the same.
    """
    if window.closes_at is None or window.duration is None:
        return None
    return window.closes_at - window.duration


def opening_spread(students: int) -> timedelta:
    """Within how long after its opening an exam is offered to so many students who wait for it, each at their moment.

    A server of two processors starts about 125 attempts a second: offered to all at once, the last of 500 would wait
    as long after they pressed as they do now for the button. A class of thirty notices nothing.
    """
    return min(students * _SPREAD_EACH, _LONGEST_SPREAD)


def phase(window: Window, now: datetime) -> Phase:
    """Whether an attempt can be started: from the opening to just before the close (of everybody)."""
    if window.opens_at is not None and now < window.opens_at:
        return Phase.ANNOUNCED
    return Phase.CLOSED if window.closes_at is not None and now >= window.closes_at else Phase.OPEN


def is_over(submitted_at: datetime | None, deadline: datetime | None, now: datetime) -> bool:
    """Whether nothing more is accepted: it was handed in, or its deadline and the grace have passed."""
    return submitted_at is not None or (deadline is not None and now > deadline + GRACE)


def _share(span: timedelta, share: Fraction) -> timedelta:
    """A share of a span, in whole seconds, rounded up."""
    return timedelta(seconds=ceil(Fraction(span // _MICROSECOND, 1_000_000) * share))
