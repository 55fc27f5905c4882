"""The files of an exam, opened again: every number is the mark of the page, every name is whole."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert

from app.db import Database
from app.models import Allowance, Exam, Membership, RosterLine
from app.services import classes, mark_table, marks, retention, scores
from app.services.identity import Person
from app.services.scores import Wanted
from tests.conftest import Clock
from tests.hall import Hall, sit

MakeHall = Callable[..., Hall]
MakeUser = Callable[..., Person]
CLOSES_IN = timedelta(hours=2)


def made(hall: Hall, file: str, now: datetime, **options: Any) -> bytes:
    target = io.BytesIO()
    with hall.db.reading() as session:
        scores.write(session, marks.any_exam(session, hall.exam_id), Wanted(file, **options), now, target)
    return target.getvalue()


def rows(content: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


@pytest.fixture
def hall(make_hall: MakeHall, make_user: MakeUser, clock: Clock) -> Hall:
    """Alice handed in one right answer out of four; Björn is absent."""
    hall = make_hall()
    alice = sit(hall, make_user, "Alice")
    sit(hall, make_user, "Björn Łuk")
    attempt = hall.start(alice)
    hall.answer(alice, attempt, 1, "b")
    clock.advance(minutes=10)
    hall.submit(alice, attempt)
    return hall


def test_the_tidy_file_holds_the_score_of_the_page(hall: Hall, db: Database, clock: Clock) -> None:
    with db.reading() as session:
        exam = marks.any_exam(session, hall.exam_id)
        score = next(marks.students(session, exam, clock())).score

    found = rows(made(hall, "scores.tidy", clock()))

    assert found[0]["name"] == "Alice"
    assert found[0]["score"] == f"{score / 100:.2f}" == "5.00"  # type: ignore[operator]
    assert (found[0]["state"], found[0]["duration_s"], found[0]["started_at"]) == (
        "finished",
        "600",
        "2026-11-23T10:00:00+01:00",
    )


@pytest.mark.parametrize(
    ("later", "state"),
    [(timedelta(0), "not_started"), (CLOSES_IN - timedelta(seconds=1), "not_started"), (CLOSES_IN, "absent")],
    ids=["open", "just before the close", "closed"],
)
def test_who_never_started_has_an_empty_score_and_is_absent_once_the_exam_is_closed(
    make_hall: MakeHall, make_user: MakeUser, clock: Clock, later: timedelta, state: str
) -> None:
    hall = make_hall(closes_at=clock() + CLOSES_IN)
    sit(hall, make_user, "Björn Łuk")

    (found,) = rows(made(hall, "scores.tidy", clock() + later))

    assert (found["name"], found["score"], found["state"]) == ("Björn Łuk", "", state)


def test_who_has_a_window_of_their_own_is_absent_once_that_closes(
    make_hall: MakeHall, make_user: MakeUser, db: Database, clock: Clock
) -> None:
    hall = make_hall(closes_at=clock() + CLOSES_IN)
    people = {name: sit(hall, make_user, name) for name in ("Alice", "Björn")}
    closed = clock() + timedelta(days=1)
    with db.writing() as session:
        own = {"opens_at": closed, "closes_at": closed + timedelta(hours=1)}
        session.add(Allowance(exam_id=hall.exam_id, learner_id=people["Björn"].id, reason="Ill.", **own))

    def states(now: datetime) -> dict[str, str]:
        return {row["name"]: row["state"] for row in rows(made(hall, "scores.tidy", now))}

    with db.writing() as session:
        own = {"opens_at": clock(), "closes_at": clock() + timedelta(minutes=5)}
        session.add(Allowance(exam_id=hall.exam_id, learner_id=people["Alice"].id, reason="Early.", **own))

    assert states(clock() + timedelta(minutes=5)) == {"Alice": "absent", "Björn": "not_started"}
    assert states(closed) == {"Alice": "absent", "Björn": "not_started"}
    assert states(closed + timedelta(hours=1)) == {"Alice": "absent", "Björn": "absent"}


@pytest.fixture
def forgotten(hall: Hall, db: Database, clock: Clock) -> Hall:
    """The exam once its class was put away and its retention is over: nobody knows any more who took it."""
    with db.writing() as session:
        session.query(Exam).update({"closes_at": clock() + CLOSES_IN})
        classes.archive(session, hall.teacher, hall.taught.id, clock())
    clock.advance(days=365)
    with db.writing() as session:
        retention.sweep(session, clock())
    return hall


def test_nobody_is_absent_from_an_exam_whose_attempts_were_deleted(forgotten: Hall, db: Database, clock: Clock) -> None:
    with db.reading() as session:
        seen = scores.outlook(session, marks.any_exam(session, forgotten.exam_id), clock())
    found = rows(made(forgotten, "scores.tidy", clock()))

    assert (seen.started, seen.expected, seen.absent, seen.unknown) == (0, 0, 0, 2)
    assert [(row["name"], row["score"], row["state"]) for row in found] == [
        ("Alice", "", "deleted"),
        ("Björn Łuk", "", "deleted"),
    ]


def test_who_joined_after_the_attempts_were_deleted_is_absent(
    forgotten: Hall, make_user: MakeUser, db: Database, clock: Clock
) -> None:
    with db.writing() as session:
        classes.archive(session, forgotten.teacher, forgotten.taught.id, None)
    clock.advance(days=1)
    sit(forgotten, make_user, "Chloé")
    with db.reading() as session:
        exam = marks.any_exam(session, forgotten.exam_id)
        seen = scores.outlook(session, exam, clock())
        table = mark_table.read(session, forgotten.teacher, forgotten.exam_id, clock())

    states = {row["name"]: row["state"] for row in rows(made(forgotten, "scores.tidy", clock()))}

    assert states == {"Alice": "deleted", "Björn Łuk": "deleted", "Chloé": "absent"}
    assert {row.name: row.state.value for row in table.rows} == states
    assert (seen.absent, seen.unknown) == (1, 2)


@pytest.mark.parametrize("file", ["moodle.username", "canvas"])
def test_a_gradebook_keeps_the_scores_of_attempts_that_were_deleted(forgotten: Hall, clock: Clock, file: str) -> None:
    content = made(forgotten, file, clock()).decode()

    assert "Alice" not in content and "alice" not in content


def test_the_read_me_of_a_workbook_says_that_attempts_were_deleted(forgotten: Hall, clock: Clock) -> None:
    book = load_workbook(io.BytesIO(made(forgotten, "book", clock())))
    told = {row[1]: row[2] for row in book.worksheets[-1].iter_rows(values_only=True)}

    assert told["Étudiants dont les tentatives sont effacées, ou qui n’en ont pas fait (note vide)"] == "2"
    assert told["Étudiants absents (note vide)"] == "0"


def test_an_exam_that_is_not_over_is_told_from_one_that_is(hall: Hall, make_user: MakeUser, clock: Clock) -> None:
    hall.start(sit(hall, make_user, "Chloé"))
    with hall.db.reading() as session:
        seen = scores.outlook(session, marks.any_exam(session, hall.exam_id), clock())

    assert (seen.started, seen.at_work, seen.expected, seen.absent) == (2, 1, 1, 0)


def test_a_student_at_work_has_no_score_yet(hall: Hall, make_user: MakeUser, clock: Clock) -> None:
    hall.start(sit(hall, make_user, "Chloé"))

    found = {row["name"]: row for row in rows(made(hall, "scores.tidy", clock()))}

    assert (found["Chloé"]["score"], found["Chloé"]["state"]) == ("", "in_progress")


def test_the_french_file_has_commas_and_french_words(hall: Hall, clock: Clock) -> None:
    content = made(hall, "scores.fr", clock())

    alice = rows(content, ";")[0]
    assert content.startswith(b"\xef\xbb\xbf")
    assert (alice["Note"], alice["État"], alice["Début"]) == ("5,00", "terminé", "2026-11-23 10:00:00")


def test_the_english_file_has_points(hall: Hall, clock: Clock) -> None:
    assert rows(made(hall, "scores.en", clock()))[0]["Score"] == "5.00"


def test_every_response_is_a_row_with_its_exact_credit(hall: Hall, clock: Clock) -> None:
    found = rows(made(hall, "responses.tidy", clock()))

    assert [row["credit"] for row in found] == ["1", "0", "0", "0"]
    assert json.loads(found[0]["response_json"]) == {"choice": "b"}
    assert found[1]["response_json"] == ""


def test_json_has_the_same_values_with_their_types(hall: Hall, clock: Clock) -> None:
    found = json.loads(made(hall, "scores.json", clock()))

    assert (found["exam"], found["scale"], found["zone"]) == ("Partiel", 20, "Europe/Paris")
    assert [row["score"] for row in found["rows"]] == [5, None]


@pytest.mark.parametrize(
    ("later", "told"), [(timedelta(0), "pas commencé"), (CLOSES_IN, "absent")], ids=["open", "closed"]
)
def test_moodle_gets_a_dash_for_who_has_not_started(
    hall: Hall, db: Database, clock: Clock, later: timedelta, told: str
) -> None:
    with db.writing() as session:
        session.query(Membership).filter_by(name="Alice").update({"institution_id": "E001"})
        session.query(Membership).filter_by(name="Björn Łuk").update({"institution_id": "E003"})
        session.query(Exam).update({"closes_at": clock() + CLOSES_IN})

    content = made(hall, "moodle.idnumber", clock() + later)

    assert content.decode() == f"idnumber,Partiel,Commentaire\r\nE001,5.00,\r\nE003,-,{told}\r\n"


def test_moodle_never_gets_a_student_it_cannot_find(hall: Hall, clock: Clock) -> None:
    assert len(made(hall, "moodle.email", clock()).splitlines()) == 1


def test_whom_a_file_for_moodle_leaves_out_is_told_before(hall: Hall, db: Database) -> None:
    with db.reading() as session:
        left = scores.left_out(session, marks.any_exam(session, hall.exam_id))

    assert {key: [one.student.name for one in found] for key, found in left.items()} == {
        "idnumber": ["Alice", "Björn Łuk"],
        "email": ["Alice", "Björn Łuk"],
        "username": [],
    }


def test_whoever_left_the_class_after_the_exam_is_told_too(hall: Hall, db: Database, clock: Clock) -> None:
    with db.writing() as session:
        session.query(Membership).filter_by(name="Alice").delete()

    with db.reading() as session:
        left = scores.left_out(session, marks.any_exam(session, hall.exam_id))

    assert [one.student.login for one in left["email"]] == ["alice", "björn łuk"]
    assert [row["username"] for row in rows(made(hall, "moodle.username", clock()))] == ["alice", "björn łuk"]


def test_an_address_comes_from_the_roster(hall: Hall, db: Database, clock: Clock) -> None:
    with db.writing() as session:
        user_id = session.query(Membership.user_id).filter_by(name="Alice").scalar()
        line = {"class_id": hall.taught.id, "name": "Alice", "email": "a@example.org", "code": "x", "user_id": user_id}
        session.execute(insert(RosterLine), [line | {"created_at": clock(), "claimed_at": clock()}])

    assert rows(made(hall, "moodle.email", clock()))[0]["email"] == "a@example.org"


def test_canvas_gets_its_rows_of_maxima(hall: Hall, clock: Clock) -> None:
    found = list(csv.reader(io.StringIO(made(hall, "canvas", clock()).decode())))

    assert found[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Partiel"]
    assert found[1] == ["    Points Possible", "", "", "", "", "20.00"]
    assert found[2] == ["Alice", "", "", "alice", "B2 Docker", "5.00"]


def test_without_names_nothing_says_who_is_who(hall: Hall, clock: Clock) -> None:
    for file in ("scores.tidy", "responses.tidy", "attempts.tidy", "scores.json", "scores.fr"):
        text = made(hall, file, clock(), named=False).decode()
        assert not any(word in text for word in ("Alice", "alice", "Björn")), file


def test_pseudonyms_are_the_same_in_every_file_of_the_exam(hall: Hall, clock: Clock) -> None:
    by_score = rows(made(hall, "scores.tidy", clock(), named=False))
    by_answer = rows(made(hall, "responses.tidy", clock(), named=False))

    assert by_answer[0]["student_id"] in {row["student_id"] for row in by_score}


def test_a_file_without_names_is_not_in_the_order_of_names(
    make_hall: MakeHall, make_user: MakeUser, clock: Clock
) -> None:
    hall = make_hall()
    for name in ("Ada", "Bob", "Cleo", "Dan", "Eve", "Fay"):
        hall.start(sit(hall, make_user, name))

    found = [row["student_id"] for row in rows(made(hall, "scores.tidy", clock(), named=False))]

    assert found == sorted(found)


def test_the_workbook_has_typed_cells_and_a_sheet_that_explains(hall: Hall, clock: Clock) -> None:
    book = load_workbook(io.BytesIO(made(hall, "book", clock())))

    sheet: Any = book["Notes"]
    head = [cell.value for cell in sheet[1]]
    score, began = sheet.cell(2, head.index("Note") + 1), sheet.cell(2, head.index("Début") + 1)
    assert book.sheetnames == ["Notes", "Réponses", "Questions", "Lisez-moi"]
    assert (score.data_type, score.value, score.number_format) == ("n", 5, "0.00")
    assert (began.is_date, began.value) == (True, datetime(2026, 11, 23, 10))  # noqa: DTZ001 what openpyxl gives
    assert (sheet.freeze_panes, sheet.auto_filter.ref[:2]) == ("B2", "A1")
    explained = {row[1].value: row[2].value for row in book["Lisez-moi"].iter_rows()}
    assert set(head) <= set(explained)
    assert explained["Étudiants qui n’ont pas commencé et le peuvent encore (note vide)"] == "1"
    assert explained["Étudiants absents (note vide)"] == "0"
    assert explained["Une réponse en partie juste ne vaut rien"] == "non"


def test_the_workbook_speaks_english_to_an_english_teacher(hall: Hall, clock: Clock) -> None:
    book = load_workbook(io.BytesIO(made(hall, "book", clock(), locale="en")))

    assert book.sheetnames == ["Scores", "Responses", "Items", "Read me"]


@pytest.mark.parametrize("name", ["=1+1", "李小龍", "محمد", "Zoë 🧪", 'O\'Neil; "Al"'])
def test_a_name_of_any_script_comes_out_whole(
    make_hall: MakeHall, make_user: MakeUser, clock: Clock, name: str
) -> None:
    hall = make_hall()
    sit(hall, make_user, name)

    assert rows(made(hall, "scores.tidy", clock()))[0]["name"] == name
    sheet: Any = load_workbook(io.BytesIO(made(hall, "book", clock())))["Notes"]
    assert (sheet["A2"].data_type, sheet["A2"].value) == ("s", name)
    french = rows(made(hall, "scores.fr", clock()), ";")[0]["Nom"]
    assert french == (f"'{name}" if name.startswith("=") else name)


def test_an_institution_id_keeps_its_zeros(hall: Hall, db: Database, clock: Clock) -> None:
    with db.writing() as session:
        session.query(Membership).filter_by(name="Alice").update({"institution_id": "00123"})

    sheet: Any = load_workbook(io.BytesIO(made(hall, "book", clock())))["Notes"]

    assert (sheet["B2"].data_type, sheet["B2"].value) == ("s", "00123")


def test_times_are_those_of_the_exams_zone(make_hall: MakeHall, make_user: MakeUser, clock: Clock) -> None:
    hall = make_hall(zone="America/Montreal")
    hall.start(sit(hall, make_user))

    found = rows(made(hall, "scores.tidy", clock()))[0]

    assert datetime.fromisoformat(found["started_at"]).astimezone(UTC) == clock()
    assert found["started_at"].endswith("-05:00")


def test_the_items_say_how_often_they_were_met(hall: Hall, clock: Clock) -> None:
    found = rows(made(hall, "items.tidy", clock()))

    assert sorted((row["attempts_met"], row["facility"]) for row in found) == [("1", "0.00")] * 3 + [("1", "100.00")]
