"""What a large class costs its teacher's page."""

import time
from collections.abc import Callable
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import event, insert

from app.db import Database
from app.models import Card, Membership, Question, ReviewLog, User
from app.services import class_progress
from app.services.identity import Person
from tests.classroom import open_class
from tests.conftest import Clock

pytestmark = pytest.mark.bench

STUDENTS, QUESTIONS, DAYS = 200, 270, 28
STATE = {"streak": 2, "interval_days": 6, "ease_permille": 2500, "lapses": 0}


@pytest.fixture
def class_id(
    db: Database, clock: Clock, make_user: Callable[..., Person], make_question: Callable[..., Question]
) -> int:
    """A class of 200 who met every card, with 28 days of reviews (112 000 rows)."""
    questions = [make_question().id for _ in range(QUESTIONS)]
    of = open_class(db, make_user(role="admin"), clock())
    luck, now, today = Random(1), clock(), clock().date()
    people = [{"id": 1000 + number, "role": "learner", "created_at": now, "seen_at": now} for number in range(STUDENTS)]
    cards = [
        {
            "id": n * QUESTIONS + m + 1,
            "learner_id": one["id"],
            "question_id": question,
            "version": 1,
            "due": today,
            **STATE,
        }
        for n, one in enumerate(people)
        for m, question in enumerate(questions)
    ]
    log = [
        {
            "card_id": cards[n * QUESTIONS + (20 * ago + m) % QUESTIONS]["id"],
            "learner_id": one["id"],
            "number": ago + 1,
            "answer_id": UUID(int=luck.getrandbits(128)),
            "kind": "review",
            "question_version": 1,
            "grade": luck.choice([1, 4, 4, 4]),
            "answered_at": now - timedelta(days=ago),
            "study_day": today - timedelta(days=ago),
            "zone": "Europe/Paris",
            **STATE,
        }
        for n, one in enumerate(people)
        for ago in range(DAYS)
        for m in range(20)
    ]
    with db.writing() as session:
        session.execute(insert(User), people)
        members = [
            {"class_id": of.id, "user_id": one["id"], "name": f"N {one['id']}", "joined_at": now} for one in people
        ]
        session.execute(insert(Membership), members)
        session.execute(insert(Card), cards)
        session.execute(insert(ReviewLog), log)
    return of.id


def test_two_hundred_students_cost_six_statements(
    db: Database, clock: Clock, make_user: Callable[..., Person], class_id: int
) -> None:
    admin, seen = make_user(role="admin"), []
    event.listen(db.engine, "before_cursor_execute", lambda _c, _u, sql, *_: seen.append(sql))

    with db.reading() as session:
        began = time.perf_counter()
        read = class_progress.progress(session, admin, class_id, clock())
        took_ms = (time.perf_counter() - began) * 1000

    print(f"\n{STUDENTS} students, {QUESTIONS} cards each: {took_ms:.0f} ms")
    assert len(read.members) == STUDENTS
    assert len([sql for sql in seen if sql.startswith(("SELECT", "WITH"))]) == 6
