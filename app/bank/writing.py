"""YAML as the bank's files are written: block lists, short parts on one line, quotes where a reader would need them."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import yaml

from app.bank.formatting import format_file
from app.bank.positions import needs_quotes

_WIDTH = 120
_ENDLESS = 1_000_000


def question(document: Mapping[str, Any]) -> str:
    """One question as `bank format` would leave it; it begins with "- " and ends with a newline."""
    return format_file("", entry(document).encode())


def entry(document: Mapping[str, Any]) -> str:
    """One entry of a list, such as a topic; it begins with "- " and ends with a newline."""
    return _dump([_one_part(document)])


def part(document: Mapping[str, Any]) -> str:
    """Keys and values, one after the other: a course without its lists, or one of its lists under its key."""
    return _dump(_Block(_one_part(document)))


class _Block(dict[str, Any]):
    """Keys and values that stand on lines of their own, however short they are."""


def _one_part(document: Mapping[str, Any]) -> dict[str, Any]:
    """The keys whose value is not nothing, in the order given."""
    return {key: value for key, value in document.items() if value is not None}


def _dump(value: Any) -> str:
    return yaml.dump(
        value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_ENDLESS, default_flow_style=False
    )


class _Dumper(yaml.SafeDumper):
    """Writes what the strict reader of the bank reads back as the same values."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else "'" if needs_quotes(value) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style)


def _number(dumper: _Dumper, value: Decimal) -> yaml.ScalarNode:
    kind = "float" if "." in str(value) else "int"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", str(value))


def _mapping(dumper: _Dumper, value: Mapping[Any, Any]) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=_fits(value))


def _block(dumper: _Dumper, value: Mapping[Any, Any]) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=False)


def _list(dumper: _Dumper, value: Sequence[Any]) -> yaml.SequenceNode:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=_fits(value))


def _fits(value: Any) -> bool:
    """Whether a part goes on one line: a text in its languages, a list of words, a small part of texts."""
    inside = value.values() if isinstance(value, Mapping) else value
    deep = 2 if isinstance(value, Mapping) else 1
    return _depth(value) <= deep and not _has_lines(value) and _length(inside) <= _WIDTH - 20 and not _is_top(value)


def _has_lines(value: Any) -> bool:
    inside = value.values() if isinstance(value, Mapping) else value
    return (
        "\n" in inside
        if isinstance(inside, str)
        else any(_has_lines(one) for one in inside if isinstance(one, str | Mapping | list | tuple))
    )


def _is_top(value: Any) -> bool:
    """Whether this is a whole question, course or objective, which are written one key a line."""
    return isinstance(value, Mapping) and (("type" in value) or ("section" in value and "topic" in value))


def _depth(value: Any) -> int:
    if isinstance(value, Mapping):
        return 1 + max((_depth(one) for one in value.values()), default=0)
    if isinstance(value, list | tuple):
        return 1 + max((_depth(one) for one in value), default=0)
    return 0


def _length(values: Any) -> int:
    """About how many characters the values take on one line, with their keys and marks."""
    total = 0
    for value in values:
        if isinstance(value, Mapping):
            total += _length(value.values()) + 10
        else:
            total += _length(value) + 10 if isinstance(value, list | tuple) else len(str(value)) + 6
    return total


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Decimal, _number)
_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(_Block, _block)
_Dumper.add_representer(list, _list)
_Dumper.add_representer(tuple, _list)
