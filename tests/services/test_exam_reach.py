"""What publishing takes from the revision of a class, counted before it does."""

from collections.abc import Callable

import pytest

from app.db import Database
from app.exam.blueprint import Demand
from app.models import Question
from app.services import exam_reach, exams, hiding
from app.services.exam_reach import Reach
from app.services.exams import Draft
from app.services.identity import Person
from tests.classroom import enrol, open_class
from tests.conftest import Clock

DRAWN = (Demand(count=2, topic=None, level=None, type=None),)


@pytest.mark.parametrize(("draw", "met"), [("same", 2), ("each", 6)])
def test_it_counts_what_will_be_hidden(
    db: Database,
    clock: Clock,
    make_user: Callable[..., Person],
    make_question: Callable[..., Question],
    draw: str,
    met: int,
) -> None:
    teacher = make_user(role="teacher")
    taught = open_class(db, teacher, clock())
    alice = enrol(db, taught, make_user(), "Alice", clock())
    for _ in range(6):
        make_question()
    draft = Draft("Final", closes_at=clock().replace(year=clock().year + 1), demands=DRAWN, draw=draw)
    with db.writing() as session:
        exam_id = exams.create(session, teacher, taught.id, draft, clock())

    with db.reading() as session:
        told = exam_reach.reach(session, teacher, exam_id, clock())
    with db.writing() as session:
        exams.publish(session, teacher, exam_id, clock())
    with db.reading() as session:
        hidden = hiding.hidden_questions(session, alice, clock())

    assert told == Reach(met=met, reserved=0, studied=6)
    assert len(hidden) == met


def test_reserved_questions_take_nothing_from_anybody(
    db: Database, clock: Clock, make_user: Callable[..., Person], make_question: Callable[..., Question]
) -> None:
    teacher = make_user(role="teacher")
    taught = open_class(db, teacher, clock())
    listed = tuple(make_question(reserved=True).id for _ in range(2))
    make_question()
    draft = Draft("Final", closes_at=clock().replace(year=clock().year + 1), questions=listed)
    with db.writing() as session:
        exam_id = exams.create(session, teacher, taught.id, draft, clock())
        told = exam_reach.reach(session, teacher, exam_id, clock())

    assert told == Reach(met=0, reserved=2, studied=1)


@pytest.mark.parametrize(("met", "wide"), [(25, False), (26, True)])
def test_more_than_a_quarter_is_wide(met: int, wide: bool) -> None:
    assert Reach(met, 0, 100).is_wide is wide
