"""What may be shown of an exam, and from when: never a key while somebody may still answer."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exam.disclosure import Closing, Option, Sitting, closing, credit_shown, key_shown, score_shown
from app.exam.timing import GRACE, Window

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
NOON = NINE + timedelta(hours=3)
WINDOW = Window(NINE, NOON, timedelta(hours=1))
EPSILON = timedelta.resolution
THIRD = Fraction(1, 3)
DONE, ABSENT, AGAIN = Sitting(finished=True), Sitting(finished=False), Sitting(finished=True, at_work=True)


def test_an_exam_is_closed_once_its_last_save_would_be_refused() -> None:
    assert closing(WINDOW) == Closing(NOON + GRACE, NOON + GRACE)


def test_the_student_with_the_most_extra_time_closes_it() -> None:
    found = closing(WINDOW, [Fraction(0), THIRD, Fraction(1, 4)])

    assert found.keys_at == found.scores_at == NOON + timedelta(minutes=20) + GRACE


def test_time_given_later_moves_the_close() -> None:
    later = NOON + timedelta(minutes=45)

    assert closing(WINDOW, [THIRD], deadlines=[NOON, later]).keys_at == later + GRACE


def test_a_make_up_keeps_the_keys_and_lets_the_scores_go() -> None:
    next_week = NOON + timedelta(days=7)

    found = closing(WINDOW, makeups=[next_week])

    assert found == Closing(NOON + GRACE, next_week + GRACE)


def test_a_make_up_before_the_others_brings_nothing_forward() -> None:
    assert closing(WINDOW, makeups=[NINE]).keys_at == NOON + GRACE


def test_an_exam_without_a_close_is_never_closed() -> None:
    assert closing(Window(None, None, None), [THIRD], makeups=[NOON]) == Closing(None, None)


@pytest.mark.parametrize("shown", [score_shown, key_shown])
def test_what_waits_for_the_close_comes_just_after_the_last_instant(shown: object) -> None:
    closed = closing(WINDOW, [THIRD])
    last = NOON + timedelta(minutes=20) + GRACE

    assert not shown(Option.CLOSED, DONE, closed, last)  # type: ignore[operator]
    assert shown(Option.CLOSED, DONE, closed, last + EPSILON)  # type: ignore[operator]


def test_a_key_waits_for_the_make_up_while_the_score_is_read() -> None:
    closed = closing(WINDOW, makeups=[NOON + timedelta(days=7)])
    now = NOON + timedelta(days=1)

    assert score_shown(Option.CLOSED, DONE, closed, now)
    assert not key_shown(Option.CLOSED, DONE, closed, now)
    assert not credit_shown(Option.CLOSED, Option.CLOSED, DONE, closed, now)


def test_once_handed_in_is_at_once_and_only_for_who_handed_in() -> None:
    closed = closing(WINDOW)

    assert score_shown(Option.SUBMITTED, DONE, closed, NINE) and key_shown(Option.SUBMITTED, DONE, closed, NINE)
    assert not score_shown(Option.SUBMITTED, ABSENT, closed, NINE)
    assert not key_shown(Option.SUBMITTED, ABSENT, closed, NINE)


def test_who_did_not_sit_the_exam_reads_its_keys_once_it_is_closed() -> None:
    assert key_shown(Option.SUBMITTED, ABSENT, closing(WINDOW), NOON + timedelta(days=1))


def test_no_key_is_shown_to_somebody_at_work_again() -> None:
    assert not key_shown(Option.SUBMITTED, AGAIN, closing(WINDOW), NINE)


def test_a_score_at_once_tells_no_credits_while_others_work() -> None:
    closed = closing(WINDOW)

    assert not credit_shown(Option.SUBMITTED, Option.CLOSED, DONE, closed, NINE)
    assert credit_shown(Option.SUBMITTED, Option.SUBMITTED, DONE, closed, NINE)
    assert credit_shown(Option.SUBMITTED, Option.NEVER, DONE, closed, NOON + timedelta(hours=1))


SITTINGS = st.builds(Sitting, st.booleans(), st.booleans())
INSTANTS = st.integers(-10_000, 1_000_000).map(lambda seconds: NINE + timedelta(seconds=seconds))


@given(SITTINGS, INSTANTS)
def test_never_is_never(sitting: Sitting, now: datetime) -> None:
    closed = closing(WINDOW)

    assert not score_shown(Option.NEVER, sitting, closed, now)
    assert not key_shown(Option.NEVER, sitting, closed, now)
    assert not credit_shown(Option.NEVER, Option.SUBMITTED, sitting, closed, now)


@given(SITTINGS, INSTANTS, st.lists(st.fractions(0, 2), max_size=4), st.lists(INSTANTS, max_size=4), INSTANTS)
def test_no_key_that_waits_for_the_close_is_shown_while_anybody_may_answer(
    sitting: Sitting, now: datetime, extras: list[Fraction], deadlines: list[datetime], makeup: datetime
) -> None:
    closed = closing(WINDOW, extras, deadlines, [makeup])
    last = max(NOON + timedelta(hours=1) * float(max(extras, default=0)), makeup, *deadlines, NOON)

    if now <= last:
        assert not key_shown(Option.CLOSED, sitting, closed, now)
