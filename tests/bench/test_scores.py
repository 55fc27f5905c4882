"""What a file of a large exam costs in memory: it is written as the marks are read."""

import io
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from typing import Any, BinaryIO, cast

import pytest
from sqlalchemy import insert

from app.db import Database
from app.models import Attempt, AttemptItem, Membership, User
from app.services import marks, scores
from app.services.scores import Wanted
from tests.conftest import Clock
from tests.hall import Hall

pytestmark = pytest.mark.bench

STUDENTS, QUESTIONS, MOST_MB = 10_000, 50, 30


class Counted(io.RawIOBase):
    """A file that keeps nothing but how many lines it was given."""

    lines = 0

    def write(self, part: Any) -> int:
        self.lines += bytes(part).count(b"\n")
        return len(part)


@pytest.fixture
def hall(db: Database, clock: Clock, make_hall: Callable[..., Hall], make_question: Callable[..., Any]) -> Hall:
    """An exam of 50 questions that 10 000 students handed in."""
    hall = make_hall(questions=tuple(make_question().id for _ in range(QUESTIONS)))
    now = clock()
    with db.reading() as session:
        items = list(marks.any_exam(session, hall.exam_id).items)
    people = [1000 + number for number in range(STUDENTS)]
    ended = {"submitted_at": now + timedelta(minutes=30), "closed_by": "student"}
    with db.writing() as session:
        session.execute(insert(User), [{"id": n, "role": "learner", "created_at": now, "seen_at": now} for n in people])
        member = {"class_id": hall.taught.id, "joined_at": now}
        session.execute(insert(Membership), [member | {"user_id": n, "name": f"Élève {n}"} for n in people])
        attempt = {"exam_id": hall.exam_id, "number": 1, "started_at": now, "seed": "s", **ended}
        session.execute(insert(Attempt), [attempt | {"id": n, "learner_id": n} for n in people])
        for n in people:
            rows = [_answered(n, position, item) for position, item in enumerate(items, 1)]
            session.execute(insert(AttemptItem), rows)
    return hall


def _answered(attempt: int, position: int, item: int) -> dict[str, Any]:
    right = (attempt + position) % 2
    response = {"choice": "b" if right else "a"}
    return {"attempt_id": attempt, "position": position, "item_id": item, "response": response, "credit_parts": right}


@pytest.mark.timeout(1200)  # tracing memory takes four times as long as writing
def test_a_file_of_ten_thousand_students_needs_under_thirty_megabytes(db: Database, clock: Clock, hall: Hall) -> None:
    target, now = Counted(), clock() + timedelta(hours=5)

    with db.reading() as session:
        exam = marks.any_exam(session, hall.exam_id)
        tracemalloc.start()
        scores.write(session, exam, Wanted("responses.fr"), now, cast(BinaryIO, target))
        peak_mb = tracemalloc.get_traced_memory()[1] / 1_000_000
        tracemalloc.stop()

    print(f"\n{STUDENTS} students, {QUESTIONS} questions: {peak_mb:.1f} MB at the most")
    assert target.lines == STUDENTS * QUESTIONS + 1
    assert peak_mb < MOST_MB
