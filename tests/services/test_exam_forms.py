"""Parallel forms: frozen when the exam is published, dealt to the class, one for each student and kept."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from threading import Barrier

import pytest
from sqlalchemy import select

from app.db import Database
from app.errors import Invalid
from app.exam.blueprint import Demand
from app.exam.form_results import Verdict
from app.exam.forms import letter
from app.models import Attempt, ExamItem, GivenForm, Question, User
from app.services import (
    classes,
    exam_allowances,
    exam_copies,
    exam_forms,
    exam_pool,
    exam_preview,
    exam_reach,
    exams,
    invigilating,
    item_report,
    mark_table,
    marks,
    personal_data,
    scores,
)
from app.services.accounts import Claim
from app.services.exam_allowances import Given
from app.services.exams import Draft
from app.services.identity import Person
from app.services.item_statistics import Which
from app.services.scores import Wanted
from tests.classroom import enrol, open_class
from tests.conftest import Clock
from tests.hall import Hall, answer_all, sit

MakeQuestion = Callable[..., Question]
MakeUser = Callable[..., Person]


@dataclass
class Room:
    """An exam with three forms of three questions, in a class that five students were in when it was published."""

    hall: Hall
    students: Sequence[Person]

    @property
    def given(self) -> dict[int, int]:
        with self.hall.db.reading() as session:
            return dict(exam_forms.given(session, self.hall.exam_id))

    def forms(self) -> Sequence[Sequence[int]]:
        with self.hall.db.reading() as session:
            return exam_forms.frozen(session, self.hall.exam_id, 3)

    def asked(self, attempt_id: int) -> set[int]:
        """The questions of an attempt."""
        with self.hall.db.reading() as session:
            attempt = marks.of_attempt(session, self.exam(), attempt_id, self.hall.clock())
            return {one.item.question_id for one in attempt.items}

    def exam(self) -> marks.FrozenExam:
        with self.hall.db.reading() as session:
            return marks.any_exam(session, self.hall.exam_id)

    def form_of(self, attempt_id: int) -> int | None:
        with self.hall.db.reading() as session:
            return session.get_one(Attempt, attempt_id).form


@pytest.fixture
def draft(clock: Clock) -> Draft:
    now = clock()
    wanted = {"demands": (Demand(3),), "draw": "each", "forms": 3, "shuffle_questions": False, "attempts": 2}
    return Draft("Partiel", "exam", now, now + timedelta(hours=2), 3600, **wanted)  # type: ignore[arg-type]


@pytest.fixture
def room(db: Database, clock: Clock, make_user: MakeUser, make_question: MakeQuestion, draft: Draft) -> Room:
    teacher = make_user("bruno", role="teacher")
    for _ in range(12):
        make_question()
    taught = open_class(db, teacher, clock())
    students = [enrol(db, taught, make_user(name), name.capitalize(), clock()) for name in ("a", "b", "c", "d", "e")]
    return Room(Hall(db, clock, teacher, taught, draft), students)


def test_publishing_freezes_the_questions_of_the_forms_and_no_others(room: Room) -> None:
    with room.hall.db.reading() as session:
        items = list(session.scalars(select(ExamItem).order_by(ExamItem.position)))

    assert [len(form) for form in room.forms()] == [3, 3, 3]
    assert len(items) == len({number for form in room.forms() for number in form}) == 9
    assert all(item.forms and len(item.forms) == 1 for item in items)


def test_what_is_previewed_is_what_is_frozen_the_same_day(db: Database, clock: Clock, room: Room, draft: Draft) -> None:
    hall = room.hall
    with db.writing() as session:
        exam_id = exams.create(session, hall.teacher, hall.taught.id, draft, clock())
    with db.reading() as session:
        before = exam_preview.forms_of(session, hall.teacher, exam_id, "fr", clock())
        reach = exam_reach.reach(session, hall.teacher, exam_id, clock())
    clock.advance(hours=1)
    with db.writing() as session:
        exams.publish(session, hall.teacher, exam_id, clock())

    with db.reading() as session:
        after = exam_preview.forms_of(session, hall.teacher, exam_id, "fr", clock())
    assert before is not None and after is not None
    assert [{one[0] for one in form.questions} for form in after.forms] == [
        {one[0] for one in form.questions} for form in before.forms
    ]
    assert (after.shared, after.different, after.gap) == (before.shared, before.different, before.gap) == (0, 9, 0)
    assert reach.met <= 9


def test_frozen_forms_stay_when_the_bank_changes(room: Room, make_question: MakeQuestion) -> None:
    before = room.forms()
    for _ in range(5):
        make_question(reserved=True)

    with room.hall.db.reading() as session:
        shown = exam_preview.forms_of(session, room.hall.teacher, room.hall.exam_id, "fr", room.hall.clock())

    assert shown is not None
    assert [tuple(one[0] for one in form.questions) for form in shown.forms] == list(before) == list(room.forms())


def test_each_draw_of_the_preview_is_a_form(room: Room) -> None:
    hall = room.hall
    with hall.db.reading() as session:
        seen = [
            exam_preview.preview(session, hall.teacher, hall.exam_id, draw, "fr", hall.clock()) for draw in (1, 2, 4)
        ]

    first, second, again = ([one.question_id for one in items] for items in seen)
    assert (first, second) == (list(room.forms()[0]), list(room.forms()[1]))
    assert again == first


def test_the_class_is_dealt_forms_of_equal_sizes(room: Room) -> None:
    assert room.given.keys() == {student.id for student in room.students}
    assert sorted(Counter(room.given.values()).values()) == [1, 2, 2]


def test_a_student_is_asked_their_form_at_every_attempt(room: Room) -> None:
    student = room.students[0]
    number = room.given[student.id]

    attempts = [answer_all(room.hall, student, "b", "b", "b") for _ in range(2)]

    assert [room.asked(one) for one in attempts] == [set(room.forms()[number - 1])] * 2
    assert [room.form_of(one) for one in attempts] == [number] * 2


def test_who_joins_late_gets_the_form_that_the_fewest_have_and_keeps_it(room: Room, make_user: MakeUser) -> None:
    (rare,) = [number for number, size in Counter(room.given.values()).items() if size == 1]
    late = sit(room.hall, make_user, "Late")

    attempt = room.hall.start(late)
    room.hall.submit(late, attempt)
    again = room.hall.start(late)

    assert (room.form_of(attempt), room.form_of(again)) == (rare, rare)
    assert room.given[late.id] == rare


def test_who_left_before_starting_leaves_their_form_to_who_comes(room: Room, make_user: MakeUser) -> None:
    numbers = room.given
    (rare,) = [number for number, size in Counter(numbers.values()).items() if size == 1]
    common = next(number for number in (1, 2, 3) if number != rare)
    with room.hall.db.writing() as session:
        for student in room.students:
            if numbers[student.id] == common:
                classes.leave(session, student, room.hall.taught.id, room.hall.clock())

    assert room.form_of(room.hall.start(sit(room.hall, make_user, "Late"))) == common


def test_many_who_join_late_and_start_at_once_share_the_forms_equally(room: Room, make_user: MakeUser) -> None:
    late = [sit(room.hall, make_user, f"Late{number}") for number in range(7)]
    barrier = Barrier(len(late))

    def start(who: Person) -> int:
        barrier.wait()
        return room.hall.start(who)

    with ThreadPoolExecutor(len(late)) as pool:
        list(pool.map(start, late))

    assert sorted(Counter(room.given.values()).values()) == [4, 4, 4]


def test_a_make_up_asks_the_form_that_the_student_has_unless_another_is_chosen(room: Room) -> None:
    hall, student = room.hall, room.students[0]
    own = room.given[student.id]
    other = own % 3 + 1
    for _ in range(2):
        answer_all(hall, student)

    with hall.db.writing() as session:
        exam_allowances.allow(session, hall.teacher, hall.exam_id, Given(student.id, 1, reason="Panne"), hall.clock())
    same = answer_all(hall, student)
    with hall.db.writing() as session:
        given = Given(student.id, 2, reason="A vu le sujet", form=other)
        exam_allowances.allow(session, hall.teacher, hall.exam_id, given, hall.clock())
    changed = answer_all(hall, student)

    assert (room.form_of(same), room.form_of(changed)) == (own, other)
    assert room.asked(changed) == set(room.forms()[other - 1])


@pytest.mark.parametrize("form", [0, 4])
def test_a_form_that_the_exam_has_not_cannot_be_given(room: Room, form: int) -> None:
    given = Given(room.students[0].id, 1, reason="Panne", form=form)

    with pytest.raises(Invalid) as refused, room.hall.db.writing() as session:
        exam_allowances.allow(session, room.hall.teacher, room.hall.exam_id, given, room.hall.clock())

    assert [(one.field, one.code) for one in refused.value.problems] == [("form", "not_offered")]


@pytest.mark.parametrize("change", [{"forms": 1}, {"forms": 9}, {"draw": "same"}, {"demands": None, "questions": (1,)}])
def test_forms_are_two_to_eight_and_drawn(room: Room, draft: Draft, change: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refused, room.hall.db.writing() as session:
        exams.create(session, room.hall.teacher, room.hall.taught.id, replace(draft, **change), room.hall.clock())  # type: ignore[arg-type]

    assert [(one.field, one.code) for one in refused.value.problems] == [("forms", "out_of_range")]


def test_a_bank_that_fills_one_form_fills_all_with_the_same_questions(room: Room, draft: Draft) -> None:
    hall, whole = room.hall, replace(draft, demands=(Demand(12),))
    with hall.db.writing() as session:
        exam_id = exams.create(session, hall.teacher, hall.taught.id, whole, hall.clock())
        exams.publish(session, hall.teacher, exam_id, hall.clock())

    with hall.db.reading() as session:
        shown = exam_preview.forms_of(session, hall.teacher, exam_id, "fr", hall.clock())
        items = len(exam_pool.frozen(session, exam_id))

    assert shown is not None
    assert (items, shown.shared, shown.forms[0].alike) == (12, 12, {"B": 12, "C": 12})


@pytest.mark.parametrize("seed", range(20))
def test_questions_that_forms_share_are_frozen_in_the_order_that_was_shown(seed: int) -> None:
    luck = Random(seed)
    drawn = [luck.sample(range(9), 6) for _ in range(4)]

    shown = exam_forms.in_one_order(drawn)

    frozen = exam_forms.by_question(shown)
    assert [set(form) for form in shown] == [set(form) for form in drawn]
    for number, form in enumerate(shown, 1):
        assert [one for one, numbers in frozen.items() if number in numbers] == list(form)


def test_forms_that_share_nothing_keep_their_own_order() -> None:
    forms = ((5, 1, 9), (2, 8, 3))

    assert exam_forms.in_one_order(forms) == forms
    assert list(exam_forms.by_question(forms)) == [5, 2, 1, 8, 9, 3]


def test_a_copy_has_forms_of_its_own(room: Room) -> None:
    hall = room.hall
    with hall.db.writing() as session:
        made = exam_copies.duplicate(session, hall.teacher, hall.exam_id, hall.taught.id, hall.clock())

    with hall.db.reading() as session:
        assert exams.found(session, hall.teacher, made.exam_id).draft.forms == 3
        assert exam_forms.given(session, made.exam_id) == {}


def test_marks_and_the_room_say_who_had_which_form(room: Room) -> None:
    hall, student = room.hall, room.students[0]
    own = letter(room.given[student.id])
    answer_all(hall, student, "b")

    with hall.db.reading() as session:
        rows = mark_table.read(session, hall.teacher, hall.exam_id, hall.clock()).rows
        seats = invigilating.look(session, hall.teacher, hall.exam_id, hall.clock()).seats

    assert [row.forms for row in rows if row.tries] == [own]
    assert {seat.learner_id: seat.form for seat in seats} == {
        learner: letter(number) for learner, number in room.given.items()
    }


def test_files_have_the_form_of_each_attempt_and_those_of_each_question(room: Room) -> None:
    hall, student = room.hall, room.students[0]
    own = letter(room.given[student.id])
    answer_all(hall, student, "b")

    def rows(file: str) -> list[dict[str, str]]:
        target = io.BytesIO()
        with hall.db.reading() as session:
            scores.write(session, marks.any_exam(session, hall.exam_id), Wanted(file), hall.clock(), target)
        return list(csv.DictReader(io.StringIO(target.getvalue().decode("utf-8-sig"), newline="")))

    assert {row["form"] for row in rows("scores.tidy") if row["state"] == "finished"} == {own}
    assert {row["form"] for row in rows("scores.tidy") if row["state"] == "not_started"} == {""}
    assert [row["form"] for row in rows("attempts.tidy")] == [own]
    assert Counter(row["forms"] for row in rows("items.tidy")) == {"A": 3, "B": 3, "C": 3}


def test_the_statistics_say_the_results_by_form_without_a_verdict_on_few(room: Room) -> None:
    hall, student = room.hall, room.students[0]
    answer_all(hall, student, "b", "b", "b")

    with hall.db.reading() as session:
        found = item_report.read(session, hall.teacher, hall.exam_id, Which.FIRST, hall.clock()).forms

    assert found is not None
    own = letter(room.given[student.id])
    assert [(row.form, row.attempts, row.mean) for row in found.rows if row.attempts] == [(own, 1, 1.0)]
    assert found.verdict is Verdict.NOT_ENOUGH


def test_an_erased_student_leaves_the_form_to_the_statistics_and_nothing_else(room: Room) -> None:
    hall, student = room.hall, room.students[0]
    number = room.given[student.id]
    attempt = answer_all(hall, student, "b")

    with hall.db.writing() as session:
        stored = session.get_one(User, student.id)
        personal_data.erase(session, student, Claim(student.id, stored.password_hash), hall.clock())

    assert room.form_of(attempt) == number
    with hall.db.reading() as session:
        assert session.scalar(select(GivenForm).where(GivenForm.learner_id == student.id)) is None


def test_an_exam_without_forms_gives_none(make_hall: Callable[..., Hall], make_user: MakeUser) -> None:
    hall = make_hall(questions=(), demands=(Demand(2),), draw="each")
    attempt = hall.start(sit(hall, make_user))

    with hall.db.reading() as session:
        assert session.get_one(Attempt, attempt).form is None
        assert session.scalars(select(GivenForm)).all() == []
        assert exam_preview.forms_of(session, hall.teacher, hall.exam_id, "fr", hall.clock()) is None
        assert item_report.read(session, hall.teacher, hall.exam_id, Which.FIRST, hall.clock()).forms is None
