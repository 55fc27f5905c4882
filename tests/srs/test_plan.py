"""Which cards to study today for an exam, and why."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.srs.memory import recall, replayed, speed
from app.srs.plan import Choice, PlannedCard, Reason, by_halves, choices, plan, quota
from tests.bench.memory import Card, Course, rotation, sm2
from tests.srs.decks import DECKS, EXAMS, card
from tests.srs.logs import TODAY

EXAM = TODAY + timedelta(10)


def reasons(*cards: PlannedCard, exam: date = EXAM) -> dict[int, Reason]:
    return {choice.id: choice.reason for choice in choices(TODAY, exam, cards)}


@given(DECKS, EXAMS)
def test_every_card_not_answered_today_is_ranked_once(deck: Sequence[PlannedCard], exam: date) -> None:
    ids = plan(TODAY, exam, 50, deck)

    assert sorted(ids) == [one.id for one in deck if one.last_review != TODAY]


@given(DECKS, EXAMS)
def test_planning_leaves_the_cards_alone_and_remembers_nothing(deck: Sequence[PlannedCard], exam: date) -> None:
    before = [list(one.history) for one in deck]

    first = plan(TODAY, exam, 50, deck)
    plan(TODAY, exam, 50, deck[::2])

    assert plan(TODAY, exam, 50, deck) == first
    assert [one.history for one in deck] == before


@given(DECKS, EXAMS, st.integers(0, 1000))
def test_the_budget_does_not_change_the_order(deck: Sequence[PlannedCard], exam: date, budget: int) -> None:
    assert plan(TODAY, exam, budget, deck) == plan(TODAY, exam, 50, deck)


@given(DECKS, EXAMS)
def test_reviews_come_by_what_they_gain_per_unit_of_time(deck: Sequence[PlannedCard], exam: date) -> None:
    met = [one for one in deck if one.history]

    gains = [choice.gain / choice.units for choice in choices(TODAY, exam, met)]

    assert gains == sorted(gains, reverse=True)


@given(DECKS, EXAMS)
def test_chances_are_chances(deck: Sequence[PlannedCard], exam: date) -> None:
    found = choices(TODAY, exam, deck)

    assert all(0 <= choice.recall <= 1 and -1 <= choice.gain <= 1 and 1 <= choice.units <= 2 for choice in found)


@given(DECKS, st.integers(0, 30))
def test_from_the_exam_day_on_there_is_nothing_to_plan(deck: Sequence[PlannedCard], days_since: int) -> None:
    assert plan(TODAY, TODAY - timedelta(days_since), 50, deck) == []


def test_without_cards_there_is_nothing_to_plan() -> None:
    assert plan(TODAY, EXAM, 50, []) == []


def test_new_cards_come_at_their_pace_then_reviews_then_the_other_new_ones() -> None:
    known = [card(100, (2, 4)), card(101, (2, 1))]
    new = [card(number) for number in range(16)]

    found = [choice.reason for choice in choices(TODAY, EXAM, [*known, *new], start=TODAY)]

    assert found[:2] == [Reason.NEW] * 2
    assert set(found[2:4]) <= {Reason.FADING, Reason.SPACED}
    assert found[4:] == [Reason.MORE] * 14


def test_the_cards_longest_unseen_come_first_until_enough_is_told() -> None:
    known = [card(100, (5, 4)), card(101, (4, 4)), card(102, (3, 4)), card(103, (2, 4))]
    new = [card(number) for number in range(40)]

    assert plan(TODAY, EXAM, 50, [*new, *known])[:2] == [100, 101]


def test_enough_is_told_by_eight_reviews() -> None:
    known = [card(number, (6, 4), (4, 4)) for number in range(100, 108)]

    assert plan(TODAY, EXAM, 50, [card(1), *known])[0] == 1


def test_near_the_exam_nothing_is_asked_only_to_tell() -> None:
    assert plan(TODAY, TODAY + timedelta(6), 50, [card(1), card(100, (5, 4))])[0] == 1


def reviewed_once(gap_days: int, right: int, wrong: int, first_id: int) -> list[Card]:
    """Cards learnt and seen again yesterday, so many of them recalled."""
    grades = [4] * right + [1] * wrong
    return [card(first_id + number, (gap_days + 1, 4), (1, grade)) for number, grade in enumerate(grades)]


def test_who_forgets_by_halves_meets_new_cards_more_slowly() -> None:
    slipping = [*reviewed_once(1, 19, 1, 100), *reviewed_once(3, 13, 7, 200), *reviewed_once(10, 1, 19, 300)]
    lasting = [*reviewed_once(1, 19, 1, 100), *reviewed_once(3, 17, 3, 200), *reviewed_once(10, 15, 5, 300)]
    new = [card(number) for number in range(40)]

    assert by_halves(slipping) and not by_halves(lasting)
    assert not choices(TODAY, EXAM, [*new, *slipping])[0].is_new
    assert choices(TODAY, EXAM, [*new, *lasting])[0].is_new


def test_new_cards_keep_the_order_of_the_course() -> None:
    assert plan(TODAY, EXAM, 50, [card(number) for number in (7, 3, 9)]) == [7, 3, 9]


def test_the_plan_begins_with_the_earliest_answer() -> None:
    deck = [card(0, (8, 4)), *(card(number) for number in range(1, 21))]

    assert choices(TODAY, EXAM, deck) == choices(TODAY, EXAM, deck, start=TODAY - timedelta(8))


@given(st.integers(0, 500), st.integers(1, 60), st.integers(0, 60))
def test_all_new_cards_are_met_by_four_fifths_of_the_time(unseen: int, days: int, late: int) -> None:
    start = TODAY - timedelta(late)
    exam, last_day = TODAY + timedelta(days), ceil(0.8 * (days + late))

    for day in range(max(last_day - late, 1)):
        unseen -= quota(unseen, start, TODAY + timedelta(day), exam)

    assert unseen == 0


def test_a_card_likely_lost_by_the_exam_says_so() -> None:
    assert reasons(card(1, (9, 1)), card(2, (20, 5), (12, 5), (1, 5))) == {1: Reason.FADING, 2: Reason.SPACED}


def test_a_card_just_learnt_gains_less_than_one_that_fades() -> None:
    fading, fresh = card(1, (6, 4)), card(2, (20, 5), (10, 5), (1, 5))

    assert plan(TODAY, EXAM, 50, [fresh, fading]) == [1, 2]


def test_recall_is_nine_tenths_after_the_strength() -> None:
    assert recall(3.0, 3.0) == pytest.approx(0.9)
    assert recall(0, 3.0) == recall(-1, 3.0) == 1


@given(st.integers(1, 30), st.integers(0, 5))
def test_a_success_strengthens_and_a_failure_weakens(gap: int, first: int) -> None:
    once = replayed([(TODAY - timedelta(gap), first)]).strength

    assert replayed([(TODAY - timedelta(gap), first), (TODAY, 4)]).strength > once
    assert replayed([(TODAY - timedelta(gap), first), (TODAY, 1)]).strength <= once


def test_who_remembers_better_than_expected_forgets_slower() -> None:
    slow = [replayed(card(1, (20, 4), (10, 4), (0, 4)).history)]
    fast = [replayed(card(1, (20, 4), (10, 1), (0, 1)).history)]

    assert speed(fast) < speed([]) == 1 < speed(slow)


def test_a_gain_is_what_a_review_adds_to_the_chance_on_the_exam_day() -> None:
    found = {choice.id: choice for choice in choices(TODAY, TODAY + timedelta(1), [card(1, (3, 5))])}

    assert found[1] == Choice(
        1, Reason.SPACED, pytest.approx(0.878, abs=1e-3), pytest.approx(0.135, abs=1e-3), pytest.approx(1.122, abs=1e-3)
    )


@pytest.mark.parametrize("model", ["FSRS-6", "ACT-R", "half-life"])
def test_with_time_enough_the_plan_beats_plain_sm2_whatever_the_memory(model: str) -> None:
    recalled = {}

    for policy in (plan, sm2):
        courses = [Course.of(model, 60, 14, 30, f"beats {number}") for number in range(4)]
        for course in courses:
            list(course.follow(policy))
        recalled[policy] = sum(sum(course.recall()) for course in courses)

    assert recalled[plan] > recalled[sm2]


def test_the_plan_beats_cramming_where_forgetting_is_fast() -> None:
    recalled = {}

    for policy in (plan, rotation):
        courses = [Course.of("half-life", 80, 30, 20, f"fast {number}") for number in range(4)]
        for course in courses:
            list(course.follow(policy))
        recalled[policy] = sum(sum(course.recall()) for course in courses)

    assert recalled[plan] > 1.1 * recalled[rotation]
