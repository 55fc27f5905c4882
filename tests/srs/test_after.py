"""The days after the exam: plain SM-2, and never more than the plan asked of a day."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

import pytest

from app.srs import agenda
from app.srs.plan import NEW_UNITS
from app.srs.queue import Item, Limits, Queue, build
from app.srs.replay import Totals
from app.srs.sm2 import Grade
from tests.bench.forecasts import planned
from tests.bench.memory import Card, Course

USUAL = Limits(new_per_day=15, reviews_per_day=200)
BUDGET = 40


@pytest.fixture(params=["FSRS-6", "ACT-R", "half-life"])
def course(request: pytest.FixtureRequest) -> Course:
    """A student on the exam day who followed the plan for three weeks."""
    found = Course.of(request.param, 150, 21, BUDGET, "after")
    list(found.follow(planned))
    return found


def item(card: Card) -> Item:
    if card.last_review is None:
        return Item(card.id, 1, card.id, card.id)
    at = datetime.combine(card.last_review, time(9), UTC)
    return Item(card.id, 1, card.id, card.id, Totals(card.state, None, card.history[0][0], card.last_review, at, 1, 1))


def offered(cards: Sequence[Card], days_after: int, course: Course) -> Queue:
    day = course.exam + timedelta(days_after)
    items = [item(card) for card in cards]
    waiting = build(items, day, Limits(0, len(cards))).due
    return build(items, day, agenda.afterwards(USUAL, waiting, BUDGET))


def test_the_day_after_the_exam_is_no_longer_than_a_day_of_the_plan(course: Course) -> None:
    queue = offered(course.cards, 1, course)

    assert queue.due > 0
    assert queue.due + NEW_UNITS * queue.new <= BUDGET


def test_what_the_plan_left_due_comes_back_in_time(course: Course) -> None:
    for days_after in range(1, 60):
        queue = offered(course.cards, days_after, course)
        day = course.exam + timedelta(days_after)
        for id_ in queue.upcoming:
            course.cards[id_].answered(Grade.GOOD, day)

        assert queue.due + NEW_UNITS * queue.new <= BUDGET

    assert queue.held_due == 0
