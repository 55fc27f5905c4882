"""Observed shares and how sure they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.stats.shares import Share

counts = st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


def test_a_share_of_nothing_has_no_value_and_could_be_anything() -> None:
    assert (Share().value, Share().interval) == (None, (0.0, 1.0))


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(5, 10, 0.2366, 0.7634), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_the_interval_is_wilsons(count: int, of: int, low: float, high: float) -> None:
    """The last line is the example of Newcombe, Statistics in Medicine 17 (1998), 857-872, table I."""
    assert Share(count, of).interval == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_two_shares_are_observed_together() -> None:
    assert Share(1, 2) + Share(3, 4) == Share(4, 6)


@given(counts)
def test_the_interval_holds_the_share_and_stays_within_0_and_1(pair: tuple[int, int]) -> None:
    share = Share(*pair)
    low, high = share.interval

    assert 0 <= low <= (share.value or 0) + 1e-12
    assert (share.value or 0) - 1e-12 <= high <= 1


@given(counts)
def test_more_answers_alike_make_it_surer(pair: tuple[int, int]) -> None:
    once, tenfold = Share(*pair).interval, Share(10 * pair[0], 10 * pair[1]).interval

    assert tenfold[1] - tenfold[0] < once[1] - once[0]
