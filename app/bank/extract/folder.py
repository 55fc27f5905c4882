"""The folder of a course on the disk: read as an earlier run and its author left it, written all or nothing."""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from app.bank.extract.earlier import LEDGER, Earlier, Ledger
from app.bank.extract.rewriting import COURSE_FILE
from app.bank.loader import load_course
from app.bank.problems import Problem


def read(folder: Path) -> tuple[Earlier, tuple[Problem, ...]]:
    """What the folder holds; a folder that is not there yet holds nothing. With errors in it, only they count."""
    if not (folder / COURSE_FILE).exists():
        others = sorted(folder.glob("*.y*ml")) if folder.is_dir() else []
        hint = "name another folder, or give this one a course.yaml"
        return Earlier(), tuple(Problem(str(one), 1, 1, "questions without a course.yaml", hint) for one in others)
    loaded = load_course(folder)
    if loaded.errors:
        return Earlier(), loaded.errors
    try:
        ledger = Ledger.read((folder / LEDGER).read_text("utf-8")) if (folder / LEDGER).exists() else Ledger()
    except (ValueError, OSError, TypeError, LookupError) as error:
        hint = "bring it back from a backup, or delete it: nothing in the folder is then rewritten"
        return Earlier(), (Problem(str(folder / LEDGER), 1, 1, f"this is not what extract wrote: {error}", hint),)
    files = {path.name: path.read_bytes().decode("utf-8-sig") for path in sorted(folder.glob("*.y*ml"))}
    return Earlier.of(loaded.course, files, loaded.questions, ledger), ()


def write(folder: Path, files: Mapping[str, str], ledger: Ledger) -> tuple[Problem, ...]:
    """Write the files that change, once all of them together are known to load; the problems, if they do not."""
    with tempfile.TemporaryDirectory() as scratch:
        trial = Path(scratch) / folder.name
        trial.mkdir()
        for path in folder.glob("*.y*ml") if folder.is_dir() else ():
            (trial / path.name).write_bytes(path.read_bytes())
        for name, text in files.items():
            (trial / name).write_bytes(text.encode())
        if errors := load_course(trial).errors:
            return _told(folder, errors)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {**files, LEDGER: ledger.write()}.items():
        _replace(folder / name, text)
    return ()


def _told(folder: Path, errors: Sequence[Problem]) -> tuple[Problem, ...]:
    """The errors where the files are to be; a folder that is a person's own is told of in one line."""
    if (folder / COURSE_FILE).exists() and not (folder / LEDGER).exists():
        message = "this folder was not made by `bank extract`, and what the course gives does not fit into it"
        return (
            Problem(str(folder / COURSE_FILE), 1, 1, message, "extract into another folder, and copy what you want"),
        )
    return tuple(replace(error, file=str(folder / Path(error.file).name)) for error in errors)


def _replace(path: Path, text: str) -> None:
    """Put the text in the place of the file, whole or not at all; a file that says it already is left alone."""
    data = text.encode()
    if path.exists() and path.read_bytes() == data:
        return
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(data)
    if path.exists():
        beside.chmod(path.stat().st_mode & 0o777)
    beside.replace(path)
