"""Item statistics: to the digit those that Moodle prints, and no verdict where chance decides."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exam.itemstats import Item, ItemStatistics, Verdict, choices, guess_of, statistics, verdict

GOLDEN = {
    "Q1": [0] * 12,
    "Q2": [2, 2, 4, 4, 4, 4, 4, 2, 4, 4, 4, 4],
    "Q3": [0, 0, 4, 0, 0, 4, 0, 4, 4, 4, 4, 4],
    "Q4": [0, 4, 0, 0, 0, 0, 0, 0, 4, 4, 4, 4],
    "Q5": [0, 4, 0, 4, 0, 0, 4, 0, 4, 4, 4, 4],
}
# Facility, standard deviation, effective weight, discrimination index, discriminative efficiency: Moodle's own output.
PRINTED: dict[str, tuple[float | None, ...]] = {
    "Q1": (0.00, 0.00, 0.00, None, None),
    "Q2": (87.50, 22.61, 14.87, 30.21, 46.67),
    "Q3": (58.33, 51.49, 25.69, 23.68, 25.58),
    "Q4": (41.67, 51.49, 30.90, 69.33, 86.81),
    "Q5": (58.33, 51.49, 28.53, 44.97, 54.29),
}


def attempts_of(columns: dict[str, list[int]]) -> list[dict[str, Fraction]]:
    """The marks by attempt, from the marks by item."""
    rows = zip(*columns.values(), strict=True)
    return [{name: Fraction(mark) for name, mark in zip(columns, row, strict=True)} for row in rows]


def items_of(columns: dict[str, list[int]], points: int = 4) -> list[Item]:
    return [Item(name, Fraction(points)) for name in columns]


def rounded(*values: float | None) -> tuple[float | None, ...]:
    return tuple(None if value is None else round(value, 2) for value in values)


@pytest.mark.parametrize("name", GOLDEN)
def test_an_item_has_the_figures_that_moodle_prints(name: str) -> None:
    report = statistics(items_of(GOLDEN), attempts_of(GOLDEN))

    item = next(one for one in report.items if one.id == name)

    figures = (item.facility, item.deviation, item.effective_weight, item.discrimination, item.efficiency)
    assert rounded(*figures) == PRINTED[name]
    assert item.intended_weight == 20.0


def test_the_exam_has_the_figures_that_moodle_prints() -> None:
    report = statistics(items_of(GOLDEN), attempts_of(GOLDEN))

    assert rounded(report.mean, report.median, report.deviation) == (49.17, 40.00, 25.03)
    assert rounded(report.consistency, report.error_ratio, report.standard_error) == (57.44, 65.24, 16.33)
    assert (round(report.skewness or 0, 4), round(report.kurtosis or 0, 4)) == (0.1547, -1.2813)


def test_an_exam_that_nobody_took_has_no_figures() -> None:
    report = statistics(items_of(GOLDEN), [])

    assert (report.attempts, report.mean, report.consistency) == (0, None, None)
    assert report.items[0].facility is None


def test_an_exam_of_which_every_question_was_dropped_has_attempts_and_no_figures() -> None:
    report = statistics([], [{}, {}, {}])

    assert (report.attempts, report.mean, report.deviation, report.consistency) == (3, None, None, None)


def test_an_attempt_whose_drawn_questions_were_all_dropped_does_not_stand_for_the_others() -> None:
    report = statistics([Item("a", Fraction(2))], [{}, {"a": Fraction(2)}, {"a": Fraction(1)}])

    assert (report.attempts, report.mean, report.items[0].intended_weight) == (3, 75.0, 100.0)


def test_after_a_drop_each_attempt_counts_as_a_share_of_its_own_points() -> None:
    """Papers of two questions were drawn; of some, one is dropped since: all right is 100 % on each."""
    attempts = [{"a": Fraction(1)}, *[{"a": Fraction(1), "b": Fraction(1)}] * 3, {"b": Fraction(1)}]

    report = statistics([Item("a", Fraction(1)), Item("b", Fraction(1))], attempts)

    assert (report.mean, report.median, report.deviation) == (100.0, 100.0, 0.0)
    assert [item.intended_weight for item in report.items] == [62.5, 62.5]  # half of three papers, the whole of one
    assert [item.facility for item in report.items] == [100.0, 100.0]


def test_after_a_drop_an_item_is_compared_with_the_share_of_the_rest() -> None:
    one = Fraction(1)
    whole = [{"a": one, "b": one, "c": one}, {"a": 0 * one, "b": one, "c": 0 * one}]
    cut = [{"a": one, "b": one}, {"a": 0 * one, "b": 0 * one}, {"a": one}]

    report = statistics([Item(name, one) for name in "abc"], [*whole, *cut])

    # Rest marks of "a" out of 2: 2, 1, 2, 0; the last attempt has no rest.
    assert rounded(report.items[0].discrimination) == (90.45,)
    assert report.items[0].attempts == 5


def test_one_attempt_has_a_mean_and_no_spread() -> None:
    report = statistics(items_of(GOLDEN), attempts_of(GOLDEN)[:1])

    assert (report.mean, report.deviation, report.items[1].discrimination) == (10.0, None, None)


def test_a_drawn_item_is_compared_with_the_rest_of_the_attempts_that_met_it() -> None:
    both = [{"a": Fraction(1), "b": Fraction(1)}, {"a": Fraction(0), "b": Fraction(0)}]
    others = [{"a": Fraction(0), "c": Fraction(1)}, {"a": Fraction(1), "c": Fraction(0)}]

    report = statistics([Item(name, Fraction(1)) for name in "abc"], [*both, *others])

    assert [(item.id, item.attempts) for item in report.items] == [("a", 4), ("b", 2), ("c", 2)]
    assert rounded(*(item.discrimination for item in report.items)) == (0.0, 100.0, -100.0)
    assert report.consistency is None
    assert {item.effective_weight for item in report.items} == {None}


def test_a_mark_of_a_third_for_everybody_has_no_spread_at_all() -> None:
    rows = [{"a": Fraction(1, 3), "b": Fraction(number % 2)} for number in range(30)]

    report = statistics([Item("a", Fraction(1)), Item("b", Fraction(1))], rows)

    assert report.items[0].deviation == 0.0
    assert report.items[0].discrimination is None


def test_an_item_against_all_others_is_left_out_of_the_weights_and_says_so() -> None:
    rows = [{"a": Fraction(4 - 4 * (n % 2)), "b": Fraction(4 * (n % 2)), "c": Fraction(4 * (n % 2))} for n in range(20)]

    report = statistics([Item(name, Fraction(4)) for name in "abc"], rows)

    assert (report.items[0].effective_weight, report.items[0].negative_covariance) == (None, True)
    assert report.items[1].effective_weight == 50.0


SOUND = ItemStatistics("q", 40, 60.0, 40.0, 25.0, 5.0, 5.0, False, 35.0, 50.0)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"attempts": 14, "discrimination": -40.0}, Verdict.NOT_ENOUGH),
        ({"attempts": 15, "discrimination": -0.1}, Verdict.SUSPECT),
        ({"discrimination": None}, Verdict.NO_SPREAD),
        ({"facility": 95.0}, Verdict.TOO_EASY),
        ({"discrimination": 0.0}, Verdict.VERY_WEAK),
        ({"discrimination": 19.99}, Verdict.VERY_WEAK),
        ({"discrimination": 20.0}, Verdict.WEAK),
        ({"discrimination": 30.0}, Verdict.ADEQUATE),
        ({"discrimination": 50.0}, Verdict.VERY_GOOD),
    ],
)
def test_the_verdict_on_an_item(changed: dict[str, object], expected: Verdict) -> None:
    assert verdict(replace(SOUND, **changed)) is expected  # type: ignore[arg-type]


def test_a_choice_is_told_with_who_took_it() -> None:
    taken = [{"a"}] * 10 + [{"b"}] * 10
    rests = [Fraction(10)] * 10 + [Fraction(0)] * 10

    key, wrong, never = choices({"a": True, "b": False, "c": False}, taken, rests)

    assert (key.count, key.share, key.mean_rest, key.point_biserial) == (10, 0.5, 10.0, pytest.approx(1.0))
    assert wrong.point_biserial == pytest.approx(-1.0)
    assert (never.count, never.mean_rest, never.point_biserial, never.rarely_chosen) == (0, None, None, True)


def test_a_wrong_choice_that_the_best_take_is_pointed_out() -> None:
    taken = [{"b"}] * 7 + [{"a"}] * 13
    rests = [Fraction(10 - at) for at in range(20)]

    _, wrong = choices({"a": True, "b": False}, taken, rests)

    assert wrong.attracts_the_best


def test_few_attempts_accuse_no_choice() -> None:
    _, wrong = choices({"a": True, "b": False}, [{"a"}] * 14, [Fraction(1)] * 14)

    assert not wrong.rarely_chosen


@pytest.mark.parametrize(
    ("guess", "expected"),
    [
        (guess_of("single", [Fraction(1), Fraction(0), Fraction(0), Fraction(0)]), Fraction(1, 4)),
        (guess_of("true_false"), Fraction(1, 2)),
        (guess_of("matching", rights=5), Fraction(1, 5)),
        (guess_of("command"), Fraction(0)),
        (guess_of("multiple"), None),
        (guess_of("ordering"), None),
    ],
)
def test_what_guessing_is_worth(guess: Fraction | None, expected: Fraction | None) -> None:
    assert guess == expected


MARKS = st.lists(st.lists(st.fractions(0, 1, max_denominator=6), min_size=3, max_size=3), min_size=2, max_size=30)


@given(MARKS)
def test_every_figure_stays_in_its_range(rows: Sequence[Sequence[Fraction]]) -> None:
    attempts = [dict(zip("abc", row, strict=True)) for row in rows]

    report = statistics([Item(name, Fraction(1)) for name in "abc"], attempts)

    for item in report.items:
        assert 0 <= (item.facility or 0) <= 100
        assert -100.0001 <= (item.discrimination or 0) <= 100.0001
        assert (item.efficiency or 0) <= 100.0001
    weights = [item.effective_weight for item in report.items if item.effective_weight is not None]
    assert not weights or abs(sum(weights) - 100) < 1e-6
    assert (report.consistency or 0) <= 100.0001


@given(MARKS, st.randoms())
def test_the_order_of_the_attempts_does_not_matter(rows: list[list[Fraction]], random: object) -> None:
    items = [Item(name, Fraction(1)) for name in "abc"]
    attempts = [dict(zip("abc", row, strict=True)) for row in rows]
    shuffled = attempts.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    one, other = statistics(items, attempts), statistics(items, shuffled)

    assert one.consistency == pytest.approx(other.consistency)
    assert [item.discrimination for item in one.items] == [pytest.approx(item.discrimination) for item in other.items]
