"""A folder's fingerprint changes with whatever could change what is stored."""

from collections.abc import Callable
from pathlib import Path

from app.bank import fingerprint as module
from app.bank.fingerprint import fingerprint

MakeFolder = Callable[..., Path]


def test_the_same_files_have_the_same_fingerprint(make_folder: MakeFolder, tmp_path: Path) -> None:
    folder = make_folder()
    (folder / "notes.txt").write_text("not a file of the bank")
    before = fingerprint(folder)

    moved = folder.rename(tmp_path / "elsewhere")
    (moved / "notes.txt").write_text("changed")

    assert fingerprint(moved) == before


def test_another_word_another_name_and_another_file_change_it(make_folder: MakeFolder) -> None:
    folder = make_folder()
    found = [fingerprint(folder)]
    knots = folder / "knots.yaml"

    knots.write_text(knots.read_text("utf-8").replace("level: 2", "level: 3"), encoding="utf-8")
    found.append(fingerprint(folder))
    knots.rename(folder / "winds.yaml")
    found.append(fingerprint(folder))
    (folder / "knots.yml").write_text("[]")
    found.append(fingerprint(folder))

    assert len(set(found)) == 4


def test_another_version_of_the_code_changes_it(make_folder: MakeFolder, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    folder = make_folder()
    before = fingerprint(folder)

    monkeypatch.setattr(module, "_of_code", lambda: "another")

    assert fingerprint(folder) != before


def test_a_folder_that_cannot_be_read_has_none(make_folder: MakeFolder) -> None:
    folder = make_folder()
    (folder / "loop.yaml").mkdir()

    assert fingerprint(folder) == ""
