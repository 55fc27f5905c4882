"""The line before a start: who comes at once, and how far apart the turns of the others are."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exam.turnstile import AT_ONCE_S, SENT_AWAY_S, Turnstile

SHARE = 1.6  # starts take five eighths of the time
EACH_S = SHARE * 0.01  # what a start is guessed to take

instants = st.lists(st.floats(0, 100), min_size=1, max_size=60).map(sorted)


def started(line: Turnstile, took_s: float, together: int = 1) -> None:
    """Some who come at once have started, `together` at a time, each after so long."""
    for _ in range(together):
        line.enter()
    for _ in range(60):
        line.leave(took_s, together, is_booked=True, is_made=True)
        line.enter()


def apart(line: Turnstile, now_s: float) -> float:
    """How far apart turns are for people who come at one instant."""
    waits = [line.book(now_s, who) for who in range(40)]
    return round(waits[-1] - waits[-2], 6)


def test_who_comes_alone_starts_at_once() -> None:
    line = Turnstile()

    assert [line.book(second, 1) for second in range(5)] == [0.0] * 5


def test_of_those_who_come_at_one_instant_few_start_at_once_and_the_others_one_after_the_other() -> None:
    line = Turnstile()

    waits = [line.book(7.0, who) for who in range(500)]

    assert waits[:4] == [0.0] * 4
    assert waits[4:] == pytest.approx([SENT_AWAY_S + EACH_S * place for place in range(496)])
    assert 9 < waits[-1] < 10  # of one process: two of them need half as long


@given(instants)
def test_turns_come_in_the_order_of_those_who_book_them_and_never_closer(comings: list[float]) -> None:
    line = Turnstile()

    turns = [(come, line.book(come, who)) for who, come in enumerate(comings)]

    waited = [come + wait for come, wait in turns if wait]
    assert all(later - earlier >= EACH_S - 1e-9 for earlier, later in pairwise(waited))
    assert all(wait >= SENT_AWAY_S - 1e-9 for _, wait in turns if wait)


@given(instants, st.floats(1, 10))
def test_the_line_is_free_again_once_all_had_their_turn(comings: list[float], pause_s: float) -> None:
    line = Turnstile()
    for who, come in enumerate(comings):
        line.book(come, who)
    later_s = comings[-1] + SENT_AWAY_S + EACH_S * len(comings) + pause_s

    assert line.is_free(later_s)
    assert line.book(later_s, 0) == 0.0


@pytest.mark.parametrize("took_s", [0.004, 0.03])
def test_turns_are_as_far_apart_as_leaves_three_eighths_of_the_time_to_others(took_s: float) -> None:
    line = Turnstile()
    started(line, took_s)

    assert apart(line, now_s=1_000) == pytest.approx(SHARE * took_s, rel=0.04)


def test_starts_that_share_a_process_take_each_their_part_of_the_time() -> None:
    line = Turnstile()
    started(line, took_s=0.08, together=4)

    assert apart(line, now_s=1_000) == pytest.approx(SHARE * 0.02, rel=0.04)


def test_one_start_that_was_slow_for_a_reason_of_its_own_hardly_counts() -> None:
    line = Turnstile()
    line.book(5.0, 1)

    line.leave(30.0, line.enter(), is_booked=True, is_made=True)

    assert line.book(5.0, 2) == SENT_AWAY_S
    assert apart(line, now_s=1_000) == pytest.approx(EACH_S * 1.03)


def test_starts_that_take_longer_than_was_booked_keep_the_next_ones_away() -> None:
    line = Turnstile()
    now_s, waits = 0.0, []

    for who in range(12):  # one comes as soon as the one before is served: there is a line that nobody sees
        waits.append(line.book(now_s, who))
        line.leave(0.014, line.enter(), is_booked=True, is_made=True)
        now_s += 0.014

    assert waits[0] == 0.0 and waits[-1] > AT_ONCE_S


def test_who_comes_again_keeps_their_turn_and_takes_nobodys() -> None:
    line = Turnstile()
    others = [line.book(7.0, who) for who in range(10)]

    again = [line.book(7.0 + second / 10, 9) for second in range(5)]

    assert again == pytest.approx([others[9] - second / 10 for second in range(5)])
    assert line.book(7.0, "the next one") == pytest.approx(others[9] + EACH_S)


def test_after_their_turn_they_may_take_another() -> None:
    line = Turnstile()
    waits = [line.book(7.0, who) for who in range(10)]

    assert line.book(7.0 + waits[9] + 60, 9) == 0.0


def test_a_start_that_was_refused_tells_nothing_of_how_long_one_takes() -> None:
    line = Turnstile()
    for _ in range(60):
        line.leave(0.001, line.enter(), is_booked=True, is_made=False)

    assert apart(line, now_s=1_000) == pytest.approx(EACH_S)


def test_a_start_that_was_refused_gives_its_turn_back() -> None:
    line = Turnstile()

    for _ in range(200):
        assert line.book(5.0, "a stranger") == 0.0
        line.leave(0.01, line.enter(), is_booked=True, is_made=False)

    assert line.is_free(5.0)


def test_who_booked_no_turn_gives_none_back() -> None:
    line = Turnstile()
    waits = [line.book(5.0, who) for who in range(20)]

    for _ in range(200):
        line.leave(0.01, line.enter(), is_booked=False, is_made=False)

    assert line.book(5.0, "the next one") == pytest.approx(waits[-1] + EACH_S)
