"""What an answer does when it comes early, again, or as practice; and what each button announces."""

from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.srs.answering import Kind, answer, choices, grade_of, is_leech, is_leech_now, kind_of
from app.srs.sm2 import NEW, CardState, Grade, review
from tests.srs.logs import FAILURES, GRADES, KNOWN, PASSES, STATES, TODAY

DUE_LATER = CardState(streak=3, interval_days=15, ease_permille=2500, lapses=0, due=TODAY + timedelta(10))
DUE_TODAY = CardState(streak=3, interval_days=15, ease_permille=2500, lapses=0, due=TODAY)
AHEAD = st.sampled_from([Kind.EARLY, Kind.PRACTICE])
LATER = KNOWN.filter(lambda state: state.due is not None and state.due > TODAY)


@pytest.mark.parametrize(
    ("state", "drilling", "practice", "kind"),
    [
        (NEW, False, False, Kind.REVIEW),
        (NEW, False, True, Kind.PRACTICE),
        (DUE_TODAY, False, False, Kind.REVIEW),
        (DUE_TODAY, False, True, Kind.REVIEW),
        (DUE_LATER, False, False, Kind.EARLY),
        (DUE_LATER, False, True, Kind.PRACTICE),
        (DUE_LATER, True, False, Kind.DRILL),
        (DUE_LATER, True, True, Kind.DRILL),
    ],
)
def test_the_first_rule_that_matches_names_the_kind(
    state: CardState, drilling: bool, practice: bool, kind: Kind
) -> None:
    assert kind_of(state, drilling, TODAY, practice) is kind


@given(STATES, GRADES)
def test_a_review_is_sm2_and_nothing_else(state: CardState, grade: Grade) -> None:
    assert answer(state, Kind.REVIEW, grade, TODAY) == review(state, grade, TODAY)


@given(STATES, GRADES)
def test_a_drill_changes_nothing(state: CardState, grade: Grade) -> None:
    assert answer(state, Kind.DRILL, grade, TODAY) == state


@given(GRADES)
def test_practising_a_card_never_reviewed_changes_nothing(grade: Grade) -> None:
    assert answer(NEW, Kind.PRACTICE, grade, TODAY) == NEW


def test_an_early_success_waits_the_same_interval_from_today() -> None:
    after = answer(DUE_LATER, Kind.EARLY, Grade.EASY, TODAY)

    assert after == CardState(streak=3, interval_days=15, ease_permille=2500, lapses=0, due=TODAY + timedelta(15))


@given(LATER, AHEAD, PASSES)
def test_a_success_ahead_of_time_moves_only_the_due_day(state: CardState, kind: Kind, grade: Grade) -> None:
    after = answer(state, kind, grade, TODAY)

    assert (after.streak, after.interval_days, after.ease_permille, after.lapses) == (
        state.streak,
        state.interval_days,
        state.ease_permille,
        state.lapses,
    )


@given(LATER, AHEAD, PASSES)
def test_a_success_ahead_of_time_never_brings_a_card_nearer(state: CardState, kind: Kind, grade: Grade) -> None:
    after = answer(state, kind, grade, TODAY)

    assert state.due is not None
    assert after.due == max(state.due, TODAY + timedelta(state.interval_days))


@given(LATER, AHEAD, FAILURES)
def test_a_failure_ahead_of_time_counts_like_any_other(state: CardState, kind: Kind, grade: Grade) -> None:
    assert answer(state, kind, grade, TODAY) == review(state, grade, TODAY)


def test_cramming_a_card_all_evening_earns_no_longer_interval() -> None:
    state = DUE_LATER

    for _ in range(20):
        state = answer(state, Kind.EARLY, Grade.EASY, TODAY)

    assert state.interval_days == DUE_LATER.interval_days


def test_an_undo_is_not_an_answer() -> None:
    with pytest.raises(ValueError, match="undo is not an answer"):
        answer(DUE_TODAY, Kind.UNDO, Grade.GOOD, TODAY)


@pytest.mark.parametrize(
    ("credit", "dont_know", "grade"),
    [
        (Fraction(1), False, Grade.GOOD),
        (Fraction(99, 100), False, Grade.CLOSE),
        (Fraction(1, 2), False, Grade.CLOSE),
        (Fraction(49, 100), False, Grade.WRONG),
        (Fraction(0), False, Grade.WRONG),
        (Fraction(0), True, Grade.BLACKOUT),
    ],
)
def test_a_marked_answer_gets_this_grade(credit: Fraction, dont_know: bool, grade: Grade) -> None:
    assert grade_of(credit, dont_know) is grade


@given(STATES, st.sampled_from([Kind.REVIEW, Kind.DRILL, Kind.EARLY, Kind.PRACTICE]), st.sets(GRADES))
def test_each_button_announces_what_it_will_record(state: CardState, kind: Kind, grades: set[Grade]) -> None:
    announced = choices(state, kind, TODAY, grades)

    assert announced == {grade: answer(state, kind, grade, TODAY) for grade in grades}


def test_the_buttons_keep_the_order_they_are_asked_in() -> None:
    announced = choices(DUE_TODAY, Kind.REVIEW, TODAY, [Grade.HARD, Grade.GOOD, Grade.EASY])

    assert list(announced) == [Grade.HARD, Grade.GOOD, Grade.EASY]


def test_a_card_becomes_a_leech_at_its_eighth_lapse_and_again_every_four() -> None:
    warned = []
    state = NEW

    for lapse in range(1, 21):
        known = review(state, Grade.GOOD, TODAY)
        state = review(known, Grade.WRONG, TODAY)
        if is_leech_now(known, state):
            warned.append(lapse)

    assert warned == [8, 12, 16, 20]


def test_failing_a_leech_that_was_not_known_again_warns_no_second_time() -> None:
    leech = CardState(streak=0, interval_days=1, ease_permille=1300, lapses=8, due=TODAY)

    assert not is_leech_now(leech, review(leech, Grade.WRONG, TODAY))


@pytest.mark.parametrize(("lapses", "leech"), [(0, False), (7, False), (8, True), (9, True)])
def test_a_leech_stays_one(lapses: int, leech: bool) -> None:
    assert is_leech(lapses) is leech
