"""A few numbers for many scores, rounded once and half up as the scores are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exam.summary import Summary, summarise


@pytest.mark.parametrize(
    ("scores", "mean", "median"),
    [
        ([1500], 1500, 1500),
        ([1000, 1001], 1001, 1001),  # both are 1000.5
        ([0, 1000, 2000], 1000, 1000),
        ([0, 0, 1, 2000], 500, 1),  # 500.25, and 0.5
    ],
)
def test_the_mean_and_the_median_round_half_up(scores: list[int], mean: int, median: int) -> None:
    assert (summarise(scores, None).mean, summarise(scores, None).median) == (mean, median)


def test_who_has_exactly_the_pass_mark_has_passed() -> None:
    assert summarise([999, 1000, 1001], 1000).passed == 2


def test_without_a_pass_mark_nobody_passes_or_fails() -> None:
    assert summarise([1000], None).passed is None


def test_without_a_score_there_is_no_mean() -> None:
    assert summarise([], 1000) == Summary(0, None, None, 0)


@given(st.lists(st.integers(0, 2000), min_size=1))
def test_mean_and_median_are_among_the_scores(scores: list[int]) -> None:
    found = summarise(scores, None)

    assert all(min(scores) <= number <= max(scores) for number in (found.mean or 0, found.median or 0))
