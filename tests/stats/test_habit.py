"""Days in a row, and days missed: days off break nothing, and today so far neither."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.stats.habit import days_in_a_row, days_missed

MONDAY = date(2026, 11, 23)


def before(*days: int) -> set[date]:
    """The dates so many days before Monday."""
    return {MONDAY - timedelta(days=day) for day in days}


def never(_day: date) -> bool:
    return False


def sundays(day: date) -> bool:
    return day.weekday() == 6


def test_today_without_an_answer_does_not_end_the_row() -> None:
    assert days_in_a_row(before(1, 2, 3), MONDAY, never) == 3


def test_a_day_without_an_answer_ends_it() -> None:
    assert days_in_a_row(before(0, 1, 3), MONDAY, never) == 2


def test_a_day_off_neither_counts_nor_ends_it() -> None:
    assert days_in_a_row(before(0, 2), MONDAY, sundays) == 2


def test_days_missed_are_those_since_the_last_answer_without_the_days_off() -> None:
    assert days_missed(before(4), MONDAY - timedelta(days=30), MONDAY, sundays) == 2


def test_nothing_is_missed_before_the_plan_began() -> None:
    assert days_missed(before(20), MONDAY - timedelta(days=2), MONDAY, never) == 2
    assert days_missed(set(), MONDAY, MONDAY, never) == 0


@given(st.sets(st.integers(0, 20)), st.sets(st.integers(0, 20)))
def test_more_days_off_never_shorten_the_row_nor_add_missed_days(active: set[int], off: set[int]) -> None:
    days, free = before(*active), before(*off)
    since = MONDAY - timedelta(days=20)

    assert days_in_a_row(days, MONDAY, free.__contains__) >= days_in_a_row(days, MONDAY, never)
    assert days_missed(days, since, MONDAY, free.__contains__) <= days_missed(days, since, MONDAY, never)
