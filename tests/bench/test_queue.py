"""The day's queue: how it grows with the cards, and which index finds the next due one."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from datetime import time as wall_clock
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from app.db import Database
from app.models import Card, Question
from app.services import planning, queueing
from app.services.identity import Person
from app.srs import queue
from app.srs.queue import Item, Limits
from app.srs.replay import Totals
from app.srs.sm2 import CardState
from tests.bench.conftest import Report

pytestmark = [pytest.mark.bench, pytest.mark.timeout(300)]

TODAY = date(2026, 11, 23)
NINE = wall_clock(9)
NOW = datetime.combine(TODAY, NINE, UTC)
TIMES = 21
CARDS_A_LEARNER = 200


def repeat(work: Callable[[], object]) -> list[float]:
    """How long `work` takes, in ms, a few times over."""
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return took


def spaced(number: int) -> str:
    """A whole number, its thousands set apart."""
    return f"{number:,}".replace(",", " ")


def items(count: int) -> list[Item]:
    """As many cards, of every kind: new, due by up to a month, due later, missed today."""
    made = []
    for number in range(count):
        interval = 1 + number % 30
        due = TODAY + timedelta(days=number % 40 - 30)
        state = CardState(streak=2, interval_days=interval, ease_permille=2500, lapses=0, due=due)
        missed = number % 97 == 0
        seen = TODAY if missed else TODAY - timedelta(days=interval)
        totals = Totals(
            state=state,
            drill_day=TODAY if missed else None,
            introduced_day=TODAY - timedelta(days=interval),
            last_day=seen,
            last_answered_at=datetime.combine(seen, NINE, UTC) + timedelta(seconds=number),
            reviews=3,
            last_number=3,
        )
        made.append(Item(number, number % 12, number // 3, number, None if number % 5 == 0 else totals))
    return made


@pytest.mark.parametrize("count", [100, 1_000, 10_000])
def test_building_the_queue(count: int, report: Report) -> None:
    cards = items(count)

    built = queue.build(cards, TODAY, Limits())
    report(f"the queue of a day, {spaced(count)} cards", "ms", repeat(lambda: queue.build(cards, TODAY, Limits())))

    assert built.left > 0


@pytest.fixture
def fill(
    db: Database, make_user: Callable[..., Person], make_question: Callable[..., Question]
) -> Callable[[int], Person]:
    """Return a function that stores a bank and so many learners who know it; it gives one of them."""

    def store(learners: int) -> Person:
        questions = [make_question().id for _ in range(CARDS_A_LEARNER)]
        people = [make_user() for _ in range(learners)]
        fields: dict[str, Any] = {"interval_days": 6, "streak": 2, "reviews": 3}
        with db.writing() as session:
            for who in people:
                rows = [
                    {"learner_id": who.id, "question_id": one, "due": TODAY + timedelta(days=one % 40 - 9), **fields}
                    for one in questions
                ]
                session.execute(insert(Card), rows)
            session.execute(text("ANALYZE"))
        return people[-1]

    return store


def plan(db: Database, statement: Any, values: dict[str, Any]) -> list[str]:
    """How SQLite finds what `statement` asks for with `values`."""
    bound = statement.params(**values).compile(db.engine, compile_kwargs={"literal_binds": True})
    with db.reading() as session:
        return [row.detail for row in session.execute(text(f"EXPLAIN QUERY PLAN {bound}"))]


@pytest.mark.parametrize("learners", [5, 500])
def test_finding_the_next_due_card(db: Database, fill: Callable[[int], Person], report: Report, learners: int) -> None:
    who = fill(learners)
    next_due = select(Card.id).where(Card.learner_id == who.id, Card.due <= TODAY).order_by(Card.due).limit(1)
    steps = plan(db, next_due, {})
    rows = f"{spaced(learners * CARDS_A_LEARNER)} cards stored"

    with db.reading() as session:
        course = queueing.course_of(session, who)
        values = {"learner": who.id, "course": course, "today": TODAY, "now": NOW, **planning.params(NOW, TODAY)}
        report(f"the next due card, {rows}", "ms", repeat(lambda: session.execute(next_due).all()))
        report(
            f"what a day's queue is built from, {rows}",
            "ms",
            repeat(lambda: session.execute(queueing._ITEMS, values).all()),
        )
    whole = plan(db, queueing._ITEMS, values)

    assert any("USING" in step and "ix_card_learner_id_due" in step for step in steps)
    assert not any(step.startswith("SCAN card") for step in (*steps, *whole))
