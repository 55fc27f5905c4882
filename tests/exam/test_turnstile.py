"""The line before a start: who comes at once, and how far apart the turns of the others are."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exam.turnstile import AT_ONCE_S, QUIET_S, SENT_AWAY_S, Booking, Turnstile

SHARE = 1.6  # starts take five eighths of the time
EACH_S = SHARE * 0.01  # what a start is guessed to take
TOLD = Booking(booked_s=EACH_S, told=True)  # of who comes in their turn

instants = st.lists(st.floats(0, 100), min_size=1, max_size=60).map(sorted)


def started(line: Turnstile, took_s: float, together: int = 1) -> None:
    """Some who come at once have started, `together` at a time, each after so long."""
    for _ in range(together):
        line.enter()
    for _ in range(60):
        line.leave(took_s, together, TOLD, is_made=True)
        line.enter()


def apart(line: Turnstile, now_s: float) -> float:
    """How far apart turns are for people who come at one instant."""
    waits = [line.book(now_s, who).wait_s for who in range(40)]
    return round(waits[-1] - waits[-2], 6)


def test_who_comes_alone_starts_at_once() -> None:
    line = Turnstile()

    assert [line.book(second, 1).wait_s for second in range(5)] == [0.0] * 5


def test_of_those_who_come_at_one_instant_few_start_at_once_and_the_others_one_after_the_other() -> None:
    line = Turnstile()

    waits = [line.book(7.0, who).wait_s for who in range(500)]

    assert waits[:4] == [0.0] * 4
    assert waits[4:] == pytest.approx([SENT_AWAY_S + EACH_S * place for place in range(496)])
    assert 9 < waits[-1] < 10  # of one process: two of them need half as long


@given(instants)
def test_turns_come_in_the_order_of_those_who_book_them_and_never_closer(comings: list[float]) -> None:
    line = Turnstile()

    turns = [(come, line.book(come, who).wait_s) for who, come in enumerate(comings)]

    waited = [come + wait for come, wait in turns if wait]
    assert all(later - earlier >= EACH_S - 1e-9 for earlier, later in pairwise(waited))
    assert all(wait >= SENT_AWAY_S - 1e-9 for _, wait in turns if wait)


@given(instants, st.floats(1, 10))
def test_the_line_is_free_again_once_all_had_their_turn(comings: list[float], pause_s: float) -> None:
    line = Turnstile()
    for who, come in enumerate(comings):
        line.book(come, who)
    later_s = comings[-1] + SENT_AWAY_S + EACH_S * len(comings) + pause_s

    assert line.book(later_s, 0).wait_s == 0.0
    assert line.come(later_s) is not None


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
    slow = line.book(5.0, 1)

    line.leave(30.0, line.enter(), slow, is_made=True)

    assert line.book(5.0, 2).wait_s == SENT_AWAY_S
    assert apart(line, now_s=1_000) == pytest.approx(EACH_S * 1.03)


def test_starts_that_take_longer_than_was_booked_keep_the_next_ones_away() -> None:
    line = Turnstile()
    now_s, waits = 0.0, []

    for who in range(12):  # one comes as soon as the one before is served: there is a line that nobody sees
        booking = line.book(now_s, who)
        waits.append(booking.wait_s)
        line.leave(0.014, line.enter(), booking, is_made=True)
        now_s += 0.014

    assert waits[0] == 0.0 and waits[-1] > AT_ONCE_S


def test_who_comes_again_keeps_their_turn_and_takes_nobodys() -> None:
    line = Turnstile()
    others = [line.book(7.0, who).wait_s for who in range(10)]

    again = [line.book(7.0 + second / 10, 9) for second in range(5)]

    assert [one.wait_s for one in again] == pytest.approx([others[9] - second / 10 for second in range(5)])
    assert {(one.booked_s, one.told) for one in again} == {(EACH_S, True)}
    assert line.book(7.0, "the next one").wait_s == pytest.approx(others[9] + EACH_S)


def test_after_their_turn_they_may_take_another() -> None:
    line = Turnstile()
    waits = [line.book(7.0, who).wait_s for who in range(10)]

    assert line.book(7.0 + waits[9] + 60, 9).wait_s == 0.0


def test_a_turn_that_is_past_is_kept_by_nobody_though_another_that_was_told_before_is_to_come() -> None:
    line = Turnstile()
    for who in range(100):
        line.book(7.0, who)
    for _ in range(90):  # they are quicker than was guessed: who comes now has an earlier turn than the last one
        line.leave(0.0, line.enter(), TOLD, is_made=True)
    early = line.book(7.0, "early").wait_s
    assert early < line.book(7.0, 99).wait_s

    assert line.book(7.0 + early + 0.01, "early").wait_s == 0.0


def test_who_finds_a_line_before_them_has_taken_nothing_by_asking() -> None:
    line = Turnstile()

    came = [line.come(5.0) for _ in range(50)]

    assert [one is not None for one in came] == [True] * 4 + [False] * 46
    assert line.book(5.0, "the next one").wait_s == SENT_AWAY_S


def comes(line: Turnstile, now_s: float, who: object) -> float:
    """How long somebody waits who comes now."""
    return (line.come(now_s) or line.book(now_s, who)).wait_s


@pytest.mark.parametrize("apart_s", [QUIET_S + 0.01, 0.5, 1.0, 1.4])
def test_who_comes_alone_after_a_crowd_need_not_wait_but_while_the_crowd_has_its_turns(apart_s: float) -> None:
    line = Turnstile()
    crowd = [comes(line, 5.0, who) for who in range(30)]
    first, last = 5.0 + min(filter(None, crowd)), 5.0 + max(crowd)

    waited = []
    for number in range(1, 40):
        now_s = 5.0 + number * apart_s
        if comes(line, now_s, number + 100):
            waited.append(now_s)

    assert all(first - AT_ONCE_S <= now_s <= last + AT_ONCE_S for now_s in waited)


def test_of_a_crowd_that_comes_one_by_one_no_more_come_at_once_than_of_one_that_comes_together() -> None:
    line = Turnstile()

    waits = [comes(line, 5.0 + who * 0.003, who) for who in range(400)]  # within a second, as they can be told

    assert waits.count(0.0) <= 6


def test_a_start_that_was_refused_tells_nothing_of_how_long_one_takes() -> None:
    line = Turnstile()
    for _ in range(60):
        line.leave(0.001, line.enter(), TOLD, is_made=False)

    assert apart(line, now_s=1_000) == pytest.approx(EACH_S)


def test_what_was_started_before_and_is_opened_again_tells_nothing_of_it_either() -> None:
    line = Turnstile()
    for _ in range(60):
        line.leave(0.001, line.enter(), Booking(), is_made=True)

    assert apart(line, now_s=1_000) == pytest.approx(EACH_S)


def test_a_start_that_was_refused_gives_its_turn_back() -> None:
    line = Turnstile()

    for _ in range(200):
        booking = line.come(5.0)
        assert booking is not None
        line.leave(0.01, line.enter(), booking, is_made=False)

    assert line.come(5.0) is not None


@pytest.mark.parametrize("what", ["nothing booked", "in their turn", "again", "before the close"])
def test_who_booked_nothing_by_a_start_that_is_refused_gives_nothing_back(what: str) -> None:
    line = Turnstile()
    waits = [line.book(5.0, who).wait_s for who in range(20)]
    book = {
        "nothing booked": Booking,
        "in their turn": lambda: TOLD,
        "again": lambda: line.book(5.0, 19),
        "before the close": lambda: line.book(5.0, "late", most_s=1.0),
    }[what]

    for _ in range(200):
        line.leave(0.01, line.enter(), book(), is_made=False)

    assert line.book(5.0, "the next one").wait_s == pytest.approx(waits[-1] + EACH_S)


@pytest.mark.parametrize(("most_s", "waits"), [(1.5, False), (1.6, True)])
def test_who_would_have_to_wait_for_too_long_comes_at_once(most_s: float, waits: bool) -> None:
    line = Turnstile()
    for who in range(4):
        line.book(5.0, who)

    booking = line.book(5.0, "late", most_s)

    assert (booking.wait_s > 0, booking.booked_s > 0) == (waits, waits)


def test_a_turn_that_is_kept_is_no_reason_to_wait_for_too_long() -> None:
    line = Turnstile()
    for who in range(5):
        line.book(5.0, who)

    assert line.book(5.0, 4, most_s=1.0) == Booking()
