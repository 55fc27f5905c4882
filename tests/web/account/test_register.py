"""/account/register."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.db import Database
from app.models import User
from app.services import accounts, passwords
from tests.conftest import Clock

NEW = {"login": "Alice", "password": "correct horse", "password_again": "correct horse", "display_name": "Alice M."}


def count_people(db: Database) -> int:
    """How many accounts there are."""
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(User)) or 0


def test_a_new_person_is_in_at_once(client: FlaskClient, course: Any, stored: Any) -> None:
    reply = client.post("/account/register", data=NEW)

    assert (reply.status_code, reply.location) == (303, "/")
    assert client.get("/settings/").status_code == 200
    assert passwords.verify(stored("Alice").password_hash, "correct horse").right
    assert (stored("Alice").display_name, stored("Alice").course_id) == ("Alice M.", course.id)


@pytest.mark.parametrize(("named", "kept"), [("Indian/Reunion", "Indian/Reunion"), ("Mars/Olympus", "Europe/Paris")])
def test_the_browsers_time_zone_is_taken_when_it_is_one(
    client: FlaskClient, stored: Any, named: str, kept: str
) -> None:
    client.post("/account/register", data=NEW | {"zone": named})

    assert stored("Alice").zone == kept


def test_the_language_of_the_page_becomes_the_persons(client: FlaskClient, stored: Any) -> None:
    client.post("/account/register", data=NEW, headers={"Accept-Language": "en"})

    assert stored("Alice").locale == "en"


def test_nothing_but_the_form_decides_what_an_account_is(client: FlaskClient, stored: Any) -> None:
    forged = {"role": "admin", "id": "77", "active": "", "user_id": "77", "course_id": "99", "password_hash": "x"}

    client.post("/account/register", data=NEW | forged)

    alice = stored("Alice")
    assert (alice.role, alice.active) == ("learner", True)
    assert alice.id != 77


def test_everything_wrong_is_said_at_once_and_at_its_field(client: FlaskClient, db: Database) -> None:
    bad = {
        "login": "ab",
        "password": "short",
        "password_again": "other",
        "display_name": "x" * 65,
        "setup_code": "ABCD",
    }

    reply = client.post("/account/register", data=bad)

    assert reply.status_code == 400
    assert reply.text.count('aria-invalid="true"') == len(bad)
    assert 'role="alert"' in reply.text
    assert count_people(db) == 0


def test_what_was_typed_stays_but_passwords(client: FlaskClient) -> None:
    reply = client.post("/account/register", data=NEW | {"login": "ab", "password": "hidden horse"})

    assert 'value="ab"' in reply.text
    assert 'value="Alice M."' in reply.text
    assert "hidden horse" not in reply.text


@pytest.mark.parametrize("login", ["alice", "ALICE", "Ａlice"])
def test_a_login_name_that_is_taken_is_refused_at_its_field(
    client: FlaskClient, db: Database, make_account: Any, login: str
) -> None:
    make_account("alice")

    reply = client.post("/account/register", data=NEW | {"login": login})

    assert reply.status_code == 400
    assert count_people(db) == 1


def test_a_login_name_taken_at_the_last_moment_is_refused_at_its_field(
    client: FlaskClient, make_account: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = passwords.hashed

    def meanwhile(password: str) -> str:
        monkeypatch.setattr(passwords, "hashed", hashed)
        make_account("alice")
        return hashed(password)

    monkeypatch.setattr(passwords, "hashed", meanwhile)

    reply = client.post("/account/register", data=NEW)

    assert reply.status_code == 400
    assert 'id="login-error"' in reply.text


def test_a_guest_who_registers_is_offered_to_keep_their_progress(client: FlaskClient, log_in: Any) -> None:
    log_in()

    assert client.get("/account/register").location == "/account/keep"


def test_the_set_up_code_makes_an_admin(client: FlaskClient, db: Database, clock: Clock, stored: Any) -> None:
    with db.writing() as session:
        code = accounts.setup_code(session, clock())

    client.post("/account/register", data=NEW | {"setup_code": code})

    assert stored("Alice").role == "admin"


def test_the_set_up_code_is_asked_for_until_there_is_a_teacher(client: FlaskClient, make_account: Any) -> None:
    before = client.get("/account/register").text
    make_account("bruno", role="teacher")

    assert 'name="setup_code"' in before
    assert 'name="setup_code"' not in client.get("/account/register").text


def test_a_set_up_code_that_came_too_late_makes_no_account(
    client: FlaskClient, db: Database, clock: Clock, make_account: Any
) -> None:
    with db.writing() as session:
        code = accounts.setup_code(session, clock())
    make_account("bruno", role="teacher")

    reply = client.post("/account/register", data=NEW | {"setup_code": code})

    assert reply.status_code == 400
    assert 'id="setup_code-error"' in reply.text
    assert count_people(db) == 1


def test_the_set_up_code_is_wanted_exactly(client: FlaskClient, db: Database) -> None:
    reply = client.post("/account/register", data=NEW | {"setup_code": "ABCD-EFGH-JKLM-NPQR"})

    assert reply.status_code == 400
    assert count_people(db) == 0


def test_the_shape_of_a_field_is_refused_in_our_own_words(client: FlaskClient) -> None:
    sent = {"login": "", "password": "x" * 1_001, "password_again": "x" * 1_001}

    page = client.post("/account/register", data=NEW | sent, headers={"Accept-Language": "fr"}).text

    assert "<span>Ce champ est obligatoire.</span>" in page
    assert "<span>Au plus 1\u202f000 caractères.</span>" in page
    assert "Ce champ est requis" not in page
