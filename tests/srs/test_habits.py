"""When "Hard" has become a habit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.srs.habits import hard_again

GRADES = st.lists(st.integers(0, 5), max_size=40)


@pytest.mark.parametrize(
    ("grades", "said"),
    [
        ([3, 3, 3, 3, 3], True),
        ([3, 3, 4, 3, 3, 3], True),
        ([3, 3, 3, 3], False),
        ([3, 3, 4, 3, 1, 3], False),
        ([3, 3, 3, 3, 3, 3], False),  # said one answer ago
        ([3, 3, 3, 3, 3, 4], False),
        ([], False),
    ],
)
def test_five_of_the_last_six_answers_graded_hard_are_a_habit(grades: list[int], said: bool) -> None:
    assert hard_again(grades) is said


@given(GRADES)
def test_it_is_said_once_a_day_at_most(grades: list[int]) -> None:
    assert sum(hard_again(grades[:end]) for end in range(len(grades) + 1)) <= 1


@given(GRADES)
def test_it_is_never_said_of_a_day_without_five_hard_answers(grades: list[int]) -> None:
    said = any(hard_again(grades[:end]) for end in range(len(grades) + 1))

    assert not said or grades.count(3) >= 5
