"""The study day: wall-clock hours where the learner is."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import day_starts_at, study_day, utc_now

PARIS = "Europe/Paris"
ZONES = st.sampled_from(
    [
        "Pacific/Midway",  # UTC-11
        "America/St_Johns",
        "America/New_York",
        "America/Havana",  # its clocks change at midnight
        "UTC",
        PARIS,
        "Africa/Casablanca",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",  # its clocks change by half an hour
        "Pacific/Chatham",
        "Pacific/Kiritimati",  # UTC+14
    ]
)
HOURS = st.integers(0, 6)
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 a bound
DAYS = st.dates(date(2025, 1, 1), date(2028, 1, 1))


def in_paris(month: int, day: int, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo(PARIS), fold=fold).astimezone(UTC)


def test_now_is_aware_and_in_utc() -> None:
    assert utc_now().tzinfo is UTC


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (in_paris(11, 23, 3, 59), date(2026, 11, 22)),
        (in_paris(11, 23, 4, 0), date(2026, 11, 23)),
        (in_paris(11, 23, 23, 59), date(2026, 11, 23)),
        (in_paris(11, 24, 0, 0), date(2026, 11, 23)),
    ],
)
def test_a_study_day_lasts_from_four_to_four(at: datetime, day: date) -> None:
    assert study_day(at, PARIS) == day


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (in_paris(3, 29, 1, 59), date(2026, 3, 28)),
        (in_paris(3, 29, 3, 0), date(2026, 3, 28)),  # one minute later: the clocks went forward
        (in_paris(3, 29, 3, 59), date(2026, 3, 28)),
        (in_paris(3, 29, 4, 0), date(2026, 3, 29)),
    ],
)
def test_the_spring_sunday_begins_at_four_although_its_night_is_short(at: datetime, day: date) -> None:
    assert study_day(at, PARIS) == day


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (in_paris(10, 25, 2, 30), date(2026, 10, 24)),
        (in_paris(10, 25, 2, 30, fold=1), date(2026, 10, 24)),
        (in_paris(10, 25, 3, 59), date(2026, 10, 24)),
        (in_paris(10, 25, 4, 0), date(2026, 10, 25)),
    ],
)
def test_the_autumn_sunday_begins_at_four_although_its_night_is_long(at: datetime, day: date) -> None:
    assert study_day(at, PARIS) == day


def test_one_instant_is_three_study_days_around_the_world() -> None:
    at = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)  # 03:30, 15:30 and, on the 24th, 04:30

    days = [study_day(at, zone) for zone in ("Pacific/Midway", PARIS, "Pacific/Kiritimati")]

    assert days == [date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 24)]


def test_a_learner_who_starts_at_midnight_has_calendar_days() -> None:
    assert study_day(in_paris(11, 23, 0, 0), PARIS, 0) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("day", "hour", "start"),
    [
        (date(2026, 11, 23), 4, datetime(2026, 11, 23, 3, 0, tzinfo=UTC)),
        (date(2026, 3, 29), 4, datetime(2026, 3, 29, 2, 0, tzinfo=UTC)),
        (date(2026, 3, 29), 2, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),  # 02:00 does not exist: 03:00
        (date(2026, 10, 25), 2, datetime(2026, 10, 25, 0, 0, tzinfo=UTC)),  # 02:00 comes twice: the first
        (date(2026, 10, 25), 4, datetime(2026, 10, 25, 3, 0, tzinfo=UTC)),
    ],
)
def test_a_paris_day_starts_at_this_instant(day: date, hour: int, start: datetime) -> None:
    assert day_starts_at(day, PARIS, hour) == start


def test_a_day_starting_inside_a_two_hour_gap_starts_with_the_jump() -> None:
    start = day_starts_at(date(2026, 3, 29), "Antarctica/Troll", 2)  # 01:00 becomes 03:00

    assert start == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


@given(DAYS, ZONES, HOURS)
def test_a_day_is_there_from_its_start_and_not_a_second_before(day: date, zone: str, hour: int) -> None:
    start = day_starts_at(day, zone, hour)

    assert study_day(start, zone, hour) == day
    assert study_day(start - timedelta(seconds=1), zone, hour) == day - timedelta(days=1)


@given(INSTANTS, ZONES, HOURS)
def test_every_instant_lies_between_two_starts(at: datetime, zone: str, hour: int) -> None:
    day = study_day(at, zone, hour)

    assert day_starts_at(day, zone, hour) <= at < day_starts_at(day + timedelta(days=1), zone, hour)
