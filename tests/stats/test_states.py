"""Cards by state and by ease."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.stats.states import State, by_ease, by_state, state_of


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        (0, State.NEW),
        (1, State.LEARNING),
        (2, State.YOUNG),
        (20, State.YOUNG),
        (21, State.SETTLED),
    ],
)
def test_the_interval_says_the_state(interval: int, expected: State) -> None:
    assert state_of(interval) is expected


def test_of_a_hidden_card_nothing_else_is_told() -> None:
    assert state_of(30, aside=True, hidden=True) is State.EXAM


def test_a_card_set_aside_is_so_whatever_its_interval() -> None:
    assert state_of(30, aside=True) is State.ASIDE


@given(st.lists(st.sampled_from(list(State))))
def test_every_card_is_counted_once(states: list[State]) -> None:
    counted = by_state(states)

    assert sum(count for _, count in counted) == len(states)
    assert {state for state, _ in counted} >= set(State) - {State.EXAM}


@given(st.lists(st.integers(1300, 6000)))
def test_every_ease_falls_into_the_one_bar_that_holds_it(eases: list[int]) -> None:
    for bar in by_ease(eases):
        assert bar.count == sum(bar.low <= ease and (bar.high is None or ease < bar.high) for ease in eases)
    assert sum(bar.count for bar in by_ease(eases)) == len(eases)
