"""YAML from values, in the form that `bank format` gives to files: what is written needs no formatting."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from app.bank import positions
from app.bank.formatting import ORDER, WIDTH, reads_better_doubled, stands_plain

_RANK = {name: rank for rank, name in enumerate(ORDER)}
_MOST_NESTED = 2


def question(document: Mapping[str, Any]) -> str:
    """One question, its fields in their order; it begins with "- " and ends with a newline."""
    ordered = sorted(document.items(), key=lambda field: _RANK.get(field[0], len(ORDER)))
    return _lines(_block([_Spread(ordered)], 0))


def entry(document: Mapping[str, Any]) -> str:
    """One entry of a list of `course.yaml`, such as a topic; it begins with "- " and ends with a newline."""
    return _lines(_block([dict(document)], 2))


def part(document: Mapping[str, Any]) -> str:
    """Keys and values, each on lines of its own: a course, or some of its fields."""
    return _lines(_block(_Spread(document), 0))


class _Spread(dict[str, Any]):
    """Keys and values that are never put on one line."""


def _lines(written: Iterator[str]) -> str:
    return "".join(f"{line}\n" for line in written)


def _block(value: dict[str, Any] | list[Any], column: int) -> Iterator[str]:
    """The lines of a mapping or a list; `column` is where `bank format` counts its values to stand."""
    if isinstance(value, list):
        for one in value:
            written = _value(one, column + 2, "")
            yield f"- {next(written)}"
            deeper = "" if isinstance(one, str) else "  "  # a text of several lines has its two columns already
            yield from (deeper + line if line else "" for line in written)
        return
    for key, one in value.items():
        name = _scalar(key, in_flow=False, alone=False)
        written = _value(one, column + 2, name)
        first = next(written)
        yield f"{name}: {first}" if first else f"{name}:"
        yield from written


def _value(value: Any, column: int, name: str) -> Iterator[str]:
    """The lines of a value: what goes on the line of its key or its dash, then the lines below."""
    if not isinstance(value, dict | list):
        yield from _text_block(value) if _is_block(value) else [_scalar(value, in_flow=False)]
    elif not value or _fits(value, column + (len(name) + len(": ") if name else 0)):
        yield _flow(value)
    elif name:
        yield ""
        deeper = "" if isinstance(value, list) else "  "
        yield from (deeper + line if line else "" for line in _block(value, column))
    else:
        yield from _block(value, column)


def _fits(value: dict[str, Any] | list[Any], column: int) -> bool:
    """Whether a part goes on one line: a text in its languages, a list of words, a few short fields."""
    spread = isinstance(value, _Spread) or _nested(value) > _MOST_NESTED - isinstance(value, list)
    return not spread and not _has_lines(value) and column + _width(value) <= WIDTH


def _nested(value: Any) -> int:
    if not isinstance(value, dict | list):
        return 0
    return 1 + max((_nested(one) for one in _inside(value)), default=0)


def _has_lines(value: Any) -> bool:
    return "\n" in value if isinstance(value, str) else any(_has_lines(one) for one in _inside(value))


def _width(value: Any) -> int:
    """The columns that a part takes on one line, as `bank format` counts them."""
    if not isinstance(value, dict | list):
        return len(_scalar(value, in_flow=True))
    names = sum(len(key) + len(": ") for key in value) if isinstance(value, dict) else 0
    return 2 * len(value) + names + sum(_width(one) for one in _inside(value))


def _inside(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        fields = (f"{_scalar(key, in_flow=True, alone=False)}: {_flow(one)}" for key, one in value.items())
        return f"{{{', '.join(fields)}}}"
    return f"[{', '.join(map(_flow, value))}]" if isinstance(value, list) else _scalar(value, in_flow=True)


def _is_block(value: Any) -> bool:
    """Whether a text of several lines can stand as a block: without what a reader would drop, or nobody sees."""
    if not isinstance(value, str) or "\n" not in value:
        return False
    lines = value.removesuffix("\n").split("\n")
    sound = bool(lines[0]) and lines[0][0] != " " and bool(lines[-1])
    return sound and all(line == line.rstrip(" ") and "\t" not in line for line in lines)


def _text_block(text: str) -> Iterator[str]:
    yield "|" if text.endswith("\n") else "|-"
    yield from (f"  {line}" if line else "" for line in text.rstrip("\n").split("\n"))


def _scalar(value: str | bool | int | Decimal, in_flow: bool, alone: bool = True) -> str:
    """A word as it is written: without quotes if the bank's reader then reads the same."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal | int):
        return str(value) if isinstance(value, int) else f"{value:f}"
    if "\n" in value:
        return json.dumps(value, ensure_ascii=False)
    if value != "-" and (stands_plain(value, in_flow) if alone else _is_plain_key(value, in_flow)):
        return f"{value}"
    if reads_better_doubled(value):
        return f'"{value}"'
    return "'" + value.replace("'", "''") + "'"


def _is_plain_key(name: str, in_flow: bool) -> bool:
    read = positions.read("", (f"{{{name}: a}}" if in_flow else f"{name}: a").encode())
    return not read.problems and read.value == {name: "a"}
