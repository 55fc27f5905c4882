"""SM-2 against the paper's table, whole trajectories, and what must hold of every state."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.srs.sm2 import MAX_INTERVAL, MIN_EASE, NEW, CardState, Grade, review
from tests.srs.logs import GRADES, STATES, TODAY


def reviewed(grades: Sequence[int]) -> Iterator[CardState]:
    """The states after each grade, every review on its due day."""
    state = NEW
    for grade in grades:
        state = review(state, Grade(grade), state.due or TODAY)
        yield state


@pytest.mark.parametrize(
    ("grade", "change"),
    [(Grade.EASY, 100), (Grade.GOOD, 0), (Grade.HARD, -140)],
)
def test_a_pass_changes_the_ease_as_the_paper_says(grade: Grade, change: int) -> None:
    assert review(NEW, grade, TODAY).ease_permille == 2500 + change


@pytest.mark.parametrize("grade", [Grade.BLACKOUT, Grade.WRONG, Grade.CLOSE])
def test_a_failure_leaves_the_ease_alone(grade: Grade) -> None:
    known = CardState(streak=3, interval_days=15, ease_permille=2360, lapses=0, due=TODAY)

    assert review(known, grade, TODAY).ease_permille == 2360


@pytest.mark.parametrize(
    ("grades", "intervals"),
    [
        ([4, 4, 4, 4, 4], [1, 6, 15, 38, 95]),
        ([5, 5, 5, 5, 5], [1, 6, 17, 50, 150]),
        ([3, 3, 3, 3], [1, 6, 13, 26]),
        ([4, 4, 4, 4, 4, 2, 4, 4, 4], [1, 6, 15, 38, 95, 1, 1, 6, 15]),
        ([1, 0, 2, 4, 4, 4], [1, 1, 1, 1, 6, 15]),
        ([4, 1, 4, 4], [1, 1, 1, 6]),
    ],
)
def test_intervals_follow_the_golden_sequences(grades: list[int], intervals: list[int]) -> None:
    assert [state.interval_days for state in reviewed(grades)] == intervals


# Computed by hand, step by step: (grade, streak, interval, ease in thousandths, lapses).
PAPER = {
    "easy, good, hard": [
        (5, 1, 1, 2600, 0),
        (4, 2, 6, 2600, 0),
        (3, 3, 15, 2460, 0),  # 6 x 2.46 = 14.76
        (5, 4, 39, 2560, 0),  # 15 x 2.56 = 38.4
        (3, 5, 95, 2420, 0),  # 39 x 2.42 = 94.38
    ],
    "forgotten twice": [
        (4, 1, 1, 2500, 0),
        (3, 2, 6, 2360, 0),
        (1, 0, 1, 2360, 1),
        (4, 1, 1, 2360, 1),
        (4, 2, 6, 2360, 1),
        (4, 3, 15, 2360, 1),  # 6 x 2.36 = 14.16
        (0, 0, 1, 2360, 2),
        (0, 0, 1, 2360, 2),  # it was not known again in between: no third lapse
    ],
    "nine times hard, down to the floor": [
        (3, 1, 1, 2360, 0),
        (3, 2, 6, 2220, 0),
        (3, 3, 13, 2080, 0),  # 6 x 2.08 = 12.48
        (3, 4, 26, 1940, 0),  # 13 x 1.94 = 25.22
        (3, 5, 47, 1800, 0),  # 26 x 1.80 = 46.8
        (3, 6, 79, 1660, 0),  # 47 x 1.66 = 78.02
        (3, 7, 121, 1520, 0),  # 79 x 1.52 = 120.08
        (3, 8, 167, 1380, 0),  # 121 x 1.38 = 166.98
        (3, 9, 218, 1300, 0),  # 167 x 1.30 = 217.1
    ],
}


@pytest.mark.parametrize("steps", PAPER.values(), ids=PAPER.keys())
def test_a_trajectory_computed_on_paper_is_reproduced(steps: list[tuple[int, int, int, int, int]]) -> None:
    states = reviewed([step[0] for step in steps])

    assert [(s.streak, s.interval_days, s.ease_permille, s.lapses) for s in states] == [step[1:] for step in steps]


def test_a_whole_product_is_not_rounded_up() -> None:
    known = CardState(streak=4, interval_days=50, ease_permille=2900, lapses=0, due=TODAY)

    assert review(known, Grade.EASY, TODAY).interval_days == 150  # 50 x 3.0 exactly


def test_failing_a_card_that_was_never_known_is_no_lapse() -> None:
    assert review(NEW, Grade.WRONG, TODAY).lapses == 0


def test_the_day_of_the_answer_counts_and_not_the_due_day() -> None:
    known = CardState(streak=2, interval_days=6, ease_permille=2500, lapses=0, due=TODAY - timedelta(40))

    assert review(known, Grade.GOOD, TODAY).due == TODAY + timedelta(15)


def test_an_interval_stops_growing_at_a_hundred_years() -> None:
    old = CardState(streak=20, interval_days=30_000, ease_permille=2500, lapses=0, due=TODAY)

    assert review(old, Grade.EASY, TODAY).interval_days == MAX_INTERVAL == 36_500


@given(STATES, GRADES)
def test_every_field_stays_a_plain_integer(state: CardState, grade: Grade) -> None:
    after = review(state, grade, TODAY)

    numbers = (after.streak, after.interval_days, after.ease_permille, after.lapses)
    assert {type(number) for number in numbers} == {int}


@given(STATES, GRADES)
def test_ease_never_falls_below_its_floor(state: CardState, grade: Grade) -> None:
    assert review(state, grade, TODAY).ease_permille >= MIN_EASE


@given(STATES, GRADES)
def test_an_interval_is_at_least_a_day_and_at_most_the_cap(state: CardState, grade: Grade) -> None:
    assert 1 <= review(state, grade, TODAY).interval_days <= MAX_INTERVAL


@given(STATES, GRADES)
def test_a_reviewed_card_is_due_after_its_interval_and_never_today(state: CardState, grade: Grade) -> None:
    after = review(state, grade, TODAY)

    assert after.due == TODAY + timedelta(after.interval_days) > TODAY


@given(STATES, GRADES, GRADES)
def test_a_better_grade_never_gives_less(state: CardState, one: Grade, other: Grade) -> None:
    low, high = (review(state, grade, TODAY) for grade in sorted((one, other)))

    assert low.interval_days <= high.interval_days
    assert low.streak <= high.streak
    assert low.lapses >= high.lapses


@given(STATES, st.sampled_from([Grade.HARD, Grade.GOOD, Grade.EASY]))
def test_the_third_and_later_intervals_are_the_exact_product_rounded_up(state: CardState, grade: Grade) -> None:
    after = review(state, grade, TODAY)

    product = Decimal(state.interval_days) * Decimal(after.ease_permille) / 1000
    rounded = min(int(product.to_integral_value(ROUND_CEILING)), MAX_INTERVAL)
    assert after.interval_days == {0: 1, 1: 6}.get(state.streak, rounded)


@given(STATES, st.dates(date(2020, 1, 1), date(2030, 1, 1)), GRADES)
def test_the_due_day_of_the_state_changes_nothing(state: CardState, due: date, grade: Grade) -> None:
    moved = CardState(state.streak, state.interval_days, state.ease_permille, state.lapses, due)

    assert review(moved, grade, TODAY) == review(state, grade, TODAY)
