"""CSV files, read back by the csv module as a spreadsheet would."""

import csv
import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formats import csv_file
from app.formats.tables import Cell, Column, Table, printable


def table(*rows: tuple[Cell, ...], columns: tuple[Column, ...] = (Column("Name"), Column("Score", 2))) -> Table:
    return Table("A class", columns, rows)


def read(content: bytes, locale: str = "fr") -> list[list[str]]:
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=csv_file.DIALECTS[locale].separator, strict=True))


def test_the_file_begins_with_the_mark_by_which_excel_knows_utf_8() -> None:
    assert csv_file.write(table(), "fr").startswith(b"\xef\xbb\xbf")


def test_lines_end_as_rfc_4180_says() -> None:
    content = csv_file.write(table(("Ada", 1)), "en")

    assert content.count(b"\r\n") == content.count(b"\n") == 2


def test_french_numbers_have_a_comma_between_semicolons() -> None:
    assert csv_file.write(table(("Zoé", 22.5)), "fr").decode("utf-8-sig").splitlines()[1] == '"Zoé";22,50'


def test_english_numbers_have_a_point_between_commas() -> None:
    assert csv_file.write(table(("Zoé", 22.5)), "en").decode("utf-8-sig").splitlines()[1] == '"Zoé",22.50'


def test_a_negative_number_stays_a_number() -> None:
    assert read(csv_file.write(table(("Ada", -0.5)), "fr"))[1] == ["Ada", "-0,50"]


def test_an_absent_value_is_an_empty_cell() -> None:
    assert read(csv_file.write(table(("Ada", None)), "fr"))[1] == ["Ada", ""]


def test_a_day_is_written_as_every_country_reads_it() -> None:
    assert read(csv_file.write(table((date(2026, 11, 24), 1)), "fr"))[1][0] == "2026-11-24"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("before", ["", " ", "\u00a0\u2009", "\u200b", "\ufeff"])
def test_a_text_that_a_spreadsheet_would_compute_is_disarmed(start: str, before: str) -> None:
    text = f"{before}{start}1+1"

    assert read(csv_file.write(table((text, 1)), "fr"))[1][0] == f"'{text}"


def test_a_control_character_does_not_hide_a_formula() -> None:
    assert read(csv_file.write(table(("\x00\x01=1+1", 1)), "fr"))[1][0] == "'=1+1"


def test_a_header_that_a_spreadsheet_would_compute_is_disarmed_too() -> None:
    content = csv_file.write(table(columns=(Column("=1+1"), Column("b"))), "fr")

    assert read(content)[0] == ["'=1+1", "b"]


@pytest.mark.parametrize("name", ["O’Neil; d'Arc", 'Jean "Jo" Dupont', "Zoë, Łukasz", "李 雷", "a\nb", " two  spaces "])
def test_a_name_comes_back_exactly_as_it_was_typed(name: str) -> None:
    for locale in csv_file.DIALECTS:
        assert read(csv_file.write(table((name, 1)), locale), locale)[1][0] == name


@given(st.text(), st.sampled_from(["fr", "en"]))
def test_whatever_is_typed_comes_back_but_for_controls_and_one_apostrophe(text: str, locale: str) -> None:
    back = read(csv_file.write(table((text, 1)), locale), locale)

    assert len(back) == 2
    assert back[1][1] == ("1,00" if locale == "fr" else "1.00")
    assert back[1][0].removeprefix("'") in (csv_file.printable(text), csv_file.printable(text).removeprefix("'"))


@given(st.text())
def test_nothing_harmless_starts_like_a_formula(text: str) -> None:
    assert not csv_file.harmless(text).lstrip().startswith(tuple("=+-@＝＋－＠"))


def test_ten_thousand_rows_are_written() -> None:
    content = csv_file.write(table(*((f"Name {number}", number / 4) for number in range(10_000))), "fr")

    assert read(content)[10_000] == ["Name 9999", "2499,75"]


def test_a_program_gets_texts_as_they_are_stored() -> None:
    made = csv_file.write(Table("t", [Column("a")], [["=1+1"], ["--rm"], ["-p 80:80"]]), "tidy")

    assert made == b"a\r\n=1+1\r\n--rm\r\n-p 80:80\r\n"


def test_a_gradebook_gets_a_space_before_a_formula_and_its_dash_alone() -> None:
    made = csv_file.write(Table("t", [Column("a")], [["=1+1"], ["-"]]), "gradebook")

    assert made == b'a\r\n" =1+1"\r\n-\r\n'


def test_a_negative_number_is_never_taken_for_a_formula() -> None:
    assert b"\r\n-0,50\r\n" in csv_file.write(Table("t", [Column("a", 2)], [[-0.5]]), "fr")


def test_an_instant_is_local_time_for_a_spreadsheet_and_has_its_offset_for_a_program() -> None:
    at = datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Europe/Paris"))
    table = Table("t", [Column("a")], [[at]])

    assert b"\r\n2026-11-24 09:00:00\r\n" in csv_file.write(table, "fr")
    assert b"\r\n2026-11-24T09:00:00+01:00\r\n" in csv_file.write(table, "tidy")


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])), min_size=1))
def test_a_program_reads_any_text_back(texts: list[str]) -> None:
    kept = [printable(text) for text in texts]
    made = csv_file.write(Table("t", [Column("a"), Column("b")], [[text, 1] for text in texts]), "tidy")

    read = list(csv.reader(io.StringIO(made.decode(), newline="")))

    assert [row[0] for row in read[1:]] == kept
