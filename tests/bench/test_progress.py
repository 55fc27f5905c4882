"""What the page of a learner's progress costs after 100 000 answers, whenever it is looked at, and what is stored."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from statistics import median
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert

from app.db import Database
from app.models import Card, Course, Question, ReviewLog
from app.services import kept, past_store, plans
from app.services.identity import Person
from tests.bench.conftest import Report
from tests.conftest import Clock
from tests.web.test_statements import heard

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

QUESTIONS, TOPICS, DAYS, ANSWERS = 500, 12, 364, 100_000
TIMES = 15
MOST = 150  # ms
SLOW = {"the first of all, nothing being stored"}
STATE = {"streak": 2, "interval_days": 6, "ease_permille": 2500, "lapses": 0}


@pytest.fixture
def course(make_course: Callable[..., Course]) -> Course:
    return make_course(topics=tuple(f"topic-{number:02}" for number in range(TOPICS)))


@pytest.fixture
def learner(
    db: Database, clock: Clock, log_in: Callable[..., Person], make_question: Callable[..., Question]
) -> Person:
    """A learner who gave 100 000 answers over a year, a dozen of them today."""
    questions = [make_question(topic=f"topic-{number % TOPICS:02}").id for number in range(QUESTIONS)]
    who, today = log_in(), clock().date()
    lengths: Counter[int] = Counter()
    log = list(_log(who.id, lengths, Random(1), clock()))
    with db.writing() as session:
        fixed = {"learner_id": who.id, "version": 1, "due": today, "last_day": today, "reviews": 1, **STATE}
        started = {"introduced_day": today - timedelta(days=DAYS)}
        rows = [
            fixed | started | {"id": place + 1, "question_id": question, "log_length": lengths[place + 1]}
            for place, question in enumerate(questions)
        ]
        session.execute(insert(Card), rows)
        session.execute(insert(ReviewLog), log)
    return who


def _log(learner_id: int, lengths: Counter[int], luck: Random, now: Any) -> Iterator[dict[str, Any]]:
    seen: set[tuple[int, date]] = set()
    for place in range(ANSWERS):
        ago = timedelta(days=DAYS - place * (DAYS + 1) // ANSWERS, minutes=luck.randint(0, 300))
        card, day = luck.randint(1, QUESTIONS), (now - ago).date()
        lengths[card] += 1
        yield {
            "card_id": card,
            "learner_id": learner_id,
            "number": lengths[card],
            "answer_id": UUID(int=luck.getrandbits(128)),
            "kind": "drill" if (card, day) in seen else "review",
            "question_version": 1,
            "response": {"choice": "b"},
            "credit_parts": 1,
            "credit_of": 1,
            "grade": luck.choice((1, 3, 4, 4, 4, 5)),
            "took_ms": luck.randint(3_000, 40_000),
            "answered_at": now - ago,
            "study_day": day,
            "zone": "Europe/Paris",
            **STATE,
        }
        seen.add((card, day))


def measured(request: Callable[[], Any]) -> tuple[float, float]:
    """How long a request takes, and the processor works on it, in ms."""
    began, worked = time.perf_counter(), time.thread_time()
    assert request().status_code == 200
    return (time.perf_counter() - began) * 1000, (time.thread_time() - worked) * 1000


def stored(db: Database, learner: Person, clock: Clock) -> tuple[float, int]:
    """How long the processor works on the row that an answer stores, in ms, and the bytes of it."""
    worked = time.thread_time()
    with db.reading() as session:
        row = past_store.to_store(session, learner, clock())
    assert row is not None
    with db.writing() as session:
        past_store.store(session, row)
    past_store.is_stored(row)
    return (time.thread_time() - worked) * 1000, len(row.content)


@pytest.mark.parametrize("planned", [False, True])
def test_the_progress_page_after_a_hundred_thousand_answers(
    client: FlaskClient, db: Database, clock: Clock, learner: Person, report: Report, planned: bool
) -> None:
    if planned:
        with db.writing() as session:
            wanted = plans.Wanted(learner.today(clock()) + timedelta(days=30), 20)
            plans.keep(session, learner, wanted, clock())
    client.get("/settings/")  # what any first page costs is not of this one
    looks: dict[str, list[tuple[float, float]]] = {}

    def look(name: str) -> None:
        looks.setdefault(name, []).append(measured(lambda: client.get("/progress/")))

    look("the first of all, nothing being stored")
    rows = [stored(db, learner, clock)]
    for _ in range(7):
        kept.forget()
        look("the first of a process")
    for _ in range(3):
        clock.advance(days=7)
        look("the first of a week")
        rows.append(stored(db, learner, clock))
        kept.forget()
        look("the first of a week and a process")
    for _ in range(5):
        clock.advance(days=1)
        look("the first of a day")
    with heard(db) as statements:
        for _ in range(TIMES):
            look("again")

    words = f"/progress/ of {ANSWERS} answers{', with a plan' if planned else ''}"
    for name, found in looks.items():
        report(f"{words}, {name}", "ms", [took for took, _ in found])
        report(f"{words}, {name}, time of the processor", "ms", [worked for _, worked in found])
    report(f"{words}, what is stored", "kB", [size / 1000 for _, size in rows])
    report(f"{words}, storing it once a week, time of the processor", "ms", [worked for worked, _ in rows])
    assert len(statements) <= TIMES * (8 if planned else 4)
    assert max(size for _, size in rows) < 500_000
    for name, found in looks.items():
        if name not in SLOW:
            assert median(worked for _, worked in found) < MOST, name
