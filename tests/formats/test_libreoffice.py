"""The files that a French teacher opens, as LibreOffice reads them: words, instants and numbers are what they are."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from app.services import marks, scores
from app.services.identity import Person
from tests.conftest import skip_or_fail
from tests.hall import Hall, answer_all, sit

NAMES = ("=1+1", "Zoé Lefèvre-Nguyễn", "Björn Łuk", "王小明", "Œdipe d’Aubigné", "007")
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
# Semicolon, double quotes, UTF-8, from the first line, French, "quoted fields as text", dates recognised. Without
# the last but one, which a teacher ticks, "007" is 7: no CSV can do better, the workbook does.
AS_FRENCH_CSV = "CSV:59,34,76,1,,1036,true,true"
Cells = dict[str, tuple[str, str]]


@pytest.fixture
def hall(make_hall: Callable[..., Hall], make_user: Callable[..., Person]) -> Hall:
    """Six students have handed in one right answer of four."""
    hall = make_hall()
    for name in NAMES:
        answer_all(hall, sit(hall, make_user, name), "b")
    return hall


def opened(hall: Hall, wanted: scores.Wanted, folder: Path) -> list[Cells]:
    """The rows of a file of scores as LibreOffice reads them; a cell is its type and its value."""
    soffice = shutil.which("soffice") or skip_or_fail("no LibreOffice on this machine")
    file = folder / f"notes.{wanted.extension}"
    with hall.db.reading() as session, file.open("wb") as target:
        scores.write(session, marks.any_exam(session, hall.exam_id), wanted, hall.clock(), target)
    filtered = [f"--infilter={AS_FRENCH_CSV}"] if wanted.extension == "csv" else []
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    convert = [soffice, profile, "--headless", *filtered, "--convert-to", "fods", "--outdir", folder, file]
    subprocess.run(convert, check=True, capture_output=True, timeout=120)
    return rows(ElementTree.parse(folder / "notes.fods").getroot())  # noqa: S314 as LibreOffice wrote it


def rows(document: Element) -> list[Cells]:
    """The rows of the first sheet, by its header."""
    sheet = next(document.iter(f"{TABLE}table"))
    header, *lines = [list(cells(row)) for row in sheet.iter(f"{TABLE}table-row")]
    return [dict(zip([name for _, name in header], line, strict=False)) for line in lines if line[0][0]]


def cells(row: Element) -> Iterator[tuple[str, str]]:
    """Type and value of each cell; a text is what is shown."""
    for cell in row.iter(f"{TABLE}table-cell"):
        kind = cell.get(f"{OFFICE}value-type", "")
        value = cell.get(f"{OFFICE}date-value") or cell.get(f"{OFFICE}value") or words(cell)
        for _ in range(min(int(cell.get(f"{TABLE}number-columns-repeated", "1")), 100)):
            yield kind, value


def words(cell: Element) -> str:
    """The text of a cell."""
    return "".join(part for line in cell.iter(f"{TEXT}p") for part in line.itertext())


@pytest.mark.parametrize(("file", "formula"), [("scores.fr", "'=1+1"), ("book", "=1+1")])
def test_names_are_texts_scores_numbers_and_starts_instants(
    file: str, formula: str, hall: Hall, tmp_path: Path
) -> None:
    read = opened(hall, scores.Wanted(file), tmp_path)

    assert {cells["Nom"] for cells in read} == {("string", name) for name in (*NAMES[1:], formula)}
    assert {cells["Note"] for cells in read} == {("float", "5")}
    assert {cells["Début"] for cells in read} == {("date", "2026-11-23T10:00:00")}
