"""Marks are computed from what is stored, at every read: credits, regrades, adjustments, the attempt that counts."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select

from app.errors import NotFound
from app.models import Adjustment, ExamItem, Regrade
from app.services import attempts, exam_people, marks
from app.services.identity import Person
from app.services.marks import FrozenExam, StudentMarks
from tests.hall import Hall, answer_all, item_at, sit

MakeHall = Callable[..., Hall]
MakeUser = Callable[..., Person]


def read(hall: Hall) -> list[StudentMarks]:
    with hall.db.reading() as session:
        return list(marks.students(session, frozen(hall), hall.clock()))


def frozen(hall: Hall) -> FrozenExam:
    with hall.db.reading() as session:
        return marks.frozen(session, hall.teacher, hall.exam_id)


def regrade(hall: Hall, position: int, kind: str, **details: Any) -> int:
    """Store a change of the question at a position of the exam; return its id."""
    item = item_at(hall, position)
    with hall.db.writing() as session:
        made = Regrade(item_id=item, kind=kind, details=details, reason="", at=hall.clock(), by_id=hall.teacher.id)
        session.add(made)
        session.flush()
        return made.id


@pytest.fixture
def hall(make_hall: MakeHall) -> Hall:
    """An exam on four questions of which "b" is the answer, asked in the same order to all."""
    return make_hall(shuffle_questions=False)


@pytest.fixture
def alice(hall: Hall, make_user: MakeUser) -> Person:
    return sit(hall, make_user)


def test_three_right_of_four_are_fifteen_of_twenty(hall: Hall, alice: Person) -> None:
    answer_all(hall, alice, "b", "b", "b", "a")

    [student] = read(hall)

    assert (student.first.name, student.score) == ("Alice", 1500)
    assert [one.credit for one in student.first.items] == [1, 1, 1, 0]


def test_no_answer_is_worth_nothing(hall: Hall, alice: Person) -> None:
    answer_all(hall, alice, "b")

    assert [one.answered for one in read(hall)[0].first.items] == [True, False, False, False]
    assert read(hall)[0].score == 500


def test_what_was_saved_is_marked_when_the_time_is_over(hall: Hall, alice: Person) -> None:
    attempt = hall.start(alice)
    hall.answer(alice, attempt, 1, "b")
    hall.clock.advance(hours=1, seconds=16)

    [student] = read(hall)

    assert (student.score, student.first.closed_by) == (500, "time")
    assert student.first.ended_at == student.first.deadline


def test_an_attempt_at_work_counts_for_nothing_yet(hall: Hall, alice: Person) -> None:
    hall.answer(alice, hall.start(alice), 1, "b")

    assert (read(hall)[0].score, read(hall)[0].first.over) == (None, False)


def test_a_dropped_question_is_left_out_for_all(hall: Hall, alice: Person) -> None:
    answer_all(hall, alice, "b", "b", "b", "a")

    regrade(hall, 4, "drop")

    assert read(hall)[0].score == 2000
    assert read(hall)[0].first.items[3].credit is None


def test_everybody_has_the_point_also_without_an_answer(hall: Hall, alice: Person) -> None:
    answer_all(hall, alice, "b", "b", "b")

    regrade(hall, 4, "everybody")

    assert read(hall)[0].score == 2000


def test_a_regrade_that_was_undone_counts_no_more(hall: Hall, alice: Person) -> None:
    answer_all(hall, alice, "b", "b", "b", "a")
    number = regrade(hall, 4, "drop")

    with hall.db.writing() as session:
        session.get_one(Regrade, number).undone_at = hall.clock()

    assert read(hall)[0].score == 1500


def test_what_marks_would_become_is_not_stored(hall: Hall, alice: Person) -> None:
    attempt = answer_all(hall, alice, "b", "b", "b", "a")
    number = regrade(hall, 4, "drop")

    with hall.db.reading() as session:
        without = marks.any_exam(session, hall.exam_id, without=number)
        assert marks.of_attempt(session, without, attempt, hall.clock()).score == 1500
    assert read(hall)[0].score == 2000


def test_an_adjustment_is_in_points_of_the_scale(hall: Hall, alice: Person) -> None:
    attempt = answer_all(hall, alice, "b", "b", "b", "a")

    with hall.db.writing() as session:
        session.add(Adjustment(attempt_id=attempt, hundredths=-125, reason="late", at=hall.clock()))

    assert (read(hall)[0].score, read(hall)[0].first.adjustment_hundredths) == (1375, -125)


def test_a_wrong_answer_costs_what_the_exam_says(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall(shuffle_questions=False, penalty_percent=25)
    answer_all(hall, sit(hall, make_user), "b", "b", "a")

    assert read(hall)[0].score == 875  # (2 - 1/4) of 4, on 20


def test_a_regrade_to_zero_still_says_that_it_was_answered(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall(shuffle_questions=False, penalty_percent=25)
    answer_all(hall, sit(hall, make_user), "a", "b", "b", "b")

    regrade(hall, 1, "everybody")

    assert read(hall)[0].score == 2000


def test_the_best_of_two_attempts_counts(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall(shuffle_questions=False, attempts=2)
    alice = sit(hall, make_user)
    answer_all(hall, alice, "b", "b", "b", "b")
    answer_all(hall, alice, "a", "b", "b", "b")

    [student] = read(hall)

    assert ([one.score for one in student.attempts], student.score) == ([2000, 1500], 2000)


def test_students_come_by_name_whatever_their_case_and_more_than_one_batch(
    hall: Hall, make_user: MakeUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "_BATCH", 2)
    for name in ("chloe", "Bruno", "alice", "David", "Émile"):
        answer_all(hall, sit(hall, make_user, name), "b")

    assert [one.first.name for one in read(hall)] == ["alice", "Bruno", "chloe", "David", "Émile"]


def test_an_accent_does_not_change_where_a_student_stands(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall()
    for name in ("Lucas", "Léa", "Éva", "Zoé"):
        hall.start(sit(hall, make_user, name))

    assert [one.first.name for one in read(hall)] == ["Éva", "Léa", "Lucas", "Zoé"]


def test_an_erased_student_keeps_a_pseudonym(hall: Hall, alice: Person) -> None:
    answer_all(hall, alice, "b", "b", "b", "b")

    with hall.db.writing() as session:
        attempts.forget(session, alice.id)

    [student] = read(hall)
    assert student.score == 2000
    assert student.first.name == student.first.pseudonym
    assert student.first.login is None


def test_who_never_started_is_absent(hall: Hall, alice: Person, make_user: MakeUser) -> None:
    answer_all(hall, alice, "b")
    bruno = sit(hall, make_user, "Bruno")

    with hall.db.reading() as session:
        assert exam_people.not_started(session, frozen(hall)) == [
            exam_people.Known(bruno.id, "Bruno", None, "bruno", hall.clock())
        ]


def test_points_weigh_the_questions(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall(shuffle_questions=False)
    with hall.db.writing() as session:
        session.scalars(select(ExamItem).order_by(ExamItem.position)).first().points = 3  # type: ignore[union-attr]
    answer_all(hall, sit(hall, make_user), "b")

    assert read(hall)[0].score == 1000


def test_the_marks_of_another_teachers_exam_do_not_exist(hall: Hall, make_user: MakeUser) -> None:
    with hall.db.reading() as session, pytest.raises(NotFound):
        marks.frozen(session, make_user(role="teacher"), hall.exam_id)


def test_an_attempt_of_another_exam_is_not_found(hall: Hall, make_hall: MakeHall, make_user: MakeUser) -> None:
    other = make_hall()
    attempt = answer_all(other, sit(other, make_user, "Zoe"), "b")

    with hall.db.reading() as session, pytest.raises(NotFound):
        marks.of_attempt(session, frozen(hall), attempt, hall.clock())


def test_credits_are_exact_fractions(hall: Hall, alice: Person) -> None:
    answer_all(hall, alice, "b")

    assert all(isinstance(one.stored, Fraction) for one in read(hall)[0].first.items)
