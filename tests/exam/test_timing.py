"""Deadlines: the server's clock, extra time, and the edges."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exam.timing import (
    GRACE,
    Phase,
    Window,
    deadline,
    extra_time,
    is_over,
    last_moment,
    opening_spread,
    phase,
    whole_until,
)

EIGHT = datetime(2026, 12, 10, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
TWO_HOURS = Window(EIGHT, EIGHT + 2 * HOUR, HOUR)
THIRD = extra_time(20)


def test_twenty_minutes_an_hour_is_exactly_a_third() -> None:
    assert extra_time(20) == Fraction(1, 3)


def test_an_attempt_lasts_as_long_as_the_exam() -> None:
    assert deadline(EIGHT, TWO_HOURS) == EIGHT + HOUR


def test_the_close_cuts_an_attempt_that_was_started_late() -> None:
    assert deadline(EIGHT + 1.5 * HOUR, TWO_HOURS) == EIGHT + 2 * HOUR


def test_extra_time_lengthens_the_duration() -> None:
    assert deadline(EIGHT, TWO_HOURS, THIRD) == EIGHT + timedelta(minutes=80)


def test_extra_time_moves_the_close_too() -> None:
    assert deadline(EIGHT + 1.9 * HOUR, TWO_HOURS, THIRD) == EIGHT + timedelta(minutes=140)
    assert last_moment(TWO_HOURS, THIRD) == EIGHT + timedelta(minutes=140)


def test_time_given_before_the_start_is_had_by_all_who_start_later() -> None:
    ten = timedelta(minutes=10)

    assert deadline(EIGHT, TWO_HOURS, given=ten) == EIGHT + timedelta(minutes=70)
    assert deadline(EIGHT + 1.5 * HOUR, TWO_HOURS, given=ten) == EIGHT + timedelta(minutes=130)
    assert deadline(EIGHT, Window(None, EIGHT + HOUR, None), given=ten) == EIGHT + timedelta(minutes=70)


def test_time_given_where_nothing_ends_the_attempt_changes_nothing() -> None:
    assert deadline(EIGHT, Window(None, None, None), given=HOUR) is None


def test_an_exam_without_duration_ends_when_it_closes() -> None:
    assert deadline(EIGHT, Window(None, EIGHT + HOUR, None), THIRD) == EIGHT + HOUR


def test_an_exam_without_end_has_no_deadline() -> None:
    assert deadline(EIGHT, Window(None, None, None)) is None
    assert last_moment(Window(None, None, HOUR)) is None


@pytest.mark.parametrize("extra", [Fraction(0), THIRD])
def test_who_starts_by_then_has_the_whole_duration_and_who_starts_later_has_less(extra: Fraction) -> None:
    whole = timedelta(minutes=round(60 * (1 + extra)))
    last = whole_until(TWO_HOURS)

    assert last == EIGHT + HOUR
    assert deadline(last, TWO_HOURS, extra) == last + whole
    late = last + timedelta(seconds=1)
    assert deadline(late, TWO_HOURS, extra) == late + whole - timedelta(seconds=1)


@pytest.mark.parametrize("window", [Window(EIGHT, None, HOUR), Window(EIGHT, EIGHT + HOUR, None)])
def test_where_no_close_cuts_a_duration_nothing_is_too_late_for_all_of_it(window: Window) -> None:
    assert whole_until(window) is None


def test_an_opening_is_spread_by_the_size_of_the_class() -> None:
    assert [opening_spread(size).total_seconds() for size in (0, 30, 500)] == [0, 0.24, 4]


def test_no_opening_is_spread_over_more_than_five_seconds() -> None:
    assert opening_spread(100_000).total_seconds() == 5


def test_parts_of_a_second_favour_the_student() -> None:
    window = Window(None, None, timedelta(seconds=100))

    assert deadline(EIGHT, window, Fraction(1, 3)) == EIGHT + timedelta(seconds=134)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (EIGHT - timedelta(microseconds=1), Phase.ANNOUNCED),
        (EIGHT, Phase.OPEN),
        (EIGHT + 2 * HOUR - timedelta(microseconds=1), Phase.OPEN),
        (EIGHT + 2 * HOUR, Phase.CLOSED),
    ],
)
def test_an_exam_is_open_from_its_opening_to_just_before_its_close(at: datetime, expected: Phase) -> None:
    assert phase(TWO_HOURS, at) is expected


@pytest.mark.parametrize(("late", "over"), [(timedelta(), False), (GRACE, False), (GRACE + timedelta.resolution, True)])
def test_what_was_changed_in_time_may_arrive_15_seconds_late(late: timedelta, over: bool) -> None:
    assert is_over(None, EIGHT, EIGHT + late) is over


def test_what_was_handed_in_is_over() -> None:
    assert is_over(EIGHT, EIGHT + HOUR, EIGHT)


def test_an_attempt_without_deadline_is_over_when_handed_in_only() -> None:
    assert not is_over(None, None, EIGHT + 1000 * HOUR)


SPANS = st.timedeltas(timedelta(seconds=1), timedelta(hours=6))


@given(SPANS, SPANS, SPANS, st.integers(0, 60), st.integers(0, 60))
def test_more_extra_time_never_ends_sooner(
    late: timedelta, open_for: timedelta, duration: timedelta, less: int, more: int
) -> None:
    window = Window(EIGHT, EIGHT + open_for, duration)
    few, many = sorted((less, more))

    one, other = deadline(EIGHT + late, window, extra_time(few)), deadline(EIGHT + late, window, extra_time(many))

    assert one is not None and other is not None
    assert one <= other
