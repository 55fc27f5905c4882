"""A zip that says everything about itself: its bytes depend on what is put in and on one instant alone."""

import hashlib
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO

SUMS = "SHA256SUMS"
_UNIX = 3
_READABLE = 0o100644 << 16
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # before, a zip has no date


class Archive:
    """A zip being written; `close` adds the SHA-256 sums of its files."""

    def __init__(self, target: BinaryIO, at: datetime) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._at = max((at.year, at.month, at.day, at.hour, at.minute, at.second), _EARLIEST)
        self._sums: list[tuple[str, str]] = []

    def add(self, name: str, parts: Iterable[bytes]) -> None:
        """Add one file, a part at a time."""
        digest = hashlib.sha256()
        info = zipfile.ZipInfo(name, self._at)
        info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, _UNIX, _READABLE
        with self._zip.open(info, "w", force_zip64=True) as file:
            for part in parts:
                digest.update(part)
                file.write(part)
        if name != SUMS:
            self._sums.append((digest.hexdigest(), name))

    def close(self) -> None:
        """Add the sums, as `sha256sum -c` reads them, and end the zip."""
        self.add(SUMS, (f"{digest}  {name}\n".encode() for digest, name in self._sums))
        self._zip.close()
