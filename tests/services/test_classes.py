"""Classes: their teachers, their codes, their members."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from app.db import Database
from app.errors import Conflict, Invalid, NotFound
from app.models import Course, Membership, User
from app.services import classes
from app.services.classes import Taught
from app.services.identity import Person
from tests.classroom import open_class
from tests.conftest import Clock

MakeUser = Callable[..., Person]
MakeClass = Callable[..., Taught]


@pytest.fixture
def teacher(make_user: MakeUser) -> Person:
    return make_user(role="teacher")


@pytest.fixture
def make_class(db: Database, clock: Clock, course: Course, teacher: Person) -> Callable[..., Taught]:
    """Return a factory; each call stores one more class."""

    def make(name: str = "B2 Docker", of: Course | None = None) -> Taught:
        return open_class(db, teacher, clock(), name, (of or course).id)

    return make


def codes_of(error: Invalid) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in error.problems]


def test_a_new_class_is_its_teachers(db: Database, teacher: Person, make_class: MakeClass) -> None:
    class_id = make_class("  B2   Docker ").id

    with db.reading() as session:
        assert classes.listed(session, teacher) == [classes.Listed(class_id, "B2 Docker", "Docker", 0, archived=False)]


def test_another_teacher_does_not_see_a_class(db: Database, make_user: MakeUser, make_class: MakeClass) -> None:
    class_id = make_class().id
    other = make_user(role="teacher")

    with db.reading() as session:
        assert classes.listed(session, other) == []
        with pytest.raises(NotFound):
            classes.found(session, other, class_id)


def test_an_admin_sees_every_class(db: Database, make_user: MakeUser, make_class: MakeClass) -> None:
    class_id = make_class().id
    admin = make_user(role="admin")

    with db.reading() as session:
        assert [one.id for one in classes.listed(session, admin)] == [class_id]
        assert classes.found(session, admin, class_id).id == class_id


def test_a_learner_sees_no_class_as_a_teacher_does(
    db: Database, clock: Clock, make_user: MakeUser, make_class: MakeClass
) -> None:
    made = make_class()
    class_id, code = made.id, made.join_code
    learner = make_user()
    with db.writing() as session:
        classes.join(session, learner, code, "Ada", clock())

    with db.reading() as session:
        assert classes.listed(session, learner) == []
        with pytest.raises(NotFound):
            classes.found(session, learner, class_id)


@pytest.mark.parametrize("change", ["rename", "archive", "renew_code", "revoke_code", "remove_member"])
def test_another_teacher_changes_nothing(
    db: Database, make_user: MakeUser, make_class: MakeClass, clock: Clock, teacher: Person, change: str
) -> None:
    class_id = make_class().id
    other, learner = make_user(role="teacher"), make_user()
    more = {"rename": ("X",), "archive": (clock(),), "remove_member": (learner.id, clock())}.get(change, ())
    with db.reading() as session:
        before = classes.found(session, teacher, class_id)

    with pytest.raises(NotFound), db.writing() as session:
        getattr(classes, change)(session, other, class_id, *more)

    with db.reading() as session:
        assert classes.found(session, teacher, class_id) == before


@pytest.mark.parametrize("name", ["", "   ", "x" * 65, "a\x00b", "a\u202eb"])
def test_a_name_that_cannot_be_shown_is_refused(make_class: MakeClass, name: str) -> None:
    with pytest.raises(Invalid) as caught:
        make_class(name)

    assert [field for field, _ in codes_of(caught.value)] == ["name"]


def test_a_class_is_of_a_course_that_is_studied(db: Database, clock: Clock, teacher: Person) -> None:
    with pytest.raises(Invalid) as caught, db.writing() as session:
        classes.create(session, teacher, "", 10**6, clock())

    assert codes_of(caught.value) == [("name", "name_missing"), ("course_id", "not_offered")]


def test_a_code_has_45_bits_and_no_look_alikes(make_class: MakeClass) -> None:
    code = make_class().join_code

    assert [len(group) for group in code.split("-")] == [3, 3, 3]
    assert not set(code) & set("01IO")


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", ""), lambda code: f"  {code} ", str])
def test_a_code_opens_its_class_however_it_is_typed(db: Database, make_class: MakeClass, typed: Callable) -> None:
    made = make_class()
    class_id, code = made.id, made.join_code

    with db.reading() as session:
        assert classes.invitation(session, typed(code), None, "fr").class_id == class_id


@pytest.mark.parametrize("code", ["", "-", "AAA-AAA-AAA", "é" * 9, "A" * 5000, "%", "\x00"])
def test_another_code_opens_nothing(db: Database, make_class: MakeClass, code: str) -> None:
    make_class()

    with db.reading() as session, pytest.raises(NotFound):
        classes.invitation(session, code, None, "fr")


def test_a_renewed_code_closes_the_one_before(db: Database, teacher: Person, make_class: MakeClass) -> None:
    made = make_class()
    class_id, code = made.id, made.join_code
    with db.writing() as session:
        classes.renew_code(session, teacher, class_id)

    with db.reading() as session:
        new = classes.found(session, teacher, class_id).join_code or ""
        assert classes.invitation(session, new, None, "fr").class_id == class_id
        with pytest.raises(NotFound):
            classes.invitation(session, code, None, "fr")


def test_a_revoked_code_opens_nothing(db: Database, teacher: Person, make_class: MakeClass) -> None:
    made = make_class()
    class_id, code = made.id, made.join_code
    with db.writing() as session:
        classes.revoke_code(session, teacher, class_id)

    with db.reading() as session:
        assert classes.found(session, teacher, class_id).join_code is None
        for typed in (code, ""):
            with pytest.raises(NotFound):
                classes.invitation(session, typed, None, "fr")


def test_a_class_that_was_put_away_takes_nobody_until_it_is_back(
    db: Database, clock: Clock, teacher: Person, make_class: MakeClass
) -> None:
    made = make_class()
    class_id, code = made.id, made.join_code
    with db.writing() as session:
        classes.archive(session, teacher, class_id, clock())

    with db.reading() as session, pytest.raises(NotFound):
        classes.invitation(session, code, None, "fr")
    with db.writing() as session:
        classes.archive(session, teacher, class_id, None)
    with db.reading() as session:
        assert classes.invitation(session, code, None, "fr").class_id == class_id


def test_joining_makes_a_member_and_sets_the_course(
    db: Database, clock: Clock, make_user: MakeUser, make_course: Callable, teacher: Person, make_class: MakeClass
) -> None:
    other_course = make_course("kubernetes")
    made = make_class(of=other_course)
    class_id, code = made.id, made.join_code
    learner = make_user()

    with db.writing() as session:
        classes.join(session, learner, code, " Ada  Lovelace ", clock())

    with db.reading() as session:
        assert classes.belongings(session, learner) == [classes.Belonging(class_id, "B2 Docker", "Ada Lovelace")]
        user = session.get_one(User, learner.id)
        assert (user.course_id, user.role, user.display_name) == (other_course.id, "learner", "Ada Lovelace")


def test_joining_twice_changes_nothing(db: Database, clock: Clock, make_user: MakeUser, make_class: MakeClass) -> None:
    code = make_class().join_code
    learner = make_user()

    for name in ("Ada", "Somebody else", ""):
        with db.writing() as session:
            classes.join(session, learner, code, name, clock() + timedelta(hours=1))

    with db.reading() as session:
        assert [one.own_name for one in classes.belongings(session, learner)] == ["Ada"]


def test_two_taps_at_once_make_one_member(
    db: Database, clock: Clock, make_user: MakeUser, make_class: MakeClass
) -> None:
    code = make_class().join_code
    learner, ready = make_user(), Barrier(4)

    def tap() -> None:
        ready.wait()
        with db.writing() as session:
            classes.join(session, learner, code, "Ada", clock())

    taps = [Thread(target=tap) for _ in range(4)]
    for one in taps:
        one.start()
    for one in taps:
        one.join()

    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Membership)) == 1


def test_a_teacher_does_not_join_as_a_learner(
    db: Database, clock: Clock, teacher: Person, make_class: MakeClass
) -> None:
    code = make_class().join_code

    with pytest.raises(Conflict), db.writing() as session:
        classes.join(session, teacher, code, "Ada", clock())


def test_a_learner_needs_a_name_to_join(db: Database, clock: Clock, make_user: MakeUser, make_class: MakeClass) -> None:
    code, learner = make_class().join_code, make_user()

    with pytest.raises(Invalid) as caught, db.writing() as session:
        classes.join(session, learner, code, " ", clock())

    assert codes_of(caught.value) == [("name", "name_missing")]
