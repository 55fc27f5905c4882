"""What a file of a large exam costs in memory: it is written as the marks are read."""

import io
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from typing import Any, BinaryIO, cast

import pytest

from app.db import Database
from app.services import marks, scores
from app.services.scores import Wanted
from tests.bench.examined import hand_in
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
def hall(make_hall: Callable[..., Hall], make_question: Callable[..., Any]) -> Hall:
    """An exam of 50 questions that 10 000 students handed in."""
    hall = make_hall(questions=tuple(make_question().id for _ in range(QUESTIONS)))
    hand_in(hall, STUDENTS, lambda student, position: bool((student + position) % 2))
    return hall


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
