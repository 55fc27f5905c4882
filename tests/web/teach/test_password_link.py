"""A learner who lost their password: the teacher makes a link, the learner sets a new one."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db import Database
from app.services import accounts, classes
from app.services.identity import Person


@pytest.fixture
def class_with(db: Database, clock: Callable, make_user: Callable[..., Person]) -> Callable[[Person, Person], int]:
    """Return a function that makes a teacher's class with one learner in it."""

    def make(teacher: Person, learner: Person) -> int:
        with db.writing() as session:
            made = classes.create(session, teacher, "L3", teacher.course_id, clock())
            opened = classes.found(session, teacher, made)
            classes.join(session, learner, opened.join_code, "Alice", clock())
        return made

    return make


def test_a_link_made_by_the_teacher_sets_a_new_password_once(
    app: Flask,
    client: FlaskClient,
    log_in: Callable[..., Person],
    make_user: Callable[..., Person],
    class_with: Callable[[Person, Person], int],
) -> None:
    teacher, alice = log_in(role="teacher"), make_user("alice")
    class_id = class_with(teacher, alice)
    page = client.post(f"/teach/classes/{class_id}/members/{alice.id}/password-link")
    link = re.search(r"/account/reset/[\w-]+", page.text)
    assert link is not None

    replies = [
        app.test_client().post(
            link.group(), data={"password": "une phrase neuve", "password_again": "une phrase neuve"}
        )
        for _ in range(2)
    ]

    assert [reply.status_code for reply in replies] == [303, 404]


def test_a_guest_has_no_password_to_set(
    client: FlaskClient,
    log_in: Callable[..., Person],
    make_user: Callable[..., Person],
    class_with: Callable[[Person, Person], int],
) -> None:
    teacher, guest = log_in(role="teacher"), make_user()
    class_id = class_with(teacher, guest)

    reply = client.post(f"/teach/classes/{class_id}/members/{guest.id}/password-link")

    assert reply.status_code == 409
    assert "reset" not in reply.text


@pytest.mark.parametrize("change", ["leaves the class", "becomes a teacher"])
def test_a_link_ends_with_the_right_to_give_it(
    app: Flask,
    client: FlaskClient,
    db: Database,
    log_in: Callable[..., Person],
    make_user: Callable[..., Person],
    class_with: Callable[[Person, Person], int],
    change: str,
) -> None:
    teacher, alice = log_in(role="teacher"), make_user("alice")
    class_id = class_with(teacher, alice)
    page = client.post(f"/teach/classes/{class_id}/members/{alice.id}/password-link")
    link = re.search(r"/account/reset/[\w-]+", page.text)
    assert link is not None

    with db.writing() as session:
        if change == "leaves the class":
            classes.leave(session, alice, class_id, datetime.now(UTC))
        else:
            accounts.set_role(session, alice.id, "teacher")

    assert app.test_client().get(link.group()).status_code == 404
