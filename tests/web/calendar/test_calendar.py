"""/calendar/: the secret address, and the calendar at it, read as a calendar program reads it."""

import json
import logging
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select

from app.db import Database
from app.models import Base, Membership, Question
from app.services import plans
from app.services.identity import Person
from app.web.logs import JsonLines
from tests.conftest import Clock
from tests.hall import Hall, sit

EXAM = date(2026, 12, 3)


@pytest.fixture
def learner(
    db: Database, clock: Clock, log_in: Callable[..., Person], make_question: Callable[..., Question]
) -> Person:
    """A learner who reads English and has a plan of ten days on 30 cards."""
    for _ in range(30):
        make_question()
    return plan_of(db, clock, log_in(locale="en", display_name="Alice Martin"))


def plan_of(db: Database, clock: Clock, who: Person) -> Person:
    with db.writing() as session:
        plans.keep(session, who, plans.Wanted(EXAM, 10), clock())
    return who


@pytest.fixture
def program(app: Flask) -> FlaskClient:
    """A calendar program: it has no session."""
    return app.test_client()


def make(client: FlaskClient) -> str:
    """Make the address; its path."""
    page = client.post("/calendar/")
    assert page.status_code == 200
    [address] = re.findall(r'<code class="long">http://localhost(/calendar/[\w-]+\.ics)</code>', page.text)
    return str(address)


def titles(calendar: Calendar) -> list[str]:
    return [str(event["summary"]) for event in calendar.events]


def test_the_address_is_shown_once_and_opens_the_calendar_without_a_session(
    client: FlaskClient, program: FlaskClient, learner: Person
) -> None:
    address = make(client)

    reply = program.get(address)

    assert (reply.status_code, reply.content_type) == (200, "text/calendar; charset=utf-8")
    assert address not in client.get("/calendar/").text
    assert "Set-Cookie" not in reply.headers
    calendar = Calendar.from_ical(reply.data)
    assert titles(calendar)[0] == "Exam: Docker"
    assert calendar.events[0].decoded("dtstart") == EXAM
    assert calendar.events[1].decoded("dtstart") == date(2026, 11, 23)
    assert re.fullmatch(r"Rappel: \d+ cards?, about \d+ minutes?", titles(calendar)[1])


def test_today_has_the_words_of_the_home_page(client: FlaskClient, program: FlaskClient, learner: Person) -> None:
    calendar = Calendar.from_ical(program.get(make(client)).data)

    cards = re.search(r"\d+ cards", titles(calendar)[1])
    minutes = re.search(r"\d+ minutes", titles(calendar)[1])
    home = unescape(client.get("/").text)

    assert cards and minutes
    assert cards[0] in home
    assert minutes[0] in home


def test_the_titles_are_in_the_language_of_who_it_is_of(
    client: FlaskClient, db: Database, clock: Clock, log_in: Callable[..., Person], make_question: Callable[..., object]
) -> None:
    for _ in range(5):
        make_question()
    plan_of(db, clock, log_in(locale="fr"))

    content = client.get(make(client), headers={"Accept-Language": "en"}).data

    found = titles(Calendar.from_ical(content))
    assert found[0] == "Examen\u00a0: Docker"
    assert found[1].startswith("Rappel\u00a0: ")
    assert "environ" in found[1]
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_exams_of_classes_are_in_it_at_their_instants(
    client: FlaskClient,
    db: Database,
    clock: Clock,
    make_hall: Callable[..., Hall],
    make_user: Callable[..., Person],
    log_in: Callable[..., Person],
) -> None:
    hall = make_hall(opens_at=datetime(2026, 12, 1, 8, tzinfo=UTC), closes_at=datetime(2026, 12, 1, 10, tzinfo=UTC))
    log_in(plan_of(db, clock, sit(hall, make_user)))

    calendar = Calendar.from_ical(client.get(make(client)).data)

    [event] = [one for one in calendar.events if "Partiel" in one["summary"]]
    assert event.decoded("dtstart") == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert event.decoded("dtend") == datetime(2026, 12, 1, 10, tzinfo=UTC)
    assert event["url"] == f"http://localhost/exams/{hall.exam_id}/"


@pytest.mark.parametrize("closes_and_ends", [((9, 30), (10, 0)), ((10, 0), (10, 0)), ((11, 0), (11, 0))])
def test_an_exam_lasts_as_long_as_the_extra_time_of_who_it_is_of(
    client: FlaskClient,
    db: Database,
    clock: Clock,
    make_hall: Callable[..., Hall],
    make_user: Callable[..., Person],
    log_in: Callable[..., Person],
    closes_and_ends: tuple[tuple[int, int], tuple[int, int]],
) -> None:
    closes, ends = closes_and_ends
    opens_at = datetime(2026, 12, 1, 8, tzinfo=UTC)
    hall = make_hall(opens_at=opens_at, closes_at=datetime(2026, 12, 1, *closes, tzinfo=UTC), duration_s=90 * 60)
    who = plan_of(db, clock, sit(hall, make_user))
    with db.writing() as session:
        session.scalars(select(Membership).where(Membership.user_id == who.id)).one().extra_minutes = 20
    log_in(who)

    calendar = Calendar.from_ical(client.get(make(client)).data)

    [event] = [one for one in calendar.events if "Partiel" in one["summary"]]
    assert event.decoded("dtend") == datetime(2026, 12, 1, *ends, tzinfo=UTC)


def test_it_holds_no_name_and_nothing_of_a_question(
    client: FlaskClient,
    db: Database,
    clock: Clock,
    make_hall: Callable[..., Hall],
    make_user: Callable[..., Person],
    log_in: Callable[..., Person],
) -> None:
    hall = make_hall()
    log_in(plan_of(db, clock, sit(hall, make_user, "Alice")))

    content = client.get(make(client)).data.decode().replace("\r\n ", "")

    assert not any(word in content for word in ("Alice", "alice", "B2 Docker", "réseau", "bridge", "none"))


def test_looking_at_it_stores_nothing(client: FlaskClient, program: FlaskClient, db: Database, learner: Person) -> None:
    address = make(client)
    before = rows(db)

    program.get(address)

    assert rows(db) == before


def rows(db: Database) -> dict[str, list[object]]:
    with db.reading() as session:
        return {name: session.execute(select(table)).all() for name, table in Base.metadata.tables.items()}  # type: ignore[misc]


def test_what_did_not_change_is_not_sent_again_and_entries_keep_their_ids(
    client: FlaskClient, program: FlaskClient, clock: Clock, learner: Person
) -> None:
    address = make(client)
    first = program.get(address)
    clock.advance(hours=3)

    again = program.get(address, headers={"If-None-Match": first.headers["ETag"]})
    clock.advance(days=1)
    tomorrow = program.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert tomorrow.status_code == 200
    days = [
        {event.decoded("dtstart"): str(event["uid"]) for event in Calendar.from_ical(reply.data).events}
        for reply in (first, tomorrow)
    ]
    shared = days[0].keys() & days[1].keys()
    assert len(shared) > 1
    assert all(days[0][day] == days[1][day] for day in shared)
    assert len(set(days[0].values())) == len(days[0])


def test_it_is_kept_by_no_one_else_listed_nowhere_and_no_link_of_it_tells_the_address(
    client: FlaskClient, program: FlaskClient, learner: Person
) -> None:
    address = make(client)

    for reply in (program.get(address), program.get("/calendar/wrong.ics")):
        assert reply.headers["Cache-Control"] == "private, no-cache"
        assert reply.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in reply.headers["X-Robots-Tag"]


def test_a_revoked_address_and_a_wrong_one_are_not_found(
    client: FlaskClient, program: FlaskClient, learner: Person
) -> None:
    address = make(client)

    reply = client.post("/calendar/revoke", follow_redirects=True)

    assert "opens nothing any more" in reply.text
    assert [program.get(path).status_code for path in (address, "/calendar/wrong.ics")] == [404, 404]


def test_a_new_address_shuts_the_old_one(client: FlaskClient, program: FlaskClient, learner: Person) -> None:
    old = make(client)

    new = make(client)

    assert [program.get(path).status_code for path in (old, new)] == [404, 200]


def test_an_erased_account_takes_its_calendar_along(client: FlaskClient, program: FlaskClient, learner: Person) -> None:
    address = make(client)

    client.post("/account/erase", data={"sure": "y"})

    assert program.get(address).status_code == 404


def test_who_tries_addresses_is_asked_to_wait_while_calendars_are_still_read(
    client: FlaskClient, program: FlaskClient, learner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = make(client)

    found = [program.get(f"/calendar/guess-{number}.ics").status_code for number in range(301)]

    assert (found[299], found[300]) == (404, 429)
    assert program.get(address).status_code == 200  # from the same address: a school has one
    assert program.get("/calendar/guess.ics").headers["Retry-After"].isdigit()
    assert program.get("/calendar/guess.ics", environ_overrides={"REMOTE_ADDR": "192.0.2.7"}).status_code == 404


def test_one_calendar_is_read_so_often_and_no_more(client: FlaskClient, program: FlaskClient, learner: Person) -> None:
    address = make(client)

    found = [program.get(address).status_code for _ in range(121)]

    assert (found[119], found[120]) == (200, 429)


def test_the_address_is_in_no_line_of_the_log(
    client: FlaskClient, program: FlaskClient, learner: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    address = make(client)

    for _ in range(122):  # the last ones are refused
        program.get(address)

    written = json.dumps([JsonLines().format(record) for record in caplog.records])
    assert "/calendar/<code>.ics" in written
    assert address.removeprefix("/calendar/").removesuffix(".ics") not in written


def test_without_a_plan_the_page_leads_to_one(client: FlaskClient, log_in: Callable[..., Person]) -> None:
    log_in(locale="en")

    page = client.get("/calendar/")

    assert "give the day of an exam first" in page.text
    assert 'action="/calendar/"' not in page.text
    assert client.post("/calendar/").status_code == 404


def test_the_plan_leads_to_its_calendar(client: FlaskClient, learner: Person) -> None:
    assert 'href="/calendar/"' in client.get("/plan/").text
