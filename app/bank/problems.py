"""What is wrong in a file, said so that an editor can jump there."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Severity = Literal["error", "warning", "info"]
# difflib's ratio: two letters exchanged in a word of four still have 0.75, words that only look alike less.
_NEAR = 0.7


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend; lines and columns count from 1.

    Errors keep a file out, warnings are to be mended, an info is worth a look. `rule` is the rule of
    writing that was broken; empty for what is not about writing.
    """

    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    severity: Severity = "error"
    rule: str = ""

    def __str__(self) -> str:
        hint = f" ({self.hint})" if self.hint else ""
        rule = f" [{self.rule}]" if self.rule else ""
        return f"{self.file}:{self.line}:{self.column}: {self.severity}: {self.message}{hint}{rule}"


def suggest(name: object, known: Iterable[str], otherwise: str = "") -> str:
    """The hint that names what was probably meant by `name`, or `otherwise`.

    The dashes that all options begin with bring none nearer to another.
    """
    bare = {one.lstrip("-"): one for one in known}
    near = get_close_matches(str(name).lstrip("-"), bare, n=1, cutoff=_NEAR)
    return f"did you mean “{bare[near[0]]}”?" if near else otherwise


def counted(number: int, noun: str) -> str:
    """ "1 problem", "2 problems": an English count, for whoever reads the command line."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
