"""What two requests at the same instant may not both get."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import select

from app.db import Database
from app.errors import RappelError
from app.models import User
from app.services import accounts, codes, personal_data
from app.services.accounts import Claim, NewAccount
from app.services.identity import Person
from tests.conftest import Clock

AT_ONCE = 8


def succeed(actions: list[Callable[[], object]]) -> int:
    """Start all actions at the same instant; return how many raised nothing."""
    start = Barrier(len(actions))

    def run(action: Callable[[], object]) -> bool:
        start.wait(10)
        try:
            action()
        except RappelError:
            return False
        return True

    with ThreadPoolExecutor(len(actions)) as pool:
        return sum(pool.map(run, actions))


def registering(db: Database, clock: Clock, login: str, code: str = "") -> Callable[[], None]:
    """The action of making an account."""

    def act() -> None:
        with db.writing() as session:
            accounts.register(session, NewAccount(login, "hash", setup_code=code), clock())

    return act


def test_one_of_many_gets_a_login_name(db: Database, clock: Clock) -> None:
    spellings = ["alice", "ALICE", "Alice", "aLICE", "ＡLICE", "alicE", "AlicE", " alice"]

    assert succeed([registering(db, clock, spelling) for spelling in spellings]) == 1


def test_one_of_many_becomes_the_first_admin(db: Database, clock: Clock) -> None:
    with db.writing() as session:
        code = accounts.setup_code(session, clock()) or ""

    won = succeed([registering(db, clock, f"person-{number}", code) for number in range(AT_ONCE)])

    with db.reading() as session:
        assert (won, len(session.scalars(select(User.id).where(User.role == "admin")).all())) == (1, 1)


def test_one_of_many_uses_a_password_link(db: Database, clock: Clock, make_user: Callable[..., Person]) -> None:
    alice = make_user("alice")
    with db.writing() as session:
        code = codes.issue_password_link(session, alice.id, clock())

    def using(number: int) -> Callable[[], None]:
        def act() -> None:
            with db.writing() as session:
                codes.use_password_link(session, code, f"hash {number}", clock())

        return act

    assert succeed([using(number) for number in range(AT_ONCE)]) == 1


def test_a_guest_gets_one_of_many_login_names(db: Database, clock: Clock, make_user: Callable[..., Person]) -> None:
    guest = make_user()

    def keeping(number: int) -> Callable[[], None]:
        def act() -> None:
            with db.writing() as session:
                accounts.keep_guest(session, guest.id, NewAccount(f"name-{number}", "hash"), clock())

        return act

    assert succeed([keeping(number) for number in range(AT_ONCE)]) == 1


def test_all_admins_cannot_leave_at_once(db: Database, clock: Clock, make_user: Callable[..., Person]) -> None:
    admins = [make_user(f"admin-{number}", role="admin", password_hash="hash") for number in range(4)]

    def leaving(admin: Person) -> Callable[[], None]:
        def act() -> None:
            with db.writing() as session:
                personal_data.erase(session, admin, Claim(admin.id, "hash"), clock())

        return act

    assert succeed([leaving(admin) for admin in admins]) == len(admins) - 1
