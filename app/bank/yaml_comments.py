"""The comments of a YAML text: what stands between its tokens, since no reader keeps all of them."""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BLOCKS = frozenset({"|", ">"})


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment, from its `#` on; line and column are counted from 1, `is_alone` when its line holds nothing else.

    It is `last` when nothing but comments follows.
    """

    text: str
    line: int
    column: int
    is_alone: bool
    last: bool


def comments(text: str) -> Iterator[Comment]:
    """The comments of a text that can be read as YAML, in their order; raises yaml.YAMLError for another one."""
    spans = [(token.start_mark.index, token.end_mark.index, _skipped(text, token)) for token in _tokens(text)]
    end = max((end for _, end, _ in spans), default=0)
    at = 0
    for start, after, within in [*spans, (len(text), len(text), len(text))]:
        yield from _between(text, at, start, end)
        at = max(at, after)
        if within < after:
            header_ends = text.find("\n", within)
            yield from _between(text, within, header_ends if header_ends >= 0 else len(text), end)


def _tokens(text: str) -> Iterator[yaml.Token]:
    """Those that take up characters."""
    for token in yaml.scan(text, Loader=_LOADER):
        if token.start_mark.index < token.end_mark.index:
            yield token


def _skipped(text: str, token: yaml.Token) -> int:
    """Where the comment beside the first line of a block may stand; the token's end for all others."""
    if getattr(token, "style", None) in _BLOCKS:
        return int(token.start_mark.index) + 1
    return int(token.end_mark.index)


def _between(text: str, start: int, end: int, content_ends: int) -> Iterator[Comment]:
    """The comments among the blanks from `start` to `end`, both counted in characters."""
    at = text.find("#", start, end)
    while at >= 0:
        line_ends = text.find("\n", at)
        line_ends = line_ends if line_ends >= 0 else len(text)
        line_starts = text.rfind("\n", 0, at) + 1
        alone = not text[line_starts:at].strip()
        line = text.count("\n", 0, at) + 1
        yield Comment(text[at:line_ends].rstrip(), line, at - line_starts + 1, alone, at >= content_ends)
        at = text.find("#", line_ends, end)
