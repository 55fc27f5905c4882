"""Accounts: making one, keeping a guest's progress, entering, changing the password, roles."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db import Database
from app.errors import Conflict, Invalid, NotFound
from app.models import Card, LoginSession, OneTimeCode, User
from app.services import accounts, codes, sessions
from app.services.accounts import Claim, NewAccount, Wanted
from app.services.identity import Person
from tests.conftest import Clock
from tests.people import add_review


def named(login: str, **fields: str) -> NewAccount:
    return NewAccount(**{"login": login, "password_hash": f"hash of {login}", **fields})


def test_a_new_account_is_a_learner_of_the_first_course(db: Database, clock: Clock, course) -> None:
    with db.writing() as session:
        user_id = accounts.register(session, named("Alice"), clock())

    with db.reading() as session:
        alice = session.get_one(User, user_id)
        assert (alice.login, alice.role, alice.course_id) == ("Alice", "learner", course.id)


@pytest.mark.parametrize("variant", ["alice", "ALICE", " Alice ", "Ａｌｉｃｅ", "𝒜𝓁𝒾𝒸ℯ"])
def test_variants_of_a_login_name_are_one_account(db: Database, clock: Clock, variant: str) -> None:
    with db.writing() as session:
        accounts.register(session, named("Alice"), clock())

    with pytest.raises(Invalid, match="login: login_taken"), db.writing() as session:
        accounts.register(session, named(variant), clock())


def test_an_accent_typed_in_two_ways_is_one_account(db: Database, clock: Clock) -> None:
    with db.writing() as session:
        first = accounts.register(session, named("Chlo\u00e9"), clock())

    with db.reading() as session:
        assert accounts.id_of(session, "CHLOE\u0301") == first


def test_a_refused_login_name_leaves_the_rest_of_the_transaction(db: Database, clock: Clock) -> None:
    with db.writing() as session:
        accounts.register(session, named("Alice"), clock())
        with pytest.raises(Invalid):
            accounts.register(session, named("alice"), clock())

    with db.reading() as session:
        assert session.scalars(select(User.login)).all() == ["Alice"]


def test_every_problem_of_a_wanted_account_is_told_at_once(db: Database) -> None:
    wanted = Wanted("a\u202eb", "short", "x" * 65, "ABCD-EFGH-JKLM-NPQR")

    with db.reading() as session:
        found = accounts.problems(session, wanted)

    codes_found = ["login_characters", "password_short", "name_long", "setup_code"]
    assert [problem.code for problem in found] == codes_found


def test_a_guest_who_chooses_a_login_name_keeps_their_cards(
    db: Database, clock: Clock, make_user: Callable[..., Person], make_question
) -> None:
    guest, question = make_user(), make_question()
    with db.writing() as session:
        session.add(Card(learner_id=guest.id, question_id=question.id))

    with db.writing() as session:
        accounts.keep_guest(session, guest.id, named("Alice"), clock())

    with db.reading() as session:
        assert session.scalar(select(Card.learner_id)) == accounts.id_of(session, "Alice") == guest.id


def test_choosing_a_login_name_ends_the_guests_sessions(
    db: Database, clock: Clock, make_user: Callable[..., Person]
) -> None:
    guest = make_user()
    with db.writing() as session:
        token = sessions.start(session, guest.id, clock())

    with db.writing() as session:
        accounts.keep_guest(session, guest.id, named("Alice"), clock())

    with db.reading() as session:
        assert sessions.find(session, token, clock()) is None


def test_an_account_cannot_be_kept_a_second_time(db: Database, clock: Clock, make_user: Callable[..., Person]) -> None:
    guest = make_user()
    with db.writing() as session:
        accounts.keep_guest(session, guest.id, named("Alice"), clock())

    with pytest.raises(Conflict, match="kept"), db.writing() as session:
        accounts.keep_guest(session, guest.id, named("Mallory"), clock())


def test_a_guest_cannot_take_a_login_name_in_use(db: Database, clock: Clock, make_user: Callable[..., Person]) -> None:
    make_user("alice")
    guest = make_user()

    with pytest.raises(Invalid, match="login_taken"), db.writing() as session:
        accounts.keep_guest(session, guest.id, named("ALICE"), clock())

    with db.reading() as session:
        assert session.get_one(User, guest.id).login is None


def test_nobody_and_a_deactivated_person_have_the_same_claim(db: Database, make_user: Callable[..., Person]) -> None:
    make_user("alice", active=False)

    with db.reading() as session:
        assert accounts.claim(session, "alice") == accounts.claim(session, "nobody") == Claim()


def test_entering_ends_the_session_the_browser_came_with(
    db: Database, clock: Clock, make_user: Callable[..., Person]
) -> None:
    guest, alice = make_user(), make_user("alice", password_hash="right")
    with db.writing() as session:
        before = sessions.start(session, guest.id, clock())

    with db.writing() as session:
        entered = accounts.log_in(session, Claim(alice.id, "right"), None, clock(), leaving=before)

    assert entered is not None
    with db.reading() as session:
        assert sessions.find(session, before, clock()) is None
        assert sessions.find(session, entered.token, clock()) == (alice, False)


def test_a_claim_does_not_survive_a_change_of_password(
    db: Database, clock: Clock, make_user: Callable[..., Person]
) -> None:
    alice = make_user("alice", password_hash="new")

    with db.writing() as session:
        assert accounts.log_in(session, Claim(alice.id, "old"), None, clock()) is None


def test_a_hash_of_older_parameters_is_replaced(db: Database, clock: Clock, make_user: Callable[..., Person]) -> None:
    alice = make_user("alice", password_hash="old parameters")

    with db.writing() as session:
        accounts.log_in(session, Claim(alice.id, "old parameters"), "new parameters", clock())

    with db.reading() as session:
        assert accounts.claim(session, "alice").password_hash == "new parameters"


def test_changing_the_password_ends_every_other_session_and_link(
    db: Database, clock: Clock, make_user: Callable[..., Person]
) -> None:
    alice = make_user("alice", password_hash="old")
    with db.writing() as session:
        phone = sessions.start(session, alice.id, clock())
        link = codes.issue_password_link(session, alice.id, clock())

    with db.writing() as session:
        entered = accounts.change_password(session, Claim(alice.id, "old"), "new", clock())

    with db.reading() as session:
        assert sessions.find(session, phone, clock()) is None
        assert codes.find_password_link(session, link, clock()) is None
        assert sessions.find(session, entered.token, clock()) is not None


def test_two_changes_of_one_password_at_once_do_not_both_succeed(
    db: Database, clock: Clock, make_user: Callable[..., Person]
) -> None:
    claimed = Claim(make_user("alice", password_hash="old").id, "old")
    with db.writing() as session:
        accounts.change_password(session, claimed, "first", clock())

    with pytest.raises(Conflict, match="password"), db.writing() as session:
        accounts.change_password(session, claimed, "second", clock())


def test_a_deactivated_person_has_no_session_and_no_link_left(
    db: Database, clock: Clock, make_user: Callable[..., Person]
) -> None:
    alice = make_user("alice")
    with db.writing() as session:
        sessions.start(session, alice.id, clock())
        codes.issue_password_link(session, alice.id, clock())

    with db.writing() as session:
        accounts.set_active(session, alice.id, active=False)

    with db.reading() as session:
        assert session.scalars(select(LoginSession.id)).all() == []
        assert session.scalars(select(OneTimeCode.id)).all() == []


@pytest.mark.parametrize(
    "change",
    [
        lambda session, user_id: accounts.set_role(session, user_id, "teacher"),
        lambda session, user_id: accounts.set_active(session, user_id, active=False),
    ],
)
def test_the_last_admin_stays(db: Database, make_user: Callable[..., Person], change: Callable[..., None]) -> None:
    admin = make_user("admin", role="admin")

    with pytest.raises(Conflict, match="last_admin"), db.writing() as session:
        change(session, admin.id)


def test_one_of_two_admins_may_become_a_teacher(db: Database, make_user: Callable[..., Person]) -> None:
    one, _other = make_user("one", role="admin"), make_user("other", role="admin")

    with db.writing() as session:
        accounts.set_role(session, one.id, "teacher")

    with db.reading() as session:
        assert session.get_one(User, one.id).role == "teacher"


def test_a_guest_has_no_other_role(db: Database, make_user: Callable[..., Person]) -> None:
    guest = make_user()

    with pytest.raises(Conflict, match="guest"), db.writing() as session:
        accounts.set_role(session, guest.id, "teacher")


def test_nobody_has_no_role(db: Database) -> None:
    with pytest.raises(NotFound), db.writing() as session:
        accounts.set_role(session, 404, "teacher")


def test_a_guest_without_an_answer_is_deleted_after_a_day(
    db: Database, clock: Clock, make_user: Callable[..., Person]
) -> None:
    make_user()
    clock.advance(days=1, seconds=1)

    with db.writing() as session:
        assert accounts.delete_stale_guests(session, clock()) == 1


def test_a_guest_who_answered_is_kept_90_days_after_their_last_visit(
    db: Database, clock: Clock, make_user: Callable[..., Person], make_question
) -> None:
    guest = make_user()
    question = make_question()
    with db.writing() as session:
        add_review(session, guest, question, clock())

    counts = []
    for days in (2, 88, 1):
        clock.advance(days=days)
        with db.writing() as session:
            counts.append(accounts.delete_stale_guests(session, clock() - timedelta(microseconds=1)))

    assert counts == [0, 0, 1]


def test_a_guest_who_only_ever_answers_keeps_their_progress_and_their_session(
    db: Database, clock: Clock, make_user: Callable[..., Person], make_question
) -> None:
    guest = make_user()
    with db.writing() as session:
        token = sessions.start(session, guest.id, clock())
    for _ in range(3):
        clock.advance(days=80)
        question = make_question()
        with db.writing() as session:
            add_review(session, guest, question, clock())
            assert accounts.delete_stale_guests(session, clock()) == 0

    with db.reading() as session:
        assert sessions.find(session, token, clock()) is not None


def test_an_account_is_never_deleted_for_staying_away(
    db: Database, clock: Clock, make_user: Callable[..., Person]
) -> None:
    make_user("alice")
    clock.advance(days=900)

    with db.writing() as session:
        assert accounts.delete_stale_guests(session, clock()) == 0


def test_the_list_of_accounts_leaves_guests_out(db: Database, make_user: Callable[..., Person]) -> None:
    make_user("bruno", role="teacher")
    make_user("Alice")
    make_user()

    with db.reading() as session:
        assert [(one.login, one.role) for one in accounts.everyone(session)] == [
            ("Alice", "learner"),
            ("bruno", "teacher"),
        ]
        assert accounts.count_guests(session) == 1
