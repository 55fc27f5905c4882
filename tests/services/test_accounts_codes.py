"""Codes that work once: the first teacher's set-up, and password links."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import Database
from app.errors import Conflict, Invalid, NotFound
from app.models import Class, ClassTeacher, Membership, OneTimeCode, User
from app.services import accounts, codes, sessions
from app.services.accounts import NewAccount
from app.services.identity import Person
from tests.conftest import Clock


def register(db: Database, clock: Clock, login: str, code: str) -> int:
    with db.writing() as session:
        return accounts.register(session, NewAccount(login, "hash", setup_code=code), clock())


def set_up(db: Database, clock: Clock) -> str:
    with db.writing() as session:
        code = accounts.setup_code(session, clock())
    assert code is not None
    return code


def issue(db: Database, clock: Clock, person: Person) -> str:
    with db.writing() as session:
        return codes.issue_password_link(session, person.id, clock())


def test_the_set_up_code_makes_the_first_admin(db: Database, clock: Clock) -> None:
    user_id = register(db, clock, "bruno", set_up(db, clock))

    with db.reading() as session:
        assert session.get_one(User, user_id).role == "admin"


def test_a_set_up_code_typed_with_spaces_and_small_letters_works(db: Database, clock: Clock) -> None:
    code = set_up(db, clock)

    with db.reading() as session:
        assert codes.fits_setup(session, f" {code.lower().replace('-', ' ')} ")


def test_a_set_up_code_works_once(db: Database, clock: Clock) -> None:
    code = set_up(db, clock)
    first = register(db, clock, "bruno", code)
    with db.writing() as session:
        session.get_one(User, first).role = "learner"

    with pytest.raises(Invalid, match="setup_code"):
        register(db, clock, "mallory", code)


def test_a_new_start_replaces_the_set_up_code(db: Database, clock: Clock) -> None:
    old, new = set_up(db, clock), set_up(db, clock)

    with db.reading() as session:
        assert [codes.fits_setup(session, code) for code in (old, new)] == [False, True]


def test_with_a_teacher_there_is_no_set_up_code(db: Database, clock: Clock, make_user: Callable[..., Person]) -> None:
    old = set_up(db, clock)
    make_user("bruno", role="teacher")

    with db.writing() as session:
        assert not codes.use_setup(session, old, clock())
        assert accounts.setup_code(session, clock()) is None
        assert session.scalars(select(OneTimeCode.id)).all() == []


def test_a_guest_who_sets_the_installation_up_becomes_its_admin(
    db: Database, clock: Clock, make_user: Callable[..., Person]
) -> None:
    guest, code = make_user(), set_up(db, clock)

    with db.writing() as session:
        accounts.keep_guest(session, guest.id, NewAccount("bruno", "hash", setup_code=code), clock())

    with db.reading() as session:
        assert session.get_one(User, guest.id).role == "admin"


def test_codes_are_stored_as_hashes(db: Database, clock: Clock, make_user: Callable[..., Person]) -> None:
    secrets = [set_up(db, clock), issue(db, clock, make_user("alice"))]

    with db.reading() as session:
        stored = session.scalars(select(OneTimeCode.code_hash)).all()
    assert len(stored) == 2
    assert not set(secrets) & set(stored)


def test_a_password_link_sets_the_password_and_ends_every_session(
    db: Database, clock: Clock, make_user: Callable[..., Person]
) -> None:
    alice = make_user("alice")
    code = issue(db, clock, alice)
    with db.writing() as session:
        token = sessions.start(session, alice.id, clock())

    with db.writing() as session:
        codes.use_password_link(session, code, "new hash", clock())

    with db.reading() as session:
        assert accounts.claim(session, "alice").password_hash == "new hash"
        assert sessions.find(session, token, clock()) is None


def test_a_password_link_works_once(db: Database, clock: Clock, make_user: Callable[..., Person]) -> None:
    code = issue(db, clock, make_user("alice"))
    with db.writing() as session:
        codes.use_password_link(session, code, "first", clock())

    with pytest.raises(NotFound), db.writing() as session:
        codes.use_password_link(session, code, "second", clock())


@pytest.mark.parametrize(("after", "works"), [(timedelta(minutes=59), True), (timedelta(hours=1), False)])
def test_a_password_link_works_for_an_hour(
    db: Database, clock: Clock, make_user: Callable[..., Person], after: timedelta, works: bool
) -> None:
    code = issue(db, clock, make_user("alice"))
    clock.at += after

    with db.reading() as session:
        assert (codes.find_password_link(session, code, clock()) is not None) is works


def test_a_second_password_link_replaces_the_first(
    db: Database, clock: Clock, make_user: Callable[..., Person]
) -> None:
    alice = make_user("alice")
    old, new = issue(db, clock, alice), issue(db, clock, alice)

    with db.reading() as session:
        found = [codes.find_password_link(session, code, clock()) for code in (old, new)]
    assert found == [None, codes.LinkTarget(alice.id, "alice")]


@pytest.mark.parametrize(("fields", "reason"), [({}, "guest"), ({"login": "alice", "active": False}, "inactive")])
def test_who_cannot_log_in_gets_no_password_link(
    db: Database, clock: Clock, make_user: Callable[..., Person], fields: dict[str, object], reason: str
) -> None:
    person = make_user(**fields)

    with pytest.raises(Conflict, match=reason), db.writing() as session:
        codes.issue_password_link(session, person.id, clock())


def test_a_link_of_a_person_deactivated_meanwhile_changes_nothing(
    db: Database, clock: Clock, make_user: Callable[..., Person]
) -> None:
    alice = make_user("alice")
    code = issue(db, clock, alice)
    with db.writing() as session:
        session.get_one(User, alice.id).active = False

    with pytest.raises(NotFound), db.writing() as session:
        codes.use_password_link(session, code, "new hash", clock())


@pytest.fixture
def school(db: Database, clock: Clock, course, make_user: Callable[..., Person]) -> dict[str, Person]:
    """Bruno's class with Alice, and a colleague who teaches elsewhere but learns here."""
    people = {
        "bruno": make_user("bruno", role="teacher"),
        "alice": make_user("alice"),
        "dora": make_user("dora", role="teacher"),
        "eve": make_user("eve"),
        "root": make_user("root", role="admin"),
    }
    with db.writing() as session:
        group = Class(course_id=course.id, name="A", join_code=None, created_at=clock())
        session.add(group)
        session.flush()
        session.add(ClassTeacher(class_id=group.id, user_id=people["bruno"].id))
        for name in ("alice", "dora"):
            session.add(Membership(class_id=group.id, user_id=people[name].id, name=name, joined_at=clock()))
    return people


@pytest.mark.parametrize(("giver", "person"), [("bruno", "alice"), ("root", "bruno"), ("root", "eve")])
def test_teachers_give_links_to_their_learners_and_admins_to_anyone(
    db: Database, clock: Clock, school: dict[str, Person], giver: str, person: str
) -> None:
    with db.writing() as session:
        code = codes.issue_password_link_as(session, school[giver], school[person].id, clock())

    with db.reading() as session:
        assert codes.find_password_link(session, code, clock()) == codes.LinkTarget(school[person].id, person)


@pytest.mark.parametrize(
    ("giver", "person"), [("bruno", "eve"), ("bruno", "dora"), ("bruno", "root"), ("alice", "alice"), ("dora", "alice")]
)
def test_nobody_else_gives_links(
    db: Database, clock: Clock, school: dict[str, Person], giver: str, person: str
) -> None:
    with pytest.raises(NotFound), db.writing() as session:
        codes.issue_password_link_as(session, school[giver], school[person].id, clock())
