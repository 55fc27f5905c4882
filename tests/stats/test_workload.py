"""The days until an exam in minutes and cards."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.stats.workload import days_of_work

TODAY = date(2026, 11, 23)


def test_units_become_minutes_at_the_learners_pace() -> None:
    (day,) = days_of_work({TODAY: 30}, 0, 1.0, 20)

    assert (day.minutes, day.cards) == (10, 30)


def test_a_new_card_and_a_miss_take_two_units() -> None:
    (only_new,) = days_of_work({TODAY: 30}, 15, 0.9, 20)
    (only_missed,) = days_of_work({TODAY: 30}, 0, 0.0, 20)

    assert (only_new.cards, only_missed.cards) == (15, 15)


def test_a_day_off_brings_nothing() -> None:
    off, on = days_of_work({TODAY: 0, TODAY + timedelta(1): 10}, 0, 1.0, 20)

    assert (off.minutes, off.cards, on.cards) == (0, 0, 10)


@given(st.lists(st.floats(0, 500), min_size=1, max_size=60), st.floats(0, 1), st.floats(0, 1), st.floats(5, 60))
def test_cards_lie_between_all_missed_and_all_recalled(
    units: list[float], new: float, recall: float, unit_s: float
) -> None:
    spent = {TODAY + timedelta(ahead): one for ahead, one in enumerate(units)}
    days = days_of_work(spent, int(new * sum(units) / 2), recall, unit_s)

    total = sum(units)
    assert total / 2 - 1e-6 <= sum(day.cards for day in days) <= total + 1e-6
    assert abs(sum(day.minutes for day in days) - total * unit_s / 60) < 1e-6
    assert [day.day for day in days] == sorted(spent)
