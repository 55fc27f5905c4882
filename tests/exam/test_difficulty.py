"""What is expected of a question before it is asked, and of the draws of an exam: by answers, else by level."""

from random import Random
from statistics import fmean, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exam.blueprint import Candidate, Demand, Urn
from app.exam.difficulty import WIDE, Answers, Asked, Facility, Judgement, Worth, estimates, spread


def level_of(number: int) -> int:
    return number % 3 + 1


def pool(size: int) -> list[Candidate]:
    return [Candidate(number, "network", level_of(number), "single", f"o{number}") for number in range(size)]


def heard(size: int, answers: int, luck: Random) -> tuple[list[Asked], dict[int, float]]:
    """Questions with what was answered, and how easy each truly is."""
    true = {number: luck.uniform(0.2, 0.95) for number in range(size)}
    asked = [
        Asked(number, level_of(number), examined=Answers(answers, sum(luck.random() < share for _ in range(answers))))
        for number, share in true.items()
    ]
    return asked, true


def test_without_an_answer_a_harder_level_is_expected_to_bring_less() -> None:
    found = estimates([Asked(number, level=number) for number in (1, 2, 3)])

    assert found[1].mean > found[2].mean > found[3].mean
    assert not any(one.rests_on_answers for one in found.values())


def test_without_an_answer_one_that_can_be_guessed_is_expected_to_bring_more() -> None:
    found = estimates([Asked(1, 2, guess=0.5), Asked(2, 2, guess=0.25), Asked(3, 2)])

    assert found[1].mean > found[2].mean > found[3].mean


def test_many_answers_are_believed_more_than_the_level_and_few_are_not() -> None:
    found = estimates([Asked(1, 1, examined=Answers(200, 20)), Asked(2, 1, examined=Answers(1, 0)), Asked(3, 1)])

    assert found[1].mean == pytest.approx(0.1, abs=0.03)
    assert found[3].mean * 0.7 < found[2].mean < found[3].mean


def test_a_level_that_is_answered_badly_is_expected_to_go_on_so() -> None:
    bad = [Asked(number, 1, examined=Answers(20, 4)) for number in range(10)]

    assert estimates([*bad, Asked(99, 1)])[99].mean < 0.35


def test_the_estimates_come_closer_to_the_truth_than_the_answers_alone() -> None:
    asked, true = heard(300, 6, Random(4))

    found = estimates(asked)

    def error(guesses: dict[int, float]) -> float:
        return fmean((guesses[number] - share) ** 2 for number, share in true.items())

    alone = {one.id: one.examined.credit / one.examined.count for one in asked}
    assert error({number: one.mean for number, one in found.items()}) < 0.75 * error(alone)


def test_first_answers_in_revision_are_moved_to_what_exams_make_of_the_same_questions() -> None:
    both = [Asked(number, 2, revised=Answers(40, 16), examined=Answers(40, 28)) for number in range(10)]
    only_revised, only_examined = Asked(50, 2, revised=Answers(40, 16)), Asked(51, 2, examined=Answers(40, 28))

    found = estimates([*both, only_revised, only_examined])

    assert found[50].mean == pytest.approx(found[51].mean, abs=0.01)


@given(
    st.lists(
        st.builds(
            Asked,
            id=st.integers(1, 50),
            level=st.integers(1, 3),
            guess=st.floats(0, 0.5),
            revised=st.integers(0, 30).flatmap(lambda n: st.builds(Answers, st.just(n), st.floats(0, n))),
            examined=st.integers(0, 30).flatmap(lambda n: st.builds(Answers, st.just(n), st.floats(0, n))),
        ),
        unique_by=lambda one: one.id,
    )
)
def test_whatever_was_answered_a_facility_lies_between_0_and_1(asked: list[Asked]) -> None:
    found = estimates(asked)

    assert found.keys() == {one.id for one in asked}
    assert all(0 < one.mean < 1 and one.weight > 0 for one in found.values())


def test_a_wrong_answer_that_costs_makes_a_lower_score_and_never_less_than_0() -> None:
    facilities = {1: Facility(0.6), 2: Facility(0.1)}

    assert Worth(facilities).expected([1]) == pytest.approx(0.6)
    assert Worth(facilities, penalty=0.5).expected([1]) == pytest.approx(0.4)
    assert Worth(facilities, penalty=1).expected([2]) == 0


def test_points_weigh() -> None:
    facilities = {1: Facility(0.9), 2: Facility(0.3)}

    assert Worth(facilities, points={1: 3}).expected([1, 2]) == pytest.approx(0.75)


def test_the_spread_is_near_to_that_of_the_true_facilities() -> None:
    asked, true = heard(300, 40, Random(7))
    urn = Urn.of([Demand(10), Demand(5, level=3)], pool(300))

    found = spread(urn, Worth(estimates(asked)), Random(1))

    luck = Random(2)
    scores = [fmean(true[number] for number in urn.draw(luck)) for _ in range(500)]
    assert found.mean == pytest.approx(fmean(scores), abs=0.03)
    assert found.deviation == pytest.approx(pstdev(scores), rel=0.25)
    assert found.low < found.mean < found.high


def test_what_is_not_known_of_the_questions_counts_as_luck() -> None:
    urn = Urn.of([Demand(10, level=2)], pool(300))
    unknown = Worth(estimates([Asked(number, level_of(number)) for number in range(300)]))

    found = spread(urn, unknown, Random(1))

    assert found.deviation > 0.02
    assert (found.judgement, found.answered) == (Judgement.NOT_ENOUGH, 0)


def test_the_parts_of_the_rows_make_the_whole_and_the_uneven_row_has_the_most() -> None:
    even = {number: Facility(0.6, 100, 10_000) for number in range(0, 300, 3)}
    uneven = {number: Facility(0.1 if number % 2 else 0.9, 100, 10_000) for number in range(300) if number % 3}
    urn = Urn.of([Demand(5, level=1), Demand(5, level=2)], pool(300))

    rows = spread(urn, Worth(even | uneven), Random(1)).rows

    assert sum(row.share for row in rows) == pytest.approx(1)
    assert rows[1].share > 0.9
    assert (rows[0].available, rows[0].mean) == (100, pytest.approx(0.6))


@pytest.mark.parametrize(("facilities", "judged"), [((0.1, 0.9), Judgement.WIDE), ((0.59, 0.61), Judgement.EVEN)])
def test_draws_are_judged_by_how_far_apart_they_lie(facilities: tuple[float, float], judged: Judgement) -> None:
    known = {number: Facility(facilities[number % 2], 100, 10_000) for number in range(100)}

    found = spread(Urn.of([Demand(8)], pool(100)), Worth(known), Random(1))

    assert found.judgement is judged
    assert (found.high - found.low > WIDE) == (judged is Judgement.WIDE)


def test_the_same_luck_gives_the_same_figures() -> None:
    urn, worth = Urn.of([Demand(8)], pool(60)), Worth(estimates([Asked(one.id, one.level) for one in pool(60)]))

    assert spread(urn, worth, Random(3)) == spread(urn, worth, Random(3))
