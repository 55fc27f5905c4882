"""/settings/."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.db import Database
from app.models import User
from app.services.identity import person_of

CHOICE = {
    "display_name": "Alice M.",
    "zone": "Indian/Reunion",
    "day_start_hour": "6",
    "new_per_day": "20",
    "reviews_per_day": "100",
    "grade_scale": "full",
    "locale": "en",
    "theme": "dark",
}


def person(db: Database, user_id: int) -> Any:
    """The person as stored."""
    with db.reading() as session:
        return person_of(session.get_one(User, user_id))


def test_what_is_chosen_is_kept(client: FlaskClient, db: Database, log_in: Any) -> None:
    who = log_in()

    reply = client.post("/settings/", data=CHOICE)

    kept = person(db, who.id)
    assert (reply.status_code, reply.location) == (303, "/settings/")
    assert (kept.display_name, kept.zone, kept.day_start_hour) == ("Alice M.", "Indian/Reunion", 6)
    assert (kept.new_per_day, kept.reviews_per_day, kept.grade_scale) == (20, 100, "full")
    assert (kept.locale, kept.theme, kept.shortcuts) == ("en", "dark", False)


def test_the_page_shows_what_was_chosen(client: FlaskClient, log_in: Any) -> None:
    log_in(zone="Asia/Kathmandu", new_per_day=7)

    page = client.get("/settings/").text

    assert '<option selected value="Asia/Kathmandu">' in page
    assert 'value="7"' in page


def test_a_city_is_found_by_its_name_in_the_language_of_the_page(client: FlaskClient, log_in: Any) -> None:
    log_in(locale="fr")

    page = client.get("/settings/").text

    assert '<optgroup label="Europe">' in page
    assert '<option value="Europe/London">Londres</option>' in page


def test_everything_wrong_is_said_at_once_and_what_was_typed_stays(
    client: FlaskClient, db: Database, log_in: Any
) -> None:
    who = log_in()
    bad = {"display_name": "x" * 65, "new_per_day": "many", "reviews_per_day": "10000", "zone": "Mars/Olympus"}

    reply = client.post("/settings/", data=CHOICE | bad)

    assert reply.status_code == 400
    assert [f'id="{field}-error"' in reply.text for field in bad] == [True] * 4
    assert 'value="many"' in reply.text
    assert person(db, who.id) == who


@pytest.mark.parametrize(
    ("field", "value"),
    [("day_start_hour", "13"), ("day_start_hour", "x"), ("theme", "sepia"), ("locale", "de"), ("grade_scale", "stars")],
)
def test_what_is_not_offered_is_refused(client: FlaskClient, db: Database, log_in: Any, field: str, value: str) -> None:
    who = log_in()

    assert client.post("/settings/", data=CHOICE | {field: value}).status_code == 400
    assert person(db, who.id) == who


@pytest.mark.parametrize("value", ["many", "", "10000", "-1", "1_0", "٣", "1.5", "9" * 5000])
@pytest.mark.parametrize(
    ("locale", "sentence"),
    [("fr", "Saisissez un nombre entier de 0 à 9\u202f999."), ("en", "Type a whole number from 0 to 9,999.")],
)
def test_what_is_no_number_is_told_in_one_sentence_of_ours(
    value: str, locale: str, sentence: str, client: FlaskClient, db: Database, log_in: Any
) -> None:
    who = log_in(locale=locale)

    reply = client.post("/settings/", data=CHOICE | {"reviews_per_day": value})

    told = re.findall(r'<p class="error" id="reviews_per_day-error">.*?<span>(.*?)</span></p>', reply.text)
    assert (reply.status_code, told) == (400, [sentence])
    assert person(db, who.id) == who


@pytest.mark.parametrize(("field", "value"), [("day_start_hour", "0_6"), ("day_start_hour", "٣"), ("course_id", "٣")])
def test_a_choice_is_named_by_plain_digits(
    client: FlaskClient, db: Database, log_in: Any, field: str, value: str
) -> None:
    who = log_in()

    reply = client.post("/settings/", data=CHOICE | {field: value})

    assert reply.status_code == 400
    assert person(db, who.id) == who


def test_a_choice_that_is_not_offered_is_told_in_our_words(client: FlaskClient, log_in: Any) -> None:
    log_in(locale="fr")

    reply = client.post("/settings/", data=CHOICE | {"theme": "sepia", "day_start_hour": "x"})

    assert reply.text.count("Choisissez une des valeurs proposées.") == 2


def test_nothing_but_the_form_is_changed(client: FlaskClient, db: Database, log_in: Any) -> None:
    who = log_in()

    client.post("/settings/", data=CHOICE | {"role": "admin", "login": "root", "id": "1", "active": "", "user_id": "1"})

    kept = person(db, who.id)
    assert (kept.id, kept.role, kept.login) == (who.id, "learner", None)


def test_one_course_is_not_a_choice(client: FlaskClient, log_in: Any) -> None:
    log_in()

    assert 'name="course_id"' not in client.get("/settings/").text


def test_one_of_several_courses_is_chosen(client: FlaskClient, db: Database, log_in: Any, make_course: Any) -> None:
    who, other = log_in(), make_course("kubernetes")

    client.post("/settings/", data=CHOICE | {"course_id": str(other.id)})

    assert person(db, who.id).course_id == other.id


@pytest.mark.parametrize("course_id", ["404", "x", "9" * 30])
def test_a_course_that_is_not_there_is_refused(
    client: FlaskClient, db: Database, log_in: Any, make_course: Any, course_id: str
) -> None:
    who = log_in()
    make_course("kubernetes")

    assert client.post("/settings/", data=CHOICE | {"course_id": course_id}).status_code == 400
    assert person(db, who.id).course_id == who.course_id


def test_the_new_language_is_that_of_the_next_page(client: FlaskClient, log_in: Any) -> None:
    log_in(locale="fr")

    client.post("/settings/", data=CHOICE | {"locale": "en"})

    assert '<html lang="en"' in client.get("/settings/").text


def test_a_visitor_has_no_settings(client: FlaskClient) -> None:
    assert client.get("/settings/").location == "/account/log-in?next=/settings/"
