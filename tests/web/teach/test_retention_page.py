"""/teach/classes/<id>/retention, and its form on the page of management."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.db import Database
from app.services import classes, retention
from app.services.identity import Person
from tests.classroom import open_class
from tests.conftest import Clock


@pytest.fixture
def class_id(db: Database, clock: Clock, log_in: Callable[..., Person]) -> int:
    """A class of the teacher in front."""
    return open_class(db, log_in(role="teacher", locale="en"), clock()).id


def test_the_page_of_management_says_what_is_deleted_and_after_how_long(client: FlaskClient, class_id: int) -> None:
    page = client.get(f"/teach/classes/{class_id}/manage").text

    assert "365 days after the class was put away, these are deleted for good" in page
    assert 'value="365"' in page


def test_another_number_of_days_is_kept(client: FlaskClient, class_id: int) -> None:
    reply = client.post(f"/teach/classes/{class_id}/retention", data={"days": "90"}, follow_redirects=True)

    assert "90 days after the class was put away" in reply.text


@pytest.mark.parametrize("days", ["", "29", "3651", "a year", "-1"])
def test_what_is_no_number_of_days_is_refused_and_explained(client: FlaskClient, class_id: int, days: str) -> None:
    reply = client.post(f"/teach/classes/{class_id}/retention", data={"days": days})

    assert reply.status_code == 400
    assert "Type a whole number from 30 to 3,650." in reply.text


def test_a_class_put_away_says_from_which_day(
    client: FlaskClient, db: Database, clock: Clock, class_id: int, make_user: Callable[..., Person]
) -> None:
    admin = make_user(role="admin")
    with db.writing() as session:
        classes.archive(session, admin, class_id, clock())
        retention.keep_for(session, admin, class_id, 30, clock())

    assert "this happens from Wednesday 23 December on" in client.get(f"/teach/classes/{class_id}/manage").text


@pytest.fixture
def put_away(db: Database, clock: Clock, class_id: int, make_user: Callable[..., Person]) -> int:
    """The class, put away a hundred days ago; its attempts are kept for a year."""
    admin = make_user(role="admin")
    with db.writing() as session:
        classes.archive(session, admin, class_id, clock())
    clock.advance(days=100)
    return class_id


def test_days_that_are_over_already_are_kept_once_it_is_confirmed(
    client: FlaskClient, put_away: int, log_in: Callable[..., Person]
) -> None:
    log_in(role="admin", locale="en")
    address = f"/teach/classes/{put_away}/retention"

    asked = client.post(address, data={"days": "100"})
    done = client.post(address, data={"days": "100", "sure": "y"}, follow_redirects=True)

    assert asked.status_code == 400 and "would be deleted for good" in asked.text
    assert "Delete them now, for good" in asked.text and "Delete them now" not in client.get(address).text
    assert "since Wednesday 3 March, nothing of this is kept" in done.text


@pytest.mark.parametrize("days", ["101", "3650"])
def test_days_that_are_not_over_need_no_confirmation(
    client: FlaskClient, put_away: int, log_in: Callable[..., Person], days: str
) -> None:
    log_in(role="admin")

    assert client.post(f"/teach/classes/{put_away}/retention", data={"days": days}).status_code == 303
