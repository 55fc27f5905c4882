"""Where a command's file goes: a file put there whole, what is there already, or the standard output."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import BinaryIO, TypeVar, cast

import click

STDOUT = Path("-")
_Told = TypeVar("_Told")


def check(output: Path, *, force: bool) -> None:
    """Refuse, with the way out, to write over a file or through a link that is there; only `force` does."""
    if force or output == STDOUT or _is_special(output):
        return
    if output.is_symlink():
        raise click.ClickException(f"{output} is a link: choose another name, or follow it with --force")
    if output.exists():
        raise click.ClickException(f"{output} exists already: choose another name, or write over it with --force")


def put(output: Path, write: Callable[[BinaryIO], _Told]) -> tuple[_Told, int]:
    """What `write` returns, and the bytes of the file that it made; nothing is there before it is whole.

    A pipe or a device is written into, a link is followed, a file is replaced. Raises OSError.
    """
    if output == STDOUT or _is_special(output):
        return _into(output, write)
    place = output.resolve()
    with NamedTemporaryFile(dir=place.parent, prefix=f".{place.name}-", delete=False) as target:
        beside = Path(target.name)
        try:
            told = write(cast(BinaryIO, target))
            target.flush()
            beside.chmod(0o600)
            beside.replace(place)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    return told, place.stat().st_size


def say(output: Path, words: str) -> None:
    """Tell what was made, on stderr where the file went to the standard output; nobody has to listen."""
    try:
        click.echo(words, err=output == STDOUT)
        sys.stdout.flush()
    except OSError:  # the reader has left; the file is there all the same
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _is_special(output: Path) -> bool:
    """Whether something is there that can be written into and not replaced: a pipe, a device."""
    return output.exists() and not output.is_file()


def _into(output: Path, write: Callable[[BinaryIO], _Told]) -> tuple[_Told, int]:
    with TemporaryFile() as whole:
        told = write(cast(BinaryIO, whole))
        size = whole.tell()
        whole.seek(0)
        if output == STDOUT:
            shutil.copyfileobj(whole, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        else:
            with output.open("wb") as target:
                shutil.copyfileobj(whole, target)
    return told, size
