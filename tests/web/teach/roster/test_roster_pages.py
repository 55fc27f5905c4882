"""The pages of a roster: a list in, slips out, who is who."""

import html
import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.db import Database
from app.models import Membership
from app.services import roster
from app.services.classes import Taught
from app.services.identity import Person
from app.services.roster import Line
from app.web.teach import invitations
from tests.classroom import enrol, open_class
from tests.conftest import Clock

LIST = "Nom complet;N° étudiant;Courriel;Tiers-temps\nAda Lovelace;E1;ada@example.org;1/3\nZoé Martin;E2;;\n"


class Desk:
    """A teacher in front of the pages of one class."""

    def __init__(self, client: FlaskClient, db: Database, teacher: Person, of: Taught) -> None:
        self.client, self.db, self.teacher, self.of = client, db, teacher, of
        self.address = f"/teach/classes/{of.id}/roster"

    def send(self, text: str, **fields: str) -> TestResponse:
        data = {"file": (BytesIO(text.encode("cp1252")), "liste.csv"), **fields}
        return self.client.post(self.address, data=data)

    def apply(self, page: TestResponse, **fields: str) -> TestResponse:
        hidden = dict(re.findall(r'name="(content|seen)" value="([^"]*)"', page.text))
        return self.client.post(f"{self.address}/apply", data={**hidden, **fields}, content_type="multipart/form-data")

    def lines(self) -> list[Line]:
        with self.db.reading() as session:
            return list(roster.lines(session, self.teacher, self.of.id))


@pytest.fixture
def desk(client: FlaskClient, db: Database, clock: Clock, log_in: Callable[..., Person]) -> Desk:
    teacher = log_in(role="teacher", locale="en")
    return Desk(client, db, teacher, open_class(db, teacher, clock()))


def test_a_list_is_shown_before_it_changes_anything(desk: Desk) -> None:
    page = desk.send(LIST)

    assert page.status_code == 200
    assert "Ada Lovelace" in page.text
    assert "Read as Windows-1252." in page.text
    assert '<option value="extra" selected>' in page.text
    assert desk.lines() == []


@pytest.mark.parametrize(("students", "waiting"), [(1, "1 has not joined yet"), (2, "2 have not joined yet")])
def test_who_has_not_joined_is_counted_in_the_right_number(desk: Desk, students: int, waiting: str) -> None:
    desk.apply(desk.send("\n".join(LIST.splitlines()[: students + 1])))

    assert waiting in desk.client.get(desk.address).text


def test_what_was_shown_is_applied(desk: Desk) -> None:
    reply = desk.apply(desk.send(LIST))

    assert reply.status_code == 303
    assert [(one.name, one.institution_id, one.extra_minutes) for one in desk.lines()] == [
        ("Ada Lovelace", "E1", 20),
        ("Zoé Martin", "E2", 0),
    ]
    assert "nothing to apply" in desk.send(LIST).text


def test_what_became_something_else_is_shown_again(desk: Desk) -> None:
    page = desk.send(LIST)
    desk.apply(desk.send(LIST.rsplit("Zoé", 1)[0]))

    reply = desk.apply(page)

    assert reply.status_code == 409
    assert "This is not what was shown" in reply.text
    assert len(desk.lines()) == 1


def test_a_problem_is_told_with_line_and_column_and_nothing_can_be_applied(desk: Desk) -> None:
    page = desk.send(LIST + "@home;E3;;beaucoup\n")

    text = html.unescape(page.text)
    assert "line 4, column 1 (Nom complet)" in text
    assert "line 4, column 4 (Tiers-temps)" in text
    assert "Apply to the roster" not in text
    assert desk.apply(page).status_code == 409


def test_a_workbook_is_told_how_to_become_a_list_and_shown_no_columns(desk: Desk) -> None:
    page = desk.send("PK\x03\x04\0xl/workbook.xml")

    assert page.text.count('<li class="column">') == 1
    assert "This is an Excel workbook: save it there as “CSV UTF-8”" in page.text
    assert "Is read as" not in page.text


def test_a_heading_is_said_to_be_skipped_and_the_list_is_applied(desk: Desk) -> None:
    page = desk.send("Liste des étudiants 2026\n\n" + LIST)

    assert "The titles are on line 3: what stands before them, “Liste des étudiants 2026”, was skipped." in page.text
    assert (desk.apply(page).status_code, len(desk.lines())) == (303, 2)


def test_nothing_is_said_to_be_skipped_where_titles_come_first(desk: Desk) -> None:
    assert "was skipped" not in desk.send(LIST).text


def test_columns_can_be_chosen_and_the_file_need_not_be_sent_again(desk: Desk) -> None:
    page = desk.send("qui;quoi\nAda;E1\n")
    hidden = dict(re.findall(r'name="(content|seen)" value="([^"]*)"', page.text))
    chosen = {"column-0": "name", "column-1": "id"}

    again = desk.client.post(
        desk.address, data={"content": hidden["content"], **chosen}, content_type="multipart/form-data"
    )
    desk.apply(again, **chosen)

    assert [(one.name, one.institution_id) for one in desk.lines()] == [("Ada", "E1")]


def test_a_list_with_headings_only_is_said_to_hold_nobody(desk: Desk) -> None:
    desk.apply(desk.send(LIST))

    page = desk.send("Nom;N° étudiant\n").text

    assert "No student is on this list" in page and "has all of it already" not in page


@pytest.mark.parametrize("content", ["", "!!!", "AAAA"])
def test_rubbish_given_back_is_no_accident(desk: Desk, content: str) -> None:
    reply = desk.client.post(desk.address, data={"content": content}, content_type="multipart/form-data")

    assert reply.status_code in {200, 400}


def test_no_file_is_said_at_the_field(desk: Desk) -> None:
    reply = desk.client.post(desk.address, data={})

    assert reply.status_code == 400
    assert "Choose a file." in reply.text


def test_each_slip_has_name_class_address_code_and_its_picture(desk: Desk) -> None:
    desk.apply(desk.send(LIST))

    page = desk.client.get(f"{desk.address}/slips")

    ada, zoe = desk.lines()
    assert all(part in page.text for part in ("Ada Lovelace", "Zoé Martin", "B2 Docker", ada.code, zoe.code, "/join/"))
    assert page.text.count("QR code of the link") == 2


def test_the_slips_of_a_long_roster_come_in_parts(desk: Desk) -> None:
    desk.apply(desk.send("Nom\n" + "".join(f"Élève {number:03}\n" for number in range(230))))

    first, last, none = (desk.client.get(f"{desk.address}/slips{part}").text for part in ("", "?part=3", "?part=9"))

    assert [page.count("QR code of the link") for page in (first, last, none)] == [100, 30, 100]
    assert "Part 3: 30 slips" in first
    assert "Élève 229" in last and "Élève 229" not in first


def test_slips_that_are_being_made_keep_no_second_thread(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.apply(desk.send(LIST))
    second: list[TestResponse] = []

    def meanwhile(*_args: object, **_more: object) -> str:
        monkeypatch.undo()
        second.append(desk.client.get(f"{desk.address}/slips"))
        return ""

    monkeypatch.setattr(invitations, "qr", meanwhile)
    first = desk.client.get(f"{desk.address}/slips")

    assert (first.status_code, [(reply.status_code, reply.headers["Retry-After"]) for reply in second]) == (
        200,
        [(503, "5")],
    )
    assert desk.client.get(f"{desk.address}/slips").status_code == 200


def test_a_visitor_with_a_slip_is_a_member_in_one_click(app: Flask, desk: Desk) -> None:
    desk.apply(desk.send(LIST))
    browser, code = app.test_client(), desk.lines()[0].code.lower()

    asked = browser.get(f"/join/?code={code}", follow_redirects=True)
    joined = browser.post(f"/join/{code}", follow_redirects=True)

    assert "Ada Lovelace" in asked.text
    assert "Ada Lovelace" in joined.text
    with desk.db.reading() as session:
        row = session.query(Membership).one()
        assert (row.name, row.institution_id, row.extra_minutes) == ("Ada Lovelace", "E1", 20)
    assert app.test_client().get(f"/join/{code}").status_code == 404


def test_a_slip_of_somebody_else_is_explained(client: FlaskClient, desk: Desk, log_in: Callable[..., Person]) -> None:
    desk.apply(desk.send(LIST))
    ada, zoe = desk.lines()
    log_in(role="learner", locale="en")
    client.post(f"/join/{ada.code}")

    page, reply = client.get(f"/join/{zoe.code}"), client.post(f"/join/{zoe.code}")

    assert "Ask your teacher which is right" in page.text
    assert reply.status_code == 409


def test_a_teacher_confirms_and_takes_back(
    desk: Desk, db: Database, make_user: Callable[..., Person], clock: Clock
) -> None:
    desk.apply(desk.send(LIST))
    member = enrol(db, desk.of, make_user("ada@example.org"), "ada", clock())
    address = f"{desk.address}/{desk.lines()[0].id}"

    asked = desk.client.get(address)
    linked = desk.client.post(address, data={"user_id": member.id})
    name = desk.lines()[0].member
    desk.client.post(f"{address}/unlink")

    assert "the login name is this e-mail address" in asked.text
    assert (linked.status_code, name) == (303, "Ada Lovelace")
    assert desk.lines()[0].user_id is None


def test_id_and_extra_time_are_changed_on_a_page(
    desk: Desk, db: Database, make_user: Callable[..., Person], clock: Clock
) -> None:
    member = enrol(db, desk.of, make_user(), "Ada", clock())
    address = f"/teach/classes/{desk.of.id}/members/{member.id}"

    reply = desk.client.post(address, data={"institution_id": "E9", "extra_minutes": "20"})
    refused = desk.client.post(address, data={"institution_id": "=9", "extra_minutes": "60"})

    assert (reply.status_code, refused.status_code) == (303, 400)
    assert "does not begin with = + - or @" in refused.text
    page = desk.client.get(f"/teach/classes/{desk.of.id}/manage").text
    assert "E9" in page
    assert "20 extra minutes an hour" in page


def test_titles_that_would_break_a_page_are_shown_as_text(desk: Desk) -> None:
    page = desk.send("<script>alert(1)</script>;nom\nx;Ada\n")

    assert "<script>alert" not in page.text
