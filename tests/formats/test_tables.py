"""Names of files, and what no file may hold."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.formats.tables import file_name, printable

TODAY = date(2026, 11, 24)


def test_a_file_is_named_by_its_class_and_day() -> None:
    assert file_name("B2 Docker, groupe 1", TODAY, "csv") == "B2 Docker, groupe 1 2026-11-24.csv"


@pytest.mark.parametrize("stem", ["../../etc/passwd", "a/b", "a\\b", "a:b", 'a"b', "a\r\nb", "a\x00b"])
def test_no_class_name_leads_to_another_folder_or_header(stem: str) -> None:
    name = file_name(stem, TODAY, "csv")

    assert not set(name) & set('/\\:*?"<>|\r\n\x00')
    assert not name.startswith(".")


def test_a_class_whose_name_leaves_nothing_still_has_a_file() -> None:
    assert file_name("...", TODAY, "xlsx") == "export 2026-11-24.xlsx"


@given(st.text())
def test_a_file_name_is_short_enough_for_every_system(stem: str) -> None:
    assert len(file_name(stem, TODAY, "xlsx")) <= 100


@given(st.text())
def test_what_is_printable_can_be_encoded_and_keeps_its_ends_of_lines(text: str) -> None:
    kept = printable(text)

    assert kept.encode().decode() == kept
    assert kept.count("\n") == text.count("\n")
