"""CSV as schools export it, and as nobody should."""

import codecs
import csv
import io
import zipfile

import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st

from app.formats import delimited
from app.formats.delimited import MOST_BYTES, MOST_COLUMNS, MOST_ROWS, SEPARATORS, FileProblem, Sheet

LIST = "Nom;Prénom;Courriel\r\nMartin-Lefèvre;Zoé;zoe@example.org\r\nÖzgür;Élodie;elodie@example.org\r\n"
READ = [("Martin-Lefèvre", "Zoé", "zoe@example.org"), ("Özgür", "Élodie", "elodie@example.org")]


def cells(sheet: Sheet) -> list[tuple[str, ...]]:
    return [row.cells for row in sheet.rows]


def found(text: str) -> list[tuple[int, int, str]]:
    return [(one.line, one.column, one.code) for one in delimited.read(text.encode()).problems]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (LIST.encode(), "UTF-8"),
        (codecs.BOM_UTF8 + LIST.encode(), "UTF-8"),
        (codecs.BOM_UTF16_LE + LIST.encode("utf-16-le"), "UTF-16"),
        (codecs.BOM_UTF16_BE + LIST.encode("utf-16-be"), "UTF-16"),
        (LIST.encode("utf-16-le"), "UTF-16"),
        (LIST.encode("cp1252"), "Windows-1252"),
        (LIST.encode("mac_roman"), "Mac Roman"),
    ],
)
def test_every_encoding_of_schools_gives_the_same_list(content: bytes, encoding: str) -> None:
    sheet = delimited.read(content)

    assert (sheet.head.cells, cells(sheet)) == (("Nom", "Prénom", "Courriel"), READ)
    assert (sheet.encoding, sheet.problems) == (encoding, ())


@pytest.mark.parametrize("name", ["Élodie", "ÉLODIE", "Zoé", "François", "Jérôme d’Arc", "Łukasz"])
def test_windows_is_believed_unless_only_a_mac_makes_words(name: str) -> None:
    content = f"Nom\r\n{name}\r\n".encode("cp1252", "replace")

    assert delimited.read(content).encoding in {"Windows-1252", "UTF-8"}


@pytest.mark.parametrize("separator", SEPARATORS)
def test_the_separator_is_guessed(separator: str) -> None:
    sheet = delimited.read(LIST.replace(";", separator).encode())

    assert (sheet.separator, cells(sheet)) == (separator, READ)


WITH_COLONS = st.sampled_from(["10:30", "08:05:59", "https://a.b/c", "mailto:a@b.fr", "TD: 1", "a:b:c", "::", "Ada"])


@given(
    st.sampled_from([";", ",", "\t", "|"]),
    st.lists(st.tuples(WITH_COLONS, WITH_COLONS, WITH_COLONS), min_size=1, max_size=8),
)
def test_whatever_colons_cells_hold_the_separator_of_the_titles_is_found(
    separator: str, rows: list[tuple[str, ...]]
) -> None:
    lines = [separator.join(row) for row in [("Nom", "Heure : début", "Page"), *rows]]

    assert delimited.read("\n".join(lines).encode()).separator == separator


WORD = st.text(alphabet=st.characters(codec="utf-8", categories=["L", "Nd"]), min_size=1, max_size=8)


@given(st.sampled_from(SEPARATORS), st.lists(st.tuples(WORD, WORD), max_size=8))
def test_any_separator_is_found_by_its_titles_and_words(separator: str, rows: list[tuple[str, str]]) -> None:
    lines = [separator.join(row) for row in [("Nom", "Prénom"), *rows]]

    assert delimited.read("\n".join(lines).encode()).separator == separator


def test_separators_inside_quotes_do_not_deceive() -> None:
    sheet = delimited.read(b'name;notes\r\n"Lovelace, Ada";"a, b, c"\r\n"Curie, Marie";"d, e, f"\r\n')

    assert (sheet.separator, cells(sheet)) == (";", [("Lovelace, Ada", "a, b, c"), ("Curie, Marie", "d, e, f")])


@pytest.mark.parametrize("separator", ["|", ":"])
def test_a_first_line_that_tells_excel_the_separator_is_obeyed(separator: str) -> None:
    sheet = delimited.read(f"sep={separator}\r\na;b{separator}c\r\n1;2{separator}3\r\n".encode())

    assert (sheet.separator, sheet.head.line, cells(sheet)) == (separator, 2, [("1;2", "3")])


@pytest.mark.parametrize(
    "text",
    [
        "nom;heure\nAda;10:30\nZoé;11:45\n",
        "Ada,10:30:00\nZoé,11:45:00\n",
        "10:30;11:45\n10:30;11:45\n",
        "nom,page\nAda,https://example.org/ada\nZoé,https://example.org/zoe\n",
        "nom|courriel\nAda|mailto:ada@example.org\nZoé|mailto:zoe@example.org\n",
        "nom : usuel;groupe : TD\nAda;B2\nZoé;B2\n",
        "nom;groupe\nAda;TD: 1;x\nZoé;TD: 2\nMax;TD: 2;x;y\nÉva;TD: 3\n",
        "nom : usuel;groupe\nAda : Lovelace;TD;1\nZoé : Martin;TD\n",
    ],
)
def test_colons_in_cells_do_not_win_over_the_separator(text: str) -> None:
    assert delimited.read(text.encode()).separator in {";", ",", "|"}


@pytest.mark.parametrize(
    "text",
    ["nom\nGroupe A: Ada\nGroupe B: Zoé\n", "heure\n10:30\n11:45\n", "page\nhttp://a.b\n", "Liste : B2\nNom\nAda\n"],
)
def test_colons_do_not_cut_a_single_column(text: str) -> None:
    assert len(delimited.read(text.encode()).rows[-1].cells) == 1


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("nom:courriel\nLovelace, Ada:ada@b.fr\nMartin, Zoé:zoe@b.fr\n", ("Martin, Zoé", "zoe@b.fr")),
        ("Liste du 26 novembre\nnom:courriel\nAda:ada@b.fr\nZoé:zoe@b.fr\n", ("Zoé", "zoe@b.fr")),
        ('nom:heure\nAda:"10:30"\nZoé:"11:45"\n', ("Zoé", "11:45")),
        ("identifiant:minutes\n101:20\n102:30\n", ("102", "30")),
        ("nom:page\nAda:2\nZoé:3;4\n", ("Zoé", "3;4")),
    ],
)
def test_a_list_that_is_cut_at_colons_is_read(text: str, last: tuple[str, ...]) -> None:
    assert delimited.read(text.encode()).rows[-1].cells == last


def test_quotes_may_hold_quotes_and_ends_of_lines() -> None:
    sheet = delimited.read(b'a,b\n"one ""two""","x\ny"\nlast,z\n')

    assert cells(sheet) == [('one "two"', "x\ny"), ("last", "z")]
    assert [row.line for row in sheet.rows] == [2, 4]


def test_empty_lines_are_passed_over_and_still_counted() -> None:
    sheet = delimited.read(b"\n;;\na;b\n\n1;2\n")

    assert (sheet.head.line, [row.line for row in sheet.rows]) == (3, [5])


def test_one_column_needs_no_separator() -> None:
    assert cells(delimited.read(b"nom\nAda Lovelace\nMarie Curie\n")) == [("Ada Lovelace",), ("Marie Curie",)]


def test_every_problem_is_told_with_line_and_column() -> None:
    assert found('a,b\n1,"open\n"x" y,2\n1,2,3\n') == [(2, 2, "quote_open"), (3, 1, "quote_inside"), (4, 3, "row_long")]


def test_a_forgotten_quote_does_not_swallow_the_rest() -> None:
    assert cells(delimited.read(b'a,b\n1,"open\n3,4\n'))[1] == ("3", "4")


def test_bytes_without_a_meaning_are_told_with_their_line() -> None:
    sheet = delimited.read(b"nom,note\nAda,1\nZo\x81\xe9,2\n")

    assert [(one.line, one.code) for one in sheet.problems] == [(3, "encoding")]


def test_an_empty_file_says_so() -> None:
    assert found("") == found("\r\n \r\n") == [(0, 0, "file_empty")]


def workbook() -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        book.add_worksheet().write_row(0, 0, ["Nom", "Courriel"])
    return written.getvalue()


def packed(**parts: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return written.getvalue()


OLD_DOCUMENT = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 900


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (workbook(), "workbook"),
        (workbook() + b"\0" * MOST_BYTES, "workbook"),
        (OLD_DOCUMENT + "Workbook".encode("utf-16-le") + b"\0" * 900, "workbook"),
        (OLD_DOCUMENT + "WordDocument".encode("utf-16-le"), "not_text"),
        (packed(mimetype="application/vnd.oasis.opendocument.spreadsheet", content="<a/>"), "not_text"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\n", "not_text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not_text"),
    ],
    ids=["xlsx", "large", "xls", "doc", "ods", "pdf", "png"],
)
def test_of_a_file_that_is_no_text_nothing_else_is_said(content: bytes, code: str) -> None:
    sheet = delimited.read(content)

    assert sheet.problems == (FileProblem(0, 0, code),)
    assert (sheet.head.cells, sheet.rows) == ((), ())


@pytest.mark.parametrize("text", ["PK;Nom\n1;Ada\n", "%;Nom\n1;Ada\n", "GIF;Nom\n1;Ada\n", "Nom\nxl/workbook\n"])
def test_a_text_that_begins_like_another_file_is_read(text: str) -> None:
    assert found(text) == []


LONG = b"a" * 200 + b",b\n"  # a row: 500 kB of them are fewer than 5 000


def test_of_a_file_with_too_many_lines_and_bytes_what_comes_first_is_said() -> None:
    assert [one.code for one in delimited.read(b"a,b\n" * MOST_BYTES).problems] == ["too_many_rows"]


def test_what_is_too_much_is_refused() -> None:
    assert (MOST_ROWS + 2, 0, "too_many_rows") in found("a,b\n" + "1,2\n" * (MOST_ROWS + 5))
    assert (1, MOST_COLUMNS + 1, "too_many_columns") in found("a," * (MOST_COLUMNS + 5))
    assert (2, 1, "cell_long") in found("a,b\n" + "x" * 6_000 + ",2\n")
    assert FileProblem(0, 0, "file_large", (("largest", 500),)) in delimited.read(LONG * 4_000).problems


@given(st.binary(max_size=400))
@example(b'"')
@example(b"\xff\xfe\x00")
@example(b"sep=")
def test_rubbish_is_read_without_raising(content: bytes) -> None:
    sheet = delimited.read(content)

    assert all(one.line >= 0 and one.column >= 0 for one in sheet.problems)


@given(st.text(alphabet='a;,"\n\r\t|é ', max_size=60))
def test_torn_texts_are_read_without_raising(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1

    sheet = delimited.read(text.encode())

    assert all(row.line <= lines for row in sheet.rows)


CELL = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=12).map(str.strip)


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=8))
def test_what_is_written_is_what_the_standard_library_reads(rows: list[tuple[str, str, str]]) -> None:
    content = delimited.write(rows).decode()

    assert [tuple(row) for row in csv.reader(io.StringIO(content, newline=""))] == rows
