"""Around the set-up of an exam: what it may ask, make-ups, copies, and the preview."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from app.db import Database
from app.errors import Invalid, NotFound
from app.exam.blueprint import Demand
from app.models import Question
from app.services import exam_allowances, exam_choice, exam_copies, exam_events, exam_preview, exams
from app.services.exam_allowances import Given
from app.services.exam_choice import Sought
from app.services.exam_preview import PreviewItem
from app.services.identity import Person
from tests.classroom import open_class
from tests.conftest import Clock
from tests.desk import FLASHCARD, NONE
from tests.hall import Hall, sit

MakeHall = Callable[..., Hall]
MakeQuestion = Callable[..., Question]
MakeUser = Callable[..., Person]


def codes(refused: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in refused.value.problems]


def preview(hall: Hall, draw: int = 1) -> list[PreviewItem]:
    with hall.db.reading() as session:
        return list(exam_preview.preview(session, hall.teacher, hall.exam_id, draw, "fr", hall.clock()))


def test_what_an_exam_may_ask_is_counted_by_kind(db: Database, make_question: MakeQuestion) -> None:
    course_id = make_question(reserved=True).course_id
    make_question()
    make_question(topic="volumes", **NONE)
    for left_out in ({"retired": True}, {"draft": True}, FLASHCARD):
        make_question(**left_out)

    with db.reading() as session:
        offered = exam_choice.offered(session, course_id, "fr")

    assert offered.available() == (3, 1)
    assert offered.available("network", 2, "single") == (2, 1)
    assert offered.available(type="short_answer") == (1, 0)
    assert list(offered.topics) == ["network", "volumes"]


def test_a_search_finds_what_is_not_chosen_yet_reserved_ones_first(db: Database, make_question: MakeQuestion) -> None:
    chosen, plain, reserved = make_question(), make_question(), make_question(reserved=True)
    make_question(topic="volumes", **NONE)

    with db.reading() as session:
        sought = Sought(words="reseau isole", topic="network")
        offered = exam_choice.offered(session, plain.course_id, "fr", [chosen.id, 999], sought)

    assert [line.id for line in offered.found] == [reserved.id, plain.id]
    assert ([line.id for line in offered.chosen], offered.missing, offered.total) == ([chosen.id], 1, 2)


def test_a_make_up_opens_the_exam_for_one_student_only(make_hall: MakeHall, make_user: MakeUser, clock: Clock) -> None:
    hall = make_hall()
    alice, zoe = sit(hall, make_user), sit(hall, make_user, "Zoé")
    clock.advance(days=1)
    window = (clock(), clock() + timedelta(hours=2))

    with hall.db.writing() as session:
        given = Given(alice.id, opens_at=window[0], closes_at=window[1], reason="Malade")
        exam_allowances.allow(session, hall.teacher, hall.exam_id, given, hall.clock())

    assert (hall.standing(alice).may_start, hall.standing(zoe).may_start) == (True, False)


def test_what_is_given_again_takes_the_place_of_before_and_can_be_taken_back(
    make_hall: MakeHall, make_user: MakeUser
) -> None:
    hall = make_hall()
    alice = sit(hall, make_user)
    for extra in (1, 2):
        with hall.db.writing() as session:
            exam_allowances.allow(
                session, hall.teacher, hall.exam_id, Given(alice.id, extra, reason="Panne"), hall.clock()
            )
    allowed = hall.standing(alice).allowed

    with hall.db.writing() as session:
        exam_allowances.withdraw(session, hall.teacher, hall.exam_id, alice.id, hall.clock())

    assert (allowed, hall.standing(alice).allowed) == (3, 1)
    with pytest.raises(NotFound), hall.db.writing() as session:
        exam_allowances.withdraw(session, hall.teacher, hall.exam_id, alice.id, hall.clock())


def test_every_problem_of_a_make_up_is_said_at_once(make_hall: MakeHall, clock: Clock) -> None:
    hall = make_hall()

    with pytest.raises(Invalid) as refused, hall.db.writing() as session:
        exam_allowances.allow(session, hall.teacher, hall.exam_id, Given(999, 21, clock(), None), clock())

    assert codes(refused) == [
        ("learner_id", "not_offered"),
        ("extra_attempts", "out_of_range"),
        ("closes_at", "missing"),
        ("reason", "missing"),
    ]


def test_what_is_given_twice_is_logged_once(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall()
    alice = sit(hall, make_user)
    for reason in ("Panne", " Panne ", "Panne de réseau"):
        with hall.db.writing() as session:
            exam_allowances.allow(session, hall.teacher, hall.exam_id, Given(alice.id, 1, reason=reason), hall.clock())

    with hall.db.reading() as session:
        logged = [one.reason for one in exam_events.listed(session, hall.exam_id)]

    assert logged == ["Panne", "Panne de réseau"]


def test_an_attempt_at_work_keeps_its_deadline_when_the_exam_is_made_shorter(
    make_hall: MakeHall, make_user: MakeUser, clock: Clock
) -> None:
    hall = make_hall()
    alice = sit(hall, make_user)
    attempt_id = hall.start(alice)
    before = hall.sheet(alice, attempt_id).deadline
    with hall.db.reading() as session:
        of = exams.found(session, hall.teacher, hall.exam_id)

    shorter = replace(of.draft, duration_s=60, closes_at=clock() + timedelta(minutes=5))
    with hall.db.writing() as session:
        exams.change(session, hall.teacher, hall.exam_id, of.version, shorter)

    assert hall.sheet(alice, attempt_id).deadline == before


def test_a_copy_is_a_draft_with_the_same_set_up_and_points(make_hall: MakeHall, clock: Clock) -> None:
    hall = make_hall(password="sésame")
    other = open_class(hall.db, hall.teacher, clock(), name="B2 Docker, groupe 2")
    with hall.db.writing() as session:
        of = exams.found(session, hall.teacher, hall.exam_id)
        exams.set_points(session, hall.teacher, hall.exam_id, {of.draft.questions[1]: 4})
        session.get_one(Question, of.draft.questions[0]).retired = True

    with hall.db.writing() as session:
        made = exam_copies.duplicate(session, hall.teacher, hall.exam_id, other.id, clock())

    with hall.db.reading() as session:
        copy = exams.found(session, hall.teacher, made.exam_id)
    assert copy.draft == replace(of.draft, questions=of.draft.questions[1:])
    assert (copy.published, copy.class_id, made.left_out) == (None, other.id, 1)
    assert copy.points[of.draft.questions[1]] == 4


def test_a_class_of_another_course_gets_no_copy(
    make_hall: MakeHall, make_course: Callable[..., object], clock: Clock
) -> None:
    hall = make_hall()
    course_id = getattr(make_course("git"), "id")  # noqa: B009 the factory says only that it is an object
    other = open_class(hall.db, hall.teacher, clock(), course_id=course_id)

    with pytest.raises(Invalid) as refused, hall.db.writing() as session:
        exam_copies.duplicate(session, hall.teacher, hall.exam_id, other.id, clock())

    assert codes(refused) == [("class_id", "not_offered")]


def test_a_preview_shows_each_question_of_the_list_once(make_hall: MakeHall) -> None:
    hall = make_hall()

    shown = preview(hall)

    assert sorted(item.question_id for item in shown) == [1, 2, 3, 4]
    assert [item.question_id for item in preview(hall)] == [item.question_id for item in shown]


def test_a_preview_of_a_draw_for_each_student_can_be_renewed(make_hall: MakeHall, make_question: MakeQuestion) -> None:
    for _ in range(8):
        make_question()
    hall = make_hall(questions=(), demands=(Demand(3),), draw="each")

    draws = [frozenset(item.question_id for item in preview(hall, number)) for number in range(1, 9)]

    assert {len(one) for one in draws} == {3}
    assert len(set(draws)) > 1


def test_a_draft_is_previewed_with_the_draw_that_publishing_freezes(
    make_hall: MakeHall, make_question: MakeQuestion, clock: Clock
) -> None:
    for _ in range(8):
        make_question()
    hall = make_hall(questions=(), demands=(Demand(3),))
    with hall.db.writing() as session:
        of = exams.found(session, hall.teacher, hall.exam_id)
        hall.exam_id = exams.create(session, hall.teacher, hall.taught.id, of.draft, clock())
    before = {item.question_id for item in preview(hall)}

    with hall.db.writing() as session:
        exams.publish(session, hall.teacher, hall.exam_id, clock())

    assert {item.question_id for item in preview(hall)} == before


def test_a_preview_of_what_cannot_be_filled_is_empty(make_hall: MakeHall, clock: Clock) -> None:
    hall = make_hall()
    with hall.db.writing() as session:
        of = exams.found(session, hall.teacher, hall.exam_id)
        draft = replace(of.draft, questions=(), demands=(Demand(4),))
        hall.exam_id = exams.create(session, hall.teacher, hall.taught.id, draft, clock())
        session.get_one(Question, of.draft.questions[0]).retired = True

    assert preview(hall) == []
