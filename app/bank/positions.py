"""YAML read safely, with the line and column of every value.

The files are written by people, so what YAML readers disagree about is refused with a hint rather
than guessed: `80:80`, `no`, `012` and dates must be quoted. Anchors, aliases, tags, merges and second
documents are refused: a bank needs none, and an alias can make a small file endless.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

import yaml

from app.bank.problems import Problem

MAX_BYTES = 1_000_000
MAX_DEPTH = 20

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Quoted, or a block: a text, whatever it looks like.
_QUOTES = frozenset({"'", '"', "|", ">"})
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,17})\.[0-9]{1,18}")
# Plain scalars that YAML 1.1 and YAML 1.2 readers, or people, take for different things.
_SURPRISE = re.compile(
    r"""[-+]?[0-9][0-9_]*(:[0-9]+)+(\.[0-9_]*)?         # 22:22 is 1342 in YAML 1.1
    | [-+]?0[0-9_]+ | [-+]?0[xob][0-9a-fA-F_]+           # 012 is 10
    | [-+]?[0-9][0-9_]*\.?[0-9_]*([eE][-+]?[0-9]+)?      # 1_000, 1e3, and numbers too long to be one
    | [-+]?\.[0-9_]+ | [-+]?\.(inf|Inf|INF) | \.(nan|NaN|NAN)
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?           # a date
    | ~|null|Null|NULL|=|<<""",
    re.VERBOSE,
)
_TRUTH = re.compile(r"yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|True|TRUE|False|FALSE")
_LONGEST_WORD = len("false")
_TRUE = frozenset({"yes", "on", "true"})
# What nobody sees in an editor; U+0085, U+2028 and U+2029 would also count as ends of line here and not there.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)

Path = tuple[str | int, ...]
Place = tuple[int, int]


@dataclass
class Located:
    """A file's content as plain values, with where each stands: (line, column), counted from 1.

    `value` is None when nothing could be read. Numbers are int or Decimal, digit by digit as written.
    """

    value: Any = None
    places: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, path: Path) -> Place:
        """Where the value at `path` begins, or what holds it when there is no such value."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))

    def key(self, path: Path) -> Place:
        """Where the key of the value at `path` stands; where the value begins when it has none."""
        return self.keys.get(path) or self.place(path)


class _Mark(Protocol):
    line: int
    column: int


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
        told = error.problem or error.context or "it ends too early"
        reader.refuse(_place(error.problem_mark), f"this is not YAML: {told}", _hint_at(error, reader.text))
        reader.located.value = None
    except yaml.YAMLError as error:
        reader.refuse((1, 1), f"this is not YAML: {str(error).partition(chr(10))[0]}", "check quotes and indentation")
        reader.located.value = None
    return reader.located


def _hint_at(error: yaml.MarkedYAMLError, text: str) -> str:
    """What to do about a syntax error: the usual causes, by what stands where the parser stopped."""
    line, column = _place(error.problem_mark)
    rest = "".join(text.splitlines()[line - 1 : line])[column - 1 :]
    if rest.startswith("\t"):
        return "indent with spaces, not tabs"
    if "mapping values" in (error.problem or ""):
        return "quote a text that contains a colon followed by a space"
    if rest[:1] in {"@", "`", "%"}:
        return f"quote a text that begins with {rest[:1]}"
    return "check quotes, brackets and indentation"


def _place(mark: _Mark | None) -> Place:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _place_of(offset: int, before: str) -> Place:
    """The place of what follows `before`, whose length is `offset`."""
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


class _Reader:
    """Builds values from the parser's events, noting where each began."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.located = Located()
        self.text = ""
        self.events: Iterator[yaml.Event] = iter(())

    def refuse(self, place: Place, message: str, hint: str) -> None:
        self.located.problems.append(Problem(self.name, *place, message, hint))

    def read(self, data: bytes) -> None:
        self.text = self._text(data)
        self.events = yaml.parse(self.text, Loader=_LOADER)
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                if self.located.places:
                    self.refuse(_place(event.start_mark), "a second document starts here", "a file holds one")
                    raise _Refused
                self.located.value = self._value(next(self.events), (), 1)

    def _text(self, data: bytes) -> str:
        if len(data) > MAX_BYTES:
            self.refuse((1, 1), f"the file has more than {MAX_BYTES} bytes", "split it")
            raise _Refused
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            before = data[: error.start].decode("utf-8")
            self.refuse(_place_of(len(before), before), "this byte is not UTF-8", "save the file as UTF-8")
            raise _Refused from error
        text = text.removeprefix("\N{BOM}")
        if found := _INVISIBLE.search(text):
            message = f"an invisible character stands here (U+{ord(found.group()):04X})"
            self.refuse(_place_of(found.start(), text[: found.start()]), message, "delete it")
            raise _Refused
        return text

    def _value(self, event: yaml.Event, path: Path, depth: int) -> Any:
        place = self.located.places[path] = _place(event.start_mark)
        self._refuse_reference(event, place)
        if depth > MAX_DEPTH:
            self.refuse(place, f"more than {MAX_DEPTH} levels deep", "a question needs five")
            raise _Refused
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path, depth)
        return self._scalar(event, place)

    def _refuse_reference(self, event: yaml.Event, place: Place) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self.refuse(place, "anchors and aliases are not read here", "write the value out, or quote it")
            raise _Refused
        if getattr(event, "tag", None):
            self.refuse(place, "tags are not read here", "quote a value that begins with !")
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
            place = _place(event.start_mark)
            key = self._key(event, place)
            if key in values:
                first = self.located.keys[(*path, key)][0]
                self.refuse(place, f"the key “{key}” is there twice", f"line {first} has it already")
            self.located.keys.setdefault((*path, key), place)
            values[key] = self._value(next(self.events), (*path, key), depth + 1)
        return values

    def _key(self, event: yaml.Event, place: Place) -> str:
        self._refuse_reference(event, place)
        if not isinstance(event, yaml.ScalarEvent):
            self.refuse(place, "a key must be a word", "quote a value that contains { or [")
            raise _Refused
        value = self._scalar(event, place)
        if not isinstance(value, str):
            self.refuse(place, f"the key {event.value} is not a text", f'write "{event.value}"')
        return str(event.value)

    def _scalar(self, event: yaml.Event, place: Place) -> Any:
        text = str(getattr(event, "value", ""))
        style = getattr(event, "style", None)
        if style == '"' and (found := _INVISIBLE.search(text)):  # written as an escape: "\\0"
            self.refuse(place, f"an invisible character is in this text (U+{ord(found.group()):04X})", "remove it")
        return text if style in _QUOTES else self._plain(text, place)

    def _plain(self, text: str, place: Place) -> Any:
        """The value of a word without quotes: true, false, a number or a text."""
        if len(text) > _LONGEST_WORD and text[0].isalpha():
            return text  # as nearly all are: none of what follows
        if text in ("true", "false"):
            return text == "true"
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return Decimal(text)
        if text == "":
            self.refuse(place, "there is no value here", "write one, or remove the key")
        elif _TRUTH.fullmatch(text):
            truth = "true" if text.lower() in _TRUE else "false"
            self.refuse(place, f"{text} is a word or a truth value", f'write "{text}" for the word, or {truth}')
        elif _SURPRISE.fullmatch(text):
            hint = f'write "{text}" for the text, or a plain number'
            self.refuse(place, f"{text} means different things to different YAML readers", hint)
        return text


def without_invisible(text: str) -> str:
    """The text without the characters that no file of the bank may have."""
    return _INVISIBLE.sub("", text)
