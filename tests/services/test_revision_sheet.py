"""The sheet of the weakest cards."""

from collections.abc import Callable

import pytest

from app.db import Database
from app.models import Question
from app.services import cards, classes, revision_sheet
from app.services.identity import Person
from app.services.revision_sheet import Sheet
from app.srs.sm2 import Grade
from tests.classroom import answer, undo
from tests.conftest import Clock
from tests.hall import Hall

MakeQuestion = Callable[..., Question]
MakeUser = Callable[..., Person]
Print = Callable[..., Sheet]


@pytest.fixture
def printed(db: Database, clock: Clock) -> Print:
    """Return a function that makes a learner's sheet."""

    def make(learner: Person, size: int = 20) -> Sheet:
        with db.reading() as session:
            return revision_sheet.sheet(session, learner, size, clock())

    return make


def ids(sheet: Sheet) -> list[int]:
    return [entry.question_id for _, entries in sheet.topics for entry in entries]


def test_the_weakest_cards_stand_by_topic_in_the_courses_order(
    db: Database, clock: Clock, printed: Print, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner = make_user(locale="en")
    good, volume, missed = make_question(), make_question(topic="volumes"), make_question()
    for question, grade in ((good, Grade.GOOD), (volume, Grade.WRONG), (missed, Grade.WRONG)):
        answer(db, learner, question, grade, clock())

    sheet = printed(learner)

    assert [(title, len(entries)) for title, entries in sheet.topics] == [("Network", 2), ("Volumes", 1)]
    assert ids(sheet) == [missed.id, good.id, volume.id]
    assert ids(printed(learner, 2)) == [missed.id, volume.id]
    assert (sheet.met, sheet.count) == (3, 3)


def test_only_cards_that_were_answered_and_are_asked_are_on_it(
    db: Database, clock: Clock, printed: Print, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, aside, back, reserved = make_user(), make_question(), make_question(), make_question(reserved=True)
    make_question()
    for question in (aside, back, reserved):
        answer(db, learner, question, Grade.GOOD, clock())
    with db.writing() as session:
        cards.suspend(session, learner, aside.id)
    undo(db, learner, back, 1, clock())

    assert ids(printed(learner)) == []


def test_while_an_exam_hides_a_key_there_is_no_sheet_whose_gaps_would_name_it(
    db: Database,
    clock: Clock,
    printed: Print,
    make_user: MakeUser,
    make_question: MakeQuestion,
    make_hall: Callable[..., Hall],
) -> None:
    learner, question, other = make_user(), make_question(), make_question()
    for one in (question, other):
        answer(db, learner, one, Grade.WRONG, clock())
    assert ids(printed(learner)) == [question.id, other.id]

    hall = make_hall(questions=(question.id,))
    with db.writing() as session:
        classes.join(session, learner, hall.taught.join_code or "", "Alice", clock())

    assert (printed(learner).topics, printed(learner).withheld) == ((), True)


def test_another_learners_cards_are_not_on_it(
    db: Database, clock: Clock, printed: Print, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    answer(db, make_user(), make_question(), Grade.WRONG, clock())

    assert printed(make_user()).topics == []
