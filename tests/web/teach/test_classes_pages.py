"""The teacher's pages of classes."""

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from app.db import Database
from app.models import Question
from app.services import classes
from app.services.classes import Taught
from app.services.identity import Person
from app.srs.answering import Kind
from app.srs.sm2 import Grade
from tests.classroom import answer, enrol, open_class
from tests.conftest import Clock

MakeUser = Callable[..., Person]
MakeQuestion = Callable[..., Question]
PAGES = ("", "again", "invite", "manage", "overrides", "scores", "teachers")
CHANGES = ("manage", "code", "close", "archive", "teachers")


@pytest.fixture
def teacher(log_in: Callable[..., Person]) -> Person:
    """The teacher whose browser `client` is."""
    return log_in(role="teacher", locale="en", login="roussel")


@pytest.fixture
def taught(db: Database, clock: Clock, teacher: Person) -> Taught:
    return open_class(db, teacher, clock())


def test_a_teacher_without_a_class_is_told_what_to_do(client: FlaskClient, teacher: Person) -> None:
    page = client.get("/teach/")

    assert page.status_code == 200
    assert "No class yet" in page.text
    assert "Open the class" in page.text


def test_opening_a_class_leads_to_its_code(client: FlaskClient, db: Database, teacher: Person, course: Any) -> None:
    reply = client.post("/teach/", data={"name": "B2 Docker", "course_id": course.id})

    assert reply.status_code == 303
    with db.reading() as session:
        code = classes.found(session, teacher, 1).join_code
    assert code and code in client.get(reply.location).text


@pytest.mark.parametrize("course_id", ["", "0", "x", "99", "9" * 40, "²"])
def test_a_class_of_no_course_is_refused_and_its_name_kept(
    client: FlaskClient, teacher: Person, course_id: str
) -> None:
    page = client.post("/teach/", data={"name": "B2 Docker", "course_id": course_id})

    assert page.status_code == 400
    assert 'value="B2 Docker"' in page.text


def test_a_class_without_a_name_is_refused(client: FlaskClient, teacher: Person, course: Any) -> None:
    page = client.post("/teach/", data={"name": "  ", "course_id": course.id})

    assert page.status_code == 400
    assert 'aria-invalid="true"' in page.text


def test_a_learner_has_no_teachers_side(client: FlaskClient, log_in: Callable[..., Person]) -> None:
    log_in()

    assert client.get("/teach/").status_code == 403
    assert client.post("/teach/", data={"name": "B2"}).status_code == 403


def test_a_visitor_is_sent_to_log_in(client: FlaskClient) -> None:
    reply = client.get("/teach/")

    assert reply.status_code == 303
    assert "/account/log-in" in reply.location


@pytest.mark.parametrize("path", PAGES)
def test_another_teachers_class_is_not_there(
    client: FlaskClient, taught: Taught, log_in: Callable[..., Person], path: str
) -> None:
    log_in(role="teacher")

    assert client.get(f"/teach/classes/{taught.id}/{path}").status_code == 404


@pytest.mark.parametrize("path", CHANGES)
def test_another_teacher_changes_nothing(
    client: FlaskClient, db: Database, teacher: Person, taught: Taught, log_in: Callable[..., Person], path: str
) -> None:
    log_in(role="teacher")

    assert client.post(f"/teach/classes/{taught.id}/{path}", data={"name": "X"}).status_code == 404
    with db.reading() as session:
        assert classes.found(session, teacher, taught.id) == taught


@pytest.mark.parametrize("path", PAGES)
def test_an_admin_opens_every_class(
    client: FlaskClient, taught: Taught, log_in: Callable[..., Person], path: str
) -> None:
    log_in(role="admin")

    assert client.get(f"/teach/classes/{taught.id}/{path}").status_code == 200


def test_a_class_without_members_says_how_they_come(client: FlaskClient, taught: Taught) -> None:
    assert "Nobody has joined yet" in client.get(f"/teach/classes/{taught.id}/").text


def test_a_class_shows_what_its_members_remember(
    client: FlaskClient,
    db: Database,
    clock: Clock,
    taught: Taught,
    make_user: MakeUser,
    make_question: MakeQuestion,
) -> None:
    ada = enrol(db, taught, make_user(), "Ada Lovelace", clock())
    answer(db, ada, make_question(), Grade.GOOD, clock())
    answer(db, ada, make_question(), Grade.WRONG, clock())

    page = client.get(f"/teach/classes/{taught.id}/")

    assert "Ada Lovelace" in page.text
    assert "50%" in page.text


def test_a_name_is_shown_and_never_run(
    client: FlaskClient, db: Database, clock: Clock, taught: Taught, make_user: MakeUser
) -> None:
    enrol(db, taught, make_user(), "<script>alert(1)</script>", clock())

    assert "<script>alert" not in client.get(f"/teach/classes/{taught.id}/").text


def names(page: str) -> list[str]:
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [part.split("<")[0] for part in body.split('<th scope="row">')[1:]]


@pytest.fixture
def trio(
    db: Database, clock: Clock, taught: Taught, make_user: MakeUser, make_question: MakeQuestion
) -> tuple[str, ...]:
    """Three members: Ada recalls nothing, Bob everything, Zoé never answered."""
    question = make_question()
    ada, bob, _ = (enrol(db, taught, make_user(), name, clock()) for name in ("Ada", "Bob", "Zoé"))
    answer(db, ada, question, Grade.WRONG, clock() - timedelta(days=1))
    answer(db, bob, question, Grade.GOOD, clock())
    return ("Ada", "Bob", "Zoé")


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["Ada", "Bob", "Zoé"]),
        ("-name", ["Zoé", "Bob", "Ada"]),
        ("retention", ["Ada", "Bob", "Zoé"]),
        ("-retention", ["Bob", "Ada", "Zoé"]),
        ("-last", ["Bob", "Ada", "Zoé"]),
        ("due", ["Bob", "Zoé", "Ada"]),
        ("nonsense", ["Ada", "Bob", "Zoé"]),
        ("--name", ["Ada", "Bob", "Zoé"]),
    ],
)
def test_a_column_sorts_the_members_and_leaves_the_empty_ones_last(
    client: FlaskClient, taught: Taught, trio: tuple[str, ...], sort: str, expected: list[str]
) -> None:
    assert names(client.get(f"/teach/classes/{taught.id}/?sort={sort}").text) == expected


def test_an_accent_does_not_put_a_name_last(
    client: FlaskClient, db: Database, clock: Clock, taught: Taught, make_user: MakeUser
) -> None:
    for name in ("Zoé", "Élise", "Eve", "Œdipe"):
        enrol(db, taught, make_user(), name, clock())

    assert names(client.get(f"/teach/classes/{taught.id}/").text) == ["Élise", "Eve", "Œdipe", "Zoé"]


def test_the_sorted_column_says_so_and_its_link_turns_it_round(
    client: FlaskClient, taught: Taught, trio: tuple[str, ...]
) -> None:
    page = client.get(f"/teach/classes/{taught.id}/?sort=due").text

    assert page.count('aria-sort="ascending"') == 1
    assert "sort=-due" in page


@pytest.mark.parametrize(
    ("show", "squares"),
    [
        ("ready", "0 99 –"),
        ("retained", "0 100 –"),
        ("seen", "100 100 –"),
        ("settled", "0 0 –"),
        ("nonsense", "0 99 –"),
    ],
)
def test_topics_are_shown_with_their_values(
    client: FlaskClient, taught: Taught, trio: tuple[str, ...], show: str, squares: str
) -> None:
    page = client.get(f"/teach/classes/{taught.id}/?show={show}").text

    table = page.partition('<table class="heat">')[2].partition("</tbody>")[0]
    assert re.sub("<[^>]+>|\\s+", " ", table.partition("<tbody>")[2]).split()[1::2] == squares.split()


def test_who_has_been_silent_for_a_week_is_named_first(
    client: FlaskClient, clock: Clock, taught: Taught, trio: tuple[str, ...], log_in: Callable[..., Person]
) -> None:
    clock.advance(days=7)

    page = client.get(f"/teach/classes/{taught.id}/").text

    assert "Who slips" in page
    assert "No answer for 8 days." in page
    assert "Joined 7 days ago, no answer yet." in page
    assert "Ask whether all is well." in page


@pytest.fixture
def page_of(
    client: FlaskClient, db: Database, clock: Clock, taught: Taught, make_user: MakeUser, make_question: MakeQuestion
) -> Callable[..., str]:
    """Return a function that lets some of two members recall a card, and reads the page of their class."""

    def page(*answering: str, kind: Kind | None = None) -> str:
        question = make_question()
        members = {name: enrol(db, taught, make_user(), name, clock()) for name in ("Ada", "Bob")}
        for name in answering:
            answer(db, members[name], question, Grade.GOOD, clock(), kind)
        return client.get(f"/teach/classes/{taught.id}/").text

    return page


@pytest.mark.parametrize(
    ("answering", "told"),
    [
        ((), "Nobody has answered yet"),
        (("Ada",), "Nobody slips so far; not everybody has answered this week."),
        (("Ada", "Bob"), "Nobody slips: everybody answered this week."),
    ],
)
@pytest.mark.parametrize("kind", [None, Kind.PRACTICE])
def test_of_a_class_in_which_nobody_slips_is_said_who_answered(
    page_of: Callable[..., str], answering: tuple[str, ...], told: str, kind: Kind | None
) -> None:
    assert told in page_of(*answering, kind=kind)


def test_the_qr_code_is_drawn_by_the_server_without_any_style(client: FlaskClient, taught: Taught) -> None:
    page = client.get(f"/teach/classes/{taught.id}/invite").text

    assert "<svg" in page
    assert "style=" not in page
    assert f"http://localhost/join/{taught.join_code}" in page


def test_replacing_the_code_shows_another(client: FlaskClient, taught: Taught) -> None:
    reply = client.post(f"/teach/classes/{taught.id}/code", follow_redirects=True)

    assert reply.status_code == 200
    assert str(taught.join_code) not in reply.text


def test_a_closed_class_offers_a_new_code(client: FlaskClient, taught: Taught) -> None:
    reply = client.post(f"/teach/classes/{taught.id}/close", follow_redirects=True)

    assert "Make a new code" in reply.text
    assert client.get(f"/join/{taught.join_code}").status_code == 404


def test_a_class_is_renamed(client: FlaskClient, taught: Taught) -> None:
    reply = client.post(f"/teach/classes/{taught.id}/manage", data={"name": "B3 Docker"}, follow_redirects=True)

    assert '<h1 id="title">B3 Docker</h1>' in reply.text


def test_a_class_that_was_put_away_can_come_back(client: FlaskClient, taught: Taught) -> None:
    away = client.post(f"/teach/classes/{taught.id}/archive", follow_redirects=True)
    back = client.post(f"/teach/classes/{taught.id}/archive", data={"back": "1"}, follow_redirects=True)

    assert "1 class put away" in away.text
    assert "put away" not in back.text.split("<main")[1].split("</main>")[0]


def test_removing_a_member_is_asked_first(
    client: FlaskClient, db: Database, clock: Clock, teacher: Person, taught: Taught, make_user: MakeUser
) -> None:
    ada = enrol(db, taught, make_user(), "Ada", clock())
    address = f"/teach/classes/{taught.id}/members/{ada.id}/remove"

    asked = client.get(address)
    with db.reading() as session:
        before = classes.members(session, teacher, taught.id)
    done = client.post(address)

    assert "Remove Ada from the class?" in asked.text
    assert [one.own_name for one in before] == ["Ada"]
    assert done.status_code == 303
    with db.reading() as session:
        assert classes.members(session, teacher, taught.id) == []


def test_only_members_can_be_removed(client: FlaskClient, taught: Taught, make_user: MakeUser) -> None:
    stranger = make_user()

    assert client.post(f"/teach/classes/{taught.id}/members/{stranger.id}/remove").status_code == 404


def test_an_answer_declared_right_is_shown(
    client: FlaskClient, db: Database, clock: Clock, taught: Taught, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    ada = enrol(db, taught, make_user(), "Ada", clock())
    typed = {"type": "short_answer", "level": 1, "accept": ["docker ps"]}
    words = {"text": {"fr": "Quoi ?", "en": "What?"}, "explanation": {"fr": "Ceci.", "en": "This."}}
    question = make_question(**typed, **words)
    answer(db, ada, question, Grade.GOOD, clock(), overridden=True, response={"text": "docker list"})

    page = re.sub("<[^>]+>", "", client.get(f"/teach/classes/{taught.id}/overrides").text)

    assert all(text in page for text in ("Ada", "docker list", "docker ps", "What?"))
    assert "1 typed answer" in client.get(f"/teach/classes/{taught.id}/").text


def test_the_french_file_opens_with_a_double_click(
    client: FlaskClient, db: Database, clock: Clock, taught: Taught, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    ada = enrol(db, taught, make_user(), "=1+1", clock())
    answer(db, ada, make_question(), Grade.GOOD, clock())

    reply = client.post(f"/teach/classes/{taught.id}/scores", data={"file": "progress.fr"})

    rows = list(csv.reader(io.StringIO(reply.data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0][:4] == ["Nom", "N° d’établissement", "Inscription", "Dernière réponse"]
    assert rows[1][:10] == ["'=1+1", "", "2026-11-23", "2026-11-23", "1", "1", "1", "0", "0", "100,0"]


def test_the_workbook_keeps_names_as_texts_and_numbers_as_numbers(
    client: FlaskClient, db: Database, clock: Clock, taught: Taught, make_user: MakeUser, make_question: MakeQuestion
) -> None:
    ada = enrol(db, taught, make_user(), "=1+1", clock())
    answer(db, ada, make_question(), Grade.GOOD, clock())

    reply = client.post(f"/teach/classes/{taught.id}/scores", data={"file": "progress.xlsx"})

    sheet: Any = load_workbook(io.BytesIO(reply.data)).active
    assert [(sheet[cell].data_type, sheet[cell].value) for cell in ("A2", "J2")] == [("s", "=1+1"), ("n", 100)]


def test_the_file_is_named_by_class_and_day_in_every_browser(
    client: FlaskClient, db: Database, clock: Clock, teacher: Person
) -> None:
    made = open_class(db, teacher, clock(), 'Été "2026"; ../x')

    reply = client.post(f"/teach/classes/{made.id}/scores", data={"file": "progress.fr"})
    reply.close()
    header = reply.headers["Content-Disposition"]

    assert header.startswith("attachment; filename=")
    assert "Ete" in header
    assert "filename*=UTF-8''%C3%89t%C3%A9" in header
    assert "/" not in header


def test_a_file_type_that_is_not_made_is_not_found(client: FlaskClient, taught: Taught) -> None:
    assert client.post(f"/teach/classes/{taught.id}/scores", data={"file": "progress.ods"}).status_code == 400


def test_the_class_page_costs_the_same_for_one_member_as_for_many(
    client: FlaskClient, db: Database, clock: Clock, taught: Taught, make_user: MakeUser, count_statements: Any
) -> None:
    enrol(db, taught, make_user(), "Ada", clock())
    with count_statements(db) as one:
        client.get(f"/teach/classes/{taught.id}/")
    for number in range(20):
        enrol(db, taught, make_user(), f"Name {number}", clock())

    with count_statements(db) as many:
        client.get(f"/teach/classes/{taught.id}/")

    assert len(one) == len(many)
