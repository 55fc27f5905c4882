"""The pre-flight of scores: who is who, then the file that imports."""

import csv
import html
import io
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.db import Database
from app.models import Download
from app.services import roster_claims
from app.services.identity import Person
from app.services.roster_claims import Details
from tests.hall import Hall, answer_all, sit

TARGETS = Path(__file__).parents[3] / "data" / "targets"


class Gate:
    """A teacher with one exam: Ada (E001) has 10 of 20, Zoé nothing to tell her by, Éva is unknown elsewhere."""

    def __init__(self, client: FlaskClient, hall: Hall, make_user: Callable[..., Person]) -> None:
        self.client, self.address = client, f"/teach/exams/{hall.exam_id}/preflight"
        for name, held in (("Ada Lovelace", "E001"), ("Zoe Martin Lefevre", None), ("Éva Absente", None)):
            who = sit(hall, make_user, name)
            attempt = hall.start(who)
            for position in (1, 2):
                hall.answer(who, attempt, position, "b")
            hall.submit(who, attempt)
            with hall.db.writing() as session:
                details = Details("", held, 0)
                roster_claims.change_details(session, hall.teacher, hall.taught.id, who.id, details, hall.clock())

    def send(self, content: bytes) -> TestResponse:
        return self.client.post(self.address, data={"file": (BytesIO(content), "liste.csv")})

    def take(self, page: TestResponse, **fields: str) -> TestResponse:
        hidden = dict(re.findall(r'name="(content)" value="([^"]*)"', page.text))
        data = {**hidden, **fields}
        return self.client.post(f"{self.address}/file", data=data, content_type="multipart/form-data")


@pytest.fixture
def gate(
    client: FlaskClient, make_hall: Callable[..., Hall], make_user: Callable[..., Person], log_in: Callable[..., Person]
) -> Gate:
    hall = make_hall()
    gate = Gate(client, hall, make_user)
    log_in(hall.teacher)
    return gate


def given(name: str) -> bytes:
    return (TARGETS / name).read_bytes()


def table(reply: TestResponse) -> list[list[str]]:
    return list(csv.reader(io.StringIO(reply.get_data().decode(), newline="")))


def proposed(page: TestResponse) -> dict[str, str]:
    return dict(re.findall(r'<input type="checkbox" name="(pair-[^"]+)" value="(\d+)"', page.text))


def test_strangers_of_both_sides_are_listed_before_a_file_is_written(gate: Gate) -> None:
    page = gate.send(given("moodle_participants_fr.csv"))

    assert page.status_code == 200
    assert "Éva Absente" in page.text
    assert "Max Étranger" in page.text
    assert len(proposed(page)) == 1


def test_moodles_file_has_who_was_told_and_who_was_confirmed(gate: Gate) -> None:
    page = gate.send(given("moodle_participants_fr.csv"))

    alone, both = gate.take(page), gate.take(page, **proposed(page), feedback="y")

    assert [row[0] for row in table(alone)[1:]] == ["Ada.Lovelace@example.org"]
    assert [[row[0], row[2]] for row in table(both)[1:]] == [
        ["Ada.Lovelace@example.org", "10.00"],
        ["zoe@example.org", "10.00"],
    ]
    assert "2" in table(both)[1][3]
    assert alone.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("right", "words"),
    [(0, "0 réponse juste sur 4"), (1, "1 réponse juste sur 4"), (2, "2 réponses justes sur 4")],
)
def test_the_feedback_counts_right_answers_as_french_does(
    client: FlaskClient,
    make_hall: Callable[..., Hall],
    make_user: Callable[..., Person],
    log_in: Callable[..., Person],
    right: int,
    words: str,
) -> None:
    hall = make_hall()
    answer_all(hall, sit(hall, make_user, "Ada Lovelace"), *("b" * right))
    log_in(hall.teacher)
    address = f"/teach/exams/{hall.exam_id}/preflight"
    page = client.post(address, data={"file": (BytesIO(b"nom,identifiant\nAda Lovelace,E001\n"), "liste.csv")})
    content = dict(re.findall(r'name="(content)" value="([^"]*)"', page.text))

    taken = client.post(f"{address}/file", data={**content, **proposed(page), "feedback": "y"})

    assert table(taken)[1][-1] == words


def test_canvass_file_is_its_own_with_one_column_filled(gate: Gate) -> None:
    page = gate.send(given("canvas_gradebook.csv"))

    rows = table(gate.take(page, column="6"))

    assert [row[6] for row in rows] == ["Partiel (4218)", "", "20", "10.00", "", ""]
    assert re.search(r'<option value="6" selected>', page.text)


def test_each_file_taken_is_logged(gate: Gate, db: Database) -> None:
    page = gate.send(given("moodle_participants_fr.csv"))
    gate.take(page)

    with db.reading() as session:
        row = session.scalars(select(Download)).one()
    assert (row.what, row.details["target"], row.details["students"]) == ("preflight", "moodle", 1)


def test_a_column_that_was_not_offered_is_refused(gate: Gate) -> None:
    page = gate.send(given("canvas_gradebook.csv"))

    assert gate.take(page, column="0").status_code == 400


def test_one_person_for_two_students_is_refused(gate: Gate) -> None:
    page = gate.send("nom;courriel\nZoé Martin Lefèvre;a@b.fr\nZoe Martin-Lefevre;c@d.fr\n".encode())
    names = re.findall(r'<select[^>]* name="(pair-[^"]+)"', page.text)

    assert len(names) == 1
    assert table(gate.take(page, **{names[0]: "1"}))[1][0] == "c@d.fr"


def test_a_list_without_keys_says_so(gate: Gate) -> None:
    page = gate.send(b"nom;groupe\nAda Lovelace;1\n")

    assert "ni adresse de courriel ni identifiant" in html.unescape(page.text)
    assert gate.take(page).status_code == 400


def test_a_workbook_is_told_how_to_become_a_list(gate: Gate) -> None:
    page = gate.send(b"PK\x03\x04\0xl/workbook.xml")

    assert page.text.count('<li class="column">') == 1
    assert "C’est un classeur Excel" in page.text


def test_a_heading_is_said_to_be_skipped(gate: Gate) -> None:
    page = gate.send(b"Participants 2026\n\nnom;courriel;identifiant\nAda Lovelace;a@b.fr;E001\n")

    assert "Les titres sont à la ligne 3" in page.text
    assert [row[0] for row in table(gate.take(page))[1:]] == ["a@b.fr"]


def test_the_steps_warn_of_moodles_traps(gate: Gate) -> None:
    text = html.unescape(gate.send(given("moodle_participants_fr.csv")).text)

    assert "sur 100" in text
    assert "Excel" in text


def test_the_scores_page_leads_here_and_lists_what_was_taken(gate: Gate) -> None:
    gate.take(gate.send(given("moodle_participants_fr.csv")))

    page = gate.client.get(gate.address.replace("preflight", "scores"))

    assert f'href="{gate.address}"' in page.text
    assert "<td>Notes pour Moodle ou Canvas</td>" in page.text


def test_keys_that_disagree_are_shown_with_both_people(gate: Gate) -> None:
    page = gate.send("nom;courriel;identifiant\nZoé Martin Lefèvre;z@b.fr;E001\nAda Lovelace;a@b.fr;E9\n".encode())

    text = html.unescape(page.text)
    assert "Ada Lovelace, E001 (10,00)" in text
    assert "Zoé Martin Lefèvre, z@b.fr, E001 (identifiant)" in text
    assert "Ada Lovelace, a@b.fr, E9 (nom)" in text
    assert "se contredisent" in text


def test_an_excuse_is_kept_unless_the_teacher_ticks(gate: Gate) -> None:
    page = gate.send(given("canvas_gradebook.csv").replace(b"17.25,,86", b"17.25,EX,86"))

    kept, over = gate.take(page, column="6"), gate.take(page, column="6", over_excuses="y")

    assert "Ada Lovelace (Partiel (4218))" in html.unescape(page.text)
    assert (table(kept)[3][6], table(over)[3][6]) == ("EX", "10.00")


def out_of(points: str) -> bytes:
    """Canvas's gradebook with its column “Partiel (4218)” out of something else."""
    return given("canvas_gradebook.csv").replace(b",20,20,", f",20,{points},".encode())


def plain(page: TestResponse) -> str:
    return html.unescape(page.text).replace("\N{NO-BREAK SPACE}", " ")


def test_a_column_out_of_something_else_is_said_before_the_file(gate: Gate) -> None:
    text = plain(gate.send(out_of("12.5")))

    assert "« Partiel (4218) » est sur 12,5 dans Canvas, et l’examen sur 20." in text
    assert "modifiez le devoir, mettez-le sur 20 points" in text


def test_no_file_goes_into_such_a_column_until_the_teacher_says_so(gate: Gate) -> None:
    page = gate.send(out_of("10"))

    asked, taken = gate.take(page, column="6"), gate.take(page, column="6", other_points="6")

    assert asked.status_code == 400
    assert "Écrire les notes sur 20 dans cette colonne sur 10" in plain(asked)
    assert [row[6] for row in table(taken)] == ["Partiel (4218)", "", "10", "10.00", "", ""]


def test_what_was_confirmed_for_one_column_is_asked_again_for_another(gate: Gate) -> None:
    page = gate.send(given("canvas_gradebook.csv").replace(b",20,20,", b",50,10,"))

    asked = gate.take(page, column="5", other_points="6")

    assert asked.status_code == 400
    assert re.search(r'<option value="5" selected>', asked.text)
    assert "« Examen blanc 1 (4217) » est sur 50 dans Canvas" in plain(asked)


@pytest.mark.parametrize("points", ["20", "20.0", '"20,00"'])
def test_of_a_column_out_of_the_same_nothing_is_said(gate: Gate, points: str) -> None:
    page = gate.send(out_of(points))

    assert 'name="other_points"' not in page.text
    assert "le devoir doit l’être aussi" not in plain(page)
    assert gate.take(page, column="6").status_code == 200


def test_of_a_column_without_points_the_scale_is_recalled(gate: Gate) -> None:
    page = gate.send(out_of(""))

    assert "Vos notes sont sur 20 : le devoir doit l’être aussi." in plain(page)
    assert gate.take(page, column="6").status_code == 200


def test_a_new_column_of_canvas_asks_nothing(gate: Gate) -> None:
    assert gate.take(gate.send(out_of("10")), column="").status_code == 200


def test_one_excuse_is_said_in_the_singular(gate: Gate) -> None:
    text = plain(gate.send(given("canvas_gradebook.csv").replace(b"17.25,,86", b"17.25,EX,86")))

    assert "Dispense dans Canvas (EX), laissée ainsi :" in text
    assert "par-dessus cette dispense" in text


def test_one_who_has_nothing_in_the_column_is_said_in_the_singular(gate: Gate) -> None:
    lines = b"Ada Lovelace;a@b.fr;E001\nZoe Martin Lefevre;;\n"
    text = plain(gate.send(b"nom;courriel;identifiant\n" + lines))

    assert "Cette personne n’y a rien" in text
    assert text.count("Zoe Martin Lefevre") > 1


def test_what_a_list_may_hold_and_the_way_out_are_said(gate: Gate) -> None:
    text = html.unescape(gate.client.get(gate.address).text).replace("\u202f", " ")

    assert "Au plus 5 000 lignes et 500 ko" in text
    assert "page des notes" in text
