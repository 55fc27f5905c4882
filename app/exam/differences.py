"""What differs between what was typed and what was expected, as data that a page can show and translate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Fate(StrEnum):
    """What became of a piece of an answer."""

    SAME = "same"
    MISSING = "missing"
    EXTRA = "extra"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Token:
    """One readable piece of an answer."""

    text: str
    kind: Fate


@dataclass(frozen=True, slots=True)
class Cause:
    """One difference in words: a code of `CODES`, and what fills its sentence."""

    code: str
    params: Mapping[str, str]

    def __hash__(self) -> int:
        return hash((self.code, *self.params.items()))


@dataclass(frozen=True, slots=True)
class Diff:
    """Both answers piece by piece, and why they differ."""

    given: tuple[Token, ...] = ()
    expected: tuple[Token, ...] = ()
    causes: tuple[Cause, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not self.causes and all(token.kind is Fate.SAME for token in (*self.given, *self.expected))


CODES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "wrong_command": ("given", "expected"),
        "unknown_command": ("given", "expected"),
        "missing_command": ("expected",),
        "extra_command": ("given",),
        "missing_option": ("option", "expected"),
        "misplaced_option": ("option",),
        "option_too_early": ("option",),
        "extra_option": ("option",),
        "unknown_option": ("given",),
        "one_dash": ("given", "option"),
        "two_dashes": ("given", "option"),
        "missing_value": ("option",),
        "not_a_flag_value": ("given", "option"),
        "wrong_value": ("option", "given", "expected"),
        "swapped_value": ("option", "given", "expected"),
        "wrong_image": ("given", "expected"),
        "wrong_argument": ("given", "expected"),
        "missing_argument": ("expected",),
        "extra_argument": ("given",),
        "wrong_order": (),
        "wrong_operator": ("given", "expected"),
        "missing_operator": ("expected",),
        "extra_operator": ("given",),
        "case_differs": ("given", "expected"),
        "accents_differ": ("given", "expected"),
        "not_a_number": ("given",),
        "wrong_unit": ("given", "expected"),
        "not_closed_quote": (),
        "missing_target": (),
        "dangling_operator": (),
    }
)
"""Every code a cause may have, with the names of its parameters."""


def cause(code: str, *values: str) -> Cause:
    """A cause with the values of its parameters, in the order `CODES` names them."""
    return Cause(code, dict(zip(CODES[code], values, strict=True)))


def align(expected: Sequence[object], given: Sequence[object]) -> list[tuple[int, int]]:
    """Positions of a longest common subsequence, as pairs; time and space grow with the product of the lengths."""
    lengths = [[0] * (len(given) + 1) for _ in range(len(expected) + 1)]
    for i in range(len(expected) - 1, -1, -1):
        row, below = lengths[i], lengths[i + 1]
        for j in range(len(given) - 1, -1, -1):
            row[j] = below[j + 1] + 1 if expected[i] == given[j] else max(below[j], row[j + 1])
    pairs, i, j = [], 0, 0
    while i < len(expected) and j < len(given):
        if expected[i] == given[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs
