"""Copies of a database that is in use, and their return."""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.config import Settings
from app.db import Database
from app.services import backup, migrating
from app.services.backup import BackupProblem

WRITERS = 4


@pytest.fixture
def database(sqlite_template: Path, tmp_path: Path) -> Path:
    """A migrated database, with a table of its own for what is written meanwhile."""
    path = tmp_path / "rappel.db"
    shutil.copy(sqlite_template, path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE written (writer INTEGER, number INTEGER)")
        connection.commit()
    return path


@pytest.fixture
def writers(database: Path) -> Iterator[list[list[int]]]:
    """Threads that write without a pause; the numbers that each was told are stored."""
    acknowledged: list[list[int]] = [[] for _ in range(WRITERS)]
    stop = threading.Event()

    def write(writer: int) -> None:
        with closing(sqlite3.connect(database, timeout=30, isolation_level=None)) as connection:
            number = 0
            while not stop.is_set():
                number += 1
                connection.execute("INSERT INTO written VALUES (?, ?)", (writer, number))
                acknowledged[writer].append(number)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    yield acknowledged
    stop.set()
    for thread in threads:
        thread.join()


def written(path: Path) -> set[tuple[int, int]]:
    """What a database holds of the writers."""
    with closing(sqlite3.connect(path)) as connection:
        return set(connection.execute("SELECT writer, number FROM written").fetchall())


def note(path: Path, number: int) -> None:
    """Write one row."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO written VALUES (0, ?)", (number,))
        connection.commit()


def test_what_was_acknowledged_before_a_copy_began_is_in_it(
    database: Path, writers: list[list[int]], tmp_path: Path
) -> None:
    for round_number in range(3):
        while not all(len(numbers) > 20 * (round_number + 1) for numbers in writers):
            threading.Event().wait(0.01)
        before = {(writer, number) for writer, numbers in enumerate(writers) for number in list(numbers)}
        target = tmp_path / f"copy-{round_number}.db"

        backup.back_up(database, target)

        assert before <= written(target)


def test_a_copy_is_one_file_alone(database: Path, tmp_path: Path) -> None:
    note(database, 1)

    backup.back_up(database, tmp_path / "copy.db")

    assert sorted(path.name for path in tmp_path.glob("copy*")) == ["copy.db"]
    assert written(tmp_path / "copy.db") == {(0, 1)}


def test_a_copy_is_readable_by_its_owner_alone(database: Path, tmp_path: Path) -> None:
    backup.back_up(database, tmp_path / "copy.db")

    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600


def test_a_copy_refuses_to_replace_a_file(database: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("precious", encoding="utf-8")

    with pytest.raises(BackupProblem, match="exists already"):
        backup.back_up(database, tmp_path / "copy.db")


def test_a_source_that_is_not_there_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(BackupProblem, match="does not exist"):
        backup.back_up(tmp_path / "nowhere.db", tmp_path / "copy.db")

    assert list(tmp_path.iterdir()) == []


def test_what_is_replaced_is_kept_beside_it(database: Path, tmp_path: Path) -> None:
    note(database, 1)
    backup.back_up(database, tmp_path / "copy.db")
    note(database, 2)

    kept = backup.restore(tmp_path / "copy.db", database)

    assert kept is not None
    assert written(database) == {(0, 1)}
    assert written(kept) == {(0, 1), (0, 2)}


def test_each_replaced_database_has_a_name_of_its_own(database: Path, tmp_path: Path) -> None:
    backup.back_up(database, tmp_path / "copy.db")

    kept = [backup.restore(tmp_path / "copy.db", database) for _ in range(2)]

    assert len({*kept}) == 2


def test_a_copy_comes_to_a_new_machine(database: Path, tmp_path: Path) -> None:
    backup.back_up(database, tmp_path / "copy.db")

    assert backup.restore(tmp_path / "copy.db", tmp_path / "new.db") is None
    assert written(tmp_path / "new.db") == set()


def test_a_database_that_is_open_elsewhere_is_not_replaced(database: Path, tmp_path: Path) -> None:
    backup.back_up(database, tmp_path / "copy.db")
    note(database, 1)

    with closing(sqlite3.connect(database)) as reader:
        reader.execute("SELECT count(*) FROM written").fetchone()
        with pytest.raises(BackupProblem, match="in use"):
            backup.restore(tmp_path / "copy.db", database)

    assert written(database) == {(0, 1)}


def cut_in_half(path: Path) -> None:
    """Lose the second half, as a full disk does."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def scramble(path: Path) -> None:
    """Overwrite pages in the middle."""
    data = bytearray(path.read_bytes())
    data[8192:40960] = b"\xff" * 32768
    path.write_bytes(data)


def forget_the_tables(path: Path) -> None:
    """Make it somebody else's database."""
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE other (id INTEGER)")


@pytest.mark.parametrize("spoil", [cut_in_half, scramble, forget_the_tables, Path.unlink])
def test_a_copy_that_is_not_sound_replaces_nothing(
    database: Path, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    backup.back_up(database, tmp_path / "copy.db")
    note(database, 1)
    spoil(tmp_path / "copy.db")

    with pytest.raises(BackupProblem):
        backup.restore(tmp_path / "copy.db", database)

    assert written(database) == {(0, 1)}
    assert list(tmp_path.glob("rappel.db.*")) == []


def test_a_broken_database_is_replaced_and_kept_as_it_was(database: Path, tmp_path: Path) -> None:
    backup.back_up(database, tmp_path / "copy.db")
    scramble(database)
    broken = database.read_bytes()

    kept = backup.restore(tmp_path / "copy.db", database)

    assert kept is not None
    assert kept.read_bytes() == broken
    assert written(database) == set()


def test_signs_of_an_address_in_a_file_name_are_just_a_name(tmp_path: Path) -> None:
    folder = tmp_path / "a?b#c%20d"
    folder.mkdir()
    settings = Settings.from_env({"RAPPEL_INSTANCE": str(folder)})
    database = Database(settings.database_url)
    migrating.upgrade(database)
    database.dispose()

    backup.back_up(folder / "rappel.db", folder / "copy#1.db")
    backup.restore(folder / "copy#1.db", folder / "rappel.db")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["a?b#c%20d"]
