"""`user`: accounts from the command line."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from sqlalchemy import select

from app.cli.parts import Parts
from app.cli.user import user
from app.config import Settings
from app.db import Database
from app.models import User
from app.services import accounts, passwords, sessions
from app.services.identity import Person
from tests.conftest import Clock

Command = Callable[..., Result]


@pytest.fixture
def command(settings: Settings, db: Database, clock: Clock) -> Command:
    """Return a function that runs `user` with arguments on the test's database."""

    def run(*arguments: str, typed: str | None = None, **changed: Any) -> Result:
        parts = Parts(clock=clock)
        values = {name: getattr(settings, name) for name in Settings.__dataclass_fields__}
        parts.__dict__.update(settings=Settings(**(values | changed)), database=db)
        return CliRunner().invoke(user, arguments, obj=parts, input=typed)

    return run


def stored(db: Database, login: str) -> User:
    """The account of a login name."""
    with db.reading() as session:
        return session.scalars(select(User).where(User.login == login)).one()


def test_an_account_is_made_with_the_password_that_was_typed(command: Command, db: Database) -> None:
    result = command("add", "bruno", "--role", "teacher", "--name", "Bruno K.", typed="correct horse\ncorrect horse\n")

    bruno = stored(db, "bruno")
    assert (result.exit_code, bruno.role, bruno.display_name) == (0, "teacher", "Bruno K.")
    assert passwords.verify(bruno.password_hash, "correct horse").right
    assert "correct horse" not in result.output


def test_a_made_up_password_is_printed_once_and_works(command: Command, db: Database) -> None:
    result = command("add", "bruno", "--generate", "--json")

    document = json.loads(result.stdout)
    assert (document["login"], document["role"]) == ("bruno", "learner")
    assert passwords.verify(stored(db, "bruno").password_hash, document["password"]).right


def test_every_problem_of_an_account_is_told_on_its_line(command: Command) -> None:
    result = command("add", "ab", "--name", "x" * 65, typed="short\nshort\n")

    assert result.exit_code == 1
    assert [line.split(": ")[-1] for line in result.stderr.splitlines()[-3:]] == [
        "a login name has 3 to 64 characters",
        "a password has at least 8 characters",
        "a name has at most 64 characters",
    ]


def test_a_name_that_is_taken_is_refused(command: Command, make_user: Callable[..., Person]) -> None:
    make_user("bruno")

    result = command("add", "BRUNO", "--generate")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "taken" in result.stderr


@pytest.mark.parametrize("arguments", [("add", "bruno", "--role", "king"), ("role", "bruno", "king"), ("add",)])
def test_a_role_or_argument_that_is_not_one_is_a_usage_error(command: Command, arguments: tuple[str, ...]) -> None:
    assert command(*arguments).exit_code == 2


def test_a_role_is_given_by_login_name(command: Command, db: Database, make_user: Callable[..., Person]) -> None:
    make_user("bruno")

    result = command("role", "Bruno", "admin")

    assert (result.exit_code, stored(db, "bruno").role) == (0, "admin")


@pytest.mark.parametrize(
    "arguments", [("role", "nobody", "teacher"), ("password", "nobody"), ("close", "nobody"), ("open", "nobody")]
)
def test_nobody_is_told_apart(command: Command, arguments: tuple[str, ...]) -> None:
    result = command(*arguments)

    assert (result.exit_code, result.stderr) == (1, "Error: nobody has this login name\n")


@pytest.mark.parametrize("arguments", [("role", "root", "teacher"), ("close", "root")])
def test_the_last_admin_stays(command: Command, make_user: Callable[..., Person], arguments: tuple[str, ...]) -> None:
    make_user("root", role="admin")

    result = command(*arguments)

    assert result.exit_code == 1
    assert "only administrator" in result.stderr


def test_a_password_link_opens_the_page_that_sets_it(
    command: Command, client: FlaskClient, make_user: Callable[..., Person]
) -> None:
    make_user("alice")

    link = command("password", "alice").stdout.strip()

    assert link.startswith("http://127.0.0.1:8000/account/reset/")
    assert client.get(urlsplit(link).path).status_code == 200


@pytest.mark.parametrize(
    ("changed", "start"),
    [
        ({"base_url": "https://rappel.example.org"}, "https://rappel.example.org/account/reset/"),
        ({"host": "0.0.0.0", "port": 9000}, "http://127.0.0.1:9000/account/reset/"),
        ({"host": "::1"}, "http://[::1]:8000/account/reset/"),
        ({"host": "rappel.local"}, "http://rappel.local:8000/account/reset/"),
    ],
)
def test_a_password_link_names_the_address_that_browsers_use(
    command: Command, make_user: Callable[..., Person], changed: dict[str, Any], start: str
) -> None:
    make_user("alice")

    document = json.loads(command("password", "alice", "--json", **changed).stdout)

    assert document["link"].startswith(start)
    assert document["expires_at"] == "2026-11-23T10:00:00+00:00"


def test_a_closed_account_gets_no_password_link(command: Command, make_user: Callable[..., Person]) -> None:
    make_user("alice", active=False)

    result = command("password", "alice")

    assert (result.exit_code, result.stdout) == (1, "")
    assert "user open" in result.stderr


def test_closing_an_account_ends_its_sessions_and_opening_it_lets_in_again(
    command: Command, db: Database, clock: Clock, make_user: Callable[..., Person]
) -> None:
    alice = make_user("alice")
    with db.writing() as session:
        token = sessions.start(session, alice.id, clock())

    closed = command("close", "alice")

    with db.reading() as session:
        assert sessions.find(session, token, clock()) is None
        assert accounts.claim(session, "alice") == accounts.Claim()
    assert closed.exit_code == command("open", "alice").exit_code == 0
    assert stored(db, "alice").active


def test_the_list_names_accounts_and_counts_guests(command: Command, make_user: Callable[..., Person]) -> None:
    make_user("bruno", role="teacher", display_name="Bruno K.")
    make_user()

    document = json.loads(command("list", "--json").stdout)

    assert document["guests"] == 1
    assert [(one["login"], one["name"], one["role"], one["open"]) for one in document["people"]] == [
        ("bruno", "Bruno K.", "teacher", True)
    ]
    assert command("list").stdout.splitlines() == ["bruno\tteacher\topen\t2026-11-23", "accounts: 1, guests: 1"]
