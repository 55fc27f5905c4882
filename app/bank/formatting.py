"""One way to write a bank's files, so that two authors' edits differ only where they mean different things.

The fields of a question come in one order, quotes stand only where they are needed, texts of several
lines are blocks, one blank line parts two questions, and what is too wide for one line is spread over
several. Comments stay, and what the file says never changes: the text is read again, and both are compared.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import CommentMark
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import (
    DoubleQuotedScalarString,
    LiteralScalarString,
    PlainScalarString,
    ScalarString,
    SingleQuotedScalarString,
)
from ruamel.yaml.tokens import CommentToken

from app.bank import positions
from app.bank.loader import COURSE_FILE, no_content
from app.bank.positions import Located
from app.bank.problems import Problem
from app.bank.yaml_comments import comments

# A question reads from what it is to what it asks, then to what it tells.
ORDER = (
    *("id", "type", "objectives", "level", "status", "reserved"),
    *("code", "text", "choices", "shuffle", "answer", "tolerance", "unit", "accept", "case", "ignore"),
    *("blanks", "items", "pairs", "decoys", "explanation", "see_also", "gives_away", "origin", "allow"),
)
_RANK = {name: rank for rank, name in enumerate(ORDER)}
WIDTH = 120
_NEVER_BROKEN = 1_000_000
# Blank lines at its ends, or blanks that nobody sees, need quotes to stay.
_A_BLOCK = re.compile(r"\S(.*\S)?\n?", re.DOTALL)
_QUOTED = (SingleQuotedScalarString, DoubleQuotedScalarString)


class Unformattable(Exception):
    """The file cannot be put in order; `problems` says where and why, and nothing of it was changed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class _Literal(VersionedResolver):
    """Takes no word for a number or a truth value: what stands without quotes is written back as it stood."""

    @property
    def versioned_resolver(self) -> dict[str, Any]:
        """The rules by which a plain word is something else than a text: none."""
        return {}


def format_file(name: str, data: bytes) -> str:
    """The content of the file called `name` in the canonical form; formatting that again changes nothing.

    Raises Unformattable for what is not YAML as the bank reads it, or would not say the same afterwards.
    """
    located = positions.read(name, data)
    if located.problems:
        raise Unformattable(located.problems)
    if not isinstance(located.value, list | dict):
        raise Unformattable([no_content(name, of_course=Path(name).name == COURSE_FILE)])
    text = data.decode("utf-8-sig").replace("\r\n", "\n")
    if isinstance(located.value, list):
        formatted = _questions(name, text, located)
    else:
        formatted = _with_last_comments(text, lambda body: _dump(_canonical(_library().load(body), 0)))
    again = positions.read(name, formatted.encode())
    if again.problems or again.value != located.value:
        raise Unformattable([Problem(name, 1, 1, "this cannot be put in order without changing what it says")])
    if lost := list(_lost(name, text, formatted)):
        raise Unformattable(lost)
    return formatted


def _lost(name: str, before: str, after: str) -> Iterator[Problem]:
    """The comments that are not there any more: the library has no place for some, as inside brackets."""
    kept = Counter(comment.text for comment in comments(after))
    for comment in comments(before):
        kept[comment.text] -= 1
        if kept[comment.text] < 0:
            hint = "put it above the question, on a line of its own"
            yield Problem(name, comment.line, comment.column, "putting the file in order would lose this comment", hint)


def _with_last_comments(text: str, write: Callable[[str], str]) -> str:
    """What `write` makes of a text, followed by the comments at its end as they stand.

    The library forgets them after a value between brackets.
    """
    ends = [comment.line for comment in comments(text) if comment.last and comment.is_alone]
    if not ends:
        return write(text)
    lines = text.split("\n")
    last = "\n".join(line.rstrip() for line in lines[ends[0] - 1 :]).strip("\n")
    return write("\n".join([*lines[: ends[0] - 1], ""])).rstrip("\n") + f"\n{last}\n"


def _questions(name: str, text: str, located: Located) -> str:
    """A list of questions, each put in order on its own so that the comments above it stay above it."""
    lines = text.split("\n")
    starts = [located.place((index,)) for index in range(len(located.value))]
    for line, column in starts:
        if lines[line - 1][: column - 1].strip() != "-":
            raise Unformattable([Problem(name, line, column, "each question begins on a line of its own", "“- id: …”")])
    parts = [_trimmed(lines[: _lead(lines, 0, starts[0])]) if starts else _trimmed(lines)]
    for number, start in enumerate(starts):
        above = starts[number - 1][0] if number else 0
        following = starts[number + 1] if number + 1 < len(starts) else None
        end = _lead(lines, start[0], following) if following else _tail(lines, start)
        parts.append(_trimmed(lines[_lead(lines, above, start) : start[0] - 1]))
        parts.append(_question("\n".join([*lines[start[0] - 1 : end], ""])))
    if starts:
        parts.append(_trimmed(lines[_tail(lines, starts[-1]) :]))
    return "\n\n".join(part for part in parts if part) + "\n"


def _lead(lines: Sequence[str], after: int, start: tuple[int, int]) -> int:
    """The 0-based line where the comments above the question that begins at `start` begin."""
    line, column = start
    at = line - 1
    while at > after and _is_between(lines[at - 1], column):
        at -= 1
    return at


def _tail(lines: Sequence[str], start: tuple[int, int]) -> int:
    """The 0-based line after the last one of the last question."""
    at = len(lines)
    while at > start[0] and _is_between(lines[at - 1], start[1]):
        at -= 1
    return at


def _is_between(line: str, column: int) -> bool:
    """Whether a line is blank, or a comment that is not inside a question whose text begins at `column`."""
    bare = line.lstrip()
    return not bare or (bare.startswith("#") and len(line) - len(bare) < column - 1)


def _trimmed(lines: Sequence[str]) -> str:
    return "\n".join(line.strip() for line in lines).strip("\n")


def _question(text: str) -> str:
    return _with_last_comments(text, _ordered).strip("\n")


def _ordered(text: str) -> str:
    """One question, its fields in their order."""
    listed = _library().load(text)
    question = listed[0]
    if isinstance(question, CommentedMap):
        for key in sorted(question, key=lambda key: _RANK.get(key, len(ORDER))):
            question.move_to_end(key)
        _open(listed, 0)
    return _dump(_canonical(listed, 0))


def _canonical(node: Any, indent: int, before: int = 0, in_flow: bool = False) -> Any:
    """`node` with the quotes and the shapes that it needs, in place.

    It stands `indent` columns from the margin, after a key that takes `before` columns.
    """
    if isinstance(node, CommentedMap | CommentedSeq):
        in_flow = in_flow or bool(node.fa.flow_style())
        for key, value in _entries(node):
            taken = len(key) + len(": ") if isinstance(key, str) else 0
            _spread(node, key, indent + 2 + taken)
            node[key] = _canonical(value, indent + 2, taken, in_flow)
        return node
    return _scalar(node, in_flow) if isinstance(node, str) else node


def _entries(node: CommentedMap | CommentedSeq) -> list[tuple[str | int, Any]]:
    return list(node.items() if isinstance(node, CommentedMap) else enumerate(node))


def _spread(parent: CommentedMap | CommentedSeq, key: str | int, column: int) -> None:
    """Leave on one line what an author wrote on one line, unless it is too wide for that or has several lines."""
    node = parent[key]
    flows = isinstance(node, CommentedMap | CommentedSeq) and node.fa.flow_style()
    if flows and (column + _width(node) > WIDTH or _has_lines(node)):
        _open(parent, key)


def _open(parent: CommentedMap | CommentedSeq, key: str | int) -> None:
    """Write what stands at `key` on several lines; the comment beside it goes to the first one."""
    node = parent[key]
    if not node.fa.flow_style():
        return
    node.fa.set_block_style()
    comment = next((beside for beside in parent.ca.items.get(key, ()) if isinstance(beside, CommentToken)), None)
    if comment is None:
        return
    moved = CommentToken(comment.value, CommentMark(0))  # one blank after the text, which is shorter now
    if isinstance(parent, CommentedMap):
        parent.ca.items[key][2] = moved
    elif isinstance(node, CommentedMap) and node:
        del parent.ca.items[key]
        node.ca.items[next(iter(node))] = [None, None, moved, None]


def _width(node: Any) -> int:
    if isinstance(node, CommentedMap | CommentedSeq):
        brackets_and_commas = 2 * len(node)
        names = sum(len(key) + len(": ") for key, _ in _entries(node) if isinstance(key, str))
        return brackets_and_commas + names + sum(_width(value) for _, value in _entries(node))
    return len(str(node)) + 2 * isinstance(node, _QUOTED)


def _has_lines(node: Any) -> bool:
    if isinstance(node, CommentedMap | CommentedSeq):
        return any(_has_lines(value) for _, value in _entries(node))
    return isinstance(node, str) and "\n" in node


def _scalar(text: str, in_flow: bool) -> ScalarString:
    scalar: ScalarString = _style(text, in_flow)(text)
    return scalar


def _style(text: str, in_flow: bool) -> type[ScalarString]:
    if "\n" in text:
        return LiteralScalarString if _A_BLOCK.fullmatch(text) else DoubleQuotedScalarString
    is_word = not isinstance(text, ScalarString)  # without quotes: maybe a number, and right as it is
    if stands_plain(text, in_flow) or (is_word and not _splits_readers(text, in_flow)):
        return PlainScalarString
    return DoubleQuotedScalarString if reads_better_doubled(text) else SingleQuotedScalarString


def stands_plain(text: str, in_flow: bool) -> bool:
    """Whether a text reads the same without quotes, in a line of its own or (`in_flow`) between brackets."""
    if _splits_readers(text, in_flow):
        return False
    read = positions.read("", (f"[{text}]" if in_flow else f"- {text}").encode())
    return not read.problems and read.value == [text]


def reads_better_doubled(text: str) -> bool:
    """Whether a text that needs quotes is easier to read in double ones: 'it''s' is not."""
    return "'" in text and not {'"', "\\"} & set(text)


def _splits_readers(text: str, in_flow: bool) -> bool:
    """Between brackets, libyaml reads a question mark inside a word and other readers stumble over it."""
    return in_flow and "?" in text


def _library() -> YAML:
    library = YAML()
    library.Resolver = _Literal
    library.preserve_quotes = True
    library.width = _NEVER_BROKEN
    library.allow_unicode = True
    library.indent(mapping=2, sequence=2, offset=0)
    return library


def _dump(node: Any) -> str:
    written = StringIO()
    _library().dump(node, written)
    return written.getvalue()
