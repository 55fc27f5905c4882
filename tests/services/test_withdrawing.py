"""What was uploaded is taken back by whom it belongs to: nobody loses what they know, and sent again it is back."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.db import Database
from app.errors import Invalid, NotFound
from app.models import Card, Course, Question
from app.services import withdrawing
from app.services.course_differences import Kind
from app.services.withdrawing import Withdrawal
from app.srs.sm2 import Grade
from tests.bank.packing import course, question, zipped
from tests.desk import Desk
from tests.sender import Teacher

LOOP = question("knots-loop", "knots.bowline")
REEF = question("knots-reef", "knots.reef")
SEA = zipped({"course.yaml": course("sea"), "knots.yaml": [LOOP, REEF]})


def looked(teacher: Teacher, slug: str = "boats") -> Withdrawal:
    with teacher.db.reading() as session:
        return withdrawing.look(session, teacher.person, slug)


def withdrawn(teacher: Teacher, *slugs: str, of: str = "boats") -> int:
    """Withdraw questions by their names; all there are when none is named."""
    ids = {line.slug: line.id for line in looked(teacher, of).lines}
    with teacher.db.writing() as session:
        chosen = [ids[slug] for slug in slugs] if slugs else None
        return withdrawing.withdraw_questions(session, teacher.person, of, chosen)


def course_withdrawn(teacher: Teacher, slug: str = "sea") -> int:
    with teacher.db.writing() as session:
        return withdrawing.withdraw_course(session, teacher.person, slug)


def asked(db: Database) -> set[str]:
    """The questions of the courses that are offered."""
    there = select(Question.slug).join(Course, Course.id == Question.course_id)
    with db.reading() as session:
        return set(session.scalars(there.where(Question.retired.is_(False), Course.retired.is_(False))))


def test_one_question_is_withdrawn_and_the_others_stay(db: Database, bruno: Teacher) -> None:
    bruno.bring([LOOP, REEF])

    assert withdrawn(bruno, "knots-loop") == 1
    assert asked(db) == {"knots-reef", "winds-west"}


def test_all_of_ones_own_are_withdrawn_and_nobody_elses(db: Database, bruno: Teacher, chloe: Teacher) -> None:
    bruno.bring([LOOP])
    chloe.bring([REEF])

    assert withdrawn(bruno) == 1
    assert asked(db) == {"knots-reef", "winds-west"}


def test_what_would_happen_is_told_first(
    bruno: Teacher, boats: Course, make_desk: Callable[..., Desk], db: Database
) -> None:
    bruno.bring([LOOP, REEF])
    desk = make_desk(course_id=boats.id)
    with db.reading() as session:
        rows = session.scalars(select(Question).where(Question.source == "upload")).all()
    for row in rows:
        desk.answer(row, {"text": "bowline"})

    found = looked(bruno)

    assert [(line.slug, line.learners, line.exams) for line in found.lines] == [
        ("knots-loop", 1, 0),
        ("knots-reef", 1, 0),
    ]
    assert (found.learners, found.exams, found.classes, found.whole) == (1, 0, 0, False)


def test_learners_keep_what_they_know_and_have_it_back(
    db: Database, bruno: Teacher, boats: Course, make_desk: Callable[..., Desk]
) -> None:
    bruno.bring([LOOP])
    desk = make_desk(course_id=boats.id)
    with db.reading() as session:
        row = session.scalars(select(Question).where(Question.slug == "knots-loop")).one()
    answer = desk.answer(row, {"text": "bowline"})

    withdrawn(bruno)
    run = bruno.bring([LOOP])

    assert [entry.kind for entry in run.difference.entries] == [Kind.RESTORED]
    assert (desk.feedback(answer.answer_id).grade, desk.problems()) == (Grade.GOOD, [])
    with db.reading() as session:
        assert session.scalars(select(Card.question_id)).all() == [row.id]


def test_withdrawn_twice_is_withdrawn_once(db: Database, bruno: Teacher) -> None:
    bruno.bring([LOOP, REEF])
    (line, _) = looked(bruno).lines

    with db.writing() as session:
        counts = [withdrawing.withdraw_questions(session, bruno.person, "boats", [line.id]) for _ in range(2)]

    assert counts == [1, 0]


def test_a_question_of_another_teacher_or_of_the_folder_does_not_exist(
    db: Database, bruno: Teacher, chloe: Teacher
) -> None:
    bruno.bring([LOOP])
    chloe.bring([REEF])
    with db.reading() as session:
        others = session.scalars(select(Question.id).where(Question.slug.in_(["knots-reef", "winds-west"]))).all()

    for question_id in others:
        with pytest.raises(NotFound), db.writing() as session:
            withdrawing.withdraw_questions(session, bruno.person, "boats", [looked(bruno).lines[0].id, question_id])

    assert asked(db) == {"knots-loop", "knots-reef", "winds-west"}


def test_whoever_has_sent_nothing_has_nothing_to_withdraw(bruno: Teacher, chloe: Teacher) -> None:
    bruno.bring([LOOP])

    with pytest.raises(NotFound):
        looked(chloe)
    with pytest.raises(NotFound):
        looked(bruno, "nowhere")


def test_an_admin_withdraws_what_was_uploaded_and_never_the_folders(db: Database, bruno: Teacher, ada: Teacher) -> None:
    bruno.bring([LOOP])

    assert [line.slug for line in looked(ada).lines] == ["knots-loop"]
    assert withdrawn(ada) == 1
    assert asked(db) == {"winds-west"}
    with pytest.raises(NotFound):
        course_withdrawn(ada, "boats")


def test_a_course_is_withdrawn_with_its_questions(db: Database, bruno: Teacher) -> None:
    bruno.bring(SEA, name="sea.zip")

    assert looked(bruno, "sea").whole is True
    assert course_withdrawn(bruno) == 2
    assert asked(db) == {"winds-west"}


def test_a_course_that_is_sent_again_is_back_whole(db: Database, bruno: Teacher) -> None:
    bruno.bring(SEA, name="sea.zip")
    course_withdrawn(bruno)

    run = bruno.bring(SEA, name="sea.zip")

    told = {(entry.what, entry.slug): entry.kind for entry in run.difference.entries if entry.kind != "unchanged"}
    names = [("course", "sea"), ("question", "knots-loop"), ("question", "knots-reef")]
    assert told == dict.fromkeys(names, Kind.RESTORED)
    assert asked(db) == {"knots-loop", "knots-reef", "winds-west"}


def test_a_course_without_questions_is_withdrawn_too(db: Database, bruno: Teacher) -> None:
    bruno.bring(SEA, name="sea.zip")
    withdrawn(bruno, of="sea")

    assert course_withdrawn(bruno) == 0
    with db.reading() as session:
        assert session.scalars(select(Course.slug).where(Course.retired)).all() == ["sea"]


def test_a_course_stays_while_somebody_elses_questions_are_in_it(
    db: Database, bruno: Teacher, chloe: Teacher, ada: Teacher
) -> None:
    bruno.bring(SEA, name="sea.zip")
    with db.reading() as session:
        chloe.course_id = session.scalars(select(Course.id).where(Course.slug == "sea")).one()
    chloe.bring([question("knots-hers", "knots.reef")])

    assert (looked(bruno, "sea").others, looked(bruno, "sea").whole) == (1, False)
    with pytest.raises(Invalid):
        course_withdrawn(bruno)
    assert asked(db) == {"knots-loop", "knots-reef", "knots-hers", "winds-west"}
    assert course_withdrawn(ada) == 3


def test_nobody_withdraws_a_course_of_another_teacher(bruno: Teacher, chloe: Teacher) -> None:
    bruno.bring(SEA, name="sea.zip")

    with pytest.raises(NotFound):
        course_withdrawn(chloe)


def test_what_one_may_withdraw_is_listed_by_course(db: Database, bruno: Teacher, chloe: Teacher, ada: Teacher) -> None:
    bruno.bring(SEA, name="sea.zip")
    bruno.bring([{**LOOP, "id": "knots-other"}])

    with db.reading() as session:
        found = [withdrawing.courses(session, one.person) for one in (bruno, chloe, ada)]

    listed = [[(one.slug, one.questions, one.is_own) for one in each] for each in found]
    assert listed == [[("boats", 1, False), ("sea", 2, True)], [], [("boats", 1, False), ("sea", 2, True)]]
