"""The pages of score files: what is offered, what is sent, who took it."""

import csv
import html
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import delete, update

from app.db import Database
from app.models import Attempt, Download, Exam
from app.services import downloads, scores
from app.services.identity import Person
from tests.conftest import Clock
from tests.hall import Hall, sit


@pytest.fixture
def hall(make_hall: Callable[..., Hall], make_user: Callable[..., Person], log_in: Callable[..., object]) -> Hall:
    """Alice handed in one right answer of four; her teacher is here."""
    hall = make_hall()
    alice = sit(hall, make_user, "Alice")
    attempt = hall.start(alice)
    hall.answer(alice, attempt, 1, "b")
    hall.submit(alice, attempt)
    log_in(hall.teacher)
    return hall


def take(client: FlaskClient, hall: Hall, file: str, of: str = "exam", **more: str) -> bytes:
    path = f"/teach/exams/{hall.exam_id}" if of == "exam" else f"/teach/classes/{hall.taught.id}"
    reply = client.post(f"{path}/scores", data={"file": file, **more})
    assert reply.status_code == 200
    assert len(reply.data) == int(reply.headers["Content-Length"])
    return reply.data


def test_every_file_that_the_page_offers_is_made(client: FlaskClient, hall: Hall) -> None:
    page = client.get(f"/teach/exams/{hall.exam_id}/scores").text

    for file in (*scores.FILES, "archive"):
        if file not in ("attempts.fr", "attempts.en"):
            assert f'value="{file}"' in page
        assert take(client, hall, file)


def test_of_an_exam_that_goes_on_is_said_that_it_is_not_over(
    client: FlaskClient, hall: Hall, make_user: Callable[..., Person]
) -> None:
    hall.start(sit(hall, make_user, "Bob"))
    sit(hall, make_user, "Chloé")

    page = html.unescape(client.get(f"/teach/exams/{hall.exam_id}/scores").text).replace("\xa0", " ")

    assert "Cet examen n’est pas terminé" in page and "1 étudiant compose." in page
    assert "1 n’a pas encore commencé : sa note est vide et le fichier le dit, personne n’est absent" in page


@pytest.mark.parametrize(
    "page", ["", "live/", "marks/", "marks/questions/", "items/", "items/mistakes", "scores", "preflight"]
)
def test_every_page_of_an_exam_says_that_its_attempts_were_deleted(client: FlaskClient, hall: Hall, page: str) -> None:
    address = f"/teach/exams/{hall.exam_id}/{page}"
    before = client.get(address)
    with hall.db.writing() as session:
        session.execute(delete(Attempt))
        session.execute(update(Exam).values(forgotten_at=hall.clock(), opens_at=None, closes_at=hall.clock()))

    after = html.unescape(client.get(address).text)

    assert before.status_code == 200 and "ont été effacées" not in html.unescape(before.text)
    assert "Les tentatives de cet examen ont été effacées le lundi 23 novembre à" in after
    assert "absent" not in after and "Jamais commencé" not in after and "étudiant n’a jamais commencé" not in after


def test_the_list_of_exams_says_that_attempts_were_deleted(client: FlaskClient, hall: Hall) -> None:
    address = f"/teach/classes/{hall.taught.id}/exams/"
    with hall.db.writing() as session:
        session.execute(delete(Attempt))
        session.execute(update(Exam).values(forgotten_at=hall.clock()))

    assert "Les tentatives ont été effacées." in html.unescape(client.get(address).text)


def test_of_an_exam_that_all_have_handed_in_that_is_not_said(client: FlaskClient, hall: Hall) -> None:
    assert "pas terminé" not in html.unescape(client.get(f"/teach/exams/{hall.exam_id}/scores").text)


def test_whom_moodle_cannot_find_is_named_before_the_file_is_taken(client: FlaskClient, hall: Hall) -> None:
    page = html.unescape(client.get(f"/teach/exams/{hall.exam_id}/scores").text)

    assert "Adresse de courriel : 1 étudiant est laissé de côté" in page.replace("\xa0", " ")
    assert "Alice (rien pour reconnaître" in page


def test_the_workbook_opens_with_the_score(client: FlaskClient, hall: Hall) -> None:
    sheet: Any = load_workbook(io.BytesIO(take(client, hall, "book"))).worksheets[0]

    assert 5 in [cell.value for cell in sheet[2]]


def test_the_archive_is_a_whole_zip(client: FlaskClient, hall: Hall) -> None:
    with zipfile.ZipFile(io.BytesIO(take(client, hall, "archive"))) as archive:
        assert archive.testzip() is None


def test_a_download_is_written_down_and_shown(client: FlaskClient, db: Database, hall: Hall) -> None:
    take(client, hall, "scores.fr", unnamed="1")

    with db.reading() as session:
        noted = session.query(Download).one()
        assert (noted.by_id, noted.exam_id, noted.what) == (hall.teacher.id, hall.exam_id, "scores.fr")
        assert noted.details["named"] is False
    assert "sans les noms" in client.get(f"/teach/exams/{hall.exam_id}/scores").text


def test_older_files_are_said_to_be_there_and_shown(
    client: FlaskClient, db: Database, hall: Hall, clock: Clock
) -> None:
    with db.writing() as session:
        for _ in range(60):
            downloads.note(session, hall.teacher, hall.taught.id, hall.exam_id, "scores.fr", {}, clock())
        downloads.note(session, None, hall.taught.id, hall.exam_id, "canvas", {}, clock())

    page = client.get(f"/teach/exams/{hall.exam_id}/scores").text
    every = client.get(f"/teach/exams/{hall.exam_id}/scores?taken=all").text

    assert "Les 50 derniers sur 61." in page
    assert "<td>ligne de commande</td>" in page
    assert (page.count("<td>Notes, "), every.count("<td>Notes, ")) == (49, 60)


def names(client: FlaskClient, path: str, files: Sequence[str], **more: str) -> set[str]:
    replies = [client.post(path, data={"file": file, **more}) for file in files]
    return {reply.headers["Content-Disposition"] for reply in replies}


def test_no_two_files_have_one_name(client: FlaskClient, hall: Hall) -> None:
    exam, of = f"/teach/exams/{hall.exam_id}/scores", f"/teach/classes/{hall.taught.id}/scores"
    wanted = ("scores.fr", "scores.en", "scores.tidy", "moodle.email", "moodle.idnumber")
    whole = ("exams.fr", "exams.tidy", "exams.xlsx", "progress.fr", "progress.xlsx")

    found = names(client, exam, wanted) | names(client, exam, wanted[:3], unnamed="1") | names(client, of, whole)

    assert len(found) == 13


def test_a_period_that_ends_before_it_begins_is_said_to(client: FlaskClient, hall: Hall) -> None:
    data = {"file": "exams.fr", "first": "2026-12-01", "last": "2026-11-01"}

    reply = client.post(f"/teach/classes/{hall.taught.id}/scores", data=data, follow_redirects=True)

    assert "aucun fichier" in reply.text


def test_json_of_a_class_says_which_table_of_which_class(client: FlaskClient, hall: Hall) -> None:
    found = json.loads(take(client, hall, "progress.json", "class"))

    assert (found["table"], found["class_id"], found["class"]) == ("progress", hall.taught.id, "B2 Docker")


def test_a_csv_says_its_encoding_once(client: FlaskClient, hall: Hall) -> None:
    reply = client.post(f"/teach/exams/{hall.exam_id}/scores", data={"file": "scores.tidy"})

    assert reply.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_a_file_that_is_not_made_is_refused_and_not_written_down(client: FlaskClient, db: Database, hall: Hall) -> None:
    reply = client.post(f"/teach/exams/{hall.exam_id}/scores", data={"file": "scores.ods"})

    assert reply.status_code == 400
    with db.reading() as session:
        assert session.query(Download).count() == 0


def test_a_workbook_that_is_too_large_is_offered_as_csv_or_by_command(
    client: FlaskClient, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scores, "MOST_CELLS", 10)

    page = client.get(f"/teach/exams/{hall.exam_id}/scores").text
    reply = client.post(f"/teach/exams/{hall.exam_id}/scores", data={"file": "book"})

    assert f"python -m app export exam {hall.exam_id}" in page
    assert reply.status_code == 303


def test_the_scores_of_a_period_have_one_column_an_exam(client: FlaskClient, hall: Hall) -> None:
    content = take(client, hall, "exams.fr", "class", first="2026-11-01", last="2026-11-30")

    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[0][-1] == "Partiel (/20)"
    assert (rows[1][0], rows[1][-1]) == ("Alice", "5,00")


def test_an_exam_outside_the_period_is_left_out(client: FlaskClient, hall: Hall) -> None:
    assert b"Partiel" not in take(client, hall, "exams.fr", "class", first="2026-12-01")


def test_programs_read_the_scores_of_a_class_by_student_and_exam(client: FlaskClient, hall: Hall) -> None:
    row = json.loads(take(client, hall, "exams.json", "class"))["rows"][0]

    assert (row["name"], row["exam"], row["score"], row["scale"]) == ("Alice", "Partiel", 5, 20)


@pytest.mark.parametrize("file", ["exams.tidy", "exams.json", "progress.fr", "progress.tidy", "progress.json"])
def test_files_of_a_class_leave_names_out(client: FlaskClient, hall: Hall, file: str) -> None:
    content = take(client, hall, file, "class", unnamed="1")

    assert b"Alice" not in content
    assert b"alice" not in content


def test_a_day_that_is_none_is_refused(client: FlaskClient, hall: Hall) -> None:
    path = f"/teach/classes/{hall.taught.id}/scores"

    assert client.post(path, data={"file": "exams.fr", "first": "2026-02-30"}).status_code == 400


def test_files_of_a_class_are_written_down_with_their_period(client: FlaskClient, hall: Hall) -> None:
    take(client, hall, "exams.xlsx", "class", first="2026-11-01")

    assert "2026-11-01" in client.get(f"/teach/classes/{hall.taught.id}/scores").text
