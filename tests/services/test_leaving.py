"""Leaving a class and coming back: what stays hidden, what the school noted, what an erased person leaves."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from app.db import Database
from app.errors import NotFound
from app.models import Attempt, Exam, FormerMember, Membership, RosterLine
from app.services import classes, hiding, personal_data, retention, roster, roster_claims
from app.services.accounts import Claim
from app.services.identity import Person
from app.services.roster import Line
from app.services.roster_claims import Details
from tests.hall import Hall, sit

MakeHall = Callable[..., Hall]
MakeUser = Callable[..., Person]
LIST = "nom;identifiant;courriel;tiers-temps\nAda Lovelace;E1;ada@example.org;oui\n"


def leave(hall: Hall, who: Person) -> None:
    with hall.db.writing() as session:
        classes.leave(session, who, hall.taught.id, hall.clock())


def remove(hall: Hall, who: Person) -> None:
    with hall.db.writing() as session:
        classes.remove_member(session, hall.teacher, hall.taught.id, who.id, hall.clock())


def join(hall: Hall, who: Person, name: str = "Ada") -> None:
    with hall.db.writing() as session:
        classes.join(session, who, hall.taught.join_code or "", name, hall.clock())


def hidden(hall: Hall, who: Person) -> int:
    with hall.db.reading() as session:
        return len(hiding.hidden_questions(session, who, hall.clock()))


def line(hall: Hall) -> Line:
    with hall.db.reading() as session:
        return roster.lines(session, hall.teacher, hall.taught.id)[0]


def noted(hall: Hall, who: Person) -> tuple[str, str | None, int]:
    with hall.db.reading() as session:
        row = session.get_one(Membership, (hall.taught.id, who.id))
        return row.name, row.institution_id, row.extra_minutes


def claim(hall: Hall, who: Person, code: str) -> None:
    with hall.db.writing() as session:
        roster_claims.claim(session, who, code, hall.clock())


@pytest.fixture
def listed(make_hall: MakeHall) -> Hall:
    """A class with one exam and a roster of one line."""
    hall = make_hall()
    with hall.db.writing() as session:
        roster.hold(session, hall.taught.id)
        plan = roster.plan(session, hall.teacher, hall.taught.id, LIST.encode(), None, False)
        roster.apply(session, hall.taught.id, plan.fingerprint, plan, hall.clock())
    return hall


@pytest.fixture
def ada(listed: Hall, make_user: MakeUser) -> Person:
    """The student of that line."""
    who = make_user("ada")
    claim(listed, who, line(listed).code)
    return who


@pytest.mark.parametrize("go", [leave, remove])
def test_an_exam_hides_its_keys_from_who_left_until_it_shows_them(
    make_hall: MakeHall, make_user: MakeUser, go: Callable[[Hall, Person], None]
) -> None:
    hall = make_hall()
    alice = sit(hall, make_user)

    go(hall, alice)
    on_leaving = hidden(hall, alice)
    hall.clock.advance(hours=2, seconds=16)

    assert (on_leaving, hidden(hall, alice)) == (4, 0)


def test_an_exam_that_is_announced_later_is_not_theirs(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall()
    alice = sit(hall, make_user)
    leave(hall, alice)
    with hall.db.writing() as session:
        session.execute(update(Exam).values(published_at=hall.clock() + timedelta(seconds=1)))

    assert hidden(hall, alice) == 0


def test_who_comes_back_has_left_no_longer(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall()
    alice = sit(hall, make_user)
    leave(hall, alice)

    join(hall, alice, "Alice")

    with hall.db.reading() as session:
        assert session.scalar(select(func.count()).select_from(FormerMember)) == 0
    assert hidden(hall, alice) == 4


def test_who_comes_back_with_the_class_code_is_found_on_the_roster(listed: Hall, ada: Person) -> None:
    leave(listed, ada)
    assert line(listed).spent

    join(listed, ada, "adaa")

    assert noted(listed, ada) == ("Ada Lovelace", "E1", 20)
    assert line(listed).user_id == ada.id


def test_who_comes_back_gets_what_the_line_says_meanwhile(listed: Hall, ada: Person) -> None:
    leave(listed, ada)
    with listed.db.writing() as session:
        session.execute(update(RosterLine).values(extra_minutes=30))

    join(listed, ada)

    assert noted(listed, ada) == ("Ada Lovelace", "E1", 30)


def test_the_own_slip_leads_back_too(listed: Hall, ada: Person, make_user: MakeUser) -> None:
    leave(listed, ada)

    with pytest.raises(NotFound):
        claim(listed, make_user("zoe"), line(listed).code)
    claim(listed, ada, line(listed).code)

    assert noted(listed, ada) == ("Ada Lovelace", "E1", 20)


def test_what_a_teacher_noted_by_hand_is_found_again(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall()
    alice = sit(hall, make_user)
    with hall.db.writing() as session:
        roster_claims.change_details(
            session, hall.teacher, hall.taught.id, alice.id, Details("", "E7", 20), hall.clock()
        )
    leave(hall, alice)

    join(hall, alice, "Alice")

    assert noted(hall, alice) == ("Alice", "E7", 20)


def test_an_id_that_another_member_has_meanwhile_stays_theirs(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall()
    alice, bob = sit(hall, make_user), sit(hall, make_user, "Bob")
    with hall.db.writing() as session:
        session.get_one(Membership, (hall.taught.id, alice.id)).institution_id = "E7"
    leave(hall, alice)
    with hall.db.writing() as session:
        session.get_one(Membership, (hall.taught.id, bob.id)).institution_id = "E7"

    join(hall, alice, "Alice")

    assert noted(hall, alice) == ("Alice", None, 0)


def test_who_was_removed_comes_back_without_the_line(listed: Hall, ada: Person) -> None:
    remove(listed, ada)

    join(listed, ada, "adaa")

    assert noted(listed, ada) == ("adaa", None, 0)
    assert line(listed).spent


@pytest.mark.parametrize("other", [False, True])
def test_a_line_that_its_teacher_freed_is_not_found_again(
    listed: Hall, ada: Person, make_user: MakeUser, other: bool
) -> None:
    leave(listed, ada)
    with listed.db.writing() as session:
        roster_claims.unlink(session, listed.teacher, listed.taught.id, line(listed).id)
    if other:
        claim(listed, make_user("zoe"), line(listed).code)

    join(listed, ada, "adaa")

    assert noted(listed, ada) == ("adaa", None, 0)
    assert (line(listed).member, line(listed).spent) == ("Ada Lovelace" if other else None, False)


@pytest.mark.parametrize("before", [None, leave, remove])
def test_an_erased_person_leaves_no_claim_on_the_roster(
    listed: Hall, ada: Person, before: Callable[[Hall, Person], None] | None
) -> None:
    listed.submit(ada, listed.start(ada))
    first = line(listed).code
    if before:
        before(listed, ada)

    with listed.db.writing() as session:
        personal_data.erase(session, ada, Claim(ada.id, "unusable"), listed.clock())

    left = line(listed)
    assert (left.name, left.user_id, left.spent) == ("Ada Lovelace", None, False)
    assert left.code != first
    with listed.db.reading() as session:
        assert session.scalar(select(RosterLine.claimed_at)) is None
        assert session.scalar(select(Attempt.pseudonym)) is not None


def test_the_end_of_retention_forgets_who_left(listed: Hall, ada: Person, db: Database) -> None:
    leave(listed, ada)
    with db.writing() as session:
        classes.archive(session, listed.teacher, listed.taught.id, listed.clock())
    listed.clock.advance(days=366)

    with db.writing() as session:
        retention.sweep(session, listed.clock())

    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(FormerMember)) == 0


def test_ones_own_data_tell_the_class_one_left(listed: Hall, ada: Person) -> None:
    leave(listed, ada)

    with listed.db.reading() as session:
        told = personal_data.export(session, ada, listed.clock())["left_classes"]

    assert [(one["class"], one["institution_id"], one["extra_minutes"], one["removed"]) for one in told] == [
        ("B2 Docker", "E1", 20, False)
    ]
    assert datetime.fromisoformat(told[0]["left_at"]) == listed.clock()
