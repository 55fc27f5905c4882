"""Reports of learners about questions: after an answer only, one open at a time."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import select

from app.db import Database
from app.errors import Invalid, NotFound
from app.models import Course, Question, QuestionFlag, QuestionVersion
from app.services import flagging
from app.services.flagging import Flag
from app.services.identity import Person
from app.services.messages import LONGEST_MESSAGE
from tests.conftest import Clock
from tests.desk import Desk
from tests.services.test_races import at_once

MakeQuestion = Callable[..., Question]


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    """A learner, a guest as it happens."""
    return make_desk()


@pytest.fixture
def answered(desk: Desk, make_question: MakeQuestion) -> Question:
    """A question the learner has answered."""
    question = make_question()
    desk.answer(question)
    return question


@pytest.fixture
def report(db: Database, clock: Clock, desk: Desk) -> Callable[..., None]:
    """Return a function that reports a question as the learner."""

    def flag(
        question: Question, reason: str = "wrong", message: str = "It works here.", by: Person | None = None
    ) -> None:
        with db.writing() as session:
            flagging.flag(session, by or desk.person, question.id, reason, message, clock())

    return flag


@pytest.fixture
def own(db: Database, desk: Desk) -> Callable[[Question], Sequence[Flag]]:
    """Return a function that reads the learner's reports of a question."""

    def read(question: Question) -> Sequence[Flag]:
        with db.reading() as session:
            return flagging.own(session, desk.person, question.id)

    return read


def set_row(db: Database, **values: Any) -> None:
    """Change the only report there is."""
    with db.writing() as session:
        row = session.scalars(select(QuestionFlag)).one()
        for name, value in values.items():
            setattr(row, name, value)


def test_an_answered_question_can_be_reported(
    answered: Question, report: Callable[..., None], own: Callable[..., Any]
) -> None:
    report(answered)

    [flag] = own(answered)
    assert (flag.reason, flag.message, flag.status, flag.answer) == ("wrong", "It works here.", "open", "")


def test_a_question_without_an_answer_cannot_be_reported(
    report: Callable[..., None], make_question: MakeQuestion
) -> None:
    with pytest.raises(NotFound):
        report(make_question())


def test_a_question_whose_answer_was_taken_back_cannot_be_reported(
    desk: Desk, answered: Question, report: Callable[..., None]
) -> None:
    desk.undo(answered, 1)

    with pytest.raises(NotFound):
        report(answered)


def test_another_learners_answer_does_not_count(
    answered: Question, report: Callable[..., None], make_user: Callable[..., Person]
) -> None:
    with pytest.raises(NotFound):
        report(answered, by=make_user())


@pytest.mark.parametrize("flag", ["reserved", "draft", "retired"])
def test_a_question_that_is_not_asked_any_more_cannot_be_reported(
    db: Database, answered: Question, report: Callable[..., None], flag: str
) -> None:
    with db.writing() as session:
        setattr(session.get_one(Question, answered.id), flag, True)

    with pytest.raises(NotFound):
        report(answered)


def test_a_question_of_another_course_cannot_be_reported(
    report: Callable[..., None], make_question: MakeQuestion, make_course: Callable[..., Course]
) -> None:
    with pytest.raises(NotFound):
        report(make_question(of=make_course("git")))


def test_a_second_report_changes_the_open_one(
    clock: Clock, answered: Question, report: Callable[..., None], own: Callable[..., Any], db: Database
) -> None:
    report(answered)
    clock.advance(minutes=5)

    report(answered, "typo", "Rather a typo.")

    [flag] = own(answered)
    assert (flag.reason, flag.message, flag.changed_at) == ("typo", "Rather a typo.", clock())
    with db.reading() as session:
        assert session.scalars(select(QuestionFlag.revision)).all() == [2]


def test_reports_sent_at_once_are_one(answered: Question, report: Callable[..., None], own: Callable[..., Any]) -> None:
    at_once([lambda: report(answered)] * 8)

    assert len(own(answered)) == 1


def test_after_a_report_is_closed_a_new_one_is_another(
    db: Database, clock: Clock, answered: Question, report: Callable[..., None], own: Callable[..., Any]
) -> None:
    report(answered)
    set_row(db, status="not_a_fault", answer="See the course.", answered_at=clock())
    clock.advance(days=1)

    report(answered, message="I read it: still wrong.")

    assert [(flag.status, flag.answer) for flag in own(answered)] == [("open", ""), ("not_a_fault", "See the course.")]


def test_the_answer_of_a_report_opened_again_is_not_shown(
    db: Database, answered: Question, report: Callable[..., None], own: Callable[..., Any]
) -> None:
    report(answered)
    set_row(db, answer="Not the last word.")

    assert own(answered)[0].answer == ""


@pytest.mark.parametrize(
    ("reason", "message", "codes"),
    [
        ("boring", "x", ["not_offered"]),
        ("wrong", "  \n\t", ["message_missing"]),
        ("wrong", "x" * (LONGEST_MESSAGE + 1), ["message_long"]),
        ("boring", "", ["not_offered", "message_missing"]),
    ],
)
def test_what_cannot_be_a_report_is_refused_with_every_problem(
    answered: Question,
    report: Callable[..., None],
    own: Callable[..., Any],
    reason: str,
    message: str,
    codes: list[str],
) -> None:
    with pytest.raises(Invalid) as refused:
        report(answered, reason, message)

    assert [problem.code for problem in refused.value.problems] == codes
    assert own(answered) == []


def test_a_message_keeps_its_lines_and_loses_what_no_database_takes(
    answered: Question, report: Callable[..., None], own: Callable[..., Any]
) -> None:
    report(answered, message="\u0000 First line\r\nsecond\u0007 line \n")

    assert own(answered)[0].message == "First line\nsecond line"


def test_a_mend_names_its_version_once_there_is_one(
    db: Database, clock: Clock, answered: Question, report: Callable[..., None], own: Callable[..., Any]
) -> None:
    report(answered)
    set_row(db, status="mended", answered_at=clock())
    before = own(answered)[0].mended_version
    with db.writing() as session:
        body = session.scalars(select(QuestionVersion.body)).one()
        more = {"content_hash": "x", "body": body, "created_at": clock()}
        session.add(QuestionVersion(question_id=answered.id, number=2, **more))

    assert (before, own(answered)[0].mended_version) == (None, 2)


def test_a_learners_list_of_reports_holds_theirs_of_their_course_and_no_key(
    db: Database, desk: Desk, answered: Question, report: Callable[..., None], make_user: Callable[..., Person]
) -> None:
    report(answered)
    with db.writing() as session:
        session.get_one(Question, answered.id).retired = True

    with db.reading() as session:
        [mine] = flagging.listed(session, desk.person)
        assert flagging.listed(session, make_user()) == []

    assert (mine.question_id, mine.status, mine.askable) == (answered.id, "open", False)
    assert "boucle" not in mine.text
