"""Days of study in a row, counted kindly: a day off that was declared does not break them, nor does today so far."""

from collections.abc import Callable, Collection
from datetime import date, timedelta
from itertools import takewhile

_MOST = 366  # days looked back


def days_in_a_row(active: Collection[date], today: date, is_off: Callable[[date], bool]) -> int:
    """How many days with an answer lead up to `today` without a gap but for days off."""
    back = (today - timedelta(days=behind) for behind in range(_MOST))
    unbroken = takewhile(lambda day: day in active or day == today or is_off(day), back)
    return sum(day in active for day in unbroken)


def days_missed(active: Collection[date], since: date, today: date, is_off: Callable[[date], bool]) -> int:
    """How many days before `today`, from `since` on, went by without an answer since the last one; days off apart."""
    last = max((day for day in active if day < today), default=since - timedelta(days=1))
    first = max(last + timedelta(days=1), since)
    gone = (first + timedelta(days=ahead) for ahead in range(max((today - first).days, 0)))
    return sum(not is_off(day) for day in gone)
