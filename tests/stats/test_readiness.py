"""Weekly points of readiness."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.srs import memory
from app.stats.readiness import Point, Readiness, weekly

LAST = date(2026, 11, 22)
GRADES = st.integers(0, 5)
HISTORIES = st.lists(st.dictionaries(st.integers(0, 200), GRADES, max_size=8), min_size=1, max_size=8).map(
    lambda cards: [sorted((LAST - timedelta(ago), grade) for ago, grade in card.items()) for card in cards]
)


def points_of(histories: Sequence[Sequence[tuple[date, int]]], last: date, weeks: int) -> tuple[Point, ...]:
    """The points of cards by their places."""
    return weekly(dict(enumerate(histories)), last, weeks).points(len(histories))


def test_nobody_who_never_answered_has_a_point() -> None:
    assert weekly({1: [], 2: []}, LAST, 26).evenings == ()
    assert weekly({1: [], 2: []}, LAST, 26).until(LAST + timedelta(1), []) == ()


def test_the_points_begin_in_the_week_of_the_first_answer() -> None:
    points = points_of([[(LAST - timedelta(8), 4)]], LAST, 26)

    assert [point.day for point in points] == [LAST - timedelta(14), LAST - timedelta(7), LAST]
    assert [point.seen for point in points] == [0, 1, 1]


def test_a_card_never_met_counts_as_not_known() -> None:
    one, two = points_of([[(LAST, 5)]], LAST, 1), points_of([[(LAST, 5)], []], LAST, 1)

    assert (one[-1].recalled, two[-1].recalled, two[-1].seen) == (1.0, 0.5, 0.5)


@given(HISTORIES)
def test_the_last_point_is_what_the_memories_of_all_answers_say(histories: list[list[tuple[date, int]]]) -> None:
    points = points_of(histories, LAST, 60)

    replays = [memory.replayed(history) for history in histories if history]
    speed = memory.speed(replays)
    expected = sum(memory.recall((LAST - one.last).days, speed * one.strength) for one in replays) / len(histories)
    assert abs((points[-1].recalled if points else 0) - expected) < 1e-9


@given(HISTORIES, st.integers(1, 40))
def test_a_point_knows_nothing_of_later_answers(histories: list[list[tuple[date, int]]], weeks: int) -> None:
    points = points_of(histories, LAST, weeks)

    for point in points:
        until = [[answer for answer in history if answer[0] <= point.day] for history in histories]
        then = points_of(until, point.day, 1)
        assert abs(point.recalled - (then[-1].recalled if then else 0)) < 1e-9
    assert len(points) <= weeks
    assert all(0 <= point.recalled <= point.seen + 1e-9 <= 1 + 2e-9 for point in points)


@given(HISTORIES, st.integers(1, 200))
def test_going_on_from_a_week_says_what_all_answers_say(histories: list[list[tuple[date, int]]], ago: int) -> None:
    cut = LAST - timedelta(ago)
    before = [[answer for answer in history if answer[0] <= cut] for history in histories]
    later = [(day, card, grade) for card, history in enumerate(histories) for day, grade in history if day > cut]
    begun = weekly(dict(enumerate(before)), cut, 60)

    evenings = [begun.until(LAST, later)[-1:] for _ in range(2)]  # twice: the first leaves the week as it was

    whole = points_of(histories, LAST, 1)
    points = [evening.among(len(histories)) for evening in evenings[0]]
    assert evenings[0] == evenings[1]
    assert [point.seen for point in points] == [point.seen for point in whole]
    assert [point.recalled for point in points] == pytest.approx([point.recalled for point in whole])


@given(HISTORIES, st.integers(1, 20))
def test_weeks_that_are_added_one_by_one_say_exactly_what_all_say(
    histories: list[list[tuple[date, int]]], weeks: int
) -> None:
    whole, grown = weekly(dict(enumerate(histories)), LAST, 26), Readiness()
    for ago in range(weeks - 1, -1, -1):
        last = LAST - timedelta(7 * ago)
        begun = last - timedelta(7) if ago < weeks - 1 else date.min
        later = [
            (day, card, grade)
            for card, history in enumerate(histories)
            for day, grade in history
            if begun < day <= last
        ]
        grown = grown.weekly(last, later, 26)

    assert grown == whole
    assert list(grown.replays) == list(whole.replays)
