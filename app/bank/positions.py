"""YAML read safely, with the line and column of every value.

The files are written by people, so what YAML readers disagree about is refused with a hint rather
than guessed: `80:80`, `no`, `012` and dates must be quoted. Anchors, aliases, tags, merges and second
documents are refused: a bank needs none, and an alias can make a small file endless.
"""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

import yaml

from app.bank.problems import Problem

MAX_BYTES = 1_000_000
MAX_DEPTH = 20

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
_SURPRISE = re.compile(
    r"""[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?    # 80:80 is read as 4880
    | [-+]?0[0-9_]+ | [-+]?0[xob][0-9a-fA-F_]+           # 012 is read as 10
    | [-+]?[0-9][0-9_]*\.?[0-9_]*([eE][-+]?[0-9]+)?      # 1_000, 1e3
    | [-+]?\.[0-9_]+ | [-+]?\.(inf|Inf|INF) | \.(nan|NaN|NAN)
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?           # a date
    | yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|y|Y|n|N|True|TRUE|False|FALSE
    | ~|null|Null|NULL|=|<<""",
    re.VERBOSE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")

Path = tuple[Hashable, ...]


class _Mark(Protocol):
    line: int
    column: int


@dataclass
class Located:
    """A file's content as plain values, with where each stands; positions count from 1."""

    value: Any = None
    places: dict[Path, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: Path) -> tuple[int, int]:
        """Where the value at `path` stands, or what holds it when it is missing."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))


class _Refused(Exception):
    """Reading cannot go on after this one."""


def read(name: str, data: bytes) -> Located:
    """Read the bytes of the file called `name`; what is wrong is in `problems`, never raised."""
    reader = _Reader(name)
    try:
        reader.read(data)
    except _Refused:
        reader.located.value = None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reader.refuse(mark, f"this is not YAML: {error.problem or error.context}", "check quotes and indentation")
        reader.located.value = None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        reader.refuse(None, f"this is not YAML: {str(error).splitlines()[0]}", "check quotes and indentation")
        reader.located.value = None
    return reader.located


class _Reader:
    """Builds values from the parser's events, noting where each began."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.located = Located()
        self.events: Iterator[yaml.Event] = iter(())

    def refuse(self, mark: _Mark | None, message: str, hint: str) -> None:
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        self.located.problems.append(Problem(self.name, line, column, message, hint))

    def read(self, data: bytes) -> None:
        text = self._text(data)
        self.events = yaml.parse(text, Loader=_LOADER)
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if self.located.places:
                    self.refuse(event.start_mark, "a second document starts here", "keep one list in a file")
                    raise _Refused
                self.located.value = self._value(next(self.events), (), 1)

    def _text(self, data: bytes) -> str:
        if len(data) > MAX_BYTES:
            self.refuse(None, f"the file has {len(data)} bytes, more than {MAX_BYTES}", "split it")
            raise _Refused
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
            hint = "save the file as UTF-8"
            self.located.problems.append(Problem(self.name, line, column, "this byte is not UTF-8", hint))
            raise _Refused from error
        text = text.removeprefix("\N{BOM}")
        if found := _CONTROL.search(text):
            line = text.count("\n", 0, found.start()) + 1
            column = found.start() - (text.rfind("\n", 0, found.start()) + 1) + 1
            message = f"an invisible character stands here (U+{ord(found.group()):04X})"
            self.located.problems.append(Problem(self.name, line, column, message, "delete it"))
            raise _Refused
        return text

    def _value(self, event: yaml.Event, path: Path, depth: int) -> Any:
        mark = event.start_mark
        self.located.places[path] = (mark.line + 1, mark.column + 1)
        self._refuse_reference(event)
        if depth > MAX_DEPTH:
            self.refuse(mark, f"more than {MAX_DEPTH} levels deep", "a question needs five")
            raise _Refused
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path, depth)
        return self._scalar(event)

    def _refuse_reference(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self.refuse(event.start_mark, "anchors and aliases are not read here", "write the value out")
            raise _Refused
        if getattr(event, "tag", None):
            self.refuse(event.start_mark, "tags (!…) are not read here", "quote the value if it begins with !")
            raise _Refused

    def _sequence(self, path: Path, depth: int) -> list[Any]:
        values: list[Any] = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            values.append(self._value(event, (*path, len(values)), depth + 1))
        return values

    def _mapping(self, path: Path, depth: int) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event)
            if key in values:
                self.refuse(event.start_mark, f"the key {key} is there twice", "keep one of them")
            mark = event.start_mark
            self.located.keys[(*path, key)] = (mark.line + 1, mark.column + 1)
            values[key] = self._value(next(self.events), (*path, key), depth + 1)
        return values

    def _key(self, event: yaml.Event) -> str:
        self._refuse_reference(event)
        if not isinstance(event, yaml.ScalarEvent):
            self.refuse(event.start_mark, "a key must be a word", "quote a value that contains { or [")
            raise _Refused
        return str(event.value)

    def _scalar(self, event: yaml.Event) -> Any:
        text = str(event.value)
        if event.style in ("'", '"', "|", ">"):  # quoted or a block: a text, whatever it looks like
            return text
        if text in ("true", "false"):
            return text == "true"
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
        if text == "" or _SURPRISE.fullmatch(text):
            shown = text or "an empty value"
            self.refuse(
                event.start_mark, f"{shown} means different things to different YAML readers", f'write "{text}"'
            )
        return text
