"""A school's list of students: its titles, its lines, its problems."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formats import delimited, headers, roster
from app.formats.delimited import MOST_ROWS
from app.formats.roster import MOST_STUDENTS, Entry, Listed


def listed(text: str, *kinds: str | None) -> Listed:
    sheet = delimited.read(text.encode())
    return roster.read(sheet, kinds or headers.guess(sheet.head.cells))


def problems(text: str) -> list[tuple[int, int, str]]:
    return [(one.line, one.column, one.code) for one in listed(text).problems]


@pytest.mark.parametrize(
    ("titles", "kinds"),
    [
        ("Nom;Prénom;Courriel;N° étudiant;Tiers-temps", ("last", "first", "email", "id", "extra")),
        ("NOM COMPLET;E-MAIL;Identifiant", ("name", "email", "id")),
        ("name;e-mail;ID number;extra time", ("name", "email", "id", "extra")),
        ("First name;Last name;idnumber;Email address", ("first", "last", "id", "email")),
        ("Nom;adresse de courriel;groupe", ("name", "email", None)),
        ("Name;First Name", ("last", "first")),
        ("Numéro d’étudiant;Nom de famille;Prénoms", ("id", "last", "first")),
        ("Prénom;Nom;Numéro d'identification;Adresse de courriel", ("first", "last", "id", "email")),
        ("Courriel;courriel;Nom", ("email", None, "name")),
    ],
)
def test_titles_are_understood_in_french_and_english(titles: str, kinds: tuple[str | None, ...]) -> None:
    assert headers.guess(titles.split(";")) == kinds


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1/3", 20),
        ("33 %", 20),
        ("33,3%", 20),
        ("+ 33 %", 20),
        ("20", 20),
        ("20 min/h", 20),
        ("oui", 20),
        ("Oui", 20),
        ("Tiers-temps", 20),
        ("1/2", 30),
        ("50 %", 30),
        ("15", 15),
        ("", 0),
        ("non", 0),
        ("0", 0),
        ("1/0", None),
        ("beaucoup", None),
        ("601", None),
        ("1,33", None),
    ],
)
def test_extra_time_is_minutes_an_hour(text: str, minutes: int | None) -> None:
    assert roster.extra_minutes(text) == minutes


def test_a_line_says_name_id_address_and_extra_time() -> None:
    read = listed("Nom;Prénom;Courriel;Identifiant;Tiers-temps\nLovelace;Ada;ada@example.org;E001;oui\n")

    assert read == Listed((Entry(2, "Ada Lovelace", "E001", "ada@example.org", 20),), ())


def test_a_column_that_is_not_there_says_nothing() -> None:
    assert listed("nom\nAda Lovelace\n").entries == (Entry(2, "Ada Lovelace", None, None, None),)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝"])
def test_a_name_that_a_spreadsheet_would_compute_is_refused_with_its_line(sign: str) -> None:
    assert problems(f"nom;identifiant\nAda;E1\n{sign}1+1;E2\n") == [(3, 1, "formula")]


def test_every_problem_of_every_line_is_told() -> None:
    text = (
        "nom;courriel;identifiant;tiers-temps\n;a@b.fr;E1;oui\nAda;nowhere;E1;souvent\nZoé;A@B.fr;E1;\nÉva;a@b.fr;E1;\n"
    )

    assert problems(text) == [
        (2, 1, "name_missing"),
        (3, 2, "email_shape"),
        (3, 4, "extra_unclear"),
        (5, 2, "email_twice"),
        (5, 3, "id_twice"),
    ]


def test_two_of_one_name_need_something_to_tell_them_apart() -> None:
    assert problems("nom\nZoé Martin\nZOE MARTIN\n") == [(3, 1, "name_twice")]
    assert problems("nom;identifiant\nZoé Martin;1\nZOE MARTIN;2\n") == []


def test_a_list_without_names_is_refused() -> None:
    assert problems("courriel;groupe\na@b.fr;2\n") == [(1, 0, "no_name_column")]


def test_of_two_bounds_on_lines_the_one_that_comes_first_is_said() -> None:
    students = "".join(f"Student {number}\n" for number in range(10_000))

    assert problems(f"nom\n{students}") == [(MOST_STUDENTS + 2, 0, "too_many_rows")]


def test_of_too_many_students_in_too_many_bytes_the_students_are_said() -> None:
    students = "".join(f"{'Student' * 20} {number}\n" for number in range(10_000))

    assert problems(f"nom\n{students}") == [(MOST_STUDENTS + 2, 0, "too_many_rows")]


def test_nothing_is_said_of_lines_that_were_not_read() -> None:
    students = "".join(f"Student {number}\n" for number in range(MOST_STUDENTS))

    assert problems(f"nom\n{students}Ada\nZoé;Martin\n") == [(MOST_STUDENTS + 2, 0, "too_many_rows")]


def test_lines_that_are_empty_are_bounded_by_the_file_and_not_by_students() -> None:
    [problem] = listed("nom\nAda\n" + "\n" * MOST_ROWS).problems

    assert (problem.code, dict(problem.params)) == ("too_many_rows", {"most": MOST_ROWS})


@pytest.mark.parametrize(("text", "code"), [("", "file_empty"), ("%PDF-1.7\n", "not_text")])
def test_of_a_file_without_a_table_no_column_is_asked_for(text: str, code: str) -> None:
    assert problems(text) == [(0, 0, code)]


@pytest.mark.parametrize(
    "heading",
    [
        "Liste des étudiants 2026\n",
        "Liste des étudiants 2026\n\n",
        "Liste des étudiants 2026;;\n;;\n",
        "Lycée Ada;2026\nClasse;B2\n\n",
        '"B2" Docker\nMatricule;0751\n',
        "sep=;\nListe\n",
    ],
)
def test_titles_below_a_heading_are_found_and_lines_keep_their_numbers(heading: str) -> None:
    read = listed(f"{heading}Nom;Prénom;Courriel\nLovelace;Ada;ada@example.org\nMartin;Zoé;nowhere\n")

    line = heading.count("\n") + 2
    assert read.entries == (Entry(line, "Ada Lovelace", None, "ada@example.org", None),)
    assert [(one.line, one.column, one.code) for one in read.problems] == [(line + 1, 3, "email_shape")]


def test_what_stands_before_the_titles_is_kept_to_be_said() -> None:
    sheet = delimited.read(b"Liste 2026\n\nNom\nAda\n")

    assert ([row.cells for row in sheet.skipped], sheet.head.line) == ([("Liste 2026",)], 3)


@pytest.mark.parametrize(
    "text",
    [
        "nom;groupe\nName;Student\n",
        "qui;quoi;rôle\nAda;E1;Student\nZoé;E2;Student\n",
        "qui\n" + "Ada\n" * 8 + "Nom\n",
    ],
)
def test_a_person_is_not_taken_for_titles(text: str) -> None:
    sheet = delimited.read(text.encode())

    assert (sheet.head.line, sheet.skipped) == (1, ())


def test_below_a_heading_a_column_that_is_missing_is_asked_for_at_the_titles() -> None:
    assert problems("Liste\n\ncourriel;identifiant\na@b.fr;2\n") == [(3, 0, "no_name_column")]


def test_one_kind_has_one_column() -> None:
    found = listed("a;b\nAda;Eve\n", "name", "name").problems

    assert [(one.line, one.column, one.code) for one in found] == [(1, 2, "column_twice")]


@given(st.binary(max_size=300), st.lists(st.sampled_from([*roster.CHOICES, None]), max_size=8))
def test_rubbish_is_read_without_raising(content: bytes, kinds: list[str | None]) -> None:
    read = roster.read(delimited.read(content), kinds)

    assert all(entry.name for entry in read.entries)
