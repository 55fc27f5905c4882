"""Scores: one rounding, at the end, and in the student's favour."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exam.scoring import ItemCredit, Keep, Rules, exact, kept, round_half_up

ONE = Fraction(1)


def items(*credits: object) -> list[ItemCredit]:
    """Items of one point with these credits; None is no answer."""
    return [ItemCredit(ONE, Fraction(str(one or 0)), answered=one is not None) for one in credits]


def score(of: list[ItemCredit], rules: Rules, adjustment: Fraction = Fraction()) -> int:
    """The score of one attempt, in hundredths."""
    return round_half_up(exact(of, rules, adjustment))


def test_the_score_is_the_sum_of_the_credits_on_the_scale() -> None:
    assert score(items(1, "1/2", 0, 1), Rules()) == 1250


def test_thirds_are_rounded_once_at_the_end() -> None:
    assert score(items("1/3", "1/3", "1/3"), Rules()) == 667
    assert score(items("2/3"), Rules()) == 1333


def test_a_half_of_a_hundredth_goes_up() -> None:
    assert round_half_up(Fraction("12.5")) == 13
    assert round_half_up(Fraction("13.5")) == 14
    assert round_half_up(Fraction("12.499")) == 12


def test_points_weigh_the_items() -> None:
    assert score([ItemCredit(Fraction(3), ONE), ItemCredit(ONE, Fraction(0))], Rules()) == 1500


def test_any_scale_will_do() -> None:
    assert score(items(1, 0), Rules(scale=Fraction(100))) == 5000
    assert score(items(1, 0), Rules(scale=Fraction("12.5"))) == 625


def test_a_wrong_answer_costs_what_the_exam_says() -> None:
    assert score(items(1, 0), Rules(penalty=Fraction(1, 4))) == 750


def test_no_answer_costs_nothing() -> None:
    assert score(items(1, None), Rules(penalty=Fraction(1, 4))) == 1000


def test_a_partly_right_answer_costs_nothing() -> None:
    assert score(items(1, "1/4"), Rules(penalty=ONE)) == 1250


def test_all_or_nothing_takes_whole_credits_only() -> None:
    assert score(items(1, "3/4"), Rules(all_or_nothing=True)) == 1000


def test_penalties_never_take_a_score_below_nothing() -> None:
    assert score(items(0, 0, 0), Rules(penalty=ONE)) == 0


@pytest.mark.parametrize(("adjustment", "expected"), [("1/2", 1050), ("-30", 0), ("30", 2000)])
def test_an_adjustment_stays_within_the_scale(adjustment: str, expected: int) -> None:
    assert score(items(1, 0), Rules(), Fraction(adjustment)) == expected


def test_an_exam_whose_questions_were_all_cancelled_has_the_full_score() -> None:
    assert score([], Rules()) == 2000


@pytest.mark.parametrize(
    ("policy", "expected"), [(Keep.BEST, 1500), (Keep.LAST, 1201), (Keep.FIRST, 800), (Keep.AVERAGE, 1167)]
)
def test_the_attempt_that_counts(policy: Keep, expected: int) -> None:
    assert kept([Fraction(800), Fraction(1500), Fraction(1201)], policy) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [((1, 0, 0), (0, 0, 0), 333), ((1, 1, 1), (1, 0, 0), 1333), ((1, 1, 0), (0, 0, 0), 667)],
)
def test_a_mean_of_attempts_is_rounded_once(first: tuple[int, ...], second: tuple[int, ...], expected: int) -> None:
    tries = [exact(items(*credits), Rules()) for credits in (first, second)]

    assert kept(tries, Keep.AVERAGE) == expected


def test_a_student_without_attempt_has_no_score() -> None:
    assert kept([], Keep.BEST) is None


CREDITS = st.lists(st.fractions(0, 1, max_denominator=12), min_size=1, max_size=40)


@given(CREDITS)
def test_a_score_is_the_nearest_hundredth_to_the_exact_one(credits: list[Fraction]) -> None:
    whole = sum(credits, Fraction()) / len(credits) * 2000

    found = score([ItemCredit(ONE, credit) for credit in credits], Rules())

    assert abs(found - whole) <= Fraction(1, 2)
    assert 0 <= found <= 2000


@given(CREDITS, st.integers(0, 39), st.fractions(0, 1, max_denominator=4))
def test_a_better_answer_never_lowers_a_score(credits: list[Fraction], at: int, penalty: Fraction) -> None:
    rules = Rules(penalty=penalty)
    before = [ItemCredit(ONE, credit) for credit in credits]
    after = [*before]
    after[at % len(after)] = ItemCredit(ONE, ONE)

    assert score(after, rules) >= score(before, rules)
