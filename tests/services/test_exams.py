"""Setting up an exam: drafts, what is frozen when it is published, and what is refused."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.db import Database
from app.errors import Conflict, Invalid, NotFound
from app.exam.blueprint import Demand
from app.models import ExamItem, Question, QuestionVersion
from app.services import exams
from app.services.classes import Taught
from app.services.exams import Draft
from app.services.identity import Person
from tests.classroom import open_class
from tests.conftest import Clock

MakeQuestion = Callable[..., Question]


@pytest.fixture
def teacher(make_user: Callable[..., Person]) -> Person:
    return make_user(role="teacher")


@pytest.fixture
def taught(db: Database, clock: Clock, teacher: Person) -> Taught:
    return open_class(db, teacher, clock())


@pytest.fixture
def draft(clock: Clock, make_question: MakeQuestion) -> Draft:
    """An hour tomorrow, on three questions listed by hand."""
    opens = clock() + timedelta(days=1)
    listed = tuple(make_question().id for _ in range(3))
    return Draft(
        "Examen blanc", opens_at=opens, closes_at=opens + timedelta(hours=2), duration_s=3600, questions=listed
    )


@pytest.fixture
def created(db: Database, clock: Clock, teacher: Person, taught: Taught, draft: Draft) -> Iterator[int]:
    with db.writing() as session:
        exam_id = exams.create(session, teacher, taught.id, draft, clock())
    yield exam_id


def read(db: Database, teacher: Person, exam_id: int) -> exams.SetUp:
    with db.reading() as session:
        return exams.found(session, teacher, exam_id)


def codes(refused: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in refused.value.problems]


def test_a_draft_is_kept_as_it_was_written(db: Database, teacher: Person, created: int, draft: Draft) -> None:
    found = read(db, teacher, created)

    assert (found.draft, found.published, found.attempts) == (draft, None, 0)


def test_a_blueprint_is_kept_too(db: Database, clock: Clock, teacher: Person, taught: Taught, draft: Draft) -> None:
    wanted = replace(draft, questions=(), demands=(Demand(2, topic="network"), Demand(1, level=2)))
    with db.writing() as session:
        exam_id = exams.create(session, teacher, taught.id, wanted, clock())

    assert read(db, teacher, exam_id).draft == wanted


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"title": "  "}, ("title", "missing")),
        ({"title": "x" * 121}, ("title", "too_long")),
        ({"title": "\u200b"}, ("title", "title_characters")),
        ({"title": "Partiel\x07"}, ("title", "title_characters")),
        ({"title": "\u202eleitraP"}, ("title", "title_characters")),
        ({"title": "\u3164 \u200d\ufe0f"}, ("title", "title_characters")),
        ({"closes_at": None}, ("closes_at", "missing")),
        ({"duration_s": 0}, ("duration_s", "out_of_range")),
        ({"zone": "Europe/Docker"}, ("zone", "unknown")),
        ({"pass_hundredths": 2001}, ("pass_hundredths", "out_of_range")),
        ({"scale_hundredths": 0}, ("scale_hundredths", "out_of_range")),
        ({"questions": ()}, ("questions", "count_out_of_range")),
        ({"questions": (999_999,)}, ("questions", "not_offered")),
        ({"questions": (), "demands": (Demand(4, topic="network"),)}, ("demands", "shortage")),
    ],
)
def test_what_cannot_be_an_exam_is_refused_field_by_field(
    db: Database,
    clock: Clock,
    teacher: Person,
    taught: Taught,
    draft: Draft,
    changed: dict[str, Any],
    expected: tuple[str, str],
) -> None:
    with pytest.raises(Invalid) as refused, db.writing() as session:
        exams.create(session, teacher, taught.id, replace(draft, **changed), clock())

    assert expected in codes(refused)


def test_an_exam_closes_after_it_opens(
    db: Database, clock: Clock, teacher: Person, taught: Taught, draft: Draft
) -> None:
    with pytest.raises(Invalid) as refused, db.writing() as session:
        exams.create(session, teacher, taught.id, replace(draft, closes_at=draft.opens_at), clock())

    assert codes(refused) == [("closes_at", "before_opening")]


def test_two_questions_of_which_one_tells_the_other_are_pointed_out(
    db: Database, clock: Clock, teacher: Person, taught: Taught, draft: Draft, make_question: MakeQuestion
) -> None:
    told = make_question("told")
    teller = make_question("teller", gives_away=["told"])

    with pytest.raises(Invalid) as refused, db.writing() as session:
        exams.create(session, teacher, taught.id, replace(draft, questions=(told.id, teller.id)), clock())

    assert codes(refused) == [("questions", "gives_away")]


def test_a_class_of_somebody_else_has_no_exams_for_me(
    db: Database, clock: Clock, make_user: Callable[..., Person], taught: Taught, draft: Draft, created: int
) -> None:
    stranger = make_user(role="teacher")

    with pytest.raises(NotFound), db.writing() as session:
        exams.create(session, stranger, taught.id, draft, clock())
    with pytest.raises(NotFound):
        read(db, stranger, created)


def test_publishing_freezes_the_words_of_that_moment(
    db: Database, clock: Clock, teacher: Person, created: int, draft: Draft
) -> None:
    with db.writing() as session:
        question = session.get_one(Question, draft.questions[0])
        first = session.scalars(select(QuestionVersion).where(QuestionVersion.question_id == question.id)).one()
        newer = QuestionVersion(
            question_id=question.id, number=2, content_hash="2", body=first.body, created_at=clock()
        )
        session.add(newer)
        question.version = 2
        session.flush()
        newest = newer.id

    with db.writing() as session:
        exams.publish(session, teacher, created, clock())

    with db.reading() as session:
        item = session.scalars(select(ExamItem).where(ExamItem.question_id == draft.questions[0])).one()
        assert item.version_id == newest
    assert read(db, teacher, created).published == clock()


def test_publishing_twice_publishes_once(db: Database, clock: Clock, teacher: Person, created: int) -> None:
    for _ in range(2):
        with db.writing() as session:
            exams.publish(session, teacher, created, clock())

    assert read(db, teacher, created).version == 1
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(ExamItem)) == 3


def test_an_exam_that_would_be_over_is_not_published(db: Database, clock: Clock, teacher: Person, created: int) -> None:
    clock.advance(days=3)

    with pytest.raises(Invalid) as refused, db.writing() as session:
        exams.publish(session, teacher, created, clock())

    assert codes(refused) == [("closes_at", "over")]


def test_what_somebody_else_changed_meanwhile_is_not_published(
    db: Database, clock: Clock, teacher: Person, created: int, draft: Draft
) -> None:
    with db.writing() as session:
        exams.change(session, teacher, created, 0, replace(draft, title="Rattrapage"))

    with pytest.raises(Conflict, match="changed_meanwhile"), db.writing() as session:
        exams.publish(session, teacher, created, clock(), 0)


def test_all_that_stands_in_the_way_is_said_at_once(
    db: Database, clock: Clock, teacher: Person, created: int, draft: Draft
) -> None:
    with db.writing() as session:
        session.get_one(Question, draft.questions[0]).retired = True
    clock.advance(days=3)

    with db.reading() as session:
        found = exams.obstacles(session, teacher, created, clock())

    assert [(one.field, one.code, one.params) for one in found] == [
        ("closes_at", "over", ()),
        ("questions", "gone", (("count", 1),)),
    ]


def test_a_published_exam_changes_even_if_the_bank_has_lost_its_questions(
    db: Database, clock: Clock, teacher: Person, created: int, draft: Draft
) -> None:
    with db.writing() as session:
        exams.publish(session, teacher, created, clock())
        session.get_one(Question, draft.questions[0]).retired = True

    with db.writing() as session:
        exams.change(session, teacher, created, 1, replace(draft, title="Rattrapage"))

    assert read(db, teacher, created).draft.title == "Rattrapage"


def test_points_stay_with_their_questions_when_the_draft_changes_and_is_published(
    db: Database, clock: Clock, teacher: Person, created: int, draft: Draft
) -> None:
    _, second, third = draft.questions
    with db.writing() as session:
        exams.set_points(session, teacher, created, {second: 3})
        exams.change(session, teacher, created, 0, replace(draft, questions=(third, second)))
        exams.publish(session, teacher, created, clock())

    assert read(db, teacher, created).points == {third: 1, second: 3}


def test_one_draw_for_all_freezes_as_many_as_were_asked(
    db: Database, clock: Clock, teacher: Person, taught: Taught, draft: Draft, make_question: MakeQuestion
) -> None:
    for _ in range(6):
        make_question()
    wanted = replace(draft, questions=(), demands=(Demand(4, topic="network"),))
    with db.writing() as session:
        exam_id = exams.create(session, teacher, taught.id, wanted, clock())
        exams.publish(session, teacher, exam_id, clock())

    with db.reading() as session:
        count = session.scalar(select(func.count()).where(ExamItem.exam_id == exam_id))
    assert count == 4


def test_a_draw_for_each_student_freezes_all_it_may_choose_from(
    db: Database, clock: Clock, teacher: Person, taught: Taught, draft: Draft, make_question: MakeQuestion
) -> None:
    make_question(topic="volumes")
    wanted = replace(draft, questions=(), demands=(Demand(2, topic="network"),), draw="each")
    with db.writing() as session:
        exam_id = exams.create(session, teacher, taught.id, wanted, clock())
        exams.publish(session, teacher, exam_id, clock())

    with db.reading() as session:
        frozen = session.scalars(select(ExamItem.question_id).where(ExamItem.exam_id == exam_id)).all()
    assert set(frozen) == set(draft.questions)


def test_a_change_over_somebody_elses_change_is_refused(
    db: Database, teacher: Person, created: int, draft: Draft
) -> None:
    with db.writing() as session:
        exams.change(session, teacher, created, 0, replace(draft, title="Rattrapage"))

    with pytest.raises(Conflict, match="changed_meanwhile"), db.writing() as session:
        exams.change(session, teacher, created, 0, replace(draft, title="Partiel"))

    assert read(db, teacher, created).draft.title == "Rattrapage"


def test_once_published_the_close_may_move_and_the_questions_may_not(
    db: Database, clock: Clock, teacher: Person, created: int, draft: Draft
) -> None:
    with db.writing() as session:
        exams.publish(session, teacher, created, clock())
    later = replace(draft, closes_at=(draft.closes_at or clock()) + timedelta(hours=1))

    with db.writing() as session:
        exams.change(session, teacher, created, 1, later)
    with pytest.raises(Conflict, match="published"), db.writing() as session:
        exams.change(session, teacher, created, 2, replace(later, penalty_percent=25))

    assert read(db, teacher, created).draft.closes_at == later.closes_at


def test_an_exam_that_nobody_started_can_be_thrown_away(db: Database, teacher: Person, created: int) -> None:
    with db.writing() as session:
        exams.discard(session, teacher, created)

    with pytest.raises(NotFound):
        read(db, teacher, created)


def test_questions_can_be_weighed(db: Database, teacher: Person, created: int, draft: Draft) -> None:
    with db.writing() as session:
        exams.set_points(session, teacher, created, {draft.questions[1]: 3})

    assert list(read(db, teacher, created).points.values()) == [1, 3, 1]


@pytest.mark.parametrize("points", [0, 101])
def test_points_have_bounds(db: Database, teacher: Person, created: int, draft: Draft, points: int) -> None:
    with pytest.raises(Invalid), db.writing() as session:
        exams.set_points(session, teacher, created, {draft.questions[0]: points})


def test_a_class_lists_its_exams(db: Database, teacher: Person, taught: Taught, created: int) -> None:
    with db.reading() as session:
        (listed,) = exams.listed(session, teacher, taught.id)

    assert (listed.id, listed.title, listed.questions, listed.attempts) == (created, "Examen blanc", 3, 0)
