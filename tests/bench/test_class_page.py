"""What the pages of a large class cost: measured as a browser asks for them, without the network.

The yardstick beside the figures says how fast the machine was meanwhile: where it is shared, that changes by a factor
of two within a run.
"""

import gc
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from random import Random
from statistics import median
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, insert, select

from app.cli import memory
from app.db import Database
from app.models import Card, Course, Membership, Question, ReviewLog, User
from app.services import card_copies, kept, member_sums
from app.services.identity import Person, person_of
from tests.bench.conftest import Report
from tests.bench.measures import yardstick
from tests.classroom import open_class
from tests.conftest import Clock

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600)]

STUDENTS, QUESTIONS, TOPICS, DAYS, A_DAY = 200, 300, 12, 56, 20
TIMES = 9
MOST = 300  # ms
STATE = {"streak": 2, "interval_days": 6, "ease_permille": 2500, "lapses": 0}
WRONG, RIGHT = {"choice": "a"}, {"choice": "b"}


@pytest.fixture(autouse=True)
def settled() -> Iterator[None]:
    """Garbage is collected as in a process that serves."""
    usual = gc.get_threshold()
    memory.settle()
    yield
    gc.unfreeze()
    gc.set_threshold(*usual)


@pytest.fixture
def course(make_course: Callable[..., Course]) -> Course:
    return make_course(topics=tuple(f"topic-{number:02}" for number in range(TOPICS)))


@pytest.fixture
def class_id(db: Database, clock: Clock, log_in: Callable[..., Person], make_question: Callable[..., Question]) -> int:
    """A class of 200 who met every card; most days each of them answers twenty, some days nothing."""
    questions = [make_question(topic=f"topic-{number % TOPICS:02}").id for number in range(QUESTIONS)]
    of = open_class(db, log_in(role="teacher", locale="en"), clock())
    luck, now, today = Random(1), clock(), clock().date()
    people = [{"id": 1000 + number, "role": "learner", "created_at": now, "seen_at": now} for number in range(STUDENTS)]
    with db.writing() as session:
        session.execute(insert(User), people)
        member = {"class_id": of.id, "joined_at": now - timedelta(days=DAYS)}
        session.execute(
            insert(Membership), [member | {"user_id": one["id"], "name": _name(one["id"])} for one in people]
        )
        for place, one in enumerate(people):
            first_card = place * QUESTIONS + 1
            new = {"learner_id": one["id"], "version": 1, "last_day": today, **STATE}
            due = [today + timedelta(days=luck.randint(-3, 9)) for _ in questions]
            log = list(_log(one["id"], first_card, luck, now))
            rows = [new | {"id": first_card + n, "question_id": key, "due": due[n]} for n, key in enumerate(questions)]
            session.execute(insert(Card), list(_with_log(rows, log)))
            session.execute(insert(ReviewLog), log)
    return of.id


def _with_log(cards: Iterable[dict[str, Any]], log: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The cards with what their log says of them; one that has none was met before it."""
    first, last = ({row["card_id"]: row for row in rows} for rows in (reversed(log), log))
    lengths, before = Counter(row["card_id"] for row in log), log[0]["answered_at"] - timedelta(days=1)
    for card in cards:
        key = card["id"]
        told = {"introduced_day": first[key]["study_day"] if key in first else before.date()}
        latest = {"last_answered_at": last[key]["answered_at"] if key in last else before}
        yield card | told | latest | {"log_length": lengths[key]}


def _name(key: int) -> str:
    return f"Élise Martin-Dupont {key}"


def _log(learner_id: int, first_card: int, luck: Random, now: Any) -> Iterator[dict[str, Any]]:
    numbers: Counter[int] = Counter()
    diligence, skill = luck.uniform(0.3, 0.95), luck.uniform(0.5, 0.95)
    for ago in range(DAYS - 1, -1, -1):
        if luck.random() > diligence:
            continue
        for place in luck.sample(range(QUESTIONS), A_DAY):
            numbers[place] += 1
            right = luck.random() < skill
            yield {
                "card_id": first_card + place,
                "learner_id": learner_id,
                "number": numbers[place],
                "answer_id": UUID(int=luck.getrandbits(128)),
                "kind": "review",
                "question_version": 1,
                "response": RIGHT if right else WRONG,
                "credit_parts": int(right),
                "credit_of": 1,
                "grade": 4 if right else 1,
                "answered_at": now - timedelta(days=ago),
                "study_day": now.date() - timedelta(days=ago),
                "zone": "Europe/Paris",
                **STATE,
            }


@pytest.mark.parametrize(("path", "most"), [("", 16), ("again", 13)])
def test_a_page_of_two_hundred_students_takes_under_three_hundred_milliseconds(
    client: FlaskClient, db: Database, clock: Clock, class_id: int, report: Report, path: str, most: int
) -> None:
    address, seen = f"/teach/classes/{class_id}/{path}", list[str]()
    event.listen(db.engine, "before_cursor_execute", lambda _c, _u, sql, *_: seen.append(sql))
    size = f"the page /{path} of a class of {STUDENTS}, {QUESTIONS} cards each"
    unstored, first, again, yardsticks = [], [], [], []

    for _ in range(3):
        kept.forget()
        unstored.append(_look(client, address))
    storing = [_store(db, 1000 + number, clock()) for number in range(STUDENTS)]
    for number in range(TIMES):
        yardsticks.append(yardstick())
        kept.forget()
        first.append(_look(client, address))
        _answer(db, 1000 + number, clock())
        again.append(_look(client, address))

    report(f"{size}, the first look of a process when nothing is stored", "ms", unstored)
    report("storing what one of them answered before today", "ms", storing)
    report(f"{size}, the first look of a process or a day", "ms", first)
    report(f"{size}, looked at again after a student answered", "ms", again)
    report("the yardstick", "ms", yardsticks)
    assert max(median(first), median(again)) < MOST
    assert len([sql for sql in seen if sql.startswith(("SELECT", "WITH"))]) <= most * (3 + 2 * TIMES) + 8 * STUDENTS


def _store(db: Database, learner_id: int, now: Any) -> float:
    """What an answer does once a day."""
    began = time.perf_counter()
    with db.writing() as session:
        rows = member_sums.to_store(session, person_of(session.get_one(User, learner_id)), now)
        card_copies.store(session, card_copies.to_store(session, learner_id, now))
        member_sums.store(session, rows or ())
    assert rows and len(rows) == 1
    return (time.perf_counter() - began) * 1000


def _look(client: FlaskClient, address: str) -> float:
    began = time.perf_counter()
    page = client.get(address)
    assert page.status_code == 200
    return (time.perf_counter() - began) * 1000


def _answer(db: Database, learner_id: int, now: Any) -> None:
    """One card of this learner goes on, with its row in the log."""
    with db.writing() as session:
        card = session.scalars(select(Card).where(Card.learner_id == learner_id).limit(1)).one()
        card.version, card.log_length, card.last_answered_at = card.version + 1, card.log_length + 1, now
        row = next(_log(learner_id, card.id, Random(learner_id), now))
        session.execute(insert(ReviewLog), [row | {"card_id": card.id, "number": 10_000}])
