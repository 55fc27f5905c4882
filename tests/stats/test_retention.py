"""Retention over the last study days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.stats.retention import Tally, all_in_all, by_month, retention
from app.stats.shares import Share

TODAY = date(2026, 11, 24)


def ago(days: int, reviews: int, recalled: int) -> Tally:
    return Tally(TODAY - timedelta(days), reviews, recalled)


def test_there_is_no_retention_before_the_first_review() -> None:
    assert retention([], TODAY) is None


def test_retention_is_the_share_recalled_over_all_days() -> None:
    assert retention([ago(0, 3, 3), ago(5, 1, 0)], TODAY) == 0.75


def test_the_window_holds_28_days_today_included() -> None:
    assert retention([ago(27, 1, 1)], TODAY) == 1.0
    assert retention([ago(28, 1, 1)], TODAY) is None


def test_a_day_after_today_does_not_count() -> None:
    assert retention([ago(-1, 1, 1)], TODAY) is None


@given(st.lists(st.tuples(st.integers(0, 27), st.integers(1, 50), st.integers(0, 50))))
def test_retention_is_a_share(days: list[tuple[int, int, int]]) -> None:
    share = retention([ago(day, reviews, min(recalled, reviews)) for day, reviews, recalled in days], TODAY)

    assert share is None if not days else 0 <= (share or 0) <= 1


@given(st.lists(st.tuples(st.integers(0, 700), st.integers(1, 50), st.integers(0, 50))), st.integers(1, 24))
def test_every_review_of_the_months_shown_is_in_its_month(days: list[tuple[int, int, int]], many: int) -> None:
    tallies = [ago(day, reviews, min(recalled, reviews)) for day, reviews, recalled in days]
    months = by_month(tallies, TODAY, many)

    assert [month for month, _ in months] == sorted({month for month, _ in months})
    assert (len(months), months[-1][0]) == (many, TODAY.replace(day=1))
    shown = [tally for tally in tallies if tally.day >= months[0][0]]
    assert sum((share for _, share in months), Share()) == all_in_all(shown)
