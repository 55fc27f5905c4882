"""What is asked today, in which order, and how much is left."""

import timeit
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.srs.queue import Item, Limits, Queue, build, next_due
from app.srs.replay import Totals
from app.srs.sm2 import CardState
from tests.srs.logs import MORNING, TODAY

YESTERDAY = TODAY - timedelta(1)
TOMORROW = TODAY + timedelta(1)
NO_LIMITS = Limits(10_000, 10_000)


def item(question: int, totals: Totals | None = None, *, topic: int = 1, objective: int | None = None) -> Item:
    """A question with an objective of its own unless told otherwise."""
    return Item(question, topic, question if objective is None else objective, question, totals)


def known(due: date, interval: int = 10, lapses: int = 0) -> Totals:
    """A card reviewed before today."""
    last = min(due, TODAY) - timedelta(interval)
    at = MORNING + (last - TODAY)
    return Totals(CardState(3, interval, 2500, lapses, due), None, last, last, at, 3, 3)


def overdue(days: int, interval: int = 10) -> Totals:
    return known(TODAY - timedelta(days), interval)


def answered(minute: int, *, new: bool = False, missed: bool = False) -> Totals:
    """A card answered today, `minute` minutes past nine."""
    introduced = TODAY if new else YESTERDAY
    at = MORNING + timedelta(minutes=minute)
    return Totals(CardState(1, 1, 2500, 0, TOMORROW), TODAY if missed else None, introduced, TODAY, at, 1, 1)


def asked(*items: Item, limits: Limits = NO_LIMITS) -> tuple[int, ...]:
    return build(items, TODAY, limits).upcoming


def test_an_empty_course_leaves_nothing_to_do() -> None:
    queue = build([], TODAY, Limits())

    assert queue == Queue(due=0, drills=0, new=0, upcoming=())
    assert (queue.next, queue.left) == (None, 0)


def test_due_cards_come_before_drills_that_wait_and_new_ones() -> None:
    queue = build([item(1), item(2, answered(0, missed=True)), item(3, overdue(0))], TODAY, NO_LIMITS)

    assert queue == Queue(due=1, drills=1, new=1, upcoming=(3, 1, 2))
    assert (queue.next, queue.left) == (3, 3)


def test_the_most_overdue_for_its_interval_comes_first() -> None:
    assert asked(item(1, overdue(9, 30)), item(2, overdue(2, 3)), item(3, overdue(0, 1))) == (2, 1, 3)


def test_equally_overdue_cards_come_by_due_day_then_position_then_question() -> None:
    same = [
        Item(5, 1, 5, position=2, totals=overdue(1, 2)),
        Item(4, 1, 4, position=1, totals=overdue(1, 2)),
        Item(3, 1, 3, position=1, totals=overdue(1, 2)),
        Item(2, 1, 2, position=9, totals=overdue(2, 4)),
    ]

    assert asked(*same) == (2, 3, 4, 5)


def test_urgencies_are_compared_exactly() -> None:
    assert asked(item(1, overdue(1, 36_500)), item(2, overdue(1, 36_499))) == (2, 1)


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(1, 36_500)), max_size=30))
def test_due_cards_are_sorted_by_days_overdue_per_day_of_interval(cards: list[tuple[int, int]]) -> None:
    items = [item(n, overdue(days, interval)) for n, (days, interval) in enumerate(cards)]

    urgencies = [Fraction(*cards[question]) for question in asked(*items)]

    assert urgencies == sorted(urgencies, reverse=True)


@pytest.mark.parametrize(("others", "first"), [(2, 9), (3, 1)])
def test_a_missed_card_comes_back_after_three_others_and_before_what_is_due(others: int, first: int) -> None:
    since = [item(20 + n, answered(5 + n)) for n in range(others)]

    order = asked(item(1, answered(0, missed=True)), item(9, overdue(5)), *since)

    assert order[0] == first


def test_cards_answered_before_the_miss_do_not_ripen_it() -> None:
    before = [item(20 + n, answered(n)) for n in range(3)]

    assert asked(item(1, answered(5, missed=True)), item(9), *before) == (9, 1)


def test_a_waiting_drill_does_not_jump_ahead_to_keep_objectives_apart() -> None:
    waiting = item(1, answered(0, missed=True), objective=7)
    just_answered = item(2, answered(1), objective=8)

    assert asked(waiting, just_answered, item(3, overdue(0), objective=8)) == (3, 1)


def test_when_only_drills_are_left_the_oldest_comes_first() -> None:
    drills = [item(1, answered(2, missed=True)), item(2, answered(0, missed=True)), item(3, answered(1, missed=True))]

    assert asked(*drills) == (2, 3, 1)


def test_a_drill_of_yesterday_is_over() -> None:
    totals = Totals(
        CardState(0, 1, 2500, 1, TOMORROW), YESTERDAY, YESTERDAY, YESTERDAY, MORNING - timedelta(days=1), 1, 1
    )

    assert asked(item(1, totals)) == ()


def test_topics_take_turns_with_their_new_cards() -> None:
    items = [item(n, topic=topic) for n, topic in enumerate([1, 1, 1, 2, 2, 3])]

    assert asked(*items) == (0, 3, 5, 1, 4, 2)


def test_the_topic_least_introduced_today_begins() -> None:
    done = [item(10, answered(0, new=True), topic=1), item(11, answered(1, new=True), topic=1)]

    assert asked(item(1, topic=1), item(2, topic=2), item(3, topic=2), item(4, topic=2), *done) == (2, 3, 1, 4)


def test_no_objective_is_asked_twice_in_a_row_while_another_is_left() -> None:
    items = [
        item(1, overdue(9), objective=7),
        item(2, overdue(8), objective=7),
        item(3, overdue(7), objective=7),
        item(4, overdue(6), objective=8),
        item(5, objective=9),
    ]

    assert asked(*items) == (1, 4, 2, 5, 3)


def test_the_next_question_leaves_the_objective_just_asked() -> None:
    assert asked(item(1, answered(0), objective=7), item(2, overdue(9), objective=7), item(3, objective=8)) == (3, 2)


def test_a_waiting_drill_too_leaves_the_objective_just_asked() -> None:
    drills = [item(n, answered(n, missed=True), objective=n // 2) for n in (1, 2, 3)]  # objectives 0, 1 and 1

    assert asked(*drills[1:], item(4, objective=1)) == (4, 2, 3)
    assert asked(drills[1], item(5, answered(2, missed=True), objective=0), drills[2]) == (5, 2, 3)


def test_a_waiting_drill_leaves_the_objective_of_the_card_before_it() -> None:
    drills = [item(n, answered(n, missed=True), objective=n) for n in (7, 8)]

    assert asked(*drills, item(1, objective=7)) == (1, 8, 7)


def test_an_objective_asked_yesterday_may_begin_today() -> None:
    assert asked(item(1, overdue(0), objective=7), item(2, overdue(0), objective=8)) == (1, 2)


def test_new_cards_introduced_today_are_taken_off_the_limit() -> None:
    done = [item(10 + n, answered(n, new=True)) for n in range(3)]

    assert build([*done, *(item(n) for n in range(5))], TODAY, Limits(new_per_day=5)).new == 2


def test_reviews_done_today_are_taken_off_the_limit() -> None:
    done = [item(10 + n, answered(n)) for n in range(3)]

    assert build([*done, *(item(n, overdue(n)) for n in range(5))], TODAY, Limits(reviews_per_day=5)).due == 2


def test_new_cards_and_reviews_have_separate_limits() -> None:
    done = [item(10 + n, answered(n, new=True)) for n in range(3)]

    queue = build([*done, item(1), item(2, overdue(1))], TODAY, Limits(new_per_day=3, reviews_per_day=1))

    assert (queue.new, queue.due) == (0, 1)


def test_the_limit_keeps_the_most_overdue() -> None:
    assert asked(item(1, overdue(1)), item(2, overdue(9)), limits=Limits(reviews_per_day=1)) == (2,)


def test_drills_have_no_limit() -> None:
    drills = [item(n, answered(n, missed=True)) for n in range(5)]

    assert build(drills, TODAY, Limits(new_per_day=0, reviews_per_day=0)).drills == 5


def test_lowering_the_limits_below_what_is_done_leaves_nothing() -> None:
    done = [item(10 + n, answered(n, new=n < 3)) for n in range(6)]
    waiting = [item(n, overdue(n)) if n % 2 else item(n) for n in range(8)]

    assert build([*done, *waiting], TODAY, Limits(new_per_day=2, reviews_per_day=2)).left == 0


@pytest.mark.parametrize("totals", [None, overdue(3), answered(0, missed=True)], ids=["new", "due", "drill"])
def test_a_suspended_card_is_not_asked(totals: Totals | None) -> None:
    assert asked(Item(1, 1, 1, 1, totals, suspended=True)) == ()


@pytest.mark.parametrize("totals", [None, overdue(3), answered(0, missed=True)], ids=["new", "due", "drill"])
def test_a_buried_card_is_not_asked_before_its_day(totals: Totals | None) -> None:
    assert asked(Item(1, 1, 1, 1, totals, buried_until=TOMORROW)) == ()


def test_a_buried_card_is_back_on_its_day() -> None:
    assert asked(Item(1, 1, 1, 1, overdue(3), buried_until=TODAY)) == (1,)


def test_a_card_set_aside_after_its_answer_still_counts_against_the_limit() -> None:
    aside = Item(9, 1, 9, 9, answered(0), suspended=True)

    assert build([aside, item(1, overdue(1))], TODAY, Limits(reviews_per_day=1)).due == 0


@pytest.mark.parametrize(
    ("items", "day"),
    [
        ([], None),
        ([item(1)], None),
        ([item(1, known(TODAY + timedelta(9))), item(2, known(TODAY + timedelta(4)))], TODAY + timedelta(4)),
        ([item(1, overdue(3))], TOMORROW),
        ([Item(1, 1, 1, 1, known(TOMORROW), buried_until=TODAY + timedelta(3))], TODAY + timedelta(3)),
        ([Item(1, 1, 1, 1, known(TOMORROW), buried_until=YESTERDAY)], TOMORROW),
        ([Item(1, 1, 1, 1, overdue(3), buried_until=YESTERDAY)], TOMORROW),
        ([Item(1, 1, 1, 1, known(TOMORROW), suspended=True)], None),
    ],
    ids=["nothing", "only new", "earliest", "beyond the limit", "buried", "buried no more", "left over", "suspended"],
)
def test_the_next_due_day_is_told(items: list[Item], day: date | None) -> None:
    assert next_due(items, TODAY) == day


TOTALS = st.one_of(
    st.none(),
    st.builds(known, st.dates(TODAY - timedelta(60), TODAY + timedelta(20)), st.integers(1, 60)),
    st.builds(answered, st.integers(0, 400), new=st.booleans(), missed=st.booleans()),
)
COURSES = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 4), TOTALS, st.sampled_from([None, TODAY, TOMORROW]), st.booleans()),
    max_size=30,
).map(
    lambda rows: [
        Item(n, topic, objective, n, totals, until, aside)
        for n, (topic, objective, totals, until, aside) in enumerate(rows)
    ]
)
LIMITS = st.builds(Limits, st.integers(0, 12), st.integers(0, 12))


@given(COURSES, LIMITS)
def test_what_is_left_is_what_will_be_asked_each_once(items: list[Item], limits: Limits) -> None:
    queue = build(items, TODAY, limits)

    assert queue.left == len(queue.upcoming) == len(set(queue.upcoming))


@given(COURSES, LIMITS)
def test_what_the_limits_hold_back_is_what_there_would_be_without_them(items: list[Item], limits: Limits) -> None:
    queue, free = build(items, TODAY, limits), build(items, TODAY, NO_LIMITS)

    assert (queue.due + queue.held_due, queue.new + queue.held_new) == (free.due, free.new)
    assert (free.held_due, free.held_new) == (0, 0)


@given(COURSES, LIMITS)
def test_nothing_set_aside_or_due_later_is_asked(items: list[Item], limits: Limits) -> None:
    queue = build(items, TODAY, limits)

    for question in queue.upcoming:
        totals = items[question].totals
        assert not items[question].suspended
        assert items[question].buried_until != TOMORROW
        assert (
            totals is None or totals.drill_day == TODAY or (totals.state.due is not None and totals.state.due <= TODAY)
        )


@given(COURSES, LIMITS, st.data())
def test_the_order_in_which_cards_are_read_changes_nothing(
    items: list[Item], limits: Limits, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(items))

    assert build(shuffled, TODAY, limits) == build(items, TODAY, limits)


@given(COURSES)
def test_a_repeated_objective_means_no_other_could_be_asked(items: list[Item]) -> None:
    # Without drills: these wait for three other cards, which comes before keeping objectives apart.
    quiet = [row for row in items if not (row.totals and row.totals.drill_day)]
    objective = {row.question: row.objective for row in quiet}

    order = [objective[question] for question in build(quiet, TODAY, NO_LIMITS).upcoming]

    repeats = [place for place in range(1, len(order)) if order[place] == order[place - 1]]
    assert all(set(order[place:]) == {order[place]} for place in repeats)


@pytest.mark.bench
@pytest.mark.parametrize("totals", [overdue(3), answered(0, missed=True), None], ids=["due", "drills", "new"])
def test_five_hundred_cards_are_ordered_in_three_milliseconds(totals: Totals | None) -> None:
    items = [item(n, totals, topic=n % 9, objective=n % 2) for n in range(500)]

    seconds = min(timeit.repeat(lambda: build(items, TODAY, NO_LIMITS), number=1, repeat=50))

    print(f"{seconds * 1000:.2f} ms")
    assert seconds < 0.003
