"""How parallel forms came out, and whether chance explains it."""

from random import Random

import pytest

from app.exam.form_results import Verdict, by_form


def scores(luck: Random, **means: float) -> list[tuple[str, float]]:
    """Fifteen scores a form, around its mean."""
    return [(form, luck.gauss(mean, 0.1)) for form, mean in means.items() for _ in range(15)]


def test_a_forms_mean_and_deviation_are_those_of_its_attempts() -> None:
    found = by_form([("A", 0.5), ("A", 0.7), ("B", 0.4)], 3, Random(1))

    a, b, c = found.rows
    assert (a.form, a.attempts, a.mean, a.deviation) == ("A", 2, pytest.approx(0.6), pytest.approx(0.02**0.5))
    assert (b.attempts, b.mean, b.deviation) == (1, 0.4, None)
    assert (c.form, c.attempts, c.mean, c.deviation) == ("C", 0, None, None)


@pytest.mark.parametrize("left", [0, 1, 14])
def test_there_is_no_verdict_before_two_forms_have_fifteen_attempts(left: int) -> None:
    found = by_form([("A", 0.9)] * 15 + [("B", 0.1)] * left, 2, Random(1))

    assert found.verdict is Verdict.NOT_ENOUGH


def test_forms_that_differ_much_are_told_apart_and_the_best_comes_first() -> None:
    found = by_form(scores(Random(3), A=0.5, B=0.8), 2, Random(1))

    assert found.verdict is Verdict.UNEQUAL
    assert [row.form for row in found.compared] == ["B", "A"]


def test_equal_forms_are_called_unequal_once_in_twenty_at_most() -> None:
    verdicts = [by_form(scores(Random(seed), A=0.6, B=0.6, C=0.6), 3, Random(seed)).verdict for seed in range(60)]

    assert verdicts.count(Verdict.UNEQUAL) <= 6


def test_the_same_score_for_everybody_is_no_difference() -> None:
    assert by_form([("A", 0.3)] * 15 + [("B", 0.3)] * 15, 2, Random(1)).verdict is Verdict.CHANCE


def test_a_form_with_few_attempts_is_left_out_of_the_verdict() -> None:
    found = by_form([*scores(Random(4), A=0.6, B=0.6), ("C", 0.0)], 3, Random(1))

    assert found.verdict is Verdict.CHANCE
    assert [row.form for row in found.rows if row not in found.compared] == ["C"]
