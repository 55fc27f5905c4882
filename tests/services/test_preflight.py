"""The pre-flight of scores: what it says of each student besides the score."""

from collections.abc import Callable

import pytest

from app.services import preflight
from app.services.identity import Person
from tests.conftest import Clock
from tests.hall import Hall, answer_all, sit


@pytest.mark.parametrize(
    ("keep", "said"), [("best", "3 of 4"), ("last", "1 of 4"), ("first", "2 of 4"), ("average", "6 of 12")]
)
def test_the_feedback_is_about_the_attempts_that_give_the_score(
    make_hall: Callable[..., Hall], make_user: Callable[..., Person], clock: Clock, keep: str, said: str
) -> None:
    hall = make_hall(attempts=3, keep=keep)
    ada = sit(hall, make_user, "Ada")
    for right in (2, 3, 1):
        answer_all(hall, ada, *("b" * right))

    with hall.db.reading() as session:
        ready = preflight.look(session, hall.teacher, hall.exam_id, b"nom,id\nAda,1\n", "{} of {}".format, clock())

    assert ready.matching.named[0].student.feedback == said
