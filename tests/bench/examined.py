"""An exam that many students handed in, written straight into the tables."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from app.models import Attempt, AttemptItem, Membership, User
from app.services import marks
from tests.hall import Hall

FIRST_ID = 1000


def hand_in(hall: Hall, students: int, is_right: Callable[[int, int], bool]) -> Sequence[int]:
    """Have `students` answer every question; `is_right` says of a student's id and a position whether it is right."""
    now = hall.clock()
    with hall.db.reading() as session:
        items = list(marks.any_exam(session, hall.exam_id).items)
    people = [FIRST_ID + number for number in range(students)]
    ended = {"submitted_at": now + timedelta(minutes=30), "closed_by": "student"}
    with hall.db.writing() as session:
        session.execute(insert(User), [{"id": n, "role": "learner", "created_at": now, "seen_at": now} for n in people])
        member = {"class_id": hall.taught.id, "joined_at": now}
        session.execute(insert(Membership), [member | {"user_id": n, "name": f"Élève {n}"} for n in people])
        attempt = {"exam_id": hall.exam_id, "number": 1, "started_at": now, "seed": "s", **ended}
        session.execute(insert(Attempt), [attempt | {"id": n, "learner_id": n} for n in people])
        for n in people:
            rows = [_answered(n, position, item, is_right) for position, item in enumerate(items, 1)]
            session.execute(insert(AttemptItem), rows)
    return people


def by_skill(luck: Random) -> Callable[[int, int], bool]:
    """Answers as a class gives them: some students know more, some questions are harder."""
    skills: dict[int, float] = {}

    def is_right(student: int, position: int) -> bool:
        skill = skills.setdefault(student, luck.uniform(0.3, 1))
        return luck.random() < skill * (1 - position % 5 / 10)

    return is_right


def _answered(attempt: int, position: int, item: int, is_right: Callable[[int, int], bool]) -> dict[str, Any]:
    right = is_right(attempt, position)
    response = {"choice": "b" if right else "a"}
    return {
        "attempt_id": attempt,
        "position": position,
        "item_id": item,
        "response": response,
        "credit_parts": int(right),
    }
