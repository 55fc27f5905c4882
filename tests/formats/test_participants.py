"""Files of scores that import: who is who in Moodle and Canvas, and their traps."""

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formats import pairing, participants
from app.formats.pairing import Matching, Pair, Student
from app.formats.participants import CANVAS, MOODLE, Target
from tests.formats.moodle_importer import Column, Refused, imported

TARGETS = Path(__file__).parent.parent / "data" / "targets"
KNOWN = {"ada.lovelace@example.org", "zoe@example.org", "max@example.org"}
ADA = Student("#1", "Ada Lovelace", "E001", ("other@example.org",), 1675, "14 of 20 right")
ZOE = Student("#2", "ZOE Martin Lefevre", None, ("ZOE@example.org",), 1200, "=1+1")
EVA = Student("#3", "Éva Absente", None, (), 900)


def target(name: str) -> Target:
    return participants.read((TARGETS / name).read_bytes())


def matched(name: str, *students: Student) -> tuple[Target, Matching]:
    read = target(name)
    return read, pairing.match(students, read.participants)


def told(pairs: tuple[Pair, ...]) -> list[tuple[str, str, str]]:
    return [(one.student.key, one.participant.name, one.by) for one in pairs]


def doubts(found: Matching) -> list[tuple[str, list[tuple[int, str]], str]]:
    return [
        (one.student.key, [(pair.participant.row, pair.by) for pair in one.options], one.why) for one in found.unclear
    ]


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


@pytest.mark.parametrize(
    ("name", "kind", "people"),
    [
        ("moodle_participants_fr.csv", MOODLE, ["Ada Lovelace", "Zoé Martin-Lefèvre", "Max Étranger"]),
        ("moodle_gradebook_en.csv", MOODLE, ["Ada Lovelace", "Zoe MARTIN LEFEVRE"]),
        ("moodle_participants_cp1252.csv", MOODLE, ["Zoé Martin-Lefèvre"]),
        ("canvas_gradebook.csv", CANVAS, ["Lovelace, Ada", "Martin-Lefèvre, Zoé", "Student, Test"]),
    ],
)
def test_the_people_of_each_file_are_read(name: str, kind: str, people: list[str]) -> None:
    read = target(name)

    assert (read.kind, [one.name for one in read.participants], read.problems) == (kind, people, ())


def test_people_are_told_by_id_then_address_and_strangers_of_both_sides_listed() -> None:
    _, found = matched("moodle_participants_fr.csv", ADA, ZOE, EVA)

    assert told(found.sure) == [("#1", "Ada Lovelace", "id"), ("#2", "Zoé Martin-Lefèvre", "email")]
    assert [one.name for one in found.missing] == ["Éva Absente"]
    assert [one.name for one in found.strangers] == ["Max Étranger"]


def test_a_name_without_accents_case_and_order_is_proposed_not_believed() -> None:
    _, found = matched("canvas_gradebook.csv", Student("#2", "zoe MARTIN LEFEVRE", None, (), 1200))

    assert told(found.named) == [("#2", "Martin-Lefèvre, Zoé", "name")]
    assert found.sure == ()
    assert pairing.settle(found, {})[0] == []
    assert len(pairing.settle(found, {"#2": found.named[0].participant.row})[0]) == 1


def test_a_name_that_fits_two_is_for_the_teacher_to_choose() -> None:
    read = participants.read(b"nom;courriel\nZoe Martin;a@b.fr\nZO\xc3\x89 MARTIN;c@d.fr\n")
    one, other = (Student(key, "Zoé Martin", None, (), 1000) for key in ("#1", "#2"))
    found = pairing.match([one, other], read.participants)

    assert doubts(found) == [("#1", [(0, "name"), (1, "name")], "names"), ("#2", [(0, "name"), (1, "name")], "names")]
    assert pairing.settle(found, {"#1": 0, "#2": 1})[1] == set()
    assert pairing.settle(found, {"#1": 0, "#2": 0})[1] == {0}
    assert pairing.settle(found, {"#1": 7})[0] == []


ADA_THERE, MAX_THERE = "Ada Lovelace", "Max Planck"
ONE = Student("#1", ADA_THERE, "E001", ("ada@x.org",), 1725)
OTHER = Student("#2", MAX_THERE, "E002", ("max@x.org",), 900)


def test_an_id_that_says_one_where_address_and_name_say_another_is_for_the_teacher() -> None:
    shifted = f"nom,courriel,identifiant\n{MAX_THERE},max@x.org,E001\n{ADA_THERE},ada@x.org,E002\n"
    found = pairing.match([ONE, OTHER], participants.read(shifted.encode()).participants)

    assert (found.sure, found.named, found.missing, found.strangers) == ((), (), (), ())
    assert doubts(found) == [
        ("#1", [(0, "id"), (1, "email")], "disagree"),
        ("#2", [(1, "id"), (0, "email")], "disagree"),
    ]
    assert pairing.settle(found, {"#1": 1, "#2": 0})[1] == set()


def test_a_row_with_the_id_of_one_student_and_the_address_of_another_is_nobodys_until_chosen() -> None:
    content = b"nom,courriel,identifiant\nLi,max@x.org,E001\n"
    found = pairing.match([ONE, OTHER], participants.read(content).participants)

    assert doubts(found) == [("#1", [(0, "id")], "disagree"), ("#2", [(0, "email")], "disagree")]
    assert pairing.settle(found, {"#1": 0, "#2": 0})[1] == {0}


def test_a_name_that_nobody_else_has_contradicts_no_id() -> None:
    found = pairing.match([ONE], participants.read(b"nom,identifiant\nAda King,E001\n").participants)

    assert told(found.sure) == [("#1", "Ada King", "id")]


def test_students_of_one_name_are_told_by_their_ids() -> None:
    students = [Student(f"#{n}", "Jean Martin", f"E{n}", (), 1000) for n in (1, 2)]
    read = participants.read(b"nom,identifiant\nJean Martin,E2\nJean Martin,E1\n")

    found = pairing.match(students, read.participants)

    assert [(one.student.key, one.participant.row) for one in found.sure] == [("#1", 1), ("#2", 0)]


def test_an_address_that_is_there_twice_is_said_to_be() -> None:
    read = participants.read(b"nom,courriel\nA. L.,ada@x.org\nAda K.,ada@x.org\n")

    found = pairing.match([ONE], read.participants)

    assert doubts(found) == [("#1", [(0, "email"), (1, "email")], "twice")]
    assert (found.missing, found.strangers) == ((), ())


def test_the_file_for_moodle_has_only_whom_it_knows_and_dots() -> None:
    read, found = matched("moodle_participants_fr.csv", ADA, ZOE, EVA)

    made = participants.moodle(read, found.sure, "Partiel")

    assert table(made.content) == [
        ["Adresse de courriel", "Numéro d’identification", "Partiel"],
        ["Ada.Lovelace@example.org", "E001", "16.75"],
        ["zoe@example.org", "", "12.00"],
    ]
    assert not made.content.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("column", [Column(), Column(comma=True), Column(new=True), Column(new=True, comma=True)])
@pytest.mark.parametrize("name", ["moodle_participants_fr.csv", "moodle_gradebook_en.csv"])
def test_moodle_imports_our_file_in_both_languages_and_both_ways(name: str, column: Column) -> None:
    read, found = matched(name, ADA, ZOE, EVA)
    made = participants.moodle(read, found.sure, "Partiel", "Commentaire")

    grades = imported(made.content, made.key, "Partiel", KNOWN, column)

    assert grades == {"ada.lovelace@example.org": 16.75, "zoe@example.org": 12.0}


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("trap_comma.csv", Column(new=True, comma=True)),
        ("trap_comma.csv", Column()),
        ("trap_apostrophe.csv", Column()),
        ("trap_unknown.csv", Column()),
    ],
)
def test_moodle_refuses_the_whole_file_for_one_trap(name: str, column: Column) -> None:
    with pytest.raises(Refused):
        imported((TARGETS / name).read_bytes(), "email", "Partiel", KNOWN, column)


def test_moodle_clamps_without_a_word() -> None:
    content = (TARGETS / "trap_clamped.csv").read_bytes()

    assert imported(content, "email", "Partiel", KNOWN, Column())["ada.lovelace@example.org"] == 20


def test_words_that_a_spreadsheet_computes_get_a_space_and_no_apostrophe() -> None:
    read, found = matched("moodle_participants_fr.csv", ZOE)

    rows = table(participants.moodle(read, found.sure, "=Partiel", "Commentaire").content)

    assert (rows[0][2], rows[1][3]) == (" =Partiel", " =1+1")


def test_whoever_has_nothing_in_the_telling_column_is_left_out_and_said() -> None:
    read = participants.read(b"nom;courriel;identifiant\nAda;a@b.fr;1\nZoe;c@d.fr;\nMax;;3\n")
    students = [Student(f"#{n}", name, None, (), 1000) for n, name in enumerate(("Ada", "Zoé", "Max"))]
    found = pairing.match(students, read.participants)

    made = participants.moodle(read, found.named, "Partiel")

    assert (made.key, [one.student.name for one in made.keyless]) == ("courriel", ["Max"])


def test_canvas_gets_its_own_rows_back_with_the_scores_in_one_column() -> None:
    read, found = matched("canvas_gradebook.csv", ADA, ZOE)
    column = participants.assignment_of(read, "PARTIEL")

    rows = table(participants.canvas(read, found.sure, column, "Partiel", 2000).content)

    given = list(csv.reader((TARGETS / "canvas_gradebook.csv").read_text().splitlines()))
    assert rows[0] == given[0]
    assert [row[6] for row in rows] == ["Partiel (4218)", "", "20", "16.75", "12.00", ""]
    assert [row[5] for row in rows] == [row[5] for row in given]
    assert rows[2][0] == "Points Possible"


@pytest.mark.parametrize(
    ("cell", "points"),
    [("10", 10), ("20.0", 20), ('"12,5"', Decimal("12.5")), ("0", 0), ("", None), ("(read only)", None), ("-5", None)],
)
def test_what_a_column_of_canvas_is_out_of_is_read(cell: str, points: Decimal | int | None) -> None:
    content = (TARGETS / "canvas_gradebook.csv").read_text().replace(",20,20,", f",20,{cell},")

    assert participants.points_of(participants.read(content.encode()), 6) == points


def test_a_new_column_and_a_file_without_points_are_out_of_nothing_known() -> None:
    without = participants.read(b"Student,ID,Section,Partiel (4218)\nAda,101,B2,\n")

    assert (participants.points_of(target("canvas_gradebook.csv"), None), participants.points_of(without, 3)) == (
        None,
        None,
    )


def test_canvas_makes_a_new_column_with_its_points() -> None:
    read, found = matched("canvas_gradebook.csv", ADA)

    rows = table(participants.canvas(read, found.sure, None, "Rattrapage", 2000).content)

    assert [row[-1] for row in rows] == ["Rattrapage", "", "20.00", "16.75", "", ""]


def test_a_year_in_the_title_of_a_new_column_is_not_the_number_of_an_assignment() -> None:
    read, found = matched("canvas_gradebook.csv", ADA)

    rows = table(participants.canvas(read, found.sure, None, "Partiel (2026)", 2000).content)

    assert rows[0][-1] == "Partiel [2026]"


def excused() -> tuple[Target, Matching]:
    content = (TARGETS / "canvas_gradebook.csv").read_text().replace("17.25,,86", "17.25, ex ,86")
    read = participants.read(content.encode())
    return read, pairing.match([ADA, ZOE], read.participants)


def test_whoever_canvas_excused_stays_excused_and_is_said() -> None:
    read, found = excused()

    made = participants.canvas(read, found.sure, 6, "Partiel", 2000)

    assert [row[6] for row in table(made.content)][3:5] == ["ex", "12.00"]
    assert [one.student.name for one in made.pairs] == ["ZOE Martin Lefevre"]
    assert [(one.student.name, column) for one, column in participants.excused(read, found.sure)] == [
        ("Ada Lovelace", "Partiel (4218)")
    ]


def test_a_mark_goes_over_an_excuse_when_the_teacher_says_so() -> None:
    read, found = excused()

    made = participants.canvas(read, found.sure, 6, "Partiel", 2000, over_excuses=True)

    assert table(made.content)[3][6] == "16.75"


def test_a_file_that_tells_nobody_apart_is_refused() -> None:
    assert [one.code for one in participants.read(b"nom;groupe\nAda;1\n").problems] == ["no_key_column"]


def test_participants_below_a_heading_are_read() -> None:
    read = participants.read(b"Participants du cours B2\n\nNom,Courriel\nAda,ada@x.org\n")

    assert [(one.name, one.email, one.line) for one in read.participants] == [("Ada", "ada@x.org", 4)]


def test_below_a_heading_a_key_that_is_missing_is_asked_for_at_the_titles() -> None:
    [problem] = participants.read(b"Liste\n\nNom,Groupe\nLovelace,B2\n").problems

    assert (problem.line, problem.code) == (3, "no_key_column")


@pytest.mark.parametrize(("content", "code"), [(b"", "file_empty"), (b"%PDF-1.7\n", "not_text")])
def test_of_a_file_without_a_table_no_column_is_asked_for(content: bytes, code: str) -> None:
    assert [one.code for one in participants.read(content).problems] == [code]


NAMES = st.sampled_from(["Ada", "Zoé", "zoe", "Max", ""])
IDS = st.sampled_from(["1", "2", ""])


@given(st.lists(st.tuples(NAMES, IDS), max_size=6), st.lists(st.tuples(NAMES, IDS), max_size=6))
def test_nobody_is_two_people(mine: list[tuple[str, str]], theirs: list[tuple[str, str]]) -> None:
    students = [Student(str(n), name, held or None, (), 1000) for n, (name, held) in enumerate(mine)]
    lines = "".join(f"{name};{held};x{n}@y.z\n" for n, (name, held) in enumerate(theirs))
    read = participants.read(f"nom;identifiant;courriel\n{lines}".encode())

    found = pairing.match(students, read.participants)

    pairs = [*found.sure, *found.named]
    assert len({one.participant.row for one in pairs}) == len({one.student.key for one in pairs}) == len(pairs)
    assert len(pairs) + len(found.unclear) + len(found.missing) == len(students)
    for one in found.sure:
        rivals = [each for each in students if each.institution_id and each.key != one.student.key]
        assert one.participant.institution_id not in {each.institution_id for each in rivals}


@given(st.binary(max_size=300))
def test_rubbish_is_read_without_raising(content: bytes) -> None:
    assert participants.read(content).kind in {MOODLE, CANVAS}
