"""Bootstrap intervals: wide where attempts are few, the same for the same marks, none where they would mislead."""

from collections.abc import Sequence
from fractions import Fraction
from random import Random
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exam.bootstrap import DRAWS, NO_INTERVALS, Interval, intervals
from app.exam.itemstats import Item, statistics

ITEMS = [Item(name, Fraction(points)) for name, points in (("a", 1), ("b", 2), ("c", 4), ("d", 1))]
Marks = dict[str, Fraction]


def class_of(count: int, items: Sequence[Item] = ITEMS, seed: int = 0) -> list[Marks]:
    """Students of whom some know more: each right with a chance of their own."""
    luck = Random(seed)
    found = []
    for _ in range(count):
        knows = luck.random()
        found.append({item.id: item.points if luck.random() < knows else Fraction(0) for item in items})
    return found


def width(interval: Interval | None) -> float:
    assert interval is not None
    return interval.high - interval.low


def test_the_figures_themselves_are_inside() -> None:
    attempts = class_of(60)

    found, report = intervals(ITEMS, attempts), statistics(ITEMS, attempts)

    for item in report.items:
        assert found.facility[item.id].holds(item.facility or 0)
        assert found.discrimination[item.id].holds(item.discrimination or 0)
    assert found.consistency is not None
    assert found.consistency.holds(report.consistency or 0)


def test_facility_has_the_interval_that_the_normal_law_gives() -> None:
    attempts = [{"a": Fraction(at % 2), "b": Fraction(2 * (at % 3 > 0))} for at in range(400)]

    found = intervals(ITEMS[:2], attempts).facility["a"]

    assert found.low == pytest.approx(50 - 1.96 * 2.5, abs=0.8)  # the standard error of 400 halves is 2.5 %
    assert found.high == pytest.approx(50 + 1.96 * 2.5, abs=0.8)


def test_more_attempts_make_them_narrower() -> None:
    once = class_of(20)

    few, many = intervals(ITEMS, once), intervals(ITEMS, once * 16)

    assert width(few.consistency) > 3 * width(many.consistency)  # 4, as the square root of 16
    assert fmean(map(width, few.discrimination.values())) > 2 * fmean(map(width, many.discrimination.values()))


@given(st.randoms(use_true_random=False))
@settings(max_examples=5, deadline=None)
def test_the_same_attempts_give_the_same_in_any_order(luck: Random) -> None:
    attempts = class_of(20)
    shuffled = luck.sample(attempts, len(attempts))

    assert intervals(ITEMS, shuffled) == intervals(ITEMS, attempts)


def test_below_fifteen_attempts_there_is_none() -> None:
    assert intervals(ITEMS, class_of(14)) == NO_INTERVALS
    assert intervals(ITEMS, class_of(15)) != NO_INTERVALS


def test_an_item_that_all_have_right_has_none() -> None:
    attempts = [one | {"a": Fraction(1)} for one in class_of(40)]

    found = intervals(ITEMS, attempts)

    assert "a" not in found.facility
    assert "a" not in found.discrimination


def test_one_wrong_answer_is_not_enough_for_a_discrimination() -> None:
    attempts = [one | {"a": Fraction(1)} for one in class_of(40)]
    attempts[0]["a"] = Fraction(0)

    found = intervals(ITEMS, attempts)

    assert "a" in found.facility
    assert "a" not in found.discrimination  # a third of the draws leave that answer out


def test_drawn_questions_have_no_consistency() -> None:
    attempts = [
        {name: mark for name, mark in one.items() if name != "abcd"[at % 2]} for at, one in enumerate(class_of(60))
    ]

    found = intervals(ITEMS, attempts)

    assert found.consistency is None
    assert set(found.facility) == set("abcd")


def test_marks_below_zero_count_as_they_are() -> None:
    attempts = [{"a": Fraction(-1 if at % 2 else 1), "b": Fraction(at % 5, 4)} for at in range(100)]

    found = intervals(ITEMS[:2], attempts)

    assert found.facility["a"].holds(0)
    assert found.facility["a"].low < 0


def test_a_heavy_exam_of_a_large_cohort_fits_its_fields() -> None:
    items = [Item(str(number), Fraction(100)) for number in range(40)]
    attempts = class_of(300, items, seed=2)

    found = intervals(items, attempts)

    for item in statistics(items, attempts).items:
        assert found.facility[item.id].holds(item.facility or 0)


def test_an_exam_that_nobody_took_has_none() -> None:
    assert intervals(ITEMS, []) == NO_INTERVALS
    assert DRAWS >= 500


def test_a_dropped_question_of_some_papers_moves_no_interval_away_from_its_figure() -> None:
    items = [Item(name, Fraction(1)) for name in "abcd"]
    attempts = [
        marks if at % 2 else {name: mark for name, mark in marks.items() if name != "d"}
        for at, marks in enumerate(class_of(80, items))
    ]

    found, report = intervals(items, attempts), statistics(items, attempts)

    for item in report.items:
        assert found.discrimination[item.id].holds(item.discrimination or 0)
