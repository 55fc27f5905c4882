"""What the statistics of a large exam cost: its page and its mistakes, as a browser asks for them."""

import time
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.bench.conftest import Report
from tests.bench.examined import by_skill, hand_in
from tests.hall import Hall

pytestmark = [pytest.mark.bench, pytest.mark.timeout(900)]

STUDENTS, QUESTIONS, TIMES = 500, 40, 5


@pytest.fixture
def hall(make_hall: Callable[..., Hall], make_question: Callable[..., Any], log_in: Callable[..., Any]) -> Hall:
    """An exam of 40 questions that 500 students handed in; it is over."""
    hall = make_hall(questions=tuple(make_question().id for _ in range(QUESTIONS)))
    hand_in(hall, STUDENTS, by_skill(Random(1)))
    hall.clock.advance(hours=5)
    log_in(hall.teacher)
    return hall


# Marks are read 50 attempts at a time, in three statements each.
@pytest.mark.parametrize(("path", "most"), [("", 42), ("mistakes", 46)])
def test_a_page_of_five_hundred_attempts_is_a_bounded_number_of_statements(
    client: FlaskClient, hall: Hall, report: Report, path: str, most: int
) -> None:
    seen: list[str] = []
    event.listen(hall.db.engine, "before_cursor_execute", lambda _c, _u, sql, *_: seen.append(sql))
    took_ms, worked_ms = [], []

    for _ in range(TIMES):
        began, worked = time.perf_counter(), time.thread_time()
        page = client.get(f"/teach/exams/{hall.exam_id}/items/{path}")
        took_ms.append((time.perf_counter() - began) * 1000)
        worked_ms.append((time.thread_time() - worked) * 1000)

    report(f"statistics /{path} of an exam of {STUDENTS} attempts at {QUESTIONS} questions", "ms", took_ms)
    report(f"the same, /{path}, time of the processor", "ms", worked_ms)
    assert page.status_code == 200
    assert len([sql for sql in seen if sql.startswith(("SELECT", "WITH"))]) <= most * TIMES
