"""Joining a class by its code, and leaving it."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.db import Database
from app.models import Membership, User
from app.services import classes
from app.services.classes import Taught
from app.services.identity import Person
from tests.classroom import enrol, open_class
from tests.conftest import Clock


@pytest.fixture
def taught(db: Database, clock: Clock, make_user: Callable[..., Person]) -> Taught:
    return open_class(db, make_user(role="teacher"), clock())


def count(db: Database, table: type[Membership] | type[User]) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_visitor_sees_the_class_and_is_asked_for_a_name(client: FlaskClient, taught: Taught) -> None:
    page = client.get(f"/join/{taught.join_code}", headers={"Accept-Language": "en"})

    assert page.status_code == 200
    assert "B2 Docker" in page.text
    assert "Your name in this class" in page.text


def test_opening_the_page_joins_nobody(client: FlaskClient, db: Database, taught: Taught) -> None:
    people = count(db, User)

    client.get(f"/join/{taught.join_code}")

    assert (count(db, Membership), count(db, User)) == (0, people)


def test_a_visitor_joins_as_a_guest_and_is_in(client: FlaskClient, db: Database, taught: Taught) -> None:
    reply = client.post(f"/join/{taught.join_code}", data={"name": "Ada"})

    assert reply.status_code == 303
    with db.reading() as session:
        user = session.scalars(select(User).join(Membership, Membership.user_id == User.id)).one()
        assert (user.login, user.role, user.display_name) == (None, "learner", "Ada")
    assert client.get("/join/").text.count("B2 Docker") > 0


def test_a_visitor_who_types_no_name_makes_nobody(client: FlaskClient, db: Database, taught: Taught) -> None:
    people = count(db, User)

    reply = client.post(f"/join/{taught.join_code}", data={"name": " "})

    assert reply.status_code == 400
    assert (count(db, Membership), count(db, User)) == (0, people)


def test_a_name_that_cannot_be_shown_makes_nobody(client: FlaskClient, db: Database, taught: Taught) -> None:
    people = count(db, User)

    reply = client.post(f"/join/{taught.join_code}", data={"name": "Ada\u202e"})

    assert reply.status_code == 400
    assert (count(db, Membership), count(db, User)) == (0, people)


def test_joining_twice_changes_nothing(client: FlaskClient, db: Database, taught: Taught) -> None:
    for name in ("Ada", "Bob", ""):
        assert client.post(f"/join/{taught.join_code}", data={"name": name}).status_code == 303

    with db.reading() as session:
        assert session.scalars(select(Membership.name)).all() == ["Ada"]


def test_a_member_is_told_so(
    client: FlaskClient, db: Database, clock: Clock, taught: Taught, log_in: Callable[..., Person]
) -> None:
    enrol(db, taught, log_in(locale="en"), "Ada", clock())

    assert "You belong to this class, as Ada." in client.get(f"/join/{taught.join_code}").text


def test_a_teacher_joins_nothing(
    client: FlaskClient, db: Database, taught: Taught, log_in: Callable[..., Person]
) -> None:
    log_in(role="teacher")

    assert client.get(f"/join/{taught.join_code}").status_code == 200
    assert client.post(f"/join/{taught.join_code}", data={"name": "Ada"}).status_code == 409
    assert count(db, Membership) == 0


def test_an_account_can_be_used_and_comes_back_to_the_class(client: FlaskClient, taught: Taught) -> None:
    assert f"next=/join/{taught.join_code}" in client.get(f"/join/{taught.join_code}").text


@pytest.mark.parametrize("code", ["AAA-AAA-AAA", "x", "%00", "..%2f..", "leave"])
def test_a_code_that_opens_nothing_is_not_found(client: FlaskClient, taught: Taught, code: str) -> None:
    assert client.get(f"/join/{code}").status_code == 404
    assert client.post(f"/join/{code}", data={"name": "Ada"}).status_code == 404


def test_a_typed_code_leads_to_its_class(client: FlaskClient, taught: Taught) -> None:
    reply = client.get("/join/", query_string={"code": f" {str(taught.join_code).lower()} "})

    assert reply.status_code == 303
    assert client.get(reply.location).status_code == 200


def test_a_wrong_typed_code_is_kept_and_explained(client: FlaskClient, taught: Taught) -> None:
    page = client.get("/join/?code=KQ7-M4X-9TB")

    assert page.status_code == 404
    assert 'value="KQ7-M4X-9TB"' in page.text
    assert 'aria-invalid="true"' in page.text


def test_codes_cannot_be_tried_for_ever(client: FlaskClient, taught: Taught) -> None:
    replies = [client.get("/join/AAA-AAA-AAA").status_code for _ in range(301)]

    assert replies == [404] * 300 + [429]


def test_a_class_that_arrives_together_behind_one_address_gets_in(app: Flask, db: Database, taught: Taught) -> None:
    replies = [
        app.test_client().post(f"/join/{taught.join_code}", data={"name": f"Name {number}"}) for number in range(60)
    ]

    assert {reply.status_code for reply in replies} == {303}
    assert count(db, Membership) == 60


def test_guests_of_the_front_page_and_of_a_class_are_counted_together_and_once(app: Flask, taught: Taught) -> None:
    address = f"/join/{taught.join_code}"

    fronts = [app.test_client().post("/account/guest").status_code for _ in range(299)]
    joins = [app.test_client().post(address, data={"name": f"Name {number}"}).status_code for number in range(2)]

    assert set(fronts) == {303}
    assert joins == [303, 429]


def test_leaving_a_class_takes_one_out_of_it_only(
    client: FlaskClient, db: Database, clock: Clock, taught: Taught, log_in: Callable[..., Person]
) -> None:
    learner = log_in()
    enrol(db, taught, learner, "Ada", clock())

    reply = client.post(f"/join/leave/{taught.id}")

    assert reply.status_code == 303
    with db.reading() as session:
        assert classes.belongings(session, learner) == []
        assert session.get(User, learner.id) is not None


def test_a_class_one_is_not_in_cannot_be_left(
    client: FlaskClient, taught: Taught, log_in: Callable[..., Person]
) -> None:
    log_in()

    assert client.post(f"/join/leave/{taught.id}").status_code == 404
