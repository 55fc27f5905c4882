"""Seen, settled, and the steps of a heat table."""

import pytest

from app.stats.mastery import Reach, add, middle, step


def test_a_topic_without_cards_has_no_share() -> None:
    assert (Reach(0).share_seen, Reach(0).share_mature) == (None, None)


def test_shares_are_of_all_the_cards() -> None:
    reach = Reach(total=8, seen=4, mature=2)

    assert (reach.share_seen, reach.share_mature) == (0.5, 0.25)


def test_topics_add_up_to_a_course() -> None:
    assert add([Reach(8, 4, 2, 1), Reach(2, 1, 0, 1)]) == Reach(10, 5, 2, 2)


@pytest.mark.parametrize(
    ("share", "expected"), [(None, 0), (0.0, 1), (0.24, 1), (0.25, 2), (0.5, 3), (0.75, 4), (1.0, 4)]
)
def test_heat_has_four_steps_and_one_for_nothing(share: float | None, expected: int) -> None:
    assert step(share) == expected


def test_the_middle_leaves_out_who_has_no_value() -> None:
    assert middle([None, 0.2, 0.9, 0.4]) == 0.4


def test_the_middle_of_nothing_is_nothing() -> None:
    assert middle([None]) is None
