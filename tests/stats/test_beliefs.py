"""Which mistakes are believed."""

from hypothesis import given
from hypothesis import strategies as st

from app.stats.beliefs import Belief, beliefs
from app.stats.shares import Share

groups = st.lists(st.tuples(st.sets(st.sampled_from("abc")), st.integers(1, 9)), max_size=6)


def test_four_students_are_not_enough_to_tell() -> None:
    assert beliefs([("a", 4)], []) is None


def test_a_mistake_of_a_quarter_of_the_students_is_believed() -> None:
    assert beliefs([("a", 3), ("", 9)], []) == [Belief("a", Share(3, 12), None)]


def test_a_rarer_mistake_is_not() -> None:
    assert beliefs([("a", 3), ("", 10)], []) == []


def test_two_students_are_no_class() -> None:
    assert beliefs([("a", 2), ("", 3)], []) == []


def test_one_answer_may_hold_several_mistakes() -> None:
    found = beliefs([("ab", 3), ("a", 2)], [])

    assert found == [Belief("a", Share(5, 5), None), Belief("b", Share(3, 5), None)]


def test_equals_stay_in_the_order_in_which_they_came() -> None:
    letters = "qwertyuiopasdfghjkl"

    assert [one.key for one in beliefs([(letters, 5)], []) or []] == list(letters)


def test_first_and_later_answers_are_counted_apart() -> None:
    found = beliefs([("a", 6), ("", 4)], [("a", 1), ("", 4)])

    assert found == [Belief("a", Share(6, 10), Share(1, 5))]
    assert not (found or [])[0].lasts


def test_what_is_still_answered_on_another_day_lasts() -> None:
    found = beliefs([("a", 6), ("", 4)], [("a", 4), ("", 4)])

    assert (found or [])[0].lasts


def test_a_mistake_that_only_came_later_is_told_too() -> None:
    assert beliefs([("", 10)], [("a", 5)]) == [Belief("a", Share(0, 10), Share(5, 5))]


def test_a_few_students_who_came_back_tell_nothing_of_later() -> None:
    assert beliefs([("a", 5)], [("a", 4)]) == [Belief("a", Share(5, 5), None)]


def test_what_lasts_comes_before_what_was_surer_at_first() -> None:
    found = beliefs([("a", 9), ("b", 3)], [("", 5), ("b", 4)])

    assert [one.key for one in found or []] == ["b", "a"]


def test_what_more_students_believe_is_surer() -> None:
    found = beliefs([("a", 9), ("b", 4), ("", 2)], [])

    assert [one.key for one in found or []] == ["a", "b"]


@given(groups, groups)
def test_a_share_never_counts_more_than_its_students(first: list, later: list) -> None:
    for one in beliefs(first, later) or []:
        assert 0 <= one.first.count <= one.first.of == sum(size for _, size in first)
        assert one.later is None or one.later.count <= one.later.of
