"""What a class should be taught again."""

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from app.bank.schema import content_hash, from_document, to_document
from app.db import Database
from app.errors import NotFound
from app.models import Question, QuestionVersion
from app.services import class_lessons
from app.services.class_lessons import Lessons
from app.services.classes import Taught
from app.services.identity import Person
from app.srs.answering import Kind
from app.srs.sm2 import Grade
from app.stats.shares import Share
from tests.classroom import answer, enrol, open_class, undo
from tests.conftest import Clock

MakeUser = Callable[..., Person]
MakeQuestion = Callable[..., Question]
WRONG, RIGHT = "a", "b"


@pytest.fixture
def teacher(make_user: MakeUser) -> Person:
    return make_user(role="teacher", locale="en")


@pytest.fixture
def taught(db: Database, clock: Clock, course: object, teacher: Person) -> Taught:
    return open_class(db, teacher, clock())


@pytest.fixture
def six(db: Database, clock: Clock, taught: Taught, make_user: MakeUser) -> list[Person]:
    """Six students of the class."""
    return [enrol(db, taught, make_user(), f"Name {number}", clock()) for number in range(6)]


@pytest.fixture
def give(db: Database, clock: Clock) -> Callable[..., int]:
    """Return a function that answers a single-choice question as a person, so many days ago."""

    def write(who: Person, question: Question, choice: str, days: int = 0, **more: Any) -> int:
        right = choice == RIGHT
        told = {"response": {"choice": choice}, "credit": Fraction(right), **more}
        return answer(db, who, question, Grade.GOOD if right else Grade.WRONG, clock() - timedelta(days=days), **told)

    return write


@pytest.fixture
def again(db: Database, clock: Clock, teacher: Person, taught: Taught) -> Callable[[], Lessons]:
    """Return a function that reads what to teach again now."""

    def read() -> Lessons:
        with db.reading() as session:
            return class_lessons.again(session, teacher, taught.id, clock())

    return read


def test_another_teacher_reads_nothing(db: Database, clock: Clock, make_user: MakeUser, taught: Taught) -> None:
    with db.reading() as session, pytest.raises(NotFound):
        class_lessons.again(session, make_user(role="teacher"), taught.id, clock())


def test_a_class_without_answers_has_nothing_to_be_taught(again: Callable[[], Lessons]) -> None:
    read = again()

    assert (read.goals, read.believed, read.scarce_goals, read.scarce_questions) == ([], [], 0, 0)


def test_a_wrong_choice_of_many_is_believed(
    six: list[Person], give: Callable[..., int], make_question: MakeQuestion, again: Callable[[], Lessons]
) -> None:
    question = make_question()
    for who, choice in zip(six, "aaabbb", strict=True):
        give(who, question, choice)

    (one,) = again().believed

    assert (one.question_id, one.belief.first, one.belief.later) == (question.id, Share(3, 6), None)
    assert one.choice is not None
    assert one.choice.why is not None
    assert one.choice.why.en == "It shares everything."


def test_the_first_answer_counts_and_the_last_of_a_later_day(
    six: list[Person], give: Callable[..., int], make_question: MakeQuestion, again: Callable[[], Lessons]
) -> None:
    question = make_question()
    for who, last in zip(six, "aabbbb", strict=True):
        give(who, question, "a", days=9)
        give(who, question, "c", days=5)
        give(who, question, last, days=1)

    (one,) = again().believed

    assert (one.mistake.given, one.belief.first, one.belief.later) == ("a", Share(6, 6), Share(2, 6))


def test_drills_and_second_answers_of_the_day_are_not_later_answers(
    six: list[Person], give: Callable[..., int], make_question: MakeQuestion, again: Callable[[], Lessons]
) -> None:
    question = make_question()
    for who in six:
        give(who, question, "a", days=2)
        give(who, question, "b", days=2)
        give(who, question, "b", days=1, kind=Kind.DRILL)

    (one,) = again().believed

    assert one.belief.later is None


def test_an_answer_taken_back_was_not_given(
    db: Database,
    clock: Clock,
    six: list[Person],
    give: Callable[..., int],
    make_question: MakeQuestion,
    again: Callable[[], Lessons],
) -> None:
    question = make_question()
    for who in six:
        undo(db, who, question, give(who, question, "a"), clock())
        give(who, question, "b")

    assert again().believed == []


def test_an_answer_declared_right_is_no_mistake(
    db: Database, clock: Clock, six: list[Person], make_question: MakeQuestion, again: Callable[[], Lessons]
) -> None:
    words = {"text": {"fr": "Quoi ?", "en": "What?"}, "explanation": {"fr": "Ceci.", "en": "This."}}
    question = make_question(type="short_answer", level=1, accept=["docker ps"], **words)
    for who in six:
        told = {"response": {"text": "docker list"}, "credit": Fraction(0), "overridden": True}
        answer(db, who, question, Grade.GOOD, clock(), **told)

    assert (again().believed, again().scarce_questions) == ([], 0)


def test_what_only_later_answers_get_wrong_is_believed(
    six: list[Person], give: Callable[..., int], make_question: MakeQuestion, again: Callable[[], Lessons]
) -> None:
    question = make_question()
    for who in six:
        give(who, question, "b", days=3)
        give(who, question, "a")

    assert [(one.belief.first, one.belief.later) for one in again().believed] == [(Share(0, 6), Share(6, 6))]


def test_of_a_flashcard_nothing_wrong_is_believed_and_no_answers_are_missing(
    db: Database, clock: Clock, six: list[Person], make_question: MakeQuestion, again: Callable[[], Lessons]
) -> None:
    words = {"fr": "Oui.", "en": "Yes."}
    question = make_question(type="flashcard", level=1, text=words, answer=words, explanation=words)
    for who in six[:2]:
        answer(db, who, question, Grade.WRONG, clock(), response={"shown": True}, credit=Fraction(0))

    assert (again().believed, again().scarce_questions) == ([], 0)


def test_four_students_are_not_enough_answers(
    six: list[Person], give: Callable[..., int], make_question: MakeQuestion, again: Callable[[], Lessons]
) -> None:
    question = make_question()
    for who in six[:4]:
        give(who, question, "a")

    assert (again().believed, again().scarce_questions) == ([], 1)


def test_answers_to_earlier_words_do_not_count(
    db: Database,
    clock: Clock,
    six: list[Person],
    give: Callable[..., int],
    make_question: MakeQuestion,
    again: Callable[[], Lessons],
) -> None:
    question = make_question()
    for who in six:
        give(who, question, "a")
    _reword(db, clock, question)

    assert again().believed == []


def _reword(db: Database, clock: Clock, question: Question) -> None:
    with db.writing() as session:
        before = session.query(QuestionVersion).filter_by(question_id=question.id).one()
        body = from_document(before.body | {"text": {"fr": "Lequel ?", "en": "Which?"}})
        new = {"content_hash": content_hash(body), "body": to_document(body), "created_at": clock()}
        session.add(QuestionVersion(question_id=question.id, number=2, **new))
        session.get_one(Question, question.id).version = 2


def test_only_members_of_the_class_count(
    six: list[Person],
    give: Callable[..., int],
    make_user: MakeUser,
    make_question: MakeQuestion,
    again: Callable[[], Lessons],
) -> None:
    question = make_question()
    for who in six:
        give(who, question, "b")
    for _ in range(6):
        give(make_user(), question, "a")

    assert again().believed == []


def test_the_least_retained_objective_comes_first(
    six: list[Person], give: Callable[..., int], make_question: MakeQuestion, again: Callable[[], Lessons]
) -> None:
    for name, choices in (("weak", "aaabbb"), ("weaker", "aaaabb"), ("held", "bbbbbb")):
        for _ in range(2):
            question = make_question(objective=f"network.{name}")
            for who, choice in zip(six, choices, strict=True):
                give(who, question, choice)

    read = again()

    assert [(goal.right, goal.students) for goal in read.goals] == [(Share(4, 12), 6), (Share(6, 12), 6)]
    assert (read.held, read.scarce_goals) == (1, 0)
    assert read.goals[0].section.titles == ("Réseau",)


@pytest.mark.parametrize(("students", "questions"), [(4, 3), (6, 1)])
def test_few_students_or_few_answers_tell_nothing_of_an_objective(
    six: list[Person],
    give: Callable[..., int],
    make_question: MakeQuestion,
    again: Callable[[], Lessons],
    students: int,
    questions: int,
) -> None:
    for _ in range(questions):
        question = make_question(objective="network.isolation")
        for who in six[:students]:
            give(who, question, "a")

    assert (again().goals, again().scarce_goals) == ([], 1)
