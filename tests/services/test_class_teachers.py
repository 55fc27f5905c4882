"""The teachers of a class."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.db import Database
from app.errors import Conflict, Invalid, NotFound
from app.services import class_teachers, classes
from app.services.classes import Taught
from app.services.identity import Person
from tests.classroom import open_class
from tests.conftest import Clock

MakeUser = Callable[..., Person]


@pytest.fixture
def bruno(make_user: MakeUser) -> Person:
    return make_user("bruno", role="teacher", display_name="Bruno Roux")


@pytest.fixture
def diane(make_user: MakeUser) -> Person:
    return make_user("diane", role="teacher")


@pytest.fixture
def taught(db: Database, clock: Clock, course: object, bruno: Person) -> Taught:
    return open_class(db, bruno, clock())


def names(db: Database, teacher: Person, taught: Taught) -> list[str]:
    with db.reading() as session:
        return [one.name for one in class_teachers.colleagues(session, teacher, taught.id)]


def test_a_teacher_added_by_login_name_has_the_class(
    db: Database, bruno: Person, diane: Person, taught: Taught
) -> None:
    with db.writing() as session:
        class_teachers.add(session, bruno, taught.id, " DIANE ")

    assert names(db, diane, taught) == ["Bruno Roux", "diane"]


def test_adding_somebody_twice_changes_nothing(db: Database, bruno: Person, diane: Person, taught: Taught) -> None:
    for _ in range(2):
        with db.writing() as session:
            class_teachers.add(session, bruno, taught.id, "diane")

    assert len(names(db, bruno, taught)) == 2


@pytest.mark.parametrize("login", ["nobody", "alice", "gone"])
def test_only_an_active_teacher_can_be_added(
    db: Database, make_user: MakeUser, bruno: Person, taught: Taught, login: str
) -> None:
    make_user("alice")
    make_user("gone", role="teacher", active=False)

    with db.writing() as session, pytest.raises(Invalid) as refused:
        class_teachers.add(session, bruno, taught.id, login)

    assert [(one.field, one.code) for one in refused.value.problems] == [("login", "no_teacher")]


def test_another_teacher_cannot_add_themselves(db: Database, diane: Person, taught: Taught) -> None:
    with db.writing() as session, pytest.raises(NotFound):
        class_teachers.add(session, diane, taught.id, "diane")


def test_who_leaves_no_longer_has_the_class(db: Database, bruno: Person, diane: Person, taught: Taught) -> None:
    with db.writing() as session:
        class_teachers.add(session, bruno, taught.id, "diane")
        class_teachers.remove(session, bruno, taught.id, bruno.id)

    assert names(db, diane, taught) == ["diane"]
    with db.reading() as session, pytest.raises(NotFound):
        classes.found(session, bruno, taught.id)


def test_the_last_teacher_stays(db: Database, make_user: MakeUser, bruno: Person, taught: Taught) -> None:
    admin = make_user(role="admin")

    with db.writing() as session, pytest.raises(Conflict, match="last_teacher"):
        class_teachers.remove(session, admin, taught.id, bruno.id)


def test_only_a_teacher_of_the_class_can_be_removed(db: Database, bruno: Person, diane: Person, taught: Taught) -> None:
    with db.writing() as session, pytest.raises(NotFound):
        class_teachers.remove(session, bruno, taught.id, diane.id)


def test_two_teachers_who_remove_each_other_at_once_leave_one(
    db: Database, bruno: Person, diane: Person, taught: Taught
) -> None:
    with db.writing() as session:
        class_teachers.add(session, bruno, taught.id, "diane")

    def remove(who: Person, other: Person) -> bool:
        try:
            with db.writing() as session:
                class_teachers.remove(session, who, taught.id, other.id)
        except (Conflict, NotFound):
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(remove, (bruno, diane), (diane, bruno)))

    assert sorted(done) == [False, True]
