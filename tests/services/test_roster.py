"""Rosters: what a list changes, who claims a line, whom a teacher links."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.errors import Conflict, Invalid, NotFound
from app.models import Attempt, Membership, RosterLine
from app.services import classes, roster, roster_claims
from app.services.classes import Taught
from app.services.identity import Person
from app.services.roster import Line, Plan
from app.services.roster_claims import Details
from tests.classroom import enrol, open_class
from tests.conftest import Clock
from tests.hall import Hall, sit

MakeUser = Callable[..., Person]
LIST = "nom;identifiant;courriel;tiers-temps\nAda Lovelace;E1;ada@example.org;oui\nZoé Martin;E2;zoe@example.org;\n"


class Office:
    """A teacher with the roster of one class."""

    def __init__(self, db: Database, clock: Clock, teacher: Person, of: Taught) -> None:
        self.db, self.clock, self.teacher, self.of = db, clock, teacher, of

    def plan(self, text: str, remove_gone: bool = False, kinds: tuple[str | None, ...] | None = None) -> Plan:
        with self.db.reading() as session:
            return roster.plan(session, self.teacher, self.of.id, text.encode(), kinds, remove_gone)

    def send(self, text: str, remove_gone: bool = False, seen: str | None = None) -> bool:
        with self.db.writing() as session:
            roster.hold(session, self.of.id)
            wanted = roster.plan(session, self.teacher, self.of.id, text.encode(), None, remove_gone)
            return roster.apply(session, self.of.id, seen or wanted.fingerprint, wanted, self.clock())

    def lines(self) -> list[Line]:
        with self.db.reading() as session:
            return list(roster.lines(session, self.teacher, self.of.id))

    def line(self, name: str) -> Line:
        return next(one for one in self.lines() if one.name == name)

    def claim(self, who: Person, name: str, code: str | None = None) -> None:
        with self.db.writing() as session:
            roster_claims.claim(session, who, code or self.line(name).code, self.clock())

    def link(self, name: str, who: Person) -> None:
        with self.db.writing() as session:
            roster_claims.link(session, self.teacher, self.of.id, self.line(name).id, who.id, self.clock())

    def change(self, session: Session, who: Person, given: Details) -> None:
        roster_claims.change_details(session, self.teacher, self.of.id, who.id, given, self.clock())

    def member(self, who: Person) -> tuple[str, str | None, int]:
        with self.db.reading() as session:
            row = session.get_one(Membership, (self.of.id, who.id))
            return row.name, row.institution_id, row.extra_minutes


@pytest.fixture
def office(db: Database, clock: Clock, make_user: MakeUser) -> Office:
    teacher = make_user(role="teacher")
    return Office(db, clock, teacher, open_class(db, teacher, clock()))


def told(plan: Plan) -> tuple[int, int, int, int]:
    return len(plan.new), len(plan.changed), plan.same, len(plan.gone)


def test_a_list_adds_its_students_with_a_code_each(office: Office) -> None:
    assert office.send(LIST)

    ada, zoe = office.lines()
    assert (ada.name, ada.institution_id, ada.email, ada.extra_minutes) == ("Ada Lovelace", "E1", "ada@example.org", 20)
    assert (zoe.name, zoe.extra_minutes, zoe.user_id) == ("Zoé Martin", 0, None)
    assert len(ada.code.replace("-", "")) == 9
    assert ada.code != zoe.code


def test_the_same_list_twice_changes_nothing(office: Office) -> None:
    office.send(LIST)
    before = office.lines()

    plan = office.plan(LIST)

    assert (told(plan), plan.is_empty) == ((0, 0, 2, 0), True)
    assert office.send(LIST)
    assert office.lines() == before


def test_a_changed_list_changes_what_differs_and_keeps_the_codes(office: Office) -> None:
    office.send(LIST)
    codes = [one.code for one in office.lines()]
    changed = LIST.replace("Ada Lovelace", "Ada King").replace("zoe@example.org;", "zoe@example.org;1/2")

    plan = office.plan(changed)
    office.send(changed)

    assert [one.fields for one in plan.changed] == [["name"], ["extra_minutes"]]
    assert [(one.name, one.extra_minutes) for one in office.lines()] == [("Ada King", 20), ("Zoé Martin", 30)]
    assert [one.code for one in office.lines()] == codes


def test_a_column_that_is_missing_leaves_what_is_known(office: Office) -> None:
    office.send(LIST)

    assert told(office.plan("nom\nADA LOVELACE\nZoe Martin\n"))[2:] == (0, 0)
    assert told(office.plan("nom;identifiant\nAda Lovelace;E1\nZoé Martin;E2\n")) == (0, 0, 2, 0)


def test_two_students_may_swap_their_ids(office: Office) -> None:
    office.send(LIST)

    assert office.send(LIST.replace("E1", "E3").replace("E2", "E1").replace("E3", "E2"))

    assert {one.institution_id for one in office.lines()} == {"E1", "E2"}


def test_who_is_gone_goes_only_when_asked(office: Office) -> None:
    office.send(LIST)
    shorter = LIST.rsplit("Zoé", 1)[0]

    assert told(office.plan(shorter)) == (0, 0, 1, 1)
    office.send(shorter)
    assert len(office.lines()) == 2
    office.send(shorter, remove_gone=True)
    assert [one.name for one in office.lines()] == ["Ada Lovelace"]


def test_a_list_with_a_problem_changes_nothing(office: Office) -> None:
    bad = LIST + "=1+1;E3;;\n"

    assert [(one.line, one.column, one.code) for one in office.plan(bad).problems] == [(4, 1, "formula")]
    assert not office.send(bad)
    assert office.lines() == []


def test_what_was_not_shown_is_not_applied(office: Office) -> None:
    shown = office.plan(LIST).fingerprint
    office.send(LIST.rsplit("Zoé", 1)[0])

    assert not office.send(LIST, seen=shown)
    assert len(office.lines()) == 1


def test_the_teacher_may_say_what_a_column_is(office: Office) -> None:
    plan = office.plan("a;b\nAda;E1\n", kinds=("name", "id"))

    assert [one.after for one in plan.new] == [
        {"name": "Ada", "institution_id": "E1", "email": None, "extra_minutes": 0}
    ]


def test_a_code_makes_a_member_with_name_id_and_extra_time(office: Office, make_user: MakeUser) -> None:
    office.send(LIST)
    student = make_user()

    office.claim(student, "Ada Lovelace")

    assert office.member(student) == ("Ada Lovelace", "E1", 20)
    assert office.line("Ada Lovelace").user_id == student.id


def test_a_code_is_used_once(office: Office, make_user: MakeUser) -> None:
    office.send(LIST)
    code = office.line("Ada Lovelace").code
    first = make_user()
    office.claim(first, "Ada Lovelace")

    with pytest.raises(NotFound):
        office.claim(make_user(), "", code)
    office.claim(first, "", code)  # a double click is no second use


def test_of_two_at_the_same_instant_one_gets_the_line(office: Office, make_user: MakeUser) -> None:
    office.send(LIST)
    code = office.line("Ada Lovelace").code
    people, start, refused = [make_user() for _ in range(4)], Barrier(4), []

    def run(who: Person) -> None:
        start.wait()
        try:
            office.claim(who, "", code)
        except NotFound:
            refused.append(who.id)

    threads = [Thread(target=run, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 3
    with office.db.reading() as session:
        assert len(session.scalars(select(Membership.user_id)).all()) == 1


def test_a_member_claims_too_and_takes_the_lines_name(office: Office, db: Database, make_user: MakeUser) -> None:
    office.send(LIST)
    student = enrol(db, office.of, make_user(), "adadu75", office.clock())

    office.claim(student, "Ada Lovelace")

    assert office.member(student) == ("Ada Lovelace", "E1", 20)


def test_one_student_has_one_line(office: Office, make_user: MakeUser) -> None:
    office.send(LIST)
    student = make_user()
    office.claim(student, "Ada Lovelace")

    with pytest.raises(Conflict, match="line_other"):
        office.claim(student, "Zoé Martin")


def test_a_teacher_claims_nothing(office: Office) -> None:
    office.send(LIST)

    with pytest.raises(Conflict, match="learners_only"):
        office.claim(office.teacher, "Ada Lovelace")


def test_an_address_links_nothing_by_itself_but_is_suggested(office: Office, db: Database, make_user: MakeUser) -> None:
    office.send(LIST)
    enrol(db, office.of, make_user("ADA@example.org"), "Somebody", office.clock())
    enrol(db, office.of, make_user("zed"), "MARTIN zoe", office.clock())

    assert [one.user_id for one in office.lines()] == [None, None]
    with db.reading() as session:
        found = [
            [(one.name, one.why) for one in roster_claims.candidates(session, office.teacher, office.of.id, line.id)[1]]
            for line in office.lines()
        ]
    assert found == [
        [("Somebody", "email"), ("MARTIN zoe", "")],
        [("MARTIN zoe", "name"), ("Somebody", "")],
    ]


def test_a_teacher_links_and_unlinks(office: Office, db: Database, make_user: MakeUser) -> None:
    office.send(LIST)
    student = enrol(db, office.of, make_user(), "Ada", office.clock())
    code = office.line("Ada Lovelace").code

    office.link("Ada Lovelace", student)
    assert office.member(student) == ("Ada Lovelace", "E1", 20)
    with db.writing() as session:
        roster_claims.unlink(session, office.teacher, office.of.id, office.line("Ada Lovelace").id)

    assert office.line("Ada Lovelace").user_id is None
    assert office.line("Ada Lovelace").code != code
    assert office.member(student)[0] == "Ada Lovelace"


def test_only_a_member_is_linked_and_only_to_a_free_line(office: Office, db: Database, make_user: MakeUser) -> None:
    office.send(LIST)
    ada, other = (enrol(db, office.of, make_user(), name, office.clock()) for name in ("Ada", "Other"))
    office.link("Ada Lovelace", ada)

    with pytest.raises(Invalid):
        office.link("Zoé Martin", make_user())
    with pytest.raises(Conflict, match="line_taken"):
        office.link("Ada Lovelace", other)
    with pytest.raises(Conflict, match="line_other"):
        office.link("Zoé Martin", ada)


def test_who_was_taken_out_does_not_come_back_with_the_slip(office: Office, db: Database, make_user: MakeUser) -> None:
    office.send(LIST)
    code, student = office.line("Ada Lovelace").code, make_user()
    office.claim(student, "Ada Lovelace")

    with db.writing() as session:
        classes.remove_member(session, office.teacher, office.of.id, student.id, office.clock())

    assert office.line("Ada Lovelace").spent
    with pytest.raises(NotFound):
        office.claim(student, "", code)


def test_a_list_changes_the_member_who_claimed_the_line(office: Office, make_user: MakeUser) -> None:
    office.send(LIST)
    student = make_user()
    office.claim(student, "Ada Lovelace")

    office.send(LIST.replace("Ada Lovelace", "Ada King").replace("oui", "1/2"))

    assert office.member(student) == ("Ada King", "E1", 30)


def test_an_id_that_comes_later_reaches_the_member(office: Office, make_user: MakeUser) -> None:
    office.send("nom\nAda Lovelace\n")
    student = make_user()
    office.claim(student, "Ada Lovelace")

    office.send(LIST)

    assert office.member(student) == ("Ada Lovelace", "E1", 20)


def test_an_id_that_another_member_holds_is_a_problem_of_its_line(
    office: Office, db: Database, make_user: MakeUser
) -> None:
    office.send("nom\nAda Lovelace\n")
    office.claim(make_user(), "Ada Lovelace")
    other = enrol(db, office.of, make_user(), "Ada bis", office.clock())
    with db.writing() as session:
        roster_claims.change_details(
            session, office.teacher, office.of.id, other.id, Details("", "E1", 0), office.clock()
        )

    assert [(one.line, one.code) for one in office.plan(LIST).problems] == [(2, "id_of_member")]


def test_id_and_extra_time_of_a_member_are_changed_with_their_line(office: Office, make_user: MakeUser) -> None:
    office.send(LIST)
    student = make_user()
    office.claim(student, "Ada Lovelace")

    with office.db.writing() as session:
        roster_claims.change_details(
            session, office.teacher, office.of.id, student.id, Details("", "E7", 30), office.clock()
        )

    assert office.member(student) == ("Ada Lovelace", "E7", 30)
    assert office.line("Ada Lovelace").institution_id == "E7"


@pytest.mark.parametrize(("held", "minutes"), [("E2", 0), ("=1", 0), ("x" * 65, 0), ("E7", 601)])
def test_an_id_of_somebody_else_and_rubbish_are_refused(
    office: Office, make_user: MakeUser, held: str, minutes: int
) -> None:
    office.send(LIST)
    student = make_user()
    office.claim(student, "Ada Lovelace")

    with pytest.raises(Invalid), office.db.writing() as session:
        roster_claims.change_details(
            session, office.teacher, office.of.id, student.id, Details("", held, minutes), office.clock()
        )


def change_extra(hall: Hall, who: Person, minutes: int) -> None:
    with hall.db.writing() as session:
        given = Details("", None, minutes)
        roster_claims.change_details(session, hall.teacher, hall.taught.id, who.id, given, hall.clock())


def test_extra_time_follows_the_exam_at_work_and_those_to_come(
    make_hall: Callable[..., Hall], make_user: MakeUser
) -> None:
    hall = make_hall()
    ada, zoe = sit(hall, make_user, "Ada"), sit(hall, make_user, "Zoé")
    attempt = hall.start(ada)

    for who in (ada, zoe):
        change_extra(hall, who, 20)
    hall.start(zoe)

    with hall.db.reading() as session:
        found = session.execute(select(Attempt.learner_id, Attempt.extra_minutes, Attempt.deadline)).all()
    assert {tuple(row) for row in found} == {(who.id, 20, hall.clock() + timedelta(minutes=80)) for who in (ada, zoe)}
    assert hall.events(attempt) == ["started", "extra_time"]


def test_time_that_was_given_besides_stays(make_hall: Callable[..., Hall], make_user: MakeUser) -> None:
    hall = make_hall()
    ada = sit(hall, make_user, "Ada")
    attempt = hall.start(ada)
    with hall.db.writing() as session:
        session.get_one(Attempt, attempt).deadline = hall.clock() + timedelta(minutes=65)

    change_extra(hall, ada, 20)

    assert hall.sheet(ada, attempt).deadline == hall.clock() + timedelta(minutes=85)


def test_less_extra_time_takes_nothing_from_who_is_at_work(make_hall: Callable[..., Hall], make_user: MakeUser) -> None:
    hall = make_hall()
    ada = sit(hall, make_user, "Ada")
    change_extra(hall, ada, 20)
    attempt = hall.start(ada)

    change_extra(hall, ada, 0)

    assert hall.sheet(ada, attempt).deadline == hall.clock() + timedelta(minutes=80)


def test_extra_time_wakes_no_attempt_that_is_over(make_hall: Callable[..., Hall], make_user: MakeUser) -> None:
    hall = make_hall()
    ada = sit(hall, make_user, "Ada")
    attempt = hall.start(ada)
    hall.clock.advance(minutes=61)

    change_extra(hall, ada, 40)

    assert hall.sheet(ada, attempt).over
    assert hall.events(attempt) == ["started"]


def test_a_list_moves_the_end_of_who_is_at_work_too(
    make_hall: Callable[..., Hall], db: Database, clock: Clock, make_user: MakeUser
) -> None:
    hall = make_hall()
    desk, ada = Office(db, clock, hall.teacher, hall.taught), make_user()
    desk.send("nom;tiers-temps\nAda Lovelace;\n")
    desk.claim(ada, "Ada Lovelace")
    attempt = hall.start(ada)

    desk.send("nom;tiers-temps\nAda Lovelace;oui\n")

    assert hall.sheet(ada, attempt).deadline == clock() + timedelta(minutes=80)


def test_another_teachers_roster_is_not_there(office: Office, make_user: MakeUser) -> None:
    office.send(LIST)
    line_id = office.lines()[0].id
    other = make_user(role="teacher")

    with office.db.reading() as session:
        with pytest.raises(NotFound):
            roster.lines(session, other, office.of.id)
        with pytest.raises(NotFound):
            roster_claims.candidates(session, other, office.of.id, line_id)


def test_codes_are_unlike_any_other(office: Office) -> None:
    office.send("nom\n" + "".join(f"Élève {number}\n" for number in range(60)))

    with office.db.reading() as session:
        assert len(set(session.scalars(select(RosterLine.code)).all())) == 60
