"""The pages of uploads: send a file, read what it would change, apply it or give it up."""

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from app.db import Database
from app.models import Course, Objective, Question, Topic, Upload
from app.services import upload_names, uploading
from app.services.identity import Person
from tests.bank.packing import both, question, written, zipped
from tests.bank.packing import course as course_file

SENT = "/teach/bank/upload"
LOOP = question("knots-loop", "knots.bowline")
COURSE = zipped({"course.yaml": course_file("sea"), "knots.yaml": [LOOP]})


@pytest.fixture
def teacher(log_in: Callable[..., Person]) -> Person:
    return log_in(role="teacher", locale="en", display_name="Bruno")


@pytest.fixture
def goal(db: Database, course: Course) -> Objective:
    """An objective that questions of the tests examine."""
    with db.writing() as session:
        topic = session.scalars(select(Topic.id).where(Topic.course_id == course.id)).first()
        texts = {"text_fr": "Un fait.", "text_en": "A fact.", "section": "Réseau", "complement": False}
        made = Objective(course_id=course.id, topic_id=topic, slug="knots.bowline", weight=2, **texts)
        session.add(made)
    return made


@pytest.fixture
def send(client: FlaskClient, teacher: Person, goal: Objective) -> Callable[..., TestResponse]:
    """Return a function that sends a file."""

    def post(content: Any, name: str = "mine.yaml", **fields: str) -> TestResponse:
        data = content if isinstance(content, bytes) else written(content)
        return client.post(SENT, **body({"course_id": str(goal.course_id), **fields}, data, name))

    return post


def body(fields: Mapping[str, str], content: bytes | None = None, name: str = "a.yaml") -> dict[str, Any]:
    """The body of a request as a browser writes it."""
    parts = [
        f'Content-Disposition: form-data; name="{field}"\r\n\r\n{value}'.encode() for field, value in fields.items()
    ]
    if content is not None:
        quoted = name.replace('"', "%22")
        parts.append(f'Content-Disposition: form-data; name="file"; filename="{quoted}"\r\n\r\n'.encode() + content)
    whole = b"".join(b"--limit\r\n" + part + b"\r\n" for part in parts) + b"--limit--\r\n"
    return {"data": whole, "content_type": "multipart/form-data; boundary=limit"}


def shown_on(page: TestResponse) -> dict[str, str]:
    """The form that applies what the page shows."""
    found = re.search(r'name="shown" value="([0-9a-f]{64})"', page.text)
    return {"shown": found[1] if found else ""}


def slugs(db: Database) -> list[str]:
    with db.reading() as session:
        return list(session.scalars(select(Question.slug).order_by(Question.id)))


def test_a_file_leads_to_the_page_of_what_it_would_change(
    client: FlaskClient, send: Callable[..., TestResponse], db: Database
) -> None:
    reply = send([LOOP])
    page = client.get(reply.location)

    assert (reply.status_code, page.status_code) == (303, 200)
    assert "Which knot makes a loop (knots-loop)?" in page.text
    assert "Apply to the bank" in page.text
    assert slugs(db) == []


def test_the_page_applies_it(client: FlaskClient, send: Callable[..., TestResponse], db: Database) -> None:
    address = send([LOOP]).location

    reply = client.post(f"{address}/apply", data=shown_on(client.get(address)))
    page = client.get(reply.location)

    assert (reply.status_code, reply.location, slugs(db)) == (303, address, ["knots-loop"])
    assert "1 question added." in page.text
    assert "Apply to the bank" not in page.text


def test_a_double_click_applies_once(client: FlaskClient, send: Callable[..., TestResponse], db: Database) -> None:
    address = send([LOOP]).location
    form = shown_on(client.get(address))

    replies = [client.post(f"{address}/apply", data=form) for _ in range(2)]

    assert [reply.status_code for reply in replies] == [303, 303]
    assert slugs(db) == ["knots-loop"]


def test_an_edit_is_shown_with_its_words(client: FlaskClient, send: Callable[..., TestResponse]) -> None:
    first = send([LOOP]).location
    client.post(f"{first}/apply", data=shown_on(client.get(first)))

    page = client.get(send([{**LOOP, "accept": ["sheet bend"], "reserved": True}]).location)

    assert "<del>bowline</del>" in page.text
    assert "<ins>sheet bend</ins>" in page.text
    assert "Reserved for exams" in page.text


def test_what_changed_meanwhile_is_shown_again_and_nothing_stored(
    client: FlaskClient, send: Callable[..., TestResponse], db: Database
) -> None:
    first = send([LOOP]).location
    client.post(f"{first}/apply", data=shown_on(client.get(first)))
    address = send([{**LOOP, "level": 3}]).location
    form = shown_on(client.get(address))
    with db.writing() as session:
        session.execute(update(Question).values(reserved=True))

    reply = client.post(f"{address}/apply", data=form)

    assert reply.status_code == 409
    assert "The bank has changed since this page was shown" in reply.text
    assert shown_on(reply) != form
    assert client.post(f"{address}/apply", data=shown_on(reply)).status_code == 303


def test_every_problem_is_listed_with_its_place(
    client: FlaskClient, send: Callable[..., TestResponse], db: Database
) -> None:
    page = client.get(send([{**LOOP, "colour": "blue"}, question("knots-two", level=9)]).location)

    assert "mine.yaml:14:3" in page.text
    assert "mine.yaml:19:10" in page.text
    assert "2 problems" in page.text
    assert "Apply to the bank" not in page.text
    assert slugs(db) == []


@pytest.mark.parametrize(("strange", "told"), [({"objective": "knots.reef"}, 100), ({"colour": "blue"}, 500)])
def test_a_list_of_problems_that_is_cut_short_says_so(
    client: FlaskClient, send: Callable[..., TestResponse], strange: dict[str, str], told: int
) -> None:
    many = [question(f"knots-{number}", **strange) for number in range(900)]

    page = client.get(send(many).location)
    few = client.get(send(many[:99]).location)

    assert f"there are {told} problems in this file, or more" in page.text
    assert ("there are 99 problems in this file." in few.text, "or more" in few.text) == (True, False)


def test_a_draft_in_one_language_is_worth_a_look_and_can_be_applied(
    client: FlaskClient, send: Callable[..., TestResponse], db: Database
) -> None:
    draft = {**LOOP, "status": "draft", "explanation": {"fr": "Il ne glisse pas."}}

    address = send([draft]).location
    page = client.get(address)

    assert "Worth a look" in page.text
    assert client.post(f"{address}/apply", data=shown_on(page)).status_code == 303
    with db.reading() as session:
        assert session.scalars(select(Question.draft)).all() == [True]


def test_a_bad_file_that_is_applied_all_the_same_changes_nothing(
    client: FlaskClient, send: Callable[..., TestResponse], db: Database
) -> None:
    address = send([{**LOOP, "colour": "blue"}]).location

    assert client.post(f"{address}/apply", data={"shown": "0" * 64}).status_code == 409
    assert slugs(db) == []


def test_a_zip_brings_its_course(client: FlaskClient, send: Callable[..., TestResponse], db: Database) -> None:
    address = send(COURSE, "sea.zip").location
    page = client.get(address)

    client.post(f"{address}/apply", data=shown_on(page))

    assert "The course itself" in page.text
    assert "/teach/bank/?course=sea" in client.get(address).text
    with db.reading() as session:
        assert session.scalar(select(func.count()).where(Course.slug == "sea")) == 1


def test_a_file_without_a_change_offers_nothing_to_apply(
    client: FlaskClient, send: Callable[..., TestResponse]
) -> None:
    first = send([LOOP]).location
    client.post(f"{first}/apply", data=shown_on(client.get(first)))

    page = client.get(send([LOOP], "again.yaml").location)

    assert "there is nothing to apply" in page.text
    assert "Apply to the bank" not in page.text


def test_the_writing_is_judged_on_the_page_and_may_be_applied(
    client: FlaskClient, send: Callable[..., TestResponse]
) -> None:
    page = client.get(
        send([{**LOOP, "text": {"fr": "Un nœud !", "en": "A knot!"}, "explanation": both("So.")}]).location
    )

    warnings, hints = page.text.split('id="warnings"')[1].split('id="hints"')
    assert "an explanation of fewer than 30 characters" in warnings
    assert '<code class="second">short-explanation</code>' in warnings
    assert "an exclamation" in hints
    assert "Apply to the bank" in page.text


def test_many_remarks_stand_behind_their_summary(client: FlaskClient, send: Callable[..., TestResponse]) -> None:
    page = client.get(send([question(f"q-{number}", explanation=both("So.")) for number in range(15)]).location)

    warnings = page.text.split('id="warnings"')[1].split("</section>")[0]
    shown, behind = warnings.split("<summary>")
    assert shown.count("<li") == 20
    assert behind.count("short-explanation") >= 10


def test_a_file_given_up_is_gone(client: FlaskClient, send: Callable[..., TestResponse]) -> None:
    address = send([LOOP]).location

    reply = client.post(f"{address}/discard", follow_redirects=True)

    assert "The file is deleted" in reply.text
    assert client.get(address).status_code == 404


def test_retiring_is_asked_for_by_its_box(client: FlaskClient, send: Callable[..., TestResponse]) -> None:
    first = send([LOOP, {**LOOP, "id": "knots-two"}]).location
    client.post(f"{first}/apply", data=shown_on(client.get(first)))

    with_box = client.get(send([LOOP], retire_missing="y").location)
    without = client.get(send([LOOP]).location)

    assert ["to retire" in page.text for page in (with_box, without)] == [True, False]


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>.yaml", "'><script>alert(1)<.yaml"])
def test_the_name_of_a_file_is_shown_and_never_run(
    client: FlaskClient, send: Callable[..., TestResponse], name: str
) -> None:
    pages = [client.get(send([{**LOOP, "colour": "blue"}], name).location), client.get(SENT)]

    for page in pages:
        assert "<img src=x" not in page.text
        assert "<script>alert" not in page.text
        assert escape(name) in page.text


def test_what_is_in_a_file_is_shown_and_never_run(client: FlaskClient, send: Callable[..., TestResponse]) -> None:
    hostile = "<img src=x onerror=alert(1)> [x](javascript:alert(1))"
    texts = {"fr": hostile, "en": hostile}
    files = {"<b>a</b>.yaml": [{**LOOP, "text": texts}, {**LOOP, "id": "<script>alert(1)</script>"}]}

    pages = [client.get(send([{**LOOP, "text": texts}]).location), client.get(send(zipped(files), "a.zip").location)]

    for page in pages:
        assert "<img src=x" not in page.text
        assert "<script>alert" not in page.text
        assert 'href="javascript:' not in page.text


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (body({"course_id": "1"}), "Choose a file."),
        (body({"course_id": "1"}, b"", ""), "Choose a file."),
        (body({"course_id": "1"}, b"", "empty.yaml"), "There is nothing in this file."),
        (body({"course_id": "1"}, b"x" * (uploading.MOST_BYTES + 1)), "At most 2 MB"),
        (body({"course_id": "999"}, b"[]"), "Choose one of the values offered."),
    ],
)
def test_a_form_that_cannot_be_used_says_why(
    client: FlaskClient, teacher: Person, goal: Objective, sent: dict[str, Any], told: str
) -> None:
    reply = client.post(SENT, **sent)

    assert reply.status_code == 400
    assert told in reply.text


def test_a_request_over_the_limit_is_refused_unread(app: Flask, client: FlaskClient, teacher: Person) -> None:
    app.config["WTF_CSRF_ENABLED"] = True

    assert client.post(SENT, **body({}, b"x" * 3_000_000)).status_code == 413


def test_a_file_of_a_megabyte_passes_here_and_nowhere_else(
    client: FlaskClient, send: Callable[..., TestResponse]
) -> None:
    large = b"#" * 1_500_000

    assert send(large).status_code == 303
    assert client.post("/settings/", **body({}, large)).status_code == 413


def test_fields_do_not_grow_with_the_file(client: FlaskClient, teacher: Person, goal: Objective) -> None:
    assert client.post(SENT, **body({"course_id": "1" * 1_500_000})).status_code == 413


def test_a_person_sends_so_many_files_an_hour(client: FlaskClient, teacher: Person, goal: Objective) -> None:
    replies = [client.post(SENT, data={"course_id": "0"}).status_code for _ in range(61)]

    assert (replies[59], replies[60]) == (400, 429)


def test_the_bytes_are_kept_where_every_process_sees_them(
    send: Callable[..., TestResponse], db: Database, teacher: Person
) -> None:
    send([LOOP])

    with db.reading() as session:
        assert session.execute(select(Upload.owner_id, Upload.content)).one() == (teacher.id, written([LOOP]))


def test_the_owner_reads_that_the_folder_took_an_id(
    client: FlaskClient, send: Callable[..., TestResponse], db: Database
) -> None:
    address = send([LOOP]).location
    client.post(f"{address}/apply", data=shown_on(client.get(address)))
    with db.writing() as session:
        upload_names.give_way(session, session.scalars(select(Course)).one(), ["knots-loop"])

    page = client.get(address)

    assert "<code>knots-loop</code> is now <code>knots-loop-2</code>" in page.text


def test_the_page_of_a_question_says_who_uploaded_it(
    client: FlaskClient, send: Callable[..., TestResponse], db: Database
) -> None:
    address = send([LOOP], "mes nœuds.yaml").location
    client.post(f"{address}/apply", data=shown_on(client.get(address)))
    with db.reading() as session:
        question_id = session.scalars(select(Question.id)).one()

    page = client.get(f"/teach/bank/questions/{question_id}")

    assert "Uploaded by Bruno on Monday 23 November, from mes nœuds.yaml" in page.text


def test_without_a_course_one_can_bring_one(client: FlaskClient, log_in: Callable[..., Person], db: Database) -> None:
    with db.writing() as session:
        session.execute(update(Course).values(retired=True))
    log_in(role="teacher", locale="en", course_id=None)

    reply = client.post(SENT, **body({}, COURSE, "sea.zip"))
    page = client.get(reply.location)

    assert "send a zip that has a course.yaml" in client.get(SENT).text
    assert client.post(f"{reply.location}/apply", data=shown_on(page)).status_code == 303


def selects(seen: list[str]) -> int:
    """How often the database was asked something; what is written grows with what is sent."""
    return sum(statement.startswith("SELECT") for statement in seen)


def test_the_statements_of_a_page_do_not_grow_with_the_file(
    client: FlaskClient,
    send: Callable[..., TestResponse],
    db: Database,
    count_statements: Callable[[Database], AbstractContextManager[list[str]]],
) -> None:
    found: list[int] = []
    for size in (1, 40):
        address = send([question(f"q-{size}-{number}") for number in range(size)]).location
        with count_statements(db) as seen:
            page = client.get(address)
        found.append(selects(seen))
        with count_statements(db) as seen:
            client.post(f"{address}/apply", data=shown_on(page))
        found.append(selects(seen))

    assert found[0] == found[2] <= 10
    assert found[1] == found[3] <= 17
