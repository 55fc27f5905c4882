"""Files out of what somebody sends: one YAML file, or a zip of some. Nothing it claims about itself is trusted.

Sizes are counted while unpacking, one member after the other and never to a disk; what a header declares only
saves the work of reading what is too large anyway.
"""

import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from app.bank.positions import MAX_BYTES
from app.bank.problems import Problem

MOST_FILES = 100
MOST_ENTRIES = 1_000
MOST_BYTES = 4_000_000
MOST_RATIO = 100
_RATIO_FROM_BYTES = 50_000  # a short text that repeats itself is no bomb
_MOST_PARTS = 2  # one folder around the files
_CHUNK = 64 * 1024
_LONGEST_NAME = 120
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_UTF8 = 0x800
_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # the others unpack without a bound on memory
_YAML = (".yaml", ".yml")
_NESTED = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")
_OFFICE = {"[content_types].xml", "mimetype"}
_DRIVE = re.compile(r"[A-Za-z]:")
_CLUTTER = re.compile(r"__MACOSX|\..*|thumbs\.db|desktop\.ini", re.IGNORECASE)
# What reading a damaged zip raises.
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, OverflowError, IndexError)
# What a file begins with that is no text, and what is then said of it.
SIGNATURES = {
    b"\x89PNG": "this is an image, whatever its name says",
    b"\xff\xd8\xff": "this is an image, whatever its name says",
    b"GIF8": "this is an image, whatever its name says",
    b"RIFF": "this is an image, whatever its name says",
    b"%PDF": "this is a PDF document, whatever its name says",
    b"PK\x03\x04": "this is a zip or an office document, whatever its name says",
    b"\xd0\xcf\x11\xe0": "this is an office document, whatever its name says",
    b"\x1f\x8b": "this is a compressed file, whatever its name says",
    b"7z\xbc\xaf": "this is a compressed file, whatever its name says",
    b"Rar!": "this is a compressed file, whatever its name says",
    b"SQLite format 3": "this is a database, whatever its name says",
    b"\x7fELF": "this is a program, whatever its name says",
    b"MZ\x90": "this is a program, whatever its name says",
}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_MOST_PEEKED = 400


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The YAML files of an upload by name, in the order they came; what was wrong; what was passed over."""

    files: tuple[tuple[str, bytes], ...]
    problems: tuple[Problem, ...] = ()
    ignored: tuple[str, ...] = ()


class _Refused(Exception):
    """One member, or the whole file, cannot be taken: what is wrong, and what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint

    def problem(self, name: str) -> Problem:
        return Problem(name, 1, 1, self.message, self.hint)


def unpack(name: str, data: bytes) -> Unpacked:
    """The files in `data`, sent under the name `name`; nothing is raised for what it holds."""
    shown = shown_name(name)
    try:
        if data.startswith(_ZIP):
            return _unzip(shown, data)
        _refuse_what_is_no_text(data)
    except _Refused as refused:
        return Unpacked((), (refused.problem(shown),))
    return Unpacked(((shown, data),))


def shown_name(name: str) -> str:
    """The last part of a file's name as it may be shown: no folder, nothing invisible, not endless."""
    last = re.split(r"[/\\]", name)[-1]
    return _visible(last)[-_LONGEST_NAME:] or "?"


def _visible(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(one)[0] == "C" else one for one in composed)


def _refuse_what_is_no_text(data: bytes) -> None:
    told = next((told for signature, told in SIGNATURES.items() if data.startswith(signature)), None)
    if told is not None:
        raise _Refused(told, "send YAML files, or a zip of them")
    if data.startswith(_UTF16) or b"\0" in data[:_MOST_PEEKED]:
        raise _Refused("this is no text in UTF-8", "in the editor, save the file again with the encoding UTF-8")


def _unzip(shown: str, data: bytes) -> Unpacked:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _members(shown, archive, len(data))
    except _DAMAGED as error:
        raise _Refused("this zip is damaged", "make it again") from error


def _members(shown: str, archive: zipfile.ZipFile, size: int) -> Unpacked:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    _refuse_the_whole(entries, size)
    problems: list[Problem] = []
    ignored: list[str] = []
    kept: list[tuple[tuple[str, ...], zipfile.ZipInfo]] = []
    for entry in entries:
        path = _path(entry)
        told = _visible("/".join(path))[-_LONGEST_NAME:] or "?"
        try:
            _refuse_unsafe(path)
            if _is_passed_over(path):
                ignored.append(told)
                continue
            _refuse_unreadable(entry, path)
            kept.append((path, entry))
        except _Refused as refused:
            problems.append(refused.problem(told))
    problems.extend(_arrangement(shown, [path for path, _ in kept], bool(problems)))
    if problems:
        return Unpacked((), tuple(problems), tuple(ignored))
    files, faults = _contents(shown, archive, kept)
    return Unpacked(tuple(files), tuple(faults), tuple(ignored))


def _refuse_the_whole(entries: Sequence[zipfile.ZipInfo], size: int) -> None:
    if len(entries) > MOST_ENTRIES:
        raise _Refused(f"this zip has more than {MOST_ENTRIES} files", "send the files of one course")
    if any(entry.filename.casefold() in _OFFICE for entry in entries):
        raise _Refused("this is an office document, not a zip of YAML files", "send YAML files, or a zip of them")
    if sum(entry.compress_size for entry in entries) > size:
        raise _Refused("the parts of this zip overlap", "make it again")


def _path(entry: zipfile.ZipInfo) -> tuple[str, ...]:
    """The parts of a member's name; old programs write it in a code page of their own, and with backslashes."""
    name = entry.orig_filename
    if not entry.flag_bits & _UTF8:
        raw = name.encode("cp437")  # zipfile's guess, undone
        try:
            name = raw.decode("utf-8")  # macOS
        except UnicodeDecodeError:
            name = raw.decode("cp850")  # Windows in Western Europe
    return tuple(part for part in re.split(r"[/\\]", name) if part != ".")


def _refuse_unsafe(path: Sequence[str]) -> None:
    if path[0] == "" or _DRIVE.match(path[0]) or ".." in path or any("\0" in part for part in path):
        raise _Refused("this name leads out of the zip", "put the files into one folder, and zip that folder")


def _is_passed_over(path: Sequence[str]) -> bool:
    """Whether a member is clutter of an operating system, or no YAML file and no archive either."""
    if any(_CLUTTER.fullmatch(part) for part in path):
        return True
    return not path[-1].casefold().endswith((*_YAML, *_NESTED))


def _refuse_unreadable(entry: zipfile.ZipInfo, path: Sequence[str]) -> None:
    if path[-1].casefold().endswith(_NESTED):
        raise _Refused("an archive in the zip is not opened", "put its files into the zip itself")
    if entry.flag_bits & _ENCRYPTED:
        raise _Refused("this file is encrypted", "make the zip again, without a password")
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        raise _Refused("this is a link, not a file", "put the file itself into the zip")
    if entry.compress_type not in _METHODS:
        raise _Refused("this kind of compression is not read", "make the zip again, with the usual compression")
    if len(path) > _MOST_PARTS:
        raise _Refused("this file is too deep", "put the files into one folder, and zip that folder")


def _arrangement(shown: str, paths: Sequence[Sequence[str]], told: bool) -> Iterator[Problem]:
    """What is wrong with the files as a whole."""
    if not paths and not told:
        yield Problem(shown, 1, 1, "this zip has no YAML file", "the files of a bank end in .yaml")
    if len(paths) > MOST_FILES:
        yield Problem(shown, 1, 1, f"this zip has more than {MOST_FILES} YAML files", "send the files of one course")
    folders = sorted({"/".join(path[:-1]) for path in paths})
    if len(folders) > 1:
        names = ", ".join(f"“{_visible(one)}”" for one in folders[:3])
        yield Problem(shown, 1, 1, f"the files are in several folders: {names}", "put them all into one")
    seen: set[str] = set()
    for path in paths:
        key = unicodedata.normalize("NFC", "/".join(path)).casefold()
        if key in seen:
            yield Problem(shown_name(path[-1]), 1, 1, "a file of this name is in the zip twice", "keep one")
        seen.add(key)


def _contents(
    shown: str, archive: zipfile.ZipFile, kept: Sequence[tuple[Sequence[str], zipfile.ZipInfo]]
) -> tuple[list[tuple[str, bytes]], list[Problem]]:
    """What each member holds; reading stops where all of them are too much."""
    files, problems, left = [], [], MOST_BYTES
    for path, entry in kept:
        name = shown_name(path[-1])
        try:
            data = _content(archive, entry, left)
            _refuse_what_is_no_text(data)
        except _Refused as refused:
            problems.append(refused.problem(name))
            continue
        except _DAMAGED:
            problems.append(Problem(name, 1, 1, "this file is damaged in the zip", "make the zip again"))
            continue
        left -= len(data)
        if left < 0:
            problems.append(Problem(shown, 1, 1, f"the files have more than {MOST_BYTES} bytes in all", "send fewer"))
            break
        files.append((name, data))
    return files, problems


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    """What one member holds, one byte more than allowed at most; raises _Refused for a bomb or too long a file."""
    most = min(MAX_BYTES, left)
    pieces, size = [], 0
    with archive.open(entry) as member:
        while size <= most and (piece := member.read(_CHUNK)):
            pieces.append(piece)
            size += len(piece)
            if size > _RATIO_FROM_BYTES and size > MOST_RATIO * max(1, entry.compress_size):
                raise _Refused("this file is compressed beyond all measure", "a text never is: make the zip again")
    if size > MAX_BYTES:
        raise _Refused(f"the file has more than {MAX_BYTES} bytes", "split it")
    return b"".join(pieces)
