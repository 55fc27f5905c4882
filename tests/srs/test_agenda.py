"""What a plan asks for on one day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.srs import agenda
from app.srs.plan import WORTH, Choice, Reason
from app.srs.queue import Item, Limits
from app.srs.replay import Totals
from app.srs.sm2 import CardState

TODAY = date(2026, 11, 23)
YESTERDAY = TODAY - timedelta(days=1)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def item(question: int, objective: int | None = None, **changed: object) -> Item:
    """A card that was last answered yesterday and is due in a week."""
    state = CardState(2, 6, 2500, 0, TODAY + timedelta(days=7))
    totals = Totals(state, None, YESTERDAY, YESTERDAY, NOON - timedelta(days=1), 2, 2)
    one = Item(question, 1, objective or question, question, totals)
    return replace(one, **changed)  # type: ignore[arg-type]


def answered(one: Item, missed: bool = False) -> Item:
    """The same card after an answer today."""
    assert one.totals is not None
    totals = replace(one.totals, last_day=TODAY, last_answered_at=NOON, drill_day=TODAY if missed else None)
    return replace(one, totals=totals)


def new(question: int) -> Choice:
    return Choice(question, Reason.NEW, 0.0, 1.0, 2.0)


def review(question: int, gain: float = 0.3, units: float = 1.2) -> Choice:
    return Choice(question, Reason.SPACED, 0.8, gain, units)


def test_the_list_is_the_top_of_the_order_that_fits_the_time() -> None:
    made = agenda.build([new(1), review(2), review(3)], [item(1, totals=None), item(2), item(3)], TODAY, 3.5)

    assert (made.left, made.units, [choice.id for choice in made.spare]) == ((1, 2), 3.2, [3])


def test_an_answer_takes_its_own_card_off_and_moves_no_other() -> None:
    order = [review(1), review(2), review(3)]

    made = agenda.build(order, [answered(item(1)), item(2), item(3)], TODAY, 2.4)

    assert (made.left, list(made.chosen)) == ((2,), [1, 2])


def test_a_card_set_aside_makes_room_for_the_next() -> None:
    items = [item(1, suspended=True), item(2, buried_until=TODAY + timedelta(days=1)), item(3)]

    assert agenda.build([review(1), review(2), review(3)], items, TODAY, 1.2).left == (3,)


def test_a_review_that_gains_too_little_is_left_out_though_there_is_time() -> None:
    made = agenda.build([review(1), review(2, WORTH - 0.001)], [item(1), item(2)], TODAY, 100)

    assert (made.left, made.idle, made.spare) == ((1,), 1, ())


def test_more_time_brings_the_next_of_the_order() -> None:
    made = agenda.build([review(number) for number in range(5)], [item(number) for number in range(5)], TODAY, 2.4)

    assert [choice.id for choice in made.more(2.5)] == [2, 3]


def test_the_queue_asks_ripe_drills_first_and_unripe_ones_last() -> None:
    early = answered(item(1), missed=True)
    items = [early, *(answered(item(number)) for number in (2, 3, 4)), item(5)]
    later = [
        replace(one, totals=replace(one.totals, last_answered_at=NOON + timedelta(minutes=number)))  # type: ignore[type-var]
        for number, one in enumerate(items[1:4], start=1)
    ]
    ripe = agenda.build([review(1), review(5)], [early, *later, item(5)], TODAY, 10)
    unripe = agenda.build([review(1), review(5)], [early, item(5)], TODAY, 10)

    assert agenda.queue(ripe, [early, *later, item(5)], TODAY).upcoming == (1, 5)
    assert agenda.queue(unripe, [early, item(5)], TODAY).upcoming == (5, 1)


def test_the_queue_counts_new_cards_apart() -> None:
    items = [item(1, totals=None), item(2)]

    queue = agenda.queue(agenda.build([new(1), review(2)], items, TODAY, 10), items, TODAY)

    assert (queue.due, queue.new, queue.drills, queue.left) == (1, 1, 0, 2)


def test_no_objective_comes_twice_in_a_row_while_another_is_left() -> None:
    items = [item(1, objective=7), item(2, objective=7), item(3, objective=8)]

    made = agenda.build([review(1), review(2), review(3)], items, TODAY, 10)

    assert agenda.queue(made, items, TODAY).upcoming == (1, 3, 2)


def test_a_unit_takes_twenty_seconds_until_thirty_answers_are_known() -> None:
    assert (agenda.unit_seconds([9000] * 29), agenda.unit_seconds([9000] * 30)) == (20.0, 9.0)


def test_a_unit_is_never_under_five_seconds_nor_over_a_minute() -> None:
    assert (agenda.unit_seconds([100] * 30), agenda.unit_seconds([100_000] * 30)) == (5.0, 60.0)


def test_after_the_exam_what_is_due_comes_first_and_new_cards_take_what_time_is_left() -> None:
    own = Limits(new_per_day=15, reviews_per_day=200)

    assert agenda.afterwards(own, due=90, units=60) == Limits(0, 60)
    assert agenda.afterwards(own, due=50, units=60) == Limits(5, 60)
    assert agenda.afterwards(Limits(3, 20), due=50, units=60) == Limits(3, 20)


orders = st.lists(st.builds(review, st.integers(1, 40), st.floats(0, 1), st.floats(1, 2)), unique_by=lambda one: one.id)


@given(orders, st.floats(0, 50), st.sets(st.integers(1, 40)))
def test_answers_only_shorten_the_list_and_never_reorder_it(
    order: Sequence[Choice], units: float, done: set[int]
) -> None:
    morning = [item(number) for number in range(1, 41)]
    later = [answered(one) if one.question in done else one for one in morning]

    before = agenda.build(order, morning, TODAY, units)
    after = agenda.build(order, later, TODAY, units)

    assert after.left == tuple(question for question in before.left if question not in done)
    assert before.units <= units
