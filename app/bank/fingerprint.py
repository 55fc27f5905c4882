"""Tell whether a course's folder is the one that was read before, without reading it again."""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_APPLICATION = Path(__file__).parents[1]


def fingerprint(folder: Path) -> str:
    """SHA-256, in hexadecimal, of the names and bytes of a folder's YAML files, and of this version's code.

    Another version may read or store the same files otherwise. Empty when a file cannot be read.
    """
    try:
        return _digest([_of_code().encode(), *_contents(folder, "*.y*ml")])
    except OSError:
        return ""


@cache
def _of_code() -> str:
    return _digest(_contents(_APPLICATION, "**/*.py"))


def _contents(folder: Path, pattern: str) -> Iterable[bytes]:
    """The name of each file, then what it holds."""
    for path in sorted(folder.glob(pattern)):
        yield str(path.relative_to(folder)).encode()
        yield path.read_bytes()


def _digest(parts: Iterable[bytes]) -> str:
    total = hashlib.sha256()
    for part in parts:
        total.update(len(part).to_bytes(8, "big"))
        total.update(part)
    return total.hexdigest()
