"""Weekly points of readiness."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.srs import memory
from app.stats.readiness import weekly

LAST = date(2026, 11, 22)
GRADES = st.integers(0, 5)
HISTORIES = st.lists(st.dictionaries(st.integers(0, 200), GRADES, max_size=8), min_size=1, max_size=8).map(
    lambda cards: [sorted((LAST - timedelta(ago), grade) for ago, grade in card.items()) for card in cards]
)


def test_nobody_who_never_answered_has_a_point() -> None:
    assert weekly([[], []], LAST, 26) == ()


def test_the_points_begin_in_the_week_of_the_first_answer() -> None:
    points = weekly([[(LAST - timedelta(8), 4)]], LAST, 26)

    assert [point.day for point in points] == [LAST - timedelta(14), LAST - timedelta(7), LAST]
    assert [point.seen for point in points] == [0, 1, 1]


def test_a_card_never_met_counts_as_not_known() -> None:
    one, two = weekly([[(LAST, 5)]], LAST, 1), weekly([[(LAST, 5)], []], LAST, 1)

    assert (one[-1].recalled, two[-1].recalled, two[-1].seen) == (1.0, 0.5, 0.5)


@given(HISTORIES)
def test_the_last_point_is_what_the_memories_of_all_answers_say(histories: list[list[tuple[date, int]]]) -> None:
    points = weekly(histories, LAST, 60)

    replays = [memory.replayed(history) for history in histories if history]
    speed = memory.speed(replays)
    expected = sum(memory.recall((LAST - one.last).days, speed * one.strength) for one in replays) / len(histories)
    assert abs((points[-1].recalled if points else 0) - expected) < 1e-9


@given(HISTORIES, st.integers(1, 40))
def test_a_point_knows_nothing_of_later_answers(histories: list[list[tuple[date, int]]], weeks: int) -> None:
    points = weekly(histories, LAST, weeks)

    for point in points:
        until = [[answer for answer in history if answer[0] <= point.day] for history in histories]
        then = weekly(until, point.day, 1)
        assert abs(point.recalled - (then[-1].recalled if then else 0)) < 1e-9
    assert len(points) <= weeks
    assert all(0 <= point.recalled <= point.seen + 1e-9 <= 1 + 2e-9 for point in points)
