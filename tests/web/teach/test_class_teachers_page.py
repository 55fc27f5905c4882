"""The page of the teachers of a class."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.db import Database
from app.services.classes import Taught
from app.services.identity import Person
from tests.classroom import open_class
from tests.conftest import Clock

MakeUser = Callable[..., Person]


@pytest.fixture
def bruno(log_in: Callable[..., Person]) -> Person:
    """The teacher whose browser `client` is."""
    return log_in(role="teacher", locale="en", login="bruno")


@pytest.fixture
def diane(make_user: MakeUser) -> Person:
    return make_user("diane", role="teacher")


@pytest.fixture
def taught(db: Database, clock: Clock, bruno: Person) -> Taught:
    return open_class(db, bruno, clock())


@pytest.fixture
def address(taught: Taught) -> str:
    return f"/teach/classes/{taught.id}/teachers"


def test_the_only_teacher_is_told_why_they_cannot_leave(client: FlaskClient, address: str) -> None:
    page = client.get(address).text

    assert "A class always has a teacher" in page
    assert "Leave the class…" not in page


def test_a_colleague_is_added_by_login_name(client: FlaskClient, address: str, diane: Person) -> None:
    page = client.post(address, data={"login": "Diane"}, follow_redirects=True)

    assert page.status_code == 200
    assert "diane teaches this class too." in page.text


@pytest.mark.parametrize("login", ["alice", "nobody"])
def test_a_name_of_no_teacher_is_refused_and_kept(
    client: FlaskClient, address: str, make_user: MakeUser, login: str
) -> None:
    make_user("alice")

    page = client.post(address, data={"login": login})

    assert page.status_code == 400
    assert f'value="{login}"' in page.text
    assert "No teacher has this login name." in page.text


def test_a_colleague_who_is_added_sees_the_class(
    client: FlaskClient, address: str, taught: Taught, diane: Person, log_in: Callable[..., Person]
) -> None:
    client.post(address, data={"login": "diane"})
    log_in(diane)

    assert client.get(f"/teach/classes/{taught.id}/").status_code == 200


def test_removing_a_colleague_is_asked_first(client: FlaskClient, address: str, diane: Person) -> None:
    client.post(address, data={"login": "diane"})

    asked = client.get(f"{address}/{diane.id}/remove")
    done = client.post(f"{address}/{diane.id}/remove", follow_redirects=True)

    assert "Take diane out of the teachers of this class?" in asked.text
    assert "diane no longer teaches this class." in done.text


def test_a_teacher_leaves_and_no_longer_sees_the_class(
    client: FlaskClient, address: str, taught: Taught, bruno: Person, diane: Person
) -> None:
    client.post(address, data={"login": "diane"})

    left = client.post(f"{address}/{bruno.id}/remove", follow_redirects=True)

    assert "You no longer teach" in left.text
    assert client.get(f"/teach/classes/{taught.id}/").status_code == 404


def test_the_last_teacher_who_leaves_all_the_same_is_told_what_to_do(
    client: FlaskClient, address: str, bruno: Person
) -> None:
    reply = client.post(f"{address}/{bruno.id}/remove")

    assert reply.status_code == 409
    assert "Add another teacher first" in reply.text
