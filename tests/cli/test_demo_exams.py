"""The exams of the demonstration class."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from click.testing import Result
from sqlalchemy import func, select

from app.cli.demo import demo
from app.db import Database
from app.models import Attempt, AttemptItem, Exam, ExamItem, Question, User
from app.services import exam_people, mark_log, marks
from app.services.identity import person_of
from app.services.mark_log import Log, What
from app.services.marks import StudentMarks
from tests.cli.conftest import EVENING, Run


@dataclass
class Sat:
    """The finished exam of a demonstration as its teacher reads it."""

    students: list[StudentMarks]
    absent: list[str]
    log: Log


@pytest.fixture
def sat(db: Database, made: None) -> Sat:
    """The finished exam of the demonstration of sixteen questions."""
    with db.reading() as session:
        teacher = person_of(session.scalars(select(User).where(User.role == "teacher")).one())
        exam_id = session.scalars(select(Exam.id).where(Exam.closes_at < EVENING)).one()
        exam = marks.frozen(session, teacher, exam_id)
        absent = [one.name for one in exam_people.not_started(session, exam)]
        log = mark_log.read(session, teacher, exam_id, EVENING)
        return Sat(list(marks.students(session, exam, EVENING)), absent, log)


def responses(db: Database) -> list[tuple[object, ...]]:
    """Who answered what to which question of an exam, and when."""
    columns = (Attempt.learner_id, ExamItem.question_id, AttemptItem.response, Attempt.submitted_at)
    statement = select(*columns).join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
    statement = statement.join(ExamItem, ExamItem.id == AttemptItem.item_id)
    with db.reading() as session:
        first = session.scalar(select(func.min(User.id)).where(User.role == "learner")) or 0
        rows = session.execute(statement.order_by(Attempt.learner_id, ExamItem.position))
        return [(row.learner_id - first, *row[1:]) for row in rows]


def test_all_but_one_sat_the_finished_exam(sat: Sat) -> None:
    assert (len(sat.students), len(sat.absent)) == (29, 1)
    assert all(one.first.over for one in sat.students)


def test_enough_sat_the_exam_for_a_verdict_on_its_questions_and_their_scores_are_spread(sat: Sat) -> None:
    assert len(sat.students) >= 15
    assert len({one.score for one in sat.students}) > 5


def test_one_student_of_the_exam_has_extra_time(sat: Sat) -> None:
    extra = sorted((one.first.deadline or EVENING) - one.first.started_at for one in sat.students)

    assert [span / extra[0] for span in extra[-2:]] == [1, pytest.approx(4 / 3, abs=0.001)]


def test_one_attempt_was_ended_by_time(sat: Sat) -> None:
    assert [one.first.closed_by for one in sat.students].count("time") == 1


def test_one_mark_was_adjusted_and_one_question_regraded_each_with_a_reason(sat: Sat) -> None:
    changes = [(entry.what, len(entry.why) > 20) for entry in sat.log.entries]

    assert sorted(changes) == [(What.ADJUSTMENT, True), (What.REGRADE, True)]


def test_the_same_wrong_words_were_typed_by_several(sat: Sat) -> None:
    typed = Counter(
        one.response["text"]
        for student in sat.students
        for one in student.first.items
        if one.response and "text" in one.response and one.stored == 0
    )

    assert typed.most_common(1)[0][1] >= 3


def test_an_exam_is_announced_one_is_open_to_practise_and_one_is_a_draft(db: Database, made: None) -> None:
    with db.reading() as session:
        found = session.scalars(select(Exam).order_by(Exam.id)).all()

    assert [(one.kind, one.published_at is not None) for one in found] == [
        ("exam", True),
        ("exam", True),
        ("practice", True),
        ("exam", False),
    ]
    assert found[1].opens_at is not None
    assert found[1].opens_at > EVENING


def test_the_exams_ask_different_questions(db: Database, made: None) -> None:
    with db.reading() as session:
        asked = session.scalars(select(ExamItem.question_id)).all()

    assert len(asked) == len(set(asked))


def test_the_same_seed_gives_the_same_exam(db: Database, tiny: Result, run: Run) -> None:
    first = responses(db)

    run(demo)

    assert responses(db) == first != []


def test_a_bank_of_flashcards_has_nothing_to_examine(
    db: Database, make_question: Callable[..., Question], run: Run
) -> None:
    words = {"fr": "Ceci.", "en": "This."}
    make_question(type="flashcard", level=1, text=words, answer=words, explanation=words)

    assert run(demo).exit_code == 0
    with db.reading() as session:
        assert session.scalars(select(Exam)).all() == []
