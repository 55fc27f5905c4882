"""Change some entries of a YAML list and leave every other byte of the file as a person wrote it."""

import re
from collections.abc import Mapping, Sequence

from app.bank.positions import Located, Path

_ENTRY = re.compile(r"( *)- ")
_NOT_CONTENT = re.compile(r"\s*(?:#.*)?")


class NotAList(ValueError):
    """The list is not written with one entry after the other, each begun with "- " on a line of its own."""


def entry_lines(located: Located, path: Path, text: str) -> list[tuple[int, int]]:
    """The lines of each entry of the list at `path`, as positions from 0: (first, one after the last).

    Comments and empty lines after an entry belong to none. Raises NotAList.
    """
    lines = text.split("\n")
    value = located.value
    for step in path:
        value = value.get(step, []) if isinstance(value, Mapping) else value[step]
    starts = [located.place((*path, index))[0] - 1 for index in range(len(value))]
    indents = [_ENTRY.match(lines[start]) for start in starts]
    if not all(indents) or len({found[1] for found in indents if found}) > 1 or len(set(starts)) < len(starts):
        raise NotAList(str(path[-1]) if path else "questions")
    ends = [*starts[1:], _end_of_list(located, path, len(lines))]
    return [(start, _trimmed(lines, start, end)) for start, end in zip(starts, ends, strict=True)]


def spliced(
    text: str, located: Located, path: Path, changes: Mapping[int, str | None], added: Sequence[str], between: str = ""
) -> str:
    """The text with the entries of the list at `path` changed (None: taken out) and others added at its end.

    `between` stands before each added entry but the first of an empty list. Raises NotAList.
    """
    lines = text.split("\n")
    places = entry_lines(located, path, text)
    indent = (_ENTRY.match(lines[places[0][0]]) or [" ", ""])[1] if places else ""
    end = places[-1][1] if places else _end_of_list(located, path, len(lines))
    kept = len(places) - sum(change is None for change in changes.values())
    more = [f"{between if kept or position else ''}{entry}" for position, entry in enumerate(added)]
    lines[end:end] = _indented("".join(more), indent)
    for index in sorted(changes, reverse=True):
        start, stop = places[index]
        change = changes[index]
        if change is None and stop < len(lines) and not lines[stop].strip():
            stop += 1
        lines[start:stop] = _indented(change or "", indent)
    return "\n".join(lines)


def _indented(entries: str, indent: str) -> list[str]:
    return [indent + line if line else line for line in entries.split("\n")[:-1]]


def _end_of_list(located: Located, path: Path, end: int) -> int:
    """The line of the next key of the whole file, or the end of the file."""
    if not path:
        return end
    own = located.keys[path[:1]][0]
    return min((place[0] - 1 for key, place in located.keys.items() if len(key) == 1 and place[0] > own), default=end)


def _trimmed(lines: Sequence[str], start: int, end: int) -> int:
    while end > start + 1 and _NOT_CONTENT.fullmatch(lines[end - 1]):
        end -= 1
    return end
