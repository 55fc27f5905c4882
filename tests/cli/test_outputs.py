"""Where a command's file goes: what is there is kept, followed or written into."""

import os
import threading
from pathlib import Path
from typing import BinaryIO

import click
import pytest

from app.cli import outputs


def write(target: BinaryIO) -> str:
    target.write(b"scores")
    return "told"


def test_a_pipe_gets_the_bytes_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe, read = tmp_path / "a.csv", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()

    outputs.check(pipe, force=False)
    assert outputs.put(pipe, write) == ("told", 6)
    reader.join(10)

    assert (read, pipe.is_fifo()) == ([b"scores"], True)


def test_a_link_to_a_pipe_is_written_through(tmp_path: Path) -> None:
    source, target = os.pipe()
    link = tmp_path / "a.csv"
    link.symlink_to(f"/proc/self/fd/{target}")

    outputs.put(link, write)

    assert (os.read(source, 100), link.is_symlink()) == (b"scores", True)
    os.close(source)
    os.close(target)


@pytest.mark.parametrize("there", [True, False])
def test_a_link_is_followed_only_by_force(tmp_path: Path, there: bool) -> None:
    link, behind = tmp_path / "a.csv", tmp_path / "b.csv"
    link.symlink_to(behind)
    if there:
        behind.write_text("old")

    with pytest.raises(click.ClickException, match="is a link"):
        outputs.check(link, force=False)
    outputs.check(link, force=True)
    outputs.put(link, write)

    assert (link.is_symlink(), behind.read_bytes()) == (True, b"scores")


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("old")

    def fail(target: BinaryIO) -> None:
        target.write(b"half")
        raise OSError

    with pytest.raises(OSError):
        outputs.put(tmp_path / "a.csv", fail)

    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("a.csv", "old")]
