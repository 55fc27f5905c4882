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
        retention.keep_for(session, admin, class_id, 30)

    assert "this happens from Wednesday 23 December on" in client.get(f"/teach/classes/{class_id}/manage").text
